"""The queue: the papers that the reader has to look at, and when each of them arrived.

A paper is in the queue if a source that is followed (Daily Papers, an arXiv category) listed it on the day on which the
reader began to follow that source, or later; days that were missed meanwhile count whenever they are fetched. What a
search, Trending, an import or fetched history brings is in the library only. A paper that the reader stars, tags or
notes is in the queue as well. It is unread until it is marked read, and new if it arrived since the last visit; `Entry`
says both, from what is known here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.documents import Clock

from .ledger import DAILY, Ledger, days_source, listing_source

if TYPE_CHECKING:
    from paperdeck.storage.settings.settings import FetchSettings


class Begins(Protocol):
    """Where it is kept from which day on each source is followed."""

    def begins(self) -> dict[str, date]:
        """The day by source."""
        ...

    def note_begins(self, days: Mapping[str, date]) -> None:
        """Keep days."""
        ...


class Queue:
    """What arrived in what the reader follows."""

    def __init__(self, ledger: Ledger, journal: Begins, settings: Callable[[], FetchSettings], clock: Clock) -> None:
        """Nothing is read yet.

        Args:
            ledger: What each source listed on each day.
            journal: Where it is kept from which day on each source is followed.
            settings: What the settings file says: the categories, and how many days a fetch brings.
            clock: Seconds since 1970.
        """
        self._ledger, self._journal, self._settings, self._clock = ledger, journal, settings, clock
        self.following: FetchSettings | None = None
        """What is followed, if it is known already; None: what the settings file says."""

    def _follows(self) -> FetchSettings:
        if self.following is None:
            self.following = self._settings()
        return self.following

    def followed(self) -> list[str]:
        """The sources that are followed, as the ledger names them."""
        return [DAILY, *map(days_source, dict.fromkeys(self._follows().categories))]

    # -- from which day on -----------------------------------------------------------------------------------------

    def begin(self, oldest: str | None = None) -> None:
        """Keep from which day on each source is followed, where that is not known yet.

        The first time it is the first day that the first fetch brings; for a source that is followed later, today. A
        library of an earlier version is taken to have begun as if its oldest paper had come with the first fetch.

        Args:
            oldest: When the oldest paper of a library came, as an ISO time; None: the papers were not all looked at, so
                that sources of an earlier version wait.
        """
        with suppress(StoreError):  # the folder may not be writable; it is tried again the next time
            known, asked = self._journal.begins(), set(self._ledger.sources())
            missing = [source for source in self.followed() if source not in known]
            days = {source: day for source in missing if (day := self._first_day(source, known, asked, oldest))}
            if days:
                self._journal.note_begins(days)

    def _first_day(self, source: str, known: Mapping[str, date], asked: set[str], oldest: str | None) -> date | None:
        today = datetime.fromtimestamp(self._clock(), UTC).date()
        first_fetch = timedelta(days=max(1, self._follows().days) - 1)
        if source in asked:
            return datetime.fromisoformat(oldest).date() - first_fetch if oldest else None
        is_first_start = not known and not asked.intersection(self.followed())
        return today - first_fetch if is_first_start else today

    # -- what arrived ----------------------------------------------------------------------------------------------

    def files(self) -> dict[str, str]:
        """The files of the ledger that list what is followed, each with a text that changes when they do."""
        return {
            name: f"{since} {' '.join(map(str, signature))}"
            for source, since in self._since().items()
            for name, signature in self._ledger.files([source]).items()
        }

    def arrivals_in(self, name: str) -> dict[str, str]:
        """When each paper arrived that one of these files lists, as an ISO time; empty where that was not noted."""
        since = self._since().get(self._ledger.source_of(name))
        return self._ledger.arrivals(name, since) if since else {}

    def arrivals(self) -> dict[str, str]:
        """The same of all files: when each paper arrived. An index answers for single papers faster."""
        arrivals: dict[str, str] = {}
        for name in self.files():
            for paper_id, arrived in self.arrivals_in(name).items():
                arrivals[paper_id] = min(arrived, arrivals.get(paper_id, arrived))
        return arrivals

    def _since(self) -> dict[str, date]:
        """The day from which on each of the ledger's sources counts; announcements of a category count with it."""
        begins, categories = self._journal.begins(), self._follows().categories
        since = {source: begins[source] for source in self.followed() if source in begins}
        announced = {listing_source(name): since.get(days_source(name)) for name in categories}
        return since | {source: day for source, day in announced.items() if day}
