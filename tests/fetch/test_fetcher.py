"""The fetcher against a hub that misbehaves: nothing is missed, nothing is lost, nothing is asked for without need."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from paperdeck.storage.errors import InvalidInput, NoArxivId, NotFound, SourceError, StoreError, Unreachable
from paperdeck.storage.fetch.endpoints import Endpoints
from paperdeck.storage.fetch.fetcher import Fetcher
from paperdeck.storage.fetch.full_text import text_file, text_folder
from paperdeck.storage.fetch.http.client import HttpClient
from paperdeck.storage.fetch.run import Progress
from paperdeck.storage.identifiers import local_id, parse_reference
from paperdeck.storage.library.ledger import TRENDING
from paperdeck.storage.library.library import DayState, Library
from paperdeck.storage.library.papers import Awaited
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.reading.markdown import read_markdown
from tests.fetch.test_http import FakeTime
from tests.support.hub import FakeHub, item

TODAY = date(2026, 11, 20)  # a Friday
YESTERDAY = TODAY - timedelta(days=1)
COMPLETE, PARTIAL, FAILED, EMPTY = DayState.COMPLETE, DayState.PARTIAL, DayState.FAILED, DayState.EMPTY


class Clock:
    """The time of day, moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 12, tzinfo=UTC)

    def __call__(self) -> float:
        return self.now.timestamp()

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    hub = FakeHub(TODAY)
    hub.list_day(TODAY, item("2611.00001", upvotes=5), item("2611.00002", upvotes=9))
    hub.list_day(YESTERDAY, item("2611.00003"))
    yield hub.start()
    hub.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def library(places: Places, clock: Clock) -> Library:
    return Library(places, clock=clock)


@pytest.fixture
async def fetcher(hub: FakeHub, library: Library, clock: Clock) -> AsyncIterator[Fetcher]:
    async with aclosing_fetcher(hub, library, clock) as fetcher:
        yield fetcher


def aclosing_fetcher(hub: FakeHub, library: Library, clock: Clock, **how: object) -> AsyncClosing:
    endpoints = Endpoints(hub=hub.url, arxiv=hub.url)
    client = HttpClient(timing=FakeTime().timing)
    return AsyncClosing(Fetcher(library, endpoints, client=client, clock=clock, arxiv_interval=0.0, **how))  # type: ignore[arg-type]


class AsyncClosing:
    """A fetcher that is closed at the end of a block."""

    def __init__(self, fetcher: Fetcher) -> None:
        self.fetcher = fetcher

    async def __aenter__(self) -> Fetcher:
        return self.fetcher

    async def __aexit__(self, *problem: object) -> None:
        await self.fetcher.close()


async def refresh(fetcher: Fetcher, days: int = 7, *, force: bool = False) -> list[Progress]:
    return [event async for event in fetcher.refresh(days, force=force)]


async def backfill(fetcher: Fetcher, since: date, until: date | None = None, *, force: bool = False) -> list[Progress]:
    return [event async for event in fetcher.backfill(since, until, force=force)]


def states(library: Library, source: str = "hf") -> dict[date, DayState]:
    return {day: record.state for day, record in library.ledger.days(source).items()}


# -- refresh -------------------------------------------------------------------------------------------------------


async def test_the_last_days_are_requested_and_reported_as_they_arrive(
    fetcher: Fetcher, hub: FakeHub, library: Library
) -> None:
    events = await refresh(fetcher)
    assert len(hub.log) == 7
    assert Counter(event.state for event in events) == {COMPLETE: 2, EMPTY: 5}
    [today] = [event for event in events if event.day == TODAY]
    assert (today.label, today.papers, set(today.new)) == ("Fri 20 Nov", 2, {"2611.00001", "2611.00002"})
    assert (events[-1].done, events[-1].total) == (7, 7)
    record = library.ledger.day("hf", TODAY)
    assert record and record.ids == ("2611.00002", "2611.00001"), "the Hub's order"


async def test_a_fetch_gives_way_to_typing_before_it_reads_each_answer(fetcher: Fetcher, library: Library) -> None:
    paused: list[int] = []
    here = 0

    async def pace() -> None:
        nonlocal here
        here += 1
        assert here == 1, "pauses come one after the other, so that no two pieces of work follow one pause"
        paused.append(len(library.months()))
        await asyncio.sleep(0)
        here -= 1

    fetcher.pace = pace
    await refresh(fetcher)
    assert len(paused) >= 7 + 2  # seven answers, and papers of two days
    assert paused[0] == 0, "the first answer is not read before the pause"


async def test_a_user_who_waits_for_an_answer_waits_for_nothing_else(fetcher: Fetcher) -> None:
    async def pace() -> None:
        raise AssertionError("no pause")

    fetcher.pace = pace
    assert await fetcher.candidates("Paper 2611.00001")


