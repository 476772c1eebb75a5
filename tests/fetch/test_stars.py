"""A refresh asks the sources about starred papers that no list brings any more, a few at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from paperdeck.storage.fetch.endpoints import Endpoints
from paperdeck.storage.fetch.fetcher import Fetcher
from paperdeck.storage.fetch.http.client import HttpClient
from paperdeck.storage.fetch.single_papers import MAX_AT_ONCE, StarRefreshes
from paperdeck.storage.library.library import Library
from paperdeck.storage.library.star_watch import CODE, news_of
from paperdeck.storage.settings.settings import Places
from tests.conftest import MakePaper
from tests.fetch.test_http import FakeTime
from tests.support.hub import FakeHub, item

OLD = "2611.00001"


class Desk:
    """A library with an old paper, a Hub, and a clock that is moved by hand."""

    def __init__(self, places: Places, hub: FakeHub) -> None:
        self.now = datetime(2026, 11, 20, 12, tzinfo=UTC)
        self.hub = hub
        self.errors: list[str] = []
        self.library = Library(places, clock=self.clock)

    def clock(self) -> float:
        return self.now.timestamp()

    async def refresh(self, **later: float) -> list[str]:
        """Refresh some time later; returns the ids of the papers that changed."""
        self.now += timedelta(**later)
        endpoints = Endpoints(hub=self.hub.url, arxiv=self.hub.url)
        fetcher = Fetcher(
            self.library, endpoints, client=HttpClient(timing=FakeTime().timing), clock=self.clock, arxiv_interval=0.0
        )
        try:
            events = [event async for event in fetcher.refresh(1)]
            self.errors = [str(event.error) for event in events if event.error]
            return [paper_id for event in events for paper_id in event.changed]
        finally:
            await fetcher.close()

    def asked(self) -> int:
        return len(self.hub.asked(f"/api/papers/{OLD}"))


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    hub = FakeHub(today=date(2026, 11, 20))
    hub.list_day(date(2026, 9, 1), item(OLD, "An old paper"))
    yield hub.start()
    hub.stop()


@pytest.fixture
def desk(places: Places, hub: FakeHub, make_paper: MakePaper) -> Desk:
    desk = Desk(places, hub)
    desk.library.add([make_paper(1, title="An old paper", listed=date(2026, 9, 1))], "hf")
    return desk


async def test_only_stars_are_asked_about_and_not_again_for_three_days(desk: Desk) -> None:
    await desk.refresh()
    assert desk.asked() == 0
    desk.library.mark([OLD], starred=True)
    await desk.refresh(minutes=20)
    await desk.refresh(hours=12)
    assert desk.asked() == 1
    await desk.refresh(days=3)
    assert desk.asked() == 2


async def test_what_a_source_says_anew_of_an_old_star_is_news(desk: Desk) -> None:
    desk.library.mark([OLD], starred=True)
    await desk.refresh(hours=1)
    desk.hub.papers[OLD]["paper"]["githubRepo"] = "https://github.com/example/code"
    assert OLD in await desk.refresh(days=4)
    paper = desk.library.paper(OLD)
    assert paper and CODE in [news.kind for news in news_of(paper, desk.library.marks(OLD))]


async def test_a_source_that_fails_is_asked_again_the_next_time(desk: Desk) -> None:
    desk.library.mark([OLD], starred=True)
    await desk.refresh(hours=1)
    desk.hub.broken = ("/api/papers",)
    await desk.refresh(days=4)
    assert "Could not ask what is new of starred papers" in desk.errors[-1], "also if nothing else had to be fetched"
    desk.hub.broken = ()
    before = desk.asked()
    await desk.refresh(minutes=20)
    assert desk.asked() > before


def test_few_are_asked_about_at_once_those_first_that_waited_longest(desk: Desk, make_paper: MakePaper) -> None:
    ids = [f"2611.{number:05}" for number in range(1, 40)]
    desk.library.mark(ids, starred=True)
    stars = StarRefreshes(desk.library, desk.clock)
    assert stars.due() == ids[:MAX_AT_ONCE]
    stars.record_refresh(ids[:MAX_AT_ONCE])
    assert stars.due() == ids[MAX_AT_ONCE:]
    desk.now += timedelta(days=4)
    stars.record_refresh(ids[MAX_AT_ONCE:])
    assert stars.due() == ids[:MAX_AT_ONCE]


def test_a_refresh_in_the_future_does_not_count(desk: Desk) -> None:
    desk.library.mark([OLD], starred=True)
    stars = StarRefreshes(desk.library, desk.clock)
    desk.now += timedelta(days=2000)
    stars.record_refresh([OLD])
    assert stars.due() == []
    desk.now -= timedelta(days=2000)
    assert stars.due() == [OLD]


def test_a_file_that_cannot_be_read_asks_about_all(desk: Desk) -> None:
    desk.library.mark([OLD], starred=True)
    stars = StarRefreshes(desk.library, desk.clock)
    stars.record_refresh([OLD])
    (desk.library.places.state / "asked_stars.json").write_text("[1")
    assert stars.due() == [OLD]
