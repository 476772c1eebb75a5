"""Reads single values of a source's JSON or XML: each comes out typed, clean and of a sane size, or as unknown.

Sources add, rename and drop fields without notice, so nothing here raises: an unusable value becomes None or empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from paperdeck.storage.text.clean import clean_line, clean_paragraphs, clean_text, web_link
from paperdeck.storage.text.times import moment_in

LONGEST_LINE_CHARACTERS = 1_000
"""Characters of a title, a name or a keyword; the longest recorded title has 175."""
LONGEST_TEXT_CHARACTERS = 50_000
"""Characters of an abstract or a summary; the longest recorded one has 1,923."""
MAX_AUTHORS = 20_000
"""Authors of a paper; collaborations in physics reach some 5,000."""
MAX_LIST_ITEMS = 200
"""Keywords or media of a paper."""
LARGEST_COUNT = 10**9
"""Largest plausible count."""
_DOI = re.compile(r"(?i)(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S{1,200})")
_BREAKS = dict.fromkeys(map(ord, "\t\r\n"))
_FIRST = datetime(1990, 1, 1, tzinfo=UTC)
"""arXiv opened in 1991, so an earlier time is an error."""


def mapping(value: object) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def line(*candidates: object) -> str:
    """The first candidate that is a text with something to show, on one line; else an empty text."""
    for value in candidates:
        if isinstance(value, str) and (cleaned := clean_line(value[:LONGEST_LINE_CHARACTERS])):
            return cleaned
    return ""


def paragraphs(*candidates: object) -> str:
    """The first candidate that is a text with something to show, with its paragraphs; else an empty text."""
    for value in candidates:
        if isinstance(value, str) and (cleaned := clean_paragraphs(value[:LONGEST_TEXT_CHARACTERS])):
            return cleaned
    return ""


def items(value: object, limit: int = MAX_LIST_ITEMS) -> list[Any]:
    """The first items of the value if it is a list, else an empty one."""
    return value[:limit] if isinstance(value, list) else []


def lines(value: object) -> tuple[str, ...]:
    """The usable texts of a list, in order and without repetition."""
    return tuple(dict.fromkeys(filter(None, map(line, items(value)))))


def link(value: object) -> str | None:
    """The value if it is an http or https link; line breaks inside it are removed, as in a browser."""
    return web_link(value.translate(_BREAKS)) if isinstance(value, str) else None


def links(value: object) -> tuple[str, ...]:
    """The http and https links of a list, in order and without repetition."""
    return tuple(dict.fromkeys(filter(None, map(link, items(value)))))


def doi(value: object) -> str:
    """The DOI with which a text begins, as it is or as a link; else an empty text."""
    found = _DOI.match(line(value))
    return found[1] if found else ""


def count(value: object) -> int | None:
    """The value if it is a plausible count, else None."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= LARGEST_COUNT else None


def text(value: object) -> str:
    """The value if it is a text, clean and with its line breaks; else an empty text."""
    return clean_text(value[:LONGEST_TEXT_CHARACTERS]) if isinstance(value, str) else ""


def moment(value: object) -> datetime | None:
    """The UTC time of an ISO 8601 time or date (without a zone it is UTC already), or None."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    found = moment_in(value.strip())
    return found if found and _FIRST <= found <= datetime.now(UTC) + timedelta(days=400) else None


def day(value: object) -> date | None:
    """The UTC day of an ISO 8601 time or date, or None."""
    found = moment(value)
    return found.date() if found else None