async def test_what_is_fresh_is_not_asked_again(fetcher: Fetcher, hub: FakeHub) -> None:
    await refresh(fetcher)
    hub.log.clear()
    assert await refresh(fetcher) == []
    assert hub.log == []
    await refresh(fetcher, force=True)
    assert len(hub.log) == 7


async def test_today_and_yesterday_are_asked_again_after_a_quarter_of_an_hour(
    fetcher: Fetcher, hub: FakeHub, clock: Clock
) -> None:
    await refresh(fetcher)
    hub.log.clear()
    clock.later(minutes=16)
    await refresh(fetcher)
    assert sorted(hub.log) == [(f"/api/daily_papers?date={day}&limit=100", 304) for day in (YESTERDAY, TODAY)]


async def test_votes_are_refreshed_with_their_day(
    fetcher: Fetcher, hub: FakeHub, clock: Clock, library: Library
) -> None:
    await refresh(fetcher)
    hub.papers["2611.00001"]["paper"]["upvotes"] = 50
    clock.later(minutes=16)
    events = await refresh(fetcher)
    assert [event.changed for event in events if event.changed] == [("2611.00001",)]
    paper = library.paper("2611.00001")
    assert paper and paper.upvotes == 50


async def test_a_day_that_fills_late_is_filled(fetcher: Fetcher, hub: FakeHub, clock: Clock, library: Library) -> None:
    hub.days[TODAY] = []
    await refresh(fetcher)
    assert states(library)[TODAY] is EMPTY
    hub.list_day(TODAY, item("2611.00009"))
    clock.later(hours=1)
    [event] = [event for event in await refresh(fetcher) if event.new]
    assert (event.new, states(library)[TODAY]) == (("2611.00009",), COMPLETE)


async def test_a_day_that_was_last_seen_young_is_asked_for_weeks_later(
    fetcher: Fetcher, hub: FakeHub, clock: Clock, library: Library
) -> None:
    await refresh(fetcher)
    hub.list_day(TODAY, *hub.days[TODAY], item("2611.00009"))
    hub.today += timedelta(days=20)
    clock.later(days=20)
    await refresh(fetcher)
    assert library.paper("2611.00009"), "the gap since the last refresh is closed"


async def test_a_smaller_answer_takes_nothing_away(
    fetcher: Fetcher, hub: FakeHub, clock: Clock, library: Library
) -> None:
    await refresh(fetcher)
    hub.days[TODAY].pop()
    for expected in (PARTIAL, COMPLETE):  # the same smaller answer for the second time is the truth
        clock.later(minutes=16)
        await refresh(fetcher)
        record = library.ledger.day("hf", TODAY)
        assert record and record.state is expected
        assert set(record.ids) == {"2611.00001", "2611.00002"}
    assert library.paper("2611.00001")


async def test_an_empty_answer_takes_nothing_away(
    fetcher: Fetcher, hub: FakeHub, clock: Clock, library: Library
) -> None:
    await refresh(fetcher)
    hub.days[TODAY] = []
    for _ in range(2):
        clock.later(minutes=16)
        await refresh(fetcher)
        assert states(library)[TODAY] is PARTIAL


async def test_a_paper_listed_on_two_days_is_on_both_and_dated_by_the_first(
    fetcher: Fetcher, hub: FakeHub, library: Library
) -> None:
    hub.list_day(YESTERDAY, item("2611.00001"))
    await refresh(fetcher)
    records = library.ledger.days("hf")
    assert "2611.00001" in records[TODAY].ids
    assert "2611.00001" in records[YESTERDAY].ids
    paper = library.paper("2611.00001")
    assert paper and paper.listed == YESTERDAY


async def test_a_day_of_more_than_a_page_is_whole(fetcher: Fetcher, hub: FakeHub, library: Library) -> None:
    hub.list_day(TODAY, *(item(f"2611.{n:05}") for n in range(1, 251)))
    await refresh(fetcher, 1)
    record = library.ledger.day("hf", TODAY)
    assert record and len(record.ids) == 250
    assert len(hub.log) == 3


async def test_a_bad_item_is_counted_and_its_neighbours_are_kept(fetcher: Fetcher, hub: FakeHub) -> None:
    hub.days[TODAY] = [{"paper": None}, *hub.days[TODAY], {"paper": {"id": "../x", "title": "t"}, "upvotes": 1}]
    [event] = await refresh(fetcher, 1)
    assert (event.papers, event.skipped, event.state) == (2, 2, COMPLETE)


async def test_a_day_later_than_utc_today_is_never_asked_for(fetcher: Fetcher, hub: FakeHub) -> None:
    await refresh(fetcher, 3)
    assert not hub.asked("2026-11-21")


