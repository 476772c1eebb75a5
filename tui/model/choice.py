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


def with_words(choices: Sequence[Choice], typed: str) -> list[Choice]:
    """The choices that contain every typed word, ignoring case; those with all words in their own text come first."""
    words = typed.casefold().split()
    named: list[Choice] = []
    related: list[Choice] = []
    for choice in choices:
        own = f"{choice.key} {choice.text}".casefold()
        if all(word in own for word in words):
            named.append(choice)
        elif all(word in f"{own} {choice.more} {choice.synonyms} {choice.group}".casefold() for word in words):
            related.append(choice)
    return named + related
