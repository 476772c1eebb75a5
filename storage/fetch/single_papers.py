"""Fetches single papers into the library: those asked for, those added while offline, and starred ones for their news.

A starred paper's news would else not be found once it has left the daily lists. The time at which each was last
refreshed is kept in `asked_stars.json` of the state folder, which may be deleted.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from paperdeck.storage.errors import NotFound, PaperdeckError, SourceError
from paperdeck.storage.files.small import recall_all, remember_all
from paperdeck.storage.identifiers import is_local
from paperdeck.storage.library.ledger import ARXIV, DAILY
from paperdeck.storage.library.library import Library
from paperdeck.storage.library.papers import Awaited
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.times import stamp, utc

from .arxiv.client import LOOK_UP, Arxiv
from .hub.client import Hub
from .ingest import Ingest
from .offload import in_thread
from .run import Progress

REFRESH_AFTER = timedelta(days=3)
"""Time between two refreshes of a starred paper."""
MAX_AT_ONCE = 20
"""Maximum number of starred papers per refresh, those waiting longest first."""
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


class SinglePapers:
    """Looks papers up one by one, with the facts of both arXiv and the Hub."""

    def __init__(self, arxiv: Arxiv, hub: Hub, ingest: Ingest, library: Library, clock: Callable[[], float]) -> None:
        self._arxiv, self._hub, self._ingest, self._library = arxiv, hub, ingest, library
        self.stars = StarRefreshes(library, clock)
        """Chooses the starred papers to refresh."""

    async def add(self, ids: Sequence[str]) -> LookupResult:
        """Fetch papers, and with a connection the awaited ones too. Failures are in the result."""
        result = await self._look_up(ids)
        if not result.unreachable:
            await self.add_awaited()
        return result

    async def add_awaited(self) -> None:
        """Fetch the papers that were added while offline; those that no source has are dropped."""
        awaited = Awaited(self._library.places)
        if ids := await in_thread(awaited.ids):
            there = await in_thread(self._library.papers, ids)
            result = await self._look_up([paper_id for paper_id in ids if paper_id not in there])
            await in_thread(awaited.arrived, set(ids) - set(result.unreachable))

    async def refresh_stars(self, ids: Sequence[str]) -> Progress:
        """Refresh a few starred papers for their news."""
        result = await self.add(ids)
        if not result.errors:
            await in_thread(self.stars.record_refresh, ids)
        error = next(iter(result.errors), None)
        if isinstance(error, SourceError):
            error.task = "ask what is new of starred papers"
        return Progress(source=DAILY, label="starred papers", new=result.new, changed=result.changed, error=error)

    async def _look_up(self, ids: Sequence[str]) -> LookupResult:
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


class StarRefreshes:
    """Chooses starred papers, and records when they were refreshed."""

    def __init__(self, library: Library, clock: Callable[[], float]) -> None:
        """Nothing is read yet."""
        self._library, self._clock = library, clock
        self._path = library.places.state / "asked_stars.json"

    def due(self) -> list[str]:
        """The papers to refresh now."""
        refreshed = self._times()
        before = stamp(utc(self._clock()) - REFRESH_AFTER)
        stars = [paper_id for paper_id, marks in self._library.all_marks().items() if marks.starred]
        due = [i for i in stars if not is_local(i) and refreshed.get(i, "") < before]
        return sorted(due, key=lambda paper_id: (refreshed.get(paper_id, ""), paper_id))[:MAX_AT_ONCE]

    def record_refresh(self, ids: Iterable[str]) -> None:
        """Record that papers were refreshed now. A failed write is harmless: they are refreshed again."""
        marks = self._library.all_marks()
        known = {i: time for i, time in self._times().items() if i in marks and marks[i].starred}
        known |= dict.fromkeys(ids, stamp(utc(self._clock())))
        remember_all(self._path, known)

    def _times(self) -> dict[str, str]:
        """The time of each paper's last refresh, without those in the future, which a wrong clock gave."""
        now = stamp(utc(self._clock()))
        return {key: time for key, time in recall_all(self._path).items() if isinstance(time, str) and time <= now}
