"""The few signs on the screen, and the same in ASCII for fonts without them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Symbols:
    """One set of signs; all are one cell wide unless they are words."""

    bar: str
    """Beside the row under the cursor."""
    star: str
    """A starred paper."""
    selected: str
    """A paper that is selected for a bulk action."""
    followed: str
    """A paper by somebody whom the reader follows."""
    upvotes: str
    """Before the number of upvotes."""
    comments: str
    """Before the number of comments."""
    code: str
    """Before the stars of the code repository."""
    note: str
    """A paper with a note."""
    tag: str
    """A paper with tags."""
    dot: str
    """Between facts on one line."""
    complete: str
    """A day of which everything is here."""
    partial: str
    """A day of which something is here."""
    failed: str
    """A day that could not be fetched."""
    missing: str
    """A day that was never asked for."""
    empty: str
    """A day on which nothing was announced."""
    bullet: str
    """Before an item of a list."""
    border: str
    """Before each line of a quotation."""
    line: str
    """Of which a horizontal rule is made."""


UNICODE = Symbols("▌", "★", "✓", "»", "▲", "●", "code", "✎", "#", "·", "●", "◐", "✗", "○", "·", "•", "│", "─")
ASCII = Symbols(">", "*", "+", "^", "^", "c", "code", "n", "#", "-", "#", "+", "x", "o", ".", "-", "|", "-")
