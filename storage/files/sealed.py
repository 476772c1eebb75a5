"""The form of our files: plain TinyDB JSON whose first table, `_meta`, seals the others.

    {"_meta":{"1":{"checksum":"1f0c9a3b","kind":"papers","schema":2}},"papers":{"240112345":{…},…}}

The checksum is the CRC-32 of every byte behind it. A flipped bit inside a title is still valid JSON; the seal tells.

Another program may write the file too: the stock `TinyDB(path)`, a script, an editor. Such a file does not begin with
exactly these bytes (the stock program puts blanks behind colons), so it is *open*: it is accepted if every document
has its right shape, and sealed again by our next write. A file that begins with the seal must match it. No single
flipped bit turns a sealed file into an open one that shows anything wrong: what it could hit is the name of `_meta` or
of one of its keys, and an open file with any other names there is refused.
"""

from __future__ import annotations

from typing import Any
from zlib import crc32

import orjson

from paperdeck.storage.identifiers import document_id
from paperdeck.storage.library.schema import SCHEMA, combine, is_document, upgrade

META = "_meta"
"""The table that says what the file is."""

Tables = dict[str, dict[str, Any]]

_HEAD = b'{"_meta":{"1":{"checksum":"'
_BODY = len(_HEAD) + 8


class Damaged(Exception):
    """The bytes are not a whole file of ours; the text continues a sentence: “it …”."""


def encode(kind: str, tables: Tables) -> bytes:
    """The bytes of a sealed file."""
    return b"".join(encode_in_parts(kind, tables))


def encode_in_parts(kind: str, tables: Tables) -> tuple[bytes, memoryview]:
    """The bytes of a sealed file in two parts, as copying several megabytes into one takes longer than making them."""
    body = memoryview(orjson.dumps({name: table for name, table in tables.items() if name != META}))[1:]
    about = b'","kind":"%b","schema":%d}}%b' % (kind.encode(), SCHEMA, b"," if len(body) > 1 else b"")
    return b"%b%08x%b" % (_HEAD, crc32(body, crc32(about)), about), body


def decode(kind: str, data: bytes) -> Tables:
    """The tables in a file, in today's form.

    Raises:
        Damaged: it is cut, changed since it was sealed, of another kind, or from a newer version of this program.
    """
    sealed = data.startswith(_HEAD)
    if sealed and data[len(_HEAD) : _BODY] != b"%08x" % crc32(memoryview(data)[_BODY:]):
        raise Damaged("does not match its checksum")
    try:
        tables = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise Damaged("is not whole JSON" if data else "is empty") from None
    version = _version(kind, tables)
    if version < SCHEMA:
        tables = {kind: {number: upgrade(kind, document) for number, document in _table(kind, tables).items()}}
    if not sealed:
        tables[kind] = _checked(kind, _table(kind, tables))
    tables[META] = {"1": {"checksum": "", "kind": kind, "schema": SCHEMA}}
    return tables  # type: ignore[no-any-return]


def is_sealed(data: bytes) -> bool:
    """Whether bytes are of today's version and match their seal."""
    return is_current(data) and data[len(_HEAD) : _BODY] == b"%08x" % crc32(memoryview(data)[_BODY:])


def is_current(data: bytes) -> bool:
    """Whether readable bytes are sealed and of today's version; else another program or version wrote them."""
    return data.startswith(_HEAD) and b'","schema":%d}}' % SCHEMA in data[:200]


def _version(kind: str, tables: Any) -> int:
    """The version of the tables, once they are known to be tables of this kind and nothing else."""
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise Damaged("holds something else than tables")
    meta = tables.get(META)
    if meta is None:
        version = 1
    else:
        about = meta.get("1")
        if not isinstance(about, dict) or about.keys() != {"checksum", "kind", "schema"} or about["kind"] != kind:
            raise Damaged(f"is not a file of {kind}")
        version = about["schema"]
        if not isinstance(version, int) or version > SCHEMA:
            raise Damaged("was written by a newer version of paperdeck")
    if tables.keys() - {META, kind, "_default"} or tables.get("_default"):
        raise Damaged(f"holds other tables than {kind}")
    return version


def _checked(kind: str, table: dict[str, Any]) -> dict[str, Any]:
    """The documents of an open file, under the numbers that they should have; scripts let TinyDB count from 1."""
    if not all(is_document(kind, document) for document in table.values()):
        raise Damaged("holds something else than it should")
    checked: dict[str, Any] = {}
    for number, document in table.items():
        key = str(document_id(document["id"])) if kind in ("papers", "marks") else number
        checked[key] = combine(kind, checked[key], document) if key in checked else document
    return checked


def _table(kind: str, tables: Tables) -> dict[str, Any]:
    """The documents; a table whose keys are not TinyDB's numbers is refused."""
    table = tables.get(kind, {})
    if not all(number.isdecimal() and isinstance(document, dict) for number, document in table.items()):
        raise Damaged("holds something else than documents")
    return table
