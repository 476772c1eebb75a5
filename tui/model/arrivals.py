"""New papers and a list that is being read: what comes in, and whether it would move anything in sight.

Lists of ids are any sequences; the index may hand out lazy ones. What copies them is for a thread.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from paperdeck.storage.search.found import Found

T = TypeVar("T")
_STRETCH = 4_096


class Arrivals(NamedTuple):
    """A newer list for the one that is shown."""

    found: Sequence[str]
    """What is found now."""
    merged: Sequence[str]
    """The same, with papers that are shown but no longer found kept in their place."""
    new: int
    """How many papers of it are not shown yet."""


def arrivals_of(shown: Sequence[str], found: Sequence[str]) -> Arrivals | None:
    """What has changed since a list was shown, None if nothing has. Call in a thread."""
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
    """The papers found now, and those shown but no longer found, which stay behind their neighbour. For a thread.

    A paper that is read in the view of unread papers must not vanish under the cursor; it goes when the view is left.
    """
    if isinstance(shown, Found) and isinstance(found, Found):
        arrivals = arrivals_of(shown, found)
        return arrivals.merged if arrivals else found
    return _kept_in_place(shown, found)


def _differing(shown: array[int], found: array[int]) -> tuple[int, array[int], array[int]]:
    """Where two long lists begin to differ, and what each has there up to the end that they share."""
    start, most = 0, min(len(shown), len(found))
    for step in (_STRETCH, 1):
        while start + step <= most and shown[start : start + step] == found[start : start + step]:
            start += step
    end = 0
    for step in (_STRETCH, 1):
        while start + end + step <= most and _from_end(shown, end, step) == _from_end(found, end, step):
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


def moves_nothing(shown: Sequence[str], merged: Sequence[str], first: int, last: int) -> bool:
    """Whether a newer list can take the place of the one that is shown without a move of anything in sight.

    Args:
        shown: The list that is shown.
        merged: The newer list.
        first: The first row in sight.
        last: The last row in sight, or that there is room for; before `first` if the list is hidden.
    """
    if not shown:
        return True
    if last < first:
        return False
    if last >= len(shown):  # there is room behind the end, where new papers would appear; none may come before
        return list(merged[: len(shown)]) == list(shown)
    start = place_of(merged, shown[first])
    return start is not None and list(merged[start : start + last - first + 1]) == list(shown[first : last + 1])


def place_of(ids: Sequence[str], paper_id: str | None, near: int = 0) -> int | None:
    """Where a paper is in a list, None if it is not there.

    Args:
        ids: The list.
        paper_id: The paper.
        near: A place to look at first, as papers are mostly looked for beside the cursor.
    """
    if paper_id is None:
        return None
    for place in range(max(0, near - 1), min(len(ids), near + 2)):
        if ids[place] == paper_id:
            return place
    try:
        return ids.index(paper_id)
    except ValueError:
        return None
