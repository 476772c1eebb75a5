"""The index file: one SQLite database, created if missing and set aside if damaged or foreign.

It is derived from the papers and may be deleted at any time. Several processes can use it at once (WAL): readers never
wait, and write transactions are short.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, RLock
from typing import TYPE_CHECKING

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.atomic import make_folder
from paperdeck.storage.text.alike import is_spread_in

if TYPE_CHECKING:
    import sqlite3

VERSION = 4
"""The version of the schema; a file with another one is rebuilt."""
APPLICATION = 0x50444B31
"""Identifies our SQLite files (`pragma application_id`)."""
OURS = APPLICATION, VERSION
OLDEST_SQLITE = (3, 34, 0)
"""The first version with the trigram tokenizer."""
BUSY_SECONDS = 10.0
"""Time to wait while another process is writing."""
LAST_WRITE_SECONDS = 1.0
"""Time to wait at the end of the program while a thread is writing."""
MAX_IDLE_CONNECTIONS = 4
"""Connections kept open for the next query; each keeps three files open."""
STEPS_BETWEEN_LOOKS = 4_000
"""SQLite's virtual machine steps between checks for cancellation, about half a millisecond."""

SCHEMA = """
create table meta (name text primary key, value) without rowid;
create table file (id integer primary key, block text unique, signature text);
create table paper (
    row integer primary key,      -- day << 20 | number in that day: newest first needs no sort
    number integer not null unique,
    id text not null,
    file integer, at integer, length integer, checksum integer,  -- where its document lies
    state integer not null, has integer not null,
    upvotes integer, stars integer, comments integer,
    gained real, counted integer,  -- upvotes a day, and the half day of the last snapshot
    added text, sources text, categories text, submitter text, labels blob,
    arrived text                  -- when it arrived in the queue, empty if unknown; null: it isn't in the queue
);
create index paper_file on paper (file);
create index paper_upvotes on paper (upvotes) where upvotes is not null;
create index paper_stars on paper (stars) where stars is not null;
create index paper_comments on paper (comments) where comments is not null;
create index paper_counted on paper (counted) where counted is not null;
create index paper_arrived on paper (arrived) where arrived is not null;
create table moved (row integer primary key, number integer not null);
create table text (row integer primary key, words text, ends_title, ends_author, ends_keyword, ends_org, ends_abstract);
create virtual table gram using fts5 (
    words, content='', columnsize=0, detail=none, tokenize='trigram case_sensitive 1'
);
create virtual table vocabulary using fts5vocab (gram, row);
create table label (number integer primary key, kind text, shown text);
create table mark (
    id text primary key, row integer, state integer, tags text, note text, starred_at real
) without rowid;
create index mark_row on mark (row);
create table listing (id integer primary key, name text unique, state text);
create table arrival (number integer, file integer, arrived text, primary key (number, file)) without rowid;
create index arrival_file on arrival (file);
-- The ranking's data, as a log: change is 1 for added terms, -1 for removed ones.
create table terms (serial integer primary key, id text not null, change integer not null, terms blob);
create index terms_id on terms (id);
insert into meta values ('identity', lower(hex(randomblob(8))));
"""

Stop = Callable[[], bool]


class Stopped(Exception):
    """A query was cancelled."""


