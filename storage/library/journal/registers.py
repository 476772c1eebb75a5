"""The journal's data: last-writer-wins registers, one for each field of a paper, of the rules or of the citation keys.

A register is `[value, stamp]`, or `[value, stamp, origin]` if undo or redo wrote it: origin is the stamp of the value
that it restores, `""` if there was none. Merging takes the greater register of each field, so it is commutative,
associative and idempotent: in whatever order devices' files arrive, all devices end with the same values.

A stamp is `<milliseconds since 1970, 15 digits>.<counter, 6 digits>.<device>`, so that stamps sort as text: a hybrid
logical clock, after Kulkarni et al., "Logical Physical Clocks" (2014). A new one takes the time of this device's clock,
unless it replaces a value with a later stamp: then it takes that stamp's time and the next counter. So a change made
with knowledge of another always wins over it, whatever the clocks say, and a clock that is a year ahead wins only over
concurrent changes: the next device that sees its value and changes it gets a greater stamp. Only the stamps of the
replaced fields count, so one wrong clock doesn't pull other fields into the future.

No device makes a stamp after the year 2199. If a file has one, no clock made it: it counts as older than any other, so
that it can't lock a field. Nothing follows the last stamp of 2199, so a change of its value is refused, not lost.

Documents, and the names of their fields in memory:

    {"id": "2605.00001", "read": R, "starred": R, "hidden": R, "note": R, "seen": R, "cite_as": R,
     "tags": {"thesis": R}}
        read, starred, hidden, note, seen, cite_as, #thesis
    {"id": "rules", "view": {"Agents": R}, "place": {"Agents": R}, "mute": {"org:x": R},
     "follow": {"authors Yi Li": R}, "preference": {"theme": R}, "interest": {"world models": R},
     "taste": {"words video generation": R}, "begin": {"hf 2026-11-14": R}}
        view Agents, place Agents, mute org:x, follow authors Yi Li, preference theme, interest world models,
        taste words video generation, begin hf 2026-11-14
    {"id": "keys", "key": {"2401.12345 vaswani2017attention": R}}
        key 2401.12345 vaswani2017attention; a key given by an earlier version has the time of that as its value
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import NoneType
from typing import Any

import orjson

from paperdeck.storage.errors import InvalidInput, StoreError
from paperdeck.storage.files.sealed import Document, FileKind
from paperdeck.storage.identifiers import document_id, is_month, is_paper_id, month_of
from paperdeck.storage.paper import NO_MARKS, Marks
from paperdeck.storage.text.clean import clean_line, clean_tag, clean_text

Register = list[Any]
Registers = Mapping[str, Register]
"""The registers of one subject by field."""
Types = tuple[type, ...]

RULES = "rules"
"""The subject of views, rules and preferences."""
KEYS = "keys"
"""The subject of the citation keys that papers were given."""
GENERAL = (RULES, KEYS)
"""The subjects that aren't papers, each with a file of its own; their documents have the numbers 1 and 2."""

_STAMP = re.compile(r"(?a)\d{15}\.\d{6}\.[a-z0-9-]{1,60}")
_END_MILLISECONDS = 7_258_118_400_000  # the beginning of 2200
_LATEST_CLOCK_MILLISECONDS = _END_MILLISECONDS - 366 * 86_400_000  # leaves room for stamps that count on from it
_LAST_COUNT = 999_999

BEFORE_ALL = f"{0:015}.{0:06}.none"
"""The stamp of values from versions without stamps."""

END = f"{_END_MILLISECONDS:015}"
"""Text that sorts after any valid stamp."""

_UNREAD: Mapping[str, Any] = {"read": False, "starred": False, "hidden": False, "note": "", "seen": "", "cite_as": ""}
_MARK_TYPES: Mapping[str, Types] = {name: (type(value),) for name, value in _UNREAD.items()}
_MARK_GROUPS: Mapping[str, Types] = {"tags": (bool,)}
_RULE_GROUPS: Mapping[str, Types] = {
    "view": (str, NoneType),
    "place": (int, float, NoneType),
    "mute": (bool, NoneType),
    "follow": (bool, NoneType),
    "preference": (str, NoneType),
    "interest": (bool, NoneType),
    "taste": (str, NoneType),
    "begin": (bool, NoneType),
}
_KEY_GROUPS: Mapping[str, Types] = {"key": (bool, int, float, NoneType)}


def added_fields(registers: Registers, marks: Marks) -> dict[str, Any]:
    """The field values that add marks to the existing ones."""
    wanted: dict[str, Any] = {name: True for name in ("read", "starred", "hidden") if getattr(marks, name)}
    wanted |= {f"#{name}": True for tag in marks.tags if (name := _clean_tag(tag))}
    note = str(value_of(registers, "note") or "")
    if marks.note and marks.note not in note:
        wanted["note"] = f"{note}\n{marks.note}" if note else marks.note
    if marks.cite_as and not value_of(registers, "cite_as"):
        wanted["cite_as"] = marks.cite_as
    return {field: value for field, value in wanted.items() if value_of(registers, field) != value}


