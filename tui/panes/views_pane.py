"""The views pane: each view with its count, under headings, and the coverage strip."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.binding import BindingType

from paperdeck.storage.library.library import DayRecord, DayState
from paperdeck.storage.text.words import count_of, short_day
from paperdeck.tui.keys import bindings
from paperdeck.tui.look.text import UNICODE, Symbols, fit, fit_right
from paperdeck.tui.model.views import View
from paperdeck.tui.run import RunAction

from .lines import LineList

if TYPE_CHECKING:
    from textual import events

    from paperdeck.tui.model.session import Session

    from .lines import LineStyles

WEEKS = 4
_MONDAY_COLUMN = 8  # the column of the first sign
_MEANINGS = {
    DayState.COMPLETE: "complete",
    DayState.PARTIAL: "partly fetched",
    DayState.EMPTY: "no papers",
    DayState.FAILED: "could not be fetched",
    None: "not fetched",
}


class ViewsPane(LineList):
    """One line per view; the current one is marked even if the cursor is elsewhere."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("views")

    DEFAULT_CSS = "ViewsPane { background: $background; }"
    STYLES: ClassVar[LineStyles] = {
        "view": "$foreground",
        "current": "bold $accent",
        "empty": "$foreground-muted",
        "empty:ansi": "dim $foreground-muted",
        "heading": "$foreground-muted",
        "heading:ansi": "dim $foreground-muted",
        "count": "$foreground-muted",
        "count:ansi": "dim $foreground-muted",
        "bar": "$accent",
        "cursor:focus": "on $panel",
    }

    def __init__(self, session: Session) -> None:
        super().__init__(id="views")
        self._session = session
        self._rows: list[View | str] = []
        self._current: Collection[str] = ()
        self._coverage: list[str] = []
        self.symbols: Symbols = UNICODE

    def show(self) -> None:
        """Update the views; the cursor stays on its view.

        A view that isn't counted yet has no number.
        """
        session = self._session
        held = self.highlighted.key if self.highlighted else ""
        before = self._rows
        self._rows = [*_with_headings([*session.views.all(), *session.counts.facets]), *self._coverage]
        self._current = session.counts.active()
        keys = self._keys()
        known = [place for place, key in enumerate(keys) if key and key in self._current]
        renamed = held.startswith("saved ") and held not in keys and len(self._rows) == len(before)
        index = keys.index(held) if held and held in keys else known[0] if known else 0
        index = self.cursor if renamed else index
        if len(self._rows) == len(before) and index == self.cursor:
            self.rows_changed()
        else:
            self.place_cursor(index, self.scroll_offset.y)

    def show_coverage(self) -> None:
        """Update the coverage strip after a fetch; with a heading for each source."""
        session, lines = self._session, list[str]()
        for source, title in session.views.followed_sources():
            recent = session.days.recent(source)
            lines += ["", title, *coverage_lines(recent, session.days.today, self.symbols)]
        self._coverage = lines
        self.show()

    def go_to_current(self) -> None:
        """Move the cursor to the view that the list shows."""
        keys, key = self._keys(), self._session.results.view.key
        if key in keys:
            self.move_cursor(keys.index(key))

    def _keys(self) -> list[str]:
        """The key of the view on each row; empty for other rows."""
        return [row.key if isinstance(row, View) else "" for row in self._rows]

    def clicked(self, index: int, *, again: bool) -> None:
        if view := self.view_at(index):
            self.post_message(RunAction("views.choose_view", view))

    def on_click(self, event: events.Click) -> None:
        """Go to the clicked view, or to the day of the clicked sign in the strip of Daily Papers."""
        if day := self._day_under(event):
            self.post_message(RunAction("days.go_to_day", day))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Explain the sign under the mouse in a tooltip."""
        day = self._day_under(event)
        record = self._session.days.record("hf", day) if day else None
        text = f"{short_day(day)}: {state_in_words(record)}" if day else None
        if self.tooltip != text:
            self.tooltip = text

    def _day_under(self, event: events.MouseEvent) -> date | None:
        """The day of Daily Papers whose sign is under the mouse."""
        above = self.row_count() - len(self._coverage) + 2  # an empty line and the heading
        week = event.y + self.scroll_offset.y - above
        return day_at(week, event.x - 1, self._session.days.today)

    @property
    def highlighted(self) -> View | None:
        return self.view_at(self.cursor) if self.cursor < len(self._rows) else None

    def view_at(self, index: int) -> View | None:
        row = self._rows[index]
        return row if isinstance(row, View) else None

    def row_count(self) -> int:
        return len(self._rows)

    def selectable(self, index: int) -> bool:
        return self.view_at(index) is not None

    def row_segments(self, index: int, line: int, width: int) -> list[Segment]:
        row = self._rows[index]
        if isinstance(row, str):
            return [Segment(fit(f" {row}", width, self.symbols.ellipsis), self.style("heading"))]
        current = row.key in self._current
        number = self._number(row, total=current or (index == self.cursor and self.has_focus))
        empty = self._session.counts.papers.get(row.key) == 0
        name = "current" if current else "empty" if empty else "view"
        style = self.style(name)
        count_style = self.style(name if current else "count")
        if index == self.cursor:
            below = self.style("cursor")
            style, count_style = style + below, count_style + below
        sign = Segment(self._sign(current, index == self.cursor), style + self.style("bar"))
        room = max(0, width - len(number) - (3 if number else 2))  # the sign, and a space at each end of the number
        return [
            sign,
            Segment(fit(row.title, room, self.symbols.ellipsis), style),
            Segment(fit_right(number + " ", width - 1 - room), count_style),
        ]

    def _number(self, view: View, *, total: bool) -> str:
        """The number of unread papers: `42`, with the total `42/45`, with new ones `+3 42`; empty if unknown or 0."""
        counts, results = self._session.counts, self._session.results
        papers = counts.papers.get(view.key)
        unread = counts.unread.get(view.key, papers)
        of_both = view.key in counts.unread and not view.picks
        if of_both and results.tally and view.key == results.view.key and not results.text:
            papers, unread = results.tally[:2]  # as the top line says, with rows that were read meanwhile
        words = f"{unread:,}" if unread else ""
        if of_both and total and papers:
            words = f"{unread:,}/{papers:,}"
        new = counts.new.get(view.key)
        return f"+{new:,} {words}".rstrip() if new else words

    def _sign(self, current: bool, under_cursor: bool) -> str:
        """The sign before a view: a bar at the cursor while the pane has the focus, else at the current view."""
        if under_cursor and self.has_focus:
            return self.symbols.bar
        if current:
            return self.symbols.bullet if self.has_focus else self.symbols.resting
        return " "


def _with_headings(views: Sequence[View]) -> list[View | str]:
    """The views with a heading before each section."""
    rows: list[View | str] = []
    for previous, view in zip([None, *views], views, strict=False):
        if previous is not None and view.section != previous.section:
            rows += ["", view.section] if view.section else [""]
        rows.append(view)
    return rows


def coverage_lines(records: Mapping[date, DayRecord], today: date, symbols: Symbols) -> list[str]:
    """One line per week of a source's ledger, newest first: its Monday, and a sign for each weekday up to today."""
    monday = today - timedelta(days=today.weekday())
    return [_week(records, monday - timedelta(weeks=back), today, symbols) for back in range(WEEKS)]


