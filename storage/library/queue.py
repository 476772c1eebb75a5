"""The queue: the papers that the reader has yet to look at, and when each of them arrived.

A paper is in the queue if a followed source (Daily Papers, an arXiv category) listed it on the day on which the reader
began to follow that source, or later; missed days count whenever they are fetched. Papers from a search, Trending, an
import or fetched history are only in the library. A paper that the reader stars, tags or notes is in the queue too. It
is unread until it is marked read, and new if it arrived since the last visit; `Entry` tells both from the arrival.

A visit ends after some hours without a key. Closing paperdeck and opening it again after five minutes continues the
visit, and new papers stay new. The times are in `visit.json` in the state folder, for this device:

    {"at": "2026-11-20T09:05:00+00:00", "before": "2026-11-12T18:30:00+00:00"}
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.documents import Clock
from paperdeck.storage.files.small import recall_all, remember_all
from paperdeck.storage.text.times import moment_in, utc

from .ledger import DAILY, Ledger, days_source, listing_source

if TYPE_CHECKING:
    from paperdeck.storage.settings.settings import FetchSettings

    from .journal.journal import Journal

AWAY = timedelta(hours=4)
"""Absence after which the next visit begins."""

Oldest = Callable[[], str | None]
"""Returns when the oldest paper was added, as an ISO time; None: unknown."""


class Queue:
    """The arrivals from followed sources."""

    def __init__(self, ledger: Ledger, journal: Journal, settings: Callable[[], FetchSettings], clock: Clock) -> None:
        """Nothing is read yet.

        Args:
            ledger: The papers that each source listed on each day.
            journal: Stores the day from which each source is followed.
            settings: The fetch settings: the categories, and the days of a fetch.
            clock: Seconds since 1970.
        """
        self._ledger, self._journal, self._settings, self._clock = ledger, journal, settings, clock
        self.following: FetchSettings | None = None
        """The fetch settings, if already loaded; None: load the settings file."""

    def _follows(self) -> FetchSettings:
        if self.following is None:
            self.following = self._settings()
        return self.following

    def followed(self) -> list[str]:
        """The followed sources, by their names in the ledger."""
        return [DAILY, *map(days_source, dict.fromkeys(self._follows().categories))]

    # -- from which day on -----------------------------------------------------------------------------------------

    def begin(self, oldest: Oldest = lambda: None) -> None:
        """Record the day from which each source is followed, for sources without one.

        In a new library it is the first day of the first fetch; for a source that is followed later, today. In a
        library of an earlier version, the oldest paper is assumed to have come with the first fetch.

        Args:
            oldest: Looks it up in all papers; if it is unknown, a library of an earlier version gets no days yet.
        """
        with suppress(StoreError):  # the folder may not be writable; the next call tries again
            known, fetched = self._journal.follow_starts(), set(self._ledger.sources())
            missing = [source for source in self.followed() if source not in known]
            days = {source: day for source in missing if (day := self._first_day(source, known, fetched, oldest))}
            if days:
                self._journal.record_follow_starts(days)

    def _first_day(self, source: str, known: Mapping[str, date], fetched: set[str], oldest: Oldest) -> date | None:
        today = utc(self._clock()).date()
        first_fetch = timedelta(days=max(1, self._follows().days) - 1)
        if source in fetched:
            added = oldest()
            return datetime.fromisoformat(added).date() - first_fetch if added else None
        is_first_start = not known and not fetched.intersection(self.followed())
        return today - first_fetch if is_first_start else today

    # -- what arrived ----------------------------------------------------------------------------------------------

    def files(self) -> dict[str, str]:
        """The ledger's files for followed sources, each with a text that changes when it does."""
        return {
            name: f"{since} {' '.join(map(str, signature))}"
            for source, since in self._since().items()
            for name, signature in self._ledger.files([source]).items()
        }

    def arrivals_in(self, name: str) -> dict[str, str]:
        """When each paper of such a file arrived, as an ISO time; empty if that wasn't recorded."""
        since = self._since().get(self._ledger.source_of(name))
        return self._ledger.arrivals(name, since) if since else {}

    def arrivals(self) -> dict[str, str]:
        """When each paper of all files arrived. For single papers the index is faster."""
        arrivals: dict[str, str] = {}
        for name in self.files():
            for paper_id, arrived in self.arrivals_in(name).items():
                arrivals[paper_id] = min(arrived, arrivals.get(paper_id, arrived))
        return arrivals

    def _since(self) -> dict[str, date]:
        """The day from which each source of the ledger counts; the announcements of a category count with it."""
        starts, categories = self._journal.follow_starts(), self._follows().categories
        since = {source: starts[source] for source in self.followed() if source in starts}
        announced = {listing_source(name): since.get(days_source(name)) for name in categories}
        return since | {source: day for source, day in announced.items() if day}


class Visits:
    """The current visit, and the end of the one before."""

    def __init__(self, path: Path, clock: Clock = time.time) -> None:
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
