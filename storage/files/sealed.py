"""The form of our files: plain TinyDB JSON whose first table, `_meta`, seals the others.

    {"_meta":{"1":{"checksum":"1f0c9a3b","kind":"papers","schema":2}},"papers":{"240112345":{…},…}}

The checksum is the CRC-32 of every byte after it: a flipped bit inside a title is still valid JSON, so JSON alone can't
reveal it.

Other programs may write the file too: stock `TinyDB(path)`, a script, an editor. Such a file does not begin with
exactly these bytes (stock TinyDB writes spaces after colons), so it counts as *open*, and our next write seals it. A
file that begins with the seal must match it. No single flipped bit can turn a sealed file into an open one with wrong
content: it would have to hit the name `_meta` or one of its keys, and an open file with other names there is refused.

Each store checks the shape of every document, sealed or not: a seal proves that the bytes are as written, not that they
make sense. Malformed documents are left out.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

import orjson
from tinydb import TinyDB
from tinydb.storages import Storage

from paperdeck.storage.errors import StoreError

from .disk import Signature, is_there, make_folder, open_own, read_file, reason_for, signature_of, write_files

SCHEMA = 2
"""The version that this program writes."""

META = "_meta"
"""The table that describes the file."""

Document = dict[str, Any]
Tables = dict[str, dict[str, Any]]

_HEAD = b'{"_meta":{"1":{"checksum":"'
_BODY = len(_HEAD) + 8
_LONGEST_SEAL_BYTES = 200
_SCHEMA = re.compile(rb'"schema":(\d{1,9})')


class FileKind(NamedTuple):
    """A kind of file, described by its store."""

    name: str
    """The kind's name; also the name of their table."""
    is_valid: Callable[[Document], bool]
    """Whether a document has the right shape. Called with any JSON object; must not raise."""
    upgrade: Callable[[Document], Document] = lambda document: document
    """Converts an older version's document to the current form. Called with any JSON object; must not raise."""
    number_of: Callable[[Document], int] | None = None
    """The number that a valid document should have; None: any number."""
    combine: Callable[[Document, Document], Document] = lambda _, other: other
    """Merges two documents with the same number."""
    private: bool = False
    """Whether new files are for the user alone."""


class Unreadable(Exception):
    """A file can't be used; the text is a predicate, such as “is empty”."""


class Damaged(Unreadable):
    """The bytes are not a complete file of ours."""


class Newer(Unreadable):
    """The file is complete, but in the format of a newer version."""

    def __init__(self) -> None:
        super().__init__("was written by a newer paperdeck; update paperdeck")


class Content(NamedTuple):
    """The contents of a file."""

    documents: dict[str, Document]
    """The documents by number, in the current form."""
    left_out: int
    """How many malformed documents were left out."""


def encode(kind: FileKind, documents: dict[str, Any]) -> list[bytes | memoryview]:
    """The bytes of a sealed file, in two parts, as joining several megabytes takes longer than encoding them.

    Raises:
        StoreError: a document holds a value that JSON can't express.
    """
    try:
        body = memoryview(orjson.dumps({kind.name: documents}))[1:]
    except orjson.JSONEncodeError as error:
        raise StoreError(f"A file of {kind.name} was not saved, as JSON can't hold it ({error}).") from None
    about = b'","kind":"%b","schema":%d}},' % (kind.name.encode(), SCHEMA)
    return [b"%b%08x%b" % (_HEAD, crc32(body, crc32(about)), about), body]


def decode(kind: FileKind, data: bytes) -> Content:
    """The contents of a file, in the current form.

    Raises:
        Damaged: it is truncated, changed since it was sealed, or of another kind.
        Newer: it is from a newer version of this program.
    """
    if data.startswith(_HEAD) and data[len(_HEAD) : _BODY] != b"%08x" % crc32(memoryview(data)[_BODY:]):
        raise Damaged("does not match its checksum")
    try:
        tables = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise Damaged("is not complete JSON" if data else "is empty") from None
    version = _version(kind, tables)
    found = _table(kind, tables)
    if version < SCHEMA:
        found = {number: kind.upgrade(document) for number, document in found.items()}
    valid = {number: document for number, document in found.items() if kind.is_valid(document)}
    left_out = len(found) - len(valid)
    if kind.number_of and any(number != str(kind.number_of(document)) for number, document in valid.items()):
        valid = _renumbered(kind, valid)
    return Content(valid, left_out)


