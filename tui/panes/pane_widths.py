"""How the panes share the columns of the screen: as its width allows, and as the reader chose and is remembered."""

from __future__ import annotations

import contextlib
from pathlib import Path
from shutil import get_terminal_size

from paperdeck.storage.settings.remembered import recall_all, remember_all

LIST_PERCENT = 55
"""The list's part of the room beside the pane of views, unless the reader chose another."""
VIEWS_COLUMNS, VIEWS_COLUMNS_ROOMY = 22, 30
"""Columns of the pane of views, and where there is more than enough room."""
ROOMY_COLUMNS = 160
"""From so many columns on there is."""
MEDIUM_COLUMNS, WIDE_COLUMNS = 80, 120
"""From so many columns on there is room for two panes, for three."""
BREAKPOINTS = [(0, "-narrow"), (MEDIUM_COLUMNS, "-medium"), (WIDE_COLUMNS, "-wide")]
"""The classes of the main screen by its columns."""
_LEAST_PERCENT, _MOST_PERCENT = 25, 80


class PaneWidths:
    """The columns of the grid."""

    def __init__(self, file: Path) -> None:
        """Nothing is read yet.

        Args:
            file: Where the reader's choice is remembered.
        """
        self._file = file
        self._percent: int | None = None
        self.width = get_terminal_size().columns
        """Columns of the terminal; classes of the screen may lag behind a resize."""

    @property
    def size_class(self) -> str:
        """The class of the screen for its width."""
        return next(name for least, name in reversed(BREAKPOINTS) if self.width >= least)

    def columns(self, *, at_views: bool) -> str:
        """The columns of the grid.

        Args:
            at_views: Whether the focus is in the pane of views, which takes the paper's place where room is short.
        """
        if self.width < MEDIUM_COLUMNS:
            return "1fr"
        if self.width < WIDE_COLUMNS:
            return "26 1fr" if at_views else self._shares()
        return f"{VIEWS_COLUMNS if self.width < ROOMY_COLUMNS else VIEWS_COLUMNS_ROOMY} {self._shares()}"

    def _shares(self) -> str:
        return f"{self.percent}fr {100 - self.percent}fr"

    @property
    def percent(self) -> int:
        """The list's part of the room beside the pane of views."""
        if self._percent is None:
            self._percent = _remembered(self._file)
        return self._percent

    @percent.setter
    def percent(self, percent: int) -> None:
        self._percent = max(_LEAST_PERCENT, min(_MOST_PERCENT, percent))

    def remember(self) -> None:
        """Remember the reader's choice; it does no harm if that can't be stored."""
        remember_all(self._file, {"list": self.percent})


def _remembered(file: Path) -> int:
    with contextlib.suppress(ValueError, KeyError, TypeError, OverflowError):
        return max(_LEAST_PERCENT, min(_MOST_PERCENT, int(recall_all(file)["list"])))
    return LIST_PERCENT
