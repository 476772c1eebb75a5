"""Downloading PDFs: where to, under which name, how far they are, and opening them."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work

from paperdeck.storage.errors import ActionFailed, InvalidInput
from paperdeck.storage.identifiers import file_stem
from paperdeck.storage.text.clean import clean_line
from paperdeck.storage.text.tex import to_unicode

from . import browser as opening
from .reading_actions import ReadingActions

if TYPE_CHECKING:
    from paperdeck.storage.paper import Paper
    from paperdeck.tui.look.symbols import Symbols

_UNSAFE = re.compile(r'[<>:"/\\|?*]+')
_LONGEST_NAME = 150
_BAR = 10

Amount = tuple[int, int | None]
"""Bytes that are there, and of how many; None: that is not known."""


class Downloading(ReadingActions):
    """The action that downloads the PDF of the paper under the cursor."""

    def __init__(self) -> None:
        super().__init__()
        self._downloads: dict[str, Amount] = {}

    def action_download_pdf(self) -> None:
        entry = self.current_entry()
        if entry is None:
            return
        if entry.paper.id in self._downloads:
            self.say(f"This PDF is being downloaded already; {self.key_of('stop-fetching')} stops it.")
        else:
            self._download(entry.paper)

    @work(group="pdf")
    async def _download(self, paper: Paper) -> None:
        title = clean_line(to_unicode(paper.title))
        self._note_download(paper.id, 0, None)
        self.say(f"Downloading the PDF; {self.key_of('stop-fetching')} stops: {title}")
        try:
            with self.telling_errors():
                folder = download_folder(self.session.settings.files.downloads)
                fetcher = await self._fetcher()
                file = await fetcher.pdf(
                    paper.id, folder, lambda *now: self._note_download(paper.id, *now), name=pdf_name(paper)
                )
                self._show_file(file)
        finally:
            del self._downloads[paper.id]
            self._show_downloads()

    def _note_download(self, paper_id: str, done: int, total: int | None) -> None:
        self._downloads[paper_id] = done, total
        self._show_downloads()

    def _show_downloads(self) -> None:
        """Say on the top line how far the downloads are."""
        self.headline.ongoing = downloads_in_words(list(self._downloads.values()), self.symbols)

    def _show_file(self, file: Path) -> None:
        try:
            opening.open_file(file)
        except ActionFailed as error:
            self.say(f"Saved in {short_path(file.parent)}: {file.name} · {error}")
        else:
            self.say(f"Opened from {short_path(file.parent)}: {file.name}")


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


def downloads_in_words(downloads: Collection[Amount], symbols: Symbols) -> str:
    """How far some downloads are together: the megabytes, and a bar if their size is known; empty if there is none."""
    if not downloads:
        return ""
    name = "PDF" if len(downloads) == 1 else f"{len(downloads)} PDFs"
    done = sum(came for came, _ in downloads)
    totals = [total for _, total in downloads if total]
    if len(totals) < len(downloads):
        return f"{name}: {done / 1e6:.1f} MB" if done else f"{name} asked for"
    filled = min(_BAR, round(_BAR * done / sum(totals)))
    bar = symbols.complete * filled + symbols.dot * (_BAR - filled)
    return f"{name}: {done / 1e6:.1f} of {sum(totals) / 1e6:.1f} MB  {bar}"


def short_path(path: Path) -> str:
    """The path with `~` for the home, as people write it."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)
