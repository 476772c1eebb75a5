"""The coverage strip: what each sign stands for, and that a click on one goes to its day."""

from __future__ import annotations

from datetime import date

import pytest

from paperdeck.storage.settings.settings import Places
from paperdeck.tui.panes.views_pane import day_at
from tests.conftest import MakePaper
from tests.support.app_tools import TODAY, fill, reading, screen_lines, settled

THURSDAY = date(2026, 11, 19)


@pytest.mark.parametrize(
    ("week", "column", "day"),
    [
        (0, 8, date(2026, 11, 16)),
        (0, 12, TODAY),
        (1, 11, date(2026, 11, 12)),
        (0, 13, None),
        (0, 7, None),
        (4, 8, None),
        (-1, 8, None),
    ],
)
def test_each_sign_is_a_day(week: int, column: int, day: date | None) -> None:
    assert day_at(week, column, TODAY) == day


def test_days_to_come_have_no_sign() -> None:
    assert day_at(0, 12, THURSDAY) is None


async def test_a_click_on_a_sign_goes_to_its_day(places: Places, make_paper: MakePaper) -> None:
    fill(places, [make_paper(1), make_paper(2, listed=THURSDAY)])
    async with reading(places) as (app, pilot):
        row = next(number for number, line in enumerate(screen_lines(app)) if line.startswith(" 16 Nov"))
        await pilot.click(offset=(12, row))
        await settled(pilot)
        assert app.session.days.shown == THURSDAY
        assert list(app.main.papers.ids) == ["2611.00002"]
        row = next(number for number, line in enumerate(screen_lines(app)) if line.lstrip().startswith("9 Nov"))
        await pilot.click(offset=(10, row))
        assert app.main.footline.message == ("Nothing has been fetched yet for Tue 10 Nov 2026; R fetches older days.")


async def test_the_sign_under_the_mouse_is_explained(places: Places, make_paper: MakePaper) -> None:
    """A legend of five signs stood below the strip forever."""
    fill(places, [make_paper(1), make_paper(2, listed=THURSDAY)])
    async with reading(places) as (app, pilot):
        row = next(number for number, line in enumerate(screen_lines(app)) if line.startswith(" 16 Nov"))
        await pilot.hover(offset=(12, row))
        assert app.main.views_pane.tooltip == "Thu 19 Nov: complete, 1 paper"
        await pilot.hover(offset=(9, row))
        assert app.main.views_pane.tooltip == "Mon 16 Nov: not fetched"
        await pilot.hover(offset=(2, 2))
        assert app.main.views_pane.tooltip is None
