"""A page of text: its title is read whole."""

from __future__ import annotations

from paperdeck.tui.dialogs.text import TextScreen
from tests.support.dialog_app import DialogApp


async def test_a_title_that_is_longer_than_a_line_wraps() -> None:
    """“There is no crontab here; to have it” was all that 40 columns showed, without a sign."""
    app = DialogApp()
    async with app.run_test(size=(40, 20)) as pilot:
        await app.push_screen(TextScreen("There is no crontab here; to have it sent daily at 07:30", "a command"))
        await pilot.pause()
        assert app.screen.query_one(".page-title").size.height == 2
