"""Orders of the list, and the two scores behind them: how fast a paper rises, and how near it is to what was starred.

Both scores are plain arithmetic on what is known, so that their weights can be shown.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

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
_DOUBT = 4  # the number of stars at which a label is half believed


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
Label = TypeVar("Label", bound=Hashable)


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


def learn_taste(
    liked: Iterable[Iterable[Label]], disliked: Iterable[Iterable[Label]], usual: Mapping[Label, int], total: int
) -> dict[Label, float]:
    """What the reader's stars say about labels (keywords, organizations, authors), as a weight for each.

    The weight is the logarithm of how many times more often a label stands on starred papers than on all papers, or 0
    where it isn't more often, times n / (n + 4) for n stars, so that a rare label with one star does not decide. What
    hidden papers say is taken off in the same way. Labels that no starred or hidden paper has weigh nothing.

    Args:
        liked: The labels of each starred paper.
        disliked: The labels of each hidden paper.
        usual: How many papers have a label, of all papers.
        total: The number of all papers.
    """
    weights: dict[Label, float] = {}
    for sign, papers in ((1, list(liked)), (-1, list(disliked))):
        counts = Counter(label for labels in papers for label in set(labels))
        for label, count in counts.items():
            lift = count / len(papers) * total / max(usual.get(label, 0), count)
            weight = math.log(max(lift, 1)) * count / (count + _DOUBT)
            weights[label] = weights.get(label, 0.0) + sign * weight
    return weights


def taste_score(labels: Iterable[Label], weights: Mapping[Label, float]) -> float:
    """How near a paper is to what was starred: the sum of its labels' weights."""
    return sum_of(weights[label] for label in labels if label in weights)


def sum_of(weights: Iterable[float]) -> float:
    """Their sum, which is the same in whatever order they come."""
    return math.fsum(weights)
