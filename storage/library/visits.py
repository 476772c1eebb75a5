"""When the reader was here last, from which on papers are new.

A visit lasts until the reader has been away for a while: who closes the reader and opens it again after five minutes is
still on the same visit, and what was new is new. It is noted in `visit.json` of the state folder, for this device:

    {"at": "2026-11-20T09:05:00+00:00", "before": "2026-11-12T18:30:00+00:00"}
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from paperdeck.storage.settings.remembered import recall_all, remember_all

AWAY = timedelta(hours=4)
"""How long nobody has to be here until the next visit begins."""


class Visits:
    """The present visit, and when the one before it ended."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        """Read what was noted; a note that makes no sense counts as none.

        Args:
            path: The file.
            clock: Seconds since 1970.
        """
        self._path, self._clock = path, clock
        noted = recall_all(path)
        last, before = _moment(noted.get("at")), _moment(noted.get("before"))
        self._acted = self._now()
        self.is_first = last is None
        """Whether nobody was ever here before."""
        self.returned = last is not None and self._acted - last >= AWAY
        """Whether the present visit has just begun, after an absence."""
        self._since = last if self.returned else before

    @property
    def since(self) -> str | None:
        """When the visit before this one ended, as an ISO time in UTC; None: there was none, so nothing is new."""
        return self._since.isoformat(timespec="seconds") if self._since else None

    def note(self) -> None:
        """Note that the reader was here when they last did something."""
        remember_all(self._path, {"at": self._acted.isoformat(timespec="seconds"), "before": self.since})

    def acted(self) -> bool:
        """The reader does something; whether a new visit begins, as they were away while paperdeck was open."""
        before, self._acted = self._acted, self._now()
        if self._acted - before < AWAY:
            return False
        self._since, self.returned = before, True
        self.note()
        return True

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)
