"""The two lines of words: above, where one is and how things stand; below, what just happened or what one can do."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widgets import Static

from .cells import fit, fit_right
from .symbols import symbols_of

if TYPE_CHECKING:
    from textual import events
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
    ongoing = reactive("")
    """What is being downloaded, and how far it is."""
    trouble = reactive("")
    """What a source keeps us waiting for."""
    warning = reactive(False)
    """Whether the last fetch failed."""

    def render(self) -> RenderResult:
        symbols = symbols_of(self.app)
        now = self.trouble or self.ongoing
        view, waiting, counts, freshness = map(
            symbols.words, (self.view, self.waiting, self.counts, now or self.freshness)
        )
        width = self.size.width
        room = width - min(cell_len(freshness) + 2, width * 2 // 3) if now else width
        left = fit(f" {view}", min(room, cell_len(view) + 4), symbols.ellipsis)
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
            (fit_right(freshness, rest, symbols.ellipsis), warned if self.warning or self.trouble else muted),
        )


class Hint(NamedTuple):
    """A key worth a place on the screen."""

    key: str
    """The key as it is written."""
    does: str
    """What it does, in a word."""
    action: str
    """The action that a click on it runs."""


class Footline(Static):
    """The bottom line: a message for a while, else the keys that matter now; a click on one does what the key does."""

    DEFAULT_CSS = """
    Footline {
        height: 1; width: 100%; background: $background; color: $foreground-muted;
    }
    """

    hints = reactive[tuple[Hint, ...]]((), layout=False)
    """Keys and what they do."""
    message = reactive("")
    """What just happened."""
    severe = reactive(False)
    """Whether the message tells of a failure."""

    pointed = reactive("")
    """The action of the hint under the mouse."""
    auto_links = False

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

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Underline the key that a click would press."""
        self.pointed = str(event.style.meta.get("@click", ""))

    def on_leave(self) -> None:
        self.pointed = ""

    def clear(self) -> None:
        """Go back to the keys."""
        self.message = ""

    def render(self) -> RenderResult:
        width = self.size.width
        if self.message:
            symbols = symbols_of(self.app)
            sign, style = (" !", "bold $warning") if self.severe else ("", "$foreground")
            return Content.assemble((fit(f"{sign} {symbols.words(self.message)}", width, symbols.ellipsis), style))
        parts: list[Content] = []
        used = 1
        for key, does, action in self.hints:
            length = cell_len(key) + cell_len(does) + 4
            if used + length > width:
                break
            hint = Content.assemble((key, "bold $foreground"), (f" {does}", "$foreground-muted"))
            hint = hint.stylize(Style(underline=action == self.pointed)).stylize(Style.from_meta({"@click": action}))
            parts += [Content(" "), hint, Content("  ")]
            used += length
        return Content("").join(parts)
