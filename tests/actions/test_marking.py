"""Marks on many papers at once: the keys go on working meanwhile, and nothing is shown that is not on disk."""

from __future__ import annotations

import threading

import pytest

from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.model.deeds import Markings
from tests.conftest import MakePaper
from tests.support.app_tools import eventually, fill, reading, settled


@pytest.fixture
def filled(places: Places, make_paper: MakePaper, monkeypatch: pytest.MonkeyPatch) -> Places:
    """Six papers, which are many here."""
    monkeypatch.setattr("paperdeck.tui.actions.marks.MANY_PAPERS", 5)
    fill(places, [make_paper(number) for number in range(1, 7)])
    return places


async def test_many_papers_are_marked_while_the_keys_go_on(filled: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    may_go, toggle = threading.Event(), Markings.toggle

    def slow(*arguments: object) -> object:
        may_go.wait(5)
        return toggle(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Markings, "toggle", slow)
    async with reading(filled) as (app, pilot):
        await pilot.press("A", "s", "j")
        assert app.main.papers.cursor == 1
        assert not app.session.marks.of("2611.00001").starred
        may_go.set()
        await eventually(lambda: app.main.footline.message == "Starred 6 papers; u undoes it.")
        assert all(marks.starred for marks in Library(filled).all_marks().values())
        await settled(pilot)
        assert app.session.counts.papers["starred"] == 6


async def test_changes_of_many_papers_keep_their_order_and_are_undone_as_one_each(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("A", "s", "A", "m", "A", "s")
        await settled(pilot)
        marks = app.session.marks.of("2611.00003")
        assert (marks.starred, marks.read) == (False, True)
        await pilot.press("u", "u")
        await settled(pilot)
        marks = app.session.marks.of("2611.00003")
        assert (marks.starred, marks.read) == (True, False)


async def test_a_starred_paper_that_is_hidden_stays_under_starred(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("s", "x")
        await settled(pilot)
        assert (
            app.session.counts.papers["starred"],
            app.session.counts.papers["hidden"],
            app.session.counts.papers["all"],
        ) == (1, 1, 5)
        for key, ids in (("5", 1), ("3", 5)):
            await pilot.press(key)
            await settled(pilot)
            assert len(app.main.papers.ids) == ids


async def test_the_top_line_and_the_pane_agree_on_how_many_papers_there_are(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("3")
        await settled(pilot)
        await pilot.press("x")
        await settled(pilot)
        assert len(app.main.papers.ids) == 6
        assert app.session.counts.papers["all"] == 5
        assert app.main.headline.counts.startswith("5 papers")
        await pilot.press("u")
        await settled(pilot)
        assert app.main.headline.counts.startswith("6 papers")
