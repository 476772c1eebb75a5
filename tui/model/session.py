"""What one reading session knows: the library, its index, the views, and what the reader does to papers.

Nothing here draws; the app shows what the session says, and the session changes nothing on the screen. Methods that
may take longer than a frame (`load`, `find`, `count`) are called in a thread and take a `stop` to be given up early.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from threading import RLock
from time import perf_counter, sleep
from typing import TYPE_CHECKING

from paperdeck.storage.fetch.full_text import StoredTexts, text_folder
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Entry, Paper
from paperdeck.storage.search.index import Context, Index, pieces
from paperdeck.storage.search.query import Query, field_query, parse
from paperdeck.storage.search.rank import BY_DATE, SORT_KEYS, Sort
from paperdeck.storage.settings.memory import give_back
from paperdeck.storage.settings.remembered import last_visit, note_visit, recall, remember
from paperdeck.storage.settings.rules import Rules

from .days import Days
from .marks import Markings
from .rules import Rulebook
from .views import (
    ALL,
    FOLLOWING,
    HIDDEN,
    KEYWORDS,
    MONTH,
    MUTED,
    ORGANIZATIONS,
    SAVED,
    SOURCES,
    STARRED,
    TAGS,
    UNREAD,
    WEEK,
    View,
)

if TYPE_CHECKING:
    from paperdeck.storage.search.index import Row
    from paperdeck.storage.settings.settings import Places, Settings

Stop = Callable[[], bool]

_ORDER_NAMES = {
    "date": "day, newest first",
    "upvotes": "upvotes",
    "rising": "upvotes gained per day",
    "stars": "stars of the code",
    "comments": "comments",
    "foryou": "your taste, learned from your stars",
}


_ORIGINS = (("hf", "Daily Papers"), ("arxiv", "arXiv"))
_RECENT_DAYS = 28
_SLICE = 100  # papers that are indexed at a time
_MOST_UPVOTES = Sort("upvotes")


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is to show: a view, narrowed by what stands in the filter box."""

    view: View
    filter: Query


@dataclass(frozen=True, slots=True)
class Tally:
    """What the top line says about a list."""

    papers: int = 0
    unread: int = 0
    new: int = 0


