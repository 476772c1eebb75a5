"""One writer at a time among all threads and processes of this device."""

from __future__ import annotations

from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING

from paperdeck.storage.errors import StoreError

from .disk import make_folder, reason_for

if TYPE_CHECKING:
    from filelock import BaseFileLock

PATIENCE_SECONDS = 10.0
"""Seconds to wait for another process before a change is refused."""

_POLL_SECONDS = 0.004


class WriterLock:
    """A reentrant lock for read-change-write; the system releases it when its holder is killed.

    It has a file of its own: data files are replaced, and a lock on a replaced file guards nothing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = RLock()
        self._file: BaseFileLock | None = None

    def __enter__(self) -> None:
        self._threads.acquire()
        try:
            self._acquire()
        except BaseException:
            self._threads.release()
            raise

    def _acquire(self) -> None:
        from filelock import FileLock, Timeout  # imported here: reading needs no lock, and the import slows startup

        try:
            if self._file is None:
                self._file = FileLock(str(self._path), timeout=PATIENCE_SECONDS, thread_local=False)
            if not self._file.is_locked:
                make_folder(self._path.parent, private=True)
            self._file.acquire(poll_interval=_POLL_SECONDS)
        except Timeout:
            raise StoreError(
                f"Another paperdeck has held {self._path} for {PATIENCE_SECONDS:g} seconds; close it or try again."
            ) from None
        except OSError as error:
            raise StoreError(f"Nothing can be saved, as {self._path} can't be locked: {reason_for(error)}.") from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._file:
                self._file.release()
        finally:
            self._threads.release()
