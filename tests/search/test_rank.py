"""Orders: what comes first, and how fast a paper rises."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from paperdeck.storage.paper import CountsSnapshot, Entry, Paper
from paperdeck.storage.search.index import Index
from paperdeck.storage.search.plain import select
from paperdeck.storage.search.query import parse
from paperdeck.storage.search.rank import Gain, Sort, gained, rises
from paperdeck.storage.search.tree import QueryContext

NOW = QueryContext(today=date(2026, 11, 20))


@pytest.mark.parametrize(
    ("counts", "rate"),
    [
        (((20, 0, 4),), None),
        (((20, 0, 4), (20, 12, 10)), 12.0),
        (((18, 0, 1), (19, 0, 5), (20, 0, 9)), 4.0),
        (((18, 0, 1), (18, 12, 3), (20, 12, 9)), 3.0),
        (((17, 0, 1), (20, 0, 90)), None),
        (((19, 0, 5), (20, 0, 3)), -2.0),
    ],
)
def test_a_gain_is_the_upvotes_a_day_of_the_last_two_days(
    counts: tuple[tuple[int, int, int], ...], rate: float | None
) -> None:
    found = gained([CountsSnapshot(f"2026-11-{day}", upvotes, 0, 0, hour) for day, hour, upvotes in counts])
    assert (found and found.rate) == rate


def test_a_paper_rises_against_those_of_its_own_day() -> None:
    busy = [(f"busy {place}", 1, Gain(rate, 100)) for place, rate in enumerate((10.0, 20.0, 20.0, 20.0, 30.0))]
    quiet = [(f"quiet {place}", 2, Gain(rate, 100)) for place, rate in enumerate((0.0, 0.0, 0.0, 0.0, 20.0))]
    found = rises([*busy, *quiet])
    assert max(found, key=found.__getitem__) == "quiet 4"
    assert found["busy 4"] == pytest.approx(-found["busy 0"])


def test_nothing_is_said_of_a_paper_that_was_not_counted_recently_or_is_alone() -> None:
    fresh = [(f"a{number}", 1, Gain(float(number), 100)) for number in range(5)]
    stale = [(f"b{number}", 2, Gain(50.0, 100 - 5)) for number in range(5)]
    alone = [(f"c{number}", 3, Gain(50.0, 100)) for number in range(4)]
    undated = [(f"d{number}", 0, Gain(50.0, 100)) for number in range(9)]
    assert set(rises([*fresh, *stale, *alone, *undated])) == {name for name, _, _ in fresh}


@given(some.permutations([(number, number % 3, Gain(number * 0.1, 100)) for number in range(24)]))
def test_the_order_of_papers_changes_no_rise(gains: list[tuple[int, int, Gain]]) -> None:
    assert rises(gains) == rises(sorted(gains))


def test_the_index_orders_by_rise_as_the_plain_search_does(tmp_path: Path, make_paper: type[Paper]) -> None:
    index = Index(tmp_path / "index.sqlite")
    papers = [
        make_paper(
            number,
            listed=date(2026, 11, 15 + number % 4),
            upvotes=number * 7 % 40,
            counts=(CountsSnapshot("2026-11-19", 0, 0, 0), CountsSnapshot("2026-11-20", number * 7 % 40, 0, 0))[
                number % 5 == 0 :
            ],
        )
        for number in range(1, 60)
    ]
    index.add(papers)
    for text in ("sort:rising", "sort:-rising", "sort:rising upvotes:>9"):
        expected = [entry.paper.id for entry in select(map(Entry, papers), parse(text), NOW)]
        assert list(index.find(parse(text), context=NOW)) == expected
        assert list(index.find(parse(text), context=NOW, limit=7)) == expected[:7]


def test_what_rises_is_what_gains_more_than_the_mean_of_its_day(tmp_path: Path, make_paper: type[Paper]) -> None:
    index = Index(tmp_path / "index.sqlite")
    assert index.rising() == []
    for number, upvotes in enumerate((1, 1, 1, 30, 9), 1):
        counts = (CountsSnapshot("2026-11-20", 0, 0, 0), CountsSnapshot("2026-11-20", upvotes, 0, 0, 12))
        index.add([make_paper(number, upvotes=upvotes, counts=counts)])
    assert index.rising() == ["2611.00004", "2611.00005"]


def ordered(papers: list[Paper], sort: Sort) -> str:
    """The last digits of the papers' ids, in an order."""
    return "".join(entry.paper.id[-1] for entry in select(map(Entry, papers), parse(""), NOW, sort=sort))


def test_what_is_unknown_comes_last_in_both_directions(make_paper: type[Paper]) -> None:
    papers = [make_paper(number, upvotes=upvotes) for number, upvotes in ((1, 1), (2, None), (3, 3))]
    assert ordered(papers, Sort("upvotes")) == "312"
    assert ordered(papers, Sort("upvotes", reverse=True)) == "132"


def test_equals_follow_by_day_then_upvotes_then_id(make_paper: type[Paper]) -> None:
    facts = [(4, 10, 1), (3, 11, 1), (2, 11, 5), (1, 10, 1)]
    papers = [make_paper(n, code_stars=7, listed=date(2026, 11, day), upvotes=votes) for n, day, votes in facts]
    assert ordered(papers, Sort("stars")) == "2314"


def test_the_index_keeps_its_orders_while_papers_come(tmp_path: Path, make_paper: type[Paper]) -> None:
    index = Index(tmp_path / "index.sqlite")
    known: list[Paper] = []
    for start in range(1, 2001, 400):
        batch = [
            make_paper(number, listed=date(2026, 11, 1 + number * 7 % 20), upvotes=number * 13 % 50 or None)
            for number in range(start, start + 400)
        ]
        index.add(batch)
        known += batch
        for text in ("sort:date", "sort:-date", "sort:upvotes", "sort:-upvotes"):
            expected = [entry.paper.id for entry in select(map(Entry, known), parse(text), NOW)]
            assert index.find(parse(text), context=NOW) == expected
