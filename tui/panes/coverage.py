"""The coverage strip: for each source, the ledger's state of the weekdays of the last four weeks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from paperdeck.storage.library.library import DayRecord, DayState
from paperdeck.storage.text.words import count_of
from paperdeck.tui.look.symbols import Symbols

WEEKS = 4
_MONDAY_COLUMN = 8  # the column of the first sign
_MEANINGS = {
    DayState.COMPLETE: "complete",
    DayState.PARTIAL: "partly fetched",
    DayState.EMPTY: "no papers",
    DayState.FAILED: "could not be fetched",
    None: "not fetched",
}


def coverage_lines(records: Mapping[date, DayRecord], today: date, symbols: Symbols) -> list[str]:
    """One line per week of a source's ledger, newest first: its Monday, and a sign for each weekday up to today."""
    monday = today - timedelta(days=today.weekday())
    return [_week(records, monday - timedelta(weeks=back), today, symbols) for back in range(WEEKS)]


def day_at(week: int, column: int, today: date) -> date | None:
    """The day of a sign in the lines of `coverage_lines`, counted from 0, if there is one in that column."""
    weekday = column - _MONDAY_COLUMN
    if not (0 <= week < WEEKS and 0 <= weekday < 5):
        return None
    day = today + timedelta(days=weekday - today.weekday(), weeks=-week)
    return day if day <= today else None


def state_in_words(record: DayRecord | None) -> str:
    """A day's state in the ledger, in words."""
    if record is None:
        return _MEANINGS[None]
    number = f", {count_of(len(record.ids), 'paper')}" if record.ids else ""
    return _MEANINGS[record.state] + number


def _week(records: Mapping[date, DayRecord], monday: date, today: date, symbols: Symbols) -> str:
    days = [monday + timedelta(days=number) for number in range(5)]
    signs = "".join(_sign(records.get(day), symbols) for day in days if day <= today)
    return f"{monday.day:>2} {monday:%b}  {signs}"


def _sign(record: DayRecord | None, symbols: Symbols) -> str:
    if record is None:
        return symbols.missing
    return {
        DayState.COMPLETE: symbols.complete,
        DayState.PARTIAL: symbols.partial,
        DayState.FAILED: symbols.failed,
        DayState.EMPTY: symbols.empty,
    }[record.state]
