"""The store beside SQLite (WAL, synchronous=FULL) and the stock TinyDB: the same jobs on the same papers in one run.

python -m tests.bench.store [PAPERS] [MARKS]
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from tinydb import TinyDB
from tinydb.table import Document

from paperdeck.storage.identifiers import document_id, month_of
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Paper, facts_of, paper_from
from paperdeck.storage.settings.settings import Places
from tests.bench.corpus import papers

_NEWEST = 100
_BATCH = 50
_STARS = 60


@dataclass(frozen=True)
class Row:
    """One job, in milliseconds (or megabytes) for each store."""

    job: str
    ours: float
    sqlite: float | None = None
    stock: float | None = None

    def __str__(self) -> str:
        return f"{self.job:<46} {self.ours:>9.2f} {_beside(self.sqlite, self.ours)} {_beside(self.stock, self.ours)}"


def _beside(other: float | None, ours: float) -> str:
    return f"{'':>18}" if other is None else f"{other:>9.2f} {f'({other / max(ours, 0.01):.1f}x)':>8}"


def run(paper_count: int = 100_000, mark_count: int = 20_000) -> list[Row]:
    """Every job of the store."""
    with _folder() as folder:
        made = list(papers(paper_count))
        _fill(folder, made)
        ids = [paper.id for paper in made[:mark_count]]
        _fill_marks(folder, ids)
        gc.collect()
        gc.freeze()  # the collector would look through all papers of this benchmark while a store is measured
        return [
            *_memory(folder),
            *_opening(folder),
            *_ingest(folder, made),
            *_marking(folder, ids),
            *_polling(folder, ids),
        ]


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="paperdeck-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _library(folder: Path) -> Library:
    return Library(Places.find({"PAPERDECK_HOME": str(folder / "ours")}))


def _sqlite(folder: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / "sqlite.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


# -- filling ---------------------------------------------------------------------------------------------------------


def _fill(folder: Path, made: list[Paper]) -> None:
    _library(folder).add(made, "hf")
    connection = _sqlite(folder)
    connection.execute("CREATE TABLE papers (id TEXT PRIMARY KEY, facts TEXT)")
    connection.execute("CREATE TABLE marks (id TEXT PRIMARY KEY, starred INTEGER, changed REAL)")
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO papers VALUES (?, ?)", ((p.id, json.dumps(facts_of(p))) for p in made))
    connection.execute("COMMIT")
    connection.close()
    with TinyDB(folder / "stock.json") as stock:
        stock.table("papers").insert_multiple(Document(facts_of(paper), document_id(paper.id)) for paper in made)


def _fill_marks(folder: Path, ids: list[str]) -> None:
    _library(folder).mark(ids, read=True)
    connection = _sqlite(folder)
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO marks VALUES (?, 0, 0)", ((paper_id,) for paper_id in ids))
    connection.execute("COMMIT")
    with TinyDB(folder / "stock-marks.json") as stock:
        stock.insert_multiple(Document({"id": i, "read": True, "starred": False}, document_id(i)) for i in ids)


# -- jobs ------------------------------------------------------------------------------------------------------------


def _opening(folder: Path) -> list[Row]:
    jobs = {"ours": _newest_of_ours, "sqlite": _newest_of_sqlite, "stock": _newest_of_stock}
    ours, sqlite, stock = (
        _median(lambda job=job: job(folder), 1 if name == "stock" else 9) for name, job in jobs.items()
    )  # type: ignore[misc]
    return [Row(f"open, newest {_NEWEST} papers", ours, sqlite, stock)]


def _newest_of_ours(folder: Path) -> list[Paper]:
    library = _library(folder)
    found: list[Paper] = []
    for month in library.months():
        found += library.month(month)
        if len(found) >= _NEWEST:
            break
    return sorted(found, key=lambda paper: paper.id)[-_NEWEST:]


def _newest_of_sqlite(folder: Path) -> list[Paper]:
    rows = _sqlite(folder).execute("SELECT facts FROM papers ORDER BY id DESC LIMIT ?", (_NEWEST,))
    return [paper_from(json.loads(facts)) for (facts,) in rows]


def _newest_of_stock(folder: Path) -> list[Paper]:
    with TinyDB(folder / "stock.json") as stock:
        documents = sorted(stock.table("papers"), key=lambda document: document.doc_id)[-_NEWEST:]
    return [paper_from(document) for document in documents]


def _ingest(folder: Path, made: list[Paper]) -> list[Row]:
    library, connection = _library(folder), _sqlite(folder)
    newest = max(month_of(paper.id) for paper in made)
    batch = list(islice((paper for paper in made if month_of(paper.id) == newest), _BATCH)) or made[:_BATCH]
    rounds = iter(range(10_000))

    def changed() -> list[Paper]:
        upvotes = 1_000 + next(rounds)
        return [replace(paper, upvotes=upvotes) for paper in batch]

    def into_sqlite() -> None:
        rows = [(json.dumps(facts_of(paper)), paper.id) for paper in changed()]
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("UPDATE papers SET facts = ? WHERE id = ?", rows)
        connection.execute("COMMIT")

    def into_stock() -> None:
        by_number = {document_id(paper.id): facts_of(paper) for paper in changed()}
        with TinyDB(folder / "stock.json") as stock:
            stock.table("papers").remove(doc_ids=by_number)
            stock.table("papers").insert_multiple(Document(facts, number) for number, facts in by_number.items())

    ours = _median(lambda: library.add(changed(), "hf"), 15)
    return [Row(f"ingest {_BATCH} papers", ours, _median(into_sqlite, 15), _median(into_stock, 1))]


def _marking(folder: Path, ids: list[str]) -> list[Row]:
    library, connection = _library(folder), _sqlite(folder)
    loading = _median(lambda: _library(folder).all_marks(), 5)
    library.all_marks()
    chosen = iter(ids[:: max(len(ids) // 1_000, 1)] * 2)
    with TinyDB(folder / "stock-marks.json") as stock:
        of_stock = _median(lambda: stock.update({"starred": True}, doc_ids=[document_id(next(chosen))]), 3)
    times, waits = _stars(lambda: library.mark([next(chosen)], starred=True, label="star"))
    of_sqlite = _median(
        lambda: connection.execute("UPDATE marks SET starred = 1, changed = 1 WHERE id = ?", (next(chosen),)), _STARS
    )
    own = [time - wait for time, wait in zip(times, waits, strict=True)]
    return [
        Row(f"read all marks of {len(ids)} papers", loading),
        Row(f"star, durable, at {len(ids)} marks", statistics.median(times), of_sqlite, of_stock),
        Row("star, the disk's fsync in it", statistics.median(waits)),
        Row("star, less the disk's fsync", statistics.median(own)),
        Row("star, less the disk's fsync, the slowest", max(own)),
        Row("undo, durable", _median(library.undo, 20)),
    ]


def _stars(star: Callable[[], object]) -> tuple[list[float], list[float]]:
    """Milliseconds of each star, and of the waiting for the disk in it."""
    fsync, waited = os.fsync, [0.0]

    def measured(number: int) -> None:
        start = time.perf_counter()
        fsync(number)
        waited[0] += (time.perf_counter() - start) * 1000

    times, waits = [], []
    os.fsync = measured
    try:
        star()
        for _ in range(_STARS):
            waited[0] = 0.0
            times.append(_milliseconds(star))
            waits.append(waited[0])
    finally:
        os.fsync = fsync
    return times, waits


def _polling(folder: Path, ids: list[str]) -> list[Row]:
    library = _library(folder)
    library.all_marks()
    library.poll()
    quiet = _median(library.poll, 50)
    other = _library(folder)
    notes = iter(range(1_000))

    def after_a_change() -> None:
        other.mark(ids[:1], note=str(next(notes)))
        start = time.perf_counter()
        library.poll()
        seen.append((time.perf_counter() - start) * 1000)

    seen: list[float] = []
    for _ in range(10):
        after_a_change()
    return [Row("poll, nothing new", quiet), Row("poll, another process starred", statistics.median(seen))]


def _memory(folder: Path) -> list[Row]:
    """Megabytes that a process grows by for the newest papers, each store in a process of its own."""
    ours, sqlite, stock = (_grown(folder, name) for name in ("ours", "sqlite", "stock"))
    return [Row(f"memory, newest {_NEWEST} papers (MB more at the peak)", ours, sqlite, stock)]


def _grown(folder: Path, name: str) -> float:
    command = [sys.executable, "-m", "tests.bench.store", "--memory", name, str(folder)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def _print_growth(name: str, folder: Path) -> None:
    before = _peak()
    {"ours": _newest_of_ours, "sqlite": _newest_of_sqlite, "stock": _newest_of_stock}[name](folder)
    print(_peak() - before)


def _peak() -> float:
    """The most memory that this process ever had, in megabytes; getrusage would count what it was forked from."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _median(job: Callable[[], object], repeats: int) -> float:
    return statistics.median(_milliseconds(job) for _ in range(repeats))


def _milliseconds(job: Callable[[], object]) -> float:
    start = time.perf_counter()
    job()
    return (time.perf_counter() - start) * 1000


def main(arguments: list[str]) -> None:
    """Print the table."""
    if arguments[:1] == ["--memory"]:
        _print_growth(arguments[1], Path(arguments[2]))
        return
    print(f"{'job (milliseconds, medians)':<46} {'ours':>9} {'SQLite':>18} {'stock TinyDB':>18}")
    for row in run(*map(int, arguments)):
        print(row)


if __name__ == "__main__":
    main(sys.argv[1:])
