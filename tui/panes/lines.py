"""Scrolling widgets that draw only the lines on the screen, and never trigger a layout of the screen.

Textual lays out and repaints the whole screen whenever the size of a widget's scrollable content changes: some 50 ms
for each move of the cursor in a list with a detail pane beside it. Here the scroll bar always has its column, so
nothing else can move, and the content's size doesn't affect the layout. Textual's own lists build an object for each
item (7 s for 100,000); here a row becomes text when it is painted.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style as TextualStyle

from paperdeck.tui.keys import bindings

if TYPE_CHECKING:
    from rich.style import Style
    from textual import events
    from textual.widget import Widget

LineStyles = Mapping[str, str]
"""Style words by part, such as `"bold $accent"` for `"star"`.

Those of `"star:focus"`, `"star:nocolor"` and `"star:ansi"` take their place while the widget has the focus, without
colours, and in the terminal's own colours.
"""
_STATES = ("ansi", "nocolor", "focus")
"""The states that have words of their own, the most important first."""
_STRIPS_ROWS = 700
"""Rows whose painted lines are cached."""


def line_style(widget: Widget, styles: LineStyles, part: str) -> TextualStyle:
    """The style of a part of a line in the current theme; a part without words has no style of its own.

    Component classes would do as well, but Textual matches each of them with the style sheet again whenever a class or
    the focus of the widget changes: a sixth of the time of a start.
    """
    names = (name for state in _STATES if (name := f"{part}:{state}") in styles and widget.has_pseudo_class(state))
    style = TextualStyle.parse(styles.get(next(names, part), ""))
    transparent = style.background is not None and not style.background.a  # `rich_style` would make it black
    return replace(style, background=None) if transparent else style


def line_css(name: str) -> str:
    """The style rules of a widget whose scroll bar is always visible."""
    return f"""
    {name} {{
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        &:ansi {{
            scrollbar-color: ansi_bright_black;
            scrollbar-color-hover: ansi_bright_black;
            scrollbar-color-active: ansi_bright_black;
            scrollbar-background: ansi_default;
            scrollbar-background-hover: ansi_default;
            scrollbar-background-active: ansi_default;
        }}
    }}
    """


def fit_scroll_bar(view: ScrollView, size: Size) -> None:
    """Update the scroll bar for a new content size."""
    bar = view.vertical_scrollbar
    bar.window_virtual_size = size.height
    bar.window_size = view.size.height


def jump(view: ScrollView, y: float) -> None:
    """Scroll at once, so that a line is at the top."""
    view.scroll_to(y=max(0, y), animate=False, immediate=True, force=True)


class LineView(ScrollView, can_focus=True):
    """The base of widgets that scroll by lines: the detail pane, texts, pages."""

    DEFAULT_CSS: ClassVar[str] = line_css("LineView")

    _ground: Style | None = None

    virtual_size = Reactive(Size(0, 0), layout=False)

    def watch_virtual_size(self, size: Size) -> None:
        fit_scroll_bar(self, size)

    @property
    def line_width(self) -> int:
        """Cells of a line beside the scroll bar."""
        return self.scrollable_content_region.width

    @property
    def ground(self) -> Style:
        """The widget's colours, cached until the theme changes, as each line needs them."""
        if self._ground is None:
            self._ground = self.rich_style
        return self._ground

    def notify_style_update(self) -> None:
        self._ground = None
        super().notify_style_update()

    def jump_to(self, y: float) -> None:
        jump(self, y)

    def action_move(self, lines: int) -> None:
        self.jump_to(self.scroll_offset.y + lines)

    def action_page(self, pages: float) -> None:
        """Scroll by pages; a whole page keeps two lines visible."""
        height = max(1, self.size.height - 2) if abs(pages) == 1 else abs(pages) * self.size.height
        self.action_move(int(height if pages > 0 else -height))

    def action_first(self) -> None:
        self.jump_to(0)

    def action_last(self) -> None:
        self.jump_to(self.max_scroll_y)


