"""The bottom line: messages, the current wait, or key hints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.style import Style
from textual.widgets import Static

from paperdeck.tui.look.text import Symbols, fit, symbols_of, wrapped

if TYPE_CHECKING:
    from textual import events
    from textual.app import RenderResult
    from textual.timer import Timer

_MAX_MESSAGE_LINES = 4  # of several messages; one alone may take half the screen
MESSAGE_SECONDS = 6.0
"""How long a message stays."""
MIN_MESSAGE_SECONDS = 1.0
"""How long it stays at least, even if keys are pressed."""


class Hint(NamedTuple):
    """A key worth a place on the screen."""

    key: str
    """The displayed name of the key."""
    does: str
    """Its effect, in a word."""
    action: str
    """The action that a click runs."""


class Notice(NamedTuple):
    """A message."""

    text: str
    severe: bool
    """Whether it reports a failure."""
    of_deed: bool = False
    """Whether it comes from an action of the reader, and not from background work."""


class Footline(Static):
    """The bottom line: messages, else the current wait, else the most useful keys, which can be clicked.

    A message stays for a while, a failure until a key is pressed or another action begins, each on its own lines.
    """

    DEFAULT_CSS = """
    Footline {
        height: auto; width: 100%; background: $background; color: $foreground-muted;
    }
    """

    hints = reactive[tuple[Hint, ...]]((), layout=False)
    """Keys and what they do."""
    about = reactive("", layout=False)
    """The object of the keys, such as the selected papers; empty: the paper under the cursor."""
    message = reactive("", layout=False)
    """The current message."""
    complaint = reactive("", layout=False)
    """The error in the typed query."""
    waiting = reactive("", layout=False)
    """The current wait: for what, for how long, and the key that stops it."""
    pointed = reactive("")
    """The action of the hint under the mouse."""
    auto_links = False

    _lines = 1
    _timer: Timer | None = None
    _notices: Sequence[Notice] = ()
    _shown_at = 0.0  # on the monotonic clock

    def __init__(self, hints: tuple[Hint, ...] = ()) -> None:
        super().__init__()
        self.set_reactive(Footline.hints, hints)

    def say(self, message: str, *, severe: bool = False, of_deed: bool = False) -> None:
        """Show a message for a few seconds, a failure until a key is pressed; earlier failures stay until then."""
        if self._timer:
            self._timer.stop()
        failures = [notice for notice in self._notices if notice.severe and notice.text != message]
        self._show([*failures, Notice(message, severe, of_deed)])
        self._shown_at = monotonic()
        if getattr(self.app, "motion", True) and not severe:
            self._timer = self.set_timer(MESSAGE_SECONDS, self._fade)

    def _show(self, notices: Sequence[Notice]) -> None:
        self._notices = notices
        self.message = "\n".join(each.text for each in notices)

    def _fade(self) -> None:
        """Remove messages that aren't failures."""
        self._show([notice for notice in self._notices if notice.severe])

    @property
    def severe(self) -> bool:
        """Whether a failure is displayed."""
        return any(notice.severe for notice in self._notices)

    def key_pressed(self) -> None:
        """A key was pressed: clear the messages, except those shown just now."""
        if self.message and monotonic() - self._shown_at > MIN_MESSAGE_SECONDS * (1 + 2 * self.severe):
            self.clear()

    def deed_begins(self) -> None:
        """An action of the reader begins, by a key, a click or a paste: what earlier ones said is past."""
        self.key_pressed()
        self._show([notice for notice in self._notices if not notice.of_deed])

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Underline the hint under the mouse."""
        self.pointed = str(event.style.meta.get("@click", ""))

    def on_leave(self) -> None:
        self.pointed = ""

    def clear(self) -> None:
        """Go back to the keys."""
        self._show([])

    def watch_message(self) -> None:
        """Take as many lines as the message needs; the panes shrink."""
        lines = len(self._lines_of_all()) or 1
        if lines != self._lines:
            self._lines = lines
            self.refresh(layout=True)

    watch_complaint = watch_message

    def watch_waiting(self, before: str, waiting: str) -> None:
        """Show a wait that begins instead of what was said before; failures stay."""
        if waiting and not before:
            self._fade()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        # the grid passes the width of one column, but this line spans all of them
        return len(self._lines_of_all(viewport.width)) or 1

    def _lines_of_all(self, width: int = 0) -> list[Notice]:
        """All messages, wrapped, or else the complaint; each sentence begins on a new line."""
        symbols, room = symbols_of(self.app), max(1, (width or self.size.width or self.app.size.width) - 3)
        notices = self._notices or ([Notice(self.complaint, True)] if self.complaint else [])
        wrapped = [_wrapped(symbols.words(notice.text), room, severe=notice.severe) for notice in notices]
        while len(wrapped) > 1 and sum(map(len, wrapped)) > _MAX_MESSAGE_LINES:  # the last message matters most
            del wrapped[0]
        lines = [line for lines in wrapped for line in lines]
        limit = max(_MAX_MESSAGE_LINES, self.app.size.height // 2)
        if len(lines) > limit:
            lines = [*lines[: limit - 1], lines[limit - 1]._replace(text=lines[limit - 1].text + symbols.ellipsis)]
        return [line._replace(text=fit(line.text, room + 3, symbols.ellipsis)) for line in lines]

    def render(self) -> RenderResult:
        width = self.size.width
        if lines := self._lines_of_all(width):
            styled = [Content.styled(each.text, "bold $warning" if each.severe else "$foreground") for each in lines]
            return Content("\n").join(styled)
        if self.waiting:
            symbols = symbols_of(self.app)
            return Content.styled(f" {waiting_within(self.waiting, width - 1, symbols)}", "$foreground")
        about = f" {self.about}  " if self.about else ""
        hints = hints_within(self.hints, width - 1 - cell_len(about))
        return Content.assemble((about, "bold $accent"), " ", Content("   ").join(map(self._hint, hints)))

    def _hint(self, hint: Hint) -> Content:
        key, does, action = hint
        text = Content.assemble((key, "bold $foreground"), (f" {does}", "$foreground-muted"))
        return text.stylize(Style(underline=action == self.pointed)).stylize(Style.from_meta({"@click": action}))


def _wrapped(message: str, room: int, *, severe: bool) -> list[Notice]:
    """The lines of a message; each sentence begins on a new line, and a failure with an exclamation mark."""
    first, others = (" ! ", "   ") if severe else (" ", " ")
    return [
        Notice(f"{others if number else first}{line}", severe)
        for sentence in message.split("\n")
        for number, line in enumerate(wrapped(sentence, room))
    ]


def shorter_waits(words: str) -> tuple[str, ...]:
    """A wait for a source in shorter and shorter words, but always with the key that stops it."""
    wait, dot, way = words.rpartition(" · ")
    if not dot:
        return (words,)
    plain = re.sub(r" \(.*\)", "", wait)  # the reason, which may have brackets of its own
    return words, f"{plain}{dot}{way}", f"{plain.partition(', ')[0]}{dot}{way}", f"waiting{dot}{way}", way


def waiting_within(words: str, width: int, symbols: Symbols) -> str:
    """What is waited for, in some cells, always with the key that stops it."""
    forms = list(map(symbols.words, shorter_waits(words)))
    return fit(next((form for form in forms if cell_len(form) <= width), forms[-1]), width, symbols.ellipsis)


def hints_within(hints: Sequence[Hint], width: int) -> list[Hint]:
    """The hints that fit, with three cells between them; the last one (the help) is dropped last."""
    shown, room = [], width - (_hint_length(hints[-1]) if hints else 0)
    for hint in hints[:-1]:
        room -= _hint_length(hint) + 3
        if room < 0:
            break
        shown.append(hint)
    return [*shown, *(hint for hint in hints[-1:] if _hint_length(hint) <= width)]


def _hint_length(hint: Hint) -> int:
    return cell_len(hint.key) + 1 + cell_len(hint.does)
