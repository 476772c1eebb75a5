"""A scrolling widget that draws lines itself and never makes the screen lay itself out anew.

Textual lays the whole screen out whenever the size of what a widget scrolls over changes, and then paints all of it:
some 50 ms for each move of the cursor in a list with a detail pane beside it. Here the scroll bar always has its
column, so nothing else can move, and a change of that size is nothing to the layout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView

if TYPE_CHECKING:
    from rich.style import Style


class LineView(ScrollView, can_focus=True):
    """The base of the list, the filter pane and the detail pane."""

    DEFAULT_CSS: ClassVar[str] = """
    LineView {
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        &:ansi {
            scrollbar-color: ansi_bright_black;
            scrollbar-color-hover: ansi_bright_black;
            scrollbar-color-active: ansi_bright_black;
            scrollbar-background: ansi_default;
            scrollbar-background-hover: ansi_default;
            scrollbar-background-active: ansi_default;
        }
    }
    """

    _ground: Style | None = None

    virtual_size = Reactive(Size(0, 0), layout=False)

    def watch_virtual_size(self, size: Size) -> None:
        bar = self.vertical_scrollbar
        bar.window_virtual_size = size.height
        bar.window_size = self.size.height

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

    def notify_style_update(self) -> None:
        self._ground = None
        super().notify_style_update()

    def jump_to(self, y: float) -> None:
        """Scroll so that a line is the first of the window, at once."""
        self.scroll_to(y=max(0, y), animate=False, immediate=True, force=True)
