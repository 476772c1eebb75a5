"""The registers of all devices: merged when read, changed durably; each change is a deed, which can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.documents import Troubles
from paperdeck.storage.files.sealed import Document, Draft
from paperdeck.storage.identifiers import grouped
from paperdeck.storage.library.ledger import Ledger
from paperdeck.storage.library.papers import PaperBlocks
from paperdeck.storage.paper import BIBLIOGRAPHIES

from .device_files import DeviceFiles
from .history import RESTED, Deed, FieldChange, History, Intent, Recorded
from .merged import Merged
from .registers import (
    GENERAL,
    KEYS,
    RULES,
    Register,
    Registers,
    document_of,
    file_of,
    merge,
    merge_documents,
    next_stamp,
    number_of,
    origin_of,
    registers_of,
    value_of,
)

Values = Mapping[str, Mapping[str, Any]]
"""New values by field, by subject."""
New = dict[str, dict[str, Register]]
"""New registers by field, by subject."""


class RegisterStore:
    """Reads and writes registers. Callers must hold the files' lock for changes."""

    def __init__(self, files: DeviceFiles, merged: Merged, history: History, troubles: Troubles) -> None:
        self._files = files
        self._merged = merged
        self._history = history
        self._troubles = troubles

    def stored(self) -> dict[str, dict[str, Register]]:
        """All registers, merged over all devices, by subject.

        Raises:
            StoreError: the folder can't be read.
        """
        present = self._files.present()
        return merge_documents(
            document for name, paths in present.items() for document in self._files.stored(name, paths)
        )

    def current(self, subjects: Iterable[str]) -> dict[str, dict[str, Register]]:
        """The registers of some subjects on the disk now, over all devices; read before a change.

        Raises:
            StoreError: the folder vanished, or can't be read or created.
        """
        self._files.require_folder()
        files = grouped(dict.fromkeys(subjects), file_of)
        for name in files:
            for device in self._files.devices():
                self._files.repair(self._files.folder / device / f"{name}.json")
        present = self._files.present(files)
        current: dict[str, dict[str, Register]] = {}
        for name, members in files.items():
            paths = present.get(name, {})
            if self._merged.shows(name):
                self._merged.refresh(name, paths)
            for subject in members:
                documents = (self._files.document(path, number_of(subject)) for path in paths)
                found = [document for document in documents if document and document["id"] == subject]
                current[subject] = merge(map(registers_of, found))
        return current

    def change(self, intent: Intent, now: Mapping[str, Registers], new: Mapping[str, Registers]) -> Deed:
        """Record a deed, then carry it out; a kill in between leaves a deed without effect, which undo skips.

        Registers that are newer but say the same, as merged ones may, are stored without a record.

        Args:
            now: The current registers.
            new: The registers that replace them.

        Raises:
            StoreError: nothing was changed.
        """
        changes = [
            FieldChange(
                i, field, value_of(now[i], field), register[0], origin_of(register), origin_of(now[i].get(field))
            )
            for i, registers in new.items()
            for field, register in registers.items()
        ]
        changes = [one for one in changes if (one.old, one.origin) != (one.new, one.stamp)]  # not only restamped
        if not changes and not intent.brought and not intent.gone:
            self._write(now, new)
            return self._history.nothing(intent)
        deed = self._history.append(intent, changes)
        try:
            self._write(now, new)
        except BaseException:
            self._history.forget(deed.number)
            raise
        return deed

    def put(self, now: Mapping[str, Registers], values: Values) -> None:
        """Set fields without a deed, for changes that the reader did not make and so can't undo.

        Raises:
            StoreError: nothing was changed.
        """
        self._write(now, self.stamped(now, values))

    def stamped(self, now: Mapping[str, Registers], values: Values) -> New:
        """Registers for new values, all with one stamp, greater than those of the replaced values."""
        replaced = (
            now[subject][field][1] for subject, fields in values.items() for field in fields if field in now[subject]
        )
        clock = self._files.clock()
        stamp = next_stamp(clock, self._files.device.name(clock), replaced)
        return {
            subject: {field: [value, stamp] for field, value in fields.items()} for subject, fields in values.items()
        }

    def swap(self, changes: Sequence[FieldChange], *, back: bool) -> list[str]:
        """Swap a deed's new values for its old ones, or back, unless they changed since. Returns the changed subjects.

        Raises:
            StoreError: nothing was changed.
        """
        now = self.current(change.id for change in changes)
        live = [
            change
            for change in changes
            if change.id != KEYS  # citation keys stay, as a document may have them by now
            and origin_of(now[change.id].get(change.field)) == (change.stamp if back else change.origin)
        ]
        values: dict[str, dict[str, Any]] = {}
        origins: dict[tuple[str, str], str] = {}
        for change in live:
            values.setdefault(change.id, {})[change.field] = change.old if back else change.new
            origins[change.id, change.field] = change.origin if back else change.stamp
        new = self.stamped(now, values) if live else {}
        for subject, fields in new.items():
            for field, register in fields.items():
                register.append(origins[subject, field])
        self._write(now, new)
        return list(new)

    def _write(self, now: Mapping[str, Registers], new: Mapping[str, Registers]) -> None:
        """Write new registers to this device's files, and to the views."""
        names = grouped(new, file_of)
        paths = [self._files.own(name) for name in names]
        if not paths:
            return
        with self._files.writing(*paths) as files:
            for file, members in zip(files, names.values(), strict=True):
                file.replace([_updated(file, subject, new[subject]) for subject in members])
        for path in paths:
            self._files.keep(path)
        states = {file.path: file.signature for file in files if file.signature}
        self._merged.wrote(states, {subject: merge([now[subject], registers]) for subject, registers in new.items()})

    # -- conflict copies ---------------------------------------------------------------------------------------------

    def fold_copies(self) -> None:
        """Merge conflict copies in this device's folder into its files."""
        try:
            for copy in filter(self._files.is_own, self._merged.copies()):
                self._fold(copy)
        except StoreError as error:
            self._troubles.complain(str(error))

    def _fold(self, copy: Path) -> None:
        """Merge a copy, and remove it once that is durable.

        Raises:
            StoreError: a file could not be read or written; the copy stays.
        """
        with self._files.lock:
            self._files.repair(copy)
            registers = merge_documents(self._files.documents_in(copy))
            self._write(self.current(registers), registers)
            if copy not in self._files.unreadable:
                with suppress(OSError):
                    copy.unlink()


