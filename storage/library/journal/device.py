"""What a device keeps for itself in the state folder: its name, and the backups of its journal files.

The name separates its journal files from those of the reader's other devices. It consists of the host's name, as a
label, and a random part, and is stored with a fingerprint of the machine: a new host name doesn't make a new device,
and a state folder that is copied to another machine, or shared by two, still gives each its own name. If the file with
the names is lost, the name is taken from the backup folders.

The backups of a file are in `backups/<device>/2026-05/`: the latest copy and some older ones. `latest.json` follows
every change, so a damaged file can be restored completely. At most every ten minutes the copy before it is kept under
its time; the last three of those stay, and the last one of each of seven days. As they are not in the data folder, they
survive its loss, and no synchronisation spreads or deletes them.
"""

from __future__ import annotations

import os
import re
import socket
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.disk import is_folder, is_there, make_folder, read_file, reason_for, write_file
from paperdeck.storage.files.documents import scan
from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.files.sealed import (
    Damaged,
    Document,
    FileKind,
    Newer,
    Unreadable,
    beginning_of,
    is_newer,
    read_sealed,
    readable_documents,
    seal_of,
    set_aside,
    write_sealed,
)

from .registers import MARKS

_RANDOM = re.compile(r"-[0-9a-f]{6}")
_NAME = re.compile(r"[a-z0-9-]{1,60}")
_ID_FILES = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
_LATEST = "latest.json"
_APART_SECONDS = 600.0
_KEPT_NEWEST_BACKUPS = 3
_KEPT_DAYS = 7
_TIME = "%Y%m%d-%H%M%S"


def _is_device(document: Document) -> bool:
    name, machine = document.get("name"), document.get("machine", "")
    return (
        isinstance(document.get("host"), str)
        and isinstance(machine, str)
        and isinstance(name, str)
        and _NAME.fullmatch(name) is not None
    )


DEVICE = FileKind("device", _is_device, private=True)


def system_id() -> str:
    """The machine's own id: systemd's machine-id, macOS's host UUID, Windows' MachineGuid; empty if there is none."""
    if sys.platform == "win32":
        import winreg

        with suppress(OSError), winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
            return str(winreg.QueryValueEx(key, "MachineGuid")[0])
        return ""
    if sys.platform == "darwin":
        import ctypes

        found, wait = ctypes.create_string_buffer(16), (ctypes.c_long * 2)(1, 0)
        with suppress(OSError, AttributeError):
            if ctypes.CDLL(None).gethostuuid(found, wait) == 0:
                return found.raw.hex()
        return ""
    for path in _ID_FILES:
        with suppress(OSError, UnicodeDecodeError):
            if text := path.read_text(encoding="ascii").strip():
                return text
    return ""


class Device:
    """This device's name. Thread-safe under its lock."""

    def __init__(self, path: Path, backups: Path, lock: WriterLock) -> None:
        """Opens no file until it is used.

        Args:
            path: The file with the names.
            backups: The folder with each device's folder of backups.
            lock: Held while a name is created.
        """
        self._path = path
        self._backups = backups
        self._lock = lock
        self._host = socket.gethostname()
        self._slug = re.sub(r"[^a-z0-9]+", "-", self._host.lower()).strip("-")[:40] or "device"
        self._name: str | None = None
        self._is_saved = False

    def known(self) -> str | None:
        """The name; None if this device has never made a change."""
        if self._name is None:
            with suppress(Unreadable, StoreError):
                found = self._document(read_sealed(self._path, DEVICE).values())
                self._name = found["name"] if found else None
        if self._name is None:
            self._name = self._name_from_backups()
        return self._name

    def _document(self, documents: Iterable[Document]) -> Document | None:
        """This machine's document: found by fingerprint, or by host name in an older version's file.

        A machine without an id uses the document without a fingerprint.
        """
        known, machine = list(documents), _fingerprint()
        by_machine = [document for document in known if document.get("machine") == machine]
        by_host = [document for document in known if "machine" not in document and document["host"] == self._host]
        return next(iter(by_machine + by_host), None)

    def _name_from_backups(self) -> str | None:
        """The name of this host's newest backup folder."""
        with suppress(OSError):
            folders = [
                path for path in self._backups.iterdir() if _RANDOM.fullmatch(path.name.removeprefix(self._slug))
            ]
            return max(folders, key=lambda path: path.stat().st_mtime_ns).name if folders else None
        return None

    def name(self, now: float) -> str:
        """The name, created if necessary; two processes that start together get the same one.

        Args:
            now: Seconds since 1970, to date a damaged file that is set aside.

        Raises:
            StoreError: it can't be saved.
        """
        if not self._is_saved:
            with self._lock:
                self._name, self._is_saved = self._save_name(now), True
        assert self._name
        return self._name

    def _save_name(self, now: float) -> str:
        """Save a name with this machine's fingerprint, and return it."""
        try:
            documents = read_sealed(self._path, DEVICE)
        except Newer as newer:
            if name := self.known():
                return name
            raise StoreError(f"{self._path} {newer} to change it.") from newer
        except Damaged:
            set_aside(self._path, now)
            documents = {}
        found = self._document(documents.values())
        name = found["name"] if found else self._name_from_backups() or f"{self._slug}-{os.urandom(3).hex()}"
        saved = {"host": self._host, "machine": _fingerprint(), "name": name}
        if found != saved:
            others = [document for document in documents.values() if document is not found]
            numbered = {str(number): document for number, document in enumerate([*others, saved], 1)}
            write_sealed(self._path, DEVICE, numbered)
        return str(name)


