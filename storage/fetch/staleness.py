"""What is stale: pure rules over the ledger.

A day is young while papers still arrive: on the day itself and the day after. It settles for two weeks while votes
and comments grow. After that it never changes, unless it was last asked for when it was young.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from paperdeck.storage.library.ledger import DayRecord, DayState

FIRST_DAY = date(2023, 5, 4)
"""The first day of Daily Papers."""
YOUNG_DAYS = 2
"""Today and yesterday still fill."""
SETTLING_DAYS = 14
"""After so many days votes hardly change."""
ANNOUNCED_WITHIN = 5
"""Days after which nearly all that was submitted to arXiv is announced, weekends included."""
CATCH_UP_DAYS = 31
"""How far back a refresh closes the gap since the last one."""
_YOUNG_AFTER = timedelta(minutes=15)
_SETTLING_AFTER = timedelta(hours=24)
_FAILED_AFTER = timedelta(minutes=5)
_PARTIAL_AFTER = timedelta(hours=1)


def utc_now(clock_seconds: float) -> datetime:
    """The UTC time of a clock that counts seconds since 1970; the Hub refuses a day that UTC hasn't reached."""
    return datetime.fromtimestamp(clock_seconds, UTC)


def stamp(now: datetime) -> str:
    """A time as the ledger keeps it."""
    return now.strftime("%Y-%m-%dT%H:%M:%SZ")


def days_of(since: date, until: date) -> list[date]:
    """All days of a stretch, newest first."""
    return [until - timedelta(days=n) for n in range((until - since).days + 1)]


def months_of(days: Iterable[date]) -> dict[str, list[date]]:
    """Days by month (`2025-03`), in the order given."""
    months: dict[str, list[date]] = {}
    for day in days:
        months.setdefault(f"{day:%Y-%m}", []).append(day)
    return months


def is_settled(record: DayRecord | None, after: int = YOUNG_DAYS) -> bool:
    """Whether the record is the last word on its day: asked for so many days after it, and answered in full."""
    if record is None or record.state not in (DayState.COMPLETE, DayState.EMPTY):
        return False
    fetched = _fetched(record)
    return fetched is not None and (fetched.date() - record.day).days >= after


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


def unsettled_days(
    records: Mapping[date, DayRecord], days: Iterable[date], now: datetime, after: int = YOUNG_DAYS
) -> list[date]:
    """Those of the days that a backfill should ask for: neither settled, nor young and just answered."""
    return [day for day in days if not _is_known(records.get(day), day, now, after)]


def _is_known(record: DayRecord | None, day: date, now: datetime, after: int) -> bool:
    if record is None or record.state in (DayState.FAILED, DayState.PARTIAL):
        return False
    return is_settled(record, after) or ((now.date() - day).days < after and not is_stale(record, day, now))


def is_announcement_stale(newest: DayRecord | None, now: datetime) -> bool:
    """Whether to look for an announcement of arXiv again; with the ETag that mostly costs nothing."""
    fetched = _fetched(newest) if newest else None
    return fetched is None or fetched > now or now - fetched >= _YOUNG_AFTER


def stale_submissions(
    records: Mapping[date, DayRecord], days: Iterable[date], now: datetime, *, announced: bool
) -> list[date]:
    """Those of the days whose submissions to an arXiv category should be asked for.

    arXiv wants the same question once a day at most, unless something was announced since.
    """
    return [day for day in days if _submissions_stale(records.get(day), day, now, announced=announced)]


def _submissions_stale(record: DayRecord | None, day: date, now: datetime, *, announced: bool) -> bool:
    fetched = _fetched(record) if record else None
    if record is None or fetched is None or fetched > now:
        return True
    age, since = (now.date() - day).days, now - fetched
    if record.state in (DayState.FAILED, DayState.PARTIAL):
        return since >= _PARTIAL_AFTER
    if announced and age <= ANNOUNCED_WITHIN:
        return since >= _YOUNG_AFTER
    return since >= _SETTLING_AFTER and (age <= SETTLING_DAYS or not is_settled(record, ANNOUNCED_WITHIN))


def refresh_window(records: Mapping[date, DayRecord], today: date, days: int, after: int = YOUNG_DAYS) -> list[date]:
    """The days of a refresh, newest first: the last `days`, and what is missing since the last refresh.

    Args:
        records: The ledger of the source.
        today: Today, UTC.
        days: How many days in any case.
        after: How many days after it a day of this source is settled.
    """
    since = today - timedelta(days=max(1, days) - 1)
    before = [day for day in records if today - timedelta(days=CATCH_UP_DAYS) < day < since]
    if before:
        gaps = [day for day in before if not is_settled(records[day], after)]
        since = min(since, max(before) + timedelta(days=1), *gaps)
    return days_of(since, today)


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
