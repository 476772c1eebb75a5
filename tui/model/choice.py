"""What a dialog offers: plain values, so that actions can make them without knowing any dialog."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

Accept = Callable[[str], Awaitable[None] | None]
"""What a dialog does with the answer. If it raises a PaperdeckError, the dialog stays open and shows the reason."""


class Choice(NamedTuple):
    """One thing to choose."""

    value: str
    """What is returned when it is chosen."""
    text: str
    """What it is called."""
    key: str = ""
    """A key or sign before the text."""
    more: str = ""
    """What stands muted behind the text."""
    synonyms: str = ""
    """Other words that find it; they are not shown."""
    group: str = ""
    """The heading that it stands under; choices of a group come one after the other."""
    fixed: bool = False
    """Whether it is only to be read and can't be chosen."""


def with_words(choices: Sequence[Choice], typed: str) -> list[Choice]:
    """The choices that hold every typed word, whatever its case; those whose own text holds them all come first."""
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