def is_sealed(data: bytes) -> bool:
    """Whether bytes are of the current version and match their seal."""
    return is_current(data) and data[len(_HEAD) : _BODY] == b"%08x" % crc32(memoryview(data)[_BODY:])


def beginning_of(path: Path) -> bytes:
    """The first bytes of a file, with all of its seal; none if it can't be read."""
    try:
        with open_own(path) as file:
            return file.read(_LONGEST_SEAL_BYTES)
    except OSError:
        return b""


def is_current(data: bytes) -> bool:
    """Whether the beginning of a readable file is sealed and of the current version."""
    return data.startswith(_HEAD) and b'","schema":%d}}' % SCHEMA in data[:_LONGEST_SEAL_BYTES]


def is_newer(data: bytes) -> bool:
    """Whether the beginning of a sealed file is of a newer version."""
    found = _SCHEMA.search(data[:_LONGEST_SEAL_BYTES])
    return data.startswith(_HEAD) and found is not None and int(found[1]) > SCHEMA


def seal_of(data: bytes) -> bytes:
    """The beginning of a sealed file up to its checksum; equal in two files of equal content."""
    return data[:_BODY]


def is_texts(value: object) -> bool:
    """Whether a value from a file is a list of texts."""
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _version(kind: FileKind, tables: Any) -> int:
    """The version of the tables, after checking that they are tables of this kind and nothing else."""
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise Damaged("holds something other than tables")
    meta = tables.get(META)
    if meta is None:
        version = 1
    else:
        about = meta.get("1")
        found = about.get("schema") if isinstance(about, dict) else None
        if isinstance(found, int) and found > SCHEMA:
            raise Newer
        if not isinstance(found, int) or about.keys() != {"checksum", "kind", "schema"} or about["kind"] != kind.name:
            raise Damaged(f"is not a file of {kind.name}")
        version = found
    if tables.keys() - {META, kind.name, "_default"} or tables.get("_default"):
        raise Damaged(f"holds tables other than {kind.name}")
    return version


def _table(kind: FileKind, tables: Tables) -> dict[str, Any]:
    """The documents; a table whose keys are not TinyDB's numbers is refused."""
    table = tables.get(kind.name, {})
    if not all(number.isdecimal() and isinstance(document, dict) for number, document in table.items()):
        raise Damaged("holds something other than documents")
    return table


def _renumbered(kind: FileKind, table: dict[str, Any]) -> dict[str, Any]:
    """The documents under the numbers that they should have, as scripts let TinyDB count from 1."""
    assert kind.number_of
    renumbered: dict[str, Any] = {}
    for document in table.values():
        number = str(kind.number_of(document))
        known = renumbered.get(number)
        renumbered[number] = kind.combine(known, document) if known else document
    return renumbered


def read_sealed(path: Path, kind: FileKind) -> dict[str, Document]:
    """The documents of a file by number; none if there is no file.

    Raises:
        Unreadable: the file is damaged or newer.
        StoreError: it can't be read.
    """
    found = read_file(path)
    return decode(kind, found[0]).documents if found else {}


def readable_documents(path: Path, kind: FileKind) -> list[Document]:
    """The documents of a file; none if it can't be read."""
    try:
        return list(read_sealed(path, kind).values())
    except (Unreadable, StoreError):
        return []


def write_sealed(path: Path, kind: FileKind, documents: dict[str, Document]) -> None:
    """Write a file atomically; its folder is created if necessary.

    Raises:
        StoreError: it failed; the file on the disk stays.
    """
    make_folder(path.parent, private=kind.private)
    write_files({path: encode(kind, documents)}, private=kind.private)


