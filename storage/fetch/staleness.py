"""Which days are stale: pure rules over the ledger.

A day is young while papers still arrive: on the day itself and the day after. It settles for two weeks while votes
and comments grow, in its first week twice a day, to show later how fast a paper rose. After that it
never changes, unless it was last fetched when it was young.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from paperdeck.storage.library.ledger import DayRecord, DayState
from paperdeck.storage.text.times import moment_in

FIRST_DAY = date(2023, 5, 4)
"""The first day of Daily Papers."""
YOUNG_DAYS = 2
"""Age in days below which a day still fills: today and yesterday."""
RISING_DAYS = 7
"""Age in days up to which votes are fetched twice a day."""
SETTLING_DAYS = 14
"""Age in days after which votes hardly change."""
ANNOUNCED_WITHIN_DAYS = 5
"""Days within which nearly everything submitted to arXiv is announced, weekends included."""
CATCH_UP_DAYS = 31
"""How many days back a refresh closes the gap since the last one."""
_YOUNG_AFTER = timedelta(minutes=15)
_RISING_AFTER = timedelta(hours=11)
_SETTLING_AFTER = timedelta(hours=24)
_PARTIAL_AFTER = timedelta(hours=1)


def days_of(since: date, until: date) -> list[date]:
    """All days from one to another, newest first."""
    return [until - timedelta(days=n) for n in range((until - since).days + 1)]


def months_of(days: Iterable[date]) -> dict[str, list[date]]:
    """Days by month (`2025-03`), in the order given."""
    months: dict[str, list[date]] = {}
    for day in days:
        months.setdefault(f"{day:%Y-%m}", []).append(day)
    return months


def is_settled(record: DayRecord | None, after: int = YOUNG_DAYS) -> bool:
    """Whether a day was fetched in full at least `after` days later, so no papers are missing."""
    if record is None or record.state not in (DayState.COMPLETE, DayState.EMPTY):
        return False
    fetched = moment_in(record.fetched_at)
    return fetched is not None and (fetched.date() - record.day).days >= after


def is_stale(record: DayRecord | None, day: date, now: datetime) -> bool:
    """Whether a refresh should fetch a day again."""
    since = _time_since(record, now)
    if record is None or since is None:
        return True
    age = (now.date() - day).days
    if age >= YOUNG_DAYS and is_settled(record):
        return age <= SETTLING_DAYS and since >= (_RISING_AFTER if age <= RISING_DAYS else _SETTLING_AFTER)
    return since >= _wait_of(record, age)


def _time_since(record: DayRecord | None, now: datetime) -> timedelta | None:
    """The time since a day was fetched; None if it never was, or by a clock that was ahead."""
    fetched = moment_in(record.fetched_at) if record else None
    return now - fetched if fetched and fetched <= now else None


def stale_days(records: Mapping[date, DayRecord], days: Iterable[date], now: datetime) -> list[date]:
    """The days that a refresh should fetch."""
    return [day for day in days if is_stale(records.get(day), day, now)]


def unsettled_days(
    records: Mapping[date, DayRecord], days: Iterable[date], now: datetime, after: int = YOUNG_DAYS
) -> list[date]:
    """The days that a backfill should fetch: neither settled, nor young and just fetched."""
    return [day for day in days if not _is_known(records.get(day), day, now, after)]


def _is_known(record: DayRecord | None, day: date, now: datetime, after: int) -> bool:
    if record is None or record.state in (DayState.FAILED, DayState.PARTIAL):
        return False
    return is_settled(record, after) or ((now.date() - day).days < after and not is_stale(record, day, now))


def is_announcement_stale(newest: DayRecord | None, now: datetime) -> bool:
    """Whether to look for a new arXiv announcement; thanks to the ETag that mostly costs nothing."""
    since = _time_since(newest, now)
    return since is None or since >= _YOUNG_AFTER


def stale_submissions(
    records: Mapping[date, DayRecord], days: Iterable[date], now: datetime, *, announced: bool
) -> list[date]:
    """The days whose submissions to an arXiv category should be fetched.

    arXiv wants the same query at most once a day, unless something has been announced since.
    """
    return [day for day in days if _submissions_stale(records.get(day), day, now, announced=announced)]


def _submissions_stale(record: DayRecord | None, day: date, now: datetime, *, announced: bool) -> bool:
    since = _time_since(record, now)
    if record is None or since is None:
        return True
    age = (now.date() - day).days
    if record.state in (DayState.FAILED, DayState.PARTIAL):
        return since >= _PARTIAL_AFTER
    if announced and age <= ANNOUNCED_WITHIN_DAYS:
        return since >= _YOUNG_AFTER
    return since >= _SETTLING_AFTER and (age <= SETTLING_DAYS or not is_settled(record, ANNOUNCED_WITHIN_DAYS))


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


def _wait_of(record: DayRecord, age: int) -> timedelta:
    if record.state is DayState.FAILED:
        return timedelta(0)  # the reader may have fixed the cause; a source that is down ends the run early
    if record.state is DayState.PARTIAL and age >= YOUNG_DAYS:
        return _PARTIAL_AFTER
    return _YOUNG_AFTER
