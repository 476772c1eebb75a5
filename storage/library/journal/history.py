"""The undo history: `history/00000042.json`, one small file for each change of the reader's on this device.

A step says what it changed, and which step came before it (`base`): `[id, field, old, new, stamp, origin]`, the stamp
being its own, the origin that of the change whose value it replaced. Steps are never rewritten. Undo moves a head,
kept in `head.json`, to the base; redo moves it to the newest step whose base it is. A new step starts at the head, so
what was undone before it is out of reach, and its own file is proof that an older `head.json` no longer counts.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.atomic import reason_for, write_file
from paperdeck.storage.files.documents import DocumentFile, set_aside
from paperdeck.storage.files.guarded import Clock
from paperdeck.storage.files.sealed import Damaged, encode

_KEPT = 300
_SLACK = 50


class Change(NamedTuple):
    """One field of one paper in a step."""

    id: str
    """The paper."""
    field: str
    """The field, or `#` and a tag."""
    old: Any
    """Its value before."""
    new: Any
    """Its value after."""
    stamp: str
    """The stamp that the new value got."""
    origin: str
    """The stamp of the change that made the old value; `""` if none did."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A step as it is on the disk."""

    number: int
    """Steps are numbered in the order in which they were made."""
    base: int
    """The number of the step that this one came after; 0 for none."""
    label: str
    """What it was called."""
    changes: tuple[Change, ...]
    """What it did."""


class History:
    """The steps of this device. Who uses it holds the lock of the marks."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    def append(self, label: str, changes: Sequence[Change]) -> int:
        """Write down a step before it is done; its number.

        Raises:
            StoreError: it could not be written.
        """
        numbers = self.numbers()
        number = max(numbers, default=0) + 1
        document = {"label": label, "base": self._head(numbers), "changes": [list(change) for change in changes]}
        self._write(self._path(number), document)
        if len(numbers) > _KEPT + _SLACK:
            for old in numbers[:-_KEPT]:
                self.forget(old)
        return number

    def forget(self, number: int) -> None:
        """Remove a step that was not done after all, or is too old."""
        with suppress(OSError):
            self._path(number).unlink()

    def undoable(self) -> Iterator[Recorded]:
        """The steps that are done, newest first."""
        number = self._head(self.numbers())
        while number and (step := self._read(number)):
            yield step
            number = step.base

    def redoable(self) -> Iterator[Recorded]:
        """The steps that were undone, in the order in which they were made."""
        numbers = self.numbers()
        head = self._head(numbers)
        undone = [step for number in numbers if number > head and (step := self._read(number))]
        while children := [step for step in undone if step.base == head]:
            yield children[-1]
            head = children[-1].number

    def move(self, head: int) -> None:
        """Make a step (0: none) the newest one that is done."""
        self._write(self._folder / "head.json", {"newest": max(self.numbers(), default=0), "head": head})

    def numbers(self) -> list[int]:
        """The numbers of all steps, oldest first."""
        try:
            with os.scandir(self._folder) as entries:
                return sorted(int(entry.name[:-5]) for entry in entries if _is_step(entry.name))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StoreError(f"{self._folder} can't be read: {reason_for(error)}.") from error

    def _head(self, numbers: list[int]) -> int:
        newest = max(numbers, default=0)
        moved = self._document(self._folder / "head.json")
        return int(moved["head"]) if moved and moved.get("newest") == newest else newest

    def _read(self, number: int) -> Recorded | None:
        document = self._document(self._path(number))
        if not document or "changes" not in document:
            return None
        changes = tuple(Change(*change) for change in document["changes"])
        return Recorded(number, document["base"], document.get("label", ""), changes)

    def _document(self, path: Path) -> dict[str, Any] | None:
        try:
            return DocumentFile(path, "history").get(1)
        except Damaged:
            set_aside(path, self._clock())
            return None

    def _write(self, path: Path, document: dict[str, Any]) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{path.parent} can't be made: {reason_for(error)}.") from error
        write_file(path, encode("history", {"history": {"1": document}}))

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:08}.json"


def _is_step(name: str) -> bool:
    return len(name) == 13 and name[:8].isdecimal() and name.endswith(".json")
