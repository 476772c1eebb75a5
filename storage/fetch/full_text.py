"""Full texts: fetched from the Hub, else from arXiv, and stored in the cache folder.

The list and the search use it to tell which texts are stored, so importing it loads no network code.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from paperdeck.storage.errors import NoArxivId, NotFound, SourceError, Unreachable
from paperdeck.storage.files.disk import make_folder, text_of, write_file
from paperdeck.storage.identifiers import file_stem, is_local, is_paper_id, with_own_anchors
from paperdeck.storage.settings.settings import Places

if TYPE_CHECKING:
    from paperdeck.storage.fetch.arxiv.client import Arxiv
    from paperdeck.storage.fetch.hub.client import Hub

_TASK = "fetch the text"
_SUFFIX = ".md"
_MIN_HEADINGS, _MIN_CHARACTERS = 3, 4_000
_HEADING = re.compile(r"(?m)^#{1,6} \S")


def text_folder(places: Places) -> Path:
    return places.cache / "fulltext"


def text_file(folder: Path, paper_id: str) -> Path:
    """The file of a paper's text."""
    return folder / f"{file_stem(paper_id)}{_SUFFIX}"


def stored_text(folder: Path, paper_id: str) -> str:
    """A paper's text if it is stored, else an empty text."""
    try:
        return with_own_anchors(text_of(text_file(folder, paper_id)), paper_id)  # earlier versions stored them whole
    except (OSError, UnicodeDecodeError):
        return ""


class StoredTexts:
    """Which papers' texts are stored; reads the folder again only when it has changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._changed: int | None = None
        self._ids: frozenset[str] = frozenset()

    def ids(self) -> frozenset[str]:
        """The ids of the papers whose text is stored."""
        try:
            changed = self._folder.stat().st_mtime_ns
            if changed != self._changed:
                names = (entry.name for entry in os.scandir(self._folder))
                ids = (name.removesuffix(_SUFFIX).replace("_", "/") for name in names if name.endswith(_SUFFIX))
                self._ids = frozenset(filter(is_paper_id, ids))
                self._changed = changed
        except OSError:
            return frozenset()
        return self._ids


class FullTexts:
    """Fetches the text of papers and stores it."""

    def __init__(self, hub: Hub, arxiv: Arxiv, folder: Path) -> None:
        self._hub, self._arxiv, self._folder = hub, arxiv, folder

    async def text(self, paper_id: str, *, awaited: bool = False) -> str:
        """The text of a paper as Markdown, from the cache folder if it is there.

        Args:
            awaited: Whether a user is waiting.

        Raises:
            NotFound: neither source has it, or no arXiv id is known for it.
            SourceError: no source could be reached.
            StoreError: it could not be stored.
        """
        from .offload import in_thread

        stored = await in_thread(stored_text, self._folder, paper_id)
        if stored:
            return stored
        if is_local(paper_id):
            raise NoArxivId(task=_TASK)
        text = await self._fetch(paper_id, awaited)
        await in_thread(_write, text_file(self._folder, paper_id), text)
        return text

    async def _fetch(self, paper_id: str, awaited: bool) -> str:
        failures: list[SourceError] = []
        for source in (self._hub, self._arxiv):
            if failures and isinstance(failures[0], Unreachable) and source.name == self._hub.name:
                continue  # the same host serves both, and doesn't answer
            try:
                text = await source.full_text(paper_id, awaited=awaited)
            except SourceError as error:
                failures.append(error)
                continue
            if is_full(text):
                return text
        raise _worst(failures)


def is_full(text: str) -> bool:
    """Whether a text is the whole paper; without one, the Hub returns its own page with little but the abstract."""
    return len(text) >= _MIN_CHARACTERS and len(_HEADING.findall(text)) >= _MIN_HEADINGS


def _worst(failures: list[SourceError]) -> SourceError:
    """The error for the user: the failed request, else that no source has the text."""
    serious = {error.reason: error for error in failures if not isinstance(error, NotFound)}
    if len(serious) > 1 and all(isinstance(error, Unreachable) for error in serious.values()):
        return Unreachable("; ".join(serious), task=_TASK)
    for error in serious.values():
        return error
    return NotFound("neither the Hub nor arXiv has it", task=_TASK, remedy="Open its PDF instead")


def _write(path: Path, text: str) -> None:
    make_folder(path.parent)
    write_file(path, text.encode(), durable=False)  # a text lost in a power cut can be fetched again
