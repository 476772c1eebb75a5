"""Merges new papers into the displayed list, and tells whether that would move anything visible.

Lists of ids are any sequences; the index returns lazy ones. Functions that copy them belong in a thread.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from paperdeck.storage.search.found import Found

T = TypeVar("T")
_STRETCH_PAPERS = 4_096


class Where(NamedTuple):
    """The reader's position in the list."""

    first: int = 0
    """The first visible row."""
    last: int = -1
    """The last row that there is room for; less than `first` if the list is hidden."""
    cursor: int = 0
    """The row under the cursor."""
    line: int = 0
    """The line of the window on which that row begins."""


class Arrivals(NamedTuple):
    """A newer version of the displayed list."""

    found: Sequence[str]
    """The papers found now."""
    merged: Sequence[str]
    """The same, but displayed papers that are no longer found keep their place."""
    new: int
    """How many of them are not displayed yet."""


def arrivals_of(shown: Sequence[str], found: Sequence[str]) -> Arrivals | None:
    """The changes since a list was displayed, None if there are none. Call in a thread."""
    if isinstance(shown, Found) and isinstance(found, Found):
        start, old, new = _differing(shown.rows, found.rows)
        if not old and not new:
            return None
        rows = _kept_in_place(old, new)
        merged = found.with_rows(found.rows[:start] + array("q", rows) + found.rows[start + len(new) :])
        return Arrivals(found, merged, len(set(new).difference(old))) if merged != shown else None
    kept = keep_in_place(shown, found)
    if kept == list(shown):
        return None
    return Arrivals(found, kept, len(set(found).difference(shown)))


def keep_in_place(shown: Sequence[str], found: Sequence[str]) -> Sequence[str]:
    """The papers found now, and displayed ones that are no longer found after their old neighbour. Call in a thread.

    A paper read in the view of unread papers must not vanish under the cursor; it disappears when the view is left.
    """
    if isinstance(shown, Found) and isinstance(found, Found):
        arrivals = arrivals_of(shown, found)
        return arrivals.merged if arrivals else found
    return _kept_in_place(shown, found)


def _differing(shown: array[int], found: array[int]) -> tuple[int, array[int], array[int]]:
    """The first difference of two long lists, and the part of each from there to their common end."""
    start, maximum = 0, min(len(shown), len(found))
    for step in (_STRETCH_PAPERS, 1):
        while start + step <= maximum and shown[start : start + step] == found[start : start + step]:
            start += step
    end = 0
    for step in (_STRETCH_PAPERS, 1):
        while start + end + step <= maximum and _from_end(shown, end, step) == _from_end(found, end, step):
            end += step
    return start, shown[start : len(shown) - end], found[start : len(found) - end]


def _from_end(rows: array[int], end: int, step: int) -> array[int]:
    return rows[len(rows) - end - step : len(rows) - end]


def _kept_in_place(shown: Sequence[T], found: Sequence[T]) -> list[T]:
    remaining = set(found)
    following: dict[T | None, list[T]] = {}
    anchor: T | None = None
    for paper_id in shown:
        if paper_id in remaining:
            anchor = paper_id
        else:
            following.setdefault(anchor, []).append(paper_id)
    if not following:
        return list(found)
    merged = following.get(None, [])[:]
    for paper_id in found:
        merged.append(paper_id)
        merged.extend(following.get(paper_id, ()))
    return merged


def moves_nothing(shown: Sequence[str], merged: Sequence[str], where: Where) -> bool:
    """Whether a newer list can replace the displayed one without moving anything visible."""
    if not shown:
        return True
    first, last = where.first, where.last
    if last < first:
        return False
    if last >= len(shown):  # there is room after the end, where new papers would appear; none may come before it
        return list(merged[: len(shown)]) == list(shown)
    start = place_of(merged, shown[first])
    return start is not None and list(merged[start : start + last - first + 1]) == list(shown[first : last + 1])


def place_of(ids: Sequence[str], paper_id: str | None, near: int = 0) -> int | None:
    """The index of a paper in a list, None if it isn't there; first tried near the cursor, where most are."""
    if paper_id is None:
        return None
    for place in range(max(0, near - 1), min(len(ids), near + 2)):
        if ids[place] == paper_id:
            return place
    try:
        return ids.index(paper_id)
    except ValueError:
        return None
