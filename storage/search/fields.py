"""The fields of the query language: what each is for, which values it takes, and what a value means.

Every value is checked: one that a field can't have is an error that says what would be right, and never a search that
finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple, NoReturn

from paperdeck.storage.errors import InvalidInput

from . import dates
from .rank import SORT_KEYS
from .tree import DATE_FIELDS, NUMBERS, SOURCES, STATES, THINGS, DayRange, Has, Is, Node, Number, conjunction


class Field(NamedTuple):
    """What a reader needs to know about a field."""

    example: str
    """A value."""
    about: str
    """A short description."""


FIELDS: Mapping[str, Field] = {
    "title": Field("attention", "in the title"),
    "author": Field('"yoshua bengio"', "by an author"),
    "abstract": Field("robot", "in the abstract"),
    "keyword": Field("agents", "a keyword"),
    "org": Field('="Google DeepMind"', "an organization"),
    "tag": Field("thesis", "a tag of yours"),
    "note": Field("idea", "in your note"),
    "id": Field("2405", "an arXiv id"),
    "source": Field("arxiv", "hf, arxiv, local or shelf"),
    "category": Field("cs.CL", "an arXiv category"),
    "submitter": Field("akhaliq", "who submitted it"),
    "is": Field("unread", "unread, starred, …"),
    "has": Field("code", "code, a note, …"),
    "upvotes": Field(">20", ">20, 5..10"),
    "comments": Field("1..5", ">5"),
    "stars": Field(">=100", "of the code, >100"),
    "date": Field("2026-11", "a day, a month, a range"),
    "after": Field("2026-11-20", "after a day"),
    "before": Field("2026", "before a day"),
    "since": Field("7d", "7d, 2w, a day"),
    "sort": Field("-date", "the order; - reverses it"),
}
"""Every name that may stand before a colon."""

VALUES: Mapping[str, tuple[str, ...]] = {"is": STATES, "has": THINGS, "source": SOURCES, "sort": SORT_KEYS}
"""The values of the fields that take only some words."""

_NUMBER = re.compile(r"(>=|<=|>|<|=)?(\d{1,9})")
_RANGE = re.compile(r"(\d{0,9})\.\.(\d{0,9})")
_COMPARED_DAY = re.compile(r"(>=|<=|>|<|=)(?!.*\.\.)(.+)")
_SHOWN_CHARACTERS = 16


class QueryError(InvalidInput):
    """A query that can't be understood; its message is one sentence that fits a line, with a correction."""

    def __init__(self, message: str, position: int, hint: str | None = None) -> None:
        self.reason = f"{message}; did you mean “{hint}”?" if hint else f"{message}."
        """The message, beginning in lower case, to follow a colon."""
        super().__init__(self.reason[0].upper() + self.reason[1:])
        self.position = position
        """The number of characters before the error."""
        self.hint = hint
        """The probable correction, if there is one."""


def condition_of(field: str, value: str, start: int) -> Node:
    """The condition of a field that takes numbers, days or only some words.

    Args:
        field: Its name.
        value: The value in lower case.
        start: Where the field stands, for errors.

    Raises:
        QueryError: the field doesn't take the value.
    """
    if value.startswith("!="):
        other = condition_of(field, value.removeprefix("!="), start)
        raise QueryError("“!=” is not a comparison", start, f"-{other}")
    if field in NUMBERS:
        return _number(field, value, start)
    if field in DATE_FIELDS:
        return _days(field, value, start)
    check_word(field, value, start)
    return Is(value) if field == "is" else Has(value)


def check_word(field: str, value: str, start: int) -> None:
    """Check a value of a field that takes only some words.

    Raises:
        QueryError: the value is none of them.
    """
    known = VALUES[field]
    if value not in known:
        if value.removeprefix("-") in known:  # the value of `sort:` comes without its minus sign
            reject_minus(field, value, start)
        if near := get_close_matches(value, known, 1, 0.5):
            raise QueryError(f"“{field}:{short(value)}” is unknown", start, f"{field}:{near[0]}")
        raise QueryError(f"“{field}:” takes {', '.join(known[:-1])} or {known[-1]}", start)


def reject_minus(field: str, value: str, start: int) -> NoReturn:
    """Say that a minus sign stands before the name of a field, not before its value."""
    raise QueryError("a minus sign stands before the field", start, f"-{field}:{short(value.removeprefix('-'))}")


def reject_empty(field: str, start: int) -> NoReturn:
    """Say that a field lacks a value."""
    raise QueryError(f"“{field}:” needs a value right after it, such as {field}:{FIELDS[field].example}", start)


def short(text: str) -> str:
    """A piece of the query, shortened for a message."""
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[: _SHOWN_CHARACTERS - 1]}…"


def _number(field: str, value: str, start: int) -> Node:
    if found := _NUMBER.fullmatch(value):
        return Number(field, found[1] or "=", int(found[2]))
    span = _RANGE.fullmatch(value)
    ends = [int(end) for end in span.groups() if end] if span else []
    if span is None or not ends:
        raise QueryError(f"“{field}:” takes a number or range, like {field}:>20 or {field}:5..10", start)
    minimum, maximum = span[1] and Number(field, ">=", min(ends)), span[2] and Number(field, "<=", max(ends))
    limits = conjunction(minimum or None, maximum or None)
    assert limits is not None
    return limits


def _days(field: str, value: str, start: int) -> Node:
    if field == "date" and (compared := _COMPARED_DAY.fullmatch(value)):
        relation, day = compared.groups()
        _check_days(field, day, start)
        same = {">": ("after", day), "<": ("before", day), ">=": (field, f"{day}.."), "<=": (field, f"..{day}")}
        return DayRange(*same.get(relation, (field, day)))
    _check_days(field, value, start)
    return DayRange(field, value)


def _check_days(field: str, value: str, start: int) -> None:
    today = date(2000, 1, 1)  # any day serves to check the value
    try:
        DayRange(field, value).span(today)
    except ValueError:
        if field != "date" and ".." in value:
            _reject_range(field, value, start)
        if dates.is_written_as_days(value):
            raise QueryError(f"“{short(value)}” is not in the calendar", start) from None
        if near := get_close_matches(value, dates.NAMES, 1, 0.75):
            raise QueryError(f"“{short(value)}” is not a day", start, f"{field}:{near[0]}") from None
        kinds = "a time or a day, such as 7d, 2w, 3m or" if field == "since" else "a day, such as today, 2026-11 or"
        raise QueryError(f"“{field}:” takes {kinds} 2026-11-20", start) from None


def _reject_range(field: str, value: str, start: int) -> NoReturn:
    """Say that a field takes no range, and how to ask for one."""
    try:
        dates.span_of(value, date(2000, 1, 1))
    except ValueError:
        message = f"“{field}:” takes one day; a range is written as date:2026-11-01..2026-11-09"
        raise QueryError(message, start) from None
    raise QueryError(f"“{field}:” takes one day", start, f"date:{value}")
