"""The symbols on the screen, and their ASCII equivalents for fonts without them.

In ASCII, the signs and the end of a cut text come from `Symbols`, our own sentences go through `Symbols.words`, borders
are variables of the style sheet, scroll bars are `AsciiScrollBar`s. Titles, names and mathematics stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from textual.scrollbar import ScrollBarRender

_DOT = re.compile(r"(?<![^\s·▁-█])·(?![^\s·▁-█])")
_TYPED = str.maketrans(
    {"“": '"', "”": '"', "…": "...", "▲": "+", "★": "*", "\u00a0": " "} | dict(zip("▁▂▃▄▅▆▇█", ".:-=+*%#", strict=True))
)
_KEYS = str.maketrans({"↑": "up", "↓": "down", "←": "left", "→": "right", "⏎": "enter", "⌫": "backspace"})


@dataclass(frozen=True, slots=True)
class Symbols:
    """One set of symbols; all are one cell wide unless they are words."""

    bar: str
    """Beside the row under the cursor."""
    resting: str
    """The same in a pane without focus."""
    star: str
    """A starred paper."""
    selected: str
    """A paper that is selected for a bulk action."""
    followed: str
    """A paper that matches a follow rule."""
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
    """A completely fetched day."""
    partial: str
    """A partly fetched day."""
    failed: str
    """A day that could not be fetched."""
    missing: str
    """A day never fetched."""
    empty: str
    """A day on which nothing was announced."""
    bullet: str
    """Before an item of a list."""
    border: str
    """Before each line of a quotation."""
    line: str
    """Repeated for a horizontal rule."""
    ellipsis: str = "…"
    """The end of a cut text; may be longer than a cell."""
    hidden: str = "x"
    """A hidden paper."""
    fits: str = "◇"
    """A paper that fits the reader's taste."""
    muted: str = "~"
    """A paper that matches a mute rule."""
    typed: bool = False
    """Whether our own sentences use only ASCII characters."""

    @property
    def read(self) -> str:
        """A read paper."""
        return self.dot

    def words(self, text: str) -> str:
        """One of our sentences in these signs; letters of names stay."""
        return _DOT.sub("-", text.replace("▲ ", "▲")).translate(_TYPED) if self.typed else text

    def upvoted(self, count: str) -> str:
        """A number of upvotes: `▲ 76`, or `+76`."""
        return f"{self.upvotes}{count}" if self.typed else f"{self.upvotes} {count}"

    def keys(self, text: str) -> str:
        """The name of a key in these signs."""
        return text.translate(_KEYS) if self.typed else text

    def style_variables(self) -> dict[str, str]:
        """Characters for the style sheet: a rule, a notice's edge, a dialog's border, the end of a cut text."""
        if self.typed:
            return {"rule": "ascii", "edge": "ascii", "frame": "ascii", "cut": "clip"}
        return {"rule": "vkey", "edge": "outer", "frame": "round", "cut": "ellipsis"}


UNICODE = Symbols("▌", "▏", "★", "✓", "»", "▲", "●", "code", "✎", "#", "·", "●", "◐", "✗", "○", "·", "•", "│", "─")
ASCII = Symbols(
    *(">", "|", "*", "v", "@", "+", "c", "code", "n", "#", "-", "#", "+", "x", "o", ".", "-", "|", "-", "..."),
    fits="^",
    typed=True,
)


def symbols_of(app: object) -> Symbols:
    """The symbols of an app; apps other than the reader use the full set."""
    symbols: Symbols = getattr(app, "symbols", UNICODE)
    return symbols


class AsciiScrollBar(ScrollBarRender):
    """A scroll bar of whole cells."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "]
