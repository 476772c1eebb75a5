"""The view of starred papers with news: which papers are in it, and the deed that puts them away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Paper
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.model.session import Session
from tests.conftest import MakePaper
from tests.support.app_tools import QUIET, TODAY, fill

NOW = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"

ONE, TWO = "2611.00001", "2611.00002"


class Desk:
    """A session whose library has two starred papers and one that is not."""

    def __init__(self, places: Places, make_paper: MakePaper) -> None:
        self.papers = [make_paper(number) for number in (1, 2, 3)]
        self.now = 1_700_000_000.0
        fill(places, self.papers)
        self.session = Session(Library(places, clock=lambda: self.now), QUIET, places, today=TODAY)
        self.session.load()
        self.session.marks.mark([ONE, TWO], "star", starred=True)

    def fetched(self, paper: Paper, **facts: object) -> None:
        self.now += 86_400
        self.session.library.add([replace(paper, **facts)], "hf")  # type: ignore[arg-type]
        self.session.papers.take([paper.id])
        self.session.arrived([paper.id])

    @property
    def listed(self) -> list[str]:
        self.session.views.update()
        view = self.session.views.by_key("news")
        return list(view.within() or ()) if view else []


@pytest.fixture
def desk(places: Places, make_paper: MakePaper) -> Desk:
    return Desk(places, make_paper)


def test_starred_papers_come_with_their_news_the_newest_first(desk: Desk) -> None:
    assert desk.listed == []
    for paper in desk.papers:
        desk.fetched(paper, code_url="https://code.test/x")
    assert desk.listed == [TWO, ONE]


def test_a_paper_goes_when_its_news_is_seen_and_comes_back_with_undo(desk: Desk) -> None:
    desk.fetched(desk.papers[0], code_url="https://code.test/x")
    assert desk.session.star_watch.with_news([ONE, TWO]) == [ONE]
    deed = desk.session.marks.mark([ONE], "see news", seen=NOW)
    assert (deed.label, desk.listed) == ("see news", [])
    desk.session.deeds.undo()
    assert desk.listed == [ONE]


def test_the_row_of_a_paper_says_its_news(desk: Desk) -> None:
    desk.fetched(desk.papers[0], code_url="https://code.test/x", upvotes=90)
    assert desk.listed == [ONE]
    news = desk.session.views.by_key("news")
    assert news
    assert news.captions[ONE].startswith("code is out")


def test_a_paper_goes_with_its_star(desk: Desk) -> None:
    desk.fetched(desk.papers[0], code_url="https://code.test/x")
    desk.session.marks.mark([ONE], "unstar", starred=False)
    assert desk.listed == []


def test_hidden_stars_are_there_too(desk: Desk) -> None:
    desk.fetched(desk.papers[0], code_url="https://code.test/x")
    desk.session.marks.mark([ONE], "hide", hidden=True)
    desk.session.views.update()
    view = desk.session.views.by_key("news")
    assert view and desk.session.finder.count(view) == 1
