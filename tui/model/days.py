"""The days of a session: which are known, which one is shown, and when they were fetched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from paperdeck.storage.library.library import DayRecord, Library

_RECENT_DAYS = 28


class Days:
    """The part of a session that is about days."""

    library: Library
    """Where the ledger of days is."""
    day: date | None
    """The day that the day view shows; None: the newest."""
    _fixed_today: date | None

    @property
    def today(self) -> date:
        """Today in UTC, as the Hub counts."""
        return self._fixed_today or datetime.now(UTC).date()

    def listed_days(self) -> list[date]:
        """The days on which Daily Papers listed anything that we know of, oldest first."""
        return sorted(day for day, record in self.library.days("hf").items() if record.ids)

    def newest_day(self) -> date | None:
        """The newest day of Daily Papers that we know of."""
        newest = self.library.newest("hf")
        return newest.day if newest else None

    def fetched_at(self) -> str | None:
        """When a source last gave a usable answer for a day, as ISO time; a failed attempt is none."""
        records = [*self.recent("hf").values(), *filter(None, (self.library.newest("hf"),))]
        return max((record.fetched_at for record in records if record.ids or record.state == "empty"), default=None)

    def recent(self, source: str) -> dict[date, DayRecord]:
        """What the ledger knows of the last four weeks of a source."""
        days = (self.today - timedelta(days=back) for back in range(_RECENT_DAYS))
        return {day: record for day in days if (record := self.library.day(source, day))}

    def days_with_counts(self) -> list[tuple[date, int]]:
        """The listed days with how many papers each has, newest first."""
        records = self.library.days("hf")
        return [(day, len(records[day].ids)) for day in sorted(records, reverse=True) if records[day].ids]

    def neighbour_day(self, step: int) -> date | None:
        """The listed day before (-1) or after (1) the one that is shown; days without papers are passed over."""
        days = self.listed_days()
        shown = self.day or (days[-1] if days else None)
        if shown is None:
            return None
        others = [day for day in days if (day < shown if step < 0 else day > shown)]
        return (max(others) if step < 0 else min(others)) if others else None

    def go_to_day(self, iso_day: str) -> None:
        """Let the day view show another day."""
        day = date.fromisoformat(iso_day)
        self.day = None if day == self.newest_day() else day

    def _day_ids(self) -> Sequence[str]:
        day = self.day or self.newest_day()
        record = self.library.day("hf", day) if day else None
        return record.ids if record else ()
