"""The list of papers: two lines each, nothing built for a paper until it is on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.strip import Strip

from paperdeck.storage.text.alike import find_words
from paperdeck.tui.look.cells import fit, fit_right, short_day, short_number, wrapped
from paperdeck.tui.look.symbols import UNICODE, Symbols
from paperdeck.tui.model.arrivals import place_of
from paperdeck.tui.model.results import Where

from .line_list import LineList

if TYPE_CHECKING:
    from rich.style import Style

    from paperdeck.storage.paper import Marks
    from paperdeck.tui.model.papers import Row
    from paperdeck.tui.model.session import Session


class PaperList(LineList):
    """The papers of the session's results; the pane itself has the cursor, the scrolling and the selection."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "paper-list--unread",
        "paper-list--read",
        "paper-list--here",
        "paper-list--meta",
        "paper-list--star",
        "paper-list--cursor",
        "paper-list--bar",
        "paper-list--selected",
        "paper-list--match",
    }

    DEFAULT_CSS = """
    PaperList {
        background: $background;
        & > .paper-list--unread { text-style: bold; color: $foreground; }
        & > .paper-list--read { color: $foreground-muted; }
        & > .paper-list--here { color: $foreground; }
        & > .paper-list--meta { color: $foreground-muted; }
        & > .paper-list--star { color: $accent; }
        & > .paper-list--bar { color: $foreground-muted; }
        & > .paper-list--cursor { background: $surface; }
        & > .paper-list--selected { color: $accent; text-style: bold; }
        & > .paper-list--match { color: $accent; text-style: underline; }
        &:focus > .paper-list--bar { color: $accent; }
        &:focus > .paper-list--cursor { background: $panel; }
    }
    """

    row_height = 2

    def __init__(self, session: Session, *, id: str | None = None) -> None:  # noqa: A002
        """A list.

        Args:
            session: What knows the papers.
            id: The name in the style sheet.
        """
        super().__init__(id=id)
        self._session = session
        self._ids: Sequence[str] = ()
        self.symbols: Symbols = UNICODE
        self.selection: set[str] = set()
        """The ids that the reader has selected for an action on several."""
        self.selected_from: str | None = None
        """The id that was selected last, from which a range begins."""
        self.why_none = ""
        """Why there are no papers, shown where there is no room for the pane that says so."""

    def render_line(self, y: int) -> Strip:
        if self._ids or not self.screen.has_class("-narrow"):
            return super().render_line(y)
        lines = wrapped(f"    {self.why_none}", self.line_width - 1)
        text = fit(lines[y] if y < len(lines) else "", self.line_width)
        return Strip([Segment(text, self.ground + self.style("paper-list--meta"))], self.line_width)

    # Rows

    @property
    def ids(self) -> Sequence[str]:
        """The ids of all rows, in order."""
        return self._ids

    @property
    def current(self) -> str | None:
        """The id of the paper under the cursor."""
        return self._ids[self.cursor] if self._ids else None

    def show(self, ids: Sequence[str], *, current: str | None = None, offset: int = 0) -> None:
        """Replace all rows.

        Args:
            ids: The papers, in order.
            current: The paper for the cursor; the first one if it is not among them.
            offset: The line of the list's window on which that paper appears.
        """
        self._ids = ids
        self._drop_unseen()
        index = self.index_of(current)
        self.place_cursor(index or 0, (index or 0) * self.row_height - offset)

    def show_none(self, why: str) -> None:
        """Say why there are no papers, where there is no room for the pane that says so."""
        self.why_none = why
        self.refresh()

    def complete(self, ids: Sequence[str]) -> None:
        """Take in all papers after their first ones were shown, which stay as they are."""
        self._ids = ids
        self._drop_unseen()
        self._measure()

    def _drop_unseen(self) -> None:
        """Take papers that are not in the list out of the selection, so that no key acts on them."""
        if self.selection and self._session.results.complete:
            self.selection.intersection_update(self._ids)
        if self.selected_from not in self.selection:
            self.selected_from = None

    def select(self, ids: Iterable[str]) -> None:
        """Select these papers and no others."""
        self.selection = set(ids)
        if not self.selection:
            self.selected_from = None
        self.rows_changed()

    def toggle_selected(self) -> None:
        """Select the paper under the cursor, or no longer, and go to the next."""
        if self.current:
            self.selected_from = self.current
            self.select(self.selection ^ {self.current})
            self.move_cursor(self.cursor + 1)

    def select_range(self) -> None:
        """Select all papers since the one selected last."""
        if self.current:
            start = self.index_of(self.selected_from)
            first, last = sorted((self.cursor if start is None else start, self.cursor))
            self.selected_from = self.current
            self.select({*self.selection, *self._ids[first : last + 1]})

    def select_all(self) -> None:
        """Select all papers of the list, or none if all are selected."""
        self.select(() if len(self.selection) == len(self._ids) else self._ids)

    def selected(self) -> list[str]:
        """The selected papers, in the order of the list."""
        return [paper_id for paper_id in self._ids if paper_id in self.selection]

    def replace_anchored(self, ids: Sequence[str]) -> None:
        """Replace all rows so that the paper under the cursor stays where it is on the screen."""
        self.show(ids, current=self.current, offset=self.cursor_line)

    def where(self) -> Where:
        """Where the reader is: the rows in sight, and the cursor."""
        first = self.scroll_offset.y // self.row_height
        last = (self.scroll_offset.y + self.size.height) // self.row_height - 1
        return Where(first, last, self.cursor, self.cursor_line)

    @property
    def cursor_line(self) -> int:
        """The line of the list's window on which the paper under the cursor begins."""
        return self.cursor * self.row_height - self.scroll_offset.y

    def index_of(self, paper_id: str | None) -> int | None:
        """Where a paper is in the list."""
        return place_of(self._ids, paper_id, self.cursor)

    def refresh_papers(self, changed: Collection[str]) -> None:
        """Paint these papers again if they are on the screen; their marks or counts changed."""
        for index in self.visible_rows:
            if self._ids[index] in changed:
                self.refresh_row(index)

    def row_count(self) -> int:
        return len(self._ids)

    async def painted(self) -> None:
        """Wait until the list is on the screen, and the paper beside it."""
        for _ in range(2):
            painted = asyncio.Event()
            self.call_after_refresh(painted.set)
            await painted.wait()

    # Painting

    def row_segments(self, index: int, line: int, width: int) -> list[Segment]:
        paper_id = self._ids[index]
        row = self._session.papers.row(paper_id)
        here = index == self.cursor
        sign = self.symbols.bar if self.has_focus else self.symbols.resting
        bar = Segment(sign if here else " ", self.style("paper-list--bar"))
        cut = self.symbols.ellipsis
        if row is None:
            text = f"  {paper_id}" if line == 0 else ""
            return [bar, Segment(fit(text, width - 1, cut), self.style("paper-list--meta"))]
        marks = self._session.marks.of(paper_id)
        inner = width - 5
        if inner < 4:
            return [bar, Segment(fit(row.title if line == 0 else "", width - 1, cut), self._weight(marks, here=here))]
        if line == 0:
            sign = self.symbols.selected if paper_id in self.selection else " "
            head = [bar, Segment(f" {sign} ", self.style("paper-list--selected"))]
            return head + self._title(fit(row.title, inner, cut) + " ", self._weight(marks, here=here))
        star = self.symbols.star if marks.starred else self._followed(paper_id)
        meta = Segment(self._meta(row, marks, inner), self.style("paper-list--meta"))
        return [
            bar,
            Segment(f" {star} ", self.style("paper-list--star")),
            meta,
            Segment(" ", self.style("paper-list--meta")),
        ]

    def _followed(self, paper_id: str) -> str:
        return self.symbols.followed if self._session.finder.is_followed(paper_id) else " "

    def ground_below(self, index: int) -> Style:
        if index == self.cursor:
            return self.ground + self.style("paper-list--cursor")
        return self.ground

    def _title(self, text: str, style: Style) -> list[Segment]:
        """A title with the words of the filter made visible."""
        words = [word for word, field in self._session.results.words if field in (None, "title")]
        spans = find_words(text, words) if words else []
        if not spans:
            return [Segment(text, style)]
        match = style + self.style("paper-list--match")
        segments, place = [], 0
        for start, end in spans:
            segments += [Segment(text[place:start], style), Segment(text[start:end], match)]
            place = end
        return [*segments, Segment(text[place:], style)]

    def _weight(self, marks: Marks, *, here: bool) -> Style:
        """How a title looks; under the cursor it is never dimmed."""
        if not marks.read and not marks.hidden:
            return self.style("paper-list--unread")
        return self.style("paper-list--here" if here else "paper-list--read")

    def _meta(self, row: Row, marks: Marks, width: int) -> str:
        """The second line: counts in columns, who it is by, and when."""
        symbols = self.symbols
        when = short_day(row.day, self._session.days.today)
        signs = "".join(sign for sign, on in ((symbols.note, marks.note), (symbols.tag, marks.tags)) if on)
        tail = f" {signs} {when:>6}" if signs else f" {when:>6}"
        upvotes = symbols.upvoted(short_number(row.upvotes)) if row.upvotes else ""
        columns = [upvotes.ljust(len(symbols.upvoted("")) + 4), _column(symbols.comments, row.comments)]
        if width >= 42:
            columns.append(_column(symbols.code, row.code_stars, bare=symbols.code if row.has_code else ""))
        head = "  ".join(columns) + "  "
        room = width - len(head) - len(tail)
        if room < 4:
            return fit(head, max(0, width - 7), symbols.ellipsis) + fit_right(when, min(7, width))
        return head + fit(row.byline, room, symbols.ellipsis) + tail


def _column(symbol: str, number: int | None, bare: str = "") -> str:
    """A count with its symbol, in a column of fixed width; a known zero is left blank as it says nothing."""
    width = len(symbol) + 5
    return f"{symbol} {short_number(number)}".ljust(width) if number else bare.ljust(width)
