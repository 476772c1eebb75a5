"""What one reading session knows: the library, its index, the views, and what the reader does to papers.

Nothing here draws; the app shows what the session says, and the session changes nothing on the screen. Methods that
may take longer than a frame (`load`, `find`, `count`) are called in a thread and take a `stop` to be given up early.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from storage.cache.library import Library, Step
from storage.paper import Entry, Marks, Paper
from storage.search.index import Context, Index
from storage.search.query import Query, parse
from storage.shelf import load_shelf

from .views import ALL, HIDDEN, MONTH, STARRED, UNREAD, WEEK, View

if TYPE_CHECKING:
    from storage.config import Settings
    from storage.search.index import Row

Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is to show: a view, narrowed by what stands in the filter box."""

    view: View
    filter: Query
    filter_text: str = ""


class Session:
    """The state behind the screen."""

    def __init__(self, library: Library, settings: Settings, *, today: date | None = None) -> None:
        self.library = library
        self.settings = settings
        self.index = Index()
        self.loaded = False
        """Whether the index has every paper of the library."""
        self._fixed_today = today
        self._shelf: dict[str, Paper] = {}
        self.day: date | None = None
        """The day that the day view shows; None until one is chosen."""

    # Days

    @property
    def today(self) -> date:
        """Today in UTC, as the Hub counts."""
        return self._fixed_today or datetime.now(UTC).date()

    def listed_days(self) -> list[date]:
        """The days on which Daily Papers listed anything that we know of, oldest first."""
        return sorted(day for day, record in self.library.days("hf").items() if record.ids)

    def newest_day(self) -> date | None:
        """The newest day of Daily Papers that we know of."""
        days = self.listed_days()
        return days[-1] if days else None

    def neighbour_day(self, step: int) -> date | None:
        """The listed day before (-1) or after (1) the one that is shown; days without papers are passed over."""
        days = self.listed_days()
        shown = self.day or (days[-1] if days else None)
        if shown is None:
            return None
        others = [day for day in days if (day < shown if step < 0 else day > shown)]
        return (max(others) if step < 0 else min(others)) if others else None

    def _day_ids(self) -> Sequence[str] | None:
        day = self.day or self.newest_day()
        record = self.library.day("hf", day) if day else None
        return record.ids if record else ()

    # Views

    @property
    def shelf_shown(self) -> bool:
        """Whether the starter shelf stands in for a library without papers."""
        return bool(self._shelf)

    def views(self) -> list[View]:
        """All views, in the order of the pane."""
        return [self.day_view(), WEEK, ALL, UNREAD, STARRED, MONTH, HIDDEN]

    def day_view(self) -> View:
        """The view of one day: today's list, or the day that the reader went to."""
        if self._shelf:
            return View("shelf", "Starter shelf", within=lambda: tuple(self._shelf))
        day = self.day or self.newest_day()
        key = f"day {day}" if self.day else "day"
        title = (
            "Today" if day in (None, self.today) else f"{day:%a} {day.day} {day:%b %Y}" if self.day else "Latest day"
        )
        empty = "No papers yet. Press r to fetch the papers of the last days."
        return View(key, title, within=self._day_ids, empty=empty)

    def view_of_key(self, number: int) -> View | None:
        """The view of a number key, counted from 1."""
        views = self.views()
        return views[number - 1] if 0 < number <= len(views) else None

    # Loading

    def open_first_view(self) -> list[str]:
        """Load what the first frame shows, and no more: the newest day, else the newest month, else the shelf."""
        ids = list(self._day_ids() or ())
        if not ids:
            return self._open_without_days()
        papers = self.library.papers(ids)
        self._index(papers.values())
        return list(papers)

    def _open_without_days(self) -> list[str]:
        for month in self.library.months():
            papers = [paper for paper in self.library.month(month) if set(paper.sources) - {"shelf"}]
            if papers:
                self._index(papers)
                return self.find(self.wanted(ALL, ""))
        self._shelf = {paper.id: paper for paper in load_shelf()}
        self._index(self._shelf.values())
        return list(self._shelf)

    def load(self, progress: Callable[[], None] = lambda: None, stop: Stop = lambda: False) -> None:
        """Index every paper of the library, newest month first; for a thread.

        Args:
            progress: Called after each month.
            stop: Asked between months whether to give up.
        """
        gc.disable()  # a full collection walks all the new rows, again and again, for nothing
        try:
            self.index.set_marks(self.library.all_marks())
            for month in self.library.months():
                if stop():
                    return
                self.index.add(self.library.month(month))
                progress()
            self.loaded = True
        finally:
            gc.enable()
        gc.freeze()

    def arrived(self, ids: Iterable[str]) -> None:
        """Take papers into the index that a fetch has put into the library; the shelf makes room for them."""
        papers = self.library.papers(ids)
        if papers and self._shelf:
            self._leave_shelf()
        self._index(papers.values())

    def reload(self, months: Iterable[str], marked: Iterable[str]) -> None:
        """Take over what another process or device changed."""
        for month in months:
            self.arrived([paper.id for paper in self.library.month(month)])
        self.index.set_marks({paper_id: self.library.marks(paper_id) for paper_id in marked})

    def _leave_shelf(self) -> None:
        """Real papers are here: what the shelf showed is listed no longer, but for what the reader marked."""
        self._shelf = {}
        self.index = Index()
        self.index.set_marks(self.library.all_marks())
        for month in self.library.months():
            self.index.add(self.library.month(month))

    def _index(self, papers: Iterable[Paper]) -> None:
        known = list(papers)
        self.index.set_marks({paper.id: marks for paper in known if (marks := self.library.marks(paper.id))})
        self.index.add(known)

    # Asking

    def wanted(self, view: View, filter_text: str) -> Wanted:
        """What a view and a filter ask for.

        Raises:
            QueryError: the filter text is no query.
        """
        return Wanted(view, parse(filter_text), filter_text)

    def context(self) -> Context:
        """What a query is to know besides the papers."""
        return Context(today=self.today)

    def find(self, wanted: Wanted, limit: int | None = None, stop: Stop = lambda: False) -> list[str]:
        """The papers that are wanted, in order; for a thread, unless the library is small or there is a limit."""
        query = (parse(wanted.view.query) & wanted.filter).visible()
        return self.index.find(query, context=self.context(), within=wanted.view.within(), limit=limit, stop=stop)

    def count(self, view: View, stop: Stop = lambda: False) -> int:
        """How many papers a view has, or how many are unread in the day's view; for a thread."""
        query = parse(view.query).visible()
        return self.index.count(query, context=self.context(), within=view.within(), stop=stop)

    def row(self, paper_id: str) -> Row | None:
        """What the list shows of a paper."""
        return self.index.row(paper_id) if paper_id in self.index else None

    def marks(self, paper_id: str) -> Marks:
        """The reader's marks on a paper."""
        return self.index.marks(paper_id)

    def entry(self, paper_id: str | None) -> Entry | None:
        """A paper with its marks."""
        if paper_id is None:
            return None
        paper = self.library.paper(paper_id) or self._shelf.get(paper_id)
        return Entry(paper, self.marks(paper_id)) if paper else None

    # Marking

    def mark(self, ids: Sequence[str], label: str, **changes: object) -> Step:
        """Change marks; they are on disk when this returns.

        Raises:
            StoreError: nothing was changed.
        """
        self._keep_shelf_papers(ids)
        step = self.library.mark(ids, label=label, **changes)  # type: ignore[arg-type]
        self.marks_changed(step.ids)
        return step

    def toggle(self, ids: Sequence[str], field: str, labels: tuple[str, str]) -> Step:
        """Set a mark on all papers, or take it from all if they all have it."""
        value = not all(getattr(self.marks(paper_id), field) for paper_id in ids)
        return self.mark(ids, labels[0] if value else labels[1], **{field: value})

    def undo(self) -> Step | None:
        """Take back the newest change."""
        step = self.library.undo()
        self.marks_changed(step.ids if step else ())
        return step

    def redo(self) -> Step | None:
        """Make the change again that was taken back last."""
        step = self.library.redo()
        self.marks_changed(step.ids if step else ())
        return step

    def marks_changed(self, ids: Iterable[str]) -> None:
        """Bring the index up to the library's marks on these papers."""
        self.index.set_marks({paper_id: self.library.marks(paper_id) for paper_id in ids})

    def _keep_shelf_papers(self, ids: Iterable[str]) -> None:
        """A paper of the shelf that the reader marks becomes one of the library."""
        kept = [self._shelf[paper_id] for paper_id in ids if paper_id in self._shelf]
        if kept:
            self.library.add(kept, "shelf")


def keep_in_place(shown: Sequence[str], found: Sequence[str]) -> list[str]:
    """The newly found papers, and those that are shown but no longer found, which stay behind their neighbour.

    A paper that is read in the view of unread papers must not vanish under the cursor; it goes when the view is left.
    """
    remaining = set(found)
    following: dict[str | None, list[str]] = {}
    anchor: str | None = None
    for paper_id in shown:
        if paper_id in remaining:
            anchor = paper_id
        else:
            following.setdefault(anchor, []).append(paper_id)
    if not following:
        return list(found)
    merged = following.get(None, [])[:]
    for paper_id in found:
        merged.append(paper_id)
        merged.extend(following.get(paper_id, ()))
    return merged
