"""Reading a paper itself: its full text, its PDF, and what is said about it on the Hub."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work

from storage.errors import ActionFailed, InvalidInput, NotFound, PaperdeckError
from storage.identifiers import file_stem
from storage.tex import to_unicode
from storage.text import clean_line

from . import opening
from .layout import Layout
from .symbols import Symbols

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.fetch.fetcher import Fetcher
    from storage.fetch.huggingface import Comment, Details
    from storage.paper import Paper

    from .manuscript import Block
    from .reading import ReadingScreen

_UNSAFE = re.compile(r'[<>:"/\\|?*]+')
_LONGEST_NAME = 150
_BAR = 20


class ReadingActions(Layout):
    """The actions that fetch something to read, for the paper under the cursor."""

    def __init__(self) -> None:
        super().__init__()
        self._reading: ReadingScreen | None = None
        self._downloading: set[str] = set()

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
        from .manuscript import read_markdown

        with self.telling_errors():
            text = await self._text_of(paper)
            blocks = await asyncio.to_thread(read_markdown, text, self.symbols)
            self._open_reading(paper, paper.title, blocks, remembered=True)

    async def _text_of(self, paper: Paper) -> str:
        """The text that is kept, else a new one from the network."""
        from storage.fetch.stored import stored_text, text_folder

        kept = await asyncio.to_thread(stored_text, text_folder(self.places), paper.id)
        if kept:
            return kept
        self.say("Fetching the full text …")
        text = await (await self._fetcher()).full_text(paper.id)
        self.refresh_views()
        return text

    def _open_reading(self, paper: Paper, title: str, blocks: Sequence[Block], *, remembered: bool) -> None:
        """Show a text, unless the reader has turned to something else while it was fetched."""
        from .positions import Positions
        from .reading import ReadingScreen

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

    def on_reading_screen_link_chosen(self, event: ReadingScreen.LinkChosen) -> None:
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

    # PDF

    def action_download_pdf(self) -> None:
        entry = self.current_entry()
        if entry is None:
            return
        if entry.paper.id in self._downloading:
            self.say("This PDF is being downloaded already.")
        else:
            self._download(entry.paper)

    @work(group="pdf")
    async def _download(self, paper: Paper) -> None:
        def told(done: int, total: int | None) -> None:
            self.say(f"PDF {progress_words(done, total, self.symbols)}  {title}")

        title = clean_line(to_unicode(paper.title))
        self._downloading.add(paper.id)
        try:
            with self.telling_errors():
                folder = download_folder(self.session.settings.files.downloads)
                self.say(f"Asking for the PDF of “{title}” …")
                file = await (await self._fetcher()).pdf(paper.id, folder, told, name=pdf_name(paper))
                self._show_file(file)
        finally:
            self._downloading.discard(paper.id)

    def _show_file(self, file: Path) -> None:
        try:
            opening.open_file(file)
        except ActionFailed as error:
            self.say(f"Saved in {short_path(file.parent)}: {file.name} · {error}")
        else:
            self.say(f"Opened from {short_path(file.parent)}: {file.name}")

    # Discussion

    def action_discussion(self) -> None:
        entry = self.current_entry()
        if entry:
            self._discuss(entry.paper)

    @work(exclusive=True, group="reading")
    async def _discuss(self, paper: Paper) -> None:
        from .discussion import discussion_blocks

        with self.telling_errors():
            self.say("Asking the Hub what is said about it …")
            details, comments = await self._ask_about(paper)
            await asyncio.to_thread(self.session.arrived, [paper.id])
            blocks = await asyncio.to_thread(discussion_blocks, details, comments, self.symbols)
            self._open_reading(paper, f"Around: {paper.title}", blocks, remembered=False)
            self.library_changed([paper.id])

    async def _ask_about(self, paper: Paper) -> tuple[Details, list[Comment]]:
        """What the Hub knows about a paper."""
        fetcher = await self._fetcher()
        try:
            details, comments = await asyncio.gather(fetcher.paper(paper.id), fetcher.comments(paper.id))
        except NotFound as error:
            raise NotFound("The Hub does not know this paper, so nothing is said about it there.") from error
        return details, comments


def download_folder(setting: str) -> Path:
    """The folder for PDFs.

    Raises:
        InvalidInput: the setting names a home that does not exist.
    """
    try:
        return Path(setting).expanduser()
    except RuntimeError as error:
        raise InvalidInput(f"The folder “{setting}” (files.downloads in the settings) can't be found.") from error


def pdf_name(paper: Paper) -> str:
    """A file name that tells the paper, allowed on every system: `2611.00012 Attention for the Impatient`."""
    title = " ".join(_UNSAFE.sub(" ", clean_line(to_unicode(paper.title))).split())
    name = f"{file_stem(paper.id)} {title}".encode()[:_LONGEST_NAME].decode(errors="ignore")
    return name.strip(" .")


def progress_words(done: int, total: int | None, symbols: Symbols) -> str:
    """How far a download is: a bar, and the megabytes."""
    so_far = f"{done / 1e6:.1f} MB"
    if not total:
        return so_far
    filled = min(_BAR, round(_BAR * done / total))
    return f"{symbols.complete * filled}{symbols.dot * (_BAR - filled)} {so_far} of {total / 1e6:.1f} MB"


def short_path(path: Path) -> str:
    """The path with `~` for the home, as people write it."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)
