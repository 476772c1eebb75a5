"""Orders of the list, and how fast a paper rises, which is plain arithmetic on what is known."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from paperdeck.storage.identifiers import document_id
from paperdeck.storage.paper import Counts

SORT_KEYS = ("date", "upvotes", "rising", "stars", "comments", "foryou")
"""What a list can be ordered by."""


@dataclass(frozen=True, slots=True)
class Sort:
    """An order: newest or most first, or the other way round; what is unknown always comes last."""

    key: str = "date"
    """One of SORT_KEYS."""
    reverse: bool = False
    """Whether the oldest or least comes first."""

    def __str__(self) -> str:
        return f"sort:{'-' if self.reverse else ''}{self.key}"


BY_DATE = Sort()
"""The order that a list has when nobody asks for another."""

_RECENT_DAYS = 7


def rising(counts: Iterable[Counts], listed: date | None) -> float | None:
    """Upvotes gained per day, over the last week of snapshots; with one snapshot, since the day of listing.

    Returns:
        None when there is no snapshot to judge by.
    """
    known = [(date.fromisoformat(count.day), count.upvotes) for count in counts]
    if not known:
        return None
    last_day, last = known[-1]
    for day, upvotes in known[:-1]:
        if 0 < (last_day - day).days <= _RECENT_DAYS:
            return (last - upvotes) / (last_day - day).days
    return last / max(1, (last_day - listed).days) if listed else None


Value = int | float | None
Key = tuple[float, int, int]


def key_of(sort: Sort, value: Value, day: date | None, upvotes: int | None, paper_id: str) -> Key:
    """What a list in this order is sorted by, ascending; equals follow by day, upvotes and the number of the paper.

    Args:
        sort: The order.
        value: What the order compares; None is unknown.
        day: The day of the paper.
        upvotes: Its upvotes.
        paper_id: Its id.
    """
    newest = -((day.toordinal() if day else 0) << 24) - (upvotes or 0)
    if value is None:
        return math.inf, newest, document_id(paper_id)
    return (value if sort.reverse else -value), newest, document_id(paper_id)
