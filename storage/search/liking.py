"""The order `foryou`: how near papers are to what the reader starred, by keywords, organizations and authors."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .compile import HIDDEN, STARRED
from .entries import numbers_in
from .rank import learn_taste, taste_score

if TYPE_CHECKING:
    import sqlite3


class Liking:
    """Scores papers; kept until stars, hidden papers or the number of papers change."""

    def __init__(self) -> None:
        self._state: Any = None
        self._scores = Scored(array("q"), array("d"))

    def __call__(self, db: sqlite3.Connection) -> Scored:
        """The scores of all papers."""
        marked = f"select count(*) || group_concat(row || ' ' || state) from mark where state & {STARRED | HIDDEN}"
        state = db.execute(f"select (select count(*) from paper), ({marked})").fetchone()
        if state != self._state:
            self._scores, self._state = self._learn(db), state
        return self._scores

    def _learn(self, db: sqlite3.Connection) -> Scored:
        liked, disliked = ([labels for _, labels in _each(db, f"where state & {bit}")] for bit in (STARRED, HIDDEN))
        told = frozenset(label for labels in (*liked, *disliked) for label in labels)
        rows, scores = array("q"), array("d")
        if told:
            usual = Counter(label for _, labels in _each(db) for label in told & labels)
            [total] = db.execute("select count(*) from paper").fetchone()
            weights = learn_taste(liked, disliked, usual, total)
            for row, labels in _each(db, "order by row"):
                if score := taste_score(told & labels, weights):
                    rows.append(row)
                    scores.append(score)
        return Scored(rows, scores)


class Scored:
    """Scores by row, in little memory."""

    def __init__(self, rows: array[int], scores: array[float]) -> None:
        """The rows have to ascend."""
        self._rows, self._scores = rows, scores

    def of(self, row: int) -> float:
        """The score of a row, 0 if it has none."""
        place = bisect_left(self._rows, row)
        return self._scores[place] if place < len(self._rows) and self._rows[place] == row else 0.0


def _each(db: sqlite3.Connection, condition: str = "") -> Iterator[tuple[int, frozenset[int]]]:
    """The labels of papers, by row."""
    for row, labels, names in db.execute(f"select row, labels, names from paper {condition}"):
        if labels or names:
            yield row, frozenset((*numbers_in(labels), *numbers_in(names)))
