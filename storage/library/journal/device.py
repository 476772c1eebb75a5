"""The name of this device, which keeps its marks apart from those of the reader's other devices.

It is made of the host's name and a random part, and kept by host name: a state folder that was copied to another
machine, or that two machines share, still gives each of them a name of its own. If the file with the names is lost,
the backups of the marks, which are kept by device, tell it.
"""

from __future__ import annotations

import re
import secrets
import socket
from contextlib import suppress
from pathlib import Path

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.atomic import transaction
from paperdeck.storage.files.documents import DocumentFile, set_aside
from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.files.sealed import Damaged

_RANDOM = re.compile(r"-[0-9a-f]{6}")


class Device:
    """This device's name. Thread-safe under its lock."""

    def __init__(self, path: Path, backups: Path, lock: WriterLock) -> None:
        """Open nothing yet.

        Args:
            path: The file with the names.
            backups: The folder with a folder of backups for each device.
            lock: Held while a name is made.
        """
        self._file = DocumentFile(path, "device")
        self._path = path
        self._backups = backups
        self._lock = lock
        self._host = socket.gethostname()
        self._slug = re.sub(r"[^a-z0-9]+", "-", self._host.lower()).strip("-")[:40] or "device"
        self._name: str | None = None

    def known(self) -> str | None:
        """The name, if this device ever made a change."""
        if self._name is None:
            with suppress(Damaged, StoreError):
                names = (document["name"] for document in self._file if document["host"] == self._host)
                self._name = next(names, None)
        if self._name is None:
            self._name = self._remembered()
        return self._name

    def _remembered(self) -> str | None:
        """The name of this host's newest backups."""
        with suppress(OSError):
            folders = [
                path for path in self._backups.iterdir() if _RANDOM.fullmatch(path.name.removeprefix(self._slug))
            ]
            return max(folders, key=lambda path: path.stat().st_mtime_ns).name if folders else None
        return None

    def name(self, now: float) -> str:
        """The name, made if there is none yet; two processes that start together get the same one.

        Args:
            now: Seconds since 1970, for the date of a damaged file that has to be set aside.

        Raises:
            StoreError: it can't be written down.
        """
        if self.known() is None:
            with self._lock:
                self._name = self.known() or self._make(now)
        assert self._name
        return self._name

    def _make(self, now: float) -> str:
        try:
            numbers = [document.doc_id for document in self._file]
        except Damaged:
            set_aside(self._path, now)
            numbers = []
        name = f"{self._slug}-{secrets.token_hex(3)}"
        with transaction(self._file.storage):
            self._file.replace([(max(numbers, default=0) + 1, {"host": self._host, "name": name})])
        return name
