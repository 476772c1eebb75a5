"""A word diff of two versions of a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

SAME: Final = "same"
GONE: Final = "gone"
NEW: Final = "new"

CONTEXT_WORDS: Final = 4
"""Unchanged words shown before and after each change."""

_SKIPPED: Final = "…"


class DiffPiece(NamedTuple):
    """A run of words."""

    kind: str
    """SAME, GONE or NEW."""
    text: str


@lru_cache(maxsize=64)
def word_diff(before: str, after: str) -> tuple[DiffPiece, ...]:
    """The changes with a few words around each; empty if the words are the same.

    An ellipsis stands for unchanged words that are left out.
    """
    from difflib import SequenceMatcher

    old, new = before.split(), after.split()
    if old == new:
        return ()
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return tuple(_pieces(steps, old, new))


def _pieces(
    steps: Sequence[tuple[str, int, int, int, int]], old: Sequence[str], new: Sequence[str]
) -> Iterator[DiffPiece]:
    for number, (step, first, last, new_first, new_last) in enumerate(steps):
        if step == "equal":
            yield DiffPiece(SAME, _shortened(old[first:last], is_first=not number, is_last=number == len(steps) - 1))
            continue
        if first < last:
            yield DiffPiece(GONE, " ".join(old[first:last]))
        if new_first < new_last:
            yield DiffPiece(NEW, " ".join(new[new_first:new_last]))


def _shortened(words: Sequence[str], *, is_first: bool, is_last: bool) -> str:
    """The unchanged words next to a change."""
    head = [] if is_first else list(words[:CONTEXT_WORDS])
    tail = [] if is_last else list(words[-CONTEXT_WORDS:])
    if len(head) + len(tail) >= len(words):
        return " ".join(words)
    return " ".join([*head, _SKIPPED, *tail])
