"""Marks as they are stored and merged: for each field the newest value wins.

A register is `[value, stamp]`, or `[value, stamp, origin]` when undo or redo wrote it: origin is the stamp whose value
it brings back, `""` where nothing was. Merging takes the greater register of each field, so it is commutative,
associative and idempotent: whatever the order in which devices' files arrive, all devices end with the same marks.
In memory the tags stand beside the other fields, as `#thesis`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import orjson

from paperdeck.storage.paper import NO_MARKS, Marks

Register = list[Any]
Registers = Mapping[str, Register]
"""The registers of one paper by field."""
Document = dict[str, Any]

_UNREAD: Mapping[str, Any] = {"read": False, "starred": False, "hidden": False, "note": ""}


def registers_of(document: Mapping[str, Any]) -> dict[str, Register]:
    """The registers in a document."""
    registers = {name: document[name] for name in _UNREAD if name in document}
    tags = document.get("tags")
    return registers | {f"#{tag}": register for tag, register in tags.items()} if tags else registers


def document_of(paper_id: str, registers: Registers) -> Document:
    """The document for registers."""
    document: Document = {"id": paper_id} | {name: registers[name] for name in _UNREAD if name in registers}
    tags = {name[1:]: register for name, register in registers.items() if name[0] == "#"}
    return document | {"tags": tags} if tags else document


def merge(all_registers: Iterable[Registers]) -> dict[str, Register]:
    """The newest register of each field."""
    merged: dict[str, Register] = {}
    for registers in all_registers:
        for name, register in registers.items():
            known = merged.get(name)
            if known is None or is_newer(register, known):
                merged[name] = register
    return merged


def is_newer(register: Register, than: Register) -> bool:
    """Whether a register wins over another; equal stamps (a copied device) are decided by the content."""
    if register[1] != than[1]:
        return bool(register[1] > than[1])
    return orjson.dumps(register) > orjson.dumps(than)


def value_of(registers: Registers, field: str) -> Any:
    """The value of a field, or that of a paper nobody touched."""
    register = registers.get(field)
    return register[0] if register else _UNREAD.get(field, False)


def origin_of(register: Register | None) -> str:
    """The stamp of the change whose value a register shows; `""` if no change made it."""
    if register is None:
        return ""
    return str(register[2] if len(register) > 2 else register[1])


def marks_of(document: Mapping[str, Any]) -> Marks:
    """What the reader sees of one document; NO_MARKS itself where nothing is set."""
    values = {name: document[name][0] for name in _UNREAD if name in document}
    tags = document.get("tags")
    if tags:
        values["tags"] = frozenset(tag for tag, register in tags.items() if register[0])
    return _shared(**values)


@lru_cache(maxsize=512)
def _shared(**values: Any) -> Marks:
    """Marks by their content: of thousands of papers that are just read, all have the same object."""
    marks = Marks(**values)
    return marks if marks else NO_MARKS
