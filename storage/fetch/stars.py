"""Chooses starred papers to refresh, so that their news is found after they have left the daily lists.

The time of each refresh is kept in `asked_stars.json` of the state folder, which may be deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from paperdeck.storage.files.small import recall_all, remember_all
from paperdeck.storage.identifiers import is_local
from paperdeck.storage.text.times import stamp, utc

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Library

REFRESH_AFTER = timedelta(days=3)
"""Time between two refreshes of a starred paper."""
MAX_AT_ONCE = 20
"""Maximum number of starred papers per refresh, those waiting longest first."""


class StarRefreshes:
    """Chooses starred papers, and records when they were refreshed."""

    def __init__(self, library: Library, clock: Callable[[], float]) -> None:
        """Nothing is read yet."""
        self._library, self._clock = library, clock
        self._path = library.places.state / "asked_stars.json"

    def due(self) -> list[str]:
        """The papers to refresh now."""
        refreshed = self._times()
        before = stamp(utc(self._clock()) - REFRESH_AFTER)
        stars = [paper_id for paper_id, marks in self._library.all_marks().items() if marks.starred]
        due = [i for i in stars if not is_local(i) and refreshed.get(i, "") < before]
        return sorted(due, key=lambda paper_id: (refreshed.get(paper_id, ""), paper_id))[:MAX_AT_ONCE]

    def record_refresh(self, ids: Iterable[str]) -> None:
        """Record that papers were refreshed now. A failed write is harmless: they are refreshed again."""
        marks = self._library.all_marks()
        known = {i: time for i, time in self._times().items() if i in marks and marks[i].starred}
        known |= dict.fromkeys(ids, stamp(utc(self._clock())))
        remember_all(self._path, known)

    def _times(self) -> dict[str, str]:
        """The time of each paper's last refresh, without those in the future, which a wrong clock gave."""
        now = stamp(utc(self._clock()))
        return {key: time for key, time in recall_all(self._path).items() if isinstance(time, str) and time <= now}
