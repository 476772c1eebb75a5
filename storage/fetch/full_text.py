"""Full texts: the Hub's Markdown first, then arXiv's HTML; what was fetched once stays in the cache folder."""

from __future__ import annotations

import os
import re
from pathlib import Path

from paperdeck.storage.errors import NotFound, SourceError, StoreError, Unreachable
from paperdeck.storage.fetch.arxiv.client import Arxiv
from paperdeck.storage.fetch.arxiv.html import markdown_of
from paperdeck.storage.fetch.hub.client import Hub
from paperdeck.storage.identifiers import is_local

from .offload import in_thread
from .stored_texts import stored_text, text_file

_LEAST_HEADINGS, _LEAST_LENGTH = 3, 4_000
_HEADING = re.compile(r"(?m)^#{1,6} \S")
_PREAMBLE = re.compile(r"\A(?:(?:Title|URL Source|Published Time|Markdown Content):[^\n]*\n+)+")


class FullTexts:
    """Brings the text of papers, and keeps it."""

    def __init__(self, hub: Hub, arxiv: Arxiv, folder: Path) -> None:
        self._hub, self._arxiv, self._folder = hub, arxiv, folder

    async def text(self, paper_id: str, *, awaited: bool = False) -> str:
        """The text of a paper as Markdown; `awaited`: a person waits for it.

        Raises:
            NotFound: neither source has it.
            SourceError: neither could be asked.
            StoreError: it could not be kept.
        """
        kept = await in_thread(stored_text, self._folder, paper_id)
        if kept:
            return kept
        if is_local(paper_id):
            raise NotFound("This paper is not on arXiv, so its text can't be fetched.")
        text = await self._fetch(paper_id, awaited)
        await in_thread(_write, text_file(self._folder, paper_id), text)
        return text

    async def _fetch(self, paper_id: str, awaited: bool) -> str:
        failures: list[SourceError] = []
        for ask in (self._from_hub, self._from_arxiv):
            try:
                text = await ask(paper_id, awaited)
            except SourceError as error:
                failures.append(error)
                continue
            if is_full(text):
                return text
        serious = [error for error in failures if not isinstance(error, NotFound)]
        if len(serious) > 1 and all(isinstance(error, Unreachable) for error in serious):
            names = f"Neither {self._hub.name} nor {self._arxiv.name}"
            raise Unreachable(f"{names} can be reached for this paper's text; try again once there is a network.")
        if serious:
            raise serious[0]
        raise NotFound("Neither the Hub nor arXiv has this paper as text; its PDF is there (O opens it).")

    async def _from_hub(self, paper_id: str, awaited: bool) -> str:
        return _PREAMBLE.sub("", await self._hub.full_text(paper_id, awaited=awaited))

    async def _from_arxiv(self, paper_id: str, awaited: bool) -> str:
        return await in_thread(markdown_of, await self._arxiv.html(paper_id, awaited=awaited))


def is_full(text: str) -> bool:
    """Whether it is the whole text; where the Hub has none, it gives its own page with little but the abstract."""
    return len(text) >= _LEAST_LENGTH and len(_HEADING.findall(text)) >= _LEAST_HEADINGS


def _write(path: Path, text: str) -> None:
    """Write beside and move into place; the text can be fetched again, so it need not survive a power cut."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise StoreError(f"{path} can't be written ({error.strerror}); the text was not kept.") from error
