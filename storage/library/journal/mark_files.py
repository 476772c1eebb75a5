"""The files of the marks: `marks/<device>/2026-05.json`, of this device and of the reader's others.

A device writes only its own files, so two of them that share the folder through Syncthing, git or a network can't
overwrite each other, and conflict copies (`2026-05.sync-conflict-….json`) are just more files to merge. A damaged file
of this device is set aside and restored from its backup. Damaged files of other devices are left alone: renaming them
here would take them away there as well.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import Any

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.atomic import Signature, reason_for, signature_of
from paperdeck.storage.files.documents import is_month, scan
from paperdeck.storage.files.guarded import Clock, GuardedFiles, Troubles
from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.files.sealed import Damaged

from .backups import Backups
from .device import Device

_BUDGET = 2_000_000

Present = dict[Path, Signature]
"""The files of one month, with the state in which they are."""


class MarkFiles(GuardedFiles):
    """The files of all devices. Thread-safe."""

    def __init__(self, folder: Path, state: Path, lock: WriterLock, clock: Clock, troubles: Troubles) -> None:
        """Open nothing yet.

        Args:
            folder: Where the devices' folders are.
            state: Where this device's name and backups are.
            lock: Held while files are read, changed and written.
            clock: Seconds since 1970.
            troubles: Gets sentences about damage.
        """
        super().__init__("marks", _BUDGET, lock, clock, troubles)
        self.folder = folder
        self.device = Device(state / "device.json", state / "backups", lock)
        self._backup_folder = state / "backups"
        self._existed = False

    def own(self, month: str) -> Path:
        """This device's file of a month.

        Raises:
            StoreError: the device has no name yet, and can't be given one.
        """
        return self.folder / self.device.name(self._clock()) / f"{month}.json"

    def is_ours(self, path: Path) -> bool:
        """Whether a file is this device's."""
        return path.parent.name == self.device.known() and path.parent.parent == self.folder

    def backups(self) -> Backups:
        """The backups of this device."""
        return Backups(self._backup_folder / (self.device.known() or "none"))

    # -- what is there -----------------------------------------------------------------------------------------------

    def vanished(self) -> bool:
        """Whether the folder was there once, and is gone."""
        return self._existed and signature_of(self.folder) is None

    def present(self, months: Container[str] | None = None) -> dict[str, Present]:
        """The files of all devices for some months (None: all); when the folder is gone, the backups stand in for it.

        Raises:
            StoreError: the folder is there and can't be read.
        """
        found: dict[str, Present] = {}
        try:
            devices = [entry for entry in self.folder.iterdir() if entry.name[0] != "."]
            self._existed = True
        except (FileNotFoundError, NotADirectoryError):
            return self._from_backups()
        except OSError as error:
            raise StoreError(f"{self.folder} can't be read: {reason_for(error)}.") from error
        for device in devices:
            for name, signature in scan(device, lambda name: _is_marks(name, months)).items():
                found.setdefault(month_in(name), {})[device / name] = signature
        return found

    def _from_backups(self) -> dict[str, Present]:
        backups = self.backups()
        found = {month: path for month in backups.months() if (path := backups.newest_good(month))}
        if found:
            self._existed = True
            self._troubles.complain(self._gone())
        return {month: {path: (0, 0, 0)} for month, path in found.items()}

    def _gone(self) -> str:
        return f"The folder of your marks, {self.folder}, is gone; bring it back or run “paperdeck doctor”."

    def require_folder(self) -> None:
        """Refuse a change when the folder vanished: a new one in its place could hide the marks in the old one.

        Raises:
            StoreError: it vanished, or can't be made the first time.
        """
        if signature_of(self.folder):
            return
        self.present()
        if self._existed:
            raise StoreError(self._gone())
        self.make_folder()

    def make_folder(self) -> None:
        """Make the folder.

        Raises:
            StoreError: it can't be made.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{self.folder} can't be made: {reason_for(error)}.") from error

    # -- reading -----------------------------------------------------------------------------------------------------

    def documents(self, path: Path) -> list[Any]:
        """The documents of a file; of ours, a damaged one is mended first, of others it is passed over."""
        if self.is_ours(path):
            return self.read(path, list) or []
        try:
            return self.take(path, list)
        except Damaged as damage:
            self._tell_of_other(path, damage)
            return []

    def document(self, path: Path, number: int) -> Mapping[str, Any] | None:
        """One document of a file that was mended if it is ours."""
        try:
            return self.take(path, lambda file: file.get(number))
        except Damaged as damage:
            self._tell_of_other(path, damage)
            return None

    def _tell_of_other(self, path: Path, damage: Damaged) -> None:
        self._troubles.complain(
            f"The marks of {path.parent.name} in {path.name} can't be read, as the file {damage}; "
            "they show again when that device sends it again."
        )

    # -- mending -----------------------------------------------------------------------------------------------------

    def keep(self, path: Path) -> None:
        """Back up a file of ours that was just written."""
        if not is_month(path.stem):
            return
        try:
            self.backups().keep(path.stem, path, self._clock())
        except OSError as error:
            self._troubles.complain(f"The backup of your marks can't be written: {reason_for(error)}.")

    def bring_back(self, months: Iterable[str], present: Mapping[str, Present]) -> bool:
        """Restore files of ours that are gone though a backup remembers them; whether there were any.

        Nothing of ours ever removes such a file.
        """
        device = self.device.known()
        if not device or signature_of(self.folder) is None:
            return False
        backed_up = set(self.backups().months()).intersection(months)
        paths = [self.folder / device / f"{month}.json" for month in backed_up]
        gone = [path for path in paths if path not in present.get(path.stem, {})]
        for path in gone:
            with self.lock:
                self.mend(path)
        return bool(gone)

    def mend(self, path: Path) -> None:
        """Set a damaged file aside, and bring back one of ours that is gone from its backup."""
        super().mend(path)
        if self.is_ours(path) and is_month(path.stem) and signature_of(path) is None:
            self._restore(path, f"{path.name} of your marks was gone")

    def lost(self, path: Path, aside: Path, damage: Damaged) -> None:
        """Restore a file of ours, and say so."""
        what = f"{path.name} of your marks {damage} and is kept as {aside.name}"
        if not is_month(path.stem):
            self._troubles.tell(f"{what}.")
        elif not self._restore(path, what):
            self._troubles.complain(f"{what}; there is no backup to restore its marks from.")

    def _restore(self, path: Path, what: str) -> bool:
        count = self.backups().restore(path.stem, path)
        if count is not None:
            self._troubles.tell(f"{what}; the marks of {count} papers were restored from the newest good backup.")
        return count is not None


def month_in(name: str) -> str:
    """The month in the name of a file or of a conflict copy; `undated` has as many letters as `2026-05`."""
    return name[:7]


def _is_marks(name: str, months: Container[str] | None) -> bool:
    """Whether a file holds marks: a month's file, or a copy that a synchroniser made of one and named after it."""
    if months is not None and month_in(name) not in months:
        return False
    return name.endswith(".json") and is_month(name[:7]) and not name[7].isalnum()
