"""Reading a paper itself: its full text, and what is said about it on the Hub."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import work

from paperdeck.storage.errors import ActionFailed, NotFound, PaperdeckError
from paperdeck.storage.text.clean import clean_line
from paperdeck.storage.text.tex import to_unicode

from . import browser as opening
from .layout import Layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from paperdeck.storage.fetch.fetcher import Fetcher
    from paperdeck.storage.fetch.hub.parser import Comment, Details
    from paperdeck.storage.paper import Paper
    from paperdeck.tui.reading.markdown import Block
    from paperdeck.tui.reading.screen import ReadingScreen
    from paperdeck.tui.reading.text_view import LinkChosen


class ReadingActions(Layout):
    """The actions that fetch something to read, for the paper under the cursor."""

    def __init__(self) -> None:
        super().__init__()
        self._reading: ReadingScreen | None = None

    def say(self, message: str, *, severe: bool = False) -> None:
        """Tell the reader something on the bottom line of whatever is shown."""
        if self._reading and self._reading.is_attached:
            self._reading.footline.say(message, severe=severe)
        else:
            super().say(message, severe=severe)

    async def _fetcher(self) -> Fetcher:
        if self.background is None:  # before the first frame
            raise ActionFailed("paperdeck is just starting; try again.")
        return await self.background.fetcher()

    # Full text

    def action_full_text(self) -> None:
        entry = self.current_entry()
        if entry:
            self._read_text(entry.paper)

    @work(exclusive=True, group="reading")
    async def _read_text(self, paper: Paper) -> None:
        from paperdeck.tui.reading.markdown import read_markdown

        with self.telling_errors():
            text = await self._text_of(paper)
            blocks = await asyncio.to_thread(read_markdown, text, self.symbols)
            self._open_reading(paper, paper.title, blocks, remembered=True)

    async def _text_of(self, paper: Paper) -> str:
        """The text that is kept, else a new one from the network."""
        from paperdeck.storage.fetch.full_text import stored_text, text_folder

        kept = await asyncio.to_thread(stored_text, text_folder(self.places), paper.id)
        if kept:
            return kept
        self.say(f"Fetching the text … {self.key_of('back')} stops.")
        text = await (await self._fetcher()).full_text(paper.id, awaited=True)
        self.refresh_views()
        return text

    def _open_reading(self, paper: Paper, title: str, blocks: Sequence[Block], *, remembered: bool) -> None:
        """Show a text, unless the reader has turned to something else while it was fetched."""
        from paperdeck.tui.model.positions import Positions
        from paperdeck.tui.reading.screen import ReadingScreen

        shown = clean_line(to_unicode(title))
        if self.screen is not self.main_screen or self.papers.current != paper.id:
            self.say(f"“{shown}” is here; go back to it to read it.")
            return
        self.footline.clear()
        positions = Positions(self.places.state / "positions.json") if remembered else None
        self._reading = ReadingScreen(paper.id, shown, blocks, positions=positions, symbols=self.symbols)
        self.push_screen(self._reading)
        if remembered and not self.session.marks(paper.id).read:
            self.mark(lambda: self.session.mark([paper.id], "read", read=True))

    def on_link_chosen(self, event: LinkChosen) -> None:
        """Open a link of the text; where there is no browser, show it and copy it."""
        try:
            opening.open_link(event.address)
        except PaperdeckError:
            self.copy_text(event.address, event.address)
        else:
            self.say(f"Opened {event.address}")

    def on_reading_screen_starred(self, event: ReadingScreen.Starred) -> None:
        with self.telling_errors():
            step = self.session.toggle([event.paper_id], "starred", ("star", "unstar"))
            self.show_marks(step.ids)
            self.say("Starred." if self.session.marks(event.paper_id).starred else "Not starred any more.")

    # Discussion

    def action_discussion(self) -> None:
        entry = self.current_entry()
        if entry:
            self._discuss(entry.paper)

    @work(exclusive=True, group="reading")
    async def _discuss(self, paper: Paper) -> None:
        from paperdeck.tui.reading.discussion import discussion_blocks

        with self.telling_errors():
            self.say(f"Asking the Hub … {self.key_of('back')} stops.")
            details, comments = await self._ask_about(paper)
            await asyncio.to_thread(self.session.arrived, [paper.id])
            blocks = await asyncio.to_thread(discussion_blocks, details, comments, self.symbols)
            self._open_reading(paper, f"On the Hub: {paper.title}", blocks, remembered=False)
            self.library_changed([paper.id])

    async def _ask_about(self, paper: Paper) -> tuple[Details, list[Comment]]:
        """What the Hub knows about a paper."""
        fetcher = await self._fetcher()
        try:
            details, comments = await asyncio.gather(fetcher.paper(paper.id), fetcher.comments(paper.id))
        except NotFound as error:
            raise NotFound("The Hub does not know this paper, so nothing is said about it there.") from error
        return details, comments
