"""Looks single papers up, with the facts of both arXiv and the Hub, and stores them in the library."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from paperdeck.storage.errors import NotFound, PaperdeckError, SourceError
from paperdeck.storage.fetch.arxiv.categories import ARXIV
from paperdeck.storage.fetch.arxiv.client import LOOK_UP, Arxiv
from paperdeck.storage.fetch.hub.client import Hub
from paperdeck.storage.paper import Paper

from .ingest import Ingest

_WAIT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class LookupResult:
    """The result of looking up papers."""

    new: tuple[str, ...]
    """Ids that are new to the library."""
    changed: tuple[str, ...]
    """Ids that were in the library, and whose facts changed."""
    missing: tuple[str, ...]
    """Ids that no source gave."""
    errors: tuple[PaperdeckError, ...]
    """What went wrong."""
    unreachable: tuple[str, ...] = ()
    """Missing ids that may well exist, as arXiv couldn't be reached."""


class PaperLookup:
    """Looks papers up one by one."""

    def __init__(self, arxiv: Arxiv, hub: Hub, ingest: Ingest) -> None:
        self._arxiv, self._hub, self._ingest = arxiv, hub, ingest

    async def look_up(self, ids: Sequence[str]) -> LookupResult:
        """Fetch papers. Never raises SourceError: failures are in the result."""
        errors: list[SourceError] = []
        answers = await asyncio.gather(self._facts_of(ids, errors), *(self._counts_of(key, errors) for key in ids))
        from_arxiv, from_hub = answers[0], [paper for papers in answers[1:] for paper in papers]
        first = await self._ingest.papers(from_arxiv, ARXIV)
        second = await self._ingest.listed(from_hub)
        there = {paper.id for paper in [*from_arxiv, *from_hub]}
        new = [key for key in ids if key in {*first.new, *second.new}]
        changed = [key for key in ids if key in {*first.changed, *second.changed} and key not in new]
        missing = [key for key in ids if key not in there]
        unreachable = missing if any(error.task == LOOK_UP for error in errors) else []
        different = {error.reason: error for error in errors}
        return LookupResult(tuple(new), tuple(changed), tuple(missing), tuple(different.values()), tuple(unreachable))

    async def _facts_of(self, ids: Sequence[str], errors: list[SourceError]) -> list[Paper]:
        try:
            return await self._arxiv.papers(list(ids), patience=_WAIT_SECONDS)
        except SourceError as error:
            errors.append(error)
            return []

    async def _counts_of(self, paper_id: str, errors: list[SourceError]) -> list[Paper]:
        try:
            return [(await self._hub.paper(paper_id, "look it up on the Hub")).paper]
        except NotFound:  # the Hub knows only papers that somebody opened there
            return []
        except SourceError as error:
            errors.append(error)
            return []
