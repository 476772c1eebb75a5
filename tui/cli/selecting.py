"""Which papers a command is about: those that a query matches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from time import monotonic

from paperdeck.storage.errors import StoreError
from paperdeck.storage.fetch.full_text import StoredTexts, text_folder
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import NO_MARKS, Entry
from paperdeck.storage.search.context import Context
from paperdeck.storage.search.query import Query, parse
from paperdeck.storage.settings.remembered import last_visit

_TOLD_AFTER_SECONDS = 2.0
_PIECE = 500


def select(library: Library, query: str, limit: int | None) -> list[Entry]:
    """The entries that a query matches, in its order (newest first if it names none).

    Args:
        library: Where to look.
        query: A query; empty means all papers that are not hidden.
        limit: The most entries to return; None for all.

    Raises:
        QueryError: the query can't be understood.
    """
    parsed = parse(query)
    if not library.months():
        return []
    rules = library.rules()
    context = Context(
        today=datetime.now(UTC).date(),
        last_visit=last_visit(library.places.state / "visit.json"),
        muted=rules.muted_queries(),
        followed=rules.followed_queries(),
        fulltexts=StoredTexts(text_folder(library.places)).ids(),
    )
    try:
        library.indexing.catch_up(progress=_Teller().tell)
        found = library.indexing.index.find(parsed, context=context, limit=limit)
        return _entries(library, found)
    except StoreError:  # the folder of the index can't be written, say; an answer without it takes longer
        return _without_index(library, parsed, context, limit)


def _entries(library: Library, ids: Sequence[str]) -> list[Entry]:
    marks = library.all_marks()
    entries: list[Entry] = []
    for start in range(0, len(ids), _PIECE):
        papers = library.papers(ids[start : start + _PIECE]).values()
        entries += [Entry(paper, marks.get(paper.id, NO_MARKS)) for paper in papers]
    return entries


def _without_index(library: Library, query: Query, context: Context, limit: int | None) -> list[Entry]:
    from paperdeck.storage.search.plain import select as matching

    marks = library.all_marks()
    papers = (paper for month in library.months() for paper in library.month(month))
    entries = [Entry(paper, marks.get(paper.id, NO_MARKS)) for paper in papers]
    return matching(entries, query.visible(), context, limit=limit)


class _Teller:
    """Says what takes so long, when a library is searched for the first time."""

    def __init__(self) -> None:
        self._began = monotonic()
        self._told = ""

    def tell(self, month: str) -> None:
        """Say which month is read, unless it is quick."""
        if monotonic() - self._began > _TOLD_AFTER_SECONDS and month != self._told:
            from .common import tell

            tell(f"Indexing the papers of {month}; this is done once.")
            self._told = month
