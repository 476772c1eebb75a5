"""Completes a query while it is typed: fields, the values of `is:`, `has:`, `sort:` and dates, and papers' values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from paperdeck.storage.paper import Entry, Paper
from paperdeck.storage.text.alike import form_of

from . import dates
from .fields import FIELDS, VALUES
from .plain import contain, texts_of
from .tree import DATE_FIELDS, Query, Text

LISTED_VALUES = ("tag", "keyword", "org", "author", "category")
"""Fields whose values come from papers."""

_WORD = re.compile(r"""(?x) (?: ^ | (?<=[\s(]) ) -? (?P<word> (?: [A-Za-z]+:=?"[^"]* | [^\s()"]* ) ) $""")
_SIGN = {"sort": re.compile("-?"), "date": re.compile("[<>]?=?"), "source": re.compile("=?")}
"""The signs that may stand before a value."""

Values = Callable[[str, str], Sequence[tuple[str, int]]]
"""Given a field and the beginning of its value: values of papers, each with the number of papers that have it."""


class Completion(NamedTuple):
    """One completion."""

    text: str
    """The text that replaces the typed word, such as `author:` or `is:unread`."""
    start: int
    """The start of the replaced word, which ends at the cursor."""
    about: str
    """A description, or the number of papers that have it."""


def value_at(text: str, cursor: int) -> tuple[str, str]:
    """The field whose value stands before the cursor, and the typed part of the value; both empty if there is none."""
    field, colon, typed = word_before(text, cursor)[1].partition(":")
    return (field.lower(), typed.lstrip('="')) if colon else ("", "")


def word_before(text: str, cursor: int) -> tuple[int, str]:
    """The word before the cursor that a completion replaces, without a minus sign, and where it begins."""
    found = _WORD.search(text[:cursor])
    return (found.start("word"), found["word"]) if found else (cursor, "")


def completions(text: str, cursor: int, values: Values, limit: int = 8) -> list[Completion]:
    """The completions of the word before the cursor.

    Args:
        text: The query.
        cursor: The number of characters before the cursor.
        values: Looks up values of papers.
        limit: The maximum number of completions.
    """
    start, word = word_before(text, cursor)
    field, colon, typed = word.partition(":")
    if not colon:
        return _fields(field.lower(), start)[:limit] if field else []
    return _values(field.lower(), typed, start, values)[:limit]


def _fields(typed: str, start: int) -> list[Completion]:
    return [Completion(f"{name}:", start, field.about) for name, field in FIELDS.items() if name.startswith(typed)]


def _values(field: str, typed: str, start: int, values: Values) -> list[Completion]:
    if field in LISTED_VALUES:
        known = values(field, typed.lstrip('="'))
        texts = (str(Text(value, field, whole=typed.startswith("="))) for value, _ in known)
        return [Completion(text, start, f"{count:,}") for text, (_, count) in zip(texts, known, strict=True)]
    found = _SIGN[field].match(typed) if field in _SIGN else None
    sign = found[0] if found else ""
    choices = dates.NAMES if field in DATE_FIELDS else VALUES.get(field, ())
    typed = typed.removeprefix(sign).lower()
    return [Completion(f"{field}:{sign}{value}", start, "") for value in choices if value.startswith(typed)]


def query_for(field: str, typed: str) -> Query:
    """The query for the newest papers with values to propose."""
    return Query(Text(typed, field) if typed.strip() else None)


def values_in(papers: Iterable[Paper], field: str, typed: str) -> list[tuple[str, int]]:
    """The values of a field in papers that contain the typed text, most frequent first.

    Of several spellings that find the same papers, the first in Unicode's order counts, as in the facets.
    """
    counts: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for paper in papers:
        forms = {form_of(value): value for value in texts_of(Entry(paper), field)}
        counts.update(forms.keys())
        shown |= {form: min(value, shown.get(form, value)) for form, value in forms.items()}
    kept = [(shown[form], count) for form, count in counts.items() if _fits(shown[form], field, typed)]
    return sorted(kept, key=lambda item: (-item[1], item[0]))


def _fits(value: str, field: str, typed: str) -> bool:
    if field == "category":
        return value.lower().startswith(typed.lower())
    return not typed.strip() or contain([value], typed)
