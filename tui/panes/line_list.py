"""A list that draws only the lines on the screen, so its speed does not depend on its length.

Textual's own lists build something for each item (7 s for 100,000); here a row becomes text when it is painted. A
subclass says how many rows there are and how one looks; this class has the cursor, the scrolling, the keys and the
mouse. It shares its way of scrolling with `LineView`.
"""

from __future__ import annotations

from abc import abstractmethod
from itertools import chain
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from paperdeck.tui.keys import ROWS, bindings

from .line_view import fit_scroll_bar, jump, line_css

if TYPE_CHECKING:
    from rich.style import Style
    from textual import events


class LineList(ScrollView, can_focus=True):
    """A scrolling list of rows of equal height with one of them under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(ROWS)
    DEFAULT_CSS: ClassVar[str] = line_css("LineList")

    virtual_size = Reactive(Size(0, 0), layout=False)

    row_height: ClassVar[int] = 1
    """Lines on the screen for each row."""

    class Highlighted(Message):
        """The cursor came to rest on another row, or its row changed."""

        def __init__(self, line_list: LineList, index: int) -> None:
            super().__init__()
            self.line_list = line_list
            self.index = index

        @property
        def control(self) -> LineList:
            return self.line_list

    class Chosen(Message):
        """A row was clicked (or double-clicked: `again`)."""

        def __init__(self, line_list: LineList, index: int, again: bool) -> None:
            super().__init__()
            self.line_list = line_list
            self.index = index
            self.again = again

        @property
        def control(self) -> LineList:
            return self.line_list

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._cursor = 0
        self._ground: Style | None = None
        self._style_cache: dict[str, Style] = {}
        self._strips: dict[tuple[int, int, bool], Strip] = {}  # by row, line and whether the cursor is on it

    # Scrolling

    def watch_virtual_size(self, size: Size) -> None:
        fit_scroll_bar(self, size)

    @property
    def line_width(self) -> int:
        """Cells of a line beside the scroll bar."""
        return self.scrollable_content_region.width

    @property
    def ground(self) -> Style:
        """The widget's own colours, remembered until the theme changes; each line asks for them."""
        if self._ground is None:
            self._ground = self.rich_style
        return self._ground

    def jump_to(self, y: float) -> None:
        """Scroll so that a line is the first of the window, at once."""
        jump(self, y)

    # What a subclass gives

    @abstractmethod
    def row_count(self) -> int:
        """The number of rows."""

    @abstractmethod
    def row_segments(self, index: int, line: int, width: int) -> list[Segment]:
        """The text of one line of a row, in exactly `width` cells."""

    def selectable(self, index: int) -> bool:
        """Whether the cursor can rest on the row; a heading says no."""
        return True

    # The cursor

    @property
    def cursor(self) -> int:
        """The index of the row under the cursor."""
        return self._cursor

    def move_cursor(self, index: int) -> None:
        """Put the cursor on a row (the nearest one that can hold it) and scroll as little as that takes."""
        count = self.row_count()
        if not count:
            return
        index = max(0, min(count - 1, index))
        down, up = range(index, count), range(index, -1, -1)
        onward_then_back = chain(down, up) if index >= self._cursor else chain(up, down)
        target = next(filter(self.selectable, onward_then_back), self._cursor)
        if target == self._cursor:
            return
        previous, self._cursor = self._cursor, target
        self.refresh_row(previous)
        self.refresh_row(target)
        self.scroll_to_row(target)
        self.post_message(self.Highlighted(self, target))

    def place_cursor(self, index: int, top: float) -> None:
        """Set cursor and scroll at once after the rows were replaced; the screen shows it in one step.

        Args:
            index: The row for the cursor.
            top: The scroll offset, in lines.
        """
        self._cursor = max(0, min(self.row_count() - 1, index))
        self._strips.clear()
        self._measure()
        self.jump_to(top)
        self.scroll_to_row(self._cursor)
        self.refresh()
        self.post_message(self.Highlighted(self, self._cursor))

    def scroll_to_row(self, index: int) -> None:
        """Scroll just as far as is needed to see the whole row."""
        top, height = self.scroll_offset.y, self.size.height
        if not height:  # not on the screen now
            return
        first, last = index * self.row_height, (index + 1) * self.row_height
        if first < top:
            self.jump_to(first)
        elif last > top + height:
            self.jump_to(last - height)

    def refresh_row(self, index: int) -> None:
        """Paint one row again."""
        for line in range(self.row_height):
            self._strips.pop((index, line, False), None)
            self._strips.pop((index, line, True), None)
        y = index * self.row_height - self.scroll_offset.y
        self.refresh(Region(0, y, self.size.width, self.row_height))

    def rows_changed(self) -> None:
        """Measure and paint again after the number of rows, or what many of them show, has changed."""
        self._cursor = max(0, min(self.row_count() - 1, self._cursor))
        self._strips.clear()
        self._measure()
        self.refresh()

    @property
    def visible_rows(self) -> range:
        """The rows of which at least a line is on the screen."""
        first = self.scroll_offset.y // self.row_height
        last = -(-(self.scroll_offset.y + self.size.height) // self.row_height)
        return range(first, min(self.row_count(), last))

    def _measure(self) -> None:
        self.virtual_size = Size(self.line_width, self.row_count() * self.row_height)
        if self.scroll_offset.y > self.max_scroll_y:  # rows have gone, and nothing else tells the window
            self.jump_to(self.max_scroll_y)

    # Painting

    def style(self, name: str) -> Style:
        """What a component class sets by itself, without the row's ground; remembered until the theme changes."""
        found = self._style_cache.get(name)
        if found is None:
            found = self._style_cache[name] = self.get_component_rich_style(name, partial=True)
        return found

    def notify_style_update(self) -> None:
        self._ground = None
        self._style_cache.clear()
        self._strips.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        index, line = divmod(y + self.scroll_offset.y, self.row_height)
        if self.line_width <= 0 or not 0 <= index < self.row_count():
            return Strip.blank(self.line_width, self.ground)
        key = (index, line, index == self._cursor)
        strip = self._strips.get(key)
        if strip is None:
            if len(self._strips) > 2000:
                self._strips.clear()
            strip = self._strips[key] = self._make_strip(index, line)
        return strip

    def _make_strip(self, index: int, line: int) -> Strip:
        """A line of a row; it is kept, as Textual keeps what it derives from a strip with the strip."""
        width = self.line_width
        return Strip(self.row_segments(index, line, width), width).apply_style(self.ground_below(index))

    def ground_below(self, index: int) -> Style:
        """What lies under a row's own styles."""
        return self.ground

    # Events and actions

    def on_resize(self, event: events.Resize) -> None:
        self._strips.clear()
        self._measure()
        self.scroll_to_row(self._cursor)

    def on_focus(self) -> None:
        self.refresh_row(self._cursor)

    def on_blur(self) -> None:
        self.refresh_row(self._cursor)

    def on_click(self, event: events.Click) -> None:
        index = (event.y + self.scroll_offset.y) // self.row_height
        if 0 <= index < self.row_count() and self.selectable(index):
            self.move_cursor(index)
            self.post_message(self.Chosen(self, index, again=event.chain > 1))

    def action_move(self, rows: int) -> None:
        self.move_cursor(self._cursor + rows)

    def action_page(self, pages: float) -> None:
        rows = int(pages * self.size.height / self.row_height)
        self.move_cursor(self._cursor + (rows or (1 if pages > 0 else -1)))

    def action_first(self) -> None:
        self.move_cursor(0)

    def action_last(self) -> None:
        self.move_cursor(self.row_count() - 1)
