"""How the room on the screen is shared: by keys, by dragging the border, and remembered."""

from __future__ import annotations

import contextlib
from pathlib import Path
from shutil import get_terminal_size
from time import monotonic
from typing import TYPE_CHECKING, Any

from paperdeck.storage.settings.remembered import recall_all, remember_all

from .digesting import Digesting

if TYPE_CHECKING:
    from textual import events
    from textual.screen import Screen

SHARE = 55
"""Percent of the room beside the filter pane that the list has, unless the reader wants it otherwise."""
FILTERS, FILTERS_ROOMY = 22, 30
"""Columns of the filter pane, and where there is more than enough room."""
ROOMY = 160
"""Columns from which on there is."""
MEDIUM, WIDE = 80, 120
"""Columns from which on there is room for two panes, for three."""
_LEAST, _MOST = 25, 80


class Layout(Digesting):
    """The widths of the panes."""

    def __init__(self) -> None:
        super().__init__()
        self._share: int | None = None
        self._dragging = False
        self._columns = ""
        self.terminal_width = get_terminal_size().columns
        """Columns of the terminal."""

    def arrange(self) -> None:
        """Give each pane its columns, as the width of the screen and the reader want."""
        screen = self.main_screen
        columns = self.columns_for(screen)
        if columns != self._columns:  # else every resize would be two layouts
            self._columns = columns
            screen.styles.grid_columns = columns

    def columns_for(self, screen: Screen[Any]) -> str:
        """The columns of the grid for a screen of this width; its own classes may lag behind a resize."""
        width = self.terminal_width
        if width < MEDIUM:
            return "1fr"
        if width < WIDE:
            return "26 1fr" if screen.has_class("-at-filters") else self._shares()
        return f"{FILTERS if width < ROOMY else FILTERS_ROOMY} {self._shares()}"

    def _shares(self) -> str:
        if self._share is None:
            self._share = remembered_share(self._file)
        return f"{self._share}fr {100 - self._share}fr"

    @property
    def _file(self) -> Path:
        return self.places.state / "layout.json"

    def _set_share(self, share: int) -> None:
        self._share = max(_LEAST, min(_MOST, share))
        self.arrange()

    def action_widen(self, percent: int) -> None:
        self._set_share((self._share or SHARE) + percent)
        remember_share(self._file, self._share or SHARE)

    def on_resize(self, event: events.Resize) -> None:
        self.terminal_width = event.size.width
        self.arrange()

    def focus_pane(self, name: str) -> None:
        """Give the focus to a pane, and the room that it needs."""
        super().focus_pane(name)
        self.arrange()

    # Dragging the border between list and paper

    def on_key(self) -> None:
        self.untouched = False
        self.key_at = monotonic()
        self.footline.key_pressed()

    def on_mouse_scroll_down(self) -> None:
        self.untouched = False

    def on_mouse_scroll_up(self) -> None:
        self.untouched = False

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self.untouched = False
        on_border = event.screen_x in (self.detail.region.x, self.detail.region.x - 1)
        if self.screen is self.main_screen and self.detail.display and self.papers.display and on_border:
            self._dragging = True

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._dragging:
            left, right = self.papers.region.x, self.detail.region.right
            self._set_share(round(100 * (event.screen_x - left) / max(1, right - left)))

    def on_mouse_up(self) -> None:
        if self._dragging:
            self._dragging = False
            remember_share(self._file, self._share or SHARE)


def remembered_share(path: Path) -> int:
    """The share of the list that was chosen last; the usual one if none was, or the note of it is lost."""
    with contextlib.suppress(ValueError, KeyError, TypeError, OverflowError):
        return max(_LEAST, min(_MOST, int(recall_all(path)["list"])))
    return SHARE


def remember_share(path: Path, share: int) -> None:
    """Note the share of the list; it is no harm if that can't be stored."""
    remember_all(path, {"list": share})
