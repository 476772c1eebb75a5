"""`ctrl+p`: everything that can be done or shown is found by a part of its name."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.dialogs.finding import papers_named
from paperdeck.tui.dialogs.picker import Picker
from paperdeck.tui.keys import ACTIONS, action_of, grouped
from paperdeck.tui.keys.action import LAYERS
from paperdeck.tui.model.choice import Choice
from paperdeck.tui.model.session import Session
from tests.conftest import MakePaper
from tests.support.app_tools import QUIET, fill, reading, screen_text, settled
from tests.support.dialog_app import lines_of
from tests.support.torture import MARKUP


@pytest.fixture
def filled(places: Places, make_paper: MakePaper) -> Places:
    """A library with hostile titles, and a plain one."""
    titles = [*MARKUP[:8], "Attention for the Impatient"]
    fill(places, [make_paper(number, title=title) for number, title in enumerate(titles, 1)])
    return places


@pytest.mark.parametrize("places", [layer for layer in LAYERS if {"main", "reading", "digest", "page"} & set(layer)])
def test_the_help_begins_with_the_next_and_the_previous(places: tuple[str, ...]) -> None:
    """From the paper it began with a page down and a page up."""
    moves = dict(grouped(places)).get("Move", [])
    assert [action.keys.partition(",")[0] for action in moves[:2]] in (["j", "k"], ["n", "p"])


def offered(pilot: Pilot[None]) -> list[str]:
    """The lines of the palette."""
    return lines_of(pilot.app)


async def test_every_action_is_there_with_its_key_and_every_view_and_theme(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("ctrl+p")
        lines = offered(pilot)
        for action in ACTIONS:
            if action.run and "main" in action.where and not action.id.startswith("view-"):
                key = app.key_of(action.id)
                assert any(line.split()[0] == (key or line.split()[0]) and action.help in line for line in lines), (
                    action.id
                )
        for name in [*(view.title for view in app.session.views.all()), *app.available_themes]:
            assert any(name in line for line in lines)


@pytest.mark.parametrize(
    "word", ["unstar", "untag", "unhide", "unmute", "unfollow", "unread", "unselect", "redo", "remove note"]
)
def test_words_for_undoing_a_deed_find_its_action(word: str) -> None:
    """`unstar` and `untag` found nothing, though undo and the command line call it so."""
    assert any(word in action.words for action in ACTIONS)


@pytest.mark.parametrize(("typed", "found"), [("read on", "page"), ("data sets", "discussion")])
def test_words_of_the_bottom_line_and_other_spellings_find_an_action(typed: str, found: str) -> None:
    """A shorter sentence of help had lost them."""
    assert typed in action_of(found).words


async def test_the_number_of_arrivals_beside_a_saved_view_is_in_the_legend(filled: Places) -> None:
    """“+5 5” beside a view was explained nowhere."""
    async with reading(filled) as (_, pilot):
        await pilot.press("question_mark", *"+5")
        assert "arrived in this saved view since your last visit" in " ".join(" ".join(offered(pilot)).split())


async def test_words_of_a_title_find_the_paper_and_go_there(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("ctrl+p", *"impatient")
        await settled(pilot)
        assert "Attention for the Impatient" in offered(pilot)[0]
        await pilot.press("enter")
        await settled(pilot)
        assert list(app.main.papers.ids) == ["2611.00009"]


async def test_an_action_a_view_and_a_theme_are_run(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("ctrl+p", *"star", "space", *"the", "space", *"paper", "enter")
        await settled(pilot)
        assert app.main.papers.current
        assert app.session.marks.of(app.main.papers.current).starred
        await pilot.press("ctrl+p", *"hidden", "enter")
        await settled(pilot)
        assert app.session.results.view.key == "hidden"
        await pilot.press("ctrl+p", *"nord", "enter")
        await settled(pilot)
        assert app.theme == "nord"


async def test_hostile_titles_are_shown_as_they_are(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        rows = [row for number in range(1, 9) if (row := app.session.papers.row(f"2611.{number:05}"))]
        choices = [Choice(f"paper {row.id}", row.title) for row in rows]
        app.push_screen(Picker("Find", [], look_up=lambda _: choices))
        await pilot.press("z", "z")
        await settled(pilot)
        assert [row.title for row in rows if row.title[:40] not in screen_text(app)] == []
        assert len(rows) == 8


@pytest.mark.parametrize("typed", ["2611.00009", "https://arxiv.org/abs/2611.00009v2", "impatient the"])
def test_a_paper_is_found_by_its_id_and_by_words_of_its_title(typed: str, filled: Places) -> None:
    session = Session(Library(filled), QUIET, filled)
    session.load()
    assert [choice.text for choice in papers_named(session, typed)] == ["Attention for the Impatient"]


@pytest.mark.parametrize("size", [(40, 14), (20, 5), (1, 1)])
async def test_it_fits_small_terminals(filled: Places, size: tuple[int, int]) -> None:
    async with reading(filled, size=size) as (app, pilot):
        await pilot.press("ctrl+p", *"impat")
        await settled(pilot)
        assert "Attent" in screen_text(app) or size == (1, 1)
        await pilot.press("enter")
        await settled(pilot)
        assert app.screen is app.main


async def test_the_help_runs_what_is_chosen_in_the_app_and_in_the_pane(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("question_mark", *"star", "space", *"the", "space", *"paper", "enter")
        await settled(pilot)
        assert app.main.papers.current
        assert app.session.marks.of(app.main.papers.current).starred
        await pilot.press("question_mark", *"next", "space", *"row", "enter")
        await settled(pilot)
        assert app.main.papers.cursor == 1