def _updated(file: Draft, subject: str, new: Registers) -> tuple[int, dict[str, Any]]:
    number = number_of(subject)
    old = file.get(number)
    known = registers_of(old) if old and old["id"] == subject else {}
    return number, document_of(subject, merge([known, new]))


class Undo:
    """Undoes deeds of this process, and of others if told which. Callers must hold the journal's lock."""

    def __init__(
        self,
        store: RegisterStore,
        history: History,
        merged: Merged,
        papers: PaperBlocks,
        ledger: Ledger,
        troubles: Troubles,
    ) -> None:
        self._store, self._history, self._merged = store, history, merged
        self._papers, self._ledger, self._troubles = papers, ledger, troubles
        self._done: list[Deed] = []
        self._undone: list[int] = []

    def made(self, deed: Deed) -> None:
        """Record a deed of this process. It clears the deeds to redo, unless it is labelled RESTED."""
        self._done.append(deed)
        if deed.label != RESTED:
            self._undone.clear()

    def undo(self, deed: Deed | None) -> Deed | None:
        """Undo the given deed, or this process's last one; None if none of it is left.

        Deeds labelled RESTED are skipped while others remain; after that, they are undone one by one.

        Raises:
            StoreError: nothing was changed.
        """
        for chosen in [deed] if deed else sorted(self._done, key=lambda own: (own.label == RESTED, -own.number)):
            undone = self._swap(chosen.number, back=True)
            self._done = [own for own in self._done if own.number != chosen.number]
            if undone:
                self._undone.append(undone.number)
                return undone
        return None

    def redo(self, deed: Deed | None) -> Deed | None:
        """Redo the given deed, or exactly what this process undid last; None if that isn't possible.

        Raises:
            StoreError: nothing was changed.
        """
        numbers = [deed.number] if deed else self._undone
        while numbers:
            if redone := self._swap(numbers.pop(), back=False):
                if redone.own:
                    self._done = sorted([*self._done, redone])
                return redone
        return None

    def _swap(self, number: int, *, back: bool) -> Deed | None:
        """Undo or redo one deed; None if nothing changed, as all its fields have newer values."""
        recorded = self._history.read(number)
        if recorded is None:
            return None
        self._papers.put_back(recorded.gone if back else recorded.removed_by_undo)
        touched = self._store.swap(recorded.changes, back=back)
        removed = self._removable(recorded) if back else []
        self._note(number, undone=back, removed=removed if recorded.brought else None)
        if leaving := removed if back else recorded.gone:
            self._papers.remove([document["id"] for document in leaving])
        papers = [document["id"] for document in (*(removed if back else recorded.removed_by_undo), *recorded.gone)]
        ids = dict.fromkeys([subject for subject in touched if subject not in GENERAL] + papers)
        if not touched and not papers:
            return None
        return recorded.deed._replace(ids=tuple(ids), rules=RULES in touched, undone=back)

    def _removable(self, recorded: Recorded) -> list[Document]:
        """The papers that the deed added, except those that were changed, marked or listed by a source since."""
        unmarked = [paper_id for paper_id in recorded.brought if not self._merged.marks(paper_id)]
        if not unmarked:
            return []
        listed = self._ledger.listed()
        return [
            document
            for paper_id, document in self._papers.documents(unmarked).items()
            if sorted(document["sources"].keys() - {BIBLIOGRAPHIES}) == recorded.brought[paper_id]
            and paper_id not in listed
        ]

    def _note(self, number: int, *, undone: bool, removed: Sequence[Document] | None) -> None:
        """Record that a deed was undone or redone. If that fails, undo still works: it skips undone changes."""
        try:
            self._history.note(number, undone=undone, removed=removed)
        except StoreError as error:
            if removed:
                raise
            self._troubles.complain(f"It was undone or redone, but the next redo may not work, as {error}")
