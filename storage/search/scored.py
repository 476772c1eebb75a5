"""The scores for the order `foryou`."""

from __future__ import annotations

from array import array
from bisect import bisect_left


class Scored:
    """Scores by row, in compact form."""

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
