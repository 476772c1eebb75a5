"""Fetching into the library, as a stream of events: the same for the app and for the command line.

A failing source is a value in that stream, never an exception, and is told once a run. Papers are stored before the
ledger says so; whoever is stopped between the two asks for the day again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import date

from ..cache.library import Library
from ..config import Endpoints
from ..errors import InvalidInput
from .daily import HF, Daily
from .http import HttpClient
from .hub import Hub
from .huggingface import Comment, Details
from .ingest import Ingest
from .progress import Progress, Run
from .schedule import FIRST_DAY, SETTLING_DAYS, days_of, refresh_window, stale_days, unsettled_days, utc_now

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
        self._daily = Daily(self._hub, library, self._ingest)

    async def refresh(self, days: int = 7, *, force: bool = False) -> AsyncGenerator[Progress, None]:
        """Ask for what the ledger calls stale: the last days, and the gap since the last refresh.

        Args:
            days: How many days, today included.
            force: Ask for all of them, fresh or not.
        """
        now = utc_now(self._clock())
        records = await asyncio.to_thread(self._library.days, HF)
        window = refresh_window(records, now.date(), days)
        run = Run()
        self._daily.add_days(run, window if force else stale_days(records, window, now), force=force)
        async with aclosing(run.events()) as events:
            async for event in events:
                yield event

    async def backfill(
        self, since: date, until: date | None = None, *, force: bool = False
    ) -> AsyncGenerator[Progress, None]:
        """Ask for any stretch of days, by the cheapest calls; what is settled is not asked for again.

        It can be stopped at any moment, and goes on where it stopped. Days that failed get a second chance at the end.

        Args:
            since: The first day; Daily Papers began on FIRST_DAY.
            until: The last day; None means today.
            force: Ask for all of them, settled or not.

        Raises:
            InvalidInput: the first day comes after the last.
        """
        today = utc_now(self._clock()).date()
        since, until = max(since, FIRST_DAY), min(until or today, today)
        if since > until:
            raise InvalidInput(f"There are no days from {since} to {until}; today is {today} (UTC).")
        days, run = days_of(since, until), Run()
        records = await asyncio.to_thread(self._library.days, HF)
        wanted = days if force else unsettled_days(records, days, utc_now(self._clock()))
        while wanted:
            recent = [day for day in wanted if (today - day).days < SETTLING_DAYS]
            self._daily.add_days(run, recent, force=force)
            self._daily.add_months(run, wanted[len(recent) :])
            async with aclosing(run.events()) as events:
                async for event in events:
                    yield event
            wanted = run.second_chances(HF)

    async def trending(self) -> list[str]:
        """The ids of the papers that trend, in the Hub's order; they are stored, and the order is kept as today's.

        Raises:
            SourceError: the Hub gave no usable answer.
        """
        ids = await self._ingest.found(await self._hub.trending())
        await self._ingest.answered(TRENDING, utc_now(self._clock()).date(), ids)
        return list(ids)

    async def search(self, query: str, limit: int = 50) -> list[str]:
        """The ids of the papers that the Hub finds for a query, best first; they are stored.

        Raises:
            SourceError: the Hub gave no usable answer.
        """
        return list(await self._ingest.found(await self._hub.search(query, limit)))

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
