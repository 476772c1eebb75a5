"""Backups of one device's journal files: `backups/<device>/2026-05/`, the latest copy and some older ones.

`latest.json` follows every change, so a damaged file can be restored completely. At most every ten minutes the copy
before it is kept under its time; the last three of those stay, and the last one of each of seven days. They are in the
state folder, so they survive the loss of the data folder, and no synchronisation spreads or deletes them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.disk import is_folder, is_there, make_folder, read_file, reason_for, write_file
from paperdeck.storage.files.documents import scan
from paperdeck.storage.files.sealed import Document, Newer, beginning_of, is_newer, readable_documents, seal_of

from .registers import MARKS

_LATEST = "latest.json"
_APART_SECONDS = 600.0
_KEPT_NEWEST_BACKUPS = 3
_KEPT_DAYS = 7
_TIME = "%Y%m%d-%H%M%S"


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
