"""Papers in the command palette: by their titles."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import Hit, Hits, Provider
from textual.content import Content

from storage.errors import InvalidInput
from storage.search.query import parse
from storage.search.tree import Query, conjunction

if TYPE_CHECKING:
    from .app import Reader

_MOST = 15


class PaperTitles(Provider):
    """Offers the papers whose titles have the words that were typed."""

    async def search(self, query: str) -> Hits:
        app = cast("Reader", self.app)
        try:
            wanted = _in_titles(query)
        except InvalidInput:
            return
        ids = await asyncio.to_thread(app.session.find_titles, wanted, _MOST)
        for place, paper_id in enumerate(ids):
            row = app.session.row(paper_id)
            if row:
                show = partial(app.show_paper, paper_id)
                yield Hit(0.5 - place / 1000, Content(row.title), show, text=row.title, help=row.byline or paper_id)


def _in_titles(text: str) -> Query:
    """A query for words in titles.

    Raises:
        QueryError: it can't be understood.
    """
    words = [word.replace('"', "") for word in text.split()]
    return Query(conjunction(*(parse(f'title:"{word}"').node for word in words if word)))
