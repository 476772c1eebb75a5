"""Finds and counts papers: views, filters and orders become queries to the index. Call what reads it in a thread."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from paperdeck.storage.errors import StoreError
from paperdeck.storage.fetch.full_text import StoredTexts, text_folder
from paperdeck.storage.library.journal.rule_changes import muted_in_words
from paperdeck.storage.search.found import Found, Tally
from paperdeck.storage.search.plain import accepts, select
from paperdeck.storage.search.query import Query, QueryError, parse
from paperdeck.storage.search.rank import BY_DATE, SORT_KEYS, Sort
from paperdeck.storage.search.tree import And, Node, Or, QueryContext, conjunction

from .views import SAVED, View

if TYPE_CHECKING:
    from paperdeck.storage.library.queue import Visits
    from paperdeck.storage.paper import Paper
    from paperdeck.storage.search.database import Stop
    from paperdeck.storage.search.index import Facets
    from paperdeck.storage.settings.places import Places

    from .days import Days
    from .papers import Papers
    from .rules import Rulebook

FIRST_PAGE_PAPERS = 60
"""Papers in the first page, which is shown before the rest is found."""
ORDER_NAMES = {
    "date": "day, newest first",
    "upvotes": "upvotes",
    "rising": "recent upvotes, compared with papers of the same day",
    "stars": "stars of the code",
    "comments": "comments",
    "foryou": "your taste, learned from your stars and interests",
}
"""The name of each order, by its key in the query language."""
_FOLLOWING = "is:following"
_MUTED = "is:muted"
_NEW = "is:new"
_UNREAD = "is:unread"
_BATCH_PAPERS = 500

understood = lru_cache(maxsize=200)(parse)
"""The query in a text; cached, so that views, facets and rules are parsed once."""


class Wanted(NamedTuple):
    """What a list should show: a view, a filter, an order."""

    view: View
    filter: Query
    sort: Sort = BY_DATE
    """The chosen order; by date means the order of the view."""

    @property
    def order(self) -> Sort | None:
        """The order of the list, unless the filter has one; None: that of the view's papers, or else by date."""
        return self.view.sort if self.view.fixed or self.sort == BY_DATE else self.sort


def _narrowed(view: View, query: str) -> View:
    return view._replace(query=str(understood(view.query) & understood(query)))


