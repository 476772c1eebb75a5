"""Opening long texts of a paper on the reading screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from textual.app import App

    from paperdeck.storage.fetch.hub.parser import Comment, Details
    from paperdeck.storage.paper import Paper
    from paperdeck.tui.keys import Action
    from paperdeck.tui.look.symbols import Symbols
    from paperdeck.tui.model.positions import Positions
    from paperdeck.tui.model.session import Session
    from paperdeck.tui.panes.footline import Hint
    from paperdeck.tui.reading.markdown import Block


class Front(Protocol):
    """The part of the context that texts use."""

    session: Session
    symbols: Symbols
    say: Callable[..., None]
    clear: Callable[[], None]
    own_actions: Sequence[Action]

    def stop_waiting(self) -> bool:
        """Stop the work that the reader is waiting for; False if there is none."""

    def current(self) -> str | None:
        """The current paper of the front screen."""


class Texts:
    """Opens the full text and the discussion."""

    def __init__(self, app: App[None], context: Front, hints: Callable[[str], tuple[Hint, ...]]) -> None:
        self._app, self._context, self._hints = app, context, hints

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
        from paperdeck.tui.keys.own import READING, bind_own
        from paperdeck.tui.reading.screen import ReadingScreen

        context = self._context
        shown = clean_line(to_unicode(title))
        if not hasattr(self._app.screen, "current_papers") or context.current() != paper.id:
            context.say(f"“{shown}” has arrived; go back to it to read it.")
            return False
        context.clear()
        hints, symbols = self._hints("reading"), context.symbols
        screen = ReadingScreen(
            paper.id,
            shown,
            blocks,
            positions=positions,
            symbols=symbols,
            hints=hints,
            stop_waiting=context.stop_waiting,
        )
        bind_own(screen, READING, context.own_actions)
        self._app.push_screen(screen)
        return True