def set_aside(path: Path, now: float) -> Path:
    """Rename a damaged file, in its folder, to a name with the date; it is never deleted.

    Raises:
        StoreError: it can't be renamed.
    """
    stem = f"{path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S', time.localtime(now))}"
    aside, count = path.with_name(stem), 1
    try:
        while is_there(aside):
            count += 1
            aside = path.with_name(f"{stem}-{count}")
        path.rename(aside)
    except OSError as error:
        raise StoreError(f"{path} is damaged and can't be set aside: {reason_for(error)}.") from error
    return aside


@contextmanager
def paused_collector() -> Iterator[None]:
    """Pause the cyclic garbage collector while many long-lived objects are created; it would double the time."""
    import gc

    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class SealedStorage(Storage):
    """A TinyDB storage of one sealed file; it is parsed again only after a change. Not thread-safe.

    TinyDB modifies the objects that `read` returned, so a failed write drops them.
    """

    def __init__(self, path: Path | str, kind: FileKind) -> None:
        self.path = Path(path)
        self.kind = kind
        self.signature: Signature | None = None
        """The file's signature at the last read or write."""
        self.left_out = 0
        """How many malformed documents the file has."""
        self._tables: Tables | None = None

    def read(self) -> Tables | None:
        """The tables, or None if there is no file.

        Raises:
            Unreadable: the file is damaged or newer.
            StoreError: it can't be read.
        """
        current = signature_of(self.path)
        if current is None or current != self.signature:
            self._forget()
            self._load()
        return self._tables

    def _load(self) -> None:
        found = read_file(self.path)
        if found:
            with paused_collector():
                documents, self.left_out = decode(self.kind, found[0])
            self._tables = {self.kind.name: documents}
            self.signature = found[1]

    def _forget(self) -> None:
        """Drop the copy in memory."""
        self._tables = self.signature = None
        self.left_out = 0

    def write(self, data: Tables) -> None:
        """Write all tables.

        Raises:
            StoreError: it failed; the file on the disk stays.
        """
        self._forget()
        write_sealed(self.path, self.kind, data.get(self.kind.name, {}))
        self.adopt(data, signature_of(self.path))

    def adopt(self, tables: Tables, signature: Signature | None) -> None:
        """Replace the cache by what was written."""
        self._tables, self.signature, self.left_out = tables, signature, 0


class DocumentFile:
    """One file with one table, named as its kind. Not thread-safe; the owner must hold a lock."""

    def __init__(self, path: Path, kind: FileKind) -> None:
        self.storage = SealedStorage(path, kind)
        self._table = TinyDB(storage=lambda: self.storage).table(kind.name)

    def get(self, number: int) -> Document | None:
        """One document by its number."""
        return self._table.get(doc_id=number)

    def documents(self) -> list[Document]:
        """All documents, faster than through TinyDB; they are shared with the cache and must not be changed."""
        return list(self._numbered().values())

    def _numbered(self) -> dict[str, Document]:
        return (self.storage.read() or {}).get(self.storage.kind.name, {})

    def draft(self) -> Draft:
        """Its documents, to be changed."""
        documents = self._numbered()
        return Draft(self.storage.path, documents, self.storage.signature)


class Draft:
    """The documents of a file, to be changed while others still read it as it is on the disk."""

    def __init__(self, path: Path, documents: dict[str, Document], before: Signature | None) -> None:
        self.path = path
        self.before = before
        """The signature of the file when it was read; None: there was none."""
        self.numbered = documents
        """The documents by number. They are shared with readers: replaced, never modified."""
        self.is_changed = False
        self.signature: Signature | None = None
        """The file's signature, once the draft is written."""

    def get(self, number: int) -> Document | None:
        """One document by its number."""
        return self.numbered.get(str(number))

    def documents(self) -> list[Document]:
        """All documents."""
        return list(self.numbered.values())

    def replace(self, documents: Iterable[tuple[int, Document]]) -> None:
        """Insert or replace documents by number."""
        self.numbered = self.numbered | {str(number): document for number, document in documents}
        self.is_changed = True

    def remove(self, numbers: Iterable[int]) -> None:
        """Remove documents by number."""
        gone = set(map(str, numbers))
        self.numbered = {number: document for number, document in self.numbered.items() if number not in gone}
        self.is_changed = True
