"""Spans of days as typed in queries: `2026-11-20`, `2026-11`, `2026`, `today`, `this-week`, `7d`, `a..b`.

A range may be open at either end, and its ends may come in either order."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from paperdeck.storage.paper import Paper

NAMES = ("today", "yesterday", "this-week", "last-week", "this-month", "last-month", "this-year", "last-year")
"""Spans by name; weeks begin on Monday."""

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_AGO = re.compile(r"(\d{1,5})([dwmy])")

Span = tuple[date, date]
"""The first and the last day, both included."""


def span_of(value: str, today: date) -> Span:
    """The span that a value stands for.

    Raises:
        ValueError: it isn't a span.
    """
    first, dots, last = value.partition("..")
    if not dots:
        return simple_span(value, today)
    ends = [simple_span(end, today) for end in (first, last) if end]
    if not ends:
        raise ValueError(value)
    return min(start for start, _ in ends) if first else date.min, max(end for _, end in ends) if last else date.max


def simple_span(value: str, today: date) -> Span:
    """The span that a day, a month, a year or a name stands for.

    Raises:
        ValueError: the value is none of them.
    """
    if value in NAMES:
        return _named_span(value, today)
    found = _ISO.fullmatch(value)
    if not found:
        raise ValueError(value)
    year, month, day = int(found[1]), found[2], found[3]
    if day:
        return (date(year, int(month), int(day)),) * 2
    if month:
        return date(year, int(month), 1), date(year, int(month), monthrange(year, int(month))[1])
    return date(year, 1, 1), date(year, 12, 31)


def days_of(paper: Paper) -> Span | None:
    """The days on which a paper may have been listed or published: one, or those of the known month or year."""
    if paper.day:
        return paper.day, paper.day
    try:
        return simple_span(paper.dated or "", date.min)
    except ValueError:
        return None


def is_written_as_days(value: str) -> bool:
    """Whether a value has the form of days, months, years or a range of them, whether or not they exist."""
    return all(_ISO.fullmatch(end) for end in value.split("..") if end) and value.strip(".") != ""


def start_of(value: str, today: date) -> date:
    """The first day of `since:`: a number of days, weeks, months or years ago, or the start of a span that is no range.

    Raises:
        ValueError: the value is neither.
    """
    ago = _AGO.fullmatch(value)
    if not ago:
        return simple_span(value, today)[0]
    number, unit = int(ago[1]), ago[2]
    if unit in "dw":
        days = number * (7 if unit == "w" else 1)
        return date.fromordinal(max(1, today.toordinal() - days))
    month = today.year * 12 + today.month - 1 - number * (12 if unit == "y" else 1)
    if month < 12:
        return date.min
    year, month = divmod(month, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _named_span(name: str, today: date) -> Span:
    day = timedelta(days=1)
    if name == "yesterday":
        return today - day, today - day
    if name.startswith("last-"):
        this = name.replace("last", "this")
        return _named_span(this, _named_span(this, today)[0] - day)
    match name:
        case "today":
            return today, today
        case "this-week":
            monday = today - today.weekday() * day
            return monday, monday + 6 * day
        case "this-month":
            return today.replace(day=1), today.replace(day=monthrange(today.year, today.month)[1])
        case _:
            return date(today.year, 1, 1), date(today.year, 12, 31)
