"""What a dialog offers to choose from."""

from __future__ import annotations

from typing import NamedTuple


class Choice(NamedTuple):
    """One thing to choose."""

    value: str
    """What is returned when it is chosen."""
    text: str
    """What it is called."""
    key: str = ""
    """A key or short name before the text."""
    more: str = ""
    """What stands dim behind the text."""
