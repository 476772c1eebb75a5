"""The registers of all devices: merged when read, changed durably; each change is a deed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.documents import Troubles
from paperdeck.storage.files.sealed import DocumentFile

from .device_files import DeviceFiles, Present
from .history import Deed, FieldChange, History, Intent
from .merged import Merged
from .registers import (
    KEYS,
    Register,
    Registers,
    document_of,
    file_of,
    merge,
    merge_documents,
    number_of,
    origin_of,
    registers_of,
    value_of,
)
from .stamps import next_stamp

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
        files = self._by_file(subjects)
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
        names = self._by_file(new)
        paths = [self._files.own(name) for name in names]
        if not paths:
            return
        with self._files.writing(*paths) as files:
            for file, members in zip(files, names.values(), strict=True):
                file.replace([_updated(file, subject, new[subject]) for subject in members])
        states: Present = {}
        for path, file in zip(paths, files, strict=True):
            if file.storage.signature:
                states[path] = file.storage.signature
            self._files.keep(path)
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

    def _by_file(self, subjects: Iterable[str]) -> dict[str, list[str]]:
        files: dict[str, list[str]] = {}
        for subject in dict.fromkeys(subjects):
            files.setdefault(file_of(subject), []).append(subject)
        return files


def _updated(file: DocumentFile, subject: str, new: Registers) -> tuple[int, dict[str, Any]]:
    number = number_of(subject)
    old = file.get(number)
    known = registers_of(old) if old and old["id"] == subject else {}
    return number, document_of(subject, merge([known, new]))
