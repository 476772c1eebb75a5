"""Folds a list into topics: each row stands for its papers, so that a mark on it marks all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from paperdeck.storage.paper import Entry, Paper
from paperdeck.storage.search.plain import accepts
from paperdeck.storage.search.query import field_query
from paperdeck.storage.settings.rules import FOLLOW_FIELDS

from ..views import Fold, View

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Library
    from paperdeck.storage.taste.topics import Topic

    from ..finder import Finder
    from ..papers import Papers
    from ..rules import Rulebook

MAX_PAPERS: Final = 300
"""The largest list that can be folded; it takes about 0.6 s."""

_SHOWN_TITLES: Final = 4
_EMPTY = "There is nothing to fold. {fold} shows the list as it was."


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
        self.folded = View(
            f"topics {view.key}",
            f"{view.title} in topics",
            empty=_EMPTY,
            within=lambda: leads,
            captions=captions,
            folds=folds,
            remark=f"of “{text}”" if text else "",
            fixed=True,
            aside=True,
        )
        return self.folded

    def _topics(self, papers: Sequence[Paper]) -> list[Topic]:
        from paperdeck.storage.taste.topics import DayPaper, group_by_topic

        taste = self._library.taste
        of_day = [DayPaper(paper.id, _readable(paper.title), taste.terms(paper)) for paper in papers]
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
        return View(f"topic {fold.name}", fold.name, within=lambda: fold.ids, fixed=True, aside=True)


def _readable(title: str) -> str:
    from paperdeck.storage.text.tex import to_unicode

    return to_unicode(title)


def _name(paper: Paper) -> str:
    from paperdeck.storage.text.words import short_title

    return short_title(_readable(paper.title))
