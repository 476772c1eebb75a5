"""Writes papers to the index: the row, the searchable text, the labels."""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from paperdeck.storage.identifiers import document_id
from paperdeck.storage.paper import Marks, Paper
from paperdeck.storage.text.alike import MARK, form_of

from .compile import (
    CODE,
    COMMON,
    DAY_BITS,
    GRAM_SIGNS,
    HIDDEN,
    LACKING,
    NOTED,
    PROJECT,
    READ,
    STARRED,
    SUMMARY,
    TAGGED,
    grams_of,
    padded,
)
from .dates import days_of
from .rank import gained

if TYPE_CHECKING:
    import sqlite3

TermsOf = Callable[[Paper], bytes]
"""Gives a paper's data for the ranking."""


class DocumentPlace(NamedTuple):
    """The position of a paper's document in its file; unknown if we didn't write the file."""

    file: int | None = None
    at: int | None = None
    length: int | None = None
    checksum: int | None = None


NOWHERE = DocumentPlace()


class Indexed(NamedTuple):
    """A paper's existing row and place."""

    row: int
    place: DocumentPlace


class IndexedMarks(NamedTuple):
    """A paper's marks as stored in the index."""

    state: int
    tags: str | None
    note: str | None
    starred_at: float | None = None


UNMARKED = IndexedMarks(0, None, None)

_INSERT_PAPER = f"insert or replace into paper values ({', '.join('?' * 20)})"
_SELECT_TEXT = (
    "select words, ends_title, ends_author, ends_keyword, ends_org, ends_abstract, categories, submitter "
    "from text join paper using (row) where row = ?"
)
_INSERT_TEXT = "insert or replace into text values (?, ?, ?, ?, ?, ?, ?)"
_INSERT_GRAM = "insert into gram (rowid, grams) values (?, ?)"
_DELETE_GRAM = "insert into gram (gram, rowid, grams) values ('delete', ?, ?)"


def put(db: sqlite3.Connection, papers: Iterable[tuple[Paper, DocumentPlace]], terms_of: TermsOf | None = None) -> None:
    """Write new papers, and the changes of indexed ones; within a transaction."""
    entries = {document_id(paper.id): (paper, place) for paper, place in papers}
    known = rows_of(db, entries)
    marks = stored_marks(db, [paper.id for paper, _ in entries.values()])
    arrivals = arrivals_of(db, entries)
    for number, (paper, place) in entries.items():
        old, kept = known.get(number), marks.get(paper.id, UNMARKED)
        day, last = _ordinals(paper)
        words, ends = _words(paper, kept)
        row = old.row if old and old.row >> DAY_BITS == day else _next_row(db, day)
        text: tuple[Any, ...] = (words, *ends, *_others(paper))
        if old is None or row != old.row or db.execute(_SELECT_TEXT, (row,)).fetchone() != text:
            if old is not None:
                _remove_text(db, old.row)
                if row != old.row:
                    db.execute("delete from paper where row = ?", (old.row,))
                    db.execute("insert or replace into moved values (?, ?)", (old.row, number))
            db.execute(_INSERT_TEXT, (row, words, *ends))
            db.execute(_INSERT_GRAM, (row, _grams(*text)))
            if kept != UNMARKED:
                db.execute("update mark set row = ? where id = ?", (row, paper.id))
            if terms_of:
                _log_terms(db, paper.id, terms_of(paper))
        db.executemany("delete from vague where row = ?", [(row,), *([(old.row,)] if old else [])])
        if last > day:
            db.execute("insert into vague values (?, ?)", (row, last))
        db.execute(_INSERT_PAPER, (*_paper_values(row, number, paper, place, kept), arrivals.get(number)))
        _name_labels(db, paper)


def _ordinals(paper: Paper) -> tuple[int, int]:
    """The first and the last day on which a paper may have appeared, as ordinal numbers; 0 if unknown."""
    first, last = days_of(paper) or (None, None)
    return (first.toordinal(), last.toordinal()) if first and last else (0, 0)


def move(db: sqlite3.Connection, places: Iterable[tuple[int, DocumentPlace]]) -> None:
    """Update the places of unchanged documents, by row."""
    db.executemany(
        "update paper set file = ?, at = ?, length = ?, checksum = ? where row = ?",
        ((*place, row) for row, place in places),
    )


