"""The list of papers: one to three lines each; a paper's row is built when it is painted."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from paperdeck.storage.text.alike import find_words
from paperdeck.storage.text.clean import for_screen
from paperdeck.storage.text.words import count_of, recent_day
from paperdeck.tui.look.text import UNICODE, Symbols, fit, wrapped
from paperdeck.tui.model.arrivals import Where, place_of
from paperdeck.tui.run import Tell

from .filter_box import offer_lines
from .lines import LineList
from .paper_row import RowLine, facts_of, row_lines, spans_within

if TYPE_CHECKING:
    from paperdeck.tui.model.papers import Row
    from paperdeck.tui.model.session import Session

    from .lines import LineStyles

_SIGNS_CELLS = 4
"""Cells before a title: the cursor, two signs and a space."""
_TITLE_CHARACTERS = 1_000
"""The longest title shown."""
_WHY_CELLS = 60
"""Width of the explanation of an empty list."""
_UNDERLINED = Style(underline=True)
_NARROWEST_TITLE_CELLS = 4
"""The smallest room for a title."""


class PaperList(LineList):
    """The session's results, with cursor, scrolling and selection."""

    DEFAULT_CSS = "PaperList { background: $background; }"
    STYLES: ClassVar[LineStyles] = {
        "unread": "$foreground",
        "read": "$foreground-muted",
        "read:ansi": "dim $foreground-muted",
        "here": "bold $foreground",
        "sign": "$foreground-muted",
        "meta": "$foreground-muted",
        "meta:ansi": "dim $foreground-muted",
        "star": "$accent",
        "bar": "$foreground-muted",
        "bar:focus": "$accent",
        "cursor": "on $surface",
        "cursor:focus": "on $panel",
        "selected": "$accent",
        "match": "underline $accent",
        "offer": "$foreground on $surface",
        "offer-here": "bold $foreground on $panel",
        "offer-here:ansi": "bold underline $foreground on $panel",
    }

    class Highlighted(Message):
        """The cursor came to rest on another paper, or its row changed."""

    class Opened(Message):
        """A paper was double-clicked."""

    def __init__(self, session: Session, lines: int = 3) -> None:
        super().__init__(id="list")
        self.row_height = lines
        self._session = session
        self.ids: Sequence[str] = ()
        """The ids of all rows, in order."""
        self.symbols: Symbols = UNICODE
        self.chosen = Selection()
        """Keeps the selection."""
        self.empty_lines: tuple[str, ...] = ()
        """The explanation of an empty list, shown in its place."""
        self._covering: list[Strip] = []

    # Rows

    def set_lines(self, lines: int) -> None:
        """Set the lines of each paper; the one under the cursor keeps its place on the screen."""
        line = self.cursor_line
        self.row_height = lines
        self.place_cursor(self.cursor, self.top_of(self.cursor) - line)

    @property
    def selection(self) -> set[str]:
        """The ids of the selected papers."""
        return self.chosen.ids

    @property
    def current(self) -> str | None:
        return self.ids[self.cursor] if self.ids else None

    def show(self, ids: Sequence[str], *, current: str | None = None, offset: int = 0) -> None:
        """Replace all rows; the cursor is on the current paper, some lines below the top, else on the first."""
        self.ids = ids
        self._keep_selection()
        index = self.index_of(current)
        self.place_cursor(index or 0, (index or 0) * self.row_height - offset)

    def show_none(self, why: tuple[str, ...]) -> None:
        """Show the explanation of an empty list in its place."""
        if why != self.empty_lines:
            self.empty_lines = why
            self.refresh()

    def complete(self, ids: Sequence[str]) -> None:
        """Show all papers after the first page, which stays as it is."""
        self.ids, selected = ids, self.selection
        self._keep_selection()
        self._measure()
        if self.selection != selected:  # papers that the filter left out are selected again
            self.rows_changed()

    def _keep_selection(self) -> None:
        """Keep the selected papers that are in the list, and tell how many aren't."""
        results = self._session.results
        if results.complete and (sentence := self.chosen.follow(self.ids, results.view.key)):
            self.post_message(Tell(sentence))

    def select(self, ids: Iterable[str]) -> None:
        """Select these papers and no others."""
        self.chosen.take(ids)
        self.rows_changed()

    def toggle_selected(self) -> None:
        """Select or deselect the paper under the cursor, and go to the next."""
        if self.current:
            self.chosen.start = self.current
            self.select(self.selection ^ {self.current})
            self.move_cursor(self.cursor + 1)

    def select_range(self) -> None:
        """Select all papers from the last selected one to the cursor."""
        if self.current:
            start = self.index_of(self.chosen.start)
            first, last = sorted((self.cursor if start is None else start, self.cursor))
            self.chosen.start = self.current
            self.select({*self.selection, *self.ids[first : last + 1]})

    @property
    def selected_papers(self) -> int:
        """How many papers are selected, those of selected topics included."""
        return len(self._session.results.view.papers_in(list(self.selection))) if self.selection else 0

    def selected(self) -> list[str]:
        """The selected papers, in the order of the list."""
        return [paper_id for paper_id in self.ids if paper_id in self.selection]

    def replace_anchored(self, ids: Sequence[str]) -> None:
        """Replace all rows; the paper under the cursor keeps its place on the screen."""
        self.show(ids, current=self.current, offset=self.cursor_line)

    def where(self) -> Where:
        """The visible rows and the cursor."""
        top = self.scroll_offset.y
        first, last = self.row_at(top)[0], self.row_at(top + self.size.height)[0] - 1
        return Where(first, last, self.cursor, self.cursor_line)

    @property
    def cursor_line(self) -> int:
        """The line of the window on which the paper under the cursor begins."""
        return self.top_of(self.cursor) - self.scroll_offset.y

    def index_of(self, paper_id: str | None) -> int | None:
        return place_of(self.ids, paper_id, self.cursor)

    def refresh_papers(self, changed: Collection[str]) -> None:
        """Repaint these papers if they are on the screen, as their marks, counts or titles changed."""
        if self.ids and self.extra_lines(self.cursor) != self.height_of(self.cursor) - self.row_height:
            self.rows_changed()
            return
        papers_in = self._session.results.view.papers_in
        for index in self.visible_rows:
            if any(paper_id in changed for paper_id in papers_in((self.ids[index],))):
                self.refresh_row(index)

    def row_count(self) -> int:
        return len(self.ids)

    def cursor_rests(self) -> None:
        self.post_message(self.Highlighted())

    def clicked(self, index: int, *, again: bool) -> None:
        if again:
            self.post_message(self.Opened())

    async def painted(self) -> None:
        """Wait until the list is on the screen, and the paper beside it."""
        for _ in range(2):
            painted = asyncio.Event()
            self.call_after_refresh(painted.set)
            await painted.wait()

    # Painting

    def cover(self) -> None:
        """Cover the first lines with the completions of the filter box, or uncover the rows.

        The completions aren't a widget, as showing one would lay out and repaint the whole screen on each key press.
        """
        before = len(self._covering)
        offer = {name: self.ground + self.style(name) for name in ("offer", "offer-here")}
        parts = {name: self.style(name) for name in ("meta", "bar")}
        self._covering = offer_lines(self._session.completing, self.line_width, self.symbols, offer | parts)
        self.refresh(Region(0, 0, self.size.width, max(before, len(self._covering))))

    def render_line(self, y: int) -> Strip:
        if y < len(self._covering):
            return self._covering[y]
        if self.ids:
            return super().render_line(y)
        width, shown = self.line_width, list[tuple[str, str]]()
        for text, look in zip(self.empty_lines, ("unread", "meta"), strict=False):
            shown += [(line, look) for line in wrapped(text, max(1, min(_WHY_CELLS, width - 4)))]
        place = y - max(0, (self.size.height - len(shown)) // 3)
        text, look = shown[place] if 0 <= place < len(shown) else ("", "meta")
        centred = " " * max(0, (width - cell_len(text)) // 2) + text
        return Strip([Segment(fit(centred, width), self.ground + self.style(look))], width)

    def extra_lines(self, index: int) -> int:
        return max(0, len(self._lines_of(index, self.line_width, whole=True)) - self.row_height)

    def _lines_of(self, index: int, width: int, *, whole: bool) -> list[RowLine]:
        """The text in a paper's lines beside its signs; empty if there is no room."""
        row, inner = self._row(self.ids[index]), width - _SIGNS_CELLS - 1
        if row is None or inner < _NARROWEST_TITLE_CELLS:
            return []
        session = self._session
        view = session.results.view
        when = "" if view.is_of_one_day or row.id in view.folds else recent_day(row.day, session.days.today)
        caption = self.symbols.words(for_screen(view.captions.get(row.id, "")))
        facts = facts_of(row, session.marks.of(row.id), self.symbols, when, self._state(row.id), caption)
        return row_lines(_title_of(row), facts, inner, self.row_height, self.symbols.ellipsis, whole=whole)

    def _row(self, paper_id: str) -> Row | None:
        """A paper, or a folded topic."""
        row = self._session.papers.row(paper_id)
        fold = self._session.results.view.folds.get(paper_id)
        if row is None or fold is None:
            return row
        return row._replace(title=f"+ {fold.name} {self.symbols.dot} {count_of(len(fold.ids), 'paper')}", upvotes=None)

    def _state(self, paper_id: str) -> str:
        """`hidden` or `muted`, for papers that other lists leave out."""
        if self._session.marks.of(paper_id).hidden:
            return "hidden"
        return "muted" if self._session.finder.is_muted(paper_id) else ""

    def row_segments(self, index: int, line: int, width: int) -> list[Segment]:
        paper_id, here = self.ids[index], index == self.cursor
        sign = self.symbols.bar if self.has_focus else self.symbols.resting
        bar = Segment(sign if here else " ", self.style("bar"))
        row = self._row(paper_id)
        title = _title_of(row) if row else f"  {paper_id}"
        lines = self._lines_of(index, width, whole=here)
        if row is None or line >= len(lines):  # also while a resize is on its way: fewer lines than were measured
            style = self._weight(paper_id, here=here) if row else self.style("meta")
            return [bar, Segment(fit(title if line == 0 else "", width - 1, self.symbols.ellipsis), style)]
        signs = self._signs(paper_id) if line == 0 else [Segment(" " * (_SIGNS_CELLS - 1))]
        shown = lines[line]
        facts = Segment(f"{shown.facts} ", self.style("meta"))
        segments = [bar, *signs, *self._title(title, shown, self._weight(paper_id, here=here)), facts]
        if line == len(lines) - 1 and self._is_last_that_fits(index):
            return [Segment(part.text, (part.style or self.ground) + _UNDERLINED) for part in segments]
        return segments

    def _is_last_that_fits(self, index: int) -> bool:
        """Whether a row is the last paper that fits the taste, in a list that begins with such papers."""
        if not self._session.results.is_by_taste or index + 1 >= len(self.ids):
            return False
        fits = self._session.tasting.fits
        return fits(self.ids[index]) and not fits(self.ids[index + 1])

    def _signs(self, paper_id: str) -> list[Segment]:
        """Two signs before the title: the paper's marks, and why it stands out."""
        symbols, session = self.symbols, self._session
        marks = [session.marks.of(paper) for paper in session.results.view.papers_in((paper_id,))]
        if paper_id in self.selection:
            first = Segment(symbols.selected, self.style("selected"))
        else:
            state = {"hidden": symbols.hidden, "muted": symbols.muted}.get(self._state(paper_id))
            read = symbols.read if all(mark.read for mark in marks) else " "
            first = Segment(state or read, self.style("sign"))
        starred = all(mark.starred for mark in marks)
        sign = symbols.star if starred else self._why_it_stands_out(paper_id)
        return [first, Segment(f"{sign} ", self.style("star"))]

    def _why_it_stands_out(self, paper_id: str) -> str:
        """The sign of a followed paper, or of one that fits the taste."""
        if self._session.finder.is_followed(paper_id):
            return self.symbols.followed
        return self.symbols.fits if self._session.tasting.fits(paper_id) else " "

    def ground_below(self, index: int) -> Style:
        if index == self.cursor:
            return self.ground + self.style("cursor")
        return self.ground

    def _title(self, title: str, line: RowLine, style: Style) -> list[Segment]:
        """A part of a title with the words of the filter highlighted."""
        text = line.title
        words = [word for word, field in self._session.results.words if field in (None, "title")]
        spans = spans_within(find_words(title, words), line) if words and text else []
        match = style + self.style("match")
        segments, place = [], 0
        for start, end in spans:
            segments += [Segment(text[place:start], style), Segment(text[start:end], match)]
            place = end
        return [*segments, Segment(text[place:], style)]

    def _weight(self, paper_id: str, *, here: bool) -> Style:
        """The style of a title: bold under the cursor, and never dimmed there."""
        if here:
            return self.style("here")
        papers = self._session.results.view.papers_in((paper_id,))
        return self.style("read" if all(_is_quiet(self._session, paper) for paper in papers) else "unread")


def _is_quiet(session: Session, paper_id: str) -> bool:
    """Whether a paper is read, or left out of other lists."""
    marks = session.marks.of(paper_id)
    return marks.read or marks.hidden or session.finder.is_muted(paper_id)


def _title_of(row: Row) -> str:
    """The displayed title: safe characters, limited length."""
    return for_screen(row.title[:_TITLE_CHARACTERS])


class Selection:
    """The selected papers of a list.

    It ends with the action on it, with escape, or with another view that has none of its papers. Papers that a filter
    leaves out are set aside, so that no key acts on them, and selected again without the filter.
    """

    def __init__(self) -> None:
        self.ids: set[str] = set()
        """The selected papers; all of them are in the list."""
        self.start: str | None = None
        """The last selected paper, where a range begins."""
        self._aside: set[str] = set()
        self._view = ""  # the key of the view with these papers

    def take(self, ids: Iterable[str]) -> None:
        """Select these papers of the list and no others."""
        self.ids = set(ids)
        if not self.ids:
            self.start = None

    def end(self) -> None:
        """Deselect all papers, also those that are set aside."""
        self._aside = set()
        self.take(())

    def follow(self, ids: Sequence[str], view: str) -> str:
        """Follow a new list of a view (its key); returns a sentence if papers left the selection, else an empty one."""
        before, same_view = self._aside, view == self._view
        chosen, self._view = self.ids | before, view
        if not chosen:
            return ""
        self.ids = chosen.intersection(ids)
        if not same_view or self.start not in self.ids:
            self.start = None
        missing = chosen - self.ids
        self._aside = missing if same_view else set()
        if not missing or (same_view and missing <= before):
            return ""
        return _missing_in_words(len(missing), len(chosen), same_view=same_view)


def _missing_in_words(missing: int, chosen: int, *, same_view: bool) -> str:
    """What a new list did to the selection."""
    of_all = "" if missing == chosen else f"{missing:,} of "
    are, they = ("is", "it") if missing == 1 else ("are", "they")
    papers = f"{of_all}{count_of(chosen, 'selected paper')}"
    if same_view:
        return f"{papers} {are} not in this list; {they} will be selected again without the filter."
    return f"{papers} {are} not in this list, and no longer selected."
