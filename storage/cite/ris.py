"""RIS, which EndNote, Mendeley, Zotero and library catalogues read.

Format: https://en.wikipedia.org/wiki/RIS_(file_format); one tag per line, `TY` first, `ER` last.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from paperdeck.storage.identity import isbns_in
from paperdeck.storage.kinds import Kind
from paperdeck.storage.text.bibtex import first_and_last
from paperdeck.storage.text.names import Name

from .rest import rest_as_text
from .work import WITHDRAWN, Work

LOW_COMMA = "\u201a"
"""Replaces a comma in the name of a group: it looks the same, and no program splits the name there."""

_ISSN = re.compile(r"\d{4}-?\d{3}[\dXx]\b.*")
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
    yield "TY", work.ris_type
    for name in work.authors:
        yield "AU", author(name)
    for name in work.editors:
        yield editors_tag(work.form), author(name)
    for name in work.translators:
        yield "A4", author(name)
    yield "PY", f"{work.year:04}" if work.year else ""
    yield "DA", work.date.iso.replace("-", "/") if work.date and work.date.month else ""
    yield "TI", work.title
    yield "T2", work.container or work.event_title
    yield "AB", work.abstract
    yield from (("KW", keyword) for keyword in _keywords(work))
    yield from _parts(work)
    yield "AN", f"arXiv:{work.arxiv_id}" if work.arxiv_id else ""
    yield "DO", work.doi or ""
    yield "UR", work.url or ""
    yield "ID", key
    yield "N1", WITHDRAWN if work.paper.withdrawn else ""
    yield from _marks(work)
    yield from (
        (found[1], value) for name, value in work.record if (found := _TAG.fullmatch(name)) and found[1] != "TY"
    )


def editors_tag(form: Kind) -> str:
    """The tag for the editors of a type of work, or of what contains it."""
    return "ED" if form.is_whole else "A2"


def fields_of(form: Kind) -> dict[str, str]:
    """BibTeX's fields by the tags that hold them in a type of work; see `serial_field` for `SN`."""
    fields = {"VL": "volume", "IS": "number", "PB": "publisher", "CY": "address"}
    fields |= {"ET": "version" if form.has_version else "edition"}
    fields |= {"T3": "series"} if form.is_whole or form.is_part else {}
    fields |= {"SE": "chapter"} if form.is_in_a_book or form.is_italic else {}
    fields |= {"M1": "number"} if form.is_whole or form.is_in_a_book or form.has_number else {}
    return fields | ({"M3": "type"} if form.has_genre else {})


def serial_field(form: Kind, number: str) -> str:
    """BibTeX's field for a number in the tag `SN`, where a report's own number is too."""
    if isbns_in(number):
        return "isbn"
    return "number" if form.csl == "report" and not _ISSN.match(number) else "issn"


def _parts(work: Work) -> Iterator[tuple[str, str]]:
    number = "" if work.is_preprint else work.number or work.series_number
    serials = [work.parts.get("issn", ""), work.parts.get("isbn", "")]
    if number and serial_field(work.form, number) == "number":
        serials, number = [*serials, number], ""
    own = {"IS": work.issue, "M1": number, "CY": work.publisher_place, "PB": work.issuer}
    own |= {"M3": "" if work.is_preprint else work.genre}
    for tag, field in fields_of(work.form).items():
        yield tag, own.get(tag, work.parts.get(field, ""))
    yield from (("SN", serial) for serial in serials)
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