class Finder:
    """Finds and counts papers, considering the reader's rules and last visit."""

    def __init__(self, papers: Papers, rules: Rulebook, days: Days, places: Places, visits: Visits) -> None:
        self._papers, self._rules, self._days = papers, rules, days
        self._texts = StoredTexts(text_folder(places))
        self._visits = visits
        self.forget()

    def context(self) -> QueryContext:
        """The context of a query."""
        return QueryContext(
            today=self._days.today,
            last_visit=self._visits.since,
            muted=self._rules.muted,
            followed=self._rules.followed,
            fulltexts=self._texts.ids(),
        )

    def find(self, wanted: Wanted, limit: int | None = None, stop: Stop | None = None) -> Sequence[str]:
        """The ids of the wanted papers, in order; only the first `limit`, of which a page is read for the list."""
        view = wanted.view
        with suppress(StoreError):  # a damaged index is rebuilt; missing papers will follow
            found = self._papers.index.find(
                understood(view.query) & wanted.filter,
                context=self.context(),
                sort=wanted.order,
                within=view.within(),
                limit=limit,
                everything=view.everything,
                stop=stop,
            )
            if limit is not None:
                self._papers.read_rows(found[:FIRST_PAGE_PAPERS])
            return found
        return []

    def find_among(self, papers: Iterable[Paper], wanted: Wanted) -> list[str]:
        """Like `find`, among a few papers that may not be indexed yet."""
        query = understood(wanted.view.query) & wanted.filter
        entries = self._papers.entries_of(list(papers))
        visible = query if wanted.view.everything else query.visible()
        return [entry.paper.id for entry in select(entries, visible, self.context(), sort=wanted.order or BY_DATE)]

    def matching(self, query: Query, limit: int | None = None) -> Sequence[str]:
        """All papers that match a query, newest first unless it says otherwise; only the first `limit`."""
        return self._papers.index.find(query, context=self.context(), limit=limit)

    # Counting

    def count(self, view: View, stop: Stop | None = None) -> int:
        """How many papers a view has."""
        with suppress(StoreError):
            return self._papers.index.count(
                understood(view.query),
                context=self.context(),
                within=view.within(),
                everything=view.everything,
                stop=stop,
            )
        return 0

    def count_unread(self, view: View, stop: Stop | None = None) -> int:
        """How many papers of a view are unread."""
        return self.count(_narrowed(view, _UNREAD), stop)

    def count_picked(self, view: View, stop: Stop | None = None) -> int:
        """How many unread papers of a view its `picks` selects."""
        unread = _narrowed(view, _UNREAD)._replace(sort=None)  # ordering by taste would learn it
        return sum(map(view.picks, self.find(Wanted(unread, Query()), stop=stop))) if view.picks else 0

    def count_muted(self, view: View, stop: Stop | None = None) -> int:
        """How many papers a view lacks because rules mute them."""
        if view.everything or not self._rules.muted or "muted" not in understood(view.query).left_out():
            return 0
        return self.count(_narrowed(view, _MUTED), stop)

    def count_new(self, view: View, stop: Stop | None = None) -> int:
        """How many papers of a saved view arrived since the last visit; 0 for other views."""
        if view.section != SAVED:
            return 0
        return self.count(_narrowed(view, _NEW), stop)

    def has_new(self) -> bool:
        """Whether anything arrived since the last visit."""
        with suppress(StoreError):
            return bool(self._papers.index.find(understood(_NEW), context=self.context(), limit=1))
        return False

    def unread_among(self, ids: Sequence[str]) -> list[str]:
        """The unread ones among some papers, in the same order. Call in a thread if there are many."""
        found: list[str] = []
        for start in range(0, len(ids), _BATCH_PAPERS):
            piece = list(ids[start : start + _BATCH_PAPERS])
            with suppress(StoreError):
                unread = self._papers.index.unread_among(piece)
                found += [paper_id for paper_id in piece if paper_id in unread]
        return found

    def next_unread(self, wanted: Wanted, ids: Sequence[str], place: int, step: int) -> int | None:
        """The index of the next (1) or previous (-1) unread paper in a list; None if there is none.

        Papers that were hidden since the list was found are passed over.
        """
        hidden = self._hidden_since(wanted)
        while 0 <= (place := place + step) < len(ids):
            end = place + step * _BATCH_PAPERS
            first, last = (place, end) if step > 0 else (max(0, end + 1), place + 1)
            piece = list(ids[first:last])
            unread = set(self.unread_among(piece)) - hidden
            places = [first + number for number, paper_id in enumerate(piece) if paper_id in unread]
            if places:
                return places[0] if step > 0 else places[-1]
            place = end - step
        return None

    def papers_of(self, wanted: Wanted, rows: Sequence[str]) -> Sequence[str]:
        """The papers of a list, folded ones included, without those that were hidden since they were found."""
        return self.without(wanted.view.papers_in(rows), self._hidden_since(wanted))

    def _hidden_since(self, wanted: Wanted) -> set[str]:
        """The hidden papers that a list would leave out if it were found again."""
        query = understood(wanted.view.query) & wanted.filter
        if wanted.view.everything or "hidden" not in query.left_out():
            return set()
        return {paper_id for paper_id, marks in self._papers.library.all_marks().items() if marks.hidden}

    def without(self, ids: Sequence[str], gone: Collection[str]) -> Sequence[str]:
        """A list without some papers."""
        if isinstance(ids, Found):
            with suppress(StoreError):
                return self._papers.index.without(ids, gone)
        return [paper_id for paper_id in ids if paper_id not in gone]

    def tally(self, ids: Sequence[str], stop: Stop | None = None) -> Tally:
        """How many of some papers there are, how many are unread, and how many are new."""
        with suppress(StoreError):
            return self._papers.index.tally(ids, self._visits.since, stop)
        return Tally(len(ids))

    def facets(self, ids: Sequence[str], stop: Stop | None = None) -> Facets:
        """The most frequent keywords and organizations of some papers."""
        from paperdeck.storage.search.index import Facets

        with suppress(StoreError):
            return self._papers.index.facets(ids, stop=stop)
        return Facets()

    # Painting

    def is_followed(self, paper_id: str) -> bool:
        """Whether a paper matches a follow rule; cached, as each row needs it when painted."""
        return bool(self._rules.followed) and self._holds(paper_id, _FOLLOWING)

    def is_muted(self, paper_id: str) -> bool:
        """Whether a paper matches a mute rule; cached, as each row needs it when painted."""
        return bool(self._rules.muted) and self._holds(paper_id, _MUTED)

    def why_muted(self, paper_id: str) -> list[str]:
        """The mute rules that match a paper, in words."""
        if not self.is_muted(paper_id):
            return []
        entries, context = self._papers.entries([paper_id]), self.context()
        matching = [query for query in self._rules.muted if any(accepts(query.node, one, context) for one in entries)]
        return [muted_in_words(str(query)) for query in matching]

    def _matches(self, paper_id: str, text: str) -> bool:
        """Whether a query about rules matches a paper."""
        node, context = understood(text).node, self.context()
        return any(accepts(node, entry, context) for entry in self._papers.entries([paper_id]))

    def forget(self) -> None:
        """Drop the cached answers for painting, as papers or rules changed."""
        self._holds = cache(self._matches)


