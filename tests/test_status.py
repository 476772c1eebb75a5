"""The lines of words: what matters most has the room, and a click on a key does what the key does."""

from __future__ import annotations

import pytest

from storage.config import Places, Settings
from tests.app_tools import QUIET, fill, reading, screen_lines, settled
from tests.conftest import MakePaper
from tui.picker import Picker


@pytest.fixture
def filled(places: Places, make_paper: MakePaper) -> Places:
    """A library of three papers."""
    fill(places, [make_paper(number) for number in range(1, 4)])
    return places


@pytest.mark.parametrize("width", [40, 80, 120])
async def test_trouble_with_a_source_is_seen_at_every_width(filled: Places, width: int) -> None:
    async with reading(filled, size=(width, 12)) as (app, pilot):
        app.headline.trouble = "hub.test: it answered 503, again in 4 s"
        await pilot.pause()
        assert "hub.test: it" in screen_lines(app)[0]
        app.headline.trouble = ""
        await pilot.pause()
        assert "hub.test" not in screen_lines(app)[0]


async def test_a_click_on_a_hint_runs_its_key(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        line = screen_lines(app)[-1]
        await pilot.click(app.footline, offset=(line.index("star"), 0))
        await settled(pilot)
        assert app.papers.current
        assert app.session.marks(app.papers.current).starred
        await pilot.click(app.footline, offset=(line.index("?"), 0))
        assert isinstance(app.screen, Picker)


async def test_the_hints_show_the_keys_that_the_reader_chose(filled: Places) -> None:
    settings = Settings(
        reading=QUIET.reading, fetch=QUIET.fetch, keys={"star": "asterisk,ctrl+k", "copy-menu": "ctrl+y"}
    )
    async with reading(filled, settings) as (app, _):
        assert "* star" in screen_lines(app)[-1]
        assert "^y copy" in screen_lines(app)[-1]
