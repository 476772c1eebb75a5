"""Text on the screen: the symbols and their ASCII equivalents, and cutting and padding in terminal cells.

In ASCII, the signs and the end of a cut text come from `Symbols`, our own sentences go through `Symbols.words`, borders
are variables of the style sheet, scroll bars are the app's `AsciiScrollBar`s. Titles, names and mathematics stay as
they are.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from paperdeck.storage.text.clean import for_screen

_DOT = re.compile(r"(?<![^\s·▁-█])·(?![^\s·▁-█])")
_TYPED = str.maketrans(
    {"“": '"', "”": '"', "…": "...", "▲": "+", "★": "*", "\u00a0": " "} | dict(zip("▁▂▃▄▅▆▇█", ".:-=+*%#", strict=True))
)
_KEYS = str.maketrans({"↑": "up", "↓": "down", "←": "left", "→": "right", "⏎": "enter", "⌫": "backspace"})


class Symbols(NamedTuple):
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


def fit(text: str, width: int, ellipsis: str = "…") -> str:
    """The text in exactly `width` cells: padded with spaces, or cut and ended with an ellipsis."""
    text = for_screen(text)
    length = cell_len(text)
    if length <= width:
        return text + " " * (width - length)
    if width <= len(ellipsis):
        return ellipsis[:width] if width > 0 else ""
    kept = set_cell_size(text, width - len(ellipsis)).rstrip()
    kept = kept.removesuffix(ellipsis).rstrip()  # a part of it may have been cut before
    return set_cell_size(kept + ellipsis, width)


def fit_right(text: str, width: int) -> str:
    """The text at the right end of `width` cells."""
    text = for_screen(text)
    return fit(" " * max(0, width - cell_len(text)) + text, width)


def fit_words(text: str, width: int, ellipsis: str = "…") -> str:
    """The text in exactly `width` cells; if it has to be cut, it is cut after a word if possible."""
    cut = fit(text, width, ellipsis)
    if cell_len(text) <= width:
        return cut
    kept = cut.rstrip().removesuffix(ellipsis)
    ends_a_word = for_screen(text)[len(kept) :].startswith(" ")
    words = (kept if ends_a_word else kept.rpartition(" ")[0]).rstrip(" ,")
    return fit(f"{words}{ellipsis}", width, ellipsis) if words else cut


def wrapped(text: str, width: int) -> list[str]:
    """A line wrapped; the lines after the first keep its indentation, up to half the width."""
    from textual.content import Content

    start = len(text) - len(text.lstrip(" "))
    indent = " " * min(start, width // 2)
    lines = Content(for_screen(text[start:])).wrap(max(1, width - len(indent)))
    return [indent + line.plain for line in lines]


def wrapped_parts(text: str, width: int) -> list[tuple[int, str]]:
    """A text wrapped, each line with its start in the text; words longer than a line are split."""
    from textual.content import Content

    parts, end = list[tuple[int, str]](), 0
    for line in Content(text).wrap(width):
        shown = line.plain.rstrip(" ")
        start = max(end, text.find(shown, end))
        end = start + len(shown)
        parts.append((start, shown))
    return parts or [(0, "")]


def short_number(number: int | None) -> str:
    """A count in at most four cells: 7, 312, 1.2k, 46k, 1.3M; empty when it is unknown."""
    if number is None:
        return ""
    for limit, unit in ((1_000_000, "M"), (1_000, "k")):
        if number >= limit * 0.9995:  # not 1000k but 1.0M
            scaled = number / limit
            return f"{scaled:.1f}{unit}" if scaled < 9.95 else f"{scaled:.0f}{unit}"
    return str(number)