# -- trouble -------------------------------------------------------------------------------------------------------


async def test_passing_faults_are_not_even_reported(fetcher: Fetcher, hub: FakeHub, library: Library) -> None:
    hub.faults = ["503", "cut", "html", "reset", "429 1", "500", "503", "html"]
    events = await refresh(fetcher)
    assert not [event.error for event in events if event.error]
    assert set(states(library).values()) == {COMPLETE, EMPTY}
    assert library.paper("2611.00003")


async def test_a_hub_that_is_down_is_reported_once_and_left_alone(
    fetcher: Fetcher, hub: FakeHub, library: Library, clock: Clock
) -> None:
    await refresh(fetcher, 2)
    clock.later(hours=1)
    hub.always = "reset"
    events = await refresh(fetcher, 30)
    [error] = [event.error for event in events if event.error]
    assert isinstance(error, Unreachable)
    assert len(events) < 12, "not every day is tried"
    assert library.paper("2611.00001"), "cached papers stay"
    assert states(library)[TODAY] is COMPLETE, "what was answered stays so"
    hub.always = ""
    clock.later(hours=2)
    await refresh(fetcher, 30)
    assert set(states(library).values()) == {COMPLETE, EMPTY}


async def test_a_settled_day_stays_settled_whatever_a_forced_refresh_meets(
    fetcher: Fetcher, hub: FakeHub, library: Library
) -> None:
    await refresh(fetcher, 7)
    hub.always = "503"
    await refresh(fetcher, 7, force=True)
    assert states(library)[TODAY - timedelta(days=5)] is EMPTY


async def test_nobody_there_is_out_of_reach(library: Library, clock: Clock, hub: FakeHub) -> None:
    endpoints = Endpoints(hub="http://127.0.0.1:9", arxiv="http://127.0.0.1:9")
    client = HttpClient(timing=FakeTime().timing)
    fetcher = Fetcher(library, endpoints, client=client, clock=clock)
    errors = [event.error for event in await refresh(fetcher) if event.error]
    assert [type(error) for error in errors] == [Unreachable]
    await fetcher.close()


# -- answers that no second request makes better -------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"{", b'"a text"', b"[nonsense]"])
async def test_the_same_unreadable_answer_twice_is_the_last_word(
    fetcher: Fetcher, hub: FakeHub, library: Library, body: bytes
) -> None:
    hub.bodies["/api/daily_papers"] = body
    [event] = await refresh(fetcher, 1)
    assert str(event.error).startswith("Could not fetch Daily Papers: 127.0.0.1")
    assert len(hub.log) == 2


async def test_a_broken_feed_is_not_asked_for_twelve_times(fetcher: Fetcher, hub: FakeHub) -> None:
    hub.bodies["/api/query"] = b"<feed><entry><title>a < b</title></entry></feed>"
    brought = await fetcher.add([parse_reference("2611.00001")])
    assert "something that is not XML" in str(brought.errors[0])
    assert len(hub.asked("/api/query")) == 2


async def test_a_repaired_feed_is_asked_for_once(fetcher: Fetcher, hub: FakeHub, library: Library) -> None:
    hub.papers["2611.00001"]["paper"]["title"] = "form\x0cfeed"
    await fetcher.add([parse_reference("2611.00001")])
    assert len(hub.asked("/api/query")) == 1
    paper = library.paper("2611.00001")
    assert paper and paper.title == "formfeed"


async def test_a_page_holds_at_most_what_was_asked_for(fetcher: Fetcher, hub: FakeHub, library: Library) -> None:
    items = [item(f"2611.{number:05}") for number in range(1, 150)]
    hub.bodies["/api/daily_papers"] = json.dumps([*items, *[{}] * 100_000]).encode()
    [event] = await refresh(fetcher, 1)
    assert (event.papers, event.state, len(hub.log)) == (100, COMPLETE, 1)
    assert event.skipped == 100_049, "counted, and not looked at one by one"


async def test_what_is_skipped_is_reported_once(hub: FakeHub, library: Library, clock: Clock) -> None:
    hub.list_day(TODAY, *hub.days[TODAY], item("../x"), item("nonsense"))
    hub.announced = ["2611.00001"]
    hub.announced_links["2611.00001"] = "https://elsewhere.test/1"
    sentences: list[str] = []
    async with aclosing_fetcher(hub, library, clock, categories=["cs.CL"], notify=sentences.append) as fetcher:
        await refresh(fetcher, 2)
    assert sentences == ["Skipped unusable items: 2 from Daily Papers, 3 from cs.CL."]


# -- history -------------------------------------------------------------------------------------------------------


