"""The detail pane: everything known about the paper under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip
from textual.visual import Visual

from paperdeck.storage.search.query import field_query
from paperdeck.storage.text.clean import for_screen
from paperdeck.tui.keys import DETAIL, bindings
from paperdeck.tui.look.symbols import UNICODE, Symbols
from paperdeck.tui.run import RunAction

from .description import Words, below, describe
from .line_view import LineView

if TYPE_CHECKING:
    from paperdeck.storage.paper import Entry

MAX_COLUMNS = 80
"""The longest line: longer ones are hard to read."""


class Detail(LineView):
    """Shows one entry."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(DETAIL)

    DEFAULT_CSS = """
    Detail {
        background: $background; color: $foreground; padding: 0 1;
        link-style: none; link-color: $foreground; link-style-hover: underline; link-color-hover: $accent;
        link-background-hover: $background;
    }
    """

    def __init__(self) -> None:
        super().__init__(id="detail")
        self.symbols: Symbols = UNICODE
        self._entry: Entry | None = None
        self._text = Content("")
        self._words: Words = ()
        self._why = ""
        self._above = ""
        self._raw = False
        self._all_authors = False
        self._strips: list[Strip] = []  # the text, wrapped for the current width
        self._wrapped: tuple[Content, tuple[object, ...]] = Content(""), ()  # that text, and what else they depend on

    def show(self, entry: Entry, words: Words = (), above: str = "", why: str = "") -> None:
        """Show a paper, with a line above it: a new one from its top, the same one (after a mark) where it was."""
        moved = self._entry is None or entry.paper.id != self._entry.paper.id
        self._entry, self._words, self._above, self._why = entry, words, above, why
        if moved:
            self._all_authors = False
            self.jump_to(0)
        self._describe()

    def show_nothing(self) -> None:
        """Show nothing, as there is no paper; the list explains why."""
        self._entry, self._text = None, Content("")
        self.jump_to(0)
        self._rewrap()

    def action_unfold_authors(self) -> None:
        self._all_authors = True
        self._describe()

    def action_by(self, field: str, number: int) -> None:
        """Show the papers by the clicked author, or with the clicked keyword."""
        if self._entry:
            paper = self._entry.paper
            named = {"author": paper.authors, "keyword": paper.keywords}[field]
            self.post_message(RunAction("views.show_query", str(field_query(field, named[number]))))

    def action_open(self, kind: str) -> None:
        self.post_message(RunAction("open.open_kind", kind))

    def toggle_raw(self) -> bool:
        """Switch between readable mathematics and its TeX source; returns whether the source is shown."""
        self._raw = not self._raw
        self._describe()
        return self._raw

    def page_down(self) -> bool:
        """Scroll down by most of a page; returns False if the end was visible already."""
        if self.scroll_offset.y >= self.max_scroll_y:
            return False
        self.jump_to(self.scroll_offset.y + max(1, self.size.height - 2))
        return True

    def _describe(self) -> None:
        if self._entry:
            text = describe(
                self._entry,
                self.symbols,
                width=self._text_width,
                raw=self._raw,
                all_authors=self._all_authors,
                why=self._why,
                words=self._words,
            )
            self._text = below(self._above, text, self.symbols)
        self._rewrap()

    @property
    def _text_width(self) -> int:
        return min(MAX_COLUMNS, self.line_width - 1)  # a gap before the scroll bar

    def _rewrap(self) -> None:
        """Wrap the text if it changed; done before painting, as the scroll bar needs its length."""
        width = self._text_width
        look = width, self.line_width, self.visual_style, self.app.theme
        if look == self._wrapped[1] and self._text.is_same(self._wrapped[0]):
            return
        self._wrapped = self._text, look
        wrapped = Visual.to_strips(self, self._text, width, None, self.visual_style) if width > 0 else []
        self._strips = [_fenced(strip) for strip in wrapped]
        self.virtual_size = Size(self.line_width, len(self._strips))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        line = y + self.scroll_offset.y
        width = self.line_width
        if not 0 <= line < len(self._strips):
            return Strip.blank(width, self.ground)
        return self._strips[line].adjust_cell_length(width, self.ground)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self.is_mounted:
            self._rewrap()

    def on_resize(self) -> None:
        self._describe()


def _fenced(strip: Strip) -> Strip:
    """The line without characters that a terminal could interpret or whose width is uncertain."""
    if strip.text.isprintable():
        return strip
    return Strip([Segment(for_screen(segment.text), segment.style, segment.control) for segment in strip])
