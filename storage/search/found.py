"""Search results as row numbers, eight bytes per paper, whose ids are looked up on demand; and their counts."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, overload

from paperdeck.storage.errors import StoreError

from .compile import DAY_BITS

_PIECE_ROWS = 128
_MAX_PIECES = 64

IdsOf = Callable[[Sequence[int]], list[str]]
"""The ids of rows, in their order."""


class Tally(NamedTuple):
    """How many papers a list has, and how many of them are unread and new."""

    papers: int = 0
    unread: int = 0
    new: int = 0


class Found(Sequence[str]):
    """The ids of papers in order. Immutable; later changes of the index don't affect it."""

    def __init__(self, rows: array[int], ids_of: IdsOf, *, by_day: bool = False) -> None:
        """A list.

        Args:
            rows: The rows, in order.
            ids_of: Returns the ids of rows.
            by_day: Whether the days descend, so a row can be found by binary search.
        """
        self.rows = rows
        self._ids_of = ids_of
        self._by_day = by_day
        self._pieces: dict[int, list[str]] = {}

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Found: ...
    def __getitem__(self, place: int | slice) -> str | Found:
        if isinstance(place, slice):
            return Found(self.rows[place], self._ids_of, by_day=self._by_day and (place.step or 1) > 0)
        if place < 0:
            place += len(self.rows)
        if not 0 <= place < len(self.rows):
            raise IndexError(place)
        return self._piece(place // _PIECE_ROWS)[place % _PIECE_ROWS]

    def _piece(self, number: int) -> list[str]:
        piece = self._pieces.get(number)
        if piece is None:
            rows = self.rows[number * _PIECE_ROWS : (number + 1) * _PIECE_ROWS]
            try:
                piece = self._ids_of(rows)
            except StoreError:  # the index is being rebuilt, and the list will be found again
                return [""] * len(rows)
            if len(self._pieces) >= _MAX_PIECES:
                self._pieces.clear()
            self._pieces[number] = piece
        return piece

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self.rows), _PIECE_ROWS * 8):
            yield from self._ids_of(self.rows[start : start + _PIECE_ROWS * 8])

    def place_of_row(self, row: int) -> int | None:
        """The position of a row in the list; None if it isn't there."""
        if not self._by_day:
            return self.rows.index(row) if row in self.rows else None
        day = row >> DAY_BITS
        start = bisect_left(self.rows, -day, key=lambda other: -(other >> DAY_BITS))
        for place in range(start, len(self.rows)):
            if self.rows[place] == row:
                return place
            if self.rows[place] >> DAY_BITS != day:
                return None
        return None

    def with_rows(self, rows: array[int]) -> Found:
        """A list of other rows in the same order."""
        return Found(rows, self._ids_of, by_day=self._by_day)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Found):
            return self.rows == other.rows
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(str.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<Found {len(self)} papers>"
