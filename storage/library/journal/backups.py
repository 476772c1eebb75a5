"""Copies of this device's marks: `backups/<device>/2026-05/`, the latest state and some from before.

`latest.json` follows every change, so a damaged file comes back whole. At most every ten minutes the copy before it is
kept under its time; three of those stay, and the last one of each of seven days. They are in the state folder: who
loses the data folder still has them, and no synchronisation spreads or deletes them.
"""

from __future__ import annotations

import os
import secrets
import time
from contextlib import suppress
from pathlib import Path

from paperdeck.storage.files.atomic import write_file
from paperdeck.storage.files.documents import DocumentFile, scan
from paperdeck.storage.files.sealed import Damaged, decode

_LATEST = "latest.json"
_APART = 600.0
_NEWEST_KEPT = 3
_DAYS_KEPT = 7
_TIME = "%Y%m%d-%H%M%S"


class Backups:
    """The backups of one device. Who uses it holds the lock of the marks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def months(self) -> list[str]:
        """The months that have a backup."""
        try:
            return sorted(entry.name for entry in self._folder.iterdir() if entry.is_dir())
        except OSError:
            return []

    def keep(self, month: str, source: Path, now: float) -> None:
        """Copy a month's file that was just written.

        A copy, not a link: what damages the file in its place must not reach the backup. It isn't forced to the disk,
        as the file itself was.

        Raises:
            OSError: it could not be written.
        """
        folder = self._folder / month
        folder.mkdir(parents=True, exist_ok=True)
        latest = folder / _LATEST
        self._rotate(folder, latest, now)
        temporary = folder / f".{_LATEST}.{os.getpid()}-{secrets.token_hex(4)}.tmp"
        try:
            temporary.write_bytes(source.read_bytes())
            temporary.replace(latest)
        except OSError:
            with suppress(OSError):
                temporary.unlink()
            raise

    def _rotate(self, folder: Path, latest: Path, now: float) -> None:
        stamps = self._stamps(folder)
        recent = stamps[-1:] and stamps[-1] > time.strftime(_TIME, time.gmtime(now - _APART))
        if recent or not latest.exists():
            return
        stamp = time.strftime(_TIME, time.gmtime(now))
        latest.replace(folder / f"{stamp}.json")
        kept = _worth_keeping([*stamps, stamp])
        for old in stamps:
            if old not in kept:
                (folder / f"{old}.json").unlink(missing_ok=True)

    def latest(self) -> list[Path]:
        """The latest state of every month."""
        return [self._folder / month / _LATEST for month in self.months()]

    def newest_good(self, month: str) -> Path | None:
        """The newest backup of a month that can be read."""
        folder = self._folder / month
        for name in (_LATEST, *(f"{stamp}.json" for stamp in reversed(self._stamps(folder)))):
            try:
                if any(True for _ in DocumentFile(folder / name, "marks")):
                    return folder / name
            except Damaged:
                continue
        return None

    def restore(self, month: str, target: Path) -> int | None:
        """Put the newest good backup in the place of a lost file; how many papers it marks, None if there is none.

        Raises:
            StoreError: the file could not be written.
        """
        backup = self.newest_good(month)
        if backup is None:
            return None
        data = backup.read_bytes()
        target.parent.mkdir(parents=True, exist_ok=True)
        write_file(target, data)
        return len(decode("marks", data)["marks"])

    def _stamps(self, folder: Path) -> list[str]:
        return sorted(name[:-5] for name in scan(folder, _is_dated))


def _worth_keeping(stamps: list[str]) -> set[str]:
    """The newest few, and the last of each of the newest days."""
    last_of_day = {stamp[:8]: stamp for stamp in stamps}
    return {*stamps[-_NEWEST_KEPT:], *list(last_of_day.values())[-_DAYS_KEPT:]}


def _is_dated(name: str) -> bool:
    return len(name) == 20 and name[:8].isdecimal() and name[9:15].isdecimal() and name.endswith(".json")
