"""What is stale: pure rules over the ledger.

A day is young while papers still arrive: on the day itself and the day after. It settles for two weeks while votes
and comments grow. After that it never changes, unless it was last asked for when it was young.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from ..cache.ledger import DayRecord, DayState

FIRST_DAY = date(2023, 5, 4)
"""The first day of Daily Papers."""
YOUNG_DAYS = 2
"""Today and yesterday still fill."""
SETTLING_DAYS = 14
"""After so many days votes hardly change."""
CATCH_UP_DAYS = 31
"""How far back a refresh closes the gap since the last one."""
_YOUNG_AFTER = timedelta(minutes=15)
_SETTLING_AFTER = timedelta(hours=24)
_FAILED_AFTER = timedelta(minutes=5)
_PARTIAL_AFTER = timedelta(hours=1)
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def utc_now(clock_seconds: float) -> datetime:
    """The UTC time of a clock that counts seconds since 1970; the Hub refuses a day that UTC hasn't reached."""
    return datetime.fromtimestamp(clock_seconds, UTC)


def stamp(now: datetime) -> str:
    """A time as the ledger keeps it."""
    return now.strftime("%Y-%m-%dT%H:%M:%SZ")


def day_label(day: date) -> str:
    """A day in a few letters, whatever the locale: `Fri 20 Nov`."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def days_of(since: date, until: date) -> list[date]:
    """All days of a stretch, newest first."""
    return [until - timedelta(days=n) for n in range((until - since).days + 1)]


def months_of(days: Iterable[date]) -> dict[str, list[date]]:
    """Days by month (`2025-03`), in the order given."""
    months: dict[str, list[date]] = {}
    for day in days:
        months.setdefault(f"{day:%Y-%m}", []).append(day)
    return months


def is_settled(record: DayRecord | None) -> bool:
    """Whether the record is the last word on its day: asked for after the day was over, and answered in full."""
    if record is None or record.state not in (DayState.COMPLETE, DayState.EMPTY):
        return False
    fetched = _fetched(record)
    return fetched is not None and (fetched.date() - record.day).days >= YOUNG_DAYS


def is_stale(record: DayRecord | None, day: date, now: datetime) -> bool:
    """Whether a refresh should ask for a day again."""
    fetched = _fetched(record) if record else None
    if record is None or fetched is None or fetched > now:  # never asked, or by a clock that was ahead
        return True
    age = (now.date() - day).days
    if age >= YOUNG_DAYS and is_settled(record):
        return age <= SETTLING_DAYS and now - fetched >= _SETTLING_AFTER
    return now - fetched >= _patience(record, age)


def stale_days(records: Mapping[date, DayRecord], days: Iterable[date], now: datetime) -> list[date]:
    """Those of the days that a refresh should ask for."""
    return [day for day in days if is_stale(records.get(day), day, now)]


def unsettled_days(records: Mapping[date, DayRecord], days: Iterable[date], now: datetime) -> list[date]:
    """Those of the days that a backfill should ask for: what it can't get wrong is left alone."""
    return [
        day
        for day in days
        if not is_settled(records.get(day))
        and ((now.date() - day).days >= YOUNG_DAYS or is_stale(records.get(day), day, now))
    ]


def refresh_window(records: Mapping[date, DayRecord], today: date, days: int) -> list[date]:
    """The days of a refresh, newest first: the last `days`, and the gap since the last day that was ever asked for."""
    since = today - timedelta(days=max(1, days) - 1)
    before = [day for day in records if day < since]
    if before and not is_settled(records[max(before)]):
        since = max(before)
    elif before:
        since = min(since, max(before) + timedelta(days=1))
    return days_of(max(since, today - timedelta(days=max(days, CATCH_UP_DAYS) - 1)), today)


def _patience(record: DayRecord, age: int) -> timedelta:
    if record.state is DayState.FAILED:
        return _FAILED_AFTER
    if record.state is DayState.PARTIAL and age >= YOUNG_DAYS:
        return _PARTIAL_AFTER
    return _YOUNG_AFTER


def _fetched(record: DayRecord) -> datetime | None:
    try:
        found = datetime.fromisoformat(record.fetched_at)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
