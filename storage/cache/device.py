"""The name of this device, which keeps its marks apart from those of the reader's other devices.

It is made of the host's name and a random part, and kept by host name: a state folder that was copied to another
machine, or that two machines share, still gives each of them a name of its own.
"""

from __future__ import annotations

import re
import secrets
import socket
from contextlib import suppress
from pathlib import Path

from ..errors import StoreError
from .atomic import transaction
from .files import DocumentFile, set_aside
from .locks import WriterLock
from .seal import Damaged


class Device:
    """This device's name. Thread-safe under its lock."""

    def __init__(self, path: Path, lock: WriterLock, host: str | None = None) -> None:
        self._file = DocumentFile(path, "device")
        self._path = path
        self._lock = lock
        self._host = host or socket.gethostname()
        self._name: str | None = None

    def known(self) -> str | None:
        """The name, if this device ever made a change."""
        if self._name is None:
            with suppress(Damaged, StoreError):
                names = (document["name"] for document in self._file if document["host"] == self._host)
                self._name = next(names, None)
        return self._name

    def name(self, now: float) -> str:
        """The name, made if there is none yet; two processes that start together get the same one.

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
        slug = re.sub(r"[^a-z0-9]+", "-", self._host.lower()).strip("-")[:40] or "device"
        name = f"{slug}-{secrets.token_hex(3)}"
        with transaction(self._file.storage):
            self._file.replace([(max(numbers, default=0) + 1, {"host": self._host, "name": name})])
        return name
