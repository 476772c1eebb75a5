"""The command palette: every action with its key, every view, every theme, and papers by their titles."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import on, work
from textual.widgets import Input

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.search.query import parse
from paperdeck.storage.search.tree import Query, conjunction

from .picker import Choice, Picker

if TYPE_CHECKING:
    from paperdeck.tui.model.session import Session

_MOST = 15
_LEAST = 2  # letters that are worth to look for in titles


class Palette(Picker):
    """A picker that also offers the papers whose titles have the typed words."""

    def __init__(self, choices: Sequence[Choice], find: Callable[[str], list[Choice]]) -> None:
        """A palette.

        Args:
            choices: What there is besides papers.
            find: Gives papers for what was typed; called in a thread.
        """
        super().__init__("Find and run", choices, hint="an action, a view, a theme, words of a title")
        self._find = find
        self._papers: tuple[str, list[Choice]] = "", []  # what was typed, and what was found for it

    @on(Input.Changed)
    def _look_for_papers(self, event: Input.Changed) -> None:
        if len(event.value.strip()) >= _LEAST:
            self._add_papers(event.value)

    @work(exclusive=True)
    async def _add_papers(self, typed: str) -> None:
        self._papers = typed, await asyncio.to_thread(self._find, typed)
        self._show(typed)

    def _found(self, typed: str) -> list[Choice]:
        """The choices that have all typed words, and behind them papers."""
        asked, papers = self._papers
        return super()._found(typed) + (papers if typed == asked else [])


def papers_titled(session: Session, typed: str) -> list[Choice]:
    """The papers whose titles have the typed words, newest first; for a thread."""
    try:
        ids = session.finder.find_titles(_in_titles(typed), _MOST)
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
