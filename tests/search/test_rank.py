"""Orders: what comes first, how fast a paper rises, and what a reader likes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from paperdeck.storage.paper import Counts, Entry, Marks, Paper
from paperdeck.storage.search.context import Context
from paperdeck.storage.search.index import Index
from paperdeck.storage.search.plain import select
from paperdeck.storage.search.query import parse
from paperdeck.storage.search.rank import Sort, key_of, learn_taste, rising, taste_score

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


def test_labels_of_starred_papers_weigh_more_the_rarer_they_are_elsewhere() -> None:
    weights = learn_taste([{"rare", "common"}] * 4, [], {"rare": 8, "common": 80}, 100)
    assert weights["rare"] > weights["common"] > 0


def test_one_star_says_less_than_many() -> None:
    one = learn_taste([{"x"}, {"y"}], [], {"x": 10, "y": 10}, 100)
    many = learn_taste([{"x"}, {"y"}] * 9, [], {"x": 10, "y": 10}, 100)
    assert 0 < one["x"] < many["x"]


def test_hidden_papers_take_weight_away() -> None:
    weights = learn_taste([], [{"x"}] * 3, {"x": 5}, 100)
    assert taste_score(["x", "unknown"], weights) < 0


def test_a_label_that_is_everywhere_says_nothing() -> None:
    assert learn_taste([{"x"}] * 3, [], {"x": 100}, 100)["x"] == 0


def test_papers_like_the_starred_ones_come_first(tmp_path: Path, make_paper: type[Paper]) -> None:
    index = Index(tmp_path / "index.sqlite")
    index.add(make_paper(number, keywords=("agents" if number % 3 == 0 else "vision",)) for number in range(1, 31))
    index.set_marks({f"2611.{number:05}": Marks(starred=True) for number in (3, 6, 9)})
    first = index.find(parse("sort:foryou -is:read -is:starred"), context=NOW, limit=7)
    assert {int(paper_id[-5:]) % 3 for paper_id in first} == {0}
    index.set_marks({f"2611.{number:05}": Marks(hidden=True) for number in (3, 6, 9)})
    last = list(index.find(parse("sort:foryou"), context=NOW))[-7:]
    assert {int(paper_id[-5:]) % 3 for paper_id in last} == {0}


def test_an_order_that_was_prepared_follows_later_stars_and_papers(tmp_path: Path, make_paper: type[Paper]) -> None:
    index, fresh = Index(tmp_path / "index.sqlite"), Index(tmp_path / "fresh.sqlite")
    papers = [make_paper(number, keywords=("agents" if number % 3 else "vision",)) for number in range(1, 31)]
    for step, marks in enumerate(({"2611.00003": Marks(starred=True)}, {"2611.00004": Marks(starred=True)}), 1):
        index.add(papers[: 15 * step])
        index.set_marks(marks)
        index.prepare()
    fresh.add(papers)
    fresh.set_marks({"2611.00003": Marks(starred=True), "2611.00004": Marks(starred=True)})
    query = parse("sort:foryou")
    assert index.find(query, context=NOW) == fresh.find(query, context=NOW)
