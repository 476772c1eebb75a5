"""The layout of the main screen: the columns of its panes, and the lines of a paper in the list.

Both depend on the size of the terminal and on the reader's choices, which are remembered.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from shutil import get_terminal_size
from typing import Any

from paperdeck.storage.files.small import recall_all, remember_all

LIST_PERCENT = 56
"""The list's default share of the width beside the views pane."""
VIEWS_COLUMNS, VIEWS_COLUMNS_ROOMY = 30, 34
"""Columns of the views pane, and the same on a roomy screen."""
ROOMY_COLUMNS = 160
"""The width of a roomy screen."""
DETAIL_MOST_COLUMNS = 84
"""The detail pane's maximum unless the reader chose a share, as its text is at most 80 cells wide."""
MEDIUM_COLUMNS, WIDE_COLUMNS = 80, 120
"""The minimum width for two panes, and for three."""
BREAKPOINTS = [(0, "-narrow"), (MEDIUM_COLUMNS, "-medium"), (WIDE_COLUMNS, "-wide")]
"""The classes of the main screen by minimum width."""
MIN_LINES, MAX_LINES = 1, 3
"""Possible numbers of lines for a paper in the list."""
USUAL_LINES, USUAL_LINES_ROOMY = 3, 2
"""Default lines of a paper, enough for most titles; and the same on a roomy screen."""
_MIN_PERCENT, _MAX_PERCENT = 25, 80


class Arrangement:
    """The columns of the grid, and the lines of a row."""

    def __init__(self, file: Path, lines: int) -> None:
        """Nothing is read yet; 0 lines of a paper means as many as most titles need."""
        self._file, self._set_lines = file, lines
        self.width = get_terminal_size().columns
        """Columns of the terminal; the classes of the screen may lag behind."""

    @property
    def size_class(self) -> str:
        """The class of the screen for its width."""
        return next(name for minimum, name in reversed(BREAKPOINTS) if self.width >= minimum)

    def columns(self, *, at_views: bool) -> str:
        """The columns of the grid; on a small screen the views pane replaces the detail pane while it has the focus."""
        if self.width < MEDIUM_COLUMNS:
            return "1fr"
        if self.width < WIDE_COLUMNS:
            return "26 1fr" if at_views else self._shares()
        views = VIEWS_COLUMNS if self.width < ROOMY_COLUMNS else VIEWS_COLUMNS_ROOMY
        paper = (self.width - views) * (100 - self.percent) // 100
        if paper > DETAIL_MOST_COLUMNS and "list" not in self._choices:
            return f"{views} 1fr {DETAIL_MOST_COLUMNS}"
        return f"{views} {self._shares()}"

    def _shares(self) -> str:
        return f"{self.percent}fr {100 - self.percent}fr"

    @cached_property
    def _choices(self) -> dict[str, Any]:
        return recall_all(self._file)

    @property
    def percent(self) -> int:
        """The list's share of the width beside the views pane."""
        return _number(self._choices, "list", LIST_PERCENT, _MIN_PERCENT, _MAX_PERCENT)

    @percent.setter
    def percent(self, percent: int) -> None:
        self._choices["list"] = max(_MIN_PERCENT, min(_MAX_PERCENT, percent))

    @property
    def lines(self) -> int:
        """Lines of each paper in the list."""
        usual = USUAL_LINES if self.width < ROOMY_COLUMNS else USUAL_LINES_ROOMY
        return _number(self._choices, "lines", self._set_lines or usual, MIN_LINES, MAX_LINES)

    @lines.setter
    def lines(self, lines: int) -> None:
        self._choices["lines"] = max(MIN_LINES, min(MAX_LINES, lines))

    def remember(self) -> None:
        """Remember the reader's choices; a failure to save does no harm."""
        remember_all(self._file, self._choices)


def _number(choices: Mapping[str, Any], name: str, usual: int, minimum: int, maximum: int) -> int:
    """A chosen number; the default if there is none, or an invalid one."""
    chosen = choices.get(name, usual)
    try:
        return max(minimum, min(maximum, int(chosen)))
    except (ValueError, TypeError, OverflowError):
        return max(minimum, min(maximum, usual))