def day_at(week: int, column: int, today: date) -> date | None:
    """The day of a sign in the lines of `coverage_lines`, counted from 0, if there is one in that column."""
    weekday = column - _MONDAY_COLUMN
    if not (0 <= week < WEEKS and 0 <= weekday < 5):
        return None
    day = today + timedelta(days=weekday - today.weekday(), weeks=-week)
    return day if day <= today else None


def state_in_words(record: DayRecord | None) -> str:
    """A day's state in the ledger, in words."""
    if record is None:
        return _MEANINGS[None]
    number = f", {count_of(len(record.ids), 'paper')}" if record.ids else ""
    return _MEANINGS[record.state] + number


def _week(records: Mapping[date, DayRecord], monday: date, today: date, symbols: Symbols) -> str:
    days = [monday + timedelta(days=number) for number in range(5)]
    signs = "".join(_sign(records.get(day), symbols) for day in days if day <= today)
    return f"{monday.day:>2} {monday:%b}  {signs}"


def _sign(record: DayRecord | None, symbols: Symbols) -> str:
    if record is None:
        return symbols.missing
    return {
        DayState.COMPLETE: symbols.complete,
        DayState.PARTIAL: symbols.partial,
        DayState.FAILED: symbols.failed,
        DayState.EMPTY: symbols.empty,
    }[record.state]
