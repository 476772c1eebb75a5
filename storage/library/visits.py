"""The time of the last visit: papers that arrived later are new.

A visit ends after some hours without a key. Closing paperdeck and opening it again after five minutes continues the
visit, and new papers stay new. The times are in `visit.json` in the state folder, for this device:

    {"at": "2026-11-20T09:05:00+00:00", "before": "2026-11-12T18:30:00+00:00"}
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from paperdeck.storage.files.small import recall_all, remember_all
from paperdeck.storage.text.times import moment_in, utc

AWAY = timedelta(hours=4)
"""Absence after which the next visit begins."""


class Visits:
    """The current visit, and the end of the one before."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        """Read the file; a malformed one counts as missing.

        Args:
            clock: Seconds since 1970.
        """
        self._path, self._clock = path, clock
        noted = recall_all(path)
        last, before = moment_in(noted.get("at")), moment_in(noted.get("before"))
        self._acted = self._now()
        self.is_first = last is None
        """Whether this is the first visit ever."""
        self.returned = last is not None and self._acted - last >= AWAY
        """Whether the current visit began just now, after an absence."""
        self._since = last if self.returned else before

    @property
    def since(self) -> str | None:
        """The end of the previous visit, as an ISO time in UTC; None: there was none, so nothing is new."""
        return self._since.isoformat(timespec="seconds") if self._since else None

    def note(self) -> None:
        """Record the time of the reader's last action."""
        remember_all(self._path, {"at": self._acted.isoformat(timespec="seconds"), "before": self.since})

    def acted(self) -> bool:
        """Call on each action. Returns whether a new visit begins, after an absence while paperdeck was open."""
        before, self._acted = self._acted, self._now()
        if self._acted - before < AWAY:
            return False
        self._since, self.returned = before, True
        self.note()
        return True

    def _now(self) -> datetime:
        return utc(self._clock())
