"""The results in the list: view, filter and order; the papers found; and new papers that wait to be shown.

Nothing here draws. The screen runs `find` and `show_waiting`; tests run them without a screen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from paperdeck.storage.search.found import Tally
from paperdeck.storage.search.query import Query, QueryError
from paperdeck.storage.search.rank import BY_DATE, Sort

from .arrivals import Arrivals, Where, arrivals_of, keep_in_place, moves_nothing
from .changed import Changed, ListChange
from .finder import (
    FIRST_PAGE_PAPERS,
    Wanted,
    at_once,
    joined,
    short_order_name,
    stopped_at_the_end,
    toggled,
    understood,
)
from .views import ALL

if TYPE_CHECKING:
    from paperdeck.storage.search.database import Stop

    from .finder import Finder
    from .views import View

_FIRST_PAGE_SECONDS, _WHOLE_LIST_SECONDS = 2.0, 0.3
"""The longest that keys wait for the first page of a list, and for the rest of it."""


class Before(NamedTuple):
    """What the list showed before a key replaced it."""

    view: View
    text: str
    """The filter."""
    next_text: str = ""
    """The filter that `go_to` set next; empty if only the view changed."""


class Results:
    """The current query and its results."""

    awaits_papers = False
    """Whether the reader asked for papers and has pressed no key since, so they are shown when they arrive."""

    def __init__(self, finder: Finder, view: View, publish: Callable[[Changed], None]) -> None:
        self._finder, self._publish = finder, publish
        self.view = view
        """The displayed view."""
        self.text = ""
        """The text in the filter box."""
        self.query = Query()
        """The last valid query."""
        self.wrong = ""
        """Why the text is invalid; empty if it is valid."""
        self.sort = BY_DATE
        """The chosen order; by date means the order of the view."""
        self.ids: Sequence[str] = ()
        """The papers of the list, in order; never modified, only replaced."""
        self.complete = False
        """Whether `ids` has all papers, not only the first page."""
        self.words: tuple[tuple[str, str | None], ...] = ()
        """The folded words of the filter to highlight, each with its field."""
        self.tally: Tally | None = None
        """The counts of the list; None while they are being determined."""
        self.elsewhere: int | None = None
        """If nothing in the view matches the filter, how many papers of the whole library do; None: not counted."""
        self.muted = 0
        """If the view is empty without a filter, how many papers it lacks because rules mute them."""
        self.place: tuple[str | None, int] = (None, 0)
        """Where a replaced list opens: the paper for the cursor, and its line in the window."""
        self.untouched = True
        """Whether no key has been pressed yet, so new papers may be inserted above the cursor."""
        self.where: Callable[[], Where] = Where
        """Returns the reader's position in the list."""
        self.painted: Callable[[], Awaitable[None]] = at_once
        """Waits until the first page is painted, as more work would delay it."""
        self.pause: Callable[[], Awaitable[None]] = at_once
        """Waits while the reader types."""
        self._held_back: Arrivals | None = None
        self._expected: frozenset[str] = frozenset()  # papers that an undo restored
        self._before: list[Before] = []  # what to go back to, the most recent last
        self._places: dict[str, tuple[str | None, int]] = {}
        self._found_for = self._place_key()  # the query that the papers of the list were found for
        self._asked_at, self.is_behind = float("-inf"), False  # when the list was asked for; whether it is to come

    # The query

    def show(self, view: View) -> None:
        """Show another view, at the place where the reader left it; one that the list came from is gone back to."""
        came_from = [before.view.key for before in self._before]
        if not view.goes_back or view.key in came_from:
            self._before = self._before[: came_from.index(view.key)] if view.goes_back else []
        elif view.key != self.view.key:
            self._before.append(Before(self.view, self.text))
        self._show(view, self.text)

    def go_to(self, view: View, text: str) -> None:
        """Show another view with another filter, such as the id of a paper; `go_back` restores both.

        A filter that only named this paper is not one to go back to: it was typed to come here.
        """
        named = self.query.only_paper()
        before = "" if named and named == understood(text).only_paper() else self.text
        if before or view.key != self.view.key or not self._before:
            self._before.append(Before(self.view, before, text))
        else:
            self._before[-1] = self._before[-1]._replace(next_text=text)
        self._show(view, text)

    def comes_from(self, key: str) -> bool:
        """Whether the list is a view, or going back leads to it."""
        return key in (self.view.key, *(before.view.key for before in self._before))

    @property
    def filter_set_by_key(self) -> bool:
        """Whether a key set the filter, by `go_to`, so going back comes before clearing it."""
        return bool(self.text and self._before and self._before[-1].next_text == self.text)

    def go_back(self) -> bool:
        """Leave a list that a key made for what was there before; returns whether there is anything."""
        if not self._before:
            return False
        before = self._before.pop()
        self._show(before.view, before.text)
        return True

    def _show(self, view: View, text: str) -> None:
        self._remember()
        self.view = view
        self._read(text)
        self._hold_back(None)
        self._ask(counts=True)

    def follow_views(self, current: Callable[[View], View | None], instead: View) -> bool:
        """Show views as they are now, after some were renamed, changed or deleted.

        Args:
            current: Returns a view as it is now; None if it was deleted.
            instead: The view to show if the displayed one was deleted.

        Returns:
            Whether the list has to be found again, which is published.
        """
        self._before = [place._replace(view=view) for place in self._before if (view := current(place.view))]
        view = current(self.view) or instead
        if view.query != self.view.query or view.within != self.view.within:
            self._show(view, self.text)
            return True
        if view != self.view:
            self._rename(view)
        return False

    def _rename(self, view: View) -> None:
        """Show the same list under another name, at the same place."""
        is_found = self._found_for == self._place_key()
        self.view = view
        if is_found:
            self._found_for = self._place_key()

    def set_filter(self, text: str) -> None:
        """Filter by the text of the filter box."""
        if text == self.text:
            return
        if self.view.folds and self.go_back():  # a filter is for papers, not for topics
            text = joined(self.text, text)
        if not self.text:
            self._remember()
        self._read(text)
        self._ask()

    def _ask(self, *, counts: bool = False) -> None:
        """Ask for the wanted list."""
        self._asked_at, self.is_behind = monotonic(), not self.wrong
        self._publish(Changed(query=True, counts=counts))

    @property
    def is_settling(self) -> bool:
        """Whether the wanted list is still to come, or to be completed, within a moment."""
        if self.wrong or (self.complete and not self.is_behind):
            return False
        return monotonic() - self._asked_at < (_FIRST_PAGE_SECONDS if self.is_behind else _WHOLE_LIST_SECONDS)

    def _read(self, text: str) -> None:
        """Take a filter; if it is invalid, the last valid query stays, but only the words before the error count."""
        self.text = text
        try:
            self.query, self.wrong = understood(text), ""
        except QueryError as error:
            self.wrong, self.words = str(error), _words_of(text[: error.position])

    def toggle_facet(self, query: str) -> None:
        """Add a facet to the filter, or remove it.

        Raises:
            InvalidInput: the filter can't be understood.
        """
        if self.view.folds:
            self.go_back()  # a facet is one of the filter that the topics were made with
        self.set_filter(toggled(self.text, query))

    def order_by(self, key: str) -> None:
        """Choose an order, by its key in the query language."""
        self.sort = Sort(key)
        self._ask()

    def order_words(self) -> str:
        """The short name of the chosen order; empty for the default."""
        return "" if self.sort == BY_DATE or self.view.fixed else short_order_name(self.sort.key)

    @property
    def is_by_taste(self) -> bool:
        return (self.query.sort or self.wanted.order) == Sort("foryou")

    def whole_query(self) -> str:
        """The combined query of view, filter and order, for saving; empty if no query describes the list.

        In topics, it is that of the list that was folded.
        """
        folded = self._before[-1] if self.view.folds and self._before else None
        view, text = (folded.view, folded.text) if folded else (self.view, self.text)
        if self.wrong or (view.is_list and not text.strip() and not self.order_words()):
            return ""
        query = understood(view.query) & understood(text)
        return str(query if query.sort or self.sort == BY_DATE else Query(query.node, self.sort))

    # Finding

    @property
    def wanted(self) -> Wanted:
        """What the list should show: the view, the filter and the order."""
        return Wanted(self.view, self.query, self.sort)

    def set_first(self, ids: Sequence[str], *, complete: bool = True) -> None:
        self.ids, self.complete, self._found_for = ids, complete, self._place_key()

    async def find(self) -> None:
        """Run the query and publish the results, the first page before the rest."""
        if not self.wrong:
            with stopped_at_the_end() as stop:
                await self._replace(self.wanted, stop)

    async def refresh(self) -> None:
        """Run the query again after the library changed, without moving anything visible."""
        if self.wrong or self.is_behind or self._found_for != self._place_key():
            await self.find()  # nothing merges with the list of another query
            return
        wanted = self.wanted
        with stopped_at_the_end() as stop:
            await self.pause()
            await self._merge(await asyncio.to_thread(self._finder.find, wanted, None, stop))
            await self.recount(stop)

    async def recount(self, stop: Stop) -> None:
        """Count the papers of the displayed list, which keeps rows that were read since they were found."""
        ids = self.ids
        papers = await asyncio.to_thread(self._finder.papers_of, self.wanted, ids)
        tally = await asyncio.to_thread(self._finder.tally, papers, stop)
        if self.ids is ids and self.complete:
            self.tally = tally
        self._publish(Changed(counts=True))

    async def _replace(self, wanted: Wanted, stop: Stop) -> None:
        find = partial(self._finder.find, wanted, stop=stop)
        key = self._place_key()
        place = self._places.get(key, (None, 0))
        page = await asyncio.to_thread(find, FIRST_PAGE_PAPERS)
        whole = len(page) < FIRST_PAGE_PAPERS
        is_visible = place[0] is None or place[0] in page
        if is_visible or whole:
            self._take(page, wanted, key, complete=whole)
            await self.painted()
        found = page if whole else await asyncio.to_thread(find)
        tally = await asyncio.to_thread(self._finder.tally, self.view.papers_in(found), stop)
        if whole:
            self.tally = tally
            self._publish(Changed(counts=True))
            await self._look_elsewhere(wanted, stop)
        elif is_visible and self.ids is page and list(found[: len(page)]) == list(page):
            self.ids, self.complete, self.tally = found, True, tally
            self._publish(Changed(results=ListChange.COMPLETED, counts=True))
        else:
            self._take(found, wanted, key, complete=True, tally=tally)

    async def _look_elsewhere(self, wanted: Wanted, stop: Stop) -> None:
        """If nothing was found, count the matches of the filter in the whole library, else what rules mute."""
        if self.ids or (self.text and wanted.view.key == ALL.key):
            return
        if self.text:
            everywhere = ALL._replace(query=str(wanted.filter))
            self.elsewhere = await asyncio.to_thread(self._finder.count, everywhere, stop)
        else:
            self.muted = await asyncio.to_thread(self._finder.count_muted, wanted.view, stop)
        self._publish(Changed(counts=True))

    def _take(
        self, ids: Sequence[str], wanted: Wanted, key: str, *, complete: bool, tally: Tally | None = None
    ) -> None:
        self.ids, self.complete, self.tally = ids, complete, tally
        self.place, self._found_for = self._places.get(key, (None, 0)), key
        self._held_back, self.is_behind = None, False  # all waiting papers are in it
        self.words, self.elsewhere, self.muted = wanted.filter.words(), None, 0
        self._publish(Changed(results=ListChange.REPLACED, counts=True))

    async def _merge(self, found: Sequence[str]) -> None:
        """Insert new papers if nothing visible moves; else hold them back."""
        shown = self.ids
        arrivals = await asyncio.to_thread(arrivals_of, shown, found)
        if self.ids is not shown:
            await self.refresh()
            return
        where = self.where()
        if arrivals and self.untouched:
            self.ids, self.complete, self.place = found, True, (None, 0)
            self._publish(Changed(results=ListChange.REPLACED))
        elif arrivals and (self._are_expected(shown, arrivals) or moves_nothing(shown, arrivals.merged, where)):
            self.ids, self.complete = arrivals.merged, True
            self._publish(Changed(results=ListChange.MERGED))
        else:
            self._hold_back(arrivals)
            return
        self._hold_back(None)

    def expect(self, ids: Collection[str]) -> None:
        """Show these papers as soon as they are found; the reader restored them and expects to see them."""
        self._expected |= frozenset(ids)  # those of an earlier undo may not have been found yet

    def _are_expected(self, shown: Sequence[str], arrivals: Arrivals) -> bool:
        expected, self._expected = self._expected, frozenset()
        came_back = expected.intersection(arrivals.found).difference(shown)
        return self.awaits_papers or len(came_back) == arrivals.new > 0

    def drop(self, ids: Collection[str]) -> None:
        """Remove papers from the list that are no longer in the library."""
        left = self._finder.without(self.ids, ids)
        if len(left) < len(self.ids):
            self.ids, self.tally = left, None
            self._publish(Changed(results=ListChange.MERGED, counts=True))

    # Waiting papers

    @property
    def waiting(self) -> int:
        return self._held_back.new if self._held_back else 0

    def _hold_back(self, arrivals: Arrivals | None) -> None:
        self._held_back = arrivals
        self._publish(Changed(counts=True))

    async def show_waiting(self) -> None:
        """Add the waiting papers to the list."""
        if (held := self._held_back) is None:
            return
        merged = await asyncio.to_thread(keep_in_place, self.ids, held.found)
        if self._held_back is not held:  # another list was shown meanwhile, or more papers came
            await self.show_waiting()
            return
        self.ids = merged
        self._publish(Changed(results=ListChange.MERGED))
        self._hold_back(None)
        with stopped_at_the_end() as stop:
            await self.recount(stop)

    # Where the reader was

    def _remember(self) -> None:
        if self._found_for != self._place_key():  # the list still shows the results of the previous query
            return
        where = self.where()
        current = self.ids[where.cursor] if 0 <= where.cursor < len(self.ids) else None
        self._places[self._place_key()] = current, where.line

    def _place_key(self) -> str:
        """The view, its own order and the filter; the order, as For you starts at its top once a taste sorts it."""
        return f"{self.view.key} {self.view.sort} {self.text}"


def _words_of(text: str) -> tuple[tuple[str, str | None], ...]:
    """The words of a part of a filter; none if it can't be understood either."""
    try:
        return understood(text).words()
    except QueryError:
        return ()