def remove(db: sqlite3.Connection, rows: Iterable[int]) -> None:
    """Remove papers that are gone."""
    for row in rows:
        _remove_text(db, row)
        db.execute("insert or replace into moved select row, number from paper where row = ?", (row,))
        for (paper_id,) in db.execute("select id from paper where row = ?", (row,)).fetchall():
            _log_terms(db, paper_id, None)
        db.execute("delete from paper where row = ?", (row,))
        db.execute("delete from vague where row = ?", (row,))
        db.execute("update mark set row = null where row = ?", (row,))


def put_marks(db: sqlite3.Connection, marks: Iterable[tuple[str, Marks]]) -> None:
    """Mirror marks; papers that are not indexed yet get theirs when they are."""
    for paper_id, new in marks:
        found = db.execute("select row, state from paper where number = ?", (document_id(paper_id),)).fetchone()
        row = found[0] if found else None
        old = stored_marks(db, [paper_id]).get(paper_id, UNMARKED)
        kept = kept_of(new)
        if row is not None and (old.tags, old.note) != (kept.tags, kept.note):
            _change_remarks(db, row, old, kept)
        if kept == UNMARKED:
            db.execute("delete from mark where id = ?", (paper_id,))
        else:
            db.execute("insert or replace into mark values (?, ?, ?, ?, ?, ?)", (paper_id, row, *kept))
        if found and found[1] != kept.state:
            db.execute("update paper set state = ? where row = ?", (kept.state, row))


def rows_of(db: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, Indexed]:
    """The existing rows and places of papers, by number."""
    columns = f"number, row, {', '.join(DocumentPlace._fields)}"
    select = f"select {columns} from paper where number in (select value from json_each(?))"
    found = db.execute(select, (json.dumps(list(numbers)),))
    return {number: Indexed(row, DocumentPlace(*place)) for number, row, *place in found}


def _label_number(kind: str, form: str) -> int:
    """The number of a keyword or organization; similar spellings have the same one."""
    spelling = form.partition(MARK)[0]
    return zlib.crc32(spelling.replace(" ", "").encode(), zlib.crc32(kind.encode()))


def _next_row(db: sqlite3.Connection, day: int) -> int:
    """The next row of a day; rows of papers that moved away are not used again."""
    rows = day << DAY_BITS, (day + 1 << DAY_BITS) - 1
    select = "select max(row) from {} where row between ? and ?"
    return 1 + max(db.execute(select.format(table), rows).fetchone()[0] or rows[0] for table in ("paper", "moved"))


def _words(paper: Paper, kept: IndexedMarks) -> tuple[str, list[int]]:
    """The searchable text, section after section, and the ends of the first five."""
    sections = (
        *((paper.title,), paper.authors, paper.keywords, (paper.organization,) if paper.organization else ()),
        (paper.abstract,),
    )
    words, ends = "", []
    for section in sections:
        words += f"{MARK}{MARK.join(map(form_of, section))}{MARK}"
        ends.append(len(words))
    return f"{words}{kept.tags or ''}{kept.note or ''}", ends


def _grams(words: str, *others: Any) -> str:
    """The grams of everything that a query may search for, and what `words` lacks; see `_SELECT_TEXT`."""
    *ends, categories, submitter = others
    grams = grams_of(padded(f"{words}{categories}{submitter or ''}"))
    for sign, start, end in zip(GRAM_SIGNS.values(), [0, *ends], ends, strict=False):
        grams += [sign + gram for gram in grams_of(padded(words[start:end]))]
    grams += [LACKING + piece for piece in COMMON if piece not in words]
    return " ".join(grams)


def _others(paper: Paper) -> tuple[str, str | None]:
    """The values that only grams find, not stored with the text."""
    submitter = None if paper.submitter is None else f"{MARK}{form_of(paper.submitter)}{MARK}"
    return _entries(paper.categories), submitter


def _remove_text(db: sqlite3.Connection, row: int) -> None:
    found = db.execute(_SELECT_TEXT, (row,)).fetchone()
    if found:
        db.execute(_DELETE_GRAM, (row, _grams(*found)))
        db.execute("delete from text where row = ?", (row,))