def removed_fields(registers: Registers) -> dict[str, Any]:
    """The field values that remove all marks."""
    empty = {field: _UNREAD.get(field, False) for field in registers}
    return {field: value for field, value in empty.items() if value_of(registers, field) != value}


def file_of(subject: str) -> str:
    """The name, without suffix, of a subject's file: a month, or one of GENERAL."""
    return subject if subject in GENERAL else month_of(subject)


def file_in(name: str) -> str | None:
    """The month (or one of GENERAL) of a file name, also of a conflict copy; None if it isn't one of our files."""
    stem = next(filter(name.startswith, GENERAL), name[:7])
    is_ours = name.endswith(".json") and (stem in GENERAL or is_month(stem)) and not name[len(stem)].isalnum()
    return stem if is_ours else None


def number_of(subject: str) -> int:
    """The number of a subject's document."""
    return GENERAL.index(subject) + 1 if subject in GENERAL else document_id(subject)


def registers_of(document: Mapping[str, Any]) -> dict[str, Register]:
    """The registers of a document by field.

    Another device may have written any name. Names are cleaned here, so that a change is stored under the name that the
    reader sees; if two registers then have the same name, the newer one counts.
    """
    registers: dict[str, Register] = {}
    for field, register in _fields_of(document):
        usable = register if register[1] <= END else [register[0], BEFORE_ALL]
        if is_newer(usable, registers.get(field)):
            registers[field] = usable
    return registers


def _fields_of(document: Mapping[str, Any]) -> Iterator[tuple[str, Register]]:
    """The fields of a document with clean names; one whose name has no usable character is left out."""
    for name, value in document.items():
        if isinstance(value, dict):
            prefix = "#" if name == "tags" else f"{name} "
            yield from ((field, register) for raw, register in value.items() if (field := clean_field(prefix + raw)))
        elif name != "id":
            yield name, value


def clean_field(field: str) -> str:
    """A field with a clean name, empty if that has no usable character.

    Citation keys stay as they are, so that no invalid one becomes valid.
    """
    if field.startswith("#"):
        return f"#{tag}" if (tag := _clean_tag(field[1:])) else ""
    group, _, name = field.partition(" ")
    if group in _RULE_GROUPS:
        return f"{group} {name}" if (name := clean_line(name)) else ""
    return field


@lru_cache(maxsize=512)
def _clean_tag(name: str) -> str:
    try:
        return clean_tag(name)
    except InvalidInput:
        return ""


def document_of(subject: str, registers: Registers) -> Document:
    document: Document = {"id": subject} | {name: registers[name] for name in _UNREAD if name in registers}
    for field, register in registers.items():
        if field not in _UNREAD:
            group, _, key = ("tags", "", field[1:]) if field[0] == "#" else field.partition(" ")
            document.setdefault(group, {})[key] = register
    return document


def merge(all_registers: Iterable[Registers]) -> dict[str, Register]:
    """The newest register of each field."""
    merged: dict[str, Register] = {}
    for registers in all_registers:
        for name, register in registers.items():
            known = merged.get(name)
            if known is None or is_newer(register, known):
                merged[name] = register
    return merged


def merge_documents(documents: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Register]]:
    """The newest register of each field by subject."""
    found: dict[str, list[Registers]] = {}
    for document in documents:
        found.setdefault(document["id"], []).append(registers_of(document))
    return {
        subject: merge(registers) if len(registers) > 1 else dict(registers[0]) for subject, registers in found.items()
    }


def newer_than(registers: Mapping[str, Registers], known: Mapping[str, Registers]) -> dict[str, dict[str, Register]]:
    """The registers that win over the given ones, by subject."""
    found: dict[str, dict[str, Register]] = {}
    for subject, fields in registers.items():
        old = known.get(subject, {})
        newer = {field: register for field, register in fields.items() if is_newer(register, old.get(field))}
        if newer:
            found[subject] = newer
    return found


def is_newer(register: Register, than: Register | None) -> bool:
    """Whether a register wins over another; for equal stamps (a copied device) the content decides."""
    if than is None:
        return True
    if register[1] != than[1]:
        return bool(register[1] > than[1])
    return orjson.dumps(register) > orjson.dumps(than)


def value_of(registers: Registers, field: str) -> Any:
    """The value of a field; if it was never set, that of an unmarked paper, or None for a rule."""
    register = registers.get(field)
    if register:
        return register[0]
    return _UNREAD.get(field, False) if field in _UNREAD or field[0] == "#" else None


def origin_of(register: Register | None) -> str:
    """The stamp of the change that made a register's value; `""` if there was none."""
    if register is None:
        return ""
    return str(register[2] if len(register) > 2 else register[1])


