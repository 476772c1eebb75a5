"""IEEE."""

from __future__ import annotations

from paperdeck.storage.cite.work import Work
from paperdeck.storage.text.words import MONTHS

from .names import editors_of, for_one, heads, initials_first, role, series
from .text import DAY, MONTH, YEAR, dated, edition_of, join, led, listed, paged, publisher_of, quoted, stop, titled

_MONTHS = tuple(month if len(month) <= 3 else f"{month[:3]}." for month in MONTHS)
_PRECISION = {
    **dict.fromkeys(("article-journal", "report", "paper-conference"), MONTH),
    **dict.fromkeys(("book", "chapter", "thesis"), YEAR),
}


def ieee(work: Work, number: int = 1) -> str:
    """An entry of the list, numbered; up to six authors, then the first and “et al.”."""
    names = [initials_first(name) for name in heads(work)]
    by = series(names, shown=1, serial=len(names) > 2) + role(work, ", Ed.", ", Eds.")
    return join(f"[{number}]", by and by + ",", *_sentences(work))


def _sentences(work: Work) -> list[str]:
    """The title and the sentences about where it is."""
    csl, date = work.form.csl, _date(work)
    volume, issue, pages = led("vol.", work.parts.get("volume", "")), led("no.", work.issue), paged(work.pages)
    title = quoted(titled(work), ",", cased=False)
    if work.is_preprint:
        return [title, stop(listed(date, f"arXiv: arXiv:{work.arxiv_id}")), _access(work)]
    if csl == "book":
        return [*_book(work, volume), stop(listed(publisher_of(work), date)), _access(work)]
    if work.container and work.form.is_in_a_book:
        return [title, *_in_a_book(work, volume, listed(publisher_of(work), date, pages)), _access(work)]
    if work.form.is_page:
        return [title, stop(listed(work.container or work.issuer, date)), work.url or ""]
    issuer = listed(work.issuer, work.publisher_place)
    if work.container:
        publisher = "" if csl == "article-journal" else issuer
        text = listed(work.container, volume, issue, publisher, pages, date)
        access = _access(work)
        return [title, text + "," if access and csl == "article-journal" else stop(text), access]
    parts = {
        "report": listed(issuer, join(work.genre, work.number), date),
        "thesis": listed(work.genre, issuer, date),
        "patent": listed(work.number, date),
        "manuscript": date,
    }
    if csl in parts:
        return [title, stop(parts[csl]), _access(work)]
    return [quoted(titled(work), ".", cased=False), stop(listed(issuer, pages, date)), _access(work)]


def _book(work: Work, volume: str) -> list[str]:
    return [stop(listed(titled(work), edition_of(work), volume)), stop(_series(work))]


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
    year, month, day = dated(work, DAY if work.is_preprint else _PRECISION.get(work.form.csl, DAY), _MONTHS)
    return f"{month} {int(day):02}, {year}" if day else join(month, year)


def _access(work: Work) -> str:
    if work.doi:
        return f"doi: {work.doi}."
    return f"[Online]. Available: {work.url}" if work.url else ""
