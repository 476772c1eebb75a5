"""Reads single values of a source's JSON or XML: each comes out typed, clean and of a sane size, or as unknown.

Sources add, rename and drop fields without notice, so an unusable value becomes None or empty. Only an item without an
id or a title is unusable as a whole; it is skipped, and its neighbours are kept.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from paperdeck.storage.identifiers import Reference
from paperdeck.storage.text.clean import clean_line, clean_paragraphs, clean_text, web_link
from paperdeck.storage.text.times import moment_in

log = logging.getLogger(__name__)

T = TypeVar("T")
R = TypeVar("R")

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
_DOI = re.compile(r"(?i)(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S{1,200})(?!\S)")
_BREAKS = dict.fromkeys(map(ord, "\t\r\n"))
_FIRST = datetime(1990, 1, 1, tzinfo=UTC)
"""arXiv opened in 1991, so an earlier time is an error."""


class Unusable(ValueError):
    """An unusable item or answer; the text says why, in a few words."""


def usable(items: Iterable[T], read: Callable[[T], R], source: str) -> tuple[list[R], int]:
    """What the items of an answer are read as, and the number of those that are skipped as they can't be used.

    Args:
        read: Reads an item; raises Unusable.
        source: The source in the log.
    """
    found: list[R] = []
    skipped = 0
    for item in items:
        try:
            found.append(read(item))
        except Unusable as reason:
            log.info("skipped an item of %s: %s", source, reason)
            skipped += 1
    return found, skipped


def check_identity(reference: Reference | None, title: str) -> Reference:
    """The reference of a paper, which needs one and a title.

    Raises:
        Unusable: it has no usable id or no title.
    """
    if reference is None or not title:
        raise Unusable("title is missing" if reference else "no usable id")
    return reference


def mapping(value: object) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def line(*candidates: object) -> str:
    """The first candidate that is a text with something to show, on one line; else an empty text."""
    return _first(candidates, LONGEST_LINE_CHARACTERS, clean_line)


def paragraphs(*candidates: object) -> str:
    """The first candidate that is a text with something to show, with its paragraphs; else an empty text."""
    return _first(candidates, LONGEST_TEXT_CHARACTERS, clean_paragraphs)


def _first(candidates: Iterable[object], limit: int, clean: Callable[[str], str]) -> str:
    cleaned = (clean(value[:limit]) for value in candidates if isinstance(value, str))
    return next(filter(None, cleaned), "")


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
