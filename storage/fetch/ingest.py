"""Stores fetched papers, then updates the ledger, in threads and in slices."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from paperdeck.storage.errors import PaperdeckError
from paperdeck.storage.library.ledger import DAILY, DayRecord, DayState
from paperdeck.storage.library.library import Added, Library
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.times import stamp, utc

from .offload import Pace, in_thread

SLICE_PAPERS = 100
"""Papers stored at a time; the app may pause the fetcher between two slices."""
_FEWER = "The answer held fewer papers than before; what was known is kept."


class Ingest:
    """Writes to the library for the fetcher."""

    def __init__(self, library: Library, clock: Callable[[], float], pace: Pace) -> None:
        self._library, self._clock, self._pace = library, clock, pace
        self._listing = asyncio.Lock()

    async def papers(self, papers: Sequence[Paper], source: str) -> Added:
        """Store papers, a slice at a time."""
        new: list[str] = []
        changed: list[str] = []
        for start in range(0, len(papers), SLICE_PAPERS):
            await self._pace()
            added = await in_thread(self._library.add, papers[start : start + SLICE_PAPERS], source)
            new.extend(added.new)
            changed.extend(added.changed)
        return Added(tuple(new), tuple(changed))

    async def listed(self, papers: Sequence[Paper]) -> Added:
        """Store papers of Daily Papers, each under the first day on which it was listed."""
        async with self._listing:  # two days may hold the same paper and arrive together
            return await self.papers(await in_thread(self._first_listings, papers), DAILY)

    async def answered(self, source: str, day: date, ids: tuple[str, ...], etag: str | None = None) -> DayRecord:
        """Record a complete answer for a day, in the source's order."""
        [record] = await in_thread(lambda: self._recorded([self._answered(source, day, ids, etag)]))
        return record

    async def all_answered(self, source: str, days: Iterable[tuple[date, tuple[str, ...]]]) -> list[DayRecord]:
        """Record complete answers for several days."""
        return await in_thread(lambda: self._recorded([self._answered(source, day, ids) for day, ids in days]))

    async def unchanged(self, record: DayRecord) -> DayRecord:
        """Record that a day has not changed."""
        fresh = replace(record, fetched_at=self._now(), error=None)
        await in_thread(self._library.ledger.record, fresh)
        return fresh

    async def failed(self, source: str, days: Iterable[date], error: PaperdeckError) -> list[DayRecord]:
        """Record that days could not be fetched; days fetched before stay as they were."""
        return await in_thread(lambda: self._recorded([self._failed(source, day, error) for day in days]))

    def _recorded(self, records: list[DayRecord]) -> list[DayRecord]:
        self._library.ledger.record(*records)
        return records

    def _answered(self, source: str, day: date, ids: tuple[str, ...], etag: str | None = None) -> DayRecord:
        before = self._library.ledger.day(source, day)
        fewer = _lost_some(before, ids)
        return DayRecord(
            source=source,
            day=day,
            state=DayState.PARTIAL if fewer else DayState.COMPLETE if ids else DayState.EMPTY,
            fetched_at=self._now(),
            ids=ids,
            etag=None if fewer else etag,
            error=_FEWER if fewer else None,
        )

    def _failed(self, source: str, day: date, error: PaperdeckError) -> DayRecord:
        before = self._library.ledger.day(source, day)
        if before and before.state in (DayState.COMPLETE, DayState.EMPTY):
            return before  # it stays complete; its old time makes the next refresh try again
        ids = before.ids if before else ()
        state = DayState.PARTIAL if ids else DayState.FAILED
        return DayRecord(source=source, day=day, state=state, fetched_at=self._now(), ids=ids, error=str(error))

    def _first_listings(self, papers: Sequence[Paper]) -> list[Paper]:
        """Each paper once, under the earliest day on which it is known to have been listed."""
        known = self._library.papers({paper.id for paper in papers})
        first: dict[str, Paper] = {}
        for paper in papers:
            other = first.get(paper.id) or known.get(paper.id)
            earlier = other.listed if other and other.listed and paper.listed and other.listed < paper.listed else None
            if earlier and (paper.id in first or self._library.provenance(paper.id)["listed"] == DAILY):
                paper = replace(paper, listed=earlier)
            first[paper.id] = paper
        return list(first.values())

    def _now(self) -> str:
        return stamp(utc(self._clock()))


def ids_of(papers: Iterable[Paper]) -> tuple[str, ...]:
    """The papers' ids in order, without duplicates."""
    return tuple(dict.fromkeys(paper.id for paper in papers))


def _lost_some(before: DayRecord | None, ids: tuple[str, ...]) -> bool:
    """Whether listed papers are missing now; the same smaller answer a second time is accepted."""
    if before is None or set(before.ids) <= set(ids):
        return False
    again = before.error == _FEWER and bool(ids) and set(before.ids[: len(ids)]) == set(ids)
    return not again
