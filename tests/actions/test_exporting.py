"""Exporting from the app: a file name that can't be used is said."""

from __future__ import annotations

from textual.widgets import Input

from paperdeck.storage.settings.settings import Places
from tests.conftest import MakePaper
from tests.support.app_tools import fill, reading, screen_text, settled


async def test_a_file_in_the_home_of_nobody_is_said(places: Places, make_paper: MakePaper) -> None:
    fill(places, [make_paper(1)])
    async with reading(places) as (app, pilot):
        await pilot.press("X", "enter")
        app.screen.query_one(Input).value = "~nobody-has-this-name/x.bib"
        await pilot.press("enter")
        await settled(pilot)
        assert "There is no home folder" in screen_text(app)
