"""The filter box teaches: completions over the list, earlier filters, and papers by their ids."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from textual import events

from paperdeck.storage.settings.settings import Places
from paperdeck.tui.app import Reader
from tests.conftest import MakePaper
from tests.support.app_tools import eventually, fill, reading, screen_lines, screen_text, settled
from tests.support.hub import FakeHub, item

AWAY = "2405.15738"


@pytest.fixture
def filled(places: Places, make_paper: MakePaper) -> Places:
    """Four papers; 2611.00004 comes first."""
    fill(places, [make_paper(number) for number in range(1, 5)])
    return places


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    """A Hub that knows a paper which it lists on no day of this year."""
    hub = FakeHub()
    hub.list_day(datetime(2024, 5, 25, tzinfo=UTC).date(), item(AWAY, "Cats of Long Ago"))
    yield hub.start()
    hub.stop()


def _row(app: Reader, number: int) -> str:
    """The part of a line of the screen that belongs to the list, from the line of the filter box on."""
    return screen_lines(app)[number + 1][31:79]


async def test_what_follows_a_field_is_shown_with_counts_and_tab_takes_it(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("slash", *"is:")
        await eventually(
            lambda: "is:unread       4" in " ".join(screen_text(app).split("  " * 3)) or "4" in _row(app, 1)
        )
        assert _row(app, 1).startswith("│   is:unread"), "a border tells it from the rows, whatever the colours"
        assert "needs a value" not in screen_text(app)
        assert "tab complete" in screen_text(app)
        await pilot.press("down", "down", "tab")
        assert app.main.filter_box.value == "is:read "
        await settled(pilot)
        assert "0 papers" in screen_lines(app)[0]


async def test_enter_takes_the_completion_that_was_gone_to_and_else_goes_to_the_list(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("slash", *"sta", "down", "enter")
        assert (app.main.filter_box.value, app.focused) == ("stars:", app.main.filter_box)
        await pilot.press("escape", "escape", "slash", *"is:unread", "enter")
        assert app.focused is app.main.papers
        assert "is:unread" not in _row(app, 1)


async def test_down_in_an_empty_box_lists_the_fields(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("slash", "down")
        await pilot.pause()
        assert "title:" in _row(app, 1)
        assert "in the title" in _row(app, 1)
        await pilot.press("down", "escape")
        await pilot.pause()
        assert "title:" not in _row(app, 1)
        assert app.focused is app.main.filter_box


async def test_up_brings_back_earlier_filters_even_after_a_restart(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("slash", *"cats", "enter", "escape", "slash", *"dogs", "enter")
        await settled(pilot)
    async with reading(filled) as (app, pilot):
        await pilot.press("slash", "b", "up", "up")
        assert app.main.filter_box.value == "cats"
        await pilot.press("down", "down")
        assert app.main.filter_box.value == "b"


@pytest.mark.parametrize(("key", "text"), [("slash", AWAY), ("j", f"https://arxiv.org/abs/{AWAY}v2")])
async def test_a_paper_that_is_named_is_fetched_and_opened_from_the_filter_or_the_list(
    filled: Places, hub: FakeHub, key: str, text: str
) -> None:
    async with reading(filled, hub=hub.url) as (app, pilot):
        await settled(pilot)
        await pilot.press(key)
        app.post_message(events.Paste(text))
        await eventually(lambda: list(app.main.papers.ids) == [AWAY])
        assert app.focused is app.main.papers
        assert "Cats of Long Ago" in screen_text(app)


async def test_a_paper_that_is_there_is_opened_from_any_view_even_if_it_is_hidden(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        app.session.marks.mark(["2611.00001"], "hide", hidden=True)
        await pilot.press("5", "slash", *"2611.00001")
        await settled(pilot)
        assert "2611.00001 is not in Starred." in screen_text(app)
        assert "enter opens it" in screen_text(app)
        await pilot.press("enter")
        await settled(pilot)
        assert list(app.main.papers.ids) == ["2611.00001"]


async def test_a_paper_that_nobody_knows_is_reported_as_unknown(filled: Places, hub: FakeHub) -> None:
    async with reading(filled, hub=hub.url) as (app, pilot):
        await settled(pilot)
        await pilot.press("slash", *"2405.99999", "enter")
        said = "Could not open 2405.99999: neither arXiv nor the Hub has it."
        await eventually(lambda: app.main.footline.message == said)
