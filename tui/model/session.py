"""The state of one session, composed of parts.

Nothing here draws. The screen listens to the parts' changes; `find`, `count` and `load` take longer than a frame and
run in the background.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from paperdeck.storage.files.disk import is_folder
from paperdeck.storage.files.small import recall, remember
from paperdeck.storage.library.queue import Visits
from paperdeck.storage.paper import UNFETCHED
from paperdeck.storage.search.query import Query
from paperdeck.storage.search.rank import BY_DATE, SORT_KEYS, Sort

from .changed import Changed, Publisher
from .completing import Completing, EarlierFilters
from .counts import Counts
from .days import Days
from .deeds import Deeds, Markings
from .finder import FIRST_PAGE_PAPERS, Finder, Wanted
from .lists import VIEW_KEY, CatchUp, Topics
from .papers import Papers
from .results import Results
from .rules import Rulebook
from .star_watch import StarWatch
from .status import Status
from .tasting import Tasting
from .views import ALL, VISIT, Views

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from paperdeck.storage.library.library import Deed, Library
    from paperdeck.storage.paper import Entry
    from paperdeck.storage.search.database import Stop
    from paperdeck.storage.settings.settings import Places, Settings

    from .views import View


class Session:
    """The state behind the screen."""

    def __init__(self, library: Library, settings: Settings, places: Places, *, today: date | None = None) -> None:
        """Loads nothing; `today` overrides the current date."""
        self.library, self.settings, self.places = library, settings, places
        self._copy_file = places.state / "copy.json"
        self._pipe_file = places.state / "pipe.json"
        self.publisher = Publisher()
        publish = self.publisher.publish
        self.papers = Papers(library)
        self.days = Days(library, today)
        self.rules = Rulebook(library, publish)
        self.marks = Markings(library, self.papers, publish)
        self.deeds = Deeds(library, self.papers, self.rules, publish)
        self.tasting = Tasting(library, self.rules, publish)
        self.star_watch = StarWatch(self.papers)
        self.visits = Visits(places.visits)
        self.views = Views(self.days, self.rules, self.papers, settings, self.star_watch, self.visits, self.tasting)
        self._newer_papers = 0  # waiting papers of the newest day, while the list shows an older one
        self.first_visit = self.visits.is_first
        """Whether paperdeck is opened here for the first time."""
        self.finder = Finder(self.papers, self.rules, self.days, places, self.visits)
        self.topics = Topics(library, self.papers, self.rules, self.finder)
        self.catch_up = CatchUp(library, self.finder, self.marks)
        self.results = Results(self.finder, ALL, publish)
        self.counts = Counts(self.finder, self.views, self.marks, self.results, publish)
        self.completing = Completing(self.finder, self.papers, self.marks, self.results, publish)
        self.earlier_filters = EarlierFilters(places.state / "filters.json")
        self.status = Status(publish)
        self.downloads: dict[str, tuple[int, int | None]] = {}
        """The PDFs being downloaded, by paper: bytes received, and the total if known."""
        self.publisher.listen(self._expire)
        library.queue.following = settings.fetch

    def _expire(self, changed: Changed) -> None:
        """Drop cached values that a change made invalid, before they are painted."""
        self.star_watch.expire(changed)
        if changed.gone:
            self.results.drop(changed.gone)
        if changed.query:
            self._follow_day()
        if changed.back:
            self.results.expect(changed.back)
        if changed.library or changed.rules:
            self.finder.forget()
        if changed.rules:
            self._take_order()
        if changed.taste:
            self.results.follow_views(self.views.current, self.views.day())
        if changed.marks or changed.rules:
            self.deeds.withdraw()
            self.views.forget_closed()
        if changed.marks or changed.library or changed.rules or changed.query or changed.taste:
            self.counts.expire()
        if changed.marks or changed.library or changed.rules or (changed.query and not self.results.text):
            self.completing.forget()

    # Reading

    @property
    def wants_welcome(self) -> bool:
        """Whether to explain the first keys: on the first start, unless some have been pressed already."""
        return self.first_visit and bool(self.papers.shelf) and self.results.untouched

    async def listed(self) -> Sequence[str]:
        """All rows of the wanted list, even while only its first page, or the list before it, is displayed.

        Raises:
            StoreError: the index can't be used.
        """
        results = self.results
        is_whole = results.complete and not results.is_behind
        return results.ids if is_whole else await asyncio.to_thread(self.finder.find, results.wanted)

    @property
    def is_catching_up(self) -> bool:
        """Whether the list has the papers offered for catching up, or a part of them, such as a topic.

        A reader who leaves them declines the offer.
        """
        return bool(self.catch_up.offered) and self.results.comes_from(VIEW_KEY)

    def entry(self, paper_id: str | None) -> Entry | None:
        """A paper with its marks, None if unknown."""
        return next(iter(self.papers.entries([paper_id])), None) if paper_id else None

    def why_here(self, paper_id: str) -> str:
        """Why a paper is in the displayed list or left out of others, or what its row stands for; usually empty."""
        view = self.results.view
        if fold := view.folds.get(paper_id):
            rows = filter(None, map(self.papers.row, fold.ids))
            return "\n".join([fold.name, *(f"- {row.title}" for row in rows)])
        muted = ", ".join(self.finder.why_muted(paper_id))
        return view.captions.get(paper_id) or (f"Muted: {muted}" if muted else "")

    @property
    def last_copy(self) -> str:
        """The format copied last, remembered between sessions."""
        return recall(self._copy_file, "form") or "page"

    @last_copy.setter
    def last_copy(self, name: str) -> None:
        remember(self._copy_file, "form", name)

    @property
    def last_pipe(self) -> str:
        """The last command that papers were passed to, as typed; remembered between sessions."""
        return recall(self._pipe_file, "line") or ""

    @last_pipe.setter
    def last_pipe(self, line: str) -> None:
        remember(self._pipe_file, "line", line)

    @property
    def drafts(self) -> Path:
        """The folder with the drafts of notes."""
        return self.places.state / "drafts"

    def unsaved_notes(self) -> list[str]:
        """The papers of the library that have an unsaved note, the newest note first. Call in a thread."""
        if not is_folder(self.drafts):
            return []
        from .drafts import papers_with_drafts

        found = papers_with_drafts(self.drafts, lambda paper_id: self.marks.of(paper_id).note)
        return [paper_id for paper_id in found if self.papers.row(paper_id)]

    # Loading

    def open_first_view(self) -> None:
        """Load only what the first frame shows: the newest day, else the newest month, else the shelf."""
        self.rules.load()
        self._take_order()
        if not self._open_visit():
            ids = self._first_ids()
            self.results.view = self.views.day()  # the shelf, if that is all there is
            self.results.set_first(ids)

    def _open_visit(self) -> bool:
        """After an absence, show the papers that arrived meanwhile, if any."""
        if not self.visits.returned:
            return False
        ids = self.finder.find(Wanted(VISIT, Query(), self.results.sort), FIRST_PAGE_PAPERS)
        if ids:
            self.results.view = VISIT
            self.results.set_first(ids, complete=len(ids) < FIRST_PAGE_PAPERS)
        return bool(ids)

    def _take_order(self) -> None:
        self.results.sort = Sort(order) if (order := self.library.preference("order")) in SORT_KEYS else BY_DATE

    def _first_ids(self) -> Sequence[str]:
        ids = self.days.newest_ids()
        wanted = Wanted(self.views.day() if ids else ALL, self.results.query, self.results.sort)
        if ids:
            if self.papers.has_all(ids):
                return self.finder.find(wanted, len(ids))
            return self.finder.find_among(self.library.papers(ids).values(), wanted)
        if found := self.finder.find(wanted, FIRST_PAGE_PAPERS):
            return found if self.papers.has_fetched() else self.papers.show_shelf()
        for month in self.library.months():
            papers = [paper for paper in self.library.month(month) if not UNFETCHED.issuperset(paper.sources)]
            if papers:
                return self.finder.find_among(papers, wanted)
        return self.papers.show_shelf()

    def load(self, progress: Callable[[str], None] = lambda _: None, stop: Stop = lambda: False) -> None:
        """Index every paper of the library. Call in a thread; see `Papers.load`."""
        self.visits.note()
        self.library.watch()
        self.papers.load(progress, stop)

    # Changes from elsewhere

    def arrived(self, ids: Iterable[str]) -> None:
        """Show papers that a fetch added to the library; they must be indexed already."""
        self.days.read_again()
        self.publisher.publish(Changed(papers=frozenset(ids), library=True, days=True))

    async def index_and_show(self, ids: Collection[str]) -> None:
        """Index papers that a fetch added to the library, and show them."""
        await asyncio.to_thread(self.papers.take, ids)
        self.arrived(ids)

    def remove(self, ids: Sequence[str]) -> Deed:
        """Remove papers from the library, except those in `why_kept`. Call in a thread."""
        deed = self.library.remove(ids)
        self.papers.take(deed.ids)
        self.publisher.publish(Changed(gone=frozenset(deed.ids), library=True))
        return deed

    # What waits

    @property
    def waiting(self) -> int:
        """How many new papers wait to be shown in the list, or to replace the starter shelf or the day in the list."""
        newer = self._newer_papers if self._is_overtaken else 0
        return self.papers.past_shelf or newer or self.results.waiting

    async def show_waiting(self) -> bool:
        """Show the papers that wait; returns whether they replaced the list."""
        if self.papers.past_shelf or (self._is_overtaken and self._newer_papers):
            self.show_newest_day()
            return True
        await self.results.show_waiting()
        return False

    @property
    def _is_overtaken(self) -> bool:
        """Whether the list shows what was the newest day when it was shown, and a newer one has come."""
        view = self.results.view
        return view.gives_way and view.day != self.days.newest_day

    def show_newest_day(self) -> None:
        """Show the newest day of the library, in place of the starter shelf if that is shown."""
        self.papers.leave_shelf()
        self.days.shown = None
        self.results.show(self.views.day())

    def _follow_day(self) -> None:
        """Keep a row for the displayed day, and count the waiting papers of a newer day that match the filter."""
        view, filtered = self.results.view, str(self.results.query)
        if view.is_of_other_day:
            self.days.shown = view.day
        newer = self._is_overtaken
        self._newer_papers = self.finder.count(self.views.day()._replace(query=filtered)) if newer else 0

    # The starter shelf

    def show(self, view: View) -> None:
        """Show a view; the library replaces the starter shelf if it has papers by now."""
        if self._leave_past_shelf():
            view = self.views.by_key(view.key) or self.views.day()
        self.results.show(view)

    def show_query(self, query: str) -> None:
        """Show all papers that match a query, such as the id of a paper; `results.go_back` returns."""
        self._leave_past_shelf()
        self.results.go_to(ALL, query)

    def _leave_past_shelf(self) -> bool:
        """Leave the starter shelf if the library has papers by now; returns whether it was left."""
        if not self.papers.past_shelf:
            return False
        self.papers.leave_shelf()
        self.results.view = self.views.day()
        return True

    def follow_library(self) -> bool:
        """Follow changes of papers and saved views; returns whether to run the query again.

        Papers that arrived replace the shelf or the day if the reader hasn't touched the list, or asked for them and
        has pressed no key since; otherwise they wait. The newest day replaces a deleted view.
        """
        gives_way = self.results.untouched or self.results.awaits_papers
        was_newest = self.results.view.key == "day"
        if self.results.follow_views(self.views.current, self.views.day()):
            return False
        if self.papers.past_shelf:
            if not gives_way:
                return False
            self.show_newest_day()
            return True
        if was_newest and self.visits.returned and self.results.untouched and self.finder.has_new():
            self.results.show(VISIT)
            return False
        if self._is_overtaken and (gives_way or not self.results.ids):
            self.show_newest_day()
            return False
        self._follow_day()
        return True

    def acted(self) -> None:
        """Record an action of the reader; after an absence, it begins a new visit."""
        self.results.untouched = self.results.awaits_papers = False
        if self.visits.acted():
            self.publisher.publish(Changed(library=True))
