"""Papers: filed in blocks of ids, merged by source, never deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tinydb import TinyDB

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.files.sealed import read_sealed, write_sealed
from paperdeck.storage.identifiers import block_of, local_id, month_of, month_of_block
from paperdeck.storage.library.library import Added, DayRecord, DayState, Library
from paperdeck.storage.library.paper_documents import PAPERS
from paperdeck.storage.paper import CountsSnapshot, Paper
from paperdeck.storage.settings.settings import Places

MakePaper = Callable[..., Paper]
DAY = 86_400.0
START = 1_795_392_000.0  # 2026-11-23


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def library(places: Places, clock: Clock) -> Library:
    return Library(places, clock=clock)


def block(places: Places, name: str = "2611/00") -> Path:
    return places.papers / f"{name}.json"


def write_whole_month(places: Places, name: str = "2026-11") -> Path:
    """Put the blocks of a month together as earlier versions kept it, in one file."""
    whole = places.papers / f"{name}.json"
    documents: dict[str, Any] = {}
    for path in (places.papers / f"{name[2:4]}{name[5:]}").iterdir():
        documents |= read_sealed(path, PAPERS)
        path.unlink()
    write_sealed(whole, PAPERS, documents)
    return whole


def test_a_paper_comes_back_as_it_went_in(library: Library, make_paper: MakePaper) -> None:
    paper = make_paper(1, code_url="https://example.org/x", keywords=("a", "b"), updated=date(2026, 11, 19))
    library.add([paper], "hf")
    found = library.paper(paper.id)
    assert found is not None
    assert found.added == "2026-11-23T00:00:00Z"
    assert found.counts == (CountsSnapshot("2026-11-23", 1, 0, 0),)
    assert found.sources == ("hf",)
    assert [getattr(found, name) for name in ("title", "authors", "published", "updated", "keywords")] == [
        getattr(paper, name) for name in ("title", "authors", "published", "updated", "keywords")
    ]


def test_new_and_changed_papers_are_told_apart(library: Library, make_paper: MakePaper) -> None:
    assert library.add([make_paper(2), make_paper(1)], "hf") == Added(("2611.00002", "2611.00001"), ())
    assert library.add([make_paper(1, upvotes=9), make_paper(2), make_paper(3)], "hf") == Added(
        ("2611.00003",), ("2611.00001",)
    )


def test_nothing_is_written_when_nothing_changed(library: Library, places: Places, make_paper: MakePaper) -> None:
    library.add([make_paper(1)], "hf")
    before = block(places).stat().st_ino
    assert library.add([make_paper(1)], "hf") == Added((), ())
    assert block(places).stat().st_ino == before


def test_what_a_source_no_longer_mentions_stays(library: Library, make_paper: MakePaper) -> None:
    library.add([make_paper(1, organization="Example Lab")], "hf")
    library.add([make_paper(1, abstract="")], "hf")
    paper = library.paper("2611.00001")
    assert paper is not None
    assert paper.organization == "Example Lab"
    assert paper.abstract


def test_sources_are_kept_apart_and_each_is_believed_in_its_field(library: Library, make_paper: MakePaper) -> None:
    library.add([make_paper(1, title="By arXiv", upvotes=None, categories=("cs.CL",))], "arxiv")
    library.add([make_paper(1, title="By the Hub")], "hf")
    paper = library.paper("2611.00001")
    assert paper is not None
    assert (paper.title, paper.upvotes, paper.sources) == ("By arXiv", 1, ("hf", "arxiv"))
    assert library.provenance("2611.00001")["title"] == "arxiv"
    assert library.provenance("2611.00001")["upvotes"] == "hf"
    assert library.provenance("2611.00009") == {}


def test_papers_are_filed_by_the_month_of_their_id(library: Library, make_paper: MakePaper) -> None:
    undated = local_id("A Report", "Nobody")
    library.add([make_paper(id=i) for i in ("2411.00001", "math/0309136", "2611.00001", undated)], "local")
    assert library.months() == ["2026-11", "2024-11", "2003-09", "undated"]
    assert [paper.id for paper in library.month("2003-09")] == ["math/0309136"]
    assert library.month("1999-01") == []


def test_papers_come_in_the_order_asked_for(library: Library, make_paper: MakePaper) -> None:
    library.add([make_paper(id=i) for i in ("2411.00001", "2611.00001", "2611.00002")], "hf")
    wanted = ["2611.00002", "2411.00001", "2611.00009", "not an id", "2611.00001"]
    assert list(library.papers(wanted)) == ["2611.00002", "2411.00001", "2611.00001"]


@pytest.mark.parametrize("wrong", ["../../etc/passwd", "2611.00001v2", ""])
def test_only_ids_of_papers_are_filed(library: Library, places: Places, make_paper: MakePaper, wrong: str) -> None:
    with pytest.raises(InvalidInput):
        library.add([make_paper(1), make_paper(id=wrong)], "hf")
    assert library.months() == []


def test_counts_are_kept_once_a_day(library: Library, clock: Clock, make_paper: MakePaper) -> None:
    library.add([make_paper(1, upvotes=1)], "hf")
    library.add([make_paper(1, upvotes=5)], "hf")
    clock.now += DAY
    library.add([make_paper(1, upvotes=8, comments=2, code_stars=3)], "hf")
    paper = library.paper("2611.00001")
    assert paper is not None
    assert paper.counts == (CountsSnapshot("2026-11-23", 5, 0, 0), CountsSnapshot("2026-11-24", 8, 2, 3))
    assert paper.added == "2026-11-23T00:00:00Z"


def test_the_history_of_counts_stays_short(library: Library, clock: Clock, make_paper: MakePaper) -> None:
    for upvotes in range(120):
        library.add([make_paper(1, upvotes=upvotes)], "hf")
        clock.now += DAY
    paper = library.paper("2611.00001")
    assert paper is not None
    assert len(paper.counts) <= 44
    assert [line.upvotes for line in paper.counts[-20:]] == list(range(100, 120))
    assert paper.counts[0].upvotes == 0
    assert [line.day for line in paper.counts] == sorted(line.day for line in paper.counts)


def test_papers_of_another_process_are_noticed(library: Library, places: Places, make_paper: MakePaper) -> None:
    assert library.poll().months == frozenset()
    other = Library(places)
    other.add([make_paper(1)], "hf")
    assert library.poll().months == {"2026-11"}
    library.add([make_paper(2)], "hf")
    assert library.poll().months == frozenset()
    assert other.poll().months == {"2026-11"}
    assert len(other.month("2026-11")) == 2


def test_a_change_that_our_own_write_met_is_noticed(library: Library, places: Places, make_paper: MakePaper) -> None:
    library.add([make_paper(1)], "hf")
    Library(places).add([make_paper(2)], "hf")
    library.add([make_paper(3)], "hf")
    assert library.poll().months == {"2026-11"}
    assert len(library.month("2026-11")) == 3


def test_the_stock_tinydb_shows_the_same_papers(library: Library, places: Places, make_paper: MakePaper) -> None:
    library.add([make_paper(1), make_paper(2)], "hf")
    with TinyDB(block(places)) as stock:
        documents = stock.table("papers").all()
    assert {document["id"]: document["sources"]["hf"]["title"] for document in documents} == {
        paper.id: paper.title for paper in library.month("2026-11")
    }


def test_a_lost_file_is_set_aside_and_its_days_are_doubted(
    library: Library, places: Places, make_paper: MakePaper
) -> None:
    library.add([make_paper(1), make_paper(id="2411.00001")], "hf")
    record = DayRecord(source="hf", day=date(2026, 11, 20), state=DayState.COMPLETE, fetched_at="", ids=("2611.00001",))
    library.ledger.record(record)
    block(places).write_bytes(block(places).read_bytes()[:-100])
    fresh = Library(places)
    assert fresh.month("2026-11") == []
    assert fresh.paper("2411.00001") is not None
    [sentence] = fresh.troubles
    assert "2611/00.json of the papers does not match its checksum" in sentence
    assert len(list(block(places).parent.glob("00.json.damaged-*"))) == 1
    day = fresh.ledger.day("hf", date(2026, 11, 20))
    assert day is not None
    assert (day.state, day.ids) == (DayState.PARTIAL, ("2611.00001",))
    assert fresh.add([make_paper(1)], "hf").new == ("2611.00001",)


def test_a_cache_that_was_deleted_is_filled_again(library: Library, places: Places, make_paper: MakePaper) -> None:
    library.add([make_paper(1)], "hf")
    for path in sorted(places.cache.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert library.paper("2611.00001") is None
    assert library.add([make_paper(1)], "hf").new == ("2611.00001",)


@pytest.mark.parametrize(
    ("paper_id", "expected"),
    [
        ("2611.00001", "2611/00"),
        ("2611.03999", "2611/03"),
        ("2611.25000", "2611/25"),
        ("1209.9999", "1209/09"),
        ("math/0309136", "0309/math"),
        ("hep-th/9901001", "9901/hep-th"),
        ("local-2026-11-0123456789ab", "local/2026-11"),
        ("local-undated-0123456789ab", "local/undated-0"),
    ],
)
def test_every_id_has_its_block_of_a_thousand(paper_id: str, expected: str) -> None:
    assert block_of(paper_id) == expected
    assert month_of_block(expected) == month_of(paper_id)


def test_a_month_of_an_earlier_version_is_read_as_it_is(
    library: Library, places: Places, make_paper: MakePaper
) -> None:
    library.add([make_paper(id=i) for i in ("2611.00001", "2611.03000")], "hf")
    whole = write_whole_month(places)
    fresh = Library(places)
    assert fresh.months() == ["2026-11"]
    assert {paper.id for paper in fresh.month("2026-11")} == {"2611.00001", "2611.03000"}
    assert fresh.paper("2611.03000") is not None
    assert whole.exists()


def test_the_first_write_splits_a_month_of_an_earlier_version(
    library: Library, places: Places, clock: Clock, make_paper: MakePaper
) -> None:
    library.add([make_paper(id=i, title="Old") for i in ("2611.00001", "2611.03000", "math/0309136")], "hf")
    whole = write_whole_month(places)
    fresh = Library(places, clock=clock)
    assert fresh.add([make_paper(1, title="New"), make_paper(2)], "hf") == Added(("2611.00002",), ("2611.00001",))
    assert not whole.exists()
    assert sorted(path.name for path in block(places).parent.glob("*.json")) == ["00.json", "03.json"]
    titles = {paper.id: paper.title for paper in fresh.month("2026-11")}
    assert titles["2611.00001"] == "New"
    assert titles["2611.03000"] == "Old"
    assert fresh.paper("math/0309136") is not None


def test_a_split_that_was_killed_on_the_way_loses_nothing(
    library: Library, places: Places, make_paper: MakePaper
) -> None:
    library.add([make_paper(id=i, title="Old") for i in ("2611.00001", "2611.00002", "2611.03000")], "hf")
    whole = write_whole_month(places)
    left = whole.read_bytes()
    Library(places).add([make_paper(1, title="New")], "hf")
    whole.write_bytes(left)  # as if the process had been killed before it was removed
    block(places, "2611/03").unlink()
    fresh = Library(places)
    assert {paper.id: paper.title for paper in fresh.month("2026-11")} == {
        "2611.00001": "New",
        "2611.00002": "Old",
        "2611.03000": "Old",
    }
    assert [paper.title for paper in fresh.papers(["2611.00001", "2611.03000"]).values()] == ["New", "Old"]
    fresh.add([make_paper(4)], "hf")
    assert not whole.exists()
    assert {paper.id: paper.title for paper in fresh.month("2026-11")}["2611.00001"] == "New"
    assert len(Library(places).month("2026-11")) == 4
