"""What became of starred papers since they were starred, or since their news was seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from paperdeck.storage.cite.venue_record import VenueRecord, row_of
from paperdeck.storage.library.library import Library
from paperdeck.storage.library.star_watch import (
    CODE,
    PROJECT,
    UPVOTES,
    VENUE,
    VERSION,
    WITHDRAWN,
    News,
    news_of,
    starred_since,
)
from paperdeck.storage.paper import Paper
from paperdeck.storage.settings.settings import Places
from paperdeck.storage.text.word_diff import GONE, NEW, SAME
from tests.conftest import MakePaper

ID = "2611.00001"


class Desk:
    """A library with a clock that is moved by hand, and the paper that the reader stars in it."""

    def __init__(self, places: Places, make_paper: MakePaper) -> None:
        self.now = datetime(2026, 11, 1, 8, tzinfo=UTC)
        self.library = Library(places, clock=lambda: self.now.timestamp())
        self._make = make_paper

    def fetched(self, source: str = "hf", **facts: object) -> None:
        """What a source says a day later."""
        self.now += timedelta(days=1)
        self.library.add([self._make(**facts)], source)

    def star(self) -> None:
        self.now += timedelta(hours=1)
        self.library.mark([ID], starred=True)

    @property
    def news(self) -> tuple[News, ...]:
        return news_of(self.paper, self.library.marks(ID))

    @property
    def paper(self) -> Paper:
        paper = self.library.paper(ID)
        assert paper
        return paper

    @property
    def kinds(self) -> list[str]:
        return [news.kind for news in self.news]


@pytest.fixture
def desk(places: Places, make_paper: MakePaper) -> Desk:
    return Desk(places, make_paper)


@pytest.mark.parametrize(
    ("source", "before", "after", "kind", "words"),
    [
        ("hf", {}, {"code_url": "https://code.test/x"}, CODE, "code is out"),
        ("hf", {"code_url": "https://code.test/x"}, {"code_url": "https://code.test/y"}, CODE, "its code moved"),
        ("hf", {}, {"project_url": "https://page.test/x"}, PROJECT, "it has a project page"),
        ("arxiv", {"version": 1}, {"version": 3}, VERSION, "version 3 is out, after version 1"),
        ("arxiv", {}, {"journal_ref": "Nature 615, 2027"}, VENUE, "published: Nature"),
        (
            "arxiv",
            {"comment": "9 pages"},
            {"comment": "Accepted at ICLR"},
            VENUE,
            "its authors say: “Accepted at ICLR”",
        ),
        ("arxiv", {}, {"withdrawn": True}, WITHDRAWN, "withdrawn"),
        ("hf", {"upvotes": 12}, {"upvotes": 30}, UPVOTES, "upvotes from 12 to 30"),
    ],
)
def test_each_kind_of_news(
    desk: Desk, source: str, before: dict[str, object], after: dict[str, object], kind: str, words: str
) -> None:
    desk.fetched(source, **before)
    desk.star()
    assert desk.news == ()
    desk.fetched(source, **before | after)
    [news] = desk.news
    assert (news.kind, news.words) == (kind, words)
    assert news.proof


def test_a_bibliography_that_has_it_in_print_is_news_with_its_proof(desk: Desk) -> None:
    desk.fetched("arxiv")
    desk.star()
    record = VenueRecord(
        "dblp",
        title=desk.paper.title,
        authors=desk.paper.authors,
        year=2027,
        venue="ICLR",
        kind="inproceedings",
        url="https://dblp.test/rec/1",
        fetched="2026-11-05T08:00:00Z",
    )
    desk.fetched("dblp", printed=(row_of(record),))
    [news] = desk.news
    assert (news.kind, news.words) == (VENUE, "published: ICLR 2027")
    assert news.proof == "DBLP: title, authors and year agree; https://dblp.test/rec/1"
    desk.library.mark([ID], seen="2026-11-06T08:00:00Z")
    assert desk.news == ()


@pytest.mark.parametrize(
    ("source", "before", "after"),
    [
        ("hf", {"upvotes": 2}, {"upvotes": 8}),
        ("hf", {"upvotes": 40}, {"upvotes": 79}),
        ("arxiv", {"comment": "9 pages"}, {"comment": "10 pages"}),
        ("arxiv", {"abstract": "We try."}, {"abstract": "We\n  try."}),
    ],
)
def test_what_is_not_news(desk: Desk, source: str, before: dict[str, object], after: dict[str, object]) -> None:
    desk.fetched(source, **before)
    desk.star()
    desk.fetched(source, **before | after)
    assert desk.news == ()


def test_what_was_known_when_the_reader_starred_it_is_not_news(desk: Desk) -> None:
    desk.fetched()
    desk.fetched(code_url="https://code.test/x", upvotes=99)
    desk.star()
    desk.fetched(code_url="https://code.test/x", upvotes=99)
    assert desk.news == ()


def test_a_paper_without_a_star_has_no_news(desk: Desk) -> None:
    desk.fetched()
    desk.fetched(code_url="https://code.test/x")
    assert desk.news == ()


def test_a_fact_that_came_and_went_is_not_news(desk: Desk) -> None:
    desk.fetched(code_url="https://code.test/x")
    desk.star()
    desk.fetched(code_url="https://code.test/y")
    desk.fetched(code_url="https://code.test/x")
    assert desk.news == ()


def test_a_source_that_is_asked_for_the_first_time_brings_no_news(desk: Desk) -> None:
    desk.fetched(title="As the Hub has it")
    desk.star()
    desk.fetched("arxiv", title="As arXiv has it", version=2, comment="Accepted at ICLR")
    assert desk.news == ()


def test_the_hub_has_no_say_in_what_arxiv_owns(desk: Desk) -> None:
    desk.fetched("arxiv", abstract="We try hard.")
    desk.fetched("hf", abstract="We try.")
    desk.star()
    desk.fetched("hf", abstract="We try it.")
    assert desk.news == ()


def test_a_new_version_shows_what_changed_in_the_abstract_since_the_star(desk: Desk) -> None:
    desk.fetched("arxiv", abstract="We try ten models.", version=1)
    desk.star()
    desk.fetched("arxiv", abstract="We try twelve models.", version=2)
    desk.fetched("arxiv", abstract="We try twenty models.", version=3)
    [news] = desk.news
    assert news.words == "version 3 is out, after version 1"
    assert news.diff == ((SAME, "We try"), (GONE, "ten"), (NEW, "twenty"), (SAME, "models."))


def test_what_matters_most_comes_first(desk: Desk) -> None:
    desk.fetched(upvotes=1)
    desk.star()
    desk.fetched(upvotes=50, code_url="https://code.test/x", withdrawn=True)
    assert desk.kinds == [WITHDRAWN, CODE, UPVOTES]


def test_news_that_was_seen_is_gone_until_undo_brings_it_back(desk: Desk) -> None:
    desk.fetched(upvotes=10)
    desk.star()
    desk.fetched(upvotes=30, code_url="https://code.test/x")
    desk.library.mark([ID], seen="2026-11-03T09:00:00Z", label="seen")
    assert desk.kinds == []
    desk.fetched(upvotes=70, code_url="https://code.test/x")
    assert [news.words for news in desk.news] == ["upvotes from 30 to 70"]
    undone = desk.library.undo()
    assert undone is not None and undone.label == "seen"
    assert desk.kinds == [CODE, UPVOTES]


def test_a_star_that_undo_brings_back_keeps_its_time(desk: Desk) -> None:
    desk.fetched()
    desk.star()
    desk.fetched(code_url="https://code.test/x")
    desk.library.mark([ID], starred=False)
    assert starred_since(desk.library.marks(ID)) == ""
    desk.library.undo()
    assert starred_since(desk.library.marks(ID)) == "2026-11-02T09:00:00Z"
    assert desk.kinds == [CODE]


def test_other_devices_and_later_runs_know_what_was_seen(desk: Desk, places: Places) -> None:
    desk.fetched()
    desk.star()
    desk.library.mark([ID], seen="2026-11-03T09:00:00Z")
    marks = Library(places).marks(ID)
    assert (marks.seen, starred_since(marks)) == ("2026-11-03T09:00:00Z", "2026-11-02T09:00:00Z")
