"""The index file: one SQLite database, created if missing and set aside if damaged or foreign.

It is derived from the papers and may be deleted at any time. Several processes can use it at once (WAL): readers never
wait, and write transactions are short. Where the disk doesn't let us make it, this process keeps it in memory.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, RLock
from typing import TYPE_CHECKING

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.disk import check_regular, reason_for
from paperdeck.storage.text.alike import is_spread_in

if TYPE_CHECKING:
    import sqlite3
    from tempfile import TemporaryDirectory

VERSION = 8
"""The version of the schema; a file with another one is rebuilt."""
APPLICATION = 0x50444B31
"""Identifies our SQLite files (`pragma application_id`)."""
OURS = APPLICATION, VERSION
OLDEST_SQLITE = (3, 34, 0)
"""The oldest version that we support, that of Debian 11."""
SHARED_MEMORY_SQLITE = (3, 36, 0)
"""The first version whose database in memory can have several connections; before, it is in a temporary folder."""
BUSY_SECONDS = 10.0
"""Time to wait while another process is writing."""
LAST_WRITE_SECONDS = 1.0
"""Time to wait at the end of the program while a thread is writing."""
MAX_IDLE_CONNECTIONS = 4
"""Connections kept open for the next query; each keeps three files open."""
STEPS_BETWEEN_LOOKS = 4_000
"""SQLite's virtual machine steps between checks for cancellation, about half a millisecond."""
_PROBE_BYTES = 1 << 16
"""Bytes written to learn why SQLite can't write, as it doesn't say."""

