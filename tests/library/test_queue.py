"""The queue: what arrived in what the reader follows is unread, and nothing else that the library holds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tinydb import TinyDB
from tinydb.operations import delete

from paperdeck.storage.library.library import DayRecord, DayState, Library
from paperdeck.storage.paper import Paper
from paperdeck.storage.search.query import parse
from paperdeck.storage.search.tree import QueryContext
from paperdeck.storage.settings.settings import FetchSettings, Places
from tests.conftest import MakePaper
from tests.support.examples import examples

TODAY = date(2026, 11, 20)
FIRST = date(2026, 11, 14)
"""The first of the seven days that the first fetch brings."""
ID = "2611.00001"


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, day: date = TODAY, hour: int = 12) -> None:
        self.set(day, hour)

    def set(self, day: date, hour: int = 12) -> None:
        self.seconds = datetime(day.year, day.month, day.day, hour, tzinfo=UTC).timestamp()

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def library(places: Places, clock: Clock) -> Library:
    return opened(places, clock)


def opened(places: Places, clock: Clock, *categories: str) -> Library:
    library = Library(places, clock=clock)
    library.queue.following = FetchSettings(categories=categories)
    return library


def listed(library: Library, day: date, *ids: str, source: str = "hf", at: str = "2026-11-20T12:00:00Z") -> None:
    """Fetch a day of a source."""
    library.add([Paper(id=paper_id, title=paper_id, listed=day) for paper_id in ids], source.partition(":")[0])
    library.ledger.record(DayRecord(source=source, day=day, state=DayState.COMPLETE, fetched_at=at, ids=ids))


def asked(library: Library, query: str = "is:unread", last_visit: str | None = None) -> set[str]:
    library.poll()
    library.indexing.catch_up()
    context = QueryContext(today=TODAY, last_visit=last_visit)
    return set(library.indexing.index.find(parse(query), context=context, everything=True))


# What is in it


def test_what_daily_papers_list_is_unread(library: Library) -> None:
    library.queue.begin()
    listed(library, TODAY, ID)
    assert asked(library) == {ID}


def test_what_a_search_or_an_import_brought_is_not_in_it(library: Library, make_paper: MakePaper) -> None:
    """Fifty results of a search were unread, and stayed so forever."""
    library.queue.begin()
    library.add([make_paper(1), make_paper(2)], "hf")
    listed(library, TODAY, "2611.00003", source="hf:trending")
    assert asked(library, "") == {ID, "2611.00002", "2611.00003"}
    assert asked(library) == set()


def test_what_nobody_kept_is_removed_and_one_undo_brings_it_back(library: Library, make_paper: MakePaper) -> None:
    """What a search brought could not be dropped."""
    library.add([make_paper(number) for number in range(1, 5)], "hf")
    listed(library, TODAY, "2611.00001")
    library.mark(["2611.00002"], starred=True)
    deed = library.remove([f"2611.{number:05}" for number in range(1, 6)])
    assert (deed.label, set(deed.ids)) == ("remove", {"2611.00003", "2611.00004"})
    assert asked(library, "") == {"2611.00001", "2611.00002"}
    library.undo()
    assert asked(library, "") == {"2611.00001", "2611.00002", "2611.00003", "2611.00004"}


def test_history_is_not_in_it_and_days_that_were_missed_are(library: Library, clock: Clock) -> None:
    """A history of half a year made 2,500 papers unread and new."""
    library.queue.begin()
    clock.set(TODAY + timedelta(9))
    library.queue.begin()
    listed(library, FIRST - timedelta(1), "2611.00001")
    listed(library, FIRST, "2611.00002")
    listed(library, TODAY + timedelta(4), "2611.00003")
    assert asked(library) == {"2611.00002", "2611.00003"}


@pytest.mark.parametrize("kept", [{"starred": True}, {"add_tags": ["thesis"]}, {"note": "why"}])
def test_a_paper_that_the_reader_keeps_comes_in_and_goes_again(
    library: Library, make_paper: MakePaper, kept: dict[str, object]
) -> None:
    library.add([make_paper(1), make_paper(2)], "hf")
    library.mark([ID], **kept)  # type: ignore[arg-type]
    assert asked(library) == {ID}
    library.undo()
    assert asked(library) == set()


def test_a_paper_that_was_found_first_comes_in_when_it_is_listed(library: Library, make_paper: MakePaper) -> None:
    library.queue.begin()
    library.add([make_paper(1)], "hf")
    assert asked(library) == set()
    listed(library, TODAY, ID)
    assert asked(library) == {ID}


def test_a_category_begins_on_the_day_on_which_it_is_followed(places: Places, library: Library, clock: Clock) -> None:
    library.queue.begin()
    listed(library, TODAY, "2611.00009")
    clock.set(TODAY + timedelta(10))
    follower = opened(places, clock, "cs.CL")
    follower.queue.begin()
    listed(follower, TODAY + timedelta(9), "2611.00001", source="arxiv:cs.CL")
    listed(follower, TODAY + timedelta(10), "2611.00002", source="arxiv:cs.CL")
    listed(follower, TODAY + timedelta(10), "2611.00003", source="arxiv-new:cs.CL")
    assert asked(follower) == {"2611.00002", "2611.00003", "2611.00009"}


def test_unfollowing_a_category_takes_its_papers_out_of_the_queue(places: Places, clock: Clock) -> None:
    follower = opened(places, clock, "cs.CL")
    follower.queue.begin()
    listed(follower, TODAY, ID, source="arxiv:cs.CL")
    assert asked(follower) == {ID}
    assert asked(opened(places, clock)) == set()
    assert asked(opened(places, clock, "cs.CL")) == {ID}


def test_a_library_of_an_earlier_version_begins_with_its_oldest_paper(places: Places, clock: Clock) -> None:
    older = opened(places, clock)
    listed(older, FIRST, "2611.00001", at="2026-11-14T12:00:00Z")
    listed(older, date(2026, 10, 1), "2610.00001")
    clock.set(TODAY + timedelta(30))
    library = opened(places, clock)
    library.queue.begin()
    assert library.follow_starts() == {}, "nobody looked at its papers yet"
    assert asked(library) == {"2611.00001"}
    assert library.follow_starts() == {"hf": FIRST}


def test_beginning_is_not_a_deed(library: Library) -> None:
    library.mark([ID], starred=True, label="star")
    library.queue.begin()
    assert [deed.label for deed in library.history.deeds()] == ["star"]
    undone = library.undo()
    assert undone
    assert undone.label == "star"
    assert library.follow_starts() == {"hf": FIRST}


def test_devices_that_began_apart_keep_the_earlier_day(places: Places, clock: Clock) -> None:
    opened(places, clock).queue.begin()
    clock.set(TODAY + timedelta(3))
    library = opened(places, clock)
    library.record_follow_starts({"hf": TODAY})  # as it comes with the files of another device
    assert library.follow_starts() == {"hf": FIRST}


# What is new


def test_new_is_what_arrived_since_the_last_visit(library: Library) -> None:
    library.queue.begin()
    listed(library, TODAY, "2611.00001", at="2026-11-20T08:00:00Z")
    listed(library, TODAY, "2611.00001", "2611.00002", at="2026-11-20T13:00:00Z")
    library.mark(["2611.00003"], starred=True)
    library.add([Paper(id="2611.00003", title="Found")], "hf")
    assert asked(library, "is:new", "2026-11-20T09:00:00Z") == {"2611.00002"}
    assert asked(library, "is:new") == set()


def test_asking_again_makes_nothing_new(library: Library) -> None:
    library.queue.begin()
    listed(library, TODAY, "2611.00001", at="2026-11-20T08:00:00Z")
    listed(library, TODAY, "2611.00001", at="2026-11-20T13:00:00Z")
    assert asked(library, "is:new", "2026-11-20T09:00:00Z") == set()


def test_what_is_read_stays_new_until_the_next_visit(library: Library) -> None:
    library.queue.begin()
    listed(library, TODAY, ID)
    library.mark([ID], read=True)
    assert asked(library, "is:new", "2026-11-19T00:00:00Z") == {ID}
    assert asked(library) == set()


def test_lines_of_an_earlier_version_go_by_when_their_papers_came(library: Library, clock: Clock) -> None:
    library.queue.begin()
    listed(library, TODAY, ID, at="2026-11-20T13:00:00Z")
    path = next(library.places.ledger.iterdir())
    with TinyDB(path) as stock:
        stock.table("ledger").update(delete("came"))
    assert asked(library, "is:new", "2026-11-20T11:00:00Z") == {ID}
    assert asked(library, "is:new", "2026-11-20T12:30:00Z") == set()


# Whatever happens in which order

DAYS = [FIRST + timedelta(n) for n in range(-3, 7)]
IDS = [f"2611.{number:05}" for number in range(1, 7)]
SOURCES = ("hf", "arxiv:cs.CL", "hf:trending")
fetches = some.tuples(
    some.just("fetch"),
    some.sampled_from(SOURCES),
    some.sampled_from(DAYS),
    some.lists(some.sampled_from(IDS), max_size=3),
)
deeds = some.tuples(some.sampled_from(["search", "star", "read"]), some.sampled_from(IDS))
alone = some.sampled_from([("undo",), ("redo",), ("follow",), ("day",), ("catch up",)])
steps = some.lists(some.tuples(some.sampled_from("ab"), fetches | deeds | alone), min_size=4, max_size=14)


class Device:
    """A library, and what should be in its queue."""

    def __init__(self, folder: Path, name: str, clock: Clock) -> None:
        places = Places.find({"PAPERDECK_HOME": str(folder / name)})
        self.library = opened(places._replace(data=folder / "shared"), clock)
        self.days: set[tuple[str, date, str]] = set()
        self.known: set[str] = set()

    @property
    def follows(self) -> set[str]:
        return set(self.library.queue.followed())

    def expected(self, begins: dict[str, date]) -> set[str]:
        arrived = {
            paper_id
            for source, day, paper_id in self.days
            if source in self.follows and source in begins and day >= begins[source]
        }
        marks = {paper_id: self.library.marks(paper_id) for paper_id in self.known}
        return {paper_id for paper_id, mark in marks.items() if not mark.read and (paper_id in arrived or mark.starred)}


def _do(device: Device, step: tuple[object, ...], clock: Clock) -> None:
    library = device.library
    match step:
        case "fetch", str(source), date() as day, list(ids):
            library.queue.begin()
            listed(library, day, *ids, source=source)
            device.days |= {(source, day, paper_id) for paper_id in ids}
            device.known |= set(ids)
        case "search", str(paper_id):
            library.add([Paper(id=paper_id, title=paper_id)], "hf")
            device.known.add(paper_id)
        case "star", str(paper_id):
            library.mark([paper_id], starred=True)
        case "read", str(paper_id):
            library.mark([paper_id], read=True)
        case ("undo",):
            library.undo()
        case ("redo",):
            library.redo()
        case ("follow",):
            library.queue.following = FetchSettings(categories=() if len(device.follows) > 1 else ("cs.CL",))
        case ("day",):
            clock.seconds += 24 * 3600
        case _:
            library.indexing.catch_up()


@settings(max_examples=examples(60), deadline=None)
@given(steps)
def test_in_any_order_on_two_devices_unread_is_what_the_rule_says(
    order: list[tuple[str, tuple[object, ...]]],
) -> None:
    with TemporaryDirectory() as folder:
        clock = Clock(FIRST)
        devices = {name: Device(Path(folder), name, clock) for name in "ab"}
        for name, step in order:
            _do(devices[name], step, clock)
        for device in devices.values():
            unread = asked(device.library)
            assert unread == device.expected(device.library.follow_starts())
            entries = device.library.entries(sorted(device.known))
            assert {entry.paper.id for entry in entries if entry.is_unread} == unread
            device.library.indexing.close()
