"""A snapshot of the ledger's days, so that painting and filtering read no file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from paperdeck.storage.library.library import DayRecord, Library

_NOON = time(12)
_RECENT_DAYS = 28


class Days:
    """A snapshot of the ledger, taken again after each fetch, including another instance's."""

    def __init__(self, library: Library, today: date | None = None) -> None:
        """Nothing is read yet; `today` fixes the day, otherwise it is the real one."""
        self._library = library
        self._fixed_today = today
        self.shown: date | None = None
        """The day that the reader went to; None: the newest."""
        self.read_again()

    @property
    def now(self) -> datetime:
        """The current time in UTC; noon if the day is fixed."""
        if self._fixed_today:
            return datetime.combine(self._fixed_today, _NOON, UTC)
        return datetime.now(UTC)

    @property
    def today(self) -> date:
        """Today in UTC, as the Hub counts."""
        return self.now.date()

    def read_again(self) -> None:
        """Drop the snapshot; the next query reads the ledger."""
        self._newest = cache(lambda source: self._library.ledger.newest(source))
        self._record = cache(lambda source, day: self._library.ledger.day(source, day))
        self._sources = cache(lambda: self._library.ledger.sources())

    def newest(self, source: str = "hf") -> DayRecord | None:
        """The line of a source's newest day with papers."""
        return self._newest(source)

    @property
    def newest_day(self) -> date | None:
        """The newest known day of Daily Papers."""
        newest = self.newest()
        return newest.day if newest else None

    def record(self, source: str, day: date) -> DayRecord | None:
        """The ledger's line of one day; None if it was never fetched."""
        return self._record(source, day)

    def sources(self) -> list[str]:
        """Every source ever fetched."""
        return self._sources()

    def recent(self, source: str) -> dict[date, DayRecord]:
        """The ledger's lines of the last four weeks of a source."""
        days = (self.today - timedelta(days=back) for back in range(_RECENT_DAYS))
        return {day: record for day in days if (record := self.record(source, day))}

    def fetched_at(self) -> str | None:
        """When a source last answered usefully, as ISO time; failed attempts don't count."""
        records = [*self.recent("hf").values(), *filter(None, (self.newest(),))]
        return max((record.fetched_at for record in records if record.ids or record.state == "empty"), default=None)

    # The day view

    def ids(self, day: date) -> Sequence[str]:
        """The papers of a day."""
        record = self.record("hf", day)
        return record.ids if record else ()

    def newest_ids(self) -> Sequence[str]:
        """The papers of the newest day."""
        return self.ids(self.newest_day) if self.newest_day else ()

    def with_counts(self) -> list[tuple[date, int]]:
        """The listed days with their numbers of papers, newest first."""
        records = self._library.ledger.days("hf")
        return [(day, len(records[day].ids)) for day in sorted(records, reverse=True) if records[day].ids]

    def neighbour(self, step: int) -> date | None:
        """The listed day before (-1) or after (1) the displayed one; days without papers are skipped."""
        days = sorted(day for day, record in self._library.ledger.days("hf").items() if record.ids)
        shown = self.shown or (days[-1] if days else None)
        if shown is None:
            return None
        others = [day for day in days if (day < shown if step < 0 else day > shown)]
        return (max(others) if step < 0 else min(others)) if others else None

    def go_to(self, day: date) -> None:
        """Go to a day."""
        self.shown = None if day == self.newest_day else day
