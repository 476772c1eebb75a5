"""Chooses the best missed papers for a given number of minutes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from paperdeck.storage.paper import Paper
    from paperdeck.storage.taste.catch_up import Listed, Pick

    from .library import Library

MAX_MISSED: Final = 3_000
"""Papers to compare, the newest; this many take about two seconds."""

_BATCH_PAPERS: Final = 500


def best_of(library: Library, ids: Sequence[str], minutes: float) -> list[Pick]:
    """The papers worth the given minutes, best first, each with its reason, and no two alike. Call in a thread.

    Args:
        library: The library; nothing is fetched.
        ids: The missed papers; only the first MAX_MISSED are compared.
        minutes: The time for reading.

    Raises:
        StoreError: the index can't be used.
    """
    from paperdeck.storage.taste.catch_up import Missed, catch_up, standings

    from .taste import facts_of

    taste = library.taste
    profile = taste.current().profile
    papers = list(_papers(library, ids[:MAX_MISSED]))
    standing_of = standings(_listed(library, papers))
    missed = [Missed(facts_of(paper), taste.terms(paper), standing_of.get(paper.id)) for paper in papers]
    with taste.ranked() as (corpus, _):
        return catch_up(missed, minutes, corpus, profile)


def _papers(library: Library, ids: Sequence[str]) -> Iterator[Paper]:
    for start in range(0, len(ids), _BATCH_PAPERS):
        yield from library.papers(ids[start : start + _BATCH_PAPERS]).values()


def _listed(library: Library, papers: Sequence[Paper]) -> Iterator[Listed]:
    """All papers with upvotes from the same days, read or not."""
    from paperdeck.storage.taste.catch_up import Listed

    days = {paper.day for paper in papers if paper.day}
    for paper_id, day, upvotes in library.indexing.index.upvotes_of(days):
        yield Listed(paper_id, day.isoformat(), upvotes)
