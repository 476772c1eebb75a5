"""The reader's marks: changed durably, undone, merged over all devices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.documents import DocumentFile
from paperdeck.storage.files.guarded import Clock, Troubles
from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.identifiers import document_id, month_of
from paperdeck.storage.paper import Marks

from .history import Change, History, Recorded
from .mark_files import MarkFiles
from .mark_views import MarkViews
from .registers import Register, Registers, document_of, is_newer, marks_of, merge, origin_of, registers_of, value_of
from .stamps import next_stamp

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One change of the reader's, that one undo takes back."""

    label: str
    """What was done, such as `star`."""
    ids: tuple[str, ...]
    """The papers that it changed."""


class MarkStore:
    """All marks. Thread-safe."""

    def __init__(self, folder: Path, state: Path, lock: WriterLock, clock: Clock, troubles: Troubles) -> None:
        """Open nothing yet.

        Args:
            folder: Where the devices' folders are.
            state: Where this device's name, history and backups are.
            lock: Held while files are read, changed and written.
            clock: Seconds since 1970.
            troubles: Gets sentences about damage.
        """
        self.files = MarkFiles(folder, state, lock, clock, troubles)
        self.history = History(state / "history", clock)
        self._views = MarkViews(self.files, troubles)
        self._troubles = troubles
        self._lock = lock
        self._clock = clock

    def marks(self, paper_id: str) -> Marks:
        """The marks of one paper."""
        return self._views.marks(paper_id)

    def all_marks(self) -> Mapping[str, Marks]:
        """Every paper with any mark; the mapping that was given never changes."""
        marks = self._views.all_marks()
        self._fold_copies()
        return marks

    def registers(self) -> dict[str, dict[str, Register]]:
        """Everything that is stored, merged over all devices, by paper.

        Raises:
            StoreError: the folder can't be read.
        """
        found: dict[str, list[Registers]] = {}
        for files in self.files.present().values():
            for path in files:
                for document in self.files.documents(path):
                    found.setdefault(document["id"], []).append(registers_of(document))
        return {paper_id: merge(registers) for paper_id, registers in found.items()}

    def change(self, wanted: Mapping[str, Fields], label: str) -> Step:
        """Give fields of papers new values; durable when it returns, and one step of the history.

        Args:
            wanted: The new values by field, by paper.
            label: What the step is called.

        Raises:
            StoreError: nothing was changed.
        """
        with self._lock:
            self.files.require_folder()
            now = self._current(wanted)
            new = [
                (paper_id, field, value)
                for paper_id, fields in wanted.items()
                for field, value in fields.items()
                if value_of(now[paper_id], field) != value
            ]
            if not new:
                return Step(label, ())
            stamp = self._stamp(now, new)
            return self._record(label, now, _by_paper((i, field, [value, stamp]) for i, field, value in new))

    def merge_in(self, registers: Mapping[str, Registers], label: str) -> Step:
        """Merge stored marks (of a backup) into ours, with the stamps that they have; one step of the history.

        Raises:
            StoreError: nothing was changed.
        """
        with self._lock:
            self.files.require_folder()
            now = self._current(registers)
            return self._record(label, now, _newer(registers, now))

    def fold(self, copy: Path) -> None:
        """Take a conflict copy in this device's folder into its own file, and remove it when that is durable.

        Raises:
            StoreError: a file could not be read or written; the copy stays.
        """
        with self._lock:
            self.files.mend(copy)
            registers = {document["id"]: registers_of(document) for document in self.files.take(copy, list)}
            self._write(self._current(registers), registers)
            with suppress(OSError):
                copy.unlink()

    def _fold_copies(self) -> None:
        try:
            for copy in filter(self.files.is_ours, self._views.copies()):
                self.fold(copy)
        except StoreError as error:
            self._troubles.complain(str(error))

    def undo(self) -> Step | None:
        """Take back the newest step of which anything is left; fields that were changed since are not touched.

        Raises:
            StoreError: nothing was changed.
        """
        with self._lock:
            self.files.require_folder()
            for step in self.history.undoable():
                if touched := self._turn(step, back=True):
                    self._move(step.base)
                    return Step(step.label, touched)
        return None

    def redo(self) -> Step | None:
        """Do again what undo took back.

        Raises:
            StoreError: nothing was changed.
        """
        with self._lock:
            self.files.require_folder()
            for step in self.history.redoable():
                if touched := self._turn(step, back=False):
                    self._move(step.number)
                    return Step(step.label, touched)
        return None

    def poll(self) -> frozenset[str]:
        """The papers whose marks another process or device changed since the last poll."""
        changed = self._views.poll()
        self._fold_copies()
        return changed

    # -- all below with the lock held --------------------------------------------------------------------------------

    def _turn(self, step: Recorded, *, back: bool) -> tuple[str, ...]:
        """Write a step's old (or new) values where its own (or the old) ones still are; the papers it touched."""
        now = self._current(change.id for change in step.changes)
        live = [
            change
            for change in step.changes
            if origin_of(now[change.id].get(change.field)) == (change.stamp if back else change.origin)
        ]
        stamp = self._stamp(now, live)
        values = ([c.old, stamp, c.origin] if back else [c.new, stamp, c.stamp] for c in live)
        self._write(now, _by_paper((c.id, c.field, value) for c, value in zip(live, values, strict=True)))
        return tuple(dict.fromkeys(change.id for change in live))

    def _move(self, head: int) -> None:
        """Note where the history is now. Without the note undo still works: it passes over what is undone already."""
        try:
            self.history.move(head)
        except StoreError as error:
            self._troubles.complain(f"It is undone or done again, but the next redo may not work, as {error}")

    def _record(self, label: str, now: Mapping[str, Registers], new: Mapping[str, Registers]) -> Step:
        """Write down a step, then do it; a kill in between leaves a step that fits no mark, and undo passes it over."""
        changes = [
            Change(i, field, value_of(now[i], field), register[0], origin_of(register), origin_of(now[i].get(field)))
            for i, registers in new.items()
            for field, register in registers.items()
            if value_of(now[i], field) != register[0]
        ]
        number = self.history.append(label, changes) if changes else None
        try:
            self._write(now, new)
        except BaseException:
            if number:
                self.history.forget(number)
            raise
        return Step(label, tuple(dict.fromkeys(change.id for change in changes)))

    def _stamp(self, now: Mapping[str, Registers], fields: Iterable[tuple[Any, ...]]) -> str:
        """A stamp greater than those of the fields, given as (paper, field, …)."""
        replaced = (now[item[0]][item[1]][1] for item in fields if item[1] in now[item[0]])
        return next_stamp(self._clock(), self.files.device.name(self._clock()), replaced)

    def _current(self, ids: Iterable[str]) -> dict[str, dict[str, Register]]:
        """What is on the disk now for some papers, over all devices."""
        months = _by_month(ids)
        for month in months:
            self.files.mend(self.files.own(month))
        present = self.files.present(months)
        current: dict[str, dict[str, Register]] = {}
        for month, members in months.items():
            files = present.get(month, {})
            if self._views.shows(month):
                self._views.refresh(month, files)
            for paper_id in members:
                documents = (self.files.document(path, document_id(paper_id)) for path in files)
                current[paper_id] = merge(registers_of(document) for document in documents if document)
        return current

    def _write(self, now: Mapping[str, Registers], new: Mapping[str, Registers]) -> None:
        """Put new registers into this device's files, and show them."""
        months = _by_month(new)
        paths = [self.files.own(month) for month in months]
        if not paths:
            return
        with self.files.writing(*paths) as files:
            for file, members in zip(files, months.values(), strict=True):
                file.replace([_updated(file, paper_id, new[paper_id]) for paper_id in members])
        states = {path: file.storage.signature for path, file in zip(paths, files, strict=True)}
        for path in paths:
            self.files.keep(path)
        merged = {i: merge([now[i], registers]) for i, registers in new.items()}
        shown = {paper_id: marks_of(document_of(paper_id, registers)) for paper_id, registers in merged.items()}
        self._views.wrote({path: signature for path, signature in states.items() if signature}, shown)


def _newer(registers: Mapping[str, Registers], now: Mapping[str, Registers]) -> dict[str, dict[str, Register]]:
    """The registers that win over the present ones."""
    return _by_paper(
        (paper_id, field, register)
        for paper_id, fields in registers.items()
        for field, register in fields.items()
        if field not in now[paper_id] or is_newer(register, now[paper_id][field])
    )


def _by_paper(items: Iterable[tuple[str, str, Register]]) -> dict[str, dict[str, Register]]:
    found: dict[str, dict[str, Register]] = {}
    for paper_id, field, register in items:
        found.setdefault(paper_id, {})[field] = register
    return found


def _by_month(ids: Iterable[str]) -> dict[str, list[str]]:
    months: dict[str, list[str]] = {}
    for paper_id in dict.fromkeys(ids):
        months.setdefault(month_of(paper_id), []).append(paper_id)
    return months


def _updated(file: DocumentFile, paper_id: str, new: Registers) -> tuple[int, dict[str, Any]]:
    number = document_id(paper_id)
    old = file.get(number)
    return number, document_of(paper_id, merge([registers_of(old) if old else {}, new]))