SCHEMA = """
create table meta (name text primary key, value) without rowid;
create table file (id integer primary key, block text unique, signature text);
create table paper (
    row integer primary key,      -- (first) day << 20 | number in that day: newest first needs no sort
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
create table vague (
    row integer primary key, last integer  -- the last day on which a paper in the row of its first may have appeared
);
create table moved (row integer primary key, number integer not null);
create table text (row integer primary key, words text, ends_title, ends_author, ends_keyword, ends_org, ends_abstract);
create virtual table gram using fts5 (
    grams, content='', columnsize=0, detail=none,  -- a token is whatever stands between spaces
    tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'"
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

    def __init__(self, path: Path | None, tell: Callable[[str], None] = lambda _: None) -> None:
        """Open nothing until it is used.

        Args:
            path: The file; None: it is only in memory.
            tell: Gets a sentence if the file can't be made, and memory is used.
        """
        self.path = path
        self._tell = tell
        self.writer = RLock()
        """Held by the writing thread of this process."""
        self.generation = 0
        """Increases each time the file is recreated, which tells the indexer to fill it again."""
        self._lock = Lock()
        self._idle: list[sqlite3.Connection] = []
        self._writing: sqlite3.Connection | None = None
        self._inode: int | None = None
        self._in_memory: sqlite3.Connection | None = None  # keeps the database in memory alive
        self._folder: TemporaryDirectory[str] | None = None
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
            connections, self._idle = [*self._idle, *filter(None, [self._writing, self._in_memory])], []
            self._writing = self._in_memory = None
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
        return self.path is not None and self._inode is not None and _inode(self.path) not in (None, self._inode)

    def recreate(self, *, keep: bool = True) -> None:
        """Set the file aside, or delete it, so that the next use creates a new one."""
        self.close()
        with self._lock:
            if self.path:
                _clear(self.path, keep=keep)
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
            if "malformed" in str(error) or "no such table" in str(error) or _is_cut(error):
                self._replace(generation)
            raise StoreError(f"The search index can't be used now: {self._reason(error)}.") from error
        except sqlite3.DatabaseError as error:
            self._replace(generation)
            raise StoreError(f"The search index was damaged and is built again: {error}.") from error

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
            if self.path and not self._in_memory:
                try:
                    return self._on_disk(self.path)
                except OSError as error:
                    reason = reason_for(error)
                except sqlite3.OperationalError as error:
                    if _is_busy(error):
                        raise
                    reason = self._reason(error)
                if self._inode is not None:  # it was used before, and another one would be empty
                    raise StoreError(f"The search index {self.path} can't be read now: {reason}.")
                self._tell(f"The search index {self.path} can't be made, so it is only kept in memory: {reason}.")
            return self._of_memory()

    def _on_disk(self, path: Path) -> sqlite3.Connection:
        """A connection to the file, which is made or replaced if necessary.

        Raises:
            OSError, sqlite3.OperationalError: it can't be made.
        """
        import sqlite3

        path.parent.mkdir(parents=True, exist_ok=True)
        for _ in range(2):
            with suppress(FileNotFoundError):
                check_regular(path.stat())
            connection = _opened(str(path))
            try:
                made_by = _made_by(connection)
            except BaseException:
                connection.close()
                raise
            if made_by == OURS:
                self._inode = _inode(path)
                return connection
            connection.close()
            self.recreate(keep=made_by is None or made_by[0] != APPLICATION)  # another version's is of no use
        raise sqlite3.OperationalError("another file is there")

    def _of_memory(self) -> sqlite3.Connection:
        """A connection to the database in memory, which lives as long as one connection to it."""
        if self._in_memory is None:
            self._in_memory = _opened(self._memory())
            _made_by(self._in_memory)
        connection = _opened(self._memory())
        _made_by(connection)
        return connection

    def _memory(self) -> str:
        """The name of the database in memory."""
        import sqlite3

        if sqlite3.sqlite_version_info >= SHARED_MEMORY_SQLITE:
            return f"file:/paperdeck-{id(self)}-{self.generation}?vfs=memdb"
        from tempfile import TemporaryDirectory

        try:
            self._folder = self._folder or TemporaryDirectory(prefix="paperdeck-", ignore_cleanup_errors=True)
        except OSError as error:
            raise StoreError(f"The search index can't be made: {reason_for(error)}.") from error
        return f"{self._folder.name}/index-{self.generation}.sqlite"

    def _reason(self, error: sqlite3.OperationalError) -> str:
        """Why SQLite failed, with the remedy, as the end of a sentence."""
        if _is_busy(error):
            return "another program is writing it; try again when that has ended"
        if self.path and not self._in_memory:
            from tempfile import TemporaryFile

            try:
                with TemporaryFile(dir=self.path.parent) as file:
                    file.write(bytes(_PROBE_BYTES))
            except OSError as refusal:
                return reason_for(refusal)
        if "full" in str(error):
            return reason_for(OSError(errno.ENOSPC, ""))
        if "readonly" in str(error) or "unable to open" in str(error):
            return reason_for(OSError(errno.EACCES, ""))
        return f"SQLite says “{error}”; delete it and try again"


def _clear(path: Path, *, keep: bool) -> None:
    """Set a file aside, or delete it, so that a new one can be made; an empty one is not worth keeping."""
    with suppress(OSError):
        if keep and path.stat().st_size:
            stamp = time.strftime("%Y%m%d-%H%M%S")
            path.replace(path.with_name(f"{path.name}.damaged-{stamp}"))
        else:
            path.unlink()
    for end in ("-wal", "-shm"):
        with suppress(OSError):
            path.with_name(path.name + end).unlink()


def _opened(name: str) -> sqlite3.Connection:
    import sqlite3

    connection = sqlite3.connect(
        name,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=64,
        uri=name.startswith("file:"),
    )
    connection.create_function("is_spread_in", 2, is_spread_in, deterministic=True)
    return connection


def _made_by(connection: sqlite3.Connection) -> tuple[int, int] | None:
    """The application and version of the database; an empty one is made ours. None: it is damaged or none at all.

    Raises:
        sqlite3.OperationalError: it is in use, or the disk doesn't allow it.
    """
    import sqlite3

    try:
        if not connection.execute("select 1 from sqlite_master limit 1").fetchone():
            _create(connection)
        connection.executescript("pragma synchronous = normal; pragma temp_store = memory; pragma cache_size = -2000")
        application, version = (
            connection.execute(f"pragma {name}").fetchone()[0] for name in ("application_id", "user_version")
        )
    except sqlite3.OperationalError as error:
        if _is_cut(error):
            return None
        raise
    except sqlite3.DatabaseError:
        return None
    return application, version


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return "locked" in str(error) or "busy" in str(error)


def _is_cut(error: sqlite3.OperationalError) -> bool:
    """Whether a part of the file is missing; other failures of the disk say nothing about the file."""
    import sqlite3

    return error.sqlite_errorcode in (sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_IOERR_READ)


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
    """The number of a file; 0: it is gone, None: that can't be known."""
    try:
        return path.stat().st_ino
    except OSError as error:
        return 0 if isinstance(error, FileNotFoundError) else None
