"""The files of one kind: read without a lock, changed under it, set aside when damaged.

Who waits for another process must not keep this process's readers waiting; therefore the lock between processes is
always taken before the one around the memory, never while holding it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import TypeVar

from paperdeck.storage.errors import StoreError

from .atomic import Signature, remove_leftovers, transaction
from .documents import DocumentFile, OpenFiles, scan, set_aside
from .locks import WriterLock
from .sealed import Damaged

T = TypeVar("T")

_SECOND_LOOK = 0.05
Clock = Callable[[], float]


class Troubles(list[str]):
    """Sentences for the reader; none is there twice."""

    def __init__(self) -> None:
        super().__init__()
        self.left: list[str] = []
        """Those that tell of something that was not put right."""

    def tell(self, sentence: str) -> None:
        """Add a sentence about something that was put right."""
        if sentence not in self:
            self.append(sentence)

    def complain(self, sentence: str) -> None:
        """Add a sentence about something that the reader has to put right."""
        self.tell(sentence)
        if sentence not in self.left:
            self.left.append(sentence)


class GuardedFiles:
    """The files of one kind. Thread-safe."""

    def __init__(self, kind: str, budget: int, lock: WriterLock, clock: Clock, troubles: Troubles) -> None:
        """Open nothing yet.

        Args:
            kind: The kind of the files, and the name of their table.
            budget: How many bytes of files to keep parsed.
            lock: Held while a file is read, changed and written.
            clock: Seconds since 1970.
            troubles: Gets a sentence when a file can't be read.
        """
        self.lock = lock
        self.memory = RLock()
        """Held while anything in memory is read or changed."""
        self._files = OpenFiles(kind, budget)
        self._clock = clock
        self._troubles = troubles
        self._swept: set[Path] = set()

    def seen(self, path: Path, signature: Signature | None, *, ours: bool) -> None:
        """A file was read, or written by us; for subclasses that watch. Called with `memory` held."""

    def lost(self, path: Path, aside: Path, damage: Damaged) -> None:
        """A damaged file was set aside. Called with the lock held."""
        raise NotImplementedError

    def read(self, path: Path, take: Callable[[DocumentFile], T]) -> T | None:
        """What `take` gives for a file, mended if it is damaged; None (and a trouble told) if it can't be read."""
        try:
            try:
                return self.take(path, take)
            except Damaged:
                with self.lock:
                    self.mend(path)
                return self.take(path, take)
        except (StoreError, Damaged) as error:
            self._troubles.complain(str(error) if isinstance(error, StoreError) else f"{path} {error}.")
            return None

    def look(self, folder: Path, wanted: Callable[[str], bool]) -> dict[str, Signature]:
        """The wanted files in a folder; none (and a trouble told) if it can't be read."""
        try:
            return scan(folder, wanted)
        except StoreError as error:
            self._troubles.complain(str(error))
            return {}

    def take(self, path: Path, take: Callable[[DocumentFile], T]) -> T:
        """What `take` gives for a file as it is."""
        with self.memory:
            file = self._files.open(path)
            result = take(file)
            self.seen(path, file.storage.signature, ours=False)
            return result

    @contextmanager
    def passing(self, path: Path) -> Iterator[None]:
        """Read a file within, and let go of it afterwards unless it was in use before."""
        with self.memory:
            in_use = path in self._files
        try:
            yield
        finally:
            if not in_use:
                with self.memory:
                    self._files.forget(path)

    @contextmanager
    def writing(self, *paths: Path) -> Iterator[list[DocumentFile]]:
        """Files to be changed in one transaction under the lock, read afresh and mended before.

        Readers in other threads see the old content, without waiting for the disk, until the new is complete.

        Raises:
            StoreError: nothing was changed.
        """
        with self.lock:
            for path in paths:
                self._sweep(path.parent)
                self.mend(path)
            drafts = [self._draft(path) for path in paths]
            with transaction(*(draft.storage for draft in drafts), publishing=self._publishing(drafts)):
                yield drafts

    def _draft(self, path: Path) -> DocumentFile:
        try:
            return self.take(path, DocumentFile.draft)
        except Damaged as damage:  # since it was mended, by a program that doesn't know the lock
            raise StoreError(f"{path} {damage}; try again.") from damage

    @contextmanager
    def _publishing(self, drafts: list[DocumentFile]) -> Iterator[None]:
        """Let readers see the drafts once they are in their places."""
        with self.memory:
            yield
            for draft in drafts:
                path = draft.storage.path
                self._files.open(path).storage.adopt(draft.storage)
                self.seen(path, draft.storage.signature, ours=True)

    def _sweep(self, folder: Path) -> None:
        """Once a process, remove what killed writers left; nobody else writes there while the lock is held."""
        if folder not in self._swept:
            remove_leftovers(folder)
            self._swept.add(folder)

    def mend(self, path: Path) -> None:
        """Set a damaged file aside; only under the lock, as another process may have done so already.

        The second look is for programs that write in place, as the stock TinyDB does: they may be half-way.
        """
        try:
            self.take(path, _whole)
        except Damaged:
            time.sleep(_SECOND_LOOK)
            try:
                self.take(path, _whole)
            except Damaged as damage:
                self.lost(path, set_aside(path, self._clock()), damage)


def _whole(file: DocumentFile) -> None:
    """Read a file.

    Raises:
        Damaged: it is.
    """
    file.storage.read()