def fill(hub: FakeHub, since: date, until: date, *, names_day: bool = True) -> set[str]:
    """Two papers on each working day; returns the ids."""
    ids: set[str] = set()
    for n in range((until - since).days + 1):
        day = since + timedelta(days=n)
        if day.weekday() < 5:
            new = [f"{day:%y%m}.{day.day * 100 + number:05}" for number in (1, 2)]
            hub.list_day(day, *(item(paper_id, upvotes=n) for paper_id in new), names_day=names_day)
            ids |= set(new)
    return ids


async def test_history_is_asked_for_by_the_month(fetcher: Fetcher, hub: FakeHub, library: Library) -> None:
    ids = fill(hub, date(2026, 8, 1), date(2026, 10, 31))
    events = await backfill(fetcher, date(2026, 8, 1), date(2026, 10, 31))
    assert sorted(hub.asked()) == [f"/api/daily_papers?month=2026-{month:02}&limit=100" for month in (8, 9, 10)]
    assert {paper_id for record in library.ledger.days("hf").values() for paper_id in record.ids} == ids
    assert library.papers(ids).keys() == ids
    assert (events[-1].done, events[-1].total) == (92, 92)
    assert states(library)[date(2026, 8, 2)] is EMPTY


async def test_history_that_is_there_is_not_asked_for_again(fetcher: Fetcher, hub: FakeHub, clock: Clock) -> None:
    fill(hub, date(2026, 8, 1), date(2026, 10, 31))
    await backfill(fetcher, date(2026, 8, 1))
    hub.log.clear()
    assert await backfill(fetcher, date(2026, 8, 1)) == []
    clock.later(days=3)
    hub.today += timedelta(days=3)
    await backfill(fetcher, date(2026, 8, 1))
    assert not hub.asked("month=")
    assert len(hub.log) == 5, "what was young then, and what is new"


async def test_months_that_do_not_name_days_are_asked_for_by_the_day(
    fetcher: Fetcher, hub: FakeHub, library: Library
) -> None:
    ids = fill(hub, date(2024, 10, 1), date(2024, 10, 31), names_day=False)
    await backfill(fetcher, date(2024, 10, 1), date(2024, 10, 31))
    assert set(library.papers(ids)) == ids
    assert {record.day for record in library.ledger.days("hf").values() if record.ids} == {
        day for day, items in hub.days.items() if items and day.year == 2024
    }
    assert not hub.asked("date=2024-10-05"), "a weekend that can hold nothing"
    paper = library.paper("2410.01001")
    assert paper and paper.listed == date(2024, 10, 10)


async def test_a_paper_of_a_weekend_is_found_too(fetcher: Fetcher, hub: FakeHub, library: Library) -> None:
    fill(hub, date(2024, 10, 1), date(2024, 10, 31), names_day=False)
    hub.list_day(date(2024, 10, 5), item("2410.09999"), names_day=False)
    await backfill(fetcher, date(2024, 10, 1), date(2024, 10, 31))
    assert states(library)[date(2024, 10, 5)] is COMPLETE
    assert len(states(library)) == 31


async def test_a_month_in_which_the_hub_began_to_name_days_is_whole(
    fetcher: Fetcher, hub: FakeHub, library: Library
) -> None:
    ids = fill(hub, date(2025, 3, 1), date(2025, 3, 14), names_day=False) | fill(
        hub, date(2025, 3, 15), date(2025, 3, 31)
    )
    await backfill(fetcher, date(2025, 3, 1), date(2025, 3, 31))
    assert {paper_id for record in library.ledger.days("hf").values() for paper_id in record.ids} == ids
    assert not hub.asked("date=2025-03-20")


async def test_history_ends_complete_under_faults(fetcher: Fetcher, hub: FakeHub, library: Library) -> None:
    ids = fill(hub, date(2024, 9, 1), date(2024, 10, 31), names_day=False)
    hub.faults = ["503", "", "", "cut", "", "html", "", "", "reset", "", "500", "", ""] * 20
    await backfill(fetcher, date(2024, 9, 1), date(2024, 10, 31))
    assert {paper_id for record in library.ledger.days("hf").values() for paper_id in record.ids} == ids
    assert set(states(library).values()) == {COMPLETE, EMPTY}


async def test_a_month_that_fails_gets_a_second_chance(fetcher: Fetcher, hub: FakeHub, library: Library) -> None:
    ids = fill(hub, date(2026, 8, 1), date(2026, 8, 31))
    hub.faults = ["html"] * 6
    events = await backfill(fetcher, date(2026, 8, 1), date(2026, 8, 31))
    assert len([event for event in events if event.error]) == 1
    assert set(library.papers(ids)) == ids
    assert set(states(library).values()) == {COMPLETE, EMPTY}


