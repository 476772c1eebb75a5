"""Plurals, dates, lists and bylines in English.

Names of months and days come from the tables below, as `strftime` follows the locale.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""Monday is number 0, as `date.weekday` counts."""

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
BYLINE_AUTHORS = 3
"""How many authors a byline names."""


def word_set(text: str) -> frozenset[str]:
    """The words of a text, for tables of words."""
    return frozenset(text.split())


def word_pairs(text: str) -> dict[str, str]:
    """The words of a text by the word before each, for tables of replacements."""
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


def beginning_of(text: str, limit: int) -> tuple[str, int]:
    """The beginning of a text, cut between two words if possible.

    Args:
        limit: The maximum length, in characters.

    Returns:
        The beginning, and the number of characters left out.
    """
    if len(text) <= limit:
        return text, 0
    start = text[:limit]
    words = start.rsplit(maxsplit=1)
    if len(words) == 2 and not text[limit].isspace():
        start = words[0]
    start = start.rstrip()
    return start, len(text) - len(start)


def short_title(title: str, limit: int = 32) -> str:
    """The name before a colon if a title begins with one, else its first words.

    Args:
        limit: The maximum length, in characters.
    """
    name, colon, _ = title.partition(":")
    if colon and len(name) <= limit:
        return name
    if len(title) <= limit:
        return title
    return beginning_of(title, limit - 1)[0].rstrip(" ,.;:-") + "…"


def with_subtitle(title: str, subtitle: str) -> str:
    """A title with the subtitle that a source gives apart, unless the title contains it."""
    if not (title and subtitle) or title.casefold().endswith(subtitle.casefold()):
        return title
    return f"{title}{'' if title.endswith(('?', '!', ':')) else ':'} {subtitle}"


# -- numbers and lists ---------------------------------------------------------------------------------------------


LARGEST_NUMBER = 999_999_999
"""Larger numbers in a text count nothing; Python refuses to read very long ones, and SQLite to store them."""
_LONGEST_NUMBER_DIGITS = len(str(LARGEST_NUMBER))


def number_in(text: str, most: int = LARGEST_NUMBER) -> int | None:
    """The number that a text consists of; None if it is anything else, or more than `most`."""
    if not text.isdecimal():
        return None
    number = int(text.lstrip("0")[: _LONGEST_NUMBER_DIGITS + 1] or 0)
    return number if number <= most else None


def ordinal(number: int) -> str:
    """A number as an ordinal: 1st, 2nd, 3rd, 4th, 11th."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number}{ending}"


def edition_number(text: str) -> str:
    """The number of an edition: of `2`, `2nd ed.` and `Second edition`; empty for other text."""
    word, _, _ = text.strip().casefold().partition(" ed")
    number = re.sub(r"(?<=\d)(?:st|nd|rd|th)$", "", word)
    return number if number.isdecimal() else str(_ORDINALS.index(word) + 1) if word in _ORDINALS else ""


def did_you_mean(word: str, known: Iterable[str], prefix: str = "") -> str:
    """`; did you mean “star”?` for the known word nearest to a mistyped one, after a prefix; empty if none is near."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), 1)
    return f"; did you mean “{prefix}{near[0]}”?" if near else ""


def count_of(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: `1 paper`, `1,204 papers`.

    Args:
        number: How many.
        one: The singular.
        many: The plural; by default the singular with an s.
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def list_in_words(items: Iterable[str], joint: str = "and") -> str:
    """Items as a sentence lists them: `a, b and c`."""
    *first, last = [*items] or [""]
    return f"{', '.join(first)} {joint} {last}" if first else last


def byline(authors: Sequence[str], *, readable: Callable[[str], str] = str) -> str:
    """The first authors and how many more there are: `Ada Lovelace, Alan Turing and 3 more`.

    Args:
        authors: All of them, in the paper's order.
        readable: Applied to each name, such as `to_unicode`.
    """
    names = ", ".join(map(readable, authors[:BYLINE_AUTHORS]))
    left = len(authors) - BYLINE_AUTHORS
    return f"{names} and {left:,} more" if left > 0 else names


# -- days ----------------------------------------------------------------------------------------------------------


def short_month(number: int) -> str:
    """A month, counted from 1, in three letters: `Nov`."""
    return MONTHS[number - 1][:3]


def month_number(word: str) -> int | None:
    """The number of a month, counted from 1, from `Nov`, `nov.`, `Sept.` or `November`; None for other text."""
    start = word.strip().rstrip(".").lower()
    if len(start) < 3:
        return None
    return next((number for number, name in enumerate(MONTHS, 1) if name.lower().startswith(start)), None)


def weekday(day: date) -> str:
    """The day of the week in three letters: `Fri`."""
    return WEEKDAYS[day.weekday()][:3]


def day_and_month(day: date) -> str:
    """`20 Nov`."""
    return f"{day.day} {short_month(day.month)}"


def short_day(day: date) -> str:
    """`Fri 20 Nov`."""
    return f"{weekday(day)} {day_and_month(day)}"


def whole_day(day: date) -> str:
    """`Fri 20 Nov 2026`."""
    return f"{short_day(day)} {day.year}"


def dated_day(day: date, today: date) -> str:
    """`Fri 20 Nov`, with the year unless it is the current one: `Fri 20 Nov 2026`."""
    return short_day(day) if day.year == today.year else whole_day(day)


def long_day(day: date) -> str:
    """`20 Nov 2026`."""
    return f"{day_and_month(day)} {day.year}"


def month_or_year(text: str) -> str:
    """`Mar 2024` for `2024-03`; a year stays one."""
    year, dash, month = text.partition("-")
    return f"{short_month(int(month))} {year}" if dash else year


def spoken_day(day: date) -> str:
    """A day in full words, for speech and braille: `Friday 20 November 2026`."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def recent_day(day: date | None, today: date) -> str:
    """A day in at most six cells: `Fri` within the last week, `20 Nov` within the year, else `Nov'24`."""
    if day is None:
        return ""
    age = (today - day).days
    if 0 <= age < 7:
        return weekday(day)
    if day.year == today.year or 0 <= age < 300:
        return day_and_month(day)
    return f"{short_month(day.month)}'{day.year % 100:02}"
