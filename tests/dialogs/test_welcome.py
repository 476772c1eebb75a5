"""The card of the very first start: a few keys; any key closes it and does nothing else."""

from __future__ import annotations

from datetime import date

from paperdeck.storage.settings.settings import Places
from paperdeck.tui.dialogs.welcome import KEYS, Welcome
from tests.support.app_tools import QUIET, eventually, reading, screen_text, settled
from tests.support.hub import FakeHub, item


async def test_any_key_closes_the_card_and_does_nothing_else(places: Places) -> None:
    async with reading(places, welcome=True) as (app, pilot):
        assert isinstance(app.screen, Welcome)
        await pilot.press("s")
        await settled(pilot)
        assert app.screen is app.main
        assert not any(app.session.marks.of(paper_id).starred for paper_id in app.main.papers.ids)


async def test_a_failure_below_the_card_is_reported_once(places: Places) -> None:
    async with reading(places, size=(40, 20), notices=True, welcome=True) as (app, pilot):
        app.context.say("Could not fetch Daily Papers: no connection (127.0.0.1:9). r tries again.", severe=True)
        await pilot.pause()
        shown = " ".join(screen_text(app).split())
        assert shown.endswith("! Could not fetch Daily Papers: no connection (127.0.0.1:9). r tries again.")
        assert shown.count("Could not fetch") == 1


async def test_the_card_names_the_keys_that_the_reader_chose(places: Places) -> None:
    async with reading(places, QUIET._replace(keys={"star": "asterisk"}), welcome=True) as (app, _):
        shown = screen_text(app)
        assert "*       star a paper" in shown
        assert all(does in shown for _, does in KEYS)


async def test_papers_arrive_behind_the_card_and_after_it(places: Places) -> None:
    hub = FakeHub()
    hub.list_day(date(2026, 11, 20), item("2611.00001", "Fresh from the Hub", upvotes=3))
    hub.start()
    try:
        async with reading(places, hub=hub.url, welcome=True) as (app, pilot):
            await pilot.press("j")
            await eventually(lambda: list(app.main.papers.ids) == ["2611.00001"])
            assert app.screen is app.main
    finally:
        hub.stop()


async def test_the_second_start_shows_no_card(places: Places) -> None:
    async with reading(places, welcome=True) as (app, pilot):
        await pilot.press("escape")
    async with reading(places) as (app, pilot):
        assert app.screen is app.main
