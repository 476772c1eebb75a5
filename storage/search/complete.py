"""What may follow while a query is typed: fields, what `is:`, `has:`, `sort:` and dates know, and values of papers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from paperdeck.storage.paper import Paper
from paperdeck.storage.text.alike import form_of, sought_of

from . import dates
from .query import FIELDS
from .rank import SORT_KEYS
from .tree import DATE_FIELDS, STATES, THINGS, Query, Text

HELP: Final = {
    "title": "in the title",
    "author": "by an author",
    "abstract": "in the abstract",
    "keyword": "a keyword",
    "org": "an organization",
    "tag": "a tag of yours",
    "note": "in your note",
    "id": "an arXiv id",
    "source": "hf, arxiv or local",
    "category": "an arXiv category",
    "submitter": "who submitted it",
    "is": "unread, starred, …",
    "has": "code, a note, …",
    "sort": "the order; - reverses it",
    "date": "a day, a month, a range",
    "after": "after a day",
    "before": "before a day",
    "since": "7d, 2w, a day",
    "upvotes": ">20, 5..10",
    "comments": ">5",
    "stars": "of the code, >100",
}
"""What each field is for."""
LISTED_VALUES = ("tag", "keyword", "org", "author", "category")
"""Fields whose values are those of papers."""

_WORD = re.compile(r"""(?x) (?: ^ | (?<=[\s(]) ) -? (?P<word> (?: [A-Za-z]+:=?"[^"]* | [^\s()"]* ) ) $""")
_KNOWN: Final = {"is": STATES, "has": THINGS, "sort": SORT_KEYS, "source": ("hf", "arxiv", "local")}
_BARE = re.compile(r"[\w.+#/'-]+")

Values = Callable[[str, str], Sequence[tuple[str, int]]]
"""For a field and what is typed of its value: values of papers, each with how many have it."""


class Completion(NamedTuple):
    """A way to go on."""

    text: str
    """What the word that is being typed becomes, such as `author:` or `is:unread`."""
    start: int
    """Where the word begins that it replaces; it ends at the cursor."""
    about: str
    """What it is, or how many papers have it."""


def value_at(text: str, cursor: int) -> tuple[str, str]:
    """The field whose value is being typed before the cursor, and what is typed of it; both empty if none is."""
    found = _WORD.search(text[:cursor])
    field, colon, typed = found["word"].partition(":") if found else ("", "", "")
    return (field.lower(), typed.lstrip('="')) if colon else ("", "")


def completions(text: str, cursor: int, values: Values, most: int = 8) -> list[Completion]:
    """What the word before the cursor may become.

    Args:
        text: The query.
        cursor: The number of characters before the cursor.
        values: Looks up values of papers.
        most: The most completions to give.
    """
    found = _WORD.search(text[:cursor])
    if not found:
        return []
    word, start = found["word"], found.start("word")
    field, colon, typed = word.partition(":")
    if not colon:
        return _fields(field.lower(), start)[:most] if field else []
    return _values(field.lower(), typed, start, values)[:most]


def _fields(typed: str, start: int) -> list[Completion]:
    return [Completion(f"{field}:", start, HELP[field]) for field in FIELDS if field.startswith(typed)]


def _values(field: str, typed: str, start: int, values: Values) -> list[Completion]:
    if field in LISTED_VALUES:
        sign = "=" if typed.startswith("=") else ""
        known = values(field, typed.lstrip('="'))
        return [Completion(f"{field}:{sign}{_quoted(value)}", start, f"{count:,}") for value, count in known]
    minus = "-" if field == "sort" and typed.startswith("-") else ""
    choices = dates.NAMES if field in DATE_FIELDS else _KNOWN.get(field, ())
    typed = typed.removeprefix(minus).lower()
    return [Completion(f"{field}:{minus}{value}", start, "") for value in choices if value.startswith(typed)]


def _quoted(value: str) -> str:
    return value if _BARE.fullmatch(value) else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def query_for(field: str, typed: str) -> Query:
    """The query whose newest papers hold the values to propose."""
    return Query(Text(typed, field) if typed.strip() else None)


def values_in(papers: Iterable[Paper], field: str, typed: str) -> list[tuple[str, int]]:
    """The values of a field of some papers that contain what is typed, the most frequent first."""
    counts: Counter[str] = Counter()
    for paper in papers:
        counts.update(set(_values_of(paper, field)))
    if field == "category":
        kept = {value: count for value, count in counts.items() if value.lower().startswith(typed.lower())}
    else:
        kept = {value: count for value, count in counts.items() if _contains(value, typed)}
    return sorted(kept.items(), key=lambda item: (-item[1], item[0]))


def _values_of(paper: Paper, field: str) -> Sequence[str]:
    match field:
        case "author":
            return paper.authors
        case "keyword":
            return paper.keywords
        case "org":
            return (paper.organization,) if paper.organization else ()
        case _:
            return paper.categories


def _contains(value: str, typed: str) -> bool:
    spellings = sought_of(typed)
    return not spellings or any(sought.is_in(form_of(value)) for sought in spellings)