def _fingerprint() -> str:
    """A hash that replaces the machine's id in our files, as the id itself is private."""
    machine = system_id()
    from _blake2 import blake2b  # hashlib would load OpenSSL, which takes longer than everything else here

    return blake2b(machine.encode(), digest_size=8, person=b"paperdeck").hexdigest() if machine else ""


# -- backups ------------------------------------------------------------------------------------------------------


class Backups:
    """The backups of one device. Callers must hold the lock of the journal to change them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        """The names of the files that have a backup: months or `rules`."""
        try:
            return sorted(entry.name for entry in self._folder.iterdir() if is_folder(entry))
        except OSError:
            return []

    def has(self, name: str) -> bool:
        """Whether there is a backup of a file."""
        return is_there(self._folder / name)

    def keep(self, name: str, source: Path, now: float) -> None:
        """Copy a file that was just written.

        A copy, not a link, so that damage to the file doesn't reach the backup. Without fsync, as the file itself is
        on the disk.

        Raises:
            StoreError: it could not be written.
        """
        folder = self._folder / name
        found = read_file(source)
        if found is None:
            return
        if is_newer(beginning_of(folder / _LATEST)):
            raise StoreError(f"{folder / _LATEST} {Newer()} to change it.")
        make_folder(folder, private=True)
        try:
            self._rotate(folder, now)
        except OSError as error:
            raise StoreError(f"{folder} can't be changed: {reason_for(error)}.") from error
        write_file(folder / _LATEST, found[0], private=True, durable=False)

    def _rotate(self, folder: Path, now: float) -> None:
        """Keep the latest copy under its time, unless one was kept recently.

        Copies from the future stem from a clock that was ahead; they are ignored here.
        """
        here, before = (time.strftime(_TIME, time.gmtime(at)) for at in (now, now - _APART_SECONDS))
        stamps = _stamps(folder)
        past = [stamp for stamp in stamps if stamp <= here]
        if (past and past[-1] > before) or not is_there(folder / _LATEST):
            return
        (folder / _LATEST).replace(folder / f"{here}.json")
        kept = _worth_keeping([*past, here]) | set(stamps[len(past) :][-_KEPT_NEWEST_BACKUPS:])
        for stamp in stamps:
            if stamp not in kept:
                (folder / f"{stamp}.json").unlink(missing_ok=True)

    def matches(self, name: str, path: Path) -> bool:
        """Whether a file equals its latest backup, by the checksums in both; False if either is missing."""
        seals = [seal_of(beginning_of(found)) for found in (path, self._folder / name / _LATEST)]
        return seals[0] == seals[1] != b""

    def documents(self, name: str) -> list[Document]:
        """The documents in all readable backups of a file, with repetitions."""
        folder = self._folder / name
        return [document for path in self._paths(folder) for document in readable_documents(path, MARKS)]

    def latest(self, name: str) -> list[Document]:
        """The documents in the newest backup of a file that can be read."""
        newest_first = (readable_documents(path, MARKS) for path in self._paths(self._folder / name))
        return next(filter(None, newest_first), [])

    def _paths(self, folder: Path) -> Iterator[Path]:
        yield folder / _LATEST
        with suppress(StoreError):
            yield from (folder / f"{stamp}.json" for stamp in reversed(_stamps(folder)))


def _stamps(folder: Path) -> list[str]:
    return sorted(name[:-5] for name in scan(folder, _is_dated))


def _worth_keeping(stamps: list[str]) -> set[str]:
    """The newest few, and the last of each of the newest days."""
    last_of_day = {stamp[:8]: stamp for stamp in stamps}
    return {*stamps[-_KEPT_NEWEST_BACKUPS:], *list(last_of_day.values())[-_KEPT_DAYS:]}


def _is_dated(name: str) -> bool:
    return len(name) == 20 and name[:8].isdecimal() and name[9:15].isdecimal() and name.endswith(".json")
