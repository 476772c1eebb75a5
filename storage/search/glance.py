"""Counts for status lines, by SQL from the index alone, as these are polled often and must be fast.

Loading the journal, the rules and the query language would take most of the time. So the resulting SQL with its
arguments is stored in the index, together with the state of all files that it depends on. While none of them changes,
the counts come from that SQL, and none of our other modules is imported.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from paperdeck.storage.files.disk import is_file, open_own, status_of

if TYPE_CHECKING:
    from .index import Index
    from .tree import QueryContext

QUESTIONS: Mapping[str, str] = {"unread": "is:unread", "new": "is:new", "starred": "is:starred", "papers": ""}
"""The query of each count, as in the views of the same names."""
FOR_YOU = "is:unread since:7d -is:starred"
"""The unread papers of the view For you; the count `foryou` is that of the ones that fit the taste, as in its row."""
Counts = dict[str, int | None]
"""The counts by name; None: unknown."""
_NAME = "counts"


def state_of(*places: Path) -> str:
    """A text that changes with the day, and with every file at the given paths, files or folders."""
    return f"{datetime.now(UTC):%Y-%m-%d} {state_of_files(*places)}"


def state_of_files(*places: Path) -> str:
    """A text that changes with every file at the given paths, files or folders."""
    found = sorted(f"{path} {status.st_ino} {status.st_size} {status.st_mtime_ns}" for path, status in _files(places))
    return f"{len(found)} {crc32(chr(10).join(found).encode(errors='replace')):08x}"


def _files(places: tuple[Path, ...]) -> Iterator[tuple[str, os.stat_result]]:
    for place in places:
        try:
            with os.scandir(place) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        yield from _files((Path(entry.path),))
                    elif not entry.name.endswith(".tmp") and (status := status_of(entry)):
                        yield entry.path, status
        except NotADirectoryError:
            with suppress(OSError):  # a folder above it may be the file
                yield str(place), os.stat(place)  # noqa: PTH116
        except OSError:
            continue


def known_counts(file: Path, state: str) -> Counts | None:
    """The counts by name; None if anything has changed since `prepare`, or there is no index.

    Args:
        file: The index file.
        state: The current result of `state_of`.
    """
    import sqlite3

    if not is_file(file):  # opening a pipe would wait
        return None
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=1.0)) as db:
            kept = db.execute("select value from meta where name = ?", (_NAME,)).fetchone()
            known: dict[str, Any] = json.loads(kept[0]) if kept else {}
            if known.get("state") != state:
                return None
            if "is_spread_in" in kept[0]:
                from paperdeck.storage.text.alike import is_spread_in

                db.create_function("is_spread_in", 2, is_spread_in, deterministic=True)
            return {name: db.execute(sql, given).fetchone()[0] for name, (sql, given) in known["asks"].items()}
    except (sqlite3.Error, ValueError, KeyError, TypeError):
        return None


def prepare(index: Index, state: str, context: QueryContext, fitting: Collection[str] | None) -> Counts:
    """Count, and store the SQL of the counts; call after the index has caught up.

    Args:
        state: The result of `state_of` before the index caught up.
        context: The time, the last visit and the rules.
        fitting: The papers that fit the taste; None without a taste.
    """
    from .query import parse

    asks: dict[str, tuple[str, Sequence[Any]]] = {
        name: index.count_sql(parse(query), context=context) for name, query in QUESTIONS.items()
    }
    for_you = None if fitting is None else len(set(fitting).intersection(index.find(parse(FOR_YOU), context=context)))
    asks["foryou"] = "select ?", (for_you,)
    with index.database.writing() as db:
        kept = json.dumps({"state": state, "asks": asks})
        db.execute("insert or replace into meta values (?, ?)", (_NAME, kept))
        return {name: db.execute(sql, given).fetchone()[0] for name, (sql, given) in asks.items()}


def last_fetch(ledger: Path) -> datetime | None:
    """When a source last answered; None if none ever did.

    Args:
        ledger: The folder of the ledger.
    """
    newest = max(_files((ledger,)), key=lambda found: found[1].st_mtime_ns, default=None)
    if newest is None:
        return None
    try:
        with open_own(Path(newest[0])) as file:
            days = json.load(file)["ledger"].values()
        times = [datetime.fromisoformat(day["fetched_at"]) for day in days if day["state"] != "failed"]
        return max(times).astimezone(UTC) if times else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
