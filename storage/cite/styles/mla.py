"""MLA, 9th edition."""

from __future__ import annotations

from paperdeck.storage.cite.work import Work

from .names import editors_of, first_inverted, role
from .text import (
    DAY,
    MONTH,
    YEAR,
    dated,
    edition_of,
    join,
    led,
    listed,
    paged,
    quoted,
    stop,
    title_case,
    titled,
    two_digits,
)

_MONTHS = ("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
_PRECISION = {"book": YEAR, "chapter": YEAR, "paper-conference": YEAR, "article-journal": MONTH}


def mla(work: Work) -> str:
    """An entry of the list: two authors, or the first and “et al.”; titles in title case."""
    names = first_inverted(work)
    by = f"{names[0]}, et al." if len(names) > 2 else ", and ".join(names)
    by += role(work, ", editor", ", editors")
    is_part = bool(work.container) or work.is_preprint
    title = quoted(titled(work)) if is_part else stop(title_case(titled(work)))
    facts = (*_container(work), _date(work), paged(two_digits(work.pages)), work.link)
    return join(stop(by), title, stop(listed(*facts)))


def _container(work: Work) -> list[str]:
    """What contains or issued the work."""
    if work.is_preprint:
        return [f"Preprint arXiv:{work.arxiv_id}", "arXiv"]
    editors = editors_of(work, lambda name: name.text)
    by = led("edited by" if work.container else "Edited by", editors)
    container, edition, version = title_case(work.container), edition_of(work), work.parts.get("version", "")
    begins = not (container or by or edition)
    is_press = work.form.csl.startswith("article-")
    return [
        *(container, by, edition, version),
        led("Vol." if begins else "vol.", work.parts.get("volume", "")),
        led("no.", work.issue),
        work.genre if work.form.csl == "report" else "",
        work.number,
        "" if is_press else work.issuer,
    ]


def _date(work: Work) -> str:
    precision = DAY if work.is_preprint else _PRECISION.get(work.form.csl, DAY)
    year, month, day = dated(work, precision, _MONTHS)
    return join(day, month, year)
