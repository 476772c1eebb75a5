"""A scrolling widget that draws lines itself and never triggers a layout of the screen.

Textual lays out and repaints the whole screen whenever the size of a widget's scrollable content changes: some 50 ms
for each move of the cursor in a list with a detail pane beside it. Here the scroll bar always has its column, so
nothing else can move, and the content's size doesn't affect the layout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView

if TYPE_CHECKING:
    from rich.style import Style


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
