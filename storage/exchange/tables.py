"""Tables in CSV: our own, which are restored completely, and those of other programs."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from paperdeck.storage.cite.csl import record_of_type
from paperdeck.storage.cite.latex import escape
from paperdeck.storage.cite.rest import rest_beyond
from paperdeck.storage.cite.work import WITHDRAWN
from paperdeck.storage.kinds import EVENT
from paperdeck.storage.paper import Entry, Marks, Paper, entry_as_json
from paperdeck.storage.text.bibtex import first_and_last, has_initials_last, is_full, may_be_two, names_in
from paperdeck.storage.text.dates import date_in
from paperdeck.storage.text.names import Name, name_of
from paperdeck.storage.text.words import number_in, word_pairs

from .decoding import rest_in
from .records import (
    NO_PAPER,
    Imported,
    ImportedItem,
    Leftover,
    doubt_about,
    fact_in,
    gathered,
    ids_in_numbers,
    item_of,
    item_of_facts,
    note_in,
    people,
    venue_named,
)

_REST = "paperdeck"
"""The last column: JSON with the facts that the other cells of the row can't hold; usually empty."""
_COLUMNS = (
    *("id", "title", "authors", "published", "listed", "updated", "upvotes", "comments", "categories", "keywords"),
    *("organization", "url", "pdf_url", "code_url", "code_stars", "project_url", "doi", "journal_ref", "comment"),
    *("withdrawn", "version", "submitter", "ai_summary", "thumbnail", "media"),
    *("read", "starred", "hidden", "tags", "note", "cite_as", "abstract"),
)
_AND = re.compile(r"(?i)\band\b")
_NUMBERED = re.compile(r" \(\d{5,}\)(?=;|$)")
"""Author numbers, as Scopus writes them."""

_RECORD_COLUMNS = word_pairs(
    "volume volume issue number pages pages publisher publisher place address issn issn isbn isbn edition edition "
    "series series"
)
_ZOTERO_COLUMNS = {
    **word_pairs("number number type type version version assignee publisher"),
    "series number": "number",
    "conference name": EVENT,
    "meeting name": EVENT,
}
"""Columns that mean something else in other tables."""
_VENUES = ("publication title", "journal", "venue", "conference name", "meeting name", "source title", "journal/book")
_PREPRINT_PLACES = ("publisher", "archive", "library catalog")
_NUMBERS = ("number", "volume", "issue", "pages")
"""Columns in which a bare number is an arXiv id if one of the places is arXiv."""
_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_LIST_COLUMNS = frozenset({"authors", "categories", "keywords", "tags", "media"})
_NUMBER_COLUMNS = frozenset({"upvotes", "comments", "code_stars", "version"})
_TRUTH_COLUMNS = frozenset({"read", "starred", "hidden", "withdrawn"})


_LONGEST_ROW_LINES = 200
"""The lines that a row may have in a file with a stray quotation mark."""


class _Row(NamedTuple):
    cells: list[str]
    line: int
    """Its last line in the file, from 1."""
    misquoted: str
    """The line, if a quotation mark in it is out of place; else empty."""


# -- writing -----------------------------------------------------------------------------------------------------------


def table_of(entries: Sequence[Entry]) -> Iterator[str]:
    """A table with a header, one piece per row; `from_csv` restores it without loss."""
    head = _line((*_COLUMNS, _REST))
    for entry in entries:
        yield head + _line(_row_of(entry))
        head = ""
    yield head


def _row_of(entry: Entry) -> list[str]:
    values = entry_as_json(entry)
    cells = {column: _cell(values[column]) for column in _COLUMNS}
    read = _own_row({name: cell.strip() for name, cell in cells.items()}, 0)
    rest = rest_beyond(entry, Entry(read.paper, read.marks) if read else Entry(Paper(id=entry.paper.id)))
    return [*cells.values(), json.dumps(rest, ensure_ascii=False) if rest else ""]


def _line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _cell(value: Any) -> str:
    """A value as text that no spreadsheet takes for a formula; lists are separated by semicolons."""
    if value is None:
        return ""
    if isinstance(value, bool | int):
        return str(value).lower()
    text = "; ".join(value) if isinstance(value, list) else str(value)
    return "'" + text if text.lstrip(" \u00a0\"'").startswith(_FORMULA_STARTS) else text


# -- reading -----------------------------------------------------------------------------------------------------------


def from_csv(text: str) -> Imported:
    """A table with a header: our own, or one of Zotero or a spreadsheet with a column for titles, ids or DOIs."""
    csv.field_size_limit(10_000_000)
    head, *rows = _rows(text, _delimiter(text))
    cells = [_cells_of(head.cells, row.cells) for row in rows]
    column = _AuthorColumn([_authors_in(row) for row in cells])
    found = gathered(
        entry for row, named in zip(rows, cells, strict=True) for entry in _entries(row, _row(named, column, row.line))
    )
    doubt = doubt_about(column.doubtful, "kept as written; a semicolon between them makes two")
    return replace(found, warnings=doubt)


def _entries(row: _Row, found: ImportedItem | Leftover) -> Iterator[ImportedItem | Leftover]:
    yield found
    if row.misquoted and isinstance(found, ImportedItem):
        yield Leftover(row.line, row.misquoted, "has a stray quotation mark; check the paper that was read", read=True)


def _rows(text: str, delimiter: str) -> Iterator[_Row]:
    """The rows that aren't empty; a quotation mark that is never closed costs at most its own line."""
    lines = [line + "\n" for line in text.split("\n")]
    position = 0
    stray = False
    while position < len(lines):
        end = min(len(lines), position + _LONGEST_ROW_LINES) if stray else len(lines)
        reader = csv.reader(map(lines.__getitem__, range(position, end)), delimiter=delimiter, strict=True)
        misquoted = ""
        try:
            cells = next(reader)
            used = reader.line_num
        except csv.Error:
            stray, used, misquoted = True, 1, lines[position].strip()
            cells = _cells_of_line(lines[position].rstrip("\n"), delimiter)
        if cells:
            yield _Row(cells, position + used, misquoted)
        position += used


