"""The list under all lists: the cursor, the keys, the mouse, and no more scrolling than they need."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown
from textual.geometry import Size
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from paperdeck.tui.look.text import fit
from paperdeck.tui.panes.lines import LineList
from tests.support.app_tools import eventually


class Numbers(LineList):
    """Rows with their number; a heading can't hold the cursor."""

    row_height = 2

    def __init__(self, count: int, headings: set[int] | None = None) -> None:
        super().__init__()
        self.count = count
        self.headings = headings or set()
        self.painted: list[int] = []
        self.highlighted: list[int] = []
        self.chosen: list[tuple[int, bool]] = []

    def cursor_rests(self) -> None:
        self.highlighted.append(self.cursor)

    def clicked(self, index: int, *, again: bool) -> None:
        self.chosen.append((index, again))

    def row_count(self) -> int:
        return self.count

    def selectable(self, index: int) -> bool:
        return index not in self.headings

    def row_segments(self, index: int, line: int, width: int) -> list[Segment]:
        self.painted.append(index)
        sign = ">" if index == self.cursor else " "
        return [Segment(fit(f"{sign}row {index}" if line == 0 else "", width))]


class Screenful(App[None]):
    """A list of 20 lines, which are 10 rows, below a line of words."""

    CSS = "Screen { overflow: hidden; } Static { height: 1; }"

    def __init__(self, count: int, headings: set[int] | None = None) -> None:
        super().__init__()
        self.rows = Numbers(count, headings)
        self.highlighted, self.chosen = self.rows.highlighted, self.rows.chosen

    def compose(self) -> ComposeResult:
        yield Static("words")
        yield self.rows

    def on_mount(self) -> None:
        self.rows.focus()


@asynccontextmanager
async def running(
    count: int, headings: set[int] | None = None, size: tuple[int, int] = (40, 21)
) -> AsyncIterator[tuple[Numbers, Pilot[None], Screenful]]:
    app = Screenful(count, headings)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app.rows, pilot, app


def window(rows: Numbers) -> list[str]:
    """The rows that are drawn on the screen, from the top."""
    return [line for y in range(0, rows.size.height, 2) if (line := rows.render_line(y).text.strip())]


# -- keys ------------------------------------------------------------------------------------------------------------


PATHS = {
    "j": 1,
    "down": 1,
    "j j k": 1,
    "j up": 0,
    "k": 0,
    "G": 99,
    "end": 99,
    "G j": 99,
    "G g": 0,
    "end home": 0,
    "ctrl+d": 5,
    "ctrl+d ctrl+d ctrl+u": 5,
    "pagedown": 10,
    "pagedown pageup": 0,
    "pageup": 0,
    "G pagedown": 99,
}


async def test_keys_move_the_cursor() -> None:
    async with running(100) as (rows, pilot, _):
        reached = {}
        for path in PATHS:
            rows.place_cursor(0, 0)
            await pilot.press(*path.split())
            assert rows.cursor in rows.visible_rows
            reached[path] = rows.cursor
        assert reached == PATHS


async def test_each_move_is_reported_once() -> None:
    async with running(100) as (_, pilot, app):
        await pilot.press("j", "j", "k", "k", "k")
        assert app.highlighted == [1, 2, 1, 0]


async def test_an_empty_list_accepts_every_key() -> None:
    async with running(0) as (rows, pilot, app):
        await pilot.press("j", "k", "g", "G", "pagedown", "ctrl+u")
        await pilot.click(Numbers, offset=(3, 3))
        assert rows.cursor == 0
        assert app.highlighted == app.chosen == []


async def test_the_cursor_skips_headings() -> None:
    async with running(10, headings={0, 3, 4, 9}) as (rows, pilot, _):
        rows.place_cursor(1, 0)
        places = [rows.cursor]
        for key in ["k", "j", "j", "k", "G", "j", "g"]:
            await pilot.press(key)
            places.append(rows.cursor)
        assert places == [1, 1, 2, 5, 2, 8, 8, 1]


# -- scrolling -------------------------------------------------------------------------------------------------------


async def test_a_row_in_sight_is_reached_without_scrolling() -> None:
    async with running(100) as (rows, pilot, _):
        rows.move_cursor(9)
        await pilot.pause()
        assert rows.scroll_offset.y == 0
        assert window(rows) == [f"row {n}" for n in range(9)] + [">row 9"]


async def test_a_row_beyond_the_edge_scrolls_just_into_sight() -> None:
    async with running(100) as (rows, pilot, _):
        rows.move_cursor(12)
        assert (window(rows)[0], window(rows)[-1]) == ("row 3", ">row 12")
        rows.move_cursor(3)
        assert window(rows)[0] == ">row 3"
        await pilot.press("k")
        assert window(rows)[0] == ">row 2"


