"""Fetches into the library, as a stream of events: the same for the app and for the command line.

A failing source is a value in that stream, never an exception, and is reported once per run. Papers are stored before
the ledger says so; a day that was interrupted between the two is fetched again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import date
from functools import partial
from pathlib import Path

from paperdeck.storage.errors import InvalidInput, NoArxivId, SourceError
from paperdeck.storage.fetch.arxiv.categories import Categories
from paperdeck.storage.fetch.arxiv.client import Arxiv
from paperdeck.storage.fetch.arxiv.parser import check_category
from paperdeck.storage.fetch.endpoints import Endpoints
from paperdeck.storage.fetch.http.client import HttpClient, Notify
from paperdeck.storage.fetch.http.download import OnProgress, download
from paperdeck.storage.fetch.http.lanes import ARXIV_INTERVAL_SECONDS, Waiting
from paperdeck.storage.fetch.hub.client import Hub
from paperdeck.storage.fetch.hub.daily import Daily
from paperdeck.storage.fetch.hub.parser import Comment, Details
from paperdeck.storage.fetch.venues.lookup import VenueLookup, Venues
from paperdeck.storage.identifiers import Reference, check_id, file_stem, is_local
from paperdeck.storage.library.ledger import ARXIV, DAILY, TRENDING, days_source
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import BIBLIOGRAPHIES, Paper
from paperdeck.storage.text.times import utc

from .full_text import FullTexts, text_folder
from .ingest import Ingest, ids_of
from .offload import Pace, at_once, in_thread
from .run import FetchRun, Progress
from .single_papers import LookupResult, SinglePapers
from .staleness import (
    ANNOUNCED_WITHIN_DAYS,
    FIRST_DAY,
    SETTLING_DAYS,
    days_of,
    refresh_window,
    stale_days,
    unsettled_days,
)

log = logging.getLogger(__name__)

_DISCUSS = "fetch the discussion"
_SOURCE_NAMES = {DAILY: "Daily Papers"}


class Fetcher:
    """Fetches papers from the sources into a library."""

    def __init__(
        self,
        library: Library,
        endpoints: Endpoints,
        *,
        client: HttpClient | None = None,
        clock: Callable[[], float] = time.time,
        categories: Sequence[str] = (),
        arxiv_interval: float = ARXIV_INTERVAL_SECONDS,
        notify: Notify | None = None,
    ) -> None:
        """Nothing is opened yet.

        Args:
            library: Gets the papers, and keeps the ledger.
            endpoints: The addresses of the sources.
            client: The HTTP client.
            clock: Seconds since 1970.
            categories: The arXiv categories to follow.
            arxiv_interval: Seconds between two requests to arXiv; shorter only in tests.
            notify: Called on the event loop with messages for the user, each once, such as “the token was not sent”.
        """
        self.pace: Pace = at_once
        """Awaited before an answer is read or papers are stored; the app pauses here while the user types."""
        self._pacing = asyncio.Lock()
        self._library, self._endpoints, self._clock = library, endpoints, clock
        self._categories = tuple(dict.fromkeys(categories))
        self._client = client or HttpClient(offline=endpoints.offline)
        self._notify: Notify = notify or log.info
        self._client.notify, self._client.pace = self._notify, self._paced
        self._hub = Hub(self._client, endpoints)
        locks = library.places.locks
        self._arxiv = Arxiv(self._client, endpoints, locks, interval=arxiv_interval)
        self._venues = Venues(self._client, locks, base=endpoints.venues, clock=clock, patient=arxiv_interval > 0)
        self._texts = FullTexts(self._hub, self._arxiv, text_folder(library.places))
        self._ingest = Ingest(library, clock, self._paced)
        self._single = SinglePapers(self._arxiv, self._hub, self._ingest, library, clock)
        self._daily = Daily(self._hub, library, self._ingest)
        self._followed = Categories(self._arxiv, library, self._ingest)

    @property
    def waiting(self) -> Waiting | None:
        """The wait for a source, if any; its text is a phrase for the status line."""
        if budget := self._hub.delay:
            return Waiting("", self._hub.name, budget, f"rate-limited by {self._hub.name}")
        return self._client.waits.current

    async def refresh(self, days: int = 7, *, force: bool = False) -> AsyncGenerator[Progress, None]:
        """Fetch stale days: the last few, and the gap since the last refresh.

        Args:
            days: How many days, today included.
            force: Fetch all of them, stale or not.
        """
        if forbidden := await self._begin():
            yield forbidden
            return
        now = utc(self._clock())
        records = await in_thread(self._library.ledger.days, DAILY)
        window = refresh_window(records, now.date(), days)
        run = FetchRun()
        self._daily.add_days(run, window if force else stale_days(records, window, now), force=force)
        for category in self._categories:
            if wrong := _category_error(category):
                yield wrong
            else:
                await self._followed.add_recent(run, category, days, now, force=force)
        async with aclosing(run.events()) as events:
            async for event in events:
                yield event
        self._report(run.skipped)
        if ids := await in_thread(self._single.stars.due):
            run.add(DAILY, partial(self._single.refresh_stars, ids))
            async with aclosing(run.events()) as events:
                async for event in events:
                    yield event

    async def backfill(
        self, since: date, until: date | None = None, *, force: bool = False
    ) -> AsyncGenerator[Progress, None]:
        """Fetch any range of days with as few requests as possible; settled days are not fetched again.

        It can be stopped at any moment and resumes where it stopped. Failed days get a second attempt at the end.

        Args:
            since: The first day; Daily Papers began on FIRST_DAY.
            until: The last day; None means today.
            force: Fetch all of them, settled or not.

        Raises:
            InvalidInput: the first day comes after the last.
        """
        today = utc(self._clock()).date()
        first, last = max(since, FIRST_DAY), min(until or today, today)
        if first > last:
            reason = f"Daily Papers began on {FIRST_DAY}" if last < FIRST_DAY else f"today is {today} (UTC)"
            raise InvalidInput(f"There are no days from {since} to {until or today}; {reason}.")
        if forbidden := await self._begin():
            yield forbidden
            return
        days, run = days_of(first, last), FetchRun()
        records = await in_thread(self._library.ledger.days, DAILY)
        wanted = days if force else unsettled_days(records, days, utc(self._clock()))
        await self._add_categories(run, days, force)
        while wanted or run.has_steps:
            recent = [day for day in wanted if (today - day).days < SETTLING_DAYS]
            self._daily.add_days(run, recent, force=force)
            self._daily.add_months(run, wanted[len(recent) :])
            async with aclosing(run.events()) as events:
                async for event in events:
                    yield event
            wanted = run.days_to_retry(DAILY)
        self._report(run.skipped)

    async def trending(self) -> list[str]:
        """Fetch and store the trending papers; returns their ids in the Hub's order, which is recorded as today's.

        Raises:
            SourceError: the Hub gave no usable answer.
        """
        batch = await self._hub.trending()
        await self._ingest.listed(batch.papers)
        self._report({"Trending": batch.skipped})
        ids = ids_of(batch.papers)
        await self._ingest.answered(TRENDING, utc(self._clock()).date(), ids)
        return list(ids)

    async def search(self, query: str, limit: int = 50) -> list[str]:
        """Search the Hub and store what it finds; returns the ids, best first.

        Raises:
            SourceError: the Hub gave no usable answer.
        """
        batch = await self._hub.search(query, limit)
        await self._ingest.listed(batch.papers)
        self._report({"the Hub's search": batch.skipped})
        return list(ids_of(batch.papers))

    async def candidates(self, title: str, limit: int = 5) -> list[Paper]:
        """The papers that the Hub finds for a title, best first; nothing is stored.

        Raises:
            SourceError: the Hub gave no usable answer.
        """
        return list((await self._hub.search(title, limit)).papers)

    async def fetch_awaited(self) -> None:
        """Fetch the papers that were added while offline; those that no source has are dropped."""
        await self._single.add_awaited()

    async def look_up_published(self, papers: Sequence[Paper], report: OnProgress | None = None) -> list[SourceError]:
        """Look up in bibliographies where papers were published, unless that was done recently; the answers become
        facts of the papers.

        Args:
            papers: The papers; those that the library does not have are skipped.
            report: Called with the number of papers answered so far, and the total.

        Returns:
            What went wrong, once for each source.
        """
        known = await in_thread(self._library.papers, [paper.id for paper in papers])
        lookup, answered = VenueLookup(self._venues, self._clock), dict[str, None]()
        async with aclosing(lookup.ask(list(known.values()))) as answers:
            async for paper in answers:
                await self._ingest.papers([Paper(id=paper.id, printed=paper.printed)], BIBLIOGRAPHIES)
                answered[paper.id] = None
                if report:
                    report(len(answered), len(known))
        return list(lookup.errors.values())

    async def paper(self, paper_id: str) -> Details:
        """Fetch one paper with the models, data sets and spaces that name it; its facts are stored.

        Raises:
            NotFound: the Hub does not have it, or no arXiv id is known for it.
            SourceError: the Hub gave no usable answer.
        """
        details = await self._hub.paper(_check_arxiv(paper_id, _DISCUSS))
        await self._ingest.listed([details.paper])
        return details

    async def comments(self, paper_id: str) -> list[Comment]:
        """The discussion of a paper on the Hub.

        Raises:
            NotFound: the Hub does not have it, or no arXiv id is known for it.
            SourceError: the Hub gave no usable answer.
        """
        return await self._hub.comments(_check_arxiv(paper_id, _DISCUSS))

    async def add(self, references: Sequence[Reference]) -> LookupResult:
        """Fetch single papers into the library, with the facts of both arXiv and the Hub.

        Never raises SourceError: failures are in the result. Papers waiting for a connection are fetched as well.
        """
        ids = dict.fromkeys(reference.id for reference in references if not is_local(reference.id))
        return await self._single.add(list(ids))

    async def full_text(self, paper_id: str, *, awaited: bool = False) -> str:
        """A paper's text as clean Markdown: the Hub's, else made from arXiv's HTML; it is stored in the cache folder.

        Args:
            awaited: Whether a user is waiting and prefers an early failure.

        Raises:
            NotFound: neither has it.
            SourceError: neither could be reached.
            StoreError: it could not be stored.
        """
        return await self._texts.text(check_id(paper_id), awaited=awaited)

    async def pdf(self, paper_id: str, folder: Path, report: OnProgress | None = None, *, name: str = "") -> Path:
        """Download a paper's PDF into a folder, resuming an earlier attempt; returns the file.

        Args:
            folder: The folder; it is made if needed.
            report: Called with the bytes received, and the total (None if unknown).
            name: The file's name without its suffix, safe for a file system; empty means the id.

        Raises:
            NotFound: arXiv does not have it, or no arXiv id is known for it.
            SourceError: arXiv gave no usable answer.
            StoreError: the file can't be written.
        """
        _check_arxiv(paper_id, "download the PDF")
        target = folder / f"{name or file_stem(paper_id)}.pdf"
        return await download(self._client, self._arxiv.pdf(paper_id), target, report)

    async def close(self) -> None:
        await self._client.close()

    async def _paced(self) -> None:
        """Let answers be processed one at a time, as six at once would delay the keys."""
        async with self._pacing:
            await self.pace()

    async def _begin(self) -> Progress | None:
        """Prepare a run; the event for an environment that forbids requests or is invalid, if it is."""
        try:
            await self._client.ready(self._endpoints.hub)
        except SourceError as error:
            error.task = "fetch papers"
            return Progress(source=DAILY, label="", error=error)
        await in_thread(self._library.queue.begin)
        await self.fetch_awaited()
        return None

    async def _add_categories(self, run: FetchRun, days: list[date], force: bool) -> None:
        """Plan the history of the followed categories."""
        now = utc(self._clock())
        for category in self._categories:
            if not _category_error(category):
                records = await in_thread(self._library.ledger.days, days_source(category))
                wanted = days if force else unsettled_days(records, days, now, ANNOUNCED_WITHIN_DAYS)
                self._followed.add_history(run, category, wanted)

    def _report(self, skipped: Mapping[str, int]) -> None:
        """Notify about items that could not be used, by source; papers can be missing because of them."""
        named = {
            _SOURCE_NAMES.get(source, source.removeprefix(f"{ARXIV}:")): count for source, count in skipped.items()
        }
        parts = [f"{number:,} from {name}" for name, number in sorted(named.items()) if number]
        if parts:
            self._notify(f"Skipped unusable items: {', '.join(parts)}.")


def _category_error(category: str) -> Progress | None:
    """The event for an invalid category."""
    try:
        check_category(category)
    except InvalidInput as error:
        return Progress(source=ARXIV, label=category[:40], error=error)
    return None


def _check_arxiv(paper_id: str, task: str) -> str:
    """The id, if a source can be asked about it.

    Raises:
        InvalidInput: it is not the id of a paper.
        NoArxivId: it is the id of an imported paper for which no arXiv id is known.
    """
    if is_local(check_id(paper_id)):
        raise NoArxivId(task=task)
    return paper_id
