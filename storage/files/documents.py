"""Folders of TinyDB files of one kind: read without a lock, changed under one, set aside when damaged.

Take the lock between processes before the one around the memory, never the other way round, so that waiting for another
process can't block readers in this one.
"""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import NamedTuple, TypeVar

import orjson

from paperdeck.storage.errors import StoreError
from paperdeck.storage.text.words import count_of

from .disk import (
    Signature,
    cannot_read,
    make_folder,
    read_file,
    remove_leftovers,
    signature_in,
    signature_of,
    status_of,
    write_files,
)
from .locks import WriterLock
from .sealed import (
    Damaged,
    Document,
    DocumentFile,
    Draft,
    FileKind,
    Newer,
    Unreadable,
    encode,
    is_sealed,
    paused_collector,
    set_aside,
)

T = TypeVar("T")

_SECOND_LOOK_SECONDS = 0.05
"""Seconds before a damaged file is read again, as another program may be writing it."""
Clock = Callable[[], float]


class Troubles(list[str]):
    """Messages about damage, without repetitions. Clear the list after showing it."""

    def __init__(self) -> None:
        super().__init__()
        self.left: list[str] = []
        """Messages about damage not repaired."""

    def tell(self, sentence: str) -> None:
        """Add a message about a repair."""
        if sentence not in self:
            self.append(sentence)

    def complain(self, sentence: str) -> None:
        """Add a message about damage that the reader has to repair."""
        self.tell(sentence)
        if sentence not in self.left:
            self.left.append(sentence)


class Raw(NamedTuple):
    """A file's raw bytes and its documents."""

    signature: Signature
    data: bytes | None
    """Its bytes if the seal matches, so offsets into them are reliable; else None."""
    documents: Callable[[], list[Document]]
    """Reads its documents in the current form."""


