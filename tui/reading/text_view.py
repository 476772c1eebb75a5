"""The widget for a long text, with scrolling, search and reading position."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import work
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from paperdeck.tui.keys import bindings
from paperdeck.tui.look.text import UNICODE, Symbols
from paperdeck.tui.model.positions import BEGINNING, Place
from paperdeck.tui.panes.lines import LineView, line_style
from paperdeck.tui.run import RunAction

from .layout import MEASURE_CELLS, Laid, LazyLayout, Line, Span
from .markdown import Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual import events

    from paperdeck.tui.panes.lines import LineStyles
_SLICE_SECONDS = 0.008
"""Longest stretch of layout before keys get their turn."""
_PAUSE_SECONDS = 0.004
"""The time that keys get between two such stretches."""
_MARGIN_CELLS = 2
"""Empty cells on each side of the column; on a narrow screen, on one side."""
_NARROW_CELLS = 60
_CACHED_LINES = 2_000
"""Painted lines at which the cache is cleared."""


class Match(NamedTuple):
    """A match of the search."""

    block: int
    start: int
    end: int


class TextLink(NamedTuple):
    """A link on the screen."""

    text: str
    address: str


class LongText(LineView):
    """Shows blocks of text for reading: a column of comfortable width in the middle."""

    STYLES: ClassVar[LineStyles] = {
        "heading": "bold $accent",
        "subheading": "bold",
        "strong": "bold",
        "emphasis": "italic",
        "struck": "strike $foreground-muted",
        "muted": "$foreground-muted",
        "code": "on $surface",
        "formula": "$foreground",
        "link": "underline",
        "match": "bold underline $accent",
        "current": "bold reverse",
    }

    BINDINGS: ClassVar[list[BindingType]] = bindings("text")
    DEFAULT_CSS = "LongText { background: $background; color: $foreground; height: 1fr; width: 100%; }"

    class Moved(Message):
        """The text was scrolled."""

    def __init__(self, blocks: Sequence[Block], place: Place = BEGINNING, symbols: Symbols = UNICODE) -> None:
        super().__init__()
        self._blocks = blocks
        self.place = place
        """The place at the top of the window."""
        self._symbols = symbols
        self._lines = LazyLayout(blocks, 0)
        self._characters = list(accumulate((block.size for block in blocks), initial=0))  # before each block
        self.phrase = ""
        """The search phrase, folded; empty if there is none."""
        self._matches: list[Match] | None = None
        self._current: Match | None = None
        self._found: dict[int, list[tuple[int, int]]] = {}
        self._strips: dict[tuple[int, int], Strip] = {}
        self._looks: dict[str, Style] = {}

    # Position

    @property
    def percent(self) -> int:
        """The percentage of the text above the lower edge of the window."""
        height = self._lines.height
        return 100 if height <= self.size.height else round(100 * (self._top + self.size.height) / height)

    @property
    def characters_left(self) -> int:
        """The approximate number of characters from the top of the window on."""
        return max(0, self._characters[-1] - self._characters[self.place.block] - self.place.offset)

    @cached_property
    def headings(self) -> list[tuple[int, int, str]]:
        """The headings: number of the block, level, text."""
        found = [(number, block) for number, block in enumerate(self._blocks) if block.kind is BlockKind.HEADING]
        return [(number, block.level, "".join(piece.text for piece in block.pieces())) for number, block in found]

    def go_to(self, place: Place) -> None:
        self._show_from(self._lines.line_at(place))

    @property
    def _top(self) -> int:
        return int(self.scroll_offset.y)

    # Layout

    def on_resize(self) -> None:
        width = self.line_width - (_MARGIN_CELLS if self.line_width < _NARROW_CELLS else 2 * _MARGIN_CELLS)
        if width != self._lines.width and width > 0:
            place = self.place
            self._lines = LazyLayout(self._blocks, width, self._symbols)
            self._strips.clear()
            self._found.clear()
            self._matches = None
            self._show_from(self._lines.line_at(place))
            self.place = place
            self._lay_rest()
        else:
            self._show_from(self._top)

    @work(exclusive=True, group="layout")
    async def _lay_rest(self) -> None:
        """Lay out the rest in short stretches, so that keys aren't delayed."""
        while not self._lines.complete:
            await asyncio.sleep(_PAUSE_SECONDS)
            self._settle(self._lines.lay_some(self._top, _SLICE_SECONDS))

    def watch_scroll_y(self, old: float, new: float) -> None:
        super().watch_scroll_y(old, new)
        if self._lines.width and round(old) != round(new):
            self._show_from(round(new))

    def _show_from(self, y: int) -> None:
        """Scroll to a line, laying out the window first."""
        self._settle(self._lines.lay_window(y, self.size.height))
        self.place = self._lines.place_at(self._top)
        self.post_message(self.Moved())

    def _settle(self, y: int) -> None:
        """Apply a changed height, and scroll to a line if it moved."""
        self.virtual_size = Size(self.line_width, self._lines.height)
        if y != self._top:
            self.jump_to(y)

    # Painting

    def render_line(self, y: int) -> Strip:
        width, line = self.line_width, y + self._top
        if width <= 0 or not self._lines.width or not 0 <= line < self._lines.height:
            return Strip.blank(max(0, width), self.ground)
        key = self._lines.at(line)
        strip = self._strips.get(key)
        if strip is None:
            if len(self._strips) > _CACHED_LINES:
                self._strips.clear()
            strip = self._strips[key] = self._make_strip(*key)
        return strip

    def _make_strip(self, block: int, number: int) -> Strip:
        laid = self._lines.laid(block)
        if not laid.gap <= number < laid.height:
            return Strip.blank(self.line_width, self.ground)
        line = laid.lines[number - laid.gap]
        segments = [Segment(" " * self._margin(laid)), Segment(line.prefix, self._style("muted"))]
        for span in laid.spans_of(line):
            segments += [Segment(text, self._style(look)) for text, look in self._marked(block, laid, span)]
        segments = [segment for segment in segments if segment.text]
        return Strip(segments).apply_style(self.ground).adjust_cell_length(self.line_width, self.ground)

    def _margin(self, laid: Laid) -> int:
        """Blanks before a line, which centre the column or a wide table."""
        used = max(min(MEASURE_CELLS, self._lines.width), laid.wide)
        return max(0, (self.line_width - used) // 2)

    def _marked(self, block: int, laid: Laid, span: Span) -> Iterator[tuple[str, str]]:
        """A run of text, split at matches."""
        position = span.start
        for start, end in self._found_in(block) if self.phrase else ():
            if start < span.end and end > span.start:
                look = "current" if self._current == Match(block, start, end) else "match"
                start, end = max(start, span.start), min(end, span.end)
                yield laid.text[position:start], span.look
                yield laid.text[start:end], f"{span.look} {look}"
                position = end
        yield laid.text[position : span.end], span.look

    def _style(self, look: str) -> Style:
        found = self._looks.get(look)
        if found is None:
            styles = [line_style(self, self.STYLES, part).rich_style for part in look.split()]
            found = self._looks[look] = Style.combine([Style.null(), *styles])
        return found

    def notify_style_update(self) -> None:
        self._looks.clear()
        self._strips.clear()
        super().notify_style_update()

    # Searching

    def search(self, phrase: str) -> int:
        """Search for a folded phrase, and show the next match; an empty phrase ends the search.

        Returns:
            The number of matches.
        """
        self.phrase, self._matches, self._current = phrase, None, None
        self._found.clear()
        self._strips.clear()
        matches = self._all_matches()
        if matches:
            ahead = [match for match in matches if (match.block, match.start) >= self.place]
            self._go_to_match((ahead or matches)[0])
        self.refresh()
        return len(matches)

    def next_match(self, step: int) -> tuple[int, int] | None:
        """Show the next match, or the previous one; returns its number and the total, None without matches."""
        matches = self._all_matches()
        if not matches:
            return None
        number = matches.index(self._current) if self._current in matches else -1
        number = (number + step) % len(matches)
        self._go_to_match(matches[number])
        return number + 1, len(matches)

    def _go_to_match(self, match: Match) -> None:
        self._current = match
        line = self._lines.line_at(Place(match.block, match.start))
        if not self._top <= line < self._top + self.size.height:
            self._show_from(max(0, line - self.size.height // 3))
        self._strips.clear()
        self.refresh()

    def _all_matches(self) -> list[Match]:
        if not self.phrase:
            return []
        if self._matches is None:
            self._settle(self._lines.lay_all(self._top))
            self._matches = [
                Match(block, *place) for block in range(len(self._blocks)) for place in self._found_in(block)
            ]
        return self._matches

    def _found_in(self, block: int) -> list[tuple[int, int]]:
        found = self._found.get(block)
        if found is None:
            from paperdeck.storage.text.alike import find_words, fold

            text = self._lines.laid(block).text
            found = find_words(text, [self.phrase]) if self.phrase in fold(text) else []
            self._found[block] = found
        return found

    # Links

    def visible_links(self) -> list[TextLink]:
        """The visible links from top to bottom, each address once."""
        found: dict[str, str] = {}
        for y in range(self._top, min(self._top + self.size.height, self._lines.height)):
            laid, line = self._line(y)
            for span in laid.spans_of(line):
                if span.link:
                    text = laid.text[span.start : span.end].strip()
                    found[span.link] = f"{found.get(span.link, '')} {text}".strip()
        return [TextLink(text, address) for address, text in found.items()]

    def on_click(self, event: events.Click) -> None:
        if not self._blocks:
            return
        laid, line = self._line(self._top + event.y)
        x = self._margin(laid) + cell_len(line.prefix)
        for span in laid.spans_of(line):
            end = x + cell_len(laid.text[span.start : span.end])
            if span.link and x <= event.x < end:
                self.post_message(RunAction("open.open_address", span.link))
            x = end

    def _line(self, y: int) -> tuple[Laid, Line]:
        """The line at a height, with its block; an empty line between blocks."""
        block, number = self._lines.at(y)
        laid = self._lines.laid(block)
        return laid, laid.lines[number - laid.gap] if laid.gap <= number < laid.height else Line(0, 0)

    # Actions

    def action_move(self, lines: int) -> None:
        """Scroll by lines, laying them out first."""
        self._show_from(self._top + lines)

    def action_first(self) -> None:
        self._show_from(0)

    def action_last(self) -> None:
        self._show_from(self._lines.height)
