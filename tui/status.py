"""The two lines of words: above, where one is and how things stand; below, what just happened or what one can do."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from .cells import fit, fit_right
from .symbols import symbols_of

if TYPE_CHECKING:
    from textual.app import RenderResult
    from textual.timer import Timer

_LEAST = 10  # cells in which the beginning of a sentence still says something
MESSAGE_SECONDS = 6.0
"""How long a message stays."""
MESSAGE_LEAST = 1.0
"""How long it stays even if keys are pressed."""


class Headline(Static):
    """The top line: the view, its counts, and how fresh the papers are."""

    DEFAULT_CSS = """
    Headline { height: 1; width: 100%; background: $background; color: $foreground; }
    """

    view = reactive("")
    """What the list shows."""
    counts = reactive("")
    """How many papers, and how many of them are unread."""
    waiting = reactive("")
    """How many new papers wait to be let into the list."""
    freshness = reactive("")
    """What the fetcher is doing, or how old the papers are."""
    warning = reactive(False)
    """Whether the last fetch failed."""

    def render(self) -> RenderResult:
        symbols = symbols_of(self.app)
        view, waiting, counts, freshness = map(symbols.words, (self.view, self.waiting, self.counts, self.freshness))
        width = self.size.width
        left = fit(f" {view}", min(width, cell_len(view) + 4), symbols.ellipsis)
        rest = width - cell_len(left)
        waiting = f"  {waiting}" if waiting and cell_len(waiting) + 2 <= rest else ""
        rest -= cell_len(waiting)
        counts = counts if cell_len(counts) + cell_len(freshness) + 4 <= rest else ""
        rest -= cell_len(counts)
        freshness = f"{freshness} " if rest >= min(_LEAST, cell_len(freshness) + 1) else ""
        muted, warned = "$foreground-muted", "$warning"
        return Content.assemble(
            (left, "bold"),
            (counts, muted),
            (waiting, "bold $accent"),
            (fit_right(freshness, rest, symbols.ellipsis), warned if self.warning else muted),
        )


class Footline(Static):
    """The bottom line: a message for a while, else the keys that matter now."""

    DEFAULT_CSS = """
    Footline { height: 1; width: 100%; background: $background; color: $foreground-muted; }
    """

    hints = reactive[tuple[tuple[str, str], ...]]((), layout=False)
    """Keys and what they do."""
    message = reactive("")
    """What just happened."""
    severe = reactive(False)
    """Whether the message tells of a failure."""

    _timer: Timer | None = None
    _said_at = 0.0  # on the monotonic clock

    def say(self, message: str, *, severe: bool = False) -> None:
        """Show a message for a few seconds, a failure twice as long; if nothing may move by itself, until a key."""
        if self._timer:
            self._timer.stop()
        self.severe = severe
        self.message = message
        self._said_at = monotonic()
        if getattr(self.app, "motion", True):
            self._timer = self.set_timer(MESSAGE_SECONDS * (1 + severe), self.clear)

    def key_pressed(self) -> None:
        """Another key is pressed: what was said of the one before has been read, unless it was said just now."""
        if self.message and monotonic() - self._said_at > MESSAGE_LEAST * (1 + 2 * self.severe):
            self.clear()

    def clear(self) -> None:
        """Go back to the keys."""
        self.message = ""

    def render(self) -> RenderResult:
        width = self.size.width
        if self.message:
            symbols = symbols_of(self.app)
            sign, style = (" !", "bold $warning") if self.severe else ("", "$foreground")
            return Content.assemble((fit(f"{sign} {symbols.words(self.message)}", width, symbols.ellipsis), style))
        parts: list[tuple[str, str]] = []
        used = 1
        for key, does in self.hints:
            length = cell_len(key) + cell_len(does) + 4
            if used + length > width:
                break
            parts += [(f" {key}", "bold $foreground"), (f" {does}  ", "$foreground-muted")]
            used += length
        return Content.assemble(*parts)
