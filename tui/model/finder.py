"""Finding and counting papers: views and filters become queries of the index. Everything here is for a thread."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from paperdeck.storage.fetch.full_text import StoredTexts, text_folder
from paperdeck.storage.search.index import Context, pieces
from paperdeck.storage.search.query import Query, parse
from paperdeck.storage.search.rank import BY_DATE, Sort

from .stopping import Stop, never
from .views import SAVED, View

if TYPE_CHECKING:
    from paperdeck.storage.search.index import Facets
    from paperdeck.storage.settings.places import Places

    from .days import Days
    from .papers import Papers
    from .rules import Rulebook

understood = lru_cache(maxsize=200)(parse)
"""The query that a text says; views and rules are parsed once."""
_FOLLOWING = "is:following"
_NEW = "is:new"


class Wanted(NamedTuple):
    """What the list is to show: a view, narrowed by a filter, in an order."""

    view: View
    filter: Query
    sort: Sort = BY_DATE
    """The order that the reader chose; by date means that of the view."""


class Tally(NamedTuple):
    """How many papers a list has."""

    papers: int = 0
    unread: int = 0
    new: int = 0


class Finder:
    """Finds and counts papers with what the reader's rules and last visit say."""

    def __init__(self, papers: Papers, rules: Rulebook, days: Days, places: Places, last_visit: str | None) -> None:
        self._papers, self._rules, self._days = papers, rules, days
        self._texts = StoredTexts(text_folder(places))
        self._last_visit = last_visit
        self._followed: dict[str, bool] = {}  # what was asked while painting

    def context(self) -> Context:
        """What a query has to know besides the papers."""
        return Context(
            today=self._days.today,
            last_visit=self._last_visit,
            muted=self._rules.muted,
            followed=self._rules.followed,
            fulltexts=self._texts.ids(),
        )

    def find(self, wanted: Wanted, limit: int | None = None, stop: Stop = never) -> Sequence[str]:
        """The ids of the papers that are wanted, in order; the first `limit` of them only."""
        view = wanted.view
        return self._papers.index.find(
            understood(view.query) & wanted.filter,
            context=self.context(),
            sort=wanted.sort if wanted.sort != BY_DATE else view.sort,
            within=view.within(),
            limit=limit,
            everything=view.everything,
            stop=stop,
        )

    def find_titles(self, query: Query, limit: int) -> Sequence[str]:
        """Papers for the palette, newest first."""
        return self._papers.index.find(query, context=self.context(), limit=limit) if query else []

    def find_all(self, query: str) -> Sequence[str]:
        """Everything that a query finds."""
        return self._papers.index.find(parse(query), context=self.context())

    # Counting

    def count(self, view: View, stop: Stop = never) -> int:
        """How many papers a view has."""
        return self._papers.index.count(
            understood(view.query),
            context=self.context(),
            within=view.within(),
            everything=view.everything,
            stop=stop,
        )

    def count_new(self, view: View, stop: Stop = never) -> int:
        """How many papers of a saved view came since the last visit; 0 for other views."""
        if view.section != SAVED:
            return 0
        query = understood(view.query) & understood(_NEW)
        return self._papers.index.count(query, context=self.context(), stop=stop)

    def still_there(self, view: View, ids: Sequence[str]) -> list[str]:
        """Those of some papers that were not hidden out of a view since they were found."""
        return [paper_id for paper_id in ids if view.everything or not self._papers.marks(paper_id).hidden]

    def tally(self, ids: Sequence[str], stop: Stop = never) -> Tally:
        """How many of some papers are unread and new."""
        marks, since = self._papers.library.all_marks(), self._last_visit
        read = new = 0
        for piece in pieces(ids, stop):
            read += sum(marks[paper_id].read for paper_id in piece if paper_id in marks)
            rows = (self._papers.row(paper_id) for paper_id in piece if since)
            new += sum(since is not None and row is not None and (row.added or "") > since for row in rows)
        return Tally(len(ids), len(ids) - read, new)

    def facets(self, ids: Sequence[str], stop: Stop = never) -> Facets:
        """The most frequent keywords and organizations of some papers."""
        return self._papers.index.facets(ids, stop=stop)

    # Painting

    def is_followed(self, paper_id: str) -> bool:
        """Whether a paper is by or about what the reader follows; cheap, as each row asks when it is painted."""
        if not self._rules.followed:
            return False
        known = self._followed.get(paper_id)
        if known is None:
            index, query = self._papers.index, understood(_FOLLOWING)
            known = self._followed[paper_id] = index.matches(paper_id, query, self.context(), everything=True)
        return known

    def forget(self) -> None:
        """Papers or rules changed: what was found out for painting may be wrong."""
        self._followed = {}
