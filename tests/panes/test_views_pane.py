"""The views pane: unread papers are counted, the current view has its total too, and zero is no number."""

from __future__ import annotations

import pytest

from paperdeck.storage.settings.settings import Places
from tests.conftest import MakePaper
from tests.support.app_tools import fill, reading, screen_lines, settled


@pytest.fixture
def filled(places: Places, make_paper: MakePaper) -> Places:
    """Three papers of today, of which one was read."""
    library = fill(places, [make_paper(number, keywords=("large language models",)) for number in (1, 2, 3)])
    library.mark(["2611.00001"], read=True)
    return places


def number_of(lines: list[str], name: str) -> str:
    """What follows the name of a view."""
    line = next(line for line in lines if line[1:].startswith(f"{name} "))
    return line[: line.index("▏", 1)].removeprefix("▏").strip().removeprefix(name).strip()


async def test_unread_papers_are_counted_and_all_of_the_view_that_is_shown(filled: Places) -> None:
    """Totals did not change as papers were read."""
    async with reading(filled) as (app, pilot):
        lines = screen_lines(app)
        assert [number_of(lines, name) for name in ("Today", "Last 7 days", "All")] == ["2/3", "2", "2"]
        await pilot.press("m")
        await settled(pilot)
        lines = screen_lines(app)
        assert [number_of(lines, name) for name in ("Today", "Last 7 days", "All")] == ["1/3", "1", "1"]


async def test_an_empty_view_has_no_number_and_is_dimmed(filled: Places) -> None:
    """Six views said 0 on the first day."""
    async with reading(filled) as (app, _):
        assert number_of(screen_lines(app), "Starred") == ""
        pane = app.main.views_pane
        styles = {row: pane.row_segments(row, 0, 28)[1].style for row in (1, 4)}
        assert pane.view_at(4).key == "starred"  # type: ignore[union-attr]
        assert styles[4] != styles[1]


async def test_names_of_keywords_are_not_shortened_where_there_is_room(filled: Places) -> None:
    async with reading(filled) as (app, _):
        assert number_of(screen_lines(app), "large language models") == "3"


async def test_there_is_no_legend_in_the_pane(filled: Places) -> None:
    async with reading(filled) as (app, _):
        assert "not asked" not in "".join(screen_lines(app))


async def test_the_cursor_stays_on_a_view_that_is_renamed(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        pane, rules = app.main.views_pane, app.session.rules
        rules.save_view("Cats", "cats")
        await settled(pilot)
        pane.move_cursor(next(row for row in range(40) if (view := pane.view_at(row)) and view.title == "Cats"))
        rules.rename_view("Cats", "Dogs")
        await settled(pilot)
        assert pane.highlighted
        assert pane.highlighted.title == "Dogs"
