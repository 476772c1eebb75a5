"""Finding papers for the palette by words of their titles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.search.query import parse
from paperdeck.storage.search.tree import Query, conjunction
from paperdeck.tui.model.choice import Choice

if TYPE_CHECKING:
    from paperdeck.tui.model.session import Session

_MAX_PAPERS = 15


def papers_titled(session: Session, typed: str) -> list[Choice]:
    """The papers with the typed words in their titles, newest first. Call in a thread."""
    try:
        query = _in_titles(typed)
        ids = session.finder.matching(query, _MAX_PAPERS) if query else []
    except InvalidInput:
        return []
    rows = [row for row in map(session.papers.row, ids) if row]
    return [Choice(f"paper {row.id}", row.title, more=row.byline or row.id) for row in rows]


def _in_titles(text: str) -> Query:
    """A query for words in titles.

    Raises:
        QueryError: it can't be understood.
    """
    words = [word.replace('"', "") for word in text.split()]
    return Query(conjunction(*(parse(f'title:"{word}"').node for word in words if word)))