class DocumentFiles:
    """The files of one kind. Thread-safe."""

    def __init__(self, kind: FileKind, budget: int, lock: WriterLock, clock: Clock, troubles: Troubles) -> None:
        """Files are opened on first use.

        Args:
            kind: What the files hold.
            budget: Bytes of files to keep parsed.
            lock: Held while a file is read, changed and written.
            clock: Seconds since 1970.
            troubles: Gets a message when a file can't be read.
        """
        self.kind = kind
        self.lock = lock
        self.memory = RLock()
        """Held while the cache is read or changed."""
        self._budget = budget
        self._files: OrderedDict[Path, DocumentFile] = OrderedDict()
        self.clock = clock
        self.troubles = troubles
        self._swept: set[Path] = set()
        self.is_watching = False
        """Whether `changed` was called."""
        self._known: dict[str, Signature] = {}
        self._foreign: set[str] = set()
        self.unreadable: dict[Path, str] = {}
        """The files and folders that currently can't be read completely, each with a sentence that says so and why."""

    # -- for subclasses ----------------------------------------------------------------------------------------------

    def name_of(self, path: Path) -> str:
        """The name of a file in `changed`."""
        return path.name

    def wrote(self, path: Path) -> None:
        """Called with `memory` held after we wrote a file."""

    def lost(self, path: Path, aside: Path, damage: Damaged) -> None:
        """Called with the lock held after a damaged file was set aside."""
        self.troubles.tell(f"{path} {damage} and is kept as {aside.name}.")

    # -- reading -----------------------------------------------------------------------------------------------------

    def read(self, path: Path, extract: Callable[[DocumentFile], T]) -> T | None:
        """The result of `extract` for a file, repaired if damaged; None, and a message, if it can't be read."""
        try:
            try:
                return self.take(path, extract)
            except Damaged:
                with self.lock:
                    self.repair(path)
                return self.take(path, extract)
        except Unreadable as reason:
            self.troubles.complain(f"{path} {reason}.")
        except StoreError as error:
            self.troubles.complain(str(error))
        return None

    def documents_in(self, path: Path) -> list[Document]:
        """The documents of a file, repaired if damaged; none, and a message, if it can't be read."""
        return self.read(path, DocumentFile.documents) or []

    def take(self, path: Path, extract: Callable[[DocumentFile], T]) -> T:
        """The result of `extract` for a file, without repair.

        Raises:
            Unreadable: it is damaged or newer.
            StoreError: it can't be read.
        """
        with self.memory:
            file = self._open(path)
            try:
                result = extract(file)
                self.unreadable.pop(path, None)
                if file.storage.left_out:
                    self.left_out(path, file.storage.left_out)
            except (Unreadable, StoreError) as error:
                self.unreadable[path] = f"{path} {error}." if isinstance(error, Unreadable) else str(error)
                raise
            return result

    def left_out(self, path: Path, count: int) -> None:
        """Report a file's malformed documents."""
        self.unreadable[path] = f"{path} has malformed entries."
        self.troubles.complain(f"{path} has {malformed(count)}, left out here.")

    def raw(self, path: Path) -> Raw | None:
        """A file, repaired if damaged; None if it doesn't exist or, with a message, if it can't be read."""

        def documents() -> list[Document]:
            with self.uncached(path), paused_collector():
                return self.documents_in(path)

        for _ in range(2):  # repairing replaces or removes the file
            try:
                found = read_file(path)
            except StoreError as error:
                self.unreadable[path] = str(error)
                self.troubles.complain(str(error))
                return None
            if found is None:
                break
            data, signature = found
            if is_sealed(data):
                self.unreadable.pop(path, None)
                return Raw(signature, data, documents)
            if documents() and signature_of(path) == signature:
                return Raw(signature, None, documents)
        return None

    def picked(self, path: Path, numbers: Iterable[int]) -> list[Document] | None:
        """The documents with some numbers, without checking the others; None: the file has to be read as a whole."""
        data = b""
        with suppress(StoreError):  # reading it as a whole reports the reason
            data, _ = read_file(path) or (b"", None)
        with paused_collector():
            table = orjson.loads(data).get(self.kind.name) if is_sealed(data) else None
        if table is None:
            return None
        found = [table[key] for key in map(str, numbers) if key in table]
        return found if all(map(self.kind.is_valid, found)) else None

    def list_files(self, folder: Path, wanted: Callable[[str], bool]) -> dict[str, Signature]:
        """The wanted files in a folder; none, and a message, if it can't be read."""
        try:
            return self.scanned(folder, wanted)
        except StoreError as error:
            self.troubles.complain(str(error))
            return {}

    def scanned(self, folder: Path, wanted: Callable[[str], bool]) -> dict[str, Signature]:
        """The wanted files in a folder.

        Raises:
            StoreError: it can't be read.
        """
        try:
            found = scan(folder, wanted)
        except StoreError as error:
            self.unreadable[folder] = str(error)
            raise
        self.unreadable.pop(folder, None)
        return found

    def changed(self, present: Mapping[str, Signature]) -> set[str]:
        """The files that other processes changed since the last call; at the first one, since we wrote them.

        Args:
            present: All files by name, with their signatures.
        """
        with self.memory:
            names = present.keys() | self._known.keys() if self.is_watching else self._known.keys()
            self._foreign |= {name for name in names if present.get(name) != self._known.get(name)}
            self._known, self.is_watching = dict(present), True
            changed, self._foreign = self._foreign, set()
            return changed

    def _note(self, name: str, before: Signature | None, after: Signature) -> None:
        """Note a change of our own, and whether it hides one of another process."""
        if before != self._known.get(name) and (self.is_watching or name in self._known):
            self._foreign.add(name)
        self._known[name] = after

    @contextmanager
    def uncached(self, path: Path) -> Iterator[None]:
        """Cache a file only inside the context, unless it was cached before."""
        with self.memory:
            in_use = path in self._files
        try:
            yield
        finally:
            if not in_use:
                with self.memory:
                    self._files.pop(path, None)

    def _open(self, path: Path) -> DocumentFile:
        file = self._files.get(path)
        if file is None:
            self._shrink()
            file = self._files[path] = DocumentFile(path, self.kind)
        self._files.move_to_end(path)
        return file

    def _shrink(self) -> None:
        """Drop the least recently used files until the rest fit in the budget, in bytes on the disk."""
        sizes = {path: file.storage.signature[1] for path, file in self._files.items() if file.storage.signature}
        total = sum(sizes.values())
        for path in [*self._files][:-1]:
            if total <= self._budget:
                break
            total -= sizes.get(path, 0)
            del self._files[path]

    # -- writing -----------------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self, *paths: Path) -> Iterator[list[Draft]]:
        """Files to change in one transaction under the lock; they are first reread and repaired.

        Readers in other threads see the old content, without waiting for the disk, until the new one is complete.

        Raises:
            StoreError: nothing was changed.
        """
        with self.lock:
            for path in paths:
                self._sweep(path.parent)
                self.repair(path)
            drafts = [self._draft(path) for path in paths]
            yield drafts
            if changed := {draft.path: draft for draft in drafts if draft.is_changed}:
                self._write(changed)

    def _draft(self, path: Path) -> Draft:
        try:
            return self.take(path, DocumentFile.draft)
        except Newer as newer:
            raise StoreError(f"{path} {newer} to change it.") from newer
        except Damaged as damage:  # changed after the repair, by a program that ignores the lock
            raise StoreError(f"{path} {damage}; try again.") from damage

    def _write(self, drafts: dict[Path, Draft]) -> None:
        for path in drafts:
            make_folder(path.parent, private=self.kind.private)
        contents = {path: encode(self.kind, draft.numbered) for path, draft in drafts.items()}

        @contextmanager
        def publishing(signatures: Mapping[Path, Signature]) -> Iterator[None]:
            """Show readers the new content once it has replaced the old."""
            with self.memory:
                yield
                for path, signature in signatures.items():
                    self._open(path).storage.adopt({self.kind.name: drafts[path].numbered}, signature)
                    drafts[path].signature = signature
                    self._note(self.name_of(path), drafts[path].before, signature)
                    self.wrote(path)

        write_files(contents, private=self.kind.private, publishing=publishing)

    def _sweep(self, folder: Path) -> None:
        """Once per process, delete temporary files of killed writers. Needs the lock, so no process is writing."""
        if folder not in self._swept:
            remove_leftovers(folder)
            self._swept.add(folder)

    def repair(self, path: Path) -> None:
        """Set a damaged file aside. Needs the lock, as another process may have done so already.

        The file is read twice, as a program that writes in place, such as stock TinyDB, may be halfway through.
        """
        try:
            self._check(path)
        except Damaged:
            time.sleep(_SECOND_LOOK_SECONDS)
            try:
                self._check(path)
            except Damaged as damage:
                self.lost(path, set_aside(path, self.clock()), damage)

    def _check(self, path: Path) -> None:
        """Read a file to check it.

        Raises:
            Damaged: it is damaged.
        """
        with suppress(Newer):
            self.take(path, lambda file: file.storage.read())


def scan(folder: Path, wanted: Callable[[str], bool]) -> dict[str, Signature]:
    """The names and signatures of the wanted files in a folder; empty if the folder doesn't exist.

    Raises:
        StoreError: the folder can't be read.
    """
    found: dict[str, Signature] = {}
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if wanted(entry.name) and (status := status_of(entry)):
                    found[entry.name] = signature_in(status)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise cannot_read(folder, error) from error
    return found


def malformed(count: int) -> str:
    """A number of malformed documents in words."""
    return count_of(count, "malformed entry", "malformed entries")
