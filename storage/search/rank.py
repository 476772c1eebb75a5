"""The orders of a list: how fast papers rise, by arithmetic on snapshots of their upvotes, and scores by taste."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from paperdeck.storage.paper import CountsSnapshot

Name = TypeVar("Name", bound=Hashable)

SORT_KEYS = ("date", "upvotes", "rising", "stars", "comments", "foryou")
"""The orders of a list."""


class Sort(NamedTuple):
    """An order: newest or most first, or reversed; unknown values always come last."""

    key: str = "date"
    """One of SORT_KEYS."""
    reverse: bool = False
    """Whether the oldest or least comes first."""

    def __str__(self) -> str:
        return f"sort:{'-' if self.reverse else ''}{self.key}"


BY_DATE = Sort()
"""The default order."""

WINDOW_DAYS = 2
"""Days of snapshots in which upvotes are counted, and days after which a paper's last snapshot is too old."""
MIN_PAPERS_OF_A_DAY = 5
"""Papers of a day with a known gain that are needed to compare them."""
_HALVES_PER_DAY = 2
WINDOW_HALVES = WINDOW_DAYS * _HALVES_PER_DAY
"""The same in half days."""


class Gain(NamedTuple):
    """How many upvotes a paper gained recently, by its snapshots."""

    rate: float
    """Upvotes per day."""
    seen: int
    """When the last snapshot was taken, in half days since the year 1."""


def gained(counts: Sequence[CountsSnapshot]) -> Gain | None:
    """The upvotes between the newest snapshot and the oldest one of the two days before it.

    Returns:
        None if there are not two such snapshots, as one alone doesn't show how fast upvotes come.
    """
    if len(counts) < 2:
        return None
    newest = counts[-1]
    seen = _half(newest)
    for count in counts[:-1]:
        halves = seen - _half(count)
        if 0 < halves <= WINDOW_HALVES:
            return Gain((newest.upvotes - count.upvotes) * _HALVES_PER_DAY / halves, seen)
    return None


def _half(count: CountsSnapshot) -> int:
    return date.fromisoformat(count.day).toordinal() * _HALVES_PER_DAY + (count.hour > 0)


def rises(gains: Iterable[tuple[Name, int, Gain]]) -> dict[Name, float]:
    """How much faster papers rise than others of the same day, by name; papers without an answer are absent.

    Papers of one day have the same age and are counted at the same times, so their gains are comparable. A rise is the
    daily gain above the mean of the paper's day, in units of the spread expected from chance:
    (rate - mean) / sqrt(mean + 1). Only papers with a snapshot within two days of the newest one of all are compared.

    Args:
        gains: For each paper its name, the number of its day, and its gain.
    """
    known = [gain for gain in gains if gain[1]]
    newest = max((gain.seen for _, _, gain in known), default=0)
    days: dict[int, dict[Name, float]] = {}
    for name, day, gain in known:
        if gain.seen >= newest - WINDOW_HALVES:
            days.setdefault(day, {})[name] = gain.rate
    found: dict[Name, float] = {}
    for rates in days.values():
        if len(rates) >= MIN_PAPERS_OF_A_DAY:
            mean = math.fsum(rates.values()) / len(rates)
            found |= {name: (rate - mean) / math.sqrt(max(mean, 0.0) + 1) for name, rate in rates.items()}
    return found


class Scored:
    """The scores of papers for the order `foryou`, by row, in compact form."""

    def __init__(self, rows: array[int], scores: array[float]) -> None:
        """The rows must be in ascending order."""
        self._rows, self._scores = rows, scores

    def __bool__(self) -> bool:
        return bool(self._rows)

    def of(self, row: int) -> float:
        """The score of a row, 0 if it has none."""
        place = bisect_left(self._rows, row)
        return self._scores[place] if place < len(self._rows) and self._rows[place] == row else 0.0


UNSCORED = Scored(array("q"), array("d"))
"""No scores: the order `foryou` is that by upvotes."""
