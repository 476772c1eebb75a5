"""IEEE."""

from __future__ import annotations

from paperdeck.storage.cite.work import Work
from paperdeck.storage.kinds import PREPRINT
from paperdeck.storage.text.words import MONTHS

from .names import editors_of, for_one, heads, initials_first, role, series, shown_names
from .text import (
    DAY,
    MONTH,
    YEAR,
    dated,
    edition_of,
    join,
    led,
    listed,
    numbered,
    paged,
    publisher_of,
    quoted,
    stop,
    titled,
)

_MONTHS = tuple(month if len(month) <= 3 else f"{month[:3]}." for month in MONTHS)
_PRECISION = {
    **dict.fromkeys(("article-journal", "report", "paper-conference"), MONTH),
    **dict.fromkeys(("book", "chapter", "thesis"), YEAR),
}


def ieee(work: Work, number: int = 1) -> str:
    """An entry of the list, numbered; up to six authors, then the first and “et al.”."""
    names = shown_names(heads(work), initials_first)
    by = series(names, shown=1, serial=len(names) > 2) + role(work, ", Ed.", ", Eds.")
    return join(f"[{number}]", by and by + ",", *_sentences(work))


def _sentences(work: Work) -> list[str]:
    """The title and the sentences about where it is."""
    csl, date, access = work.form.csl, _date(work), _access(work)
    volume, issue, pages = led("vol.", work.volume), led("no.", work.issue), paged(work.pages)
    title = quoted(titled(work), ",", cased=False)
    if work.form == PREPRINT:
        server = f"{work.issuer}: {work.number}" if work.number else work.issuer
        return [title, stop(listed(date, server)), access]
    if work.form.is_italic:
        part = listed(led("ch.", work.chapter), pages) if work.is_excerpt else ""
        return [*_book(work, volume), stop(listed(publisher_of(work), date, part)), access]
    if work.container and work.form.is_in_a_book:
        where = listed(publisher_of(work), date, led("ch.", work.chapter), pages)
        return [title, *_in_a_book(work, volume, where), access]
    if work.form.is_page:
        return [title, stop(listed(work.container or work.issuer, date)), work.url or ""]
    issuer = listed(work.issuer, work.publisher_place)
    if work.container:
        publisher = "" if work.form.is_in_a_journal else issuer
        text = listed(work.container, work.number, volume, issue, publisher, pages, date)
        return [title, text + "," if access and csl == "article-journal" else stop(text), access]
    event = led("presented at", work.event)
    facts = {
        "thesis": listed(work.genre, issuer, work.number, date),
        "patent": listed(work.number, date),
    }.get(csl, listed(event, issuer, numbered(work), led("version", work.version), pages, date))
    begins_anew = work.form.has_version or not (event or work.form.number)
    return [quoted(titled(work), "." if begins_anew else ",", cased=False), stop(facts), access]


def _book(work: Work, volume: str) -> list[str]:
    title = listed(titled(work), work.number, edition_of(work), volume, led("no.", work.issue))
    return [stop(title), stop(_series(work))]


def _in_a_book(work: Work, volume: str, published: str) -> list[str]:
    """The book, and who published it: in a sentence of its own if the book has an edition, a volume or a series."""
    editors = editors_of(work, initials_first)
    editors += for_one(work, ", Ed.", ", Eds.") if editors else ""
    details = listed(edition_of(work), volume, _series(work))
    book = listed(f"in {work.container}", editors, details)
    return [stop(book), stop(published)] if details else [stop(listed(book, published))]


def _series(work: Work) -> str:
    return led("in", listed(work.parts.get("series", ""), led("no.", work.series_number)))


def _date(work: Work) -> str:
    year, month, day = dated(work, _PRECISION.get(work.form.csl, DAY), _MONTHS)
    return f"{month} {int(day):02}, {year}" if day else join(month, year)


def _access(work: Work) -> str:
    if work.doi:
        return f"doi: {work.doi}."
    return f"[Online]. Available: {work.url}" if work.url else ""
