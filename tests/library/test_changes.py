"""What a paper was before: two snapshots a day while it is fresh, and the facts that a fetch replaced."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from paperdeck.storage.library.library import Library
from paperdeck.storage.library.paper_documents import MAX_CHANGES, with_changes, with_snapshot
from paperdeck.storage.paper import CountsSnapshot, FactChange, Paper
from paperdeck.storage.settings.settings import Places
from tests.conftest import MakePaper

ID = "2611.00001"
MORNING, EVENING = "2026-11-20T08:00:00Z", "2026-11-20T20:00:00Z"


class Shelf:
    """A library with a clock that is moved by hand."""

    def __init__(self, places: Places) -> None:
        self.now = datetime(2026, 11, 20, 8, tzinfo=UTC)
        self.library = Library(places, clock=lambda: self.now.timestamp())

    def add(self, paper: Paper, source: str = "hf", **later: float) -> Paper:
        """Store what a source says, some time later; returns the paper as it is then."""
        self.now += timedelta(**later)
        self.library.add([paper], source)
        found = self.library.paper(paper.id)
        assert found
        return found


@pytest.fixture
def shelf(places: Places) -> Shelf:
    return Shelf(places)


# -- snapshots -----------------------------------------------------------------------------------------------------


def test_a_fresh_paper_has_two_snapshots_a_day(shelf: Shelf, make_paper: MakePaper) -> None:
    shelf.add(make_paper(upvotes=1))
    shelf.add(make_paper(upvotes=2), hours=3)
    shelf.add(make_paper(upvotes=5), hours=3)
    paper = shelf.add(make_paper(upvotes=8), hours=3)
    assert paper.counts == (CountsSnapshot("2026-11-20", 2, 0, 0), CountsSnapshot("2026-11-20", 8, 0, 0, 12))


def test_an_older_paper_has_one_snapshot_a_day(shelf: Shelf, make_paper: MakePaper) -> None:
    shelf.add(make_paper(upvotes=1), days=8)
    paper = shelf.add(make_paper(upvotes=2), hours=8)
    assert paper.counts == (CountsSnapshot("2026-11-28", 2, 0, 0),)


def test_counts_that_a_source_does_not_mention_are_those_of_the_snapshot_before(make_paper: MakePaper) -> None:
    counts = with_snapshot([["2026-11-20", 3, 2, 1]], make_paper(upvotes=None, comments=None, code_stars=9), EVENING)
    assert counts == [["2026-11-20", 3, 2, 1], ["2026-11-20", 3, 2, 9, 12]]
    assert with_snapshot(counts, make_paper(upvotes=None, comments=None), EVENING) == counts


def test_a_clock_that_was_set_back_makes_no_snapshot_of_an_earlier_time(make_paper: MakePaper) -> None:
    later = [["2026-11-20", 3, 0, 0, 12]]
    assert with_snapshot(later, make_paper(upvotes=4), EVENING) == [["2026-11-20", 4, 0, 0, 12]]
    assert with_snapshot(later, make_paper(upvotes=4), MORNING) == [["2026-11-20", 4, 0, 0, 12]]
    assert with_snapshot([["2026-11-21", 3, 0, 0]], make_paper(upvotes=4), EVENING) == [["2026-11-21", 4, 0, 0]]


# -- changes -------------------------------------------------------------------------------------------------------


def test_what_a_fetch_replaces_is_kept(shelf: Shelf, make_paper: MakePaper) -> None:
    old = shelf.add(make_paper(abstract="We try.", version=1))
    assert old.changes == ()
    paper = shelf.add(make_paper(abstract="We try hard.", version=2, code_url="https://code.test/x"), hours=1)
    time = "2026-11-20T09:00:00Z"
    assert paper.changes == (
        FactChange(time, "hf", "abstract", "We try."),
        FactChange(time, "hf", "code_url", None),
        FactChange(time, "hf", "version", 1),
    )


def test_a_second_source_changes_nothing_by_being_asked(shelf: Shelf, make_paper: MakePaper) -> None:
    shelf.add(make_paper(abstract="As the Hub has it."))
    assert shelf.add(make_paper(abstract="As arXiv has it.", version=3), "arxiv").changes == ()
    [change] = shelf.add(make_paper(abstract="As arXiv has it.", version=4), "arxiv", days=1).changes
    assert (change.source, change.fact, change.before) == ("arxiv", "version", 3)


def test_a_withdrawal_is_a_change(shelf: Shelf, make_paper: MakePaper) -> None:
    shelf.add(make_paper())
    [change] = shelf.add(make_paper(withdrawn=True), days=1).changes
    assert (change.fact, change.before) == ("withdrawn", None)


@pytest.mark.parametrize("facts", [{"upvotes": 99}, {"abstract": "We\n  try."}, {}])
def test_votes_and_line_breaks_are_not_a_change(shelf: Shelf, make_paper: MakePaper, facts: dict[str, object]) -> None:
    shelf.add(make_paper(abstract="We try."))
    assert shelf.add(make_paper(**{"abstract": "We try."} | facts), days=1).changes == ()


def test_the_record_stays_small() -> None:
    changes: list[list[object]] = []
    for number in range(60):
        before, after = (
            {"abstract": f"{n} " + "x" * 9_000, "code_url": f"https://c.test/{n}"} for n in (number, number + 1)
        )
        changes = with_changes(changes, before, after, "hf", MORNING)
    assert len(changes) == MAX_CHANGES
    assert [line[3] for line in changes if line[2] == "code_url"][-1] == "https://c.test/59"
    abstracts = [line[3] for line in changes if line[2] == "abstract"]
    assert [str(text)[:3] for text in abstracts] == ["58 ", "59 "]
    assert max(len(str(text)) for text in abstracts) <= 6_000
