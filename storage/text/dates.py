"""Reads dates as people and programs write them; returns ISO 8601, as precise as known."""

from __future__ import annotations

import re
from datetime import date

from .words import month_number, number_in

YEAR = re.compile(r"(?<!\d)(?P<year>1[0-9]\d\d|20\d\d)(?!\d)")
_NUMERIC = re.compile(r"^\W*(?P<year>\d{4})(?:[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?)?(?![\d-])")
_COMPACT = re.compile(r"^\W*(\d{4})(\d\d)(\d\d)$")
_LONE_DAY = re.compile(r"(?<![\d-])(\d{1,2})(?:st|nd|rd|th)?(?![\d-])")


def partial_date(year: object, month: object = "", day: object = "") -> str:
    """A date as precise as known, `2017`, `2017-06` or `2017-06-12`; empty without a year.

    Args:
        year: A text or number that holds the year.
        month: A number or a text that holds the month's name; `5 June` gives the day as well.
        day: A number.
    """
    found = YEAR.search(str(year or ""))
    if not found:
        return ""
    text = str(month or "").strip(" .{}")
    lone = "" if text.isdecimal() else _lone_day(text)
    days = number_in(str(day or ""), 31) or int(lone or 0)
    return _valid(int(found["year"]), number_in(text, 12) or _named_month(text), days)


def date_in(text: object) -> str:
    """The date in a text such as `2017-06-12`, `2017/06/12/`, `27-30 June 2016` or `Spring 2017`."""
    line = _COMPACT.sub(r"\1-\2-\3", str(text or "").split("/--")[0])
    if (found := _NUMERIC.match(line)) and (found["month"] or not _named_month(line)):
        return _valid(int(found["year"]), int(found["month"] or 0), int(found["day"] or 0))
    year = YEAR.search(line)
    rest = line.replace(year[0], " ", 1) if year else ""
    return _valid(int(year["year"]), _named_month(rest), int(_lone_day(rest) or 0)) if year else ""


def _named_month(text: str) -> int:
    words = re.findall(r"[^\W\d_]{3,}", text)
    return next((number for word in words if (number := month_number(word))), 0)


def _lone_day(text: str) -> str:
    days = _LONE_DAY.findall(text)
    return days[0] if len(days) == 1 else ""


def _valid(year: int, month: int, day: int) -> str:
    if not (1000 <= year <= 2099):
        return ""
    if not 1 <= month <= 12:
        return f"{year:04}"
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return f"{year:04}-{month:02}"
