"""How long fetching takes: the whole history from a hub on loopback, the same again, and a quiet refresh.

The hub is another process, as in real life; the time that it takes to answer is in the figures.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import tempfile
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from multiprocessing.connection import Connection

from paperdeck.storage.fetch.endpoints import Endpoints
from paperdeck.storage.fetch.fetcher import Fetcher
from paperdeck.storage.fetch.hub.parser import parse_daily
from paperdeck.storage.fetch.run import Progress
from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import Places
from tests.support.hub import FakeHub, Item, item

Row = tuple[str, str]
"""What was measured, and the figures."""

SIZE = 8_500
TODAY = date(2026, 11, 20)
NAMED_SINCE = date(2025, 3, 17)
"""From here on items name their day, as in real life; earlier months cost a request a day."""
BOUND_HISTORY_S, BOUND_AGAIN_S, BOUND_PAGE_MS, BOUND_GAP_MS = 20.0, 1.0, 30.0, 50.0
_WORDS = ("agents", "learn", "to", "rank", "large", "models", "by", "sparse", "attention", "over", "contexts")


def run() -> list[Row]:
    """The rows, each with its bound."""
    page = [_item(number, TODAY) for number in range(100)]
    started = time.perf_counter()
    parse_daily(page)
    parsed = (time.perf_counter() - started) * 1e3
    with serving() as url:
        rows = asyncio.run(_measure(url))
    return [("parse a page of 100 items", f"{parsed:.1f} ms (bound {BOUND_PAGE_MS:g} ms)"), *rows]


async def _measure(url: str) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Places.find({"PAPERDECK_HOME": folder}))
        noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC).timestamp()
        fetcher = Fetcher(library, Endpoints(hub=url, arxiv=url), clock=lambda: noon)
        first, papers, gap = await _timed(fetcher.backfill(date(2023, 5, 4)))
        again, _, _ = await _timed(fetcher.backfill(date(2023, 5, 4)))
        quiet, _, _ = await _timed(fetcher.refresh(force=True))
        await fetcher.close()
    return [
        (f"history of {papers} papers", f"{first:.2f} s (bound {BOUND_HISTORY_S:g} s)"),
        ("waits of the event loop, p99", f"{gap * 1e3:.0f} ms (bound {BOUND_GAP_MS:g} ms)"),
        ("the history again", f"{again:.2f} s (bound {BOUND_AGAIN_S:g} s)"),
        ("a forced refresh of 7 days", f"{quiet:.2f} s"),
    ]


async def _timed(events: AsyncGenerator[Progress, None]) -> tuple[float, int, float]:
    """Seconds, new papers, and for how long nothing else could run (99th percentile)."""
    gaps: list[float] = []
    watcher = asyncio.create_task(_watch(gaps))
    started = time.perf_counter()
    new = sum([len(event.new) async for event in events])
    seconds = time.perf_counter() - started
    watcher.cancel()
    return seconds, new, sorted([0.0, *gaps])[int(len(gaps) * 0.99)]


async def _watch(gaps: list[float]) -> None:
    while True:
        started = time.perf_counter()
        await asyncio.sleep(0.005)
        gaps.append(time.perf_counter() - started - 0.005)


@contextmanager
def serving(today: date = TODAY) -> Iterator[str]:
    """A full hub in a process of its own, for which that day is today; yields its address."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs, today), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def _serve(channel: Connection, today: date) -> None:
    hub, number, day = FakeHub(today), 0, date(2024, 5, 27)
    while number < SIZE:
        if day.weekday() < 5:
            size = 14 if day < NAMED_SINCE else 19
            named = day >= NAMED_SINCE
            hub.list_day(day, *(_item(n, day) for n in range(number, number + size)), names_day=named)
            number += size
        day += timedelta(days=1)
    hub.start()
    channel.send(hub.url)
    time.sleep(3600)


def _item(number: int, day: date) -> Item:
    rng = random.Random(number)
    words = [rng.choice(_WORDS) for _ in range(200)]
    return item(
        f"{day:%y%m}.{number + 1:05}",
        " ".join(words[:9]),
        summary=" ".join(words),
        authors=[{"name": f"Ann{k} {words[k]}", "hidden": False, "_id": "0" * 24} for k in range(8)],
        upvotes=rng.randrange(120),
        ai_summary=" ".join(words[:30]),
        ai_keywords=words[:9],
        githubRepo=f"https://github.com/lab/{number}",
    )


if __name__ == "__main__":
    for what, figures in run():
        print(f"{what:<32} {figures}")
