"""MLA, 9th edition."""

from __future__ import annotations

from paperdeck.storage.cite.work import Work
from paperdeck.storage.kinds import PREPRINT

from .names import ET_AL, edited_and_translated, first_inverted, role
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
    quoted,
    sentence,
    stop,
    title_case,
    titled,
    two_digits,
    version_of,
)

_MONTHS = ("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
_PRECISION = {"book": YEAR, "chapter": YEAR, "paper-conference": YEAR, "article-journal": MONTH}


def mla(work: Work) -> str:
    """An entry of the list: two authors, or the first and “et al.”; titles in title case."""
    names = first_inverted(work)
    by = f"{names[0]}, et al." if len(names) > 2 or ET_AL in names else ", and ".join(names)
    by += role(work, ", editor", ", editors")
    title = quoted(titled(work)) if _is_quoted(work) else stop(title_case(titled(work)))
    facts = (*_container(work), _date(work), paged(two_digits(work.pages)), work.link)
    return join(stop(by), title, stop(listed(*facts)))


def _is_quoted(work: Work) -> bool:
    """Whether it is a part of something, or a short text."""
    return bool(work.container or work.event) or work.form == PREPRINT


def _container(work: Work) -> list[str]:
    """What contains or issued the work."""
    container, edition, version = title_case(work.container), edition_of(work), version_of(work)
    people = edited_and_translated(work)
    by = listed(*(people if container else map(sentence, people)))
    begins = not (container or by or edition)
    is_report = work.form.csl == "report"
    return [
        *(container, by, edition, version),
        led("Vol." if begins else "vol.", work.volume),
        led("no.", work.issue),
        *((work.genre, work.number) if is_report else (numbered(work) if work.number else "",)),
        work.event,
        "" if work.form.is_in_a_journal else work.issuer,
    ]


def _date(work: Work) -> str:
    precision = _PRECISION.get(work.form.csl, DAY)
    year, month, day = dated(work, precision, _MONTHS)
    return join(day, month, year)
