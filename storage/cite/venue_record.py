"""A bibliography's record of the published form of a paper, in one form for all sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from paperdeck.storage.text.names import Name, inverted_name, name_of, split_name
from paperdeck.storage.text.words import number_in

_GAP = "; "
"""The separator of authors, and of ids, in a stored record."""


class VenueRecord(NamedTuple):
    """One record of a source, cleaned but not judged; unknown values are empty."""

    source: str
    """`crossref`, `dblp`, `acl` or `s2` (Semantic Scholar)."""
    title: str = ""
    """The title on one line, without DBLP's final full stop; may contain TeX."""
    authors: tuple[str, ...] = ()
    """The authors in order: `Family, Given` or `{A Group}` if the source tells parts and groups, else as written."""
    year: int | None = None
    """The year of publication, as the venue gives it."""
    venue: str = ""
    """The journal, or the title of the proceedings: `Proc. of …`, `NeurIPS`."""
    kind: str = ""
    """BibTeX's type: `article`, `inproceedings`, `incollection`; or `preprint`; else the source's own word."""
    pages: str = ""
    """`821-854`, with a single hyphen."""
    volume: str = ""
    """The volume."""
    number: str = ""
    """The issue."""
    publisher: str = ""
    """The publisher."""
    doi: str = ""
    """The DOI, bare and in lower case."""
    ids: tuple[str, ...] = ()
    """Other identifiers: `arxiv:2401.12345`, `acl:2023.acl-long.48`, `dblp:conf/acl/ChangSRM23`."""
    url: str = ""
    """Its page."""
    fetched: str = ""
    """When it was fetched, as `2026-11-20T12:00:00Z`."""
    series: str = ""
    """The series of the book: `Lecture Notes in Computer Science`."""

    @property
    def names(self) -> tuple[Name, ...]:
        """The authors' names in parts."""
        return tuple(map(_name, self.authors))

    @property
    def arxiv_ids(self) -> tuple[str, ...]:
        """The arXiv ids that the record itself names."""
        return tuple(name.removeprefix("arxiv:") for name in self.ids if name.startswith("arxiv:"))

    @property
    def place(self) -> str:
        """Venue and year in short: `Journal of Tests 4(2), 1–9, 2022`."""
        number = f"({self.number})" if self.number else ""
        where = f"{self.venue} {self.volume}{number}".strip()
        year = "" if str(self.year) in where else str(self.year or "")
        return ", ".join(filter(None, (where, self.pages.replace("-", "–"), year)))

    @property
    def name(self) -> str:
        """Distinguishes it from other records of the same paper: `doi:10.1000/xyz`, `dblp:conf/acl/ChangSRM23`, or its
        page."""
        own = [name for name in self.ids if not name.startswith("arxiv:")]
        return f"doi:{self.doi}" if self.doi else own[0] if own else self.url or f"{self.source}:{self.venue}"


def _name(author: str) -> Name:
    if author.startswith("{") and author.endswith("}"):
        return name_of((author[1:-1],))
    parts = author.split(", ")
    return split_name(author) if len(parts) == 1 else inverted_name(parts[0], parts[-1], parts[1] * (len(parts) > 2))


def row_of(record: VenueRecord) -> tuple[str, ...]:
    """The stored form of the record: one text per field, in order, without empty ones at the end."""
    lists = {"authors": _GAP.join(name.replace(";", ",") for name in record.authors), "ids": _GAP.join(record.ids)}
    year = str(record.year or "")
    texts = [str(value) for value in record._replace(year=year, **lists)]  # type: ignore[arg-type]
    while texts and not texts[-1]:
        del texts[-1]
    return tuple(texts)


def record_of(row: Sequence[str]) -> VenueRecord:
    """The record written by `row_of`."""
    values = dict(zip(VenueRecord._fields, row, strict=False))
    year = values.pop("year", "")
    lists = {name: tuple(filter(None, values.pop(name, "").split(_GAP))) for name in ("authors", "ids")}
    return VenueRecord(**{"source": ""} | values, year=number_in(year), authors=lists["authors"], ids=lists["ids"])
