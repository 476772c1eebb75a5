"""Fetches days and months of Daily Papers, as steps of a run.

A month costs six requests, its days thirty, so history is fetched by the month. Items before March 2025 don't say on
which day they were listed. Where a month holds such items, its days are fetched too, the likeliest first, until the
day of each item is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from paperdeck.storage.errors import SourceError
from paperdeck.storage.fetch.http.client import NotModified
from paperdeck.storage.fetch.ingest import Ingest, ids_of
from paperdeck.storage.fetch.offload import in_thread
from paperdeck.storage.fetch.run import FetchRun, Progress
from paperdeck.storage.fetch.staleness import months_of
from paperdeck.storage.library.ledger import DAILY, DayRecord
from paperdeck.storage.library.library import Library
from paperdeck.storage.text.words import dated_day

from .client import Hub
from .parser import Batch

MONTH_WORTH_DAYS = 5
"""Minimum number of days for which fetching the whole month is cheaper."""

_Ids = tuple[str, ...]


@dataclass(slots=True)
class _DaySearch:
    """The search for the days of a month's undated papers."""

    missing: set[str]
    """Papers whose day is not known yet."""
    tiers: list[list[date]]
    """Days still to be tried, in groups, the likeliest first."""
    known: Mapping[date, _Ids]
    """The ids that the month's answer assigns to days."""
    open: int = 0
    """Days of the current tier that are not finished."""


class Daily:
    """Plans and runs the steps for Daily Papers."""

    def __init__(self, hub: Hub, library: Library, ingest: Ingest) -> None:
        self._hub, self._library, self._ingest = hub, library, ingest

    def add_days(self, run: FetchRun, days: Iterable[date], *, force: bool = False) -> None:
        """Plan to fetch single days."""
        for day in days:
            run.expect(DAILY, [day])
            run.add(DAILY, partial(self._day, day, force))

    def add_months(self, run: FetchRun, days: Iterable[date]) -> None:
        """Plan to fetch many days, by the month where that is cheaper."""
        for month, wanted in months_of(days).items():
            if len(wanted) < MONTH_WORTH_DAYS:
                self.add_days(run, wanted)
            else:
                run.expect(DAILY, wanted)
                run.add(DAILY, partial(self._month, run, month, wanted))

    async def _day(self, day: date, force: bool = False) -> Progress:
        progress, _ = await self._ask(day, force)
        return progress

    async def _ask(self, day: date, force: bool = False) -> tuple[Progress, DayRecord]:
        """Fetch one day and store the answer."""
        before = await in_thread(self._library.ledger.day, DAILY, day)
        try:
            found = await self._hub.day(day, before.etag if before and not force else None)
        except SourceError as error:
            [record] = await self._ingest.failed(DAILY, [day], error)
            return _of_day(record, error=error), record
        if isinstance(found, NotModified):
            assert before is not None  # the request had its ETag
            record = await self._ingest.unchanged(before)
            return _of_day(record, papers=len(record.ids)), record
        batch, etag = found
        added = await self._ingest.listed(batch.papers)
        record = await self._ingest.answered(DAILY, day, ids_of(batch.papers), etag)
        facts: dict[str, Any] = {"new": added.new, "changed": added.changed, "skipped": batch.skipped}
        return _of_day(record, papers=len(batch.papers), **facts), record

    async def _month(self, run: FetchRun, month: str, wanted: list[date]) -> Progress:
        """Fetch a month, store the items that name their day, and plan its days for the others."""
        try:
            batch = await self._hub.month(month)
        except SourceError as error:
            await self._ingest.failed(DAILY, wanted, error)
            run.fail(DAILY, wanted)
            return Progress(source=DAILY, label=month, error=error)
        known = await in_thread(self._by_day, batch, wanted)
        papers = [paper for paper in batch.papers if paper.listed in known and paper.id not in batch.undated]
        added = await self._ingest.listed(papers)
        missing = set(batch.undated) - await in_thread(self._placed, month)
        await self._search_next_tier(run, _DaySearch(missing, _tiers(wanted, known), known))
        facts: dict[str, Any] = {"new": added.new, "changed": added.changed, "skipped": batch.skipped}
        return Progress(source=DAILY, label=month, papers=len(papers), **facts)

    async def _search_next_tier(self, run: FetchRun, search: _DaySearch) -> None:
        """Plan the next tier; once nothing is missing, the month's own answer counts for the remaining days."""
        if search.missing and search.tiers:
            tier = search.tiers.pop(0)
            search.open = len(tier)
            for day in reversed(tier):
                run.add(DAILY, partial(self._search_day, run, search, day), first=True)
            return
        rest = [day for tier in search.tiers for day in tier]
        await self._ingest.all_answered(DAILY, [(day, search.known.get(day, ())) for day in rest])
        run.finish(DAILY, rest)

    async def _search_day(self, run: FetchRun, search: _DaySearch, day: date) -> Progress:
        if search.missing:
            progress, record = await self._ask(day)
            search.missing.difference_update(record.ids)
        else:
            record = await self._ingest.answered(DAILY, day, search.known.get(day, ()))
            progress = _of_day(record)
        search.open -= 1
        if search.open == 0:
            await self._search_next_tier(run, search)
        return progress

    def _by_day(self, batch: Batch, wanted: list[date]) -> dict[date, _Ids]:
        """The ids of a month's answer by the day that each item names; the answer may reach beyond the month."""
        days: dict[date, list[str]] = {}
        for paper in batch.papers:
            if paper.listed and paper.id not in batch.undated:
                days.setdefault(paper.listed, []).append(paper.id)
        return {day: tuple(days[day]) for day in wanted if day in days}

    def _placed(self, month: str) -> set[str]:
        """The papers that the ledger has on some day of a month."""
        records = self._library.ledger.days(DAILY)
        return {paper_id for day, record in records.items() if f"{day:%Y-%m}" == month for paper_id in record.ids}


def _tiers(wanted: list[date], known: Mapping[date, _Ids]) -> list[list[date]]:
    """Working days missing from the ledger, then other working days, then weekends."""
    tiers: list[list[date]] = [[], [], []]
    for day in wanted:
        tiers[2 if day.weekday() >= 5 else 1 if day in known else 0].append(day)
    return [tier for tier in tiers if tier]


def _of_day(record: DayRecord, **facts: Any) -> Progress:
    label = dated_day(record.day, date.fromisoformat(record.fetched_at[:10]))
    return Progress(source=record.source, label=label, day=record.day, state=record.state, **facts)
