"""Files that are whole or not there: a TinyDB storage that never leaves half a write behind.

The stock JSONStorage writes in place: a kill, a full disk or a second writer leaves an unreadable file. Here a file is
written beside its place, forced to the disk, renamed over the old one, and the rename forced to the disk as well, so
that whoever opens it sees the old content or the new one. It stays plain TinyDB JSON.
"""

from __future__ import annotations

import errno
import gc
import os
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from tinydb.storages import Storage

from paperdeck.storage.errors import StoreError

from .sealed import Tables, decode, encode_in_parts

Signature = tuple[int, int, int]
"""Inode, size and time of the last change in nanoseconds; as long as it stays, so does the content."""

_TEMPORARY = ".tmp"
_REASONS = {
    errno.ENOSPC: "the disk is full; free some space and try again",
    errno.EDQUOT: "your quota of disk space is used up; free some space and try again",
    errno.EFBIG: "the disk or a limit leaves no room for it; free some space and try again",
    errno.EROFS: "the disk is read-only; make it writable and try again",
    errno.EACCES: "there is no permission; check the rights of its folder",
    errno.EPERM: "there is no permission; check the rights of its folder",
    errno.ENOENT: "its folder is gone; bring it back and try again",
    errno.ENOTDIR: "its folder is gone; bring it back and try again",
    errno.EIO: "the disk reports an error; check the disk",
}


def reason_for(error: OSError) -> str:
    """Why the system refused, and the way out, as the end of a sentence."""
    return _REASONS.get(error.errno or 0, f"the system says “{error.strerror or error}”")


def signature_of(path: Path) -> Signature | None:
    """The signature of a file, or None if there is none."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise StoreError(f"{path} can't be read: {reason_for(error)}.") from error
    return found.st_ino, found.st_size, found.st_mtime_ns


def write_file(path: Path, data: bytes) -> None:
    """Put a whole file in its place, durably.

    Raises:
        StoreError: it did not work; what was there before stays.
    """
    try:
        temporary, _ = _write_beside(path, data)
        _rename(temporary, path)
        _sync_folder(path.parent)
    except OSError as error:
        raise StoreError(f"{path} was not saved: {reason_for(error)}.") from error


def remove_leftovers(folder: Path) -> int:
    """Remove what killed writers left beside the files; only for who holds the folder's lock. How many there were."""
    removed = 0
    with suppress(OSError):
        for path in list(folder.glob(f".*{_TEMPORARY}")):
            path.unlink()
            removed += 1
    return removed


