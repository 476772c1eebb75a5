"""Folders that can't be read: the reader goes on with what it has, and one sentence says why."""

from __future__ import annotations

import pytest

from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.places import Places
from tests.conftest import MakePaper
from tests.support.app_tools import eventually, fill, reading, settled
from tests.support.locked import locked

PAPERS = ("2611.00001", "2611.00002", "2611.00003")


@pytest.fixture
def filled(places: Places, make_paper: MakePaper) -> Places:
    library = fill(places, [make_paper(number) for number in (1, 2, 3)])
    library.mark(PAPERS[:1], starred=True)
    return places


@pytest.mark.parametrize("inside", ["cache", "cache/papers", "state", "data"])
async def test_the_reader_goes_on_at_the_start_and_later(filled: Places, inside: str) -> None:
    folder = filled.data.parent / inside
    async with reading(filled) as (app, pilot):
        app.session.papers.read_rows(PAPERS)
        with locked(folder):
            app.session.papers.load()
            await pilot.press("j", "k", "3")
            await settled(pilot)
            assert len(app.session.results.ids) == len(PAPERS)
            assert app.session.marks.of(PAPERS[0]).starred
            assert app.session.papers.row(PAPERS[1]), "what was read before stays on the screen"
    with locked(folder):
        async with reading(filled) as (app, pilot):
            await pilot.press("j", "k")
            await settled(pilot)
            assert app.main.papers.ids
            await eventually(lambda: app.main.footline.severe)


def test_marks_are_shown_though_their_backups_cannot_be_read(filled: Places) -> None:
    with locked(filled.state):
        assert Library(filled).marks(PAPERS[0]).starred


def test_a_folder_is_told_once_whatever_is_read_in_it(filled: Places) -> None:
    library = Library(filled)
    with locked(filled.cache):
        assert library.papers([*PAPERS, "2501.00001"]) == {}
        assert library.months() == []
        assert library.ledger.days("hf") == {}
    assert library.troubles == [f"{filled.cache} can't be read: permission is denied; check its permissions."]
    assert library.unreadable_files()
    assert list(library.papers(PAPERS)) == [*PAPERS]
