"""The filter pane: the views with their counts, under headings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar

from rich.segment import Segment

from paperdeck.tui.look.cells import fit, fit_right
from paperdeck.tui.look.symbols import UNICODE, Symbols
from paperdeck.tui.model.views import View

from .line_list import LineList


class FilterPane(LineList):
    """One line a view; the current one is marked whether or not the cursor is on it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "filter-pane--view",
        "filter-pane--current",
        "filter-pane--heading",
        "filter-pane--count",
        "filter-pane--cursor",
        "filter-pane--bar",
    }

    DEFAULT_CSS = """
    FilterPane {
        background: $background;
        & > .filter-pane--view { color: $foreground; }
        & > .filter-pane--current { color: $accent; text-style: bold; }
        & > .filter-pane--heading { color: $foreground-muted; }
        & > .filter-pane--count { color: $foreground-muted; }
        & > .filter-pane--bar { color: $accent; }
        &:focus > .filter-pane--cursor { background: $panel; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._rows: list[View | str] = []
        self._counts: Mapping[str, int] = {}
        self._new: Mapping[str, int] = {}
        self._current: Collection[str] = ()
        self.symbols: Symbols = UNICODE

    def show(
        self,
        views: Sequence[View],
        counts: Mapping[str, int],
        current: Collection[str],
        below: Sequence[str] = (),
        *,
        new: Mapping[str, int],
    ) -> None:
        """Show these views; the cursor stays on its view.

        Args:
            views: All views, those of a section side by side.
            counts: How many papers each has, by key; a view without one is still being counted.
            current: The keys of the view that the list shows, and of the facets that narrow it.
            below: Lines of text below the views.
            new: How many papers came since the last visit, by the key of the views that tell it.
        """
        held = self.highlighted.key if self.highlighted else ""
        rows: list[View | str] = []
        for previous, view in zip([None, *views], views, strict=False):
            if previous is not None and view.section != previous.section:
                rows += ["", view.section] if view.section else [""]
            rows.append(view)
        rows += below
        same_shape = len(rows) == len(self._rows)
        self._rows, self._counts, self._new, self._current = rows, counts, new, current
        keys = [row.key if isinstance(row, View) else "" for row in rows]
        known = [place for place, key in enumerate(keys) if key and key in current]
        index = keys.index(held) if held and held in keys else known[0] if known else 0
        if same_shape and index == self.cursor:
            self.rows_changed()
        else:
            self.place_cursor(index, self.scroll_offset.y)

    @property
    def highlighted(self) -> View | None:
        """The view under the cursor."""
        row = self._rows[self.cursor] if self.cursor < len(self._rows) else None
        return row if isinstance(row, View) else None

    def view_at(self, index: int) -> View | None:
        """The view on a row."""
        row = self._rows[index]
        return row if isinstance(row, View) else None

    def row_count(self) -> int:
        return len(self._rows)

    def selectable(self, index: int) -> bool:
        return isinstance(self._rows[index], View)

    def row_segments(self, index: int, line: int, width: int) -> list[Segment]:
        row = self._rows[index]
        if isinstance(row, str):
            return [Segment(fit(f" {row}", width, self.symbols.ellipsis), self.style("filter-pane--heading"))]
        count = self._counts.get(row.key)
        number = f"{count:,}" if count is not None else ""
        if new := self._new.get(row.key):
            number = f"+{new:,} {number}"
        current = row.key in self._current
        name = "filter-pane--current" if current else "filter-pane--view"
        style = self.style(name)
        count_style = self.style(name if current else "filter-pane--count")
        if index == self.cursor:
            below = self.style("filter-pane--cursor")
            style, count_style = style + below, count_style + below
        sign = Segment(self._sign(current, index == self.cursor), style + self.style("filter-pane--bar"))
        room = width - len(number) - (3 if number else 2)
        return [
            sign,
            Segment(fit(row.title, max(0, room), self.symbols.ellipsis), style),
            Segment(fit_right(number + " ", width - 1 - max(0, room)), count_style),
        ]

    def _sign(self, current: bool, under_cursor: bool) -> str:
        """What stands before a view: the bar is at the cursor while the keys go here, else at the current view."""
        if under_cursor and self.has_focus:
            return self.symbols.bar
        if current:
            return self.symbols.bullet if self.has_focus else self.symbols.resting
        return " "