async def test_history_stops_honestly_where_the_hub_stays_down(
    fetcher: Fetcher, hub: FakeHub, library: Library
) -> None:
    fill(hub, date(2026, 1, 1), date(2026, 10, 31))
    hub.always = "503"
    await backfill(fetcher, date(2026, 1, 1), date(2026, 10, 31))
    assert set(states(library).values()) == {FAILED}
    assert len(states(library)) < 270
    hub.always = ""
    await backfill(fetcher, date(2026, 1, 1), date(2026, 10, 31))
    assert set(states(library).values()) == {COMPLETE, EMPTY}
    assert len(states(library)) == 304


async def test_history_can_be_stopped_and_goes_on_there(fetcher: Fetcher, hub: FakeHub, library: Library) -> None:
    ids = fill(hub, date(2024, 9, 1), date(2024, 10, 31), names_day=False)
    async with aclosing(fetcher.backfill(date(2024, 9, 1), date(2024, 10, 31))) as events:
        async for event in events:
            if event.done >= 20:
                break
    settled = [day for day, state in states(library).items() if state is COMPLETE]
    hub.log.clear()
    await backfill(fetcher, date(2024, 9, 1), date(2024, 10, 31))
    assert not [day for day in settled if hub.asked(f"date={day}")]
    assert {paper_id for record in library.ledger.days("hf").values() for paper_id in record.ids} == ids


async def test_being_killed_between_papers_and_ledger_costs_nothing(
    fetcher: Fetcher, hub: FakeHub, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*records: object) -> None:
        raise StoreError("the power is gone")

    with monkeypatch.context() as patch, pytest.raises(StoreError):
        patch.setattr(library.ledger, "record", die)
        await refresh(fetcher, 1)
    assert library.ledger.day("hf", TODAY) is None
    await refresh(fetcher, 1)
    assert states(library) == {TODAY: COMPLETE}


async def test_days_in_the_wrong_order_are_refused(fetcher: Fetcher) -> None:
    with pytest.raises(InvalidInput, match="no days"):
        await backfill(fetcher, TODAY, YESTERDAY)


async def test_days_before_the_first_are_named_with_the_reason(fetcher: Fetcher) -> None:
    """It said that there are no days from the first day of Daily Papers to one in the year 1."""
    with pytest.raises(InvalidInput, match="no days from 0001-01-01 to 0001-01-02; Daily Papers began on 2023-05-04"):
        await backfill(fetcher, date(1, 1, 1), date(1, 1, 2))


# -- single questions ----------------------------------------------------------------------------------------------


async def test_results_of_a_search_are_kept(fetcher: Fetcher, hub: FakeHub, library: Library) -> None:
    hub.list_day(date(2024, 5, 6), item("2405.00001", "Rare Birds"), names_day=False)
    assert await fetcher.search("birds rare") == ["2405.00001"]
    paper = library.paper("2405.00001")
    assert paper and paper.listed is None


async def test_a_search_does_not_move_a_known_listing(fetcher: Fetcher, hub: FakeHub, library: Library) -> None:
    entry = item("2405.00001", "Rare Birds") | {"publishedAt": "2024-05-05T23:00:00.000Z"}
    entry["paper"]["publishedAt"] = "2024-05-03T12:00:00.000Z"
    hub.list_day(date(2024, 5, 6), entry, names_day=False)
    await backfill(fetcher, date(2024, 5, 6), date(2024, 5, 6))
    await fetcher.search("birds")
    paper = library.paper("2405.00001")
    assert paper and paper.listed == date(2024, 5, 6)


async def test_trending_keeps_the_hubs_order(fetcher: Fetcher, hub: FakeHub, library: Library) -> None:
    hub.papers["2611.00003"]["paper"]["githubStars"] = 100
    found = await fetcher.trending()
    assert found[0] == "2611.00003"
    record = library.ledger.day(TRENDING, TODAY)
    assert record and list(record.ids) == found


async def test_one_paper_brings_its_links(fetcher: Fetcher, library: Library) -> None:
    details = await fetcher.paper("2611.00001")
    assert [model.id for model in details.models] == ["lab/model"]
    assert details.totals == (9, 0, 0)
    assert library.paper("2611.00001")
    with pytest.raises(NotFound):
        await fetcher.paper("2611.09999")


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "2611.00001v2", "2611.00001?x=1", "x\x1b[2J"])
async def test_what_is_not_an_id_becomes_no_address_and_no_file(
    fetcher: Fetcher, hub: FakeHub, tmp_path: Path, name: str
) -> None:
    for question in (fetcher.paper(name), fetcher.comments(name), fetcher.full_text(name), fetcher.pdf(name, tmp_path)):
        with pytest.raises(InvalidInput):
            await question
    assert hub.log == []


