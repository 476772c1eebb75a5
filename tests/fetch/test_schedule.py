"""When a day is asked for again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdeck.storage.fetch.staleness import (
    CATCH_UP_DAYS,
    days_of,
    is_announcement_stale,
    is_settled,
    is_stale,
    refresh_window,
    stale_submissions,
    unsettled_days,
)
from paperdeck.storage.library.ledger import DayRecord, DayState
from paperdeck.storage.text.times import stamp

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY = NOW.date()


def record(age: int, *, hours_ago: float, state: DayState = DayState.COMPLETE) -> DayRecord:
    fetched = stamp(NOW - timedelta(hours=hours_ago))
    return DayRecord(source="hf", day=TODAY - timedelta(days=age), state=state, fetched_at=fetched)


@pytest.mark.parametrize(
    ("age", "hours_ago", "state", "stale"),
    [
        (0, 0.2, DayState.COMPLETE, False),
        (0, 0.3, DayState.COMPLETE, True),
        (0, 0.3, DayState.EMPTY, True),
        (1, 0.2, DayState.COMPLETE, False),
        (1, 0.3, DayState.COMPLETE, True),
        (2, 10, DayState.COMPLETE, False),
        (2, 13, DayState.COMPLETE, True),  # it was yesterday then, and not over
        (5, 10, DayState.COMPLETE, False),
        (5, 12, DayState.COMPLETE, True),  # twice a day, so that it can be told how fast a paper rises
        (8, 23, DayState.COMPLETE, False),
        (8, 25, DayState.COMPLETE, True),
        (14, 25, DayState.EMPTY, True),
        (15, 24 * 9, DayState.COMPLETE, False),
        (400, 24 * 90, DayState.EMPTY, False),
        (30, 24 * 30, DayState.COMPLETE, True),  # last seen on the day itself
        (5, 0.0, DayState.FAILED, True),
        (5, 0.9, DayState.PARTIAL, False),
        (5, 1.1, DayState.PARTIAL, True),
    ],
)
def test_staleness(age: int, hours_ago: float, state: DayState, stale: bool) -> None:
    line = record(age, hours_ago=hours_ago, state=state)
    assert is_stale(line, line.day, NOW) is stale


def test_what_was_never_asked_for_is_stale() -> None:
    assert is_stale(None, TODAY, NOW)


def test_a_record_from_the_future_or_without_a_time_is_not_believed() -> None:
    assert is_stale(record(5, hours_ago=-3), TODAY - timedelta(days=5), NOW)
    broken = DayRecord(source="hf", day=TODAY, state=DayState.COMPLETE, fetched_at="yesterday")
    assert is_stale(broken, TODAY, NOW)
    assert not is_settled(broken)


def test_a_refresh_closes_the_gap_since_the_last_one() -> None:
    away = {line.day: line for line in (record(age, hours_ago=24 * 12) for age in range(12, 19))}
    assert refresh_window(away, TODAY, 7)[-1] == TODAY - timedelta(days=13), "two days were young then"
    assert refresh_window({}, TODAY, 7) == days_of(TODAY - timedelta(days=6), TODAY)


@given(st.lists(st.integers(0, 900), max_size=20), st.integers(1, 40))
def test_a_refresh_always_has_the_days_it_was_asked_for_and_never_goes_far_back(ages: list[int], days: int) -> None:
    records = {line.day: line for line in (record(age, hours_ago=24 * age) for age in ages)}
    window = refresh_window(records, TODAY, days)
    assert window[0] == TODAY
    assert days <= len(window) <= max(days, CATCH_UP_DAYS)
    assert window == days_of(window[-1], TODAY)


def test_history_leaves_settled_days_alone_and_the_young_for_a_while() -> None:
    lines = [record(0, hours_ago=0.1), record(1, hours_ago=2), record(5, hours_ago=1), record(9, hours_ago=24 * 9)]
    lines.append(record(20, hours_ago=0.01, state=DayState.FAILED))
    records = {line.day: line for line in lines}
    wanted = unsettled_days(records, [line.day for line in lines], NOW)
    assert wanted == [TODAY - timedelta(days=1), TODAY - timedelta(days=9), lines[-1].day]


def test_arxiv_is_asked_once_a_day_unless_something_was_announced() -> None:
    records = {line.day: line for line in (record(age, hours_ago=2) for age in range(10))}
    assert stale_submissions(records, records, NOW, announced=False) == []
    assert stale_submissions(records, records, NOW, announced=True) == [TODAY - timedelta(days=n) for n in range(6)]
    assert is_announcement_stale(records[TODAY], NOW)
    assert not is_announcement_stale(record(0, hours_ago=0.1), NOW)
