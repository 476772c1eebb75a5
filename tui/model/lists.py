"""Lists that a key makes: results of a search, a digest, missed papers to catch up on, related papers, topics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from paperdeck.storage.paper import Entry, Paper
from paperdeck.storage.search.plain import accepts
from paperdeck.storage.search.query import field_query, parse
from paperdeck.storage.settings.rules import FOLLOW_FIELDS
from paperdeck.storage.text.tex import to_unicode
from paperdeck.storage.text.words import list_in_words, short_title

from .finder import Wanted
from .views import ALL, DIGEST, RESULTS, Fold, Made, View

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Library
    from paperdeck.storage.taste.topics import Topic

    from .deeds import Markings
    from .finder import Finder
    from .papers import Papers
    from .rules import Rulebook

BUDGETS: Final = (5, 15, 30)
"""Minutes to choose from for catching up."""
VIEW_KEY: Final = "catch-up"
"""The key of the view with the papers offered for catching up."""
MAX_ALIKE_PAPERS: Final = 30
MAX_PAPERS_BY_THE_SAME: Final = 20
MAX_PAPERS: Final = 300
"""The largest list that can be folded; it takes about 0.6 s."""
_SHOWN_NAMES: Final = 3
_SHOWN_TITLES: Final = 4
_SINCE_LAST_VISIT: Final = "is:unread is:new"
_LATELY: Final = "is:unread since:14d"
_NOTHING_FOUND: Final = "The Hub found nothing. Type other words with {filter}, then search again with {search-hub}."
_NOTHING_MISSED: Final = (
    "Nothing was missed: everything from the last two weeks is read. {refresh} looks for new papers."
)
_NOTHING_RELATED: Final = (
    "Nothing in the library is like this paper, and nothing else is by two of its authors. {fetch-history} fetches "
    "more papers to compare it with."
)
_NOTHING_TO_FOLD: Final = "There is nothing to fold. {fold} shows the list as it was."


def _made(key: str, title: str, ids: Sequence[str], **more: Any) -> View:
    """A view that a key made of some papers: in their order, without a row in the pane; `more` are fields of `View`."""
    return View(key, title, within=lambda: ids, fixed=True, aside=True, **more)


def search_results(query: str, ids: Sequence[str]) -> Made:
    """What the Hub found for some words, as a view."""
    return Made(View(RESULTS, f"Search: {query}", empty=_NOTHING_FOUND, within=lambda: ids), query)


def listed_digest(
    period: str, title: str, ids: Sequence[str], preface: tuple[str, ...] = (), *, is_complete: bool
) -> Made:
    """A digest as a view.

    Args:
        period: `day`, `week` or `month`.
        title: Its title.
        ids: Its papers, the best first.
        preface: Its sentences before them, one per line.
        is_complete: Whether all its days were fetched.
    """
    why = "No papers match in this period" if is_complete else "This period has not been fetched yet"
    more = "" if is_complete else "{fetch-history} fetches them · "
    empty = f"{why}. {more}{{digest}} shows other periods."
    return Made(View(DIGEST, title, empty=empty, within=lambda: ids, preface=preface, fixed=True), period)


class CatchUp:
    """The offered papers, and the rest to be marked read."""

    def __init__(self, library: Library, finder: Finder, marks: Markings) -> None:
        """Nothing is offered yet."""
        self._library, self._finder, self._marks = library, finder, marks
        self._missed: Sequence[str] = ()
        self.offered: tuple[str, ...] = ()
        """The offered papers, best first; empty when not catching up."""

    def missed(self) -> Sequence[str]:
        """The unread papers since the last visit, else of the last two weeks. Call in a thread."""
        for query in (_SINCE_LAST_VISIT, _LATELY):
            if found := self._finder.find(Wanted(ALL, parse(query))):
                return found
        return ()

    def offer(self, missed: Sequence[str], minutes: int) -> View:
        """The best missed papers, as a view. Call in a thread.

        Raises:
            StoreError: the index can't be used.
        """
        picks = self._library.taste.best_missed(missed, minutes)
        captions = {pick.id: pick.reason for pick in picks if pick.reason}
        self._missed = missed
        self.offered = offered = tuple(pick.id for pick in picks)
        return _made(VIEW_KEY, f"{minutes} minutes", offered, empty=_NOTHING_MISSED, captions=captions, everything=True)

    @property
    def is_done(self) -> bool:
        """Whether all offered papers are read or hidden."""
        marks = map(self._marks.of, self.offered)
        return bool(self.offered) and all(mark.read or mark.hidden for mark in marks)

    def finish(self) -> list[str]:
        """Stop offering. Returns the other missed papers that are still unread."""
        offered = set(self.offered)
        rest = [i for i in self._missed if i not in offered and not self._marks.of(i).read]
        self._missed, self.offered = (), ()
        return rest


def related_view(library: Library, paper: Paper, name: str) -> View:
    """The view of the papers of the library related to one, best first; `name` is short. Call in a thread.

    Raises:
        StoreError: the index can't be used.
    """
    alike = [match.id for match in library.taste.related(paper, MAX_ALIKE_PAPERS)]
    people = library.taste.same_people(paper, MAX_PAPERS_BY_THE_SAME)
    ids = tuple(dict.fromkeys([*alike, *(match.id for match in people)]))
    captions = {match.id: f"also by {list_in_words(match.authors[:_SHOWN_NAMES])}" for match in people}
    return _made(f"related {paper.id}", f"Like {name}", ids, empty=_NOTHING_RELATED, captions=captions)


class Topics:
    """Folds and unfolds a list."""

    def __init__(self, library: Library, papers: Papers, rules: Rulebook, finder: Finder) -> None:
        self._library, self._papers, self._rules, self._finder = library, papers, rules, finder
        self.folded: View | None = None
        """The list in topics."""

    def fold(self, view: View, ids: Sequence[str], text: str = "") -> View:
        """The papers of a view, MAX_PAPERS at most, in topics. Call in a thread.

        Args:
            view: The view.
            ids: Its papers that match the filter.
            text: The filter.

        Raises:
            StoreError: the index can't be used.
        """
        papers = self._papers.facts(ids)
        named = {paper.id: _name(paper) for paper in papers}
        folds = {topic.ids[0]: Fold(topic.name, topic.ids) for topic in self._topics(papers)}
        captions = {lead: " · ".join(named[i] for i in fold.ids[:_SHOWN_TITLES]) for lead, fold in folds.items()}
        leads = tuple(folds)
        self.folded = _made(
            f"topics {view.key}",
            f"{view.title} in topics",
            leads,
            empty=_NOTHING_TO_FOLD,
            captions=captions,
            folds=folds,
            remark=f"of “{text}”" if text else "",
        )
        return self.folded

    def _topics(self, papers: Sequence[Paper]) -> list[Topic]:
        from paperdeck.storage.taste.topics import DayPaper, group_by_topic

        taste = self._library.taste
        of_day = [DayPaper(paper.id, to_unicode(paper.title), taste.terms(paper)) for paper in papers]
        interests, follows = self._rules.rules.interests, dict(self._followed(papers))
        with taste.ranked() as (corpus, _):
            return group_by_topic(of_day, corpus, interests=interests, follows=follows)

    def _followed(self, papers: Sequence[Paper]) -> Iterator[tuple[str, set[str]]]:
        """The papers of each follow rule."""
        rules, context = self._rules.rules, self._finder.context()
        for kind, field in FOLLOW_FIELDS.items():
            for name in getattr(rules, kind):
                node = field_query(field, name).node
                yield name, {paper.id for paper in papers if accepts(node, Entry(paper), context)}

    def opened(self, lead: str) -> View | None:
        """The papers of one topic, by the first of them; None if there is no such topic."""
        fold = self.folded.folds.get(lead) if self.folded else None
        if fold is None:
            return None
        return _made(f"topic {fold.name}", fold.name, fold.ids)


def _name(paper: Paper) -> str:
    return short_title(to_unicode(paper.title))
