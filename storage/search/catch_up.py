"""Updates the index from the files of papers, marks and arrivals, which are the truth.

The index records the signature of each file that it has read. So after a kill, after a change by another program, or
when the index itself was deleted, only the files that differ are read again, newest first. In a changed file only the
documents whose bytes changed are indexed again; of the others only the place is updated. Arrivals in the queue come
from the ledger's files, so that `is:unread` and `is:new` are SQL.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING
from zlib import crc32

import orjson

from paperdeck.storage.files.disk import Signature, open_own, signature_in
from paperdeck.storage.files.documents import Raw
from paperdeck.storage.files.sealed import Document
from paperdeck.storage.identifiers import document_id, is_paper_id
from paperdeck.storage.paper import NO_MARKS, Marks, Paper

from .database import Database, Stop
from .entries import NOWHERE, UNMARKED, DocumentPlace, kept_of, move, put, put_marks, remove, rows_of, stored_marks

if TYPE_CHECKING:
    import sqlite3

    from .index import Index

_BATCH_PAPERS = 100
_BATCH_ARRIVALS = 1_000
_EARLIEST_ARRIVAL = (
    "update paper set arrived = (select min(arrived) from arrival where arrival.number = paper.number) "
    "where number in (select value from json_each(?))"
)
_DOCUMENT = re.compile(rb'[{,]"(\d+)":(?=\{"id":")')

Piece = tuple[DocumentPlace, Callable[[], Document]]

PaperOf = Callable[[Document], Paper | None]
"""Gives the paper in a document; None if it is malformed."""
Arrivals = Mapping[str, str]
"""When each paper arrived, by id: an ISO time, or an empty text if unknown."""
Rest = Callable[[float], None]
"""Sleeps after some seconds of work, so that other threads get their turn."""


def catch_up(
    index: Index,
    read: Callable[[str], Raw | None],
    paper_of: PaperOf,
    blocks: Mapping[str, Signature] | None,
    *,
    whole: bool = True,
    stop: Stop = lambda: False,
    rest: Rest = lambda _: None,
    progress: Callable[[str], None] = lambda _: None,
) -> None:
    """Index the changed files.

    Args:
        read, paper_of: Read a block (None if it can't be read), and the paper in a document.
        blocks: Files and signatures, in reading order; None: they can't be listed, and the index keeps what it has.
        whole: Whether these are all the files; if so, papers of other files are removed from the index.
        stop: Called now and then; True stops the work.
        rest: Called after each step.
        progress: Called with each block before it is read.

    Raises:
        StoreError: the index can't be written.
    """
    (stale, gone), generation = _differences(index, blocks), index.database.generation
    for block in gone if whole else ():
        _forget(index, block)
    _note_files(index, stale)
    writing = _Writing(index, paper_of, rest)
    for block in stale:
        if stop():
            return
        index.reaches = block if whole else index.reaches
        progress(block)
        if (raw := read(block)) is not None:
            writing.take(_Reading(index, block, raw))
    if stale:
        writing.write()
    if whole:
        index.caught_up(generation)


def _differences(index: Index, blocks: Mapping[str, Signature] | None) -> tuple[list[str], set[str]]:
    """The blocks that changed since they were indexed, in the given order, and the indexed ones that are gone."""
    if index.database.is_gone():
        index.database.recreate(keep=False)
    if blocks is None:
        return [], set()
    with index.database.reading() as db:
        indexed = dict(db.execute("select block, signature from file"))
    changed = [block for block, signature in blocks.items() if indexed.get(block) != _state(signature)]
    return changed, indexed.keys() - blocks.keys()


def _note_files(index: Index, blocks: list[str]) -> None:
    if blocks:
        with index.database.writing() as db:
            db.executemany("insert or ignore into file (block) values (?)", ((block,) for block in blocks))


def _state(signature: Signature) -> str:
    return " ".join(map(str, signature))


def _forget(index: Index, block: str) -> None:
    """Remove the papers of a file that is gone, unless they have moved to another file."""
    select = "select row from paper where file = (select id from file where block = ?) limit ?"
    while True:
        with index.database.writing() as db:
            rows = [row for (row,) in db.execute(select, (block, _BATCH_PAPERS))]
            remove(db, rows)
            if len(rows) < _BATCH_PAPERS:
                db.execute("delete from file where block = ?", (block,))
                return


class _Reading:
    """One file, and which of its documents have to be indexed."""

    def __init__(self, index: Index, block: str, raw: Raw) -> None:
        self._block, self._raw = block, raw
        self._moved: list[tuple[int, DocumentPlace]] = []
        self.there: set[int] = set()
        """The numbers of its papers."""
        with index.database.reading() as db:
            [self._file] = db.execute("select id from file where block = ?", (block,)).fetchone()

    def fresh(self, index: Index, *, parsed: bool) -> list[tuple[int, DocumentPlace, Callable[[], Document]]]:
        """The documents that changed, with their numbers and places."""
        found = dict(_pieces(self._raw.data, self._file)) if self._raw.data and not parsed else self._parsed()
        with index.database.reading() as db:
            known, hidden = rows_of(db, found), self._in_blocks(db)
        fresh, self._moved, self.there = [], [], set(found)
        for number, (place, document) in found.items():
            old = known.get(number)
            if number in hidden:
                continue
            if old is None or place.checksum is None or old.place.checksum != place.checksum:
                fresh.append((number, place, document))
            elif old.place != place:
                self._moved.append((old.row, place))
        return fresh

    def finish(self, db: sqlite3.Connection) -> None:
        """Update places, remove what is gone, and record that the file was read."""
        move(db, self._moved)
        rows = db.execute("select row, number from paper where file = ?", (self._file,)).fetchall()
        remove(db, [row for row, number in rows if number not in self.there])
        state = _state(self._raw.signature)
        db.execute("update file set signature = ? where id = ?", (state, self._file))

    def _in_blocks(self, db: sqlite3.Connection) -> frozenset[int]:
        """Papers in a whole month's file that are also in a block, which is newer."""
        if "/" in self._block:
            return frozenset()
        sql = "select number from paper join file on file.id = paper.file where block like '%/%'"
        return frozenset(number for (number,) in db.execute(sql))

    def _parsed(self) -> dict[int, Piece]:
        place = NOWHERE._replace(file=self._file)
        return {document_id(document["id"]): (place, partial(dict, document)) for document in self._raw.documents()}


class _Writing:
    """Indexes files in short transactions of similar size, each with documents from one or more files."""

    def __init__(self, index: Index, paper_of: PaperOf, rest: Rest) -> None:
        self._index, self._paper_of, self._rest = index, paper_of, rest
        self._batch: list[tuple[Paper, DocumentPlace]] = []
        self._read: list[_Reading] = []

    def take(self, reading: _Reading) -> None:
        """Add a file; it is written with others."""
        try:
            self._take(reading, parsed=False)
        except orjson.JSONDecodeError:  # a document that we didn't write
            self._take(reading, parsed=True)

    def _take(self, reading: _Reading, *, parsed: bool) -> None:
        for number, place, document in reading.fresh(self._index, parsed=parsed):
            paper = self._paper_of(document())
            if paper is None:
                reading.there.discard(number)
                continue
            self._batch.append((paper, place))
            if len(self._batch) >= _BATCH_PAPERS:
                self.write()
        self._read.append(reading)

    def write(self) -> None:
        """Write the added files."""
        began = perf_counter()
        with self._index.database.writing() as db:
            put(db, self._batch, self._index.terms_of)
            for reading in self._read:
                reading.finish(db)
        self._batch, self._read = [], []
        self._rest(perf_counter() - began)


def _pieces(data: bytes, file: int) -> Iterator[tuple[int, Piece]]:
    """The documents in the bytes of a file that we wrote, without parsing it."""
    starts = [(int(found[1]), found.start(), found.end()) for found in _DOCUMENT.finditer(data)]
    ends = [start for _, start, _ in starts[1:]] + [len(data) - 2] if starts else []
    for (number, _, at), end in zip(starts, ends, strict=True):
        piece = data[at:end]
        yield number, (DocumentPlace(file, at, end - at, crc32(piece)), partial(orjson.loads, piece))


def documents(index: Index, folder: Path, ids: Iterable[str]) -> dict[str, Document]:
    """The documents of papers by id, for those whose place in their file is known and still valid."""
    wanted = json.dumps([document_id(paper_id) for paper_id in ids])
    sql = (
        "select block, signature, paper.id, at, length, checksum from paper join file on file.id = paper.file "
        "where number in (select value from json_each(?)) and at is not null order by block"
    )
    found: dict[str, Document] = {}
    with index.database.reading() as db:
        known = db.execute(sql, (wanted,)).fetchall()
    for (block, signature), places in groupby(known, key=itemgetter(0, 1)):
        with suppress(OSError), open_own(folder / f"{block}.json") as file:
            if _state(signature_in(os.fstat(file.fileno()))) != signature:
                continue
            for _, _, paper_id, at, length, checksum in places:
                file.seek(at)
                if crc32(data := file.read(length)) == checksum:
                    found[paper_id] = orjson.loads(data)
    return found


def catch_up_marks(index: Index, state: str, current_marks: Callable[[], tuple[Mapping[str, Marks], bool]]) -> None:
    """Mirror the marks, if their files changed since the last time, or not all could be read then.

    Args:
        index: Where they are mirrored.
        state: The state of their files, taken before they are read.
        current_marks: Reads them, not older than the state; also returns whether all could be read.
    """
    with index.database.reading() as db:
        if db.execute("select value from meta where name = 'marks'").fetchone() == (state,):
            return
        mirrored = stored_marks(db)
    marks, is_whole = current_marks()
    different = [
        i for i in marks.keys() | mirrored.keys() if kept_of(marks.get(i, NO_MARKS)) != mirrored.get(i, UNMARKED)
    ]
    for start in range(0, len(different), _BATCH_PAPERS):
        with index.database.writing() as db:
            put_marks(db, ((i, marks.get(i, NO_MARKS)) for i in different[start : start + _BATCH_PAPERS]))
    with index.database.writing() as db:
        db.execute("insert or replace into meta values ('marks', ?)", (state if is_whole else "",))


def catch_up_arrivals(database: Database, files: Mapping[str, str], arrivals_in: Callable[[str], Arrivals]) -> None:
    """Mirror the changed files of arrivals; of a changed file, only papers with a new arrival are written.

    Args:
        files: The ledger's files for followed sources, each with its state as a text.
        arrivals_in: Reads a file.

    Raises:
        StoreError: the index can't be written.
    """
    if database.is_gone():
        database.recreate(keep=False)
    with database.reading() as db:
        known = dict(db.execute("select name, state from listing"))
    for name in sorted(known.keys() | files.keys()):
        state = files.get(name)
        if state != known.get(name):
            _mirror_arrivals(database, name, state, arrivals_in(name) if state else {})


def _mirror_arrivals(database: Database, name: str, state: str | None, arrivals: Arrivals) -> None:
    """Mirror a file; one without a state is gone, or no longer followed."""
    with database.writing() as db:
        db.execute("insert or ignore into listing (name) values (?)", (name,))
        [file] = db.execute("select id from listing where name = ?", (name,)).fetchone()
        mirrored = dict(db.execute("select number, arrived from arrival where file = ?", (file,)))
    wanted = {document_id(paper_id): arrived for paper_id, arrived in arrivals.items() if is_paper_id(paper_id)}
    different = [number for number in wanted.keys() | mirrored.keys() if wanted.get(number) != mirrored.get(number)]
    for start in range(0, len(different), _BATCH_ARRIVALS):
        with database.writing() as db:
            _put_arrivals(db, file, different[start : start + _BATCH_ARRIVALS], wanted)
    with database.writing() as db:
        if state is None:
            db.execute("delete from listing where id = ?", (file,))
        else:
            db.execute("update listing set state = ? where id = ?", (state, file))


def _put_arrivals(db: sqlite3.Connection, file: int, numbers: list[int], wanted: Mapping[int, str]) -> None:
    db.executemany("delete from arrival where number = ? and file = ?", ((number, file) for number in numbers))
    db.executemany(
        "insert into arrival values (?, ?, ?)",
        ((number, file, wanted[number]) for number in numbers if number in wanted),
    )
    db.execute(_EARLIEST_ARRIVAL, (json.dumps(numbers),))