# Conditions of a query


def has_facet(text: str, facet: str) -> bool:
    """Whether a query contains a facet's condition; False for an invalid query."""
    try:
        return understood(facet).node in _demands(understood(text).node)
    except QueryError:
        return False


def toggled(text: str, facet: str) -> str:
    """The query with a facet's condition added, or removed if it has it; nothing else changes.

    Raises:
        QueryError: the text can't be understood.
    """
    query, wanted = understood(text), understood(facet)
    demands = _demands(query.node)
    if wanted.node not in demands:
        return str(query & wanted)
    return str(Query(conjunction(*(node for node in demands if node != wanted.node)), query.sort))


def joined(text: str, more: str) -> str:
    """The text of both filters together; alternatives are put in brackets, as AND binds more tightly than OR."""
    return f"{_bracketed(text)} {_bracketed(more)}" if text and more else text or more


def _bracketed(text: str) -> str:
    try:
        query = understood(text)
    except QueryError:  # still being typed
        return text
    if not isinstance(query.node, Or):
        return text
    return " ".join([f"({Query(query.node)})", *([str(query.sort)] if query.sort else [])])


def _demands(node: Node | None) -> tuple[Node, ...]:
    """The conditions that a query joins with AND."""
    if node is None:
        return ()
    return node.children if isinstance(node, And) else (node,)


# Orders


def short_order_name(key: str) -> str:
    """The name of an order without its explanation."""
    return ORDER_NAMES[key].partition(",")[0]


def order_after(key: str) -> str:
    """The key of the next order; after the last one comes the first."""
    return SORT_KEYS[(SORT_KEYS.index(key) + 1) % len(SORT_KEYS)]


# Stopping and waiting


@contextmanager
def stopped_at_the_end() -> Iterator[Stop]:
    """Stop work in a thread when this block is left, normally or by cancellation."""
    over = False
    try:
        yield lambda: over
    finally:
        over = True


async def at_once() -> None:
    """For hooks that don't have to wait."""
