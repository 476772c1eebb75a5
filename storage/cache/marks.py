"""What the reader made of the papers: `marks/<device>/2026-05.json`, merged over all devices.

A device writes only its own files, so two of them that share the folder through Syncthing, git or a network can't
overwrite each other, and conflict copies (`2026-05.sync-conflict-….json`) are just more files to merge. Damaged files
of other devices are left alone: renaming them here would take them away there as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..errors import StoreError
from ..identifiers import document_id, month_of
from ..paper import NO_MARKS, Marks
from .atomic import Signature, paused_collector, reason_for
from .backups import Backups
from .device import Device
from .files import DocumentFile, scan
from .guarded import Clock, GuardedFiles, Troubles
from .history import Change, History, Recorded
from .locks import WriterLock
from .registers import Register, Registers, document_of, marks_of, merge, origin_of, registers_of, value_of
from .seal import Damaged
from .shards import is_month
from .stamps import next_stamp

_BUDGET = 6_000_000

Fields = Mapping[str, Any]
Present = dict[Path, Signature]


@dataclass(frozen=True, slots=True)
class Step:
    """One change of the reader's, that one undo takes back."""

    label: str
    """What was done, such as `star`."""
    ids: tuple[str, ...]
    """The papers that it changed."""


class MarkStore(GuardedFiles):
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
        super().__init__("marks", _BUDGET, lock, clock, troubles)
        self._folder = folder
        self._backup_folder = state / "backups"
        self._device = Device(state / "device.json", lock)
        self._history = History(state / "history", clock)
        self._views: dict[str, dict[str, Marks]] = {}
        self._present: dict[str, Present] = {}
        self._all: Mapping[str, Marks] | None = None
        self._complete = False
        self._foreign: set[str] = set()
        self._changes = 0
        self._existed = False

    # -- looking -----------------------------------------------------------------------------------------------------

    def marks(self, paper_id: str) -> Marks:
        """The marks of one paper."""
        month = month_of(paper_id)
        if month not in self._views:
            self._load([month])
        return self._views[month].get(paper_id, NO_MARKS)

    def all_marks(self) -> Mapping[str, Marks]:
        """Every paper with any mark; the mapping that was given never changes."""
        if not self._complete:
            self._load(None)
        with self.memory:
            if self._all is None:
                self._all = MappingProxyType({k: v for view in self._views.values() for k, v in view.items() if v})
            return self._all

    def registers(self) -> dict[str, dict[str, Register]]:
        """Everything that is stored, merged over all devices, by paper."""
        everything: dict[str, list[Registers]] = {}
        for files in self._scan().values():
            for path in files:
                for document in self._documents(path):
                    everything.setdefault(document["id"], []).append(registers_of(document))
        return {paper_id: merge(found) for paper_id, found in everything.items()}

    def poll(self) -> frozenset[str]:
        """The papers whose marks another process or device changed since the last poll."""
        try:
            if self._views and not (self._existed and not self._folder.is_dir()):
                self._catch_up()
        except StoreError as error:
            self._troubles.tell(str(error))
        with self.memory:
            changed, self._foreign = frozenset(self._foreign), set()
            return changed

    def _catch_up(self) -> None:
        present = self._scan()
        looked_at = (present.keys() | self._views.keys()) if self._complete else self._views.keys()
        stale = [month for month in looked_at if present.get(month, {}) != self._present.get(month, {})]
        if stale:
            self._load(stale)

    def _load(self, months: Iterable[str] | None) -> None:
        """Bring the views of some months (None: of all) up to date with the files."""
        try:
            present = self._scan()
            wanted = {*present, *self._backups_of_ours().months()} if months is None else set(months)
            if self._bring_back(wanted, present):
                present = self._scan()
            for month in wanted:
                self._refresh(month, present.get(month, {}))
            self._fold(wanted, present)
        except StoreError as error:
            self._troubles.tell(str(error))
            for month in months or ():
                self._views.setdefault(month, {})
        self._complete = self._complete or months is None

    def _refresh(self, month: str, files: Present) -> None:
        """Merge a month's files, and note the papers whose marks are different now."""
        while True:
            changes = self._changes
            with paused_collector():
                view = self._merged_view(list(files))
            with self.memory:
                if changes == self._changes:  # else a change of ours came between reading and now
                    self._install(month, view, files)
                    return

    def _install(self, month: str, view: dict[str, Marks], files: Present) -> None:
        old = self._views.get(month)
        if old is not None:
            self._foreign.update(i for i in old.keys() | view.keys() if old.get(i, NO_MARKS) != view.get(i, NO_MARKS))
        elif self._complete:
            self._foreign.update(view)
        if old != view:
            self._all = None
        self._views[month] = view
        self._present[month] = dict(files)

    def _merged_view(self, paths: list[Path]) -> dict[str, Marks]:
        if len(paths) == 1:
            return {document["id"]: marks_of(document) for document in self._documents(paths[0])}
        found: dict[str, list[Registers]] = {}
        for path in paths:
            for document in self._documents(path):
                found.setdefault(document["id"], []).append(registers_of(document))
        return {i: marks_of(document_of(i, merge(registers))) for i, registers in found.items()}

    def _documents(self, path: Path) -> list[Any]:
        """The documents of a file; of ours, a damaged one is mended first, of others it is passed over."""
        if self._is_ours(path):
            return self.read(path, list) or []
        try:
            return self.take(path, list)
        except Damaged as damage:
            self._tell_of_other(path, damage)
            return []

    def _tell_of_other(self, path: Path, damage: Damaged) -> None:
        self._troubles.tell(
            f"The marks of {path.parent.name} in {path.name} can't be read ({damage}); "
            f"they show again when that device sends the file again."
        )

    # -- changing ----------------------------------------------------------------------------------------------------

    def change(self, wanted: Mapping[str, Fields], label: str) -> Step:
        """Give fields of papers new values; durable when it returns, and one step of the history.

        Args:
            wanted: The new values by field, by paper.
            label: What the step is called.

        Raises:
            StoreError: nothing was changed.
        """
        with self.lock:
            self._check()
            now = self._current(wanted)
            news = [
                (paper_id, field, value)
                for paper_id, fields in wanted.items()
                for field, value in fields.items()
                if value_of(now[paper_id], field) != value
            ]
            stamp = self._stamp(now[paper_id][field] for paper_id, field, _ in news if field in now[paper_id])
            changes = [_change(paper_id, field, now[paper_id], [value, stamp]) for paper_id, field, value in news]
            return self._record(label, changes, now, _by_paper((c.id, c.field, [c.new, c.stamp]) for c in changes))

    def merge_in(self, registers: Mapping[str, Registers], label: str) -> Step:
        """Merge stored marks (of a backup) into ours, with the stamps that they have; one step of the history."""
        with self.lock:
            self._check()
            now = self._current(registers)
            newer = _by_paper(
                (paper_id, field, register)
                for paper_id, fields in registers.items()
                for field, register in fields.items()
                if merge([now[paper_id], {field: register}])[field] != now[paper_id].get(field)
            )
            changes = [
                _change(paper_id, field, now[paper_id], register)
                for paper_id, fields in newer.items()
                for field, register in fields.items()
                if value_of(now[paper_id], field) != register[0]
            ]
            return self._record(label, changes, now, newer)

    def _record(
        self, label: str, changes: list[Change], now: Mapping[str, Registers], new: Mapping[str, Registers]
    ) -> Step:
        """Write down a step, then do it: a kill in between leaves a step that does not match the marks, and is passed over."""
        number = self._history.append(label, changes) if changes else 0
        try:
            self._write(now, new)
        except BaseException:
            if number:
                self._history.forget(number)
            raise
        return Step(label, _ids(changes))

    def undo(self) -> Step | None:
        """Take back the newest step of which anything is left; fields that were changed since are not touched."""
        with self.lock:
            self._check()
            for step in self._history.undoable():
                if touched := self._turn(step, back=True):
                    self._history.move(step.base)
                    return Step(step.label, touched)
        return None

    def redo(self) -> Step | None:
        """Do again what undo took back."""
        with self.lock:
            self._check()
            for step in self._history.redoable():
                if touched := self._turn(step, back=False):
                    self._history.move(step.number)
                    return Step(step.label, touched)
        return None

    def _turn(self, step: Recorded, *, back: bool) -> tuple[str, ...]:
        """Write a step's old (or new) values where its own (or the old) ones still are; the papers it touched."""
        now = self._current(change.id for change in step.changes)
        live = [
            change
            for change in step.changes
            if origin_of(now[change.id].get(change.field)) == (change.stamp if back else change.origin)
        ]
        if not live:
            return ()
        stamp = self._stamp(now[change.id][change.field] for change in live if change.field in now[change.id])
        self._write(
            now,
            _by_paper((c.id, c.field, [c.old, stamp, c.origin] if back else [c.new, stamp, c.stamp]) for c in live),
        )
        return _ids(live)

    def _stamp(self, replaced: Iterable[Register]) -> str:
        now = self._clock()
        return next_stamp(now, self._device.name(now), (register[1] for register in replaced))

    def _current(self, ids: Iterable[str]) -> dict[str, dict[str, Register]]:
        """What is on the disk now for some papers, over all devices. With the lock held."""
        present = self._scan()
        current: dict[str, dict[str, Register]] = {}
        for month, members in _by_month(ids).items():
            if device := self._device.known():
                self.mend(self._folder / device / f"{month}.json")
            if month in self._views and present.get(month, {}) != self._present.get(month, {}):
                self._refresh(month, present.get(month, {}))
            for paper_id in members:
                number = document_id(paper_id)
                found = (self._document(path, number) for path in present.get(month, {}))
                current[paper_id] = merge(registers_of(document) for document in found if document)
        return current

    def _document(self, path: Path, number: int) -> Mapping[str, Any] | None:
        try:
            return self.take(path, lambda file: file.get(number))
        except Damaged as damage:
            self._tell_of_other(path, damage)
            return None

    def _write(self, now: Mapping[str, Registers], new: Mapping[str, Registers]) -> None:
        """Put new registers into this device's files, and show them. With the lock held."""
        if not new:
            return
        months = _by_month(new)
        own = self._folder / self._device.name(self._clock())
        paths = {month: own / f"{month}.json" for month in months}
        with self.writing(*paths.values()) as files:
            for file, members in zip(files, months.values(), strict=True):
                file.replace([_updated(file, paper_id, new[paper_id]) for paper_id in members])
        for month, path in paths.items():
            self._keep(month, path)
        with self.memory:
            self._changes += 1
            for paper_id, registers in new.items():
                self._show(paper_id, marks_of(document_of(paper_id, merge([now[paper_id], registers]))))
            if self._all is not None:
                fresh = {**self._all, **{i: self._views[month_of(i)][i] for i in new if month_of(i) in self._views}}
                self._all = MappingProxyType({i: marks for i, marks in fresh.items() if marks})

    def _show(self, paper_id: str, marks: Marks) -> None:
        view = self._views.get(month_of(paper_id))
        if view is not None:
            view[paper_id] = marks
        elif self._complete:
            self._views[month_of(paper_id)] = {paper_id: marks}

    def seen(self, path: Path, signature: Signature | None, *, ours: bool) -> None:
        """Remember the state in which our own write left a file."""
        month = _month_in(path.name)
        if ours and signature and (month in self._views or self._complete):
            self._present.setdefault(month, {})[path] = signature

    # -- mending -----------------------------------------------------------------------------------------------------

    def _scan(self) -> dict[str, Present]:
        """The files of all devices by month."""
        present: dict[str, Present] = {}
        try:
            devices = [entry for entry in self._folder.iterdir() if entry.name[0] != "."]
            self._existed = True
        except (FileNotFoundError, NotADirectoryError):
            return self._from_backups()
        except OSError as error:
            raise StoreError(f"{self._folder} can't be read: {reason_for(error)}.") from error
        for device in devices:
            for name, signature in scan(device, _is_marks).items():
                present.setdefault(_month_in(name), {})[device / name] = signature
        return present

    def _from_backups(self) -> dict[str, Present]:
        """What to show when the folder is gone: nothing if there never was one, else the backups."""
        backups = self._backups_of_ours()
        found = {month: backups.newest_good(month) for month in backups.months()}
        if any(found.values()):
            self._existed = True
            self._troubles.tell(self._gone())
        return {month: {path: (0, 0, 0)} for month, path in found.items() if path}

    def _gone(self) -> str:
        return f"The folder of the marks, {self._folder}, is gone; bring it back (is a disk missing?) or run “paperdeck doctor”."

    def _check(self) -> None:
        """Refuse a change when the folder vanished: a new one could hide the old one's marks."""
        if not self._folder.is_dir():
            self._scan()
            if self._existed:
                raise StoreError(self._gone())
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(f"{self._folder} can't be made: {reason_for(error)}.") from error

    def _backups_of_ours(self) -> Backups:
        return Backups(self._backup_folder / (self._device.known() or "none"))

    def _is_ours(self, path: Path) -> bool:
        return path.parent.name == self._device.known() and path.parent.parent == self._folder

    def _keep(self, month: str, path: Path) -> None:
        try:
            self._backups_of_ours().keep(month, path, self._clock())
        except OSError as error:
            self._troubles.tell(f"The backup of the marks can't be written: {reason_for(error)}.")

    def _bring_back(self, months: Iterable[str], present: Mapping[str, Present]) -> bool:
        """Restore files of ours that are gone though a backup remembers them; whether there were any."""
        device = self._device.known()
        if not device or not self._folder.is_dir():
            return False
        backed_up = self._backups_of_ours().months()
        paths = [self._folder / device / f"{month}.json" for month in months if month in backed_up]
        gone = [path for path in paths if path not in present.get(path.stem, {})]
        for path in gone:
            with self.lock:
                self.mend(path)
        return bool(gone)

    def mend(self, path: Path) -> None:
        """Set a damaged file aside, and bring back one of ours that is gone from its backup."""
        super().mend(path)
        if self._is_ours(path) and is_month(path.stem) and not path.exists():
            self._restore(path, f"{path.name} of your marks was gone")

    def lost(self, path: Path, aside: Path, damage: Damaged) -> None:
        """Restore a file of ours, and say so."""
        what = f"{path.name} of your marks {damage} and is kept as {aside.name}"
        if not is_month(path.stem):
            self._troubles.tell(f"{what}.")
        elif not self._restore(path, what):
            self._troubles.tell(f"{what}; there is no backup to restore its marks from.")

    def _restore(self, path: Path, what: str) -> bool:
        count = self._backups_of_ours().restore(path.stem, path)
        if count is not None:
            self._troubles.tell(f"{what}; the marks of {count} papers were restored from the newest good backup.")
        return count is not None

    def _fold(self, months: Iterable[str], present: Mapping[str, Present]) -> None:
        """Take conflict copies in this device's folder into its own file; a copy goes when its content is durable."""
        for month in months:
            for path in present.get(month, {}):
                if path.stem != month and self._is_ours(path):
                    with self.lock:
                        registers = {document["id"]: registers_of(document) for document in self._documents(path)}
                        if path.exists():  # else it was damaged, and is set aside
                            self._write(self._current(registers), registers)
                            path.unlink()


def _change(paper_id: str, field: str, now: Registers, new: Register) -> Change:
    return Change(paper_id, field, value_of(now, field), new[0], origin_of(new), origin_of(now.get(field)))


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


def _ids(changes: Iterable[Change]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(change.id for change in changes))


def _month_in(name: str) -> str:
    """The month in the name of a file, or of a conflict copy; `undated` has as many letters as `2026-05`."""
    return name[:7]


def _is_marks(name: str) -> bool:
    """Whether a file holds marks: a month's file, or a copy that a synchroniser made of one and named after it."""
    return name.endswith(".json") and is_month(name[:7]) and not name[7].isalnum()
