"""Orders: what comes first, and how fast a paper rises."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from paperdeck.storage.paper import Counts, Entry, Paper
from paperdeck.storage.search.context import Context
from paperdeck.storage.search.index import Index
from paperdeck.storage.search.plain import select
from paperdeck.storage.search.query import parse
from paperdeck.storage.search.rank import Sort, key_of, rising

LISTED = date(2026, 11, 10)
NOW = Context(today=date(2026, 11, 20))


def counted(*upvotes: tuple[int, int]) -> list[Counts]:
    return [Counts(f"2026-11-{day:02}", number, 0, 0) for day, number in upvotes]


@pytest.mark.parametrize(
    ("counts", "rise"),
    [
        ([], None),
        (counted((12, 10)), 5.0),
        (counted((10, 4)), 4.0),
        (counted((12, 10), (14, 30)), 10.0),
        (counted((10, 0), (13, 9), (20, 79)), 10.0),
        (counted((1, 5), (20, 50)), 5.0),
        (counted((19, 5), (20, 3)), -2.0),
    ],
)
def test_a_rise_is_the_upvotes_a_day_over_the_last_week(counts: list[Counts], rise: float | None) -> None:
    assert rising(counts, LISTED) == rise


def test_a_rise_needs_something_to_compare_with() -> None:
    assert rising(counted((12, 10)), None) is None


def test_what_is_unknown_comes_last_in_both_directions() -> None:
    values = {"a": 1, "b": None, "c": 3}
    for reverse, order in ((False, "cab"), (True, "acb")):
        sort = Sort("upvotes", reverse)
        assert "".join(sorted(values, key=lambda name: key_of(sort, values[name], LISTED, 0, name))) == order


def test_equals_follow_by_day_then_upvotes_then_id() -> None:
    papers = [("d", 10, 1), ("c", 11, 1), ("b", 11, 5), ("a", 10, 1)]
    keys = {name: key_of(Sort("stars"), 7, date(2026, 11, day), upvotes, name) for name, day, upvotes in papers}
    assert "".join(sorted(keys, key=keys.__getitem__)) == "bcad"


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
