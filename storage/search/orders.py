"""The papers in each order that somebody asked for, kept current as papers come in."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Collection
from typing import Final

from .rank import BY_DATE, Key, Sort, Value, key_of
from .segment import Row

_FEW: Final = 300

Values = Callable[[str], Callable[[Row], Value]]
"""For a key, what gives the value of a row."""


class Orders:
    """Lists of rows by order. The one by date always exists; it also decides among equals in all others.

    A list that was handed out is never changed, so a search can walk along it while papers are added.
    """

    def __init__(self, values: Values) -> None:
        self._values = values
        self._lists: dict[Sort, list[Row]] = {BY_DATE: []}

    def of(self, sort: Sort) -> list[Row]:
        """All rows in an order."""
        rows = self._lists.get(sort)
        if rows is None:
            rows = self._lists[sort] = self._make(sort)
        return rows

    def forget(self, key: str) -> None:
        """Drop the orders by a key whose values have changed; they are made again when they are asked for."""
        for sort in [sort for sort in self._lists if sort.key == key]:
            del self._lists[sort]

    def change(self, gone: Collection[Row], come: Collection[Row]) -> None:
        """Replace rows: a few in all orders; many only in the order by date, and the others are dropped."""
        if len(gone) + len(come) <= _FEW:
            for sort, rows in list(self._lists.items()):
                self._lists[sort] = self._patched(sort, rows, gone, come)
        else:
            self._lists = {BY_DATE: self._merged(gone, come)}

    def key(self, sort: Sort) -> Callable[[Row], Key]:
        """What rows are sorted by, ascending."""
        value_of = self._values(sort.key)
        return lambda row: key_of(sort, value_of(row), row.day, row.upvotes, row.id)

    def _patched(self, sort: Sort, rows: list[Row], gone: Collection[Row], come: Collection[Row]) -> list[Row]:
        rows, key = rows.copy(), self.key(sort)
        for row in gone:
            del rows[bisect_left(rows, key(row), key=key)]
        for row in come:
            insort(rows, row, key=key)
        return rows

    def _merged(self, gone: Collection[Row], come: Collection[Row]) -> list[Row]:
        """The order by date with many changes: only the stretch that the new rows fall into is sorted."""
        rows, key = self._lists[BY_DATE], self.key(BY_DATE)
        if gone:
            unwanted = set(gone)
            rows = [row for row in rows if row not in unwanted]
        new = sorted(come, key=key)
        first, last = bisect_left(rows, key(new[0]), key=key), bisect_right(rows, key(new[-1]), key=key)
        return [*rows[:first], *sorted(rows[first:last] + new, key=key), *rows[last:]]

    def _make(self, sort: Sort) -> list[Row]:
        """The rows by date, sorted again by value: equals stay in the order by date."""
        rows = self._lists[BY_DATE]
        value_of = self._values(sort.key)
        values = [value_of(row) for row in rows]
        known = [row for row, value in zip(rows, values, strict=True) if value is not None]
        unknown = [row for row, value in zip(rows, values, strict=True) if value is None]
        heights = [value for value in values if value is not None]
        ranks = sorted(range(len(known)), key=heights.__getitem__, reverse=not sort.reverse)
        return [*map(known.__getitem__, ranks), *unknown]
