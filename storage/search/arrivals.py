"""Arrivals in the queue, mirrored from the ledger, so that `is:unread` and `is:new` are SQL.

The index records the state of each ledger file that it has read. From a changed file, only papers with a new arrival
are written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from paperdeck.storage.identifiers import document_id, is_paper_id

if TYPE_CHECKING:
    import sqlite3

    from .database import Database

_BATCH_PAPERS = 1_000
_EARLIEST = (
    "update paper set arrived = (select min(arrived) from arrival where arrival.number = paper.number) "
    "where number in (select value from json_each(?))"
)

Arrivals = Mapping[str, str]
"""When each paper arrived, by id: an ISO time, or an empty text if unknown."""


def catch_up_arrivals(database: Database, files: Mapping[str, str], arrivals_in: Callable[[str], Arrivals]) -> None:
    """Mirror the changed files.

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
            _take_over(database, name, state, arrivals_in(name) if state else {})


def _take_over(database: Database, name: str, state: str | None, arrivals: Arrivals) -> None:
    """Mirror a file; one without a state is gone, or no longer followed."""
    with database.writing() as db:
        db.execute("insert or ignore into listing (name) values (?)", (name,))
        [file] = db.execute("select id from listing where name = ?", (name,)).fetchone()
        mirrored = dict(db.execute("select number, arrived from arrival where file = ?", (file,)))
    wanted = {document_id(paper_id): arrived for paper_id, arrived in arrivals.items() if is_paper_id(paper_id)}
    different = [number for number in wanted.keys() | mirrored.keys() if wanted.get(number) != mirrored.get(number)]
    for start in range(0, len(different), _BATCH_PAPERS):
        with database.writing() as db:
            _put(db, file, different[start : start + _BATCH_PAPERS], wanted)
    with database.writing() as db:
        if state is None:
            db.execute("delete from listing where id = ?", (file,))
        else:
            db.execute("update listing set state = ? where id = ?", (state, file))


def _put(db: sqlite3.Connection, file: int, numbers: list[int], wanted: Mapping[int, str]) -> None:
    db.executemany("delete from arrival where number = ? and file = ?", ((number, file) for number in numbers))
    db.executemany(
        "insert into arrival values (?, ?, ?)",
        ((number, file, wanted[number]) for number in numbers if number in wanted),
    )
    db.execute(_EARLIEST, (json.dumps(numbers),))


def arrivals_of(db: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, str]:
    """When papers arrived, by number; papers that are not in the queue are absent."""
    select = "select number, min(arrived) from arrival where number in (select value from json_each(?)) group by number"
    return dict(db.execute(select, (json.dumps(list(numbers)),)))
