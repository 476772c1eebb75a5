"""The list and its view: finding, showing, narrowing, and letting new papers in without a jump."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from textual import on, work
from textual.content import Content
from textual.widgets import Input

from paperdeck.storage.errors import InvalidInput
from paperdeck.tui.look.cells import count_of
from paperdeck.tui.model.arrivals import Arrivals, arrivals_of, keep_in_place
from paperdeck.tui.model.facets import has_facet
from paperdeck.tui.model.marks import RESTED
from paperdeck.tui.model.session import Tally, Wanted
from paperdeck.tui.panes.coverage import coverage_lines, legend
from paperdeck.tui.panes.line_list import LineList

from .deck import Deck

if TYPE_CHECKING:
    from textual.timer import Timer

    from paperdeck.tui.model.views import View

FIRST_PAGE = 60
"""Papers that are found and shown before all of them are."""
COUNT_PAUSE = 0.25
"""Seconds until the views are counted after a change; meanwhile another key may be typed."""
DETAIL_PAUSE = 0.1
"""Seconds that the cursor has to rest, once it runs, for the detail pane to follow it."""


class Listing(Deck):
    """What the list shows."""

    def __init__(self) -> None:
        super().__init__()
        self.filter_text = ""
        self.untouched = True  # until the reader moves, the newest papers may come in above the cursor
        self._kept: dict[str, tuple[str | None, int]] = {}  # where the cursor was, by view
        self._held_back: Arrivals | None = None  # a newer list, which waits for the reader
        self._resting: Timer | None = None
        self._detail_timer: Timer | None = None
        self._moved_at = 0.0  # when the cursor moved last, on the monotonic clock
        self._counts: dict[str, int] = {}
        self._new: dict[str, int] = {}  # how many papers of a saved view came since the last visit
        self._tally = Tally()
        self._gone = 0  # papers of the list that the view has no longer, and that stay in sight until it is left
        self._counted = False  # whether the numbers of the views are those of the papers and marks
        self._side_views: list[View] = []

    # Views

    def show_view(self, view: View) -> None:
        """Show another view, at the place where the reader left it."""
        self._remember_place()
        if self.session.past_shelf:
            self._leave_shelf()
            view = next((known for known in self.session.views() if known.key == view.key), self.view)
        self.view = view
        self._counted = False
        self.papers.selection.clear()
        self._held_back = None
        self._show_waiting()
        self.find()
        self._show_views()

    def set_filter(self, text: str) -> None:
        """Put a query into the filter box; the list follows."""
        self.filter_box.value = text
        self.filter_box.cursor_position = len(text)

    @on(Input.Changed, "#filter-box")
    def _filter_changed(self, event: Input.Changed) -> None:
        event.stop()
        if not self.filter_text:
            self._remember_place()
        self.filter_text = event.value
        self.filter_box.set_class(bool(event.value), "-used")
        self.find()

    def _remember_place(self) -> None:
        self._kept[self._place_key()] = (self.papers.current, self.papers.cursor_line)

    def _place_key(self) -> str:
        return f"{self.view.key} {self.filter_text}"

    # Finding

    def find(self, *, arriving: bool = False) -> None:
        """Find what the view and the filter ask for and show it.

        Args:
            arriving: Only the library has changed: nothing may move under the reader's eyes.
        """
        wanted = self._wanted()
        if wanted is not None:
            self._find(wanted, arriving)

    def _wanted(self) -> Wanted | None:
        """What the list is to show; None while the filter box holds no query, after saying what is wrong."""
        try:
            wanted = self.session.wanted(self.view, self.filter_text)
        except InvalidInput as error:
            self.filter_box.add_class("-wrong")
            self.footline.say(str(error), severe=True)  # on its line only: it comes and goes with the keys
            if not self.papers.ids:
                self.show_detail()
            return None
        if self.filter_box.has_class("-wrong"):
            self.filter_box.remove_class("-wrong")
            self.footline.clear()
        return wanted

    @work(exclusive=True, group="find")
    async def _find(self, wanted: Wanted, arriving: bool) -> None:
        given_up = False

        def stop() -> bool:
            return given_up

        find = partial(self.session.find, wanted, stop=stop)
        self.papers.words = wanted.filter.words()
        if arriving:
            await self.give_way()
        kept = self._kept.get(self._place_key(), (None, 0))
        page: list[str] | None = None
        try:
            if not arriving and not self.papers.selection:
                self.workers.cancel_group(self, "count")  # it is begun anew below
                page = await asyncio.to_thread(find, FIRST_PAGE)
                if kept[0] is None or kept[0] in page:
                    self._show_found(page, kept)
                    await self._painted()
            found = page if page is not None and len(page) < FIRST_PAGE else await asyncio.to_thread(find)
            self._tally = await asyncio.to_thread(self.session.tally, found, stop)
        finally:
            given_up = True
        if not self.alive:
            return
        if arriving:
            await self._take_arrivals(found)
            return
        if page is not None and self.papers.ids is page and found[: len(page)] == page:
            self.papers.complete(found)
            self.update_headline()
        else:
            self._show_found(found, kept)
        self._count()

    async def _painted(self) -> None:
        """Wait until the list is on the screen, and the paper beside it: what is searched now would slow both down."""
        for _ in range(2):
            painted = asyncio.Event()
            self.call_after_refresh(painted.set)
            await painted.wait()

    def _show_found(self, found: Sequence[str], place: tuple[str | None, int]) -> None:
        self.papers.show(found, current=place[0], offset=place[1])
        self._gone = 0
        self.update_headline()

    async def _take_arrivals(self, found: list[str]) -> None:
        """Let new papers into the list where nothing moves under the reader's eyes; else hold them back."""
        shown = self.papers.ids
        arrivals = await asyncio.to_thread(arrivals_of, shown, found)
        if self.papers.ids is not shown:
            self.find(arriving=True)
            return
        if not self.alive:
            return
        self._held_back = None
        if arrivals and self.untouched:
            self.papers.show(found)
        elif arrivals and self._moves_nothing_in_sight(arrivals.merged):
            self.papers.replace_anchored(arrivals.merged)
        else:
            self._held_back = arrivals
        self._show_waiting()
        self.update_headline()

    def _moves_nothing_in_sight(self, merged: Sequence[str]) -> bool:
        visible = self.papers.visible_rows
        if not visible:
            return False
        window = self.papers.ids[visible.start : visible.stop]
        if len(window) < self.papers.size.height // self.papers.row_height:
            return list(merged[: len(self.papers.ids)]) == list(self.papers.ids)
        start = merged.index(window[0])
        return list(merged[start : start + len(window)]) == list(window)

    def _leave_shelf(self) -> None:
        self.session.leave_shelf()
        self.view = self.session.day_view()
        self.footline.clear()

    def action_show_new(self) -> None:
        if self.session.past_shelf:
            self._leave_shelf()
            self._show_waiting()
            self.find()
        if self._held_back is not None:
            self.papers.replace_anchored(keep_in_place(self.papers.ids, self._held_back.found))
            self._held_back = None
            self._show_waiting()
            self.update_headline()

    def _show_waiting(self) -> None:
        """Say on the top line how many papers wait to be let into the list."""
        waiting = self.session.past_shelf or (self._held_back.new if self._held_back else 0)
        self.headline.waiting = f"{waiting:,} new: press ." if waiting else ""

    def library_changed(self, ids: Sequence[str] = ()) -> None:
        """Papers came in or were counted anew: bring the list and the counts up to date, without a jump."""
        if not self.alive:
            return
        self.papers.refresh_papers(ids)
        if self.session.past_shelf:
            if not self.untouched:  # the reader is at work on the shelf: it stays until they say so
                self._show_waiting()
                return
            self._leave_shelf()
        elif self.view.key == "day":
            self.view = self.session.day_view()
        self.find(arriving=True)
        self.refresh_views()

    # Counting

    def refresh_views(self) -> None:
        """Papers, marks or rules have changed: count every view again."""
        self._counted = False
        self._count()

    @work(exclusive=True, group="count")
    async def _count(self) -> None:
        """Count what has changed, a little later, so that a burst of changes or keys is counted once."""
        await asyncio.sleep(COUNT_PAUSE)
        given_up = False
        ids = self.papers.ids
        try:
            if not self._counted:
                there = await asyncio.to_thread(self.session.in_view, self.view, ids)
                self._gone = len(ids) - len(there)
                self._tally = await asyncio.to_thread(self.session.tally, there)
                await self._count_views(lambda: given_up)
            facets = await asyncio.to_thread(self.session.facet_views, ids, lambda: given_up)
        finally:
            given_up = True
        if not self.alive:
            return
        self._side_views = facets
        self._counts |= {view.key: view.number for view in facets if view.number is not None}
        self._show_views()
        self.update_headline()

    async def _count_views(self, stop: Callable[[], bool]) -> None:
        for view in self.session.views():
            await self.give_way()
            self._counts[view.key] = await asyncio.to_thread(self.session.count, view, stop)
            self._new[view.key] = await asyncio.to_thread(self.session.count_new, view, stop)
        self._counted = True

    def _show_views(self) -> None:
        views = [*self.session.views(), *self._side_views]
        active = {view.key for view in self._side_views if view.narrows and has_facet(self.filter_text, view.query)}
        self.filters.show(views, self._counts, {self.view.key} | active, self._coverage(), new=self._new)

    def _coverage(self) -> list[str]:
        """The coverage strip, with a heading for each source."""
        symbols = self.symbols
        lines = []
        for source, title in self.session.sources():
            lines += ["", title, *coverage_lines(self.session.recent(source), self.session.today, symbols)]
        return [*lines, *legend(symbols)]

    def update_headline(self) -> None:
        """Say which view it is, how many papers it has, and how many of them are unread."""
        view, session = self.view, self.session
        day = session.day or session.newest_day()
        title = f"{view.title}, {day:%a} {day.day} {day:%b}" if view.key == "day" and day else view.title
        order = session.order_words()
        self.headline.view = f"paperdeck   {title}" + (f", by {order}" if order else "")
        self.headline.counts = self._counts_in_words()

    def _counts_in_words(self) -> str:
        tally, selected = self._tally, len(self.papers.selection)
        number = max(tally.papers, len(self.papers.ids) - self._gone)
        if not number:
            return ""
        parts = [f"{selected:,} selected of {number:,}" if selected else count_of(number, "paper")]
        parts += [f"{tally.new:,} new"] if tally.new else []
        return f" {self.papers.symbols.dot} ".join([*parts, f"{tally.unread:,} unread"])

    # What follows the cursor

    @on(LineList.Highlighted, "#list")
    def _paper_highlighted(self, event: LineList.Highlighted) -> None:
        event.stop()
        self._rest()
        running = monotonic() - self._moved_at < DETAIL_PAUSE
        self._moved_at = monotonic()
        if self._detail_timer:
            self._detail_timer.stop()
        if running:  # a key is held: nobody reads the papers that fly by, and painting them would hold up the cursor
            self._detail_timer = self.set_timer(DETAIL_PAUSE, self.show_detail)
        else:  # the row first: it is small, and what the eye follows
            self.call_after_refresh(self.show_detail)

    def show_detail(self) -> None:
        """Show the paper under the cursor in the detail pane, or why there is none."""
        if self._detail_timer:
            self._detail_timer.stop()
            self._detail_timer = None
        entry = self.current_entry()
        if entry is None:
            why = self.symbols.words(self._why_empty())
            self.papers.show_none(why)
            self.detail.show_text(Content.styled(why, "$foreground-muted"))
        else:
            self.detail.show(entry, self.papers.words)

    def _why_empty(self) -> str:
        if self.filter_box.has_class("-wrong"):
            return "The filter is not a query yet; the bottom line says why. Press escape to clear it."
        if self.filter_text:
            return f"Nothing in “{self.view.title}” matches this filter. Press escape to clear it."
        return self.view.empty

    def _rest(self) -> None:
        """Start to wait: a paper on which the cursor rests long enough counts as read."""
        if self._resting:
            self._resting.stop()
        seconds = self.session.settings.reading.read_after
        current = self.papers.current
        if seconds and current and not self.untouched and not self.session.marks(current).read:
            self._resting = self.set_timer(seconds, partial(self._rested, current))

    def _rested(self, paper_id: str) -> None:
        if self.papers.current == paper_id and self.app_focus and self.screen is self.main_screen:
            self.mark(lambda: self.session.mark([paper_id], RESTED, read=True))