class LineList(ScrollView, can_focus=True):
    """A scrolling list of rows, one of them under the cursor; a subclass gives their number and their text.

    All rows have the same height, except the one under the cursor, which may take more lines to show its whole text.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings("rows")
    DEFAULT_CSS: ClassVar[str] = line_css("LineList")

    STYLES: ClassVar[LineStyles] = {}
    """The styles of the parts of its lines."""

    virtual_size = Reactive(Size(0, 0), layout=False)

    row_height = 1
    """Lines of each row; the one under the cursor may take more."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.cursor = 0
        """The index of the row under the cursor; `move_cursor` and `place_cursor` change it."""
        self._extra = 0  # additional lines of the row under the cursor
        self._ground: Style | None = None
        self._style_cache: dict[tuple[str, bool], Style] = {}
        self._strips: dict[int, dict[tuple[int, bool], Strip]] = {}  # by row; by line and whether the cursor is there

    # Scrolling

    def watch_virtual_size(self, size: Size) -> None:
        fit_scroll_bar(self, size)

    @property
    def line_width(self) -> int:
        return self.scrollable_content_region.width

    @property
    def ground(self) -> Style:
        """The widget's colours, cached until the theme changes, as each line needs them."""
        if self._ground is None:
            self._ground = self.rich_style
        return self._ground

    # For subclasses

    @abstractmethod
    def row_count(self) -> int:
        """The number of rows."""

    @abstractmethod
    def row_segments(self, index: int, line: int, width: int) -> list[Segment]:
        """The text of one line of a row, in exactly `width` cells."""

    def cursor_rests(self) -> None:
        """The cursor came to rest on another row, or its row changed."""

    def clicked(self, index: int, *, again: bool) -> None:
        """A row was clicked; `again`: it was a double click."""

    def selectable(self, index: int) -> bool:
        """Whether the cursor can be on the row; not on a heading."""
        return True

    def extra_lines(self, index: int) -> int:
        """Additional lines of a row while the cursor is on it."""
        return 0

    # Where rows are

    def top_of(self, index: int) -> int:
        """The first line of a row, counted from the top of the list."""
        return index * self.row_height + (self._extra if index > self.cursor else 0)

    def height_of(self, index: int) -> int:
        """The current height of a row, in lines."""
        return self.row_height + (self._extra if index == self.cursor else 0)

    def row_at(self, y: int) -> tuple[int, int]:
        """The row at a line of the list, and the number of the line within the row."""
        below = y - self.top_of(self.cursor)
        if below < self.row_height:
            return divmod(y, self.row_height)
        if below < self.row_height + self._extra:
            return self.cursor, below
        return divmod(y - self._extra, self.row_height)

    # The cursor

    def move_cursor(self, index: int) -> None:
        """Move the cursor to a row, or the nearest selectable one, and scroll as little as necessary."""
        count = self.row_count()
        if not count:
            return
        index = max(0, min(count - 1, index))
        down, up = range(index, count), range(index, -1, -1)
        onward_then_back = chain(down, up) if index >= self.cursor else chain(up, down)
        target = next(filter(self.selectable, onward_then_back), self.cursor)
        if target == self.cursor:
            return
        self._leave_for(target)
        self.scroll_to_row(target)
        self.cursor_rests()

    def _leave_for(self, target: int) -> None:
        """Move the cursor to a row, and repaint both rows, or everything below them if heights changed."""
        previous, self.cursor = self.cursor, target
        extra, self._extra = self._extra, self.extra_lines(target)
        self.refresh_row(previous)
        self.refresh_row(target)
        if extra or self._extra:
            self._measure()
            top = max(0, self.top_of(min(previous, target)) - self.scroll_offset.y)
            self.refresh(Region(0, top, self.size.width, max(0, self.size.height - top)))

    def place_cursor(self, index: int, top: float) -> None:
        """Set cursor and scroll offset (in lines) after the rows were replaced, in one screen update."""
        self.cursor = max(0, min(self.row_count() - 1, index))
        self._strips.clear()
        self._measure()
        jump(self, top)
        self.scroll_to_row(self.cursor)
        self.refresh()
        self.cursor_rests()

    def scroll_to_row(self, index: int) -> None:
        """Scroll just far enough to show the whole row."""
        top, height = self.scroll_offset.y, self.size.height
        if not height:  # not on the screen now
            return
        first = self.top_of(index)
        last = first + self.height_of(index)
        if first < top or last - first > height:
            jump(self, first)
        elif last > top + height:
            jump(self, last - height)

    def refresh_row(self, index: int) -> None:
        self._strips.pop(index, None)
        self.refresh(Region(0, self.top_of(index) - self.scroll_offset.y, self.size.width, self.height_of(index)))

    def rows_changed(self) -> None:
        """Measure and repaint after the number of rows, or the text of many of them, changed."""
        self.cursor = max(0, min(self.row_count() - 1, self.cursor))
        self._strips.clear()
        self._measure()
        self.refresh()

    @property
    def visible_rows(self) -> range:
        """The rows with at least one line on the screen."""
        top = self.scroll_offset.y
        first, last = self.row_at(top)[0], self.row_at(top + self.size.height - 1)[0]
        return range(first, min(self.row_count(), last + 1))

    def _measure(self) -> None:
        count = self.row_count()
        self._extra = self.extra_lines(self.cursor) if 0 <= self.cursor < count and self.line_width > 0 else 0
        self.virtual_size = Size(self.line_width, count * self.row_height + self._extra)
        if self.scroll_offset.y > self.max_scroll_y:  # fewer rows: the scroll offset must follow
            jump(self, self.max_scroll_y)

    # Painting

    def style(self, name: str) -> Style:
        """The style of a part of a line, without the row's background; cached until the theme changes."""
        key = name, self.has_focus
        found = self._style_cache.get(key)
        if found is None:
            found = self._style_cache[key] = line_style(self, self.STYLES, name).rich_style
        return found

    def notify_style_update(self) -> None:
        self._ground = None
        self._style_cache.clear()
        self._strips.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        index, line = self.row_at(y + self.scroll_offset.y)
        if self.line_width <= 0 or not 0 <= index < self.row_count():
            return Strip.blank(self.line_width, self.ground)
        if len(self._strips) > _STRIPS_ROWS and index not in self._strips:
            self._strips.clear()
        lines = self._strips.setdefault(index, {})
        key = line, index == self.cursor
        if key not in lines:
            lines[key] = self._make_strip(index, line)
        return lines[key]

    def _make_strip(self, index: int, line: int) -> Strip:
        """A line of a row; cached, as Textual caches derived data in the strip."""
        width = self.line_width
        return Strip(self.row_segments(index, line, width), width).apply_style(self.ground_below(index))

    def ground_below(self, index: int) -> Style:
        """The background below a row's own styles."""
        return self.ground

    # Events and actions

    def on_resize(self, event: events.Resize) -> None:
        self._strips.clear()
        self._measure()
        self.scroll_to_row(self.cursor)

    def on_focus(self) -> None:
        self.refresh_row(self.cursor)

    def on_blur(self) -> None:
        self.refresh_row(self.cursor)

    def on_click(self, event: events.Click) -> None:
        index, _ = self.row_at(event.y + self.scroll_offset.y)
        if 0 <= index < self.row_count() and self.selectable(index):
            self.move_cursor(index)
            self.clicked(index, again=event.chain > 1)

    def action_move(self, rows: int) -> None:
        self.move_cursor(self.cursor + rows)

    def action_page(self, pages: float) -> None:
        rows = int(pages * self.size.height / self.row_height)
        self.move_cursor(self.cursor + (rows or (1 if pages > 0 else -1)))

    def action_first(self) -> None:
        self.move_cursor(0)

    def action_last(self) -> None:
        self.move_cursor(self.row_count() - 1)