def stored_terms(db: sqlite3.Connection, paper_id: str) -> bytes | None:
    """A paper's data for the ranking; None if there is none."""
    select = "select change, terms from terms where id = ? order by serial desc limit 1"
    change, terms = db.execute(select, (paper_id,)).fetchone() or (0, None)
    return terms if change > 0 else None


def _log_terms(db: sqlite3.Connection, paper_id: str, terms: bytes | None) -> None:
    """Log a paper's new terms, or its removal."""
    old = stored_terms(db, paper_id)
    if old == terms:
        return
    for change, content in ((-1, old), (1, terms)):
        if content is not None:
            db.execute("insert into terms (id, change, terms) values (?, ?, ?)", (paper_id, change, content))


def _change_remarks(db: sqlite3.Connection, row: int, old: IndexedMarks, new: IndexedMarks) -> None:
    """Replace the tags and the note at the end of a paper's text."""
    words, *others = db.execute(_SELECT_TEXT, (row,)).fetchone()
    db.execute(_DELETE_GRAM, (row, _grams(words, *others)))
    end = len(words) - len(old.tags or "") - len(old.note or "")
    words = f"{words[:end]}{new.tags or ''}{new.note or ''}"
    db.execute("update text set words = ? where row = ?", (words, row))
    db.execute(_INSERT_GRAM, (row, _grams(words, *others)))


def _paper_values(row: int, number: int, paper: Paper, place: DocumentPlace, kept: IndexedMarks) -> tuple[Any, ...]:
    has = bool(paper.code_url) * CODE | bool(paper.project_url) * PROJECT | bool(paper.ai_summary) * SUMMARY
    labels = [_label_number(kind, form_of(name)) for kind, name in _labels(paper)]
    return (
        *(row, number, paper.id, *place, kept.state, has, paper.upvotes, paper.code_stars, paper.comments),
        *(gained(paper.counts) or (None, None)),
        *(paper.added, _entries(paper.sources), *_others(paper)),
        array("I", labels).tobytes() or None,
    )


def _labels(paper: Paper) -> list[tuple[str, str]]:
    labels = [("keyword", keyword) for keyword in paper.keywords]
    return [*labels, ("org", paper.organization)] if paper.organization else labels


def _name_labels(db: sqlite3.Connection, paper: Paper) -> None:
    """Store the spelling of keywords and organizations: of several the first in Unicode's order, so capitals go first.

    The rule doesn't depend on the order in which papers arrive.
    """
    db.executemany(
        "insert into label values (?, ?, ?) on conflict (number) do update set shown = excluded.shown"
        " where excluded.shown < shown",
        ((_label_number(kind, form_of(name)), kind, name) for kind, name in _labels(paper)),
    )


def _entries(values: Sequence[str]) -> str:
    return f"{MARK}{MARK.join(values).lower()}{MARK}"


def kept_of(marks: Marks) -> IndexedMarks:
    """The index's form of marks."""
    state = marks.read * READ | marks.starred * STARRED | marks.hidden * HIDDEN
    state |= bool(marks.note) * NOTED | bool(marks.tags) * TAGGED
    tags = f"{MARK}{MARK.join(sorted(map(form_of, marks.tags)))}{MARK}" if marks.tags else None
    note = f"{MARK}{form_of(marks.note)}{MARK}" if marks.note else None
    return IndexedMarks(state, tags, note, marks.starred_at)


def stored_marks(db: sqlite3.Connection, ids: Sequence[str] | None = None) -> dict[str, IndexedMarks]:
    """The mirrored marks, of some papers or all."""
    some = "" if ids is None else " where id in (select value from json_each(?))"
    found = db.execute(
        f"select id, {', '.join(IndexedMarks._fields)} from mark{some}", () if ids is None else (json.dumps(ids),)
    )
    return {paper_id: IndexedMarks(*kept) for paper_id, *kept in found}


def arrivals_of(db: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, str]:
    """When papers arrived, by number; papers that are not in the queue are absent."""
    select = "select number, min(arrived) from arrival where number in (select value from json_each(?)) group by number"
    return dict(db.execute(select, (json.dumps(list(numbers)),)))
