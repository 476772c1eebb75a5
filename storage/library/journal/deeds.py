"""A deed: one thing that the reader did, which one undo takes back."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

RESTED = "read by resting on it"
"""The label of the deed that marks a paper read because the cursor rested on it."""


class Deed(NamedTuple):
    """One undoable change."""

    number: int
    """Deeds of this device are numbered in the order in which they were made; 0: nothing was changed."""
    label: str
    """What was done, such as `star` or `delete view`."""
    subject: str
    """What it was done to: a title, the name of a view, a query; it may be empty."""
    ids: tuple[str, ...]
    """The papers whose marks it changed, or that it brought."""
    rules: bool
    """Whether it changed views, rules or preferences."""
    made_at: datetime
    """When it was made, in UTC."""
    own: bool
    """Whether this process made it."""
    maker: str
    """Who made it, such as `the reader, process 123`."""
