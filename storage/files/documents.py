"""TinyDB files as the parts of the store use them: one table a file, and what is common to folders of such files."""

from __future__ import annotations

import os
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tinydb import TinyDB
from tinydb.table import Document

from paperdeck.storage.errors import StoreError
from paperdeck.storage.identifiers import UNDATED

from .atomic import AtomicJSONStorage, Signature, reason_for


class Raw(NamedTuple):
    """A file as it was read."""

    signature: Signature
    data: bytes | None
    """Its bytes if they are sealed, so that places in them can be relied on."""
    documents: Callable[[], list[dict[str, Any]]]
    """Reads its documents in today's form."""


class DocumentFile:
    """One file with one table, named as its kind. Not thread-safe; who owns it locks."""

    def __init__(self, path: Path, kind: str, storage: AtomicJSONStorage | None = None) -> None:
        self.storage = storage or AtomicJSONStorage(path, kind)
        """The storage, for transactions."""
        self._table = TinyDB(storage=lambda: self.storage).table(kind)

    def draft(self) -> DocumentFile:
        """The same file, to be changed while others still read this one as it is on the disk."""
        return DocumentFile(self.storage.path, self.storage.kind, self.storage.draft())

    def __iter__(self) -> Iterator[Document]:
        """All documents; what is inside them is shared with memory and must not be changed."""
        return iter(self._table)

    def get(self, number: int) -> Document | None:
        """One document by its number."""
        return self._table.get(doc_id=number)

    def replace(self, documents: Iterable[tuple[int, dict[str, Any]]]) -> None:
        """Put documents in, each in the place of the one that had its number; the old ones are not touched."""
        new = [Document(document, number) for number, document in documents]
        self._table.remove(doc_ids=[document.doc_id for document in new])
        self._table.insert_multiple(new)


class OpenFiles:
    """The files in use; the least recently used are forgotten when all together get large."""

    def __init__(self, kind: str, budget: int) -> None:
        self._kind = kind
        self._budget = budget
        self._files: OrderedDict[Path, DocumentFile] = OrderedDict()

    def open(self, path: Path) -> DocumentFile:
        """The file at a path; it need not exist."""
        file = self._files.get(path)
        if file is None:
            file = self._files[path] = DocumentFile(path, self._kind)
            self._shrink()
        self._files.move_to_end(path)
        return file

    def __contains__(self, path: Path) -> bool:
        return path in self._files

    def forget(self, path: Path) -> None:
        """Let go of what is in memory of a file."""
        self._files.pop(path, None)

    def _shrink(self) -> None:
        """Forget the oldest until what stays fits in the budget, in bytes on the disk."""
        sizes = [(path, file.storage.signature) for path, file in self._files.items()]
        total = sum(signature[1] for _, signature in sizes if signature)
        for path, signature in sizes[:-1]:
            if total <= self._budget:
                break
            total -= signature[1] if signature else 0
            del self._files[path]


def scan(folder: Path, wanted: Callable[[str], bool]) -> dict[str, Signature]:
    """The names and signatures of the wanted files in a folder; nothing if the folder isn't there.

    Raises:
        StoreError: the folder can't be read.
    """
    found: dict[str, Signature] = {}
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if wanted(entry.name):
                    status = entry.stat()
                    found[entry.name] = status.st_ino, status.st_size, status.st_mtime_ns
    except (FileNotFoundError, NotADirectoryError):
        return {name: signature for name, signature in found.items() if (folder / name).exists()}
    except OSError as error:
        raise StoreError(f"{folder} can't be read: {reason_for(error)}.") from error
    return found


def set_aside(path: Path, now: float) -> Path:
    """Rename a damaged file, next to its place, to a name with the date; it is never deleted.

    Raises:
        StoreError: it can't be renamed.
    """
    stem = f"{path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S', time.localtime(now))}"
    aside, count = path.with_name(stem), 1
    try:
        while aside.exists():
            count += 1
            aside = path.with_name(f"{stem}-{count}")
        path.rename(aside)
    except OSError as error:
        raise StoreError(f"{path} is damaged and can't be set aside: {reason_for(error)}.") from error
    return aside


def is_month(name: str) -> bool:
    """Whether the text names a month as files do."""
    return name == UNDATED or (len(name) == 7 and name[4] == "-" and name[:4].isdecimal() and name[5:].isdecimal())


def iso_time(now: float) -> str:
    """A time in UTC as ISO 8601 to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))
