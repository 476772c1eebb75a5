"""Chicago: the form for lists of references in the sciences (author and date), and for bibliographies with notes."""

from __future__ import annotations

from paperdeck.storage.cite.work import Work
from paperdeck.storage.kinds import ISSUE, PREPRINT

from .names import edited_and_translated, first_inverted, role, series
from .text import (
    DAY,
    MONTH,
    YEAR,
    capital,
    chicago_digits,
    dated,
    edition_of,
    in_english,
    join,
    led,
    listed,
    numbered,
    publisher_of,
    quoted,
    sentence,
    stop,
    title_case,
    titled,
    version_of,
)

_PRECISION = {"book": YEAR, "chapter": YEAR, "paper-conference": YEAR, "entry-encyclopedia": YEAR, "thesis": YEAR}


def chicago(work: Work) -> str:
    """Author and date."""
    by, title = _by(work), _title(work)
    year = str(work.year or capital(work.status) or "n.d.")
    head = [stop(by), stop(year), title] if by else [title, stop(year)]
    return join(*head, *map(stop, _source(work, None)), stop(work.link))


def chicago_notes(work: Work) -> str:
    """Notes and bibliography: the date at the end."""
    known = in_english(work, _PRECISION.get(work.form.csl, DAY))
    date = known if work.date else work.status or "n.d."
    source = _source(work, date)
    end = "," if source == [date] else "."  # a date alone continues the sentence of the title
    return join(stop(_by(work)), _title(work, end), *map(stop, source), stop(work.link))


def _by(work: Work) -> str:
    return series(first_inverted(work), shown=3, serial=True) + role(work, ", ed.", ", eds.")


def _title(work: Work, end: str = ".") -> str:
    if work.form.csl == "patent":
        return titled(work) + end
    if work.form.is_italic:
        title = title_case(titled(work))
        return stop(title) if end == "." else title + end
    return quoted(titled(work), end)


def _source(work: Work, date: str | None) -> list[str]:
    """The sentences about where it is; with a date in the form for notes, which has it there."""
    csl = work.form.csl
    if work.form == PREPRINT:
        return _ending([numbered(work), work.issuer], _day(work) if date is None else date)
    if work.form.is_page:
        site = title_case(work.container) or work.issuer
        return [site, in_english(work)] if date is None else _ending([site], date)
    if csl == "patent":
        issued = led("issued", in_english(work))
        is_one = date is None or not work.issuer
        return [listed(work.number, issued)] if is_one else [work.number, listed(work.issuer, issued)]
    if csl == "thesis":
        return _ending([listed(work.genre, publisher_of(work) if date is None else work.issuer)], date)
    people = edited_and_translated(work)
    if work.container and work.form.is_press:
        return [*map(sentence, people), listed(title_case(work.container), in_english(work))]
    if (work.container and not work.form.is_in_a_book) or work.form.number == ISSUE:
        publisher = "" if work.form.is_in_a_journal else publisher_of(work)
        return [*map(sentence, people), work.number, _in_a_journal(work, date), publisher]
    number, version = numbered(work), version_of(work)
    if work.container:
        head = _in_a_book(work, people)
    else:
        volume = led("Vol.", work.volume) if work.form.is_italic else ""
        edition = edition_of(work) if work.form.is_whole else ""
        book = [edition, volume, led("Chap.", work.chapter)]
        head = [number, version, *map(sentence, people), *book, _event(work)]
    return _ending([*head, _series(work), publisher_of(work)], date)


def _day(work: Work) -> str:
    _, month, day = dated(work, DAY)
    return f"{month} {day}" if day else ""


def _event(work: Work) -> str:
    return led("Paper presented at", work.event) if work.form.is_in_a_book else work.event


def _ending(sentences: list[str], date: str | None) -> list[str]:
    """The sentences with the date at the end of the last one."""
    *before, last = [text for text in sentences if text] or [""]
    return [*before, listed(last, date or "")]


def _in_a_book(work: Work, people: list[str]) -> list[str]:
    volume, pages = work.volume, "" if work.chapter else chicago_digits(work.pages)
    where = f"{volume}:{pages}" if volume and pages else pages
    container = f"{f'Chap. {work.chapter} in' if work.chapter else 'In'} {title_case(work.container)}"
    return [listed(container, *people, edition_of(work), where), "" if pages else led("Vol.", volume)]


def _in_a_journal(work: Work, date: str | None) -> str:
    """`Journal 12 (3): 1–10`, or in notes `Journal 12, no. 3 (2019): 1–10`."""
    container, pages = title_case(work.container), chicago_digits(work.pages)
    volume, issue = work.volume, led("no.", work.issue)
    if date is None:
        date = dated(work, MONTH)[1] if work.form.is_in_a_journal else ""
        issue, date = ("", work.issue or date) if volume else (issue, date)
    if not volume and not issue:
        return listed(container, date, pages)
    return join(listed(join(container, volume), issue), f"({date})" if date else "") + (f": {pages}" if pages else "")


def _series(work: Work) -> str:
    return join(title_case(work.parts.get("series", "")), work.series_number)