async def test_a_paper_without_an_arxiv_id_is_reported_and_no_source_asked(
    fetcher: Fetcher, hub: FakeHub, tmp_path: Path
) -> None:
    """“This paper is not on arXiv”, of one that was imported without a network; “the Hub doesn't have” it."""
    name = local_id("A Title", "Ann")
    for question in (fetcher.paper(name), fetcher.comments(name), fetcher.full_text(name), fetcher.pdf(name, tmp_path)):
        with pytest.raises(NoArxivId, match=r"no arXiv id is known .*\. Importing its file again"):
            await question
    assert hub.log == []


async def test_comments_are_asked_for(fetcher: Fetcher, hub: FakeHub) -> None:
    hub.comments["2611.00001"] = [{"id": "c", "author": {"name": "ann"}, "data": {"latest": {"raw": "Good"}}}]
    assert [(c.author, c.text) for c in await fetcher.comments("2611.00001")] == [("ann", "Good")]
    assert await fetcher.comments("2611.00002") == []


async def test_a_paper_that_is_added_by_hand_has_both_sources(fetcher: Fetcher, hub: FakeHub, library: Library) -> None:
    hub.papers["2611.00001"]["paper"]["upvotes"] = 12
    brought = await fetcher.add([parse_reference("arXiv:2611.00001v2"), parse_reference("2611.09999")])
    assert (brought.new, brought.missing, brought.errors) == (("2611.00001",), ("2611.09999",), ())
    paper = library.paper("2611.00001")
    assert paper and (paper.upvotes, paper.categories) == (12, ("cs.CL",))
    assert library.provenance("2611.00001") | {"upvotes": "hf", "title": "arxiv"} == library.provenance("2611.00001")


@pytest.mark.parametrize("way", ["add", "refresh", "backfill"])
async def test_what_was_named_offline_comes_with_whatever_is_asked_next(
    fetcher: Fetcher, hub: FakeHub, library: Library, way: str
) -> None:
    awaited = Awaited(library.places)
    awaited.add(["2611.00001", "2611.09999"])
    if way == "add":
        assert (await fetcher.add([parse_reference("2611.00002")])).new == ("2611.00002",)
    else:
        await (refresh(fetcher) if way == "refresh" else backfill(fetcher, TODAY))
    assert library.paper("2611.00001")
    assert awaited.ids() == [], "nobody has the other one"


async def test_what_was_named_offline_waits_on_while_arxiv_is_down(
    fetcher: Fetcher, hub: FakeHub, library: Library
) -> None:
    Awaited(library.places).add(["2611.09999"])
    hub.broken = ("/api/query",)
    await refresh(fetcher)
    assert Awaited(library.places).ids() == ["2611.09999"]


async def test_a_source_that_fails_while_adding_is_reported_and_the_other_is_used(
    fetcher: Fetcher, hub: FakeHub, library: Library
) -> None:
    hub.on_request = lambda path: hub.faults.append("500") if path.startswith("/api/papers") else None
    brought = await fetcher.add([parse_reference("2611.00001")])
    assert brought.new == ("2611.00001",)


async def test_a_text_comes_from_the_hub_and_is_kept(fetcher: Fetcher, hub: FakeHub) -> None:
    body = "\n\n".join(f"## Section {n}\n\n{'words ' * 300}" for n in range(5))
    hub.markdown["2611.00001"] = f"Title: T\nURL Source: x\n\nMarkdown Content:\n# T\n\n{body}\x1b[2J"
    text = await fetcher.full_text("2611.00001")
    assert text.startswith("# T")
    assert "\x1b" not in text
    hub.always = "reset"
    assert await fetcher.full_text("2611.00001") == text


async def test_where_the_hub_has_only_its_page_arxiv_is_asked(fetcher: Fetcher, hub: FakeHub) -> None:
    hub.markdown["2611.00001"] = "# T\n\nJust the abstract."
    sections = "".join(f"<section><h2>Part {n}</h2><p>{'words ' * 300}</p></section>" for n in range(5))
    hub.html["2611.00001"] = f"<html><body><article><h1>T</h1>{sections}</article></body></html>"
    assert "## Part 4" in await fetcher.full_text("2611.00001")


OTHERS = (
    "https://arxiv.org/html/2611.00002v7#S3",
    "https://arxiv.org/html/2611.000011#S3",
    "https://arxiv.org/html/2611.00001v2",
    "https://arxiv.org/abs/2611.00001#comments",
    "https://arxiv.org/help/x#y",
)
OWN = ("https://arxiv.org/html/2611.00001v2#bib.bib1", "https://www.arxiv.org/html/2611.00001#S3.E1")