async def test_rows_can_be_replaced_without_a_jump() -> None:
    async with running(100) as (rows, pilot, _):
        await pilot.press("pagedown", "pagedown", "k")
        before = rows.cursor * 2 - rows.scroll_offset.y
        rows.count += 30  # they arrived above
        rows.place_cursor(rows.cursor + 30, (rows.cursor + 30) * 2 - before)
        await pilot.pause()
        assert rows.cursor * 2 - rows.scroll_offset.y == before
        assert window(rows)[before // 2] == ">row 49"


async def test_the_cursor_stays_on_a_row_when_rows_are_removed() -> None:
    async with running(100) as (rows, pilot, _):
        await pilot.press("G")
        rows.count = 5
        rows.rows_changed()
        await pilot.pause()
        assert rows.cursor == 4
        assert ">row 4" in window(rows)


async def test_when_rows_go_the_window_stays_as_full_as_it_can() -> None:
    async with running(100) as (rows, _, _):
        rows.place_cursor(45, 80)
        rows.count = 47
        rows.rows_changed()
        assert len(window(rows)) == 10


async def test_the_wheel_scrolls_and_leaves_the_cursor() -> None:
    async with running(100) as (rows, pilot, _):
        await pilot._post_mouse_events([MouseScrollDown], Numbers, offset=(3, 3))
        await pilot.pause()
        assert rows.scroll_offset.y > 0
        assert rows.cursor == 0


# -- the mouse -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", [6, 7])
async def test_a_click_on_either_line_chooses_the_row(line: int) -> None:
    async with running(100) as (rows, pilot, app):
        await pilot.click(Numbers, offset=(3, line))
        assert rows.cursor == 3
        assert app.chosen == [(3, False)]


async def test_a_click_in_a_scrolled_list_finds_its_row() -> None:
    async with running(100) as (_, pilot, app):
        await pilot.press("G")
        await pilot.click(Numbers, offset=(3, 0))
        assert app.chosen == [(90, False)]


async def test_a_second_click_is_reported_as_one() -> None:
    async with running(100) as (_, pilot, app):
        await pilot.click(Numbers, offset=(3, 2), times=2)
        assert app.chosen == [(1, False), (1, True)]


async def test_headings_and_the_empty_part_are_not_chosen() -> None:
    async with running(3, headings={1}) as (rows, pilot, app):
        await pilot.click(Numbers, offset=(3, 2))
        await pilot.click(Numbers, offset=(3, 12))
        assert (rows.cursor, app.chosen) == (0, [])


# -- size and effort -------------------------------------------------------------------------------------------------


async def test_any_size_of_terminal_will_do() -> None:
    async with running(100) as (rows, pilot, _):
        for size in [(20, 5), (5, 2), (1, 1), (200, 60)]:
            await pilot.resize_terminal(*size)
            await pilot.press("j", "pagedown", "G", "ctrl+u")
            assert rows.size.height < 2 or rows.cursor in rows.visible_rows
            strips = [rows.render_line(y) for y in range(rows.size.height)]
            assert {strip.cell_length for strip in strips} <= {max(0, rows.line_width)}


async def test_after_a_resize_the_cursor_is_in_sight() -> None:
    async with running(100) as (rows, pilot, _):
        rows.move_cursor(9)
        await pilot.resize_terminal(40, 7)
        await pilot.pause()
        assert ">row 9" in window(rows)


async def test_only_what_is_on_the_screen_is_painted() -> None:
    async with running(100_000) as (rows, pilot, _):
        assert set(rows.painted) <= set(range(11))
        rows.painted.clear()
        await pilot.press("G")
        await eventually(lambda: rows.painted)
        assert set(rows.painted) <= {0, *range(99_988, 100_000)}


async def test_a_move_paints_two_rows_and_lays_nothing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    layouts = count_calls(monkeypatch, Screen, "_refresh_layout")
    async with running(100) as (rows, pilot, _):
        layouts.clear()
        rows.painted.clear()
        await pilot.press("j")
        await eventually(lambda: set(rows.painted) == {0, 1})
        rows.count = 50
        rows.rows_changed()
        await pilot.press("G")
        assert not layouts
        assert rows.virtual_size == Size(rows.line_width, 100)


def count_calls(monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> list[str]:
    """A list that grows with each call of a method, which still does what it did."""
    calls: list[str] = []
    original: Callable[..., object] = getattr(owner, name)

    def counted(*args: object, **options: object) -> object:
        calls.append(name)
        return original(*args, **options)

    monkeypatch.setattr(owner, name, counted)
    return calls
