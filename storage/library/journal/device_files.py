"""The files of the journal: `marks/<device>/2026-05.json`, `rules.json` and `keys.json`, of all devices of the reader.

A device writes only its own files, so devices that share the folder through Syncthing, git or a network can't overwrite
each other's data, and conflict copies (`2026-05.sync-conflict-….json`) are just more files to merge.

Files of every device with backups here (this machine under its current and former names) are compared with these: a
file that is gone, damaged or older gets back the registers that only the backups have. Damaged files of other devices
are left alone: renaming them here would remove them there too.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import Any

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.disk import Signature, cannot_read, is_file, is_there, make_folder, signature_of
from paperdeck.storage.files.documents import Clock, DocumentFiles, Troubles, malformed
from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.files.sealed import (
    Damaged,
    Document,
    DocumentFile,
    Newer,
    Unreadable,
    readable_documents,
    write_sealed,
)
from paperdeck.storage.text.words import count_of

from .device import Backups, Device
from .registers import (
    KEYS,
    MARKS,
    RULES,
    document_of,
    file_in,
    merge,
    merge_documents,
    newer_than,
    number_of,
    seconds_ahead,
)

_BUDGET_BYTES = 2_000_000
_CLOCK_TOLERANCE_SECONDS = 3600.0
_DAY_SECONDS = 86_400.0

_CONTENTS = {RULES: "your views and rules", KEYS: "your citation keys"}

Present = dict[Path, Signature]
"""The files of one month (or of the rules), with their signatures."""


class DeviceFiles(DocumentFiles):
    """The files of all devices. Thread-safe."""

    def __init__(self, folder: Path, state: Path, lock: WriterLock, clock: Clock, troubles: Troubles) -> None:
        """Opens no file until it is used.

        Args:
            folder: The folder of the devices' folders.
            state: The folder of this device's name and backups.
            lock: Held while files are read, changed and written.
            clock: Seconds since 1970.
            troubles: Gets messages about damage.
        """
        super().__init__(MARKS, _BUDGET_BYTES, lock, clock, troubles)
        self.folder = folder
        self.device = Device(state / "device.json", state / "backups", lock)
        self._backup_folder = state / "backups"
        self._checked: Present = {}
        self._existed = False

    def own(self, name: str) -> Path:
        """This device's file of a month, or of the rules.

        Raises:
            StoreError: the device has no name, and none can be saved.
        """
        return self.folder / self.device.name(self.clock()) / f"{name}.json"

    def is_own(self, path: Path) -> bool:
        """Whether a file is this device's."""
        return path.parent.name == self.device.known() and path.parent.parent == self.folder

    def is_kept(self, path: Path) -> bool:
        """Whether a file belongs to this device, or to another one with backups here."""
        return self.is_own(path) or (path.parent.parent == self.folder and self._has_backups(path.parent.name))

    def _has_backups(self, device: str) -> bool:
        return is_there(self._backup_folder / device)

    def devices(self) -> list[str]:
        """The devices with backups here, this one first."""
        known = self.device.known()
        try:
            found = {entry.name for entry in self._backup_folder.iterdir() if entry.name[0] != "."}
        except OSError:
            found = set()
        return sorted(found | ({known} if known else set()), key=lambda name: (name != known, name))

    def backups(self, device: str) -> Backups:
        return Backups(self._backup_folder / device)

    # -- what is there -----------------------------------------------------------------------------------------------

    def vanished(self) -> bool:
        """Whether the folder existed once, and is gone."""
        return self._existed and signature_of(self.folder) is None

    def present(self, names: Container[str] | None = None) -> dict[str, Present]:
        """The files of all devices by month (or one of GENERAL); `names` limits the months, None means all.

        Raises:
            StoreError: the folder exists and can't be read.
        """
        found: dict[str, Present] = {}
        for device in self._device_folders():
            for file_name, signature in self._files_of(device).items():
                name = file_in(file_name) or ""
                if names is None or name in names:
                    found.setdefault(name, {})[device / file_name] = signature
        return found

    def _files_of(self, device: Path) -> dict[str, Signature]:
        """The files in a device's folder.

        Raises:
            StoreError: it is this device's folder, and can't be read.
        """
        list_files = self.scanned if device.name == self.device.known() else self.list_files
        return list_files(device, lambda name: file_in(name) is not None)

    def _device_folders(self) -> list[Path]:
        """The folders of all devices.

        Raises:
            StoreError: the folder above them can't be read.
        """
        try:
            found = [entry for entry in self.folder.iterdir() if entry.name[0] != "." and not is_file(entry)]
        except FileNotFoundError:
            if any(self.backups(device).names() for device in self.devices()):
                self._existed = True
                self.unreadable[self.folder] = f"{self.folder} is gone."
                self.troubles.complain(self._gone())
            return []
        except OSError as error:
            reason = cannot_read(self.folder, error)
            self.unreadable[self.folder] = str(reason)
            raise reason from error
        self._existed = True
        self.unreadable.pop(self.folder, None)
        return found

    def _gone(self) -> str:
        return f"The folder of your marks, {self.folder}, is gone; restore it or run “paperdeck doctor”."

    def require_folder(self) -> None:
        """Refuse changes if the folder vanished, as a new one in its place could hide the old one's content.

        Raises:
            StoreError: it vanished, or can't be created.
        """
        if signature_of(self.folder):
            return
        self.present()
        if self._existed:
            raise StoreError(self._gone())
        make_folder(self.folder, private=True)

    # -- reading -----------------------------------------------------------------------------------------------------

    def stored(self, name: str, paths: Iterable[Path]) -> list[Document]:
        """The documents in the files of a month (or RULES); from the backups if the folder is gone."""
        if self.vanished():
            return [document for device in self.devices() for document in self.backups(device).latest(name)]
        return [document for path in paths for document in self.documents_in(path)]

    def documents_in(self, path: Path) -> list[Document]:
        """The documents of a file; a damaged one is repaired first if it has backups here, else skipped."""
        if self.is_kept(path):
            return super().documents_in(path)
        try:
            documents = self.take(path, DocumentFile.documents)
        except (Unreadable, StoreError) as reason:
            self._tell_of_other(path, reason)
            return []
        self.check_clock(path, documents)
        return documents

    def picked(self, path: Path, numbers: Iterable[int]) -> list[Document] | None:
        found = super().picked(path, numbers)
        if found and not self.is_kept(path):
            self.check_clock(path, found)
        return found

    def document(self, path: Path, number: int) -> Mapping[str, Any] | None:
        """One document of a file, which is repaired first if it has backups here."""
        try:
            return self.take(path, lambda file: file.get(number))
        except (Unreadable, StoreError) as reason:
            if self.is_own(path) and isinstance(reason, Newer):
                raise StoreError(f"{path} {reason} to change it.") from reason
            if self.is_own(path) and isinstance(reason, StoreError):
                raise
            self._tell_of_other(path, reason)
            return None

    def left_out(self, path: Path, count: int) -> None:
        """Treat a file with backups here as damaged, as the next write would lose its malformed entries.

        Raises:
            Damaged: it is such a file.
        """
        if self.is_kept(path):
            raise Damaged(f"has {malformed(count)}")
        self.unreadable[path] = f"{path} has malformed entries."
        self.troubles.complain(
            f"{path.name} of {path.parent.name} has {malformed(count)}, left out here; update paperdeck on that device."
        )

    def _tell_of_other(self, path: Path, reason: Exception) -> None:
        if isinstance(reason, StoreError):
            self.troubles.complain(str(reason))
            return
        again = "; they reappear when that device sends it again" if isinstance(reason, Damaged) else " to see them"
        is_keys = file_in(path.name) == KEYS
        what, until = ("citation keys", ", and until then new keys are not remembered") if is_keys else ("marks", "")
        self.troubles.complain(
            f"The {what} of {path.parent.name} in {path.name} can't be read, as the file {reason}{again}{until}."
        )

    def check_clock(self, path: Path, documents: list[Document]) -> None:
        """Warn if the clock of another device is ahead."""
        stamps = [
            register[1]
            for registers in merge_documents(documents).values()
            for register in registers.values()
            if register[1].endswith(path.parent.name)
        ]
        ahead = max((seconds_ahead(stamp, self.clock()) for stamp in stamps), default=0.0)
        if ahead > _CLOCK_TOLERANCE_SECONDS:
            days = ahead / _DAY_SECONDS
            by = f"{days:.0f} days" if days >= 2 else f"{ahead / 3600:.0f} hours"
            self.troubles.complain(
                f"The clock of {path.parent.name} is {by} ahead of this one's; where both change the same thing, its "
                "value stays. Set that clock."
            )

    # -- mending -----------------------------------------------------------------------------------------------------

    def keep(self, path: Path) -> None:
        """Back up a file of this device that was just written."""
        if file_in(path.name) != path.stem:
            return
        try:
            self.backups(path.parent.name).keep(path.stem, path, self.clock())
            if signature := signature_of(path):
                self._checked[path] = signature
        except StoreError as error:
            self.troubles.complain(f"The backup of your marks can't be written: {error}")

    def catch_up(self, names: Iterable[str] | None, present: Mapping[str, Present]) -> bool:
        """Compare files with their backups and restore what is missing. Returns whether any file was written.

        Args:
            names: The months (or some of GENERAL) to check; None: all.
            present: The existing files.
        """
        if signature_of(self.folder) is None:
            return False
        wanted = None if names is None else list(names)
        stale: list[Path] = []
        for device in self.devices():
            backups = self.backups(device)
            for name in backups.names() if wanted is None else filter(backups.has, wanted):
                path = self.folder / device / f"{name}.json"
                if not self._is_checked(path, present.get(name, {}).get(path)):
                    stale.append(path)
        written = False
        for path in stale:
            try:
                with self.lock:
                    before = signature_of(path)
                    self.repair(path)
                    written |= signature_of(path) != before
            except StoreError as error:  # a file that can't be read doesn't hide what is in the others
                self.troubles.complain(str(error))
        return written

    def _is_checked(self, path: Path, signature: Signature | None) -> bool:
        """Whether a file was compared with its backups in this state, or equals the latest one."""
        if signature is None:
            return False
        if self._checked.get(path) != signature and self.backups(path.parent.name).matches(path.stem, path):
            self._checked[path] = signature
        return self._checked.get(path) == signature

    def repair(self, path: Path) -> None:
        """Set a damaged file aside, and restore what only its backups have."""
        super().repair(path)
        signature = signature_of(path)
        if file_in(path.name) != path.stem or not self.is_kept(path) or self._is_checked(path, signature):
            return
        if not self.backups(path.parent.name).has(path.stem):
            return
        try:
            known = self.take(path, DocumentFile.documents)
        except Unreadable:
            return  # a newer version's file is left alone
        if count := self._restore(path, known):
            how = "was gone" if signature is None else "was older than its backup"
            self.troubles.tell(f"{self._name(path)} {how}; {_restored(path, count)} from its backups.")
        if signature := signature_of(path):
            self._checked[path] = signature

    def lost(self, path: Path, aside: Path, damage: Damaged) -> None:
        """Restore a file from its backups and from its own readable part, with a message."""
        what = f"{self._name(path)} {damage} and is kept as {aside.name}"
        if file_in(path.name) != path.stem:
            self.troubles.tell(f"{what}.")
        elif count := self._restore(path, [], readable_documents(aside, MARKS)):
            self.troubles.tell(f"{what}; {_restored(path, count)} from the newest good backup.")
        else:
            self.troubles.complain(f"{what}; there is no backup to restore {_contents(path)} from.")

    def _restore(self, path: Path, known: list[Document], others: Iterable[Document] = ()) -> int:
        """Add to a file what only its backups have. Returns how many papers got something back."""
        backed_up = self.backups(path.parent.name).documents(path.stem)
        now = merge_documents(known)
        missing = newer_than(merge_documents([*backed_up, *others]), now)
        if missing:
            whole = now | {subject: merge([now.get(subject, {}), fields]) for subject, fields in missing.items()}
            documents = {str(number_of(subject)): document_of(subject, fields) for subject, fields in whole.items()}
            write_sealed(path, MARKS, documents)
        return len(missing)

    def _name(self, path: Path) -> str:
        return f"{path.name} of your marks" + ("" if self.is_own(path) else f" on {path.parent.name}")


def _restored(path: Path, count: int) -> str:
    of = "" if path.stem in _CONTENTS else f" of {count_of(count, 'paper')}"
    return f"{_contents(path)}{of} were restored"


def _contents(path: Path) -> str:
    return _CONTENTS.get(path.stem, "the marks")
