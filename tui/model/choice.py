"""The choices of a dialog, as plain values, so that actions don't depend on dialogs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

Accept = Callable[[str], Awaitable[None] | None]
"""Handles the answer of a dialog. If it raises a PaperdeckError, the dialog stays open and shows the reason."""


class Choice(NamedTuple):
    """One thing to choose."""

    value: str
    """The value to return."""
    text: str
    """Its displayed text."""
    key: str = ""
    """A key or sign before the text."""
    more: str = ""
    """Dimmed text after it."""
    synonyms: str = ""
    """Other words that find it; not displayed."""
    group: str = ""
    """Its heading; choices of a group are consecutive."""
    fixed: bool = False
    """Whether it is only displayed and can't be chosen."""
    bullet: str = ""
    """A sign right before the text, which is aligned beside it."""


_RANKS = 5
"""Degrees of how well a choice matches the typed words."""


def with_words(choices: Sequence[Choice], typed: str) -> list[Choice]:
    """The choices that contain every typed word, ignoring case, best first.

    First come those whose text is what was typed, then those with the typed words, with words beginning with them, that
    contain them in the text, and those found only by other names; each group keeps its order.
    """
    words = typed.casefold().split()
    ranked = [(_rank(choice, words), choice) for choice in choices] if words else [(0, choice) for choice in choices]
    return [choice for rank in range(_RANKS) for found, choice in ranked if found == rank]


def _rank(choice: Choice, words: Sequence[str]) -> int:
    """How well a choice matches typed words: 0 is best; -1 if it doesn't."""
    if choice.text.casefold().split() == list(words):
        return 0
    own = f"{choice.key} {choice.text}".casefold()
    if set(words) <= set(own.split()):
        return 1
    if all(word in own for word in words):
        return 2 if all(f" {word}" in f" {own}" for word in words) else 3
    everything = f"{own} {choice.more} {choice.synonyms} {choice.group}".casefold()
    return 4 if all(word in everything for word in words) else -1