class Database:
    """Connections to the file. Thread-safe; each connection serves one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open nothing until it is used."""
        self.path = path
        self.writer = RLock()
        """Held by the writing thread of this process."""
        self.generation = 0
        """Increases each time the file is recreated, which tells the indexer to fill it again."""
        self._lock = Lock()
        self._idle: list[sqlite3.Connection] = []
        self._writing: sqlite3.Connection | None = None
        self._inode: int | None = None
        self._ended = False

    @contextmanager
    def reading(self, stop: Stop | None = None) -> Iterator[sqlite3.Connection]:
        """A connection for queries.

        Raises:
            Stopped: `stop` returned True.
            StoreError: the index can't be used; a damaged file has been set aside and replaced by an empty one.
        """
        with self._translated(stop):
            connection = self._take()
            try:
                connection.set_progress_handler(stop, STEPS_BETWEEN_LOOKS)
                yield connection
            finally:
                with suppress(Exception):
                    connection.set_progress_handler(None, 0)
                    if connection.in_transaction:
                        connection.rollback()
                self._give_back(connection)

    @contextmanager
    def writing(self, seconds: float = BUSY_SECONDS) -> Iterator[sqlite3.Connection]:
        """A transaction.

        Raises:
            StoreError: it failed; nothing was written.
        """
        if not self.writer.acquire(timeout=seconds):
            raise StoreError("The index is busy.")
        try:
            with self._translated(None):
                connection = self._writing = self._writing or self._connect()
                connection.execute(f"pragma busy_timeout = {int(seconds * 1000)}")
                connection.execute("begin immediate")
                try:
                    yield connection
                    connection.execute("commit")
                except BaseException:
                    with suppress(Exception):
                        connection.execute("rollback")
                    raise
        finally:
            self.writer.release()

    def close(self) -> None:
        with self._lock:
            connections, self._idle = [*self._idle, *filter(None, [self._writing])], []
            self._writing = None
        for connection in connections:
            with suppress(Exception):
                connection.close()

    def end(self) -> None:
        """Close every connection; one that is in use is closed after its query."""
        self._ended = True
        if self.writer.acquire(timeout=LAST_WRITE_SECONDS):
            try:
                self.close()
            finally:
                self.writer.release()

    def is_gone(self) -> bool:
        """Whether the file was deleted or replaced since it was opened."""
        return self._inode is not None and _inode(self.path) != self._inode

    def recreate(self, *, keep: bool = True) -> None:
        """Set the file aside, or delete it, so that the next use creates a new one."""
        self.close()
        with self._lock:
            with suppress(OSError):
                if keep:
                    stamp = time.strftime("%Y%m%d-%H%M%S")
                    self.path.replace(self.path.with_name(f"{self.path.name}.damaged-{stamp}"))
                else:
                    self.path.unlink()
            for end in ("-wal", "-shm"):
                with suppress(OSError):
                    self.path.with_name(self.path.name + end).unlink()
            self._inode = None
            self.generation += 1

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return self._connect()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if len(self._idle) < MAX_IDLE_CONNECTIONS and not self._ended:
                self._idle.append(connection)
                return
        connection.close()

    @contextmanager
    def _translated(self, stop: Stop | None) -> Iterator[None]:
        import sqlite3

        generation = self.generation
        try:
            yield
        except sqlite3.OperationalError as error:
            if str(error) == "interrupted" or (stop is not None and stop()):
                raise Stopped from None
            if "malformed" in str(error) or "disk I/O" in str(error) or "no such table" in str(error):
                self._replace(generation)
            raise StoreError(f"The index can't be used now: {error}.") from error
        except sqlite3.DatabaseError as error:
            self._replace(generation)
            raise StoreError(f"The index was damaged and is built again: {error}.") from error

    def _replace(self, generation: int) -> None:
        """Recreate the file, unless another thread has done so."""
        with self.writer:
            if generation == self.generation:
                self.recreate()

    def _connect(self) -> sqlite3.Connection:
        import sqlite3

        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise StoreError(f"Searching needs SQLite 3.34 or newer; this Python has {sqlite3.sqlite_version}.")
        with self.writer:
            make_folder(self.path.parent)
            connection = self._opened()
            if (made_by := self._made_by(connection)) != OURS:
                connection.close()
                self.recreate(keep=made_by is None or made_by[0] != APPLICATION)  # another version's is of no use
                connection = self._opened()
                if self._made_by(connection) != OURS:
                    raise StoreError(f"{self.path} can't be made; delete it and try again.")
            self._inode = _inode(self.path)
            return connection

    def _opened(self) -> sqlite3.Connection:
        import sqlite3

        connection = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=64
        )
        connection.create_function("is_spread_in", 2, is_spread_in, deterministic=True)
        return connection

    def _made_by(self, connection: sqlite3.Connection) -> tuple[int, int] | None:
        """The application and version of the file; an empty one is made ours. None: it isn't a database."""
        import sqlite3

        try:
            if not connection.execute("select 1 from sqlite_master limit 1").fetchone():
                _create(connection)
            connection.executescript(
                "pragma synchronous = normal; pragma temp_store = memory; pragma cache_size = -2000"
            )
            application, version = (
                connection.execute(f"pragma {name}").fetchone()[0] for name in ("application_id", "user_version")
            )
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                raise
            return None
        except sqlite3.DatabaseError:
            return None
        return application, version


def _create(connection: sqlite3.Connection) -> None:
    """Create the tables, unless another process was faster."""
    connection.executescript("pragma page_size = 8192; pragma journal_mode = wal; pragma journal_size_limit = 16000000")
    connection.execute("begin immediate")
    if connection.execute("select 1 from sqlite_master limit 1").fetchone():
        connection.execute("commit")
        return
    for statement in SCHEMA.split(";\n"):
        if statement.strip():
            connection.execute(statement)
    connection.execute(f"pragma user_version = {VERSION}")
    connection.execute(f"pragma application_id = {APPLICATION}")
    connection.execute("commit")


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except OSError:
        return None