def _cells_of_line(line: str, delimiter: str) -> list[str]:
    if line.count('"') % 2:
        return [cell.strip(' "') for cell in line.split(delimiter)]
    return next(csv.reader([line], delimiter=delimiter))


class _AuthorColumn:
    """How a table lists authors: `Roe, Ann; Doe, Bob` or `Ann Roe, Bob Doe`, as all of its rows show."""

    def __init__(self, cells: Sequence[str]) -> None:
        listed = [[part.strip() for part in cell.split(",")] for cell in cells]
        lists = [parts for parts in listed if len(parts) > 1]
        self._has_semicolons = any(";" in cell for cell in cells)
        all_full = all(is_full(part) and not has_initials_last(part) for parts in lists for part in parts)
        in_order = any(len(parts) > 2 or " " in parts[0] for parts in listed if len(parts) != 2)
        in_order |= any(_AND.search(parts[1]) for parts in lists)
        self._has_commas = bool(lists) and all_full and in_order and not self._has_semicolons
        doubt = not self._has_semicolons and not self._has_commas and all_full
        self.doubtful = [cell for cell in cells if doubt and may_be_two(cell)]

    def names_in(self, cell: str, *, has_groups: bool) -> list[Name]:
        """The authors in a cell.

        Args:
            cell: The text.
            has_groups: Whether a name without a comma is a group or a single name, as in Zotero's tables.
        """
        if cell in self.doubtful:
            return [name_of((cell,))]
        if has_groups:
            names = filter(None, map(str.strip, cell.split(";")))
            return [name for part in names for name in (names_in(part) if "," in part else [name_of((part,))])]
        separated = re.sub(r"\s*;\s+|\s*\|\s*", " and ", _NUMBERED.sub("", cell))
        return names_in(separated.replace(", ", " and ") if self._has_commas else separated)


def _cells_of(head: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return {name.strip().lower(): value.strip() for name, value in zip(head, cells, strict=False)}


def _authors_in(cells: Mapping[str, str]) -> str:
    names = ("author full names", "author", "authors")
    return next((cells[name] for name in names if cells.get(name)), "")


def _delimiter(text: str) -> str:
    """The delimiter of cells; where numbers have a decimal comma, spreadsheets write semicolons."""
    head = text.lstrip().partition("\n")[0]
    return max(",;\t", key=head.count)


def _row(cells: Mapping[str, str], column: _AuthorColumn, line: int) -> ImportedItem | Leftover:
    own = _own_row(cells, line) if "pdf_url" in cells else None
    read = own or _foreign_row(cells, column, line)
    return read or Leftover(line, next(filter(None, cells.values()), ""), NO_PAPER)


def _own_row(cells: Mapping[str, str], line: int) -> ImportedItem | None:
    return item_of_facts(_facts_in(cells) | rest_in(cells.get(_REST, "")), line=line)


def _facts_in(cells: Mapping[str, str]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for name, cell in cells.items():
        value = cell[1:] if cell[:1] == "'" else cell
        if name in _LIST_COLUMNS:
            facts[name] = [part for part in value.split("; ") if part]
        elif name in _TRUTH_COLUMNS:
            facts[name] = value.lower() == "true"
        elif name in _NUMBER_COLUMNS:
            facts[name] = number_in(value)
        elif name != _REST:
            facts[name] = value
    return facts


def _record_in(cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The type, the key and the other fields of a bibliographic record, by BibTeX's names."""
    yield from record_of_type(cells.get("item type", "")).items()
    if key := fact_in(cells.get("extra", ""), "citation key"):
        yield "@key", key
    own = _ZOTERO_COLUMNS if "item type" in cells else {}
    columns = {name: column for column, name in (_RECORD_COLUMNS | own).items() if cells.get(column)}
    for name, column in columns.items():
        if "arxiv" not in (value := cells[column]).lower():
            yield name, escape("--".join(filter(None, first_and_last(value))) if name == "pages" else value)


def _foreign_row(cells: Mapping[str, str], column: _AuthorColumn, line: int) -> ImportedItem | None:
    def first(*names: str) -> str:
        return next((cells[name] for name in names if cells.get(name)), "")

    has_groups = "item type" in cells
    people_in = (_authors_in(cells), first("editor", "editors"), first("translator"))
    authors, roles = people(*(column.names_in(cell, has_groups=has_groups) for cell in people_in))
    venue = first(*_VENUES)
    facts = {
        "title": first("title", "titel", "name"),
        "abstract": first("abstract", "abstract note"),
        "authors": authors,
        "date": date_in(first("date", "published", "publication year", "year")),
        "journal_ref": venue_named(venue),
        "doi": first("doi"),
        "url": first("url", "link"),
        "record": (*_record_in(cells), *roles.items()),
        "withdrawn": fact_in(first("extra"), "status").casefold() == WITHDRAWN.casefold(),
    }
    tags = tuple(tag.strip() for tag in first("manual tags", "tags", "keywords").split(";") if tag.strip())
    own = [first("arxiv", "arxiv id", "arxiv_id", "id", "archive location"), first("doi")]
    numbers = list(map(first, _NUMBERS))
    own += ids_in_numbers([venue, *map(first, _PREPRINT_PLACES)], numbers)
    other = [first("url", "link"), *first("extra").splitlines(), *numbers, venue]
    marks = Marks(note=note_in(first("notes", "note")))
    return item_of(facts, own, other, line=line, marks=marks, words={"keywords": tags})
