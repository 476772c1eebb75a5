"""RIS, which EndNote, Mendeley, Zotero and library catalogues read.

Format: https://en.wikipedia.org/wiki/RIS_(file_format); one tag a line, `TY` first, `ER` last.
"""

from __future__ import annotations

from collections.abc import Iterator

from paperdeck.storage.text.names import Name

from .work import Work

PREPRINT = "UNPB"
"""The type of a preprint: “unpublished work”. GEN comes back from Zotero as a journal article, and JOUR is wrong."""

OTHER = "GEN"
"""The type of what was published somewhere, of which nobody told us whether it is an article, a chapter or a book."""


def record(work: Work) -> str:
    """One work, with its abstract and keywords."""
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in _fields(work) if value and not value.isspace()]
    return "\n".join([*lines, "ER  - ", ""])


def author(name: Name) -> str:
    """A name as `Family, Given, Suffix`; a group is a name without a comma."""
    if name.whole:
        return name.text.replace(",", "")
    return ", ".join(filter(None, (name.surname, name.given or name.suffix, name.suffix if name.given else "")))


def _fields(work: Work) -> Iterator[tuple[str, str]]:
    yield "TY", PREPRINT if work.arxiv_id else OTHER
    for name in work.authors:
        yield "AU", author(name)
    yield "PY", f"{work.year:04}" if work.year else ""
    yield "DA", work.date.strftime("%Y/%m/%d") if work.date else ""
    yield "TI", work.title
    yield "T2", work.venue
    yield "AB", work.abstract
    for keyword in work.paper.keywords:
        yield "KW", keyword
    yield "PB", "arXiv" if work.arxiv_id else ""
    yield "AN", f"arXiv:{work.arxiv_id}" if work.arxiv_id else ""
    yield "DO", work.doi or ""
    yield "UR", work.url or ""
