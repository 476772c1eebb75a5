"""The lines of words: what matters most has the room, and a click on a key does what the key does."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from paperdeck.storage.settings.settings import Places, Settings
from paperdeck.tui.dialogs.picker import Picker
from paperdeck.tui.panes.status import Hint, hints_within
from tests.conftest import MakePaper
from tests.support.app_tools import QUIET, fill, reading, screen_lines, settled


@pytest.fixture
def filled(places: Places, make_paper: MakePaper) -> Places:
    """A library of three papers."""
    fill(places, [make_paper(number) for number in range(1, 4)])
    return places


@pytest.mark.parametrize("width", [40, 80, 120])
async def test_trouble_with_a_source_is_seen_at_every_width(filled: Places, width: int) -> None:
    async with reading(filled, size=(width, 12)) as (app, pilot):
        app.main.headline.trouble = "hub.test: it answered 503, again in 4 s"
        await pilot.pause()
        assert "hub.test: it" in screen_lines(app)[0]
        app.main.headline.trouble = ""
        await pilot.pause()
        assert "hub.test" not in screen_lines(app)[0]


async def test_a_click_on_a_hint_runs_its_key(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        line = screen_lines(app)[-1]
        await pilot.click(app.main.footline, offset=(line.index("star"), 0))
        await settled(pilot)
        assert app.main.papers.current
        assert app.session.marks.of(app.main.papers.current).starred
        await pilot.click(app.main.footline, offset=(line.index("?"), 0))
        assert isinstance(app.screen, Picker)


async def test_the_hints_show_the_keys_that_the_reader_chose(filled: Places) -> None:
    settings = Settings(
        reading=QUIET.reading, fetch=QUIET.fetch, keys={"star": "asterisk,ctrl+k", "copy-menu": "ctrl+y"}
    )
    async with reading(filled, settings) as (app, _):
        assert "* star" in screen_lines(app)[-1]
        assert "^y copy" in screen_lines(app)[-1]


HINTS = (Hint("esc", "list", ""), Hint("space", "read on", ""), Hint("s", "star", ""), Hint("?", "help", ""))


@pytest.mark.parametrize(
    ("width", "shown"),
    [(80, "esc space s ?"), (42, "esc space s ?"), (41, "esc space ?"), (20, "esc ?"), (8, "?"), (3, "")],
)
def test_the_way_to_the_help_is_the_last_hint_that_is_given_up(width: int, shown: str) -> None:
    within = hints_within(HINTS, width)
    assert " ".join(hint.key for hint in within) == shown
    assert cell_len("   ".join(f"{hint.key} {hint.does}" for hint in within)) <= width


async def test_what_is_shown_matters_more_than_how_fresh_it_is(filled: Places) -> None:
    async with reading(filled, size=(40, 12)) as (app, pilot):
        app.main.headline.freshness = "fetched 5 min ago"
        await pilot.pause()
        line = screen_lines(app)[0]
        assert "3 papers" in line
        assert "paperdeck" not in line
        assert "fetched" not in line
        app.main.headline.warning = True
        await pilot.pause()
        assert "fetched" in screen_lines(app)[0]