def _write_beside(path: Path, *parts: bytes | memoryview) -> tuple[Path, Signature]:
    """Write and force to the disk a temporary file in the same folder."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}{_TEMPORARY}")
    try:
        with temporary.open("xb", buffering=0) as file:
            for part in parts:
                view = memoryview(part)
                while view:
                    view = view[file.write(view) :]
            os.fsync(file.fileno())
            status = os.fstat(file.fileno())
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    return temporary, (status.st_ino, status.st_size, status.st_mtime_ns)


def _rename(temporary: Path, path: Path) -> None:
    try:
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def _sync_folder(path: Path) -> None:
    """Force the renames in a folder to the disk."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def paused_collector() -> Iterator[None]:
    """Keep the cyclic garbage collector out while many objects are made that will stay; it would take half the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class AtomicJSONStorage(Storage):
    """A TinyDB storage of one sealed file; see seal.py for its form.

    TinyDB changes the very objects that `read` gave it, so after any failure the copy in memory is dropped and the
    next read takes what is on the disk. Not thread-safe; who owns it locks.
    """

    def __init__(self, path: Path | str, kind: str) -> None:
        self.path = Path(path)
        self.kind = kind
        self.signature: Signature | None = None
        """The signature of the file as it was last read or written."""
        self._memory: Tables | None = None
        self._in_transaction = False
        self._changed = False
        self._staged: tuple[Path, Signature] | None = None

    def read(self) -> Tables | None:
        """The tables, or None if there is no file.

        Raises:
            Damaged: the file is not whole.
            StoreError: the system doesn't let us read it.
        """
        if self._changed:
            return self._memory
        current = signature_of(self.path)
        if current is None:
            self.drop()
        elif current != self.signature:
            self._load()
        return self._memory

    def _load(self) -> None:
        self.drop()
        try:
            with self.path.open("rb") as file:
                status = os.fstat(file.fileno())
                data = file.read()
        except FileNotFoundError:
            return
        except OSError as error:
            raise StoreError(f"{self.path} can't be read: {reason_for(error)}.") from error
        with paused_collector():
            self._memory = decode(self.kind, data)
        self.signature = (status.st_ino, status.st_size, status.st_mtime_ns)

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Write all tables, at once or at the end of the transaction.

        Raises:
            StoreError: it did not work; what is on the disk stays.
        """
        self._memory, self._changed = data, True
        if not self._in_transaction:
            with transaction(self):
                pass

    def begin(self) -> None:
        """Hold back writes until `publish`."""
        self._in_transaction = True

    def stage(self) -> None:
        """Write the changed content beside the file."""
        if self._changed and self._memory is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._staged = _write_beside(self.path, *encode_in_parts(self.kind, self._memory))

    @property
    def is_staged(self) -> bool:
        """Whether there is something to publish."""
        return self._staged is not None

    def publish(self) -> None:
        """Put the staged content in the file's place; who calls this forces the folder to the disk."""
        if self._staged:
            temporary, signature = self._staged
            self._staged = None
            _rename(temporary, self.path)
            self.signature = signature
        self._in_transaction = self._changed = False

    def rollback(self) -> None:
        """Forget what was not published."""
        if self._staged:
            with suppress(OSError):
                self._staged[0].unlink()
        self._staged = None
        self._in_transaction = self._changed = False
        self.drop()

    def drop(self) -> None:
        """Forget the copy in memory."""
        self._memory = self.signature = None

    def draft(self) -> AtomicJSONStorage:
        """A storage of the same file, to be changed while others still read this one as it is on the disk.

        Documents are shared: in a draft they may be removed and inserted, but not updated in their place.
        """
        draft = AtomicJSONStorage(self.path, self.kind)
        tables = self.read() or {}
        draft._memory = {name: dict(table) for name, table in tables.items()}
        draft.signature = self.signature
        return draft

    def adopt(self, draft: AtomicJSONStorage) -> None:
        """Take over what a draft has written."""
        self._memory, self.signature = draft._memory, draft.signature


@contextmanager
def transaction(*storages: AtomicJSONStorage, publishing: AbstractContextManager[None] | None = None) -> Iterator[None]:
    """Several TinyDB operations on one or more files as one write of each.

    All files are complete on the disk beside their places before the first is renamed, so a full disk refuses all of
    them. A kill between two renames leaves each file whole, and some of them new.

    Args:
        storages: The files' storages.
        publishing: Entered around the renames, which take no time, unlike the waiting for the disk before and after.

    Raises:
        StoreError: it did not work; the storages have forgotten what was in memory.
    """
    for storage in storages:
        storage.begin()
    current = storages[0].path if storages else Path()
    try:
        yield
        for storage in storages:
            current = storage.path
            storage.stage()
        changed = {storage.path.parent for storage in storages if storage.is_staged}
        with publishing or nullcontext():
            for storage in storages:
                current = storage.path
                storage.publish()
        for folder in changed:
            _sync_folder(folder)
    except OSError as error:
        _roll_back(storages)
        raise StoreError(f"{current} was not saved: {reason_for(error)}.") from error
    except BaseException:
        _roll_back(storages)
        raise


def _roll_back(storages: tuple[AtomicJSONStorage, ...]) -> None:
    for storage in storages:
        storage.rollback()