@pytest.mark.parametrize("source", ["hub", "arxiv", "stored"])
async def test_citations_are_not_links_to_open_but_places_in_other_papers_are(
    fetcher: Fetcher, hub: FakeHub, places: Places, source: str
) -> None:
    if source == "arxiv":
        links = "".join(f"<p><a href='{link}'>there</a></p>" for link in OTHERS + OWN)
        sections = "".join(f"<h2>Part {n}</h2><p>{'words ' * 300}</p>" for n in range(5))
        hub.html["2611.00001"] = f"<article>{sections}{links}</article>"
    else:
        links = "\n\n".join(f'[[1]({link} "title")]' for link in OTHERS + OWN)
        text = "\n\n".join(f"## Part {n}\n\n{'words ' * 300}" for n in range(5)) + "\n\n" + links
        hub.markdown["2611.00001"] = text
        if source == "stored":
            text_folder(places).mkdir(parents=True)
            text_file(text_folder(places), "2611.00001").write_text(text, "utf-8")
    blocks = read_markdown(await fetcher.full_text("2611.00001"))
    assert [piece.link for block in blocks for piece in block.pieces() if piece.link] == list(OTHERS)


async def test_a_text_that_nobody_has_is_not_found(fetcher: Fetcher, hub: FakeHub) -> None:
    with pytest.raises(NotFound, match="PDF"):
        await fetcher.full_text("2611.00001")
    hub.always = "503"
    with pytest.raises(SourceError, match="503"):
        await fetcher.full_text("2611.00001")


PDF = b"%PDF-1.4\n" + bytes(range(256)) * 4000


async def test_a_pdf_is_downloaded_with_its_progress(fetcher: Fetcher, hub: FakeHub, tmp_path: Path) -> None:
    hub.pdfs["2611.00001"] = PDF
    told: list[tuple[int, int | None]] = []
    path = await fetcher.pdf("2611.00001", tmp_path / "new" / "folder", lambda *now: told.append(now))
    assert path.read_bytes() == PDF
    assert told[-1] == (len(PDF), len(PDF))
    assert [file.name for file in path.parent.iterdir()] == ["2611.00001.pdf"]
    assert await fetcher.pdf("2611.00001", path.parent) == path
    assert len(hub.asked("/pdf")) == 1, "what is there is not fetched again"


async def test_a_download_that_was_cut_off_goes_on_where_it_stopped(
    fetcher: Fetcher, hub: FakeHub, tmp_path: Path
) -> None:
    hub.pdfs["2611.00001"] = PDF
    hub.faults = ["cut"]
    path = await fetcher.pdf("2611.00001", tmp_path)
    assert path.read_bytes() == PDF
    assert [status for _, status in hub.log] == [200, 206]


async def test_a_download_that_changed_meanwhile_starts_again(fetcher: Fetcher, hub: FakeHub, tmp_path: Path) -> None:
    hub.pdfs["2611.00001"] = PDF
    (tmp_path / "2611.00001.pdf.part").write_bytes(b"%PDF-old")
    (tmp_path / "2611.00001.pdf.part.edition").write_text('"old"')
    assert (await fetcher.pdf("2611.00001", tmp_path)).read_bytes() == PDF


async def test_only_a_pdf_is_kept_as_one(fetcher: Fetcher, hub: FakeHub, tmp_path: Path) -> None:
    hub.pdfs["2611.00001"] = b"<html>Please log in</html>" * 100
    with pytest.raises(SourceError, match="not a PDF"):
        await fetcher.pdf("2611.00001", tmp_path)
    assert not (tmp_path / "2611.00001.pdf").exists()
    with pytest.raises(NotFound):
        await fetcher.pdf("2611.00002", tmp_path)


# -- categories ----------------------------------------------------------------------------------------------------


async def follow(hub: FakeHub, library: Library, clock: Clock, *categories: str) -> list[Progress]:
    async with aclosing_fetcher(hub, library, clock, categories=categories) as fetcher:
        return await refresh(fetcher)


async def test_a_category_brings_its_announcement_and_its_last_days(
    hub: FakeHub, library: Library, clock: Clock
) -> None:
    for number, paper_id in enumerate(("2611.00001", "2611.00002", "2611.00003")):
        hub.papers[paper_id]["paper"]["publishedAt"] = f"2026-11-{18 - 5 * number}T12:00:00.000Z"
    hub.announced = ["2611.00001"]
    events = await follow(hub, library, clock, "cs.CL")
    assert not [event.error for event in events if event.error]
    records = library.ledger.days("arxiv:cs.CL")
    assert len(records) == 7
    assert records[date(2026, 11, 18)].ids == ("2611.00001",)
    assert records[TODAY].state is EMPTY
    assert library.ledger.days("arxiv-new:cs.CL")[TODAY].ids == ("2611.00001",)
    paper = library.paper("2611.00001")
    assert paper and paper.published == date(2026, 11, 18)
    hub.log.clear()
    await follow(hub, library, clock, "cs.CL")
    assert hub.log == []


