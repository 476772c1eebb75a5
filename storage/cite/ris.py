"""RIS, which EndNote, Mendeley, Zotero and library catalogues read.

Format: https://en.wikipedia.org/wiki/RIS_(file_format); one tag per line, `TY` first, `ER` last.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from paperdeck.storage.text.bibtex import first_and_last
from paperdeck.storage.text.names import Name

from .rest import rest_as_text
from .work import WITHDRAWN, Work

PREPRINT = "MANSCPT"
"""The type of a preprint; Zotero would turn unknown types such as UNPB into journal articles."""

LOW_COMMA = "\u201a"
"""Replaces a comma in the name of a group: it looks the same, and no program splits the name there."""

_PARTS = {
    "volume": "VL",
    "issn": "SN",
    "isbn": "SN",
    "edition": "ET",
    "version": "ET",
    "series": "T3",
}
_TAG = re.compile(r"ris:([A-Z][A-Z0-9])")


def record(work: Work, key: str = "") -> str:
    """One work, with its abstract and keywords."""
    lines = [
        f"{tag}  - {' '.join(value.split())}" for tag, value in _fields(work, key) if value and not value.isspace()
    ]
    return "\n".join([*lines, "ER  - ", ""])


def author(name: Name) -> str:
    """A name as `Family, Given, Suffix`; a group is a name without a comma, see LOW_COMMA."""
    if name.whole:
        return name.text.replace(",", LOW_COMMA)
    return ", ".join(filter(None, (name.surname, name.given or name.suffix, name.suffix if name.given else "")))


def _fields(work: Work, key: str) -> Iterator[tuple[str, str]]:
    yield "TY", PREPRINT if work.is_preprint else work.own_type("ris") or work.form.ris
    for name in work.authors:
        yield "AU", author(name)
    for name in work.editors:
        yield "ED" if work.form.is_whole else "A2", author(name)
    yield "PY", f"{work.year:04}" if work.year else ""
    yield "DA", work.date.iso.replace("-", "/") if work.date and work.date.month else ""
    yield "TI", work.title
    yield "T2", work.container
    yield from _parts(work)
    yield "AB", work.abstract
    yield from (("KW", keyword) for keyword in _keywords(work))
    yield "PB", "arXiv" if work.is_preprint else work.issuer
    yield "AN", f"arXiv:{work.arxiv_id}" if work.arxiv_id else ""
    yield "DO", work.doi or ""
    yield "UR", work.url or ""
    yield "ID", key
    yield "N1", WITHDRAWN if work.paper.withdrawn else ""
    yield from _marks(work)
    yield from (
        (found[1], value) for name, value in work.record if (found := _TAG.fullmatch(name)) and found[1] != "TY"
    )


def _parts(work: Work) -> Iterator[tuple[str, str]]:
    for name, tag in _PARTS.items():
        yield tag, work.parts.get(name, "")
    yield "SN" if work.form.ris == "RPRT" else "M1", work.number or work.series_number
    yield "IS", work.issue
    yield "CY", work.publisher_place
    yield "M3", work.genre
    first, last = first_and_last(work.pages)
    yield "SP", first
    yield "EP", last


def _keywords(work: Work) -> tuple[str, ...]:
    """The keywords; with marks the reader's tags before them."""
    return tuple(
        dict.fromkeys((*sorted(work.entry.marks.tags), *work.paper.keywords) if work.entry else work.paper.keywords)
    )


def _marks(work: Work) -> Iterator[tuple[str, str]]:
    """The link to the PDF and, if marks were requested, the reader's note and every fact without a RIS tag."""
    if work.entry is None:
        return
    yield "L1", work.paper.pdf_url or ""
    yield "N1", _note(work.entry.marks.note)
    yield "C8", rest_as_text(work.entry)


def _note(text: str) -> str:
    """A multi-line note as HTML, as Zotero stores notes; RIS has no line breaks."""
    if "\n" not in text and "<" not in text:
        return text
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in text.split("\n"))
