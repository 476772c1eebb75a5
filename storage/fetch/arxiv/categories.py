"""Fetches followed arXiv categories, as steps of a run.

The ledger counts days of submission, as the API does. A day's submissions are announced over the following days, so it
settles slowly. The announcements themselves (RSS) are recorded under a name of their own; they say when a paper was
listed, and a new one is the reason to fetch the last few days again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from paperdeck.storage.errors import SourceError
from paperdeck.storage.fetch.http.client import NotModified
from paperdeck.storage.fetch.ingest import Ingest
from paperdeck.storage.fetch.offload import in_thread
from paperdeck.storage.fetch.run import FetchRun, Progress
from paperdeck.storage.fetch.staleness import (
    ANNOUNCED_WITHIN_DAYS,
    days_of,
    is_announcement_stale,
    months_of,
    refresh_window,
    stale_submissions,
)
from paperdeck.storage.library.ledger import ARXIV, DayRecord, days_source, listing_source
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Paper

from .client import PAGE, Arxiv
from .parser import Feed

_MAX_PAPERS = 30_000
"""Maximum number of results that arXiv returns for one query."""


@dataclass(slots=True)
class _DayRange:
    """Submission days being fetched, a page at a time, newest first."""

    category: str
    days: Sequence[date]
    """The days to record, newest first."""
    exact: bool
    """Whether to query exactly these days, instead of the newest papers until these days are reached."""
    ids: dict[date, list[str]] = field(default_factory=dict)
    start: int = 0
    total: int = 0
    """The largest total that arXiv reported; its figure varies, down to 0."""


class Categories:
    """Plans and runs the steps for categories."""

    def __init__(self, arxiv: Arxiv, library: Library, ingest: Ingest) -> None:
        self._arxiv, self._library, self._ingest = arxiv, library, ingest

    async def add_recent(self, run: FetchRun, category: str, days: int, now: datetime, *, force: bool) -> None:
        """Plan to fetch announcements and the last few days' submissions."""
        records = await in_thread(self._library.ledger.days, listing_source(category))
        newest = max(records.values(), key=lambda record: record.fetched_at, default=None)
        if force or is_announcement_stale(newest, now):
            run.add(days_source(category), partial(self._listing, run, category, days, now, None if force else newest))
        else:
            await self._add_stale(run, category, days, now, announced=False)

    def add_history(self, run: FetchRun, category: str, days: Sequence[date]) -> None:
        """Plan to fetch the submissions of past days, month by month."""
        run.expect(days_source(category), days)
        for wanted in months_of(days).values():
            run.add(days_source(category), partial(self._page, run, _DayRange(category, wanted, exact=True)))

    async def _add_stale(self, run: FetchRun, category: str, days: int, now: datetime, *, announced: bool) -> None:
        source, today = days_source(category), now.date()
        records = await in_thread(self._library.ledger.days, source)
        window = refresh_window(records, today, days, ANNOUNCED_WITHIN_DAYS)
        stale = stale_submissions(records, window, now, announced=announced)
        if stale:
            wanted = days_of(min(stale), today)
            run.expect(source, wanted)
            run.add(source, partial(self._page, run, _DayRange(category, wanted, exact=False)), first=True)

    async def _listing(
        self, run: FetchRun, category: str, days: int, now: datetime, newest: DayRecord | None
    ) -> Progress:
        """Fetch the announcement; the last few days are fetched whether or not that succeeds."""
        progress, is_new = await self._announcement(category, now, newest)
        await self._add_stale(run, category, days, now, announced=is_new)
        return progress

    async def _announcement(self, category: str, now: datetime, newest: DayRecord | None) -> tuple[Progress, bool]:
        """Fetch the announcement; also whether it has papers that the newest known one doesn't have."""
        done = partial(Progress, source=days_source(category), label=category)
        try:
            found = await self._arxiv.listing(category, newest.etag if newest else None)
        except SourceError as error:
            return done(error=error), False
        if isinstance(found, NotModified):
            assert newest is not None  # the request had its ETag
            await self._ingest.unchanged(newest)
            return done(), False
        listing, tag = found
        added = await self._ingest.papers(listing.papers, ARXIV)
        ids = tuple(paper.id for paper in listing.papers)
        day = listing.day or next((paper.listed for paper in listing.papers), None) or now.date()
        await self._ingest.answered(listing_source(category), day, ids, tag)
        progress = done(papers=len(ids), new=added.new, changed=added.changed, skipped=listing.skipped)
        return progress, not set(ids) <= set(newest.ids if newest else ())

    async def _page(self, run: FetchRun, day_range: _DayRange) -> Progress:
        """Fetch the next page of a range and plan the one after it."""
        source = days_source(day_range.category)
        done = partial(Progress, source=source, label=day_range.category)
        try:
            feed = await self._fetch_page(day_range)
        except SourceError as error:
            await self._stop(run, day_range, error)
            return done(error=error)
        papers = [paper for paper in feed.papers if day_range.days[-1] <= _day(paper) <= day_range.days[0]]
        added = await self._ingest.papers(papers, ARXIV)
        for paper in papers:
            day_range.ids.setdefault(_day(paper), []).append(paper.id)
        day_range.start += feed.entries
        day_range.total = max(day_range.total, feed.total)
        if _has_more(day_range, feed, papers):
            run.add(source, partial(self._page, run, day_range), first=True)
        else:
            await self._finish(run, day_range, day_range.days)
        return done(papers=len(papers), new=added.new, changed=added.changed, skipped=feed.skipped)

    async def _fetch_page(self, day_range: _DayRange) -> Feed:
        if day_range.exact:
            since, until = day_range.days[-1], day_range.days[0]
            return await self._arxiv.submitted(day_range.category, since, until, day_range.start, day_range.total)
        return await self._arxiv.newest(day_range.category, day_range.start, day_range.total)

    async def _finish(self, run: FetchRun, day_range: _DayRange, days: Sequence[date]) -> None:
        source = days_source(day_range.category)
        await self._ingest.all_answered(source, [(day, tuple(day_range.ids.get(day, ()))) for day in days])
        run.finish(source, days)

    async def _stop(self, run: FetchRun, day_range: _DayRange, error: SourceError) -> None:
        """Record the days that are complete: those after the oldest one that was reached."""
        reached = min(day_range.ids, default=date.max)
        await self._finish(run, day_range, [day for day in day_range.days if day > reached])
        rest = [day for day in day_range.days if day <= reached]
        source = days_source(day_range.category)
        await self._ingest.failed(source, rest, error)
        run.fail(source, rest)


def _has_more(day_range: _DayRange, feed: Feed, papers: list[Paper]) -> bool:
    """Whether to fetch another page: this one was full and doesn't reach the oldest day."""
    full = feed.entries >= PAGE
    if not full or not day_range.start < min(day_range.total or _MAX_PAPERS, _MAX_PAPERS):
        return False
    return bool(papers) if day_range.exact else min(map(_day, feed.papers), default=date.max) >= day_range.days[-1]


def _day(paper: Paper) -> date:
    return paper.published or date.min