@pytest.mark.parametrize(("announced", "queries"), [([], 0), (["2611.00010"], 1)])
async def test_a_new_announcement_is_the_reason_to_ask_for_the_last_days_again(
    hub: FakeHub, library: Library, clock: Clock, announced: list[str], queries: int
) -> None:
    hub.list_day(YESTERDAY, item("2611.00010", publishedAt="2026-11-18T12:00:00.000Z"))
    await follow(hub, library, clock, "cs.CL")
    hub.log.clear()
    hub.announced = announced
    clock.later(hours=1)
    await follow(hub, library, clock, "cs.CL")
    assert len(hub.asked("/rss")) == 1
    assert len(hub.asked("/api/query")) == queries


async def test_a_new_version_and_a_withdrawal_come_in(hub: FakeHub, library: Library, clock: Clock) -> None:
    hub.papers["2611.00001"]["paper"]["publishedAt"] = "2026-11-18T12:00:00.000Z"
    await follow(hub, library, clock, "cs.CL")
    hub.versions["2611.00001"] = 2
    hub.withdrawn.add("2611.00001")
    clock.later(days=2)
    hub.today += timedelta(days=2)
    await follow(hub, library, clock, "cs.CL")
    paper = library.paper("2611.00001")
    assert paper and (paper.id, paper.version, paper.withdrawn) == ("2611.00001", 2, True)


async def test_an_arxiv_that_fails_leaves_an_honest_ledger_and_the_hub_alone(
    hub: FakeHub, library: Library, clock: Clock
) -> None:
    hub.broken = ("/rss", "/api/query")
    events = await follow(hub, library, clock, "cs.CL", "cs.LG", "cs.AI", "cs.CV")
    assert [event.source for event in events if event.error] == ["arxiv:cs.CL"], "told once"
    assert states(library)[TODAY] is COMPLETE
    assert states(library, "arxiv:cs.CL")[TODAY] is FAILED
    assert not hub.asked("cs.CV"), "once arXiv is out of order it is left alone"


async def test_a_wrong_category_is_reported_and_the_rest_goes_on(hub: FakeHub, library: Library, clock: Clock) -> None:
    events = await follow(hub, library, clock, "cs.CL OR all:x")
    assert [type(event.error) for event in events if event.error] == [InvalidInput]
    assert states(library)[TODAY] is COMPLETE
    assert not hub.asked("/rss")


async def test_the_history_of_a_category_is_asked_for_by_its_days(hub: FakeHub, library: Library, clock: Clock) -> None:
    hub.papers["2611.00001"]["paper"]["publishedAt"] = "2026-09-18T12:00:00.000Z"
    async with aclosing_fetcher(hub, library, clock, categories=["cs.CL"]) as fetcher:
        await backfill(fetcher, date(2026, 9, 1), date(2026, 9, 30))
        assert library.ledger.days("arxiv:cs.CL")[date(2026, 9, 18)].ids == ("2611.00001",)
        assert len(library.ledger.days("arxiv:cs.CL")) == 30
        hub.log.clear()
        assert await backfill(fetcher, date(2026, 9, 1), date(2026, 9, 30)) == []
        assert hub.log == []


async def test_a_page_of_arxiv_that_is_empty_for_no_reason_is_asked_again(
    hub: FakeHub, library: Library, clock: Clock
) -> None:
    hub.list_day(YESTERDAY, *(item(f"2611.{n:05}", publishedAt="2026-11-19T12:00:00Z") for n in range(100, 350)))
    hub.empty_pages = 2
    events = await follow(hub, library, clock, "cs.CL")
    assert not [event.error for event in events if event.error]
    assert len(library.ledger.days("arxiv:cs.CL")[YESTERDAY].ids) == 250


async def test_what_arxiv_gave_before_it_failed_is_known_and_the_rest_is_not(
    hub: FakeHub, library: Library, clock: Clock
) -> None:
    for number, day in ((100, TODAY), (400, YESTERDAY)):
        items = [item(f"2611.{number + n:05}", publishedAt=f"{day}T12:00:00Z") for n in range(80)]
        hub.list_day(day, *items)
    hub.on_request = lambda path: setattr(hub, "broken", ("/api/query",)) if "start=100" in path else None
    await follow(hub, library, clock, "cs.CL")
    assert states(library, "arxiv:cs.CL")[TODAY] is COMPLETE
    assert states(library, "arxiv:cs.CL")[YESTERDAY] is FAILED
    assert library.paper("2611.00400"), "what came is kept"
