"""Fetching into the library, as a stream of events: the same for the app and for the command line.

A failing source is a value in that stream, never an exception, and is told once a run. Papers are stored before the
ledger says so; whoever is stopped between the two asks for the day again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import date
from functools import partial

from ..cache.ledger import DayRecord
from ..cache.library import Library
from ..config import Endpoints
from ..errors import SourceError
from .http import HttpClient, NotModified
from .hub import Hub
from .huggingface import Comment, Details
from .ingest import Ingest
from .progress import Progress, Run
from .schedule import day_label, refresh_window, stale_days, utc_now

HF = "hf"
"""The Hub's name in the ledger."""
TRENDING = "hf:trending"
"""Under this name the ledger keeps the trending view of a day."""

__all__ = ["HF", "TRENDING", "Fetcher", "Progress"]


class Fetcher:
    """Brings papers from the sources into a library."""

    def __init__(
        self,
        library: Library,
        endpoints: Endpoints,
        *,
        client: HttpClient | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._library, self._clock = library, clock
        self._client = client or HttpClient()
        self._hub = Hub(self._client, endpoints)
        self._ingest = Ingest(library, clock)

    async def refresh(self, days: int = 7, *, force: bool = False) -> AsyncIterator[Progress]:
        """Ask for what the ledger calls stale: the last days, and the gap since the last refresh.

        Args:
            days: How many days, today included.
            force: Ask for all of them, fresh or not.
        """
        now = utc_now(self._clock())
        records = await asyncio.to_thread(self._library.days, HF)
        window = refresh_window(records, now.date(), days)
        run = Run()
        self._add_days(run, window if force else stale_days(records, window, now), force)
        async for event in run.events():
            yield event

    async def trending(self) -> list[str]:
        """The ids of the papers that trend, in the Hub's order; they are stored, and the order is kept as today's.

        Raises:
            SourceError: the Hub gave no usable answer.
        """
        batch = await self._hub.trending()
        await self._ingest.papers(batch.papers, HF)
        ids = tuple(paper.id for paper in batch.papers)
        await self._ingest.answered(TRENDING, utc_now(self._clock()).date(), ids)
        return list(ids)

    async def search(self, query: str, limit: int = 50) -> list[str]:
        """The ids of the papers that the Hub finds for a query, best first; they are stored.

        Raises:
            SourceError: the Hub gave no usable answer.
        """
        batch = await self._hub.search(query, limit)
        await self._ingest.papers(batch.papers, HF)
        return [paper.id for paper in batch.papers]

    async def paper(self, paper_id: str) -> Details:
        """One paper with the models, data sets and spaces that name it; its facts are stored.

        Raises:
            NotFound: the Hub does not know it.
            SourceError: the Hub gave no usable answer.
        """
        details = await self._hub.paper(paper_id)
        await self._ingest.papers([details.paper], HF)
        return details

    async def comments(self, paper_id: str) -> list[Comment]:
        """The discussion of a paper on the Hub.

        Raises:
            NotFound: the Hub does not know it.
            SourceError: the Hub gave no usable answer.
        """
        return await self._hub.comments(paper_id)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    def _add_days(self, run: Run, days: list[date], force: bool) -> None:
        run.total += len(days)
        for day in days:
            run.add(HF, partial(self._day, day, force))

    async def _day(self, day: date, force: bool = False) -> Progress:
        """Ask for one day and store the answer."""
        before = await asyncio.to_thread(self._library.day, HF, day)
        etag = before.etag if before and not force else None
        try:
            found = await self._hub.day(day, etag)
        except SourceError as error:
            [record] = await self._ingest.failed(HF, [day], error)
            return _of_day(record, error=error)
        if isinstance(found, NotModified) and before:
            return _of_day(await self._ingest.unchanged(before), papers=len(before.ids))
        assert not isinstance(found, NotModified)  # only an ETag brings it
        batch, tag = found
        record, added = await self._ingest.day(HF, day, batch, tag)
        return _of_day(
            record, papers=len(batch.papers), new=added.new, changed=added.changed, skipped=len(batch.skipped)
        )


def _of_day(record: DayRecord, **facts: object) -> Progress:
    label = day_label(record.day)
    return Progress(source=record.source, label=label, day=record.day, state=record.state, **facts)  # type: ignore[arg-type]
