"""A screen of plain text that scrolls."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Static

from paperdeck.tui.keys import bindings
from paperdeck.tui.look.text import fit, wrapped
from paperdeck.tui.panes.footline import Footline, Hint
from paperdeck.tui.panes.lines import LineView
from paperdeck.tui.run import RunAction


class TextView(LineView):
    """Wrapped lines of text."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("text")
    DEFAULT_CSS = "TextView { background: $background; color: $foreground; padding: 0 2; }"

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        """The text before wrapping."""
        self._lines: list[str] = []  # the text, wrapped for the current width

    def on_resize(self) -> None:
        self._wrap()

    def _wrap(self) -> None:
        self._lines = [line for text in self.text.split("\n") for line in wrapped(text, self.line_width)]
        self.virtual_size = Size(self.line_width, len(self._lines))

    def render_line(self, y: int) -> Strip:
        line = y + self.scroll_offset.y
        text = self._lines[line] if line < len(self._lines) else ""
        return Strip([Segment(fit(text, self.line_width), self.ground)], self.line_width)


class TextScreen(ModalScreen[None]):
    """A title, a text, and the keys below; modal, so that no key reaches the list below."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("page")

    DEFAULT_CSS = """
    TextScreen {
        background: $background;
        & > .page-title { height: auto; max-height: 3; width: 100%; padding: 0 1; text-style: bold; }
        & > TextView { height: 1fr; }
    }
    """

    def __init__(self, title: str, text: str, hints: tuple[Hint, ...] = ()) -> None:
        super().__init__()
        self.heading = Static(title, classes="page-title", markup=False)
        self.text = TextView(text)
        self.footline = Footline(hints)

    def compose(self) -> ComposeResult:
        yield self.heading
        yield self.text
        yield self.footline

    def on_mount(self) -> None:
        self.text.focus()

    def action_copy_text(self) -> None:
        self.post_message(RunAction("copy.copy_page", self.text.text))
