"""New papers and a list that is being read: what comes in, and where, so that nothing jumps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arrivals:
    """A newer list for the one that is shown."""

    found: list[str]
    """What is found now."""
    merged: list[str]
    """The same, with what is shown but no longer found kept in its place."""
    new: int
    """How many papers of it are not shown yet."""


def arrivals_of(shown: Sequence[str], found: list[str]) -> Arrivals | None:
    """What has changed since a list was shown, None if nothing has; for a thread."""
    merged = keep_in_place(shown, found)
    if merged == list(shown):
        return None
    return Arrivals(found, merged, len(set(found).difference(shown)))


def keep_in_place(shown: Sequence[str], found: Sequence[str]) -> list[str]:
    """The newly found papers, and those that are shown but no longer found, which stay behind their neighbour.

    A paper that is read in the view of unread papers must not vanish under the cursor; it goes when the view is left.
    """
    remaining = set(found)
    following: dict[str | None, list[str]] = {}
    anchor: str | None = None
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
