"""Opening long texts of a paper on the reading screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

    from paperdeck.storage.fetch.hub.parser import Comment, Details
    from paperdeck.storage.paper import Paper
    from paperdeck.tui.actions.context import Context
    from paperdeck.tui.keys import Action
    from paperdeck.tui.model.positions import Positions
    from paperdeck.tui.panes.footline import Hint
    from paperdeck.tui.reading.markdown import Block


class Texts:
    """Opens the full text and the discussion."""

    def __init__(
        self, app: App[None], context: Context, hints: Callable[[str], tuple[Hint, ...]], own: Sequence[Action]
    ) -> None:
        self._app, self._context, self._hints, self._own = app, context, hints, own

    async def show_full_text(self, paper: Paper, text: str) -> bool:
        """Show the full text of a paper, in Markdown. Returns False if the reader has moved on."""
        from paperdeck.tui.model.positions import Positions
        from paperdeck.tui.reading.markdown import read_markdown

        blocks = await asyncio.to_thread(read_markdown, text, self._context.symbols)
        positions = Positions(self._context.session.places.state / "positions.json")
        return self._open(paper, paper.title, blocks, positions)

    async def show_discussion(self, paper: Paper, details: Details, comments: Sequence[Comment]) -> bool:
        """Show the Hub's discussion of a paper. Returns False if the reader has moved on."""
        from paperdeck.tui.reading.discussion import discussion_blocks

        blocks = await asyncio.to_thread(discussion_blocks, details, comments, self._context.symbols)
        return self._open(paper, f"On the Hub: {paper.title}", blocks, None)

    def _open(self, paper: Paper, title: str, blocks: Sequence[Block], positions: Positions | None) -> bool:
        from paperdeck.storage.text.clean import clean_line
        from paperdeck.storage.text.tex import to_unicode
        from paperdeck.tui.keys.own import bind_own
        from paperdeck.tui.reading.screen import ReadingScreen

        context = self._context
        shown = clean_line(to_unicode(title))
        if not hasattr(self._app.screen, "current_papers") or context.current() != paper.id:
            context.say(f"“{shown}” has arrived; go back to it to read it.")
            return False
        context.clear()
        screen = ReadingScreen(
            paper.id,
            shown,
            blocks,
            positions=positions,
            symbols=context.symbols,
            hints=self._hints("reading"),
            stop_waiting=partial(context.stop_fetching, everything=False),
        )
        bind_own(screen, "reading", self._own)
        self._app.push_screen(screen)
        return True