def marks_of(registers: Registers) -> Marks:
    """The marks in a paper's registers; texts are cleaned, as another device may have written them."""
    values = {name: register[0] for name, register in registers.items() if name in _UNREAD}
    tags = frozenset(name[1:] for name, register in registers.items() if name[0] == "#" and register[0])
    if tags:
        values["tags"] = tags
    if "note" in values:
        values["note"] = clean_text(values["note"])
    if "seen" in values:
        values["seen"] = clean_line(values["seen"])
    if values.get("starred"):
        values["starred_at"] = seconds_of(origin_of(registers["starred"]))
    if "cite_as" in values:
        values["cite_as"] = clean_line(values["cite_as"])
    return _shared(**values)


def marks_in(document: Document) -> Marks:
    """The marks in a document; faster than through its registers."""
    if len(document) == 2 and "read" in document:
        return _JUST_READ if document["read"][0] else NO_MARKS
    return marks_of(registers_of(document))


@lru_cache(maxsize=512)
def _shared(**values: Any) -> Marks:
    """Interns marks: thousands of papers that are only read share one object."""
    marks = Marks(**values)
    return marks if marks else NO_MARKS


_JUST_READ = _shared(read=True)

# -- stamps -------------------------------------------------------------------------------------------------------


def is_stamp(value: object) -> bool:
    """Whether the value has the form of a stamp."""
    return isinstance(value, str) and _STAMP.fullmatch(value) is not None


def next_stamp(now: float, device: str, replaced: Iterable[str] = ()) -> str:
    """A stamp for a change made now, greater than those of the values that it replaces.

    Args:
        now: Seconds since 1970 by this device's clock.
        device: The device's name.
        replaced: The stamps of the replaced values, none of them after END.

    Raises:
        StoreError: there is no greater stamp.
    """
    milliseconds, count = min(max(int(now * 1000), 0), _LATEST_CLOCK_MILLISECONDS), 0
    latest = max(replaced, default="")
    if latest:
        last, last_count = int(latest[:15]), int(latest[16:22])
        if last >= milliseconds:
            milliseconds, count = (last, last_count + 1) if last_count < _LAST_COUNT else (last + 1, 0)
    if milliseconds >= _END_MILLISECONDS:
        raise StoreError(
            f"This can't be changed: the device {latest[23:]} dated it at the end of 2199, and nothing can be later. "
            "Delete the file of that device that holds it from the folder of marks."
        )
    return f"{milliseconds:015}.{count:06}.{device}"


def seconds_of(stamp: str) -> float | None:
    """When a stamp was made, in seconds since 1970 by its device's clock; None if unknown."""
    milliseconds = int(stamp[:15]) if stamp else 0
    return milliseconds / 1000 if milliseconds else None


def seconds_ahead(stamp: str, now: float) -> float:
    """How far a stamp's clock was ahead of now, in seconds; 0 if the stamp did not come from a clock.

    A stamp with a counter replaced a later one, so it says nothing about its device's clock.
    """
    return max(0.0, int(stamp[:15]) / 1000 - now) if stamp[16:22] == "000000" else 0.0


# -- the form of the files -----------------------------------------------------------------------------------------


def is_valid(document: Document) -> bool:
    """Whether a document has one of the shapes shown at the top of this module."""
    subject = document.get("id")
    if not isinstance(subject, str):
        return False
    if subject == RULES:
        return _has_registers(document, {}, _RULE_GROUPS)
    if subject == KEYS:
        return _has_registers(document, {}, _KEY_GROUPS)
    return is_paper_id(subject) and _has_registers(document, _MARK_TYPES, _MARK_GROUPS)


def _has_registers(document: Document, fields: Mapping[str, Types], groups: Mapping[str, Types]) -> bool:
    for name, value in document.items():
        if name in fields:
            if not _is_register(value, fields[name]):
                return False
        elif name in groups:
            if not isinstance(value, dict) or not all(_is_register(each, groups[name]) for each in value.values()):
                return False
        elif name != "id":
            return False
    return True


def _is_register(value: object, types: Types) -> bool:
    if not isinstance(value, list) or len(value) not in (2, 3) or not isinstance(value[0], types):
        return False
    return is_stamp(value[1]) and (len(value) == 2 or value[2] == "" or is_stamp(value[2]))


def _upgrade(document: Document) -> Document:
    """Convert a document of version 1, which had no stamps.

    Its values count as older than any with a stamp, so that they never hide a later change.
    """
    return {name: _stamped(name, value) for name, value in document.items()}


def _stamped(name: str, value: Any) -> Any:
    if name == "tags" and isinstance(value, list):
        return {str(tag): [True, BEFORE_ALL] for tag in value}
    if name in _UNREAD and not isinstance(value, list):
        return [value, BEFORE_ALL]
    return value


def _combine(one: Document, other: Document) -> Document:
    return document_of(one["id"], merge([registers_of(one), registers_of(other)]))


MARKS = FileKind("marks", is_valid, _upgrade, lambda document: number_of(document["id"]), _combine, private=True)
