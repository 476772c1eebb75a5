"""The two lines of words: above, where one is and how things stand; below, what just happened or what one can do."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widgets import Static

from paperdeck.tui.look.cells import count_of, fit, fit_right
from paperdeck.tui.look.symbols import Symbols, symbols_of

if TYPE_CHECKING:
    from textual import events
    from textual.app import RenderResult
    from textual.timer import Timer

    from paperdeck.tui.model.session import Session

NAME = "paperdeck"
"""What the program is called on the top line."""
_NARROW = 60  # columns below which the program's name gives way to what it shows
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

    def show(self, session: Session, selected: int) -> None:
        """Take over how things stand.

        Args:
            session: What knows it.
            selected: How many papers are selected.
        """
        results, status = session.results, session.status
        order = results.order_words()
        self.view = f"{NAME}   {_view_in_words(session)}" + (f", by {order}" if order else "")
        self.counts = _counts_in_words(session, selected, symbols_of(self.app))
        self.waiting = f"{session.waiting:,} new: press ." if session.waiting else ""
        self.freshness, self.warning = status.freshness, status.failed
        self.ongoing, self.trouble = status.downloads, status.trouble

    def render(self) -> RenderResult:
        symbols = symbols_of(self.app)
        now = self.trouble or self.ongoing
        view, waiting, counts, freshness = map(
            symbols.words, (self.view, self.waiting, self.counts, now or self.freshness)
        )
        width = self.size.width
        if width < _NARROW:
            view = view.removeprefix(NAME).lstrip()
        room = width - min(cell_len(freshness) + 3, width * 2 // 3) if now else width
        left = fit(f" {view}", min(room, cell_len(view) + 4), symbols.ellipsis)
        rest = width - cell_len(left)
        waiting = f"  {waiting}" if waiting and cell_len(waiting) + 2 <= rest else ""
        rest -= cell_len(waiting)
        urgent = bool(now) or self.warning  # matters more than the counts, which matter more than how fresh all is
        beside = cell_len(freshness) + 4 if urgent else 1
        some = counts.partition(f" {symbols.dot} ")[0]
        counts = next((words for words in (counts, some) if cell_len(words) + beside <= rest), "")
        rest -= cell_len(counts)
        least = min(_LEAST, cell_len(freshness) + 1) if urgent else cell_len(freshness) + 3
        freshness = f"  {freshness} " if rest >= least else ""
        muted, warned = "$foreground-muted", "$warning"
        return Content.assemble(
            (left, "bold"),
            (counts, muted),
            (waiting, "bold $accent"),
            (fit_right(freshness, rest, symbols.ellipsis), warned if self.warning or self.trouble else muted),
        )


def _view_in_words(session: Session) -> str:
    view, day = session.results.view, session.days.shown or session.days.newest_day
    return f"{view.title}, {day:%a} {day.day} {day:%b}" if view.key == "day" and day else view.title


def _counts_in_words(session: Session, selected: int, symbols: Symbols) -> str:
    """How many papers, and how many of them are unread; what is not counted yet is left out."""
    results = session.results
    tally, shown = results.tally, len(results.ids)
    if not shown:
        return ""
    if tally is None:
        return f"{selected:,} selected" if selected else "" if results.complete else f"{shown:,}+ papers"
    parts = [f"{selected:,} selected of {tally.papers:,}" if selected else count_of(tally.papers, "paper")]
    parts += [f"{tally.new:,} new"] if tally.new else []
    return f" {symbols.dot} ".join([*parts, f"{tally.unread:,} unread"])


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
        return Content("").join(
            [Content(" "), Content("   ").join(map(self._hint, hints_within(self.hints, width - 1)))]
        )

    def _hint(self, hint: Hint) -> Content:
        key, does, action = hint
        text = Content.assemble((key, "bold $foreground"), (f" {does}", "$foreground-muted"))
        return text.stylize(Style(underline=action == self.pointed)).stylize(Style.from_meta({"@click": action}))


def hints_within(hints: Sequence[Hint], width: int) -> list[Hint]:
    """The hints that have room, with three cells between; the last one (the help) is given up last."""
    shown, room = [], width - (_hint_length(hints[-1]) if hints else 0)
    for hint in hints[:-1]:
        room -= _hint_length(hint) + 3
        if room < 0:
            break
        shown.append(hint)
    return [*shown, *(hint for hint in hints[-1:] if _hint_length(hint) <= width)]


def _hint_length(hint: Hint) -> int:
    return cell_len(hint.key) + 1 + cell_len(hint.does)
