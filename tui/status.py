"""The two lines of words: above, where one is and how things stand; below, what just happened or what one can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from .cells import fit

if TYPE_CHECKING:
    from textual.app import RenderResult
    from textual.timer import Timer

MESSAGE_SECONDS = 6.0


class Headline(Static):
    """The top line: the view, its counts, and how fresh the papers are."""

    DEFAULT_CSS = """
    Headline { height: 1; width: 100%; background: $background; color: $foreground; }
    """

    view = reactive("")
    """What the list shows."""
    counts = reactive("")
    """How many papers, and how many of them are unread."""
    freshness = reactive("")
    """What the fetcher is doing, or how old the papers are."""
    warning = reactive(False)
    """Whether the last fetch failed."""

    def render(self) -> RenderResult:
        width = self.size.width
        room = width - 2
        left, right = f" {self.view}", f"{self.freshness} "
        if cell_len(left) + cell_len(right) + 2 > width:
            right = fit(right, max(0, min(cell_len(right), room - cell_len(left))))
        middle_room = width - cell_len(left) - cell_len(right) - 4
        middle = fit(f"   {self.counts}", max(0, middle_room)) if cell_len(self.counts) + 3 <= middle_room else ""
        gap = max(0, width - cell_len(left) - cell_len(middle) - cell_len(right))
        return Content.assemble(
            (fit(left, min(width, cell_len(left))), "bold"),
            (middle, "$foreground-muted"),
            " " * gap,
            (right, "$warning" if self.warning else "$foreground-muted"),
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

    def say(self, message: str, *, severe: bool = False) -> None:
        """Show a message for a few seconds; a failure stays twice as long."""
        if self._timer:
            self._timer.stop()
        self.severe = severe
        self.message = message
        self._timer = self.set_timer(MESSAGE_SECONDS * (1 + severe), self.clear)

    def clear(self) -> None:
        """Go back to the keys."""
        self.message = ""

    def render(self) -> RenderResult:
        width = self.size.width
        if self.message:
            style = "bold $warning" if self.severe else "$foreground"
            return Content.assemble((fit(f" {self.message}", width), style))
        parts: list[tuple[str, str]] = []
        used = 1
        for key, does in self.hints:
            length = cell_len(key) + cell_len(does) + 4
            if used + length > width:
                break
            parts += [(f" {key}", "bold $foreground"), (f" {does}  ", "$foreground-muted")]
            used += length
        return Content.assemble(*parts)
