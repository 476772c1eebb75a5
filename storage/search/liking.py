"""The order `foryou`: how near papers are to what the reader starred, by keywords, organizations and authors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
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
        self._scores: dict[int, float] = {}

    def __call__(self, db: sqlite3.Connection) -> Mapping[int, float]:
        """The score of each paper that has one other than 0, by row."""
        marked = f"select count(*) || group_concat(row || ' ' || state) from mark where state & {STARRED | HIDDEN}"
        state = db.execute(f"select (select count(*) from paper), ({marked})").fetchone()
        if state != self._state:
            self._scores, self._state = self._learn(db), state
        return self._scores

    def _learn(self, db: sqlite3.Connection) -> dict[int, float]:
        liked, disliked = (list(_labels(db, f"where state & {bit}").values()) for bit in (STARRED, HIDDEN))
        told = {label for labels in (*liked, *disliked) for label in labels}
        if not told:
            return {}
        known = {row: labels for row, found in _each(db) if (labels := told & found)}
        usual = Counter(label for labels in known.values() for label in labels)
        [total] = db.execute("select count(*) from paper").fetchone()
        weights = learn_taste(liked, disliked, usual, total)
        scores = ((row, taste_score(labels, weights)) for row, labels in known.items())
        return {row: score for row, score in scores if score}


def _labels(db: sqlite3.Connection, condition: str) -> dict[int, frozenset[int]]:
    return dict(_each(db, condition))


def _each(db: sqlite3.Connection, condition: str = "") -> Iterator[tuple[int, frozenset[int]]]:
    for row, labels, names in db.execute(f"select row, labels, names from paper {condition}"):
        if labels or names:
            yield row, frozenset((*numbers_in(labels), *numbers_in(names)))
