"""The days that a digest covers: whole, finished days in UTC, as on the Hub."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from paperdeck.storage.text.words import day_and_month, long_day, whole_day

PERIODS = ("day", "week", "month", "since-last")
"""The periods by name: the newest day with papers, 7 days, 30 days, and the days since the previous digest."""

MAX_DAYS = 31
"""The maximum number of days of “since-last”; a refresh doesn't close longer gaps either."""

_LENGTHS = {"week": 7, "month": 30}


@dataclass(frozen=True, slots=True)
class Period:
    """A range of days, both ends included."""

    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    def __str__(self) -> str:
        """For headings: `16 to 22 Nov 2026`."""
        first, last = self.first, self.last
        if first == last:
            return whole_day(last)
        if first.year != last.year:
            return f"{long_day(first)} to {long_day(last)}"
        start = str(first.day) if first.month == last.month else day_and_month(first)
        return f"{start} to {long_day(last)}"

    @property
    def days(self) -> list[date]:
        """Every day, oldest first."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @property
    def before(self) -> Period:
        """The period of the same length right before this one."""
        return Period(back(self.first, len(self.days)), back(self.first, 1))


def period_of(name: str, until: date, *, newest: date | None = None, previous: date | None = None) -> Period:
    """The period of a name.

    Args:
        name: One of PERIODS.
        until: The last day that may belong to it.
        newest: The newest day up to `until` that has papers, which is the period “day”, so that Sunday's isn't empty.
        previous: The last day of the previous digest; without one, “since-last” is a week.
    """
    if name == "day":
        return Period(newest or until, newest or until)
    length = _LENGTHS.get(name, 7)
    if name == "since-last" and previous is not None:
        length = max(1, min(MAX_DAYS, (until - previous).days))
    return Period(back(until, length - 1), until)


def back(day: date, number: int) -> date:
    """The day some days earlier, or the first day of the calendar."""
    return date.fromordinal(max(1, day.toordinal() - number))