class Session(Days, Rulebook, Markings):
    """The state behind the screen."""

    def __init__(self, library: Library, settings: Settings, places: Places, *, today: date | None = None) -> None:
        self.library = library
        self.settings = settings
        self.index = Index()
        self.rules = Rules()
        self.day: date | None = None
        """The day that the day view shows; None: the newest."""
        self.sort = BY_DATE
        """The order of lists that have none of their own."""
        self.results: tuple[str, tuple[str, ...]] | None = None
        """What was searched for on the Hub, and what it found."""
        self._places = places
        self._texts = StoredTexts(text_folder(places))
        self._fixed_today = today
        self._shelf: dict[str, Paper] = {}
        self._marking = RLock()  # held from reading the library's marks until the index has them
        self._visit_file = places.state / "visit.json"
        self._copy_file = places.state / "copy.json"
        self._last_visit = last_visit(self._visit_file)

    @property
    def last_copy(self) -> str:
        """The form that was copied last, which is remembered."""
        return recall(self._copy_file, "form") or "page"

    @last_copy.setter
    def last_copy(self, form: str) -> None:
        remember(self._copy_file, "form", form)

    # Views

    @property
    def shelf_shown(self) -> bool:
        """Whether the starter shelf stands in for a library without papers."""
        return bool(self._shelf)

    def views(self) -> list[View]:
        """All views but the facets, in the order of the pane."""
        first = [self.day_view(), WEEK, ALL, UNREAD, STARRED, FOLLOWING, MONTH, self._trending(), HIDDEN]
        if self.rules.mute:
            first.append(MUTED)
        if self.results:
            query, ids = self.results
            first.append(View("results", f"Search: {query}", empty="The Hub found nothing.", within=lambda: ids))
        saved = [View(f"saved {view.name}", view.name, view.query, section=SAVED) for view in self.rules.views]
        return first + saved + self._source_views()

    def day_view(self) -> View:
        """The view of one day: today's list, or the day that the reader went to."""
        if self._shelf:
            return View("shelf", "Starter shelf", within=lambda: tuple(self._shelf))
        day = self.day or self.newest_day()
        empty = "No papers yet. Press r to fetch the papers of the last days."
        if self.day:
            title = f"{self.day:%a} {self.day.day} {self.day:%b %Y}"
            return View(f"day {self.day}", title, empty=empty, within=self._day_ids, sort=_MOST_UPVOTES)
        title = "Today" if day in (None, self.today) else "Latest day"
        return View("day", title, empty=empty, within=self._day_ids, sort=_MOST_UPVOTES)

    def _trending(self) -> View:
        newest = self.library.newest("hf:trending")
        ids = newest.ids if newest else ()
        empty = "What trends on the Hub, by the stars of the code. Choosing this view with enter asks the Hub for it."
        return View("trending", "Trending", empty=empty, within=lambda: ids)

    def _source_views(self) -> list[View]:
        categories = self.settings.fetch.categories
        origins = {source.partition(":")[0] for source in self.library.sources()}
        if not categories and not origins.issuperset(dict(_ORIGINS)):
            return []
        asked = [(f"source {name}", title, f"source:{name}") for name, title in _ORIGINS]
        asked += [(f"category {name}", f"arXiv {name}", f"category:{name}") for name in categories]
        return [View(key, title, query, section=SOURCES) for key, title, query in asked]

    def sources(self) -> list[tuple[str, str]]:
        """The sources that are followed: their names in the ledger and for the reader."""
        categories = self.settings.fetch.categories
        return [("hf", "Daily Papers"), *((f"arxiv:{name}", f"arXiv {name}") for name in categories)]

    def facet_views(self, ids: Sequence[str], stop: Stop = _never) -> list[View]:
        """The reader's tags, and the most frequent keywords and organizations of some papers; for a thread."""
        facets = self.index.facets(ids, stop=stop)
        groups = (("keyword", KEYWORDS, facets.keywords), ("org", ORGANIZATIONS, facets.organizations))
        tags = [
            View(f"tag {tag}", tag, f"tag:={tag}", section=TAGS, number=n) for tag, n in sorted(self.tags().items())
        ]
        return tags + [
            View(f"{field} {name}", name, str(field_query(field, name)), section=section, number=number, narrows=True)
            for field, section, counted in groups
            for name, number in counted
        ]

    def view_of_key(self, number: int) -> View | None:
        """The view of a number key, counted from 1."""
        views = self.views()
        return views[number - 1] if 0 < number <= len(views) else None

    def whole_query(self, view: View, filter_text: str) -> str:
        """The query of a view with the filter and the order that was chosen, as it would be saved.

        Raises:
            QueryError: the filter text is no query.
        """
        query = parse(view.query) & parse(filter_text)
        return str(query if query.sort or self.sort == BY_DATE else Query(query.node, self.sort))

    def next_order(self) -> str:
        """Go on to the next order; returns it in words."""
        key = SORT_KEYS[(SORT_KEYS.index(self.sort.key) + 1) % len(SORT_KEYS)]
        self.sort = Sort(key)
        return _ORDER_NAMES[key]

    def order_words(self) -> str:
        """The order that the reader chose, in words; empty for the usual one."""
        return "" if self.sort == BY_DATE else _ORDER_NAMES[self.sort.key]

    def has_taste(self) -> bool:
        """Whether the reader has starred or hidden anything, from which a taste could be learned."""
        return any(marks.starred or marks.hidden for marks in self.library.all_marks().values())

    # Loading

    def open_first_view(self) -> list[str]:
        """Load what the first frame shows, and no more: the newest day, else the newest month, else the shelf."""
        self.load_rules()
        ids = self._day_ids()
        if not ids:
            return self._open_without_days()
        papers = self.library.papers(ids)
        self.take(papers.values())
        return self.find(Wanted(self.day_view(), Query()))

    def _open_without_days(self) -> list[str]:
        for month in self.library.months():
            papers = [paper for paper in self.library.month(month) if set(paper.sources) - {"shelf"}]
            if papers:
                self.take(papers)
                return self.find(Wanted(ALL, Query()))
        from paperdeck.storage.shelf import load_shelf

        self._shelf = {paper.id: paper for paper in load_shelf()}
        self.take(self._shelf.values())
        return list(self._shelf)

    def load(self, progress: Callable[[str], None] = lambda _: None, stop: Stop = _never) -> None:
        """Index every paper of the library, newest month first; for a thread, which leaves time to the others.

        Args:
            progress: Called with each month before it is loaded.
            stop: Asked now and then whether to give up.
        """
        note_visit(self._visit_file)
        gc.disable()  # a full collection walks all the new rows, again and again, for nothing
        try:
            with self._marking:
                self.index.set_marks(self.library.all_marks())
            for month in self.library.months():
                progress(month)
                _in_slices(self.library.month(month), self.index.add, stop)
                if stop():
                    return
        finally:
            gc.enable()
        gc.freeze()
        give_back()

    def rest(self) -> None:
        """Do what somebody would have to wait for later; for a thread, while nobody waits."""
        self.index.prepare()
        give_back()

    def leave(self) -> None:
        """Note that the reader has seen what is there."""
        note_visit(self._visit_file)

    def arrived(self, ids: Iterable[str]) -> None:
        """Take papers into the index that a fetch has put into the library."""
        self.take(self.library.papers(ids).values())

    @property
    def past_shelf(self) -> int:
        """How many papers are here beside the starter shelf, while that is still shown."""
        return len(self.index) - len(self._shelf) if self._shelf else 0

    def leave_shelf(self) -> None:
        """Real papers are here: what the shelf showed is listed no longer, but for what the reader marked."""
        self._shelf = {}
        self.index = Index()
        for month in self.library.months():
            self.take(self.library.month(month))

    def take(self, papers: Iterable[Paper]) -> None:
        """Take papers into the index as they are in the library now."""
        known = list(papers)
        with self._marking:  # marks that are read before a key and set after it would hide what the key did
            self.index.set_marks({paper.id: marks for paper in known if (marks := self.library.marks(paper.id))})
        self.index.add(known)

    # Asking

    def wanted(self, view: View, filter_text: str) -> Wanted:
        """What a view and a filter ask for.

        Raises:
            QueryError: the filter text is no query.
        """
        return Wanted(view, parse(filter_text))

    def context(self) -> Context:
        """What a query is to know besides the papers."""
        return Context(
            today=self.today,
            last_visit=self._last_visit,
            muted=self.rules.muted_queries(),
            followed=self.rules.followed_queries(),
            fulltexts=self._texts.ids(),
        )

    def find(self, wanted: Wanted, limit: int | None = None, stop: Stop = _never) -> list[str]:
        """The papers that are wanted, in order; for a thread, unless the library is small or there is a limit."""
        view = wanted.view
        sort = self.sort if self.sort != BY_DATE else view.sort
        query = parse(view.query) & wanted.filter
        return self.index.find(
            query,
            context=self.context(),
            sort=sort,
            within=view.within(),
            limit=limit,
            everything=view.everything,
            stop=stop,
        )

    def find_titles(self, query: Query, limit: int) -> list[str]:
        """Papers for the command palette, newest first; for a thread."""
        return self.index.find(query, context=self.context(), limit=limit) if query else []

    def count(self, view: View, stop: Stop = _never) -> int:
        """How many papers a view has; for a thread."""
        query, within = parse(view.query), view.within()
        return self.index.count(query, context=self.context(), within=within, everything=view.everything, stop=stop)

    def count_new(self, view: View, stop: Stop = _never) -> int:
        """How many papers of a saved view came since the last visit, 0 for other views; for a thread."""
        if view.section != SAVED:
            return 0
        return self.index.count(parse(view.query) & parse("is:new"), context=self.context(), stop=stop)

    def row(self, paper_id: str) -> Row | None:
        """What the list shows of a paper."""
        return self.index.row(paper_id) if paper_id in self.index else None

    def is_followed(self, paper_id: str) -> bool:
        """Whether a paper is by or about what the reader follows."""
        if not self.rules.followed_queries():
            return False
        return self.index.matches(paper_id, parse("is:following"), self.context(), everything=True)

    def entry(self, paper_id: str | None) -> Entry | None:
        """A paper with its marks."""
        papers = self.papers([paper_id] if paper_id else [])
        return Entry(papers[0], self.marks(papers[0].id)) if papers else None

    def papers(self, ids: Sequence[str]) -> list[Paper]:
        """The facts of some papers, in their order."""
        known = self.library.papers([paper_id for paper_id in ids if paper_id not in self._shelf])
        found = (known.get(paper_id) or self._shelf.get(paper_id) for paper_id in ids)
        return [paper for paper in found if paper]

    def in_view(self, view: View, ids: Sequence[str]) -> list[str]:
        """Those of some papers that were not hidden out of a view since they were found; for a thread."""
        return [paper_id for paper_id in ids if view.everything or not self.marks(paper_id).hidden]

    def tally(self, ids: Sequence[str], stop: Stop = _never) -> Tally:
        """How many of some papers are unread and new; for a thread."""
        marks, since = self.library.all_marks(), self._last_visit
        read = new = 0
        for piece in pieces(ids, stop):
            read += sum(marks[paper_id].read for paper_id in piece if paper_id in marks)
            rows = (self.row(paper_id) for paper_id in piece if since)
            new += sum(since is not None and row is not None and (row.added or "") > since for row in rows)
        return Tally(len(ids), len(ids) - read, new)

    def matching_entries(self, query: str) -> list[Entry]:
        """What a query finds, with the facts; for a thread."""
        ids = self.index.find(parse(query), context=self.context())
        return [Entry(paper, self.marks(paper.id)) for paper in self.papers(ids)]


def _in_slices(papers: Sequence[Paper], take: Callable[[Sequence[Paper]], None], stop: Stop = _never) -> None:
    """Have many papers indexed in a thread, which leaves as much time as it takes: the thread that draws goes first."""
    for start in range(0, len(papers), _SLICE):
        if stop():
            return
        began = perf_counter()
        take(papers[start : start + _SLICE])
        sleep(perf_counter() - began)
