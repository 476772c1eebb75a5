"""What must not happen to somebody who reads: jumps, lost places, keys that act on another paper."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date

import pytest
from textual.geometry import Size

from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import FetchSettings, Places, ReadingSettings, Settings
from paperdeck.tui.app import Reader
from paperdeck.tui.dialogs.note import NoteScreen
from tests.conftest import MakePaper
from tests.support.app_tools import eventually, fill, reading, screen_text, settled
from tests.support.hub import FakeHub, item


@pytest.fixture
def many(places: Places, make_paper: MakePaper) -> Places:
    """A library of 300 papers."""
    fill(places, [make_paper(number) for number in range(1, 301)])
    return places


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    """A Hub without papers."""
    hub = FakeHub()
    yield hub.start()
    hub.stop()


def room_of(app: Reader) -> list[Size]:
    """The room of each pane that is shown."""
    panes = (app.main.headline, app.main.papers, app.main.detail, app.main.views_pane)
    return [pane.outer_size for pane in panes if pane.display]


async def test_a_place_far_down_is_found_again(many: Places) -> None:
    async with reading(many) as (app, pilot):
        await pilot.press("3")
        await settled(pilot)
        app.main.papers.move_cursor(200)
        here, line = app.main.papers.current, app.main.papers.cursor_line
        await pilot.press("4")
        await settled(pilot)
        await pilot.press("3")
        await settled(pilot)
        assert (app.main.papers.current, app.main.papers.cursor_line) == (here, line)


@pytest.mark.parametrize("widths", [(120, 60, 120), (60, 200, 60), (120, 119, 79), (200, 100, 40)])
async def test_a_resize_leaves_each_pane_the_room_that_a_start_gives_it(
    many: Places, widths: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(widths[0]))
    async with reading(many, size=(widths[0], 30)) as (app, pilot):
        for width in widths[1:]:
            await pilot.resize_terminal(width, 30)
            await settled(pilot)
        seen = [
            pane.outer_size
            for pane in (app.main.headline, app.main.papers, app.main.detail, app.main.views_pane)
            if pane.display
        ]
    monkeypatch.setenv("COLUMNS", str(widths[-1]))
    async with reading(many, size=(widths[-1], 30)) as (app, pilot):
        await settled(pilot)
        assert seen == [
            pane.outer_size
            for pane in (app.main.headline, app.main.papers, app.main.detail, app.main.views_pane)
            if pane.display
        ]


async def test_papers_that_arrive_while_the_list_is_hidden_do_no_harm(many: Places, make_paper: MakePaper) -> None:
    async with reading(many, size=(60, 20)) as (app, pilot):
        await pilot.press("j", "enter")
        Library(many).add([make_paper(900)], "hf")
        Library(many).mark(["2611.00900"], starred=True)
        await eventually(lambda: app.session.papers.index.has_all(["2611.00900"]), 4)
        await settled(pilot)
        await pilot.press("escape", "3")
        await settled(pilot)
        assert "2611.00900" in app.main.papers.ids


async def test_the_shelf_stays_while_somebody_is_at_work_on_it(places: Places, hub: FakeHub) -> None:
    hub.list_day(date(2026, 11, 20), item("2611.00001", "Fresh from the Hub", upvotes=3))
    hub.always = "503"
    async with reading(places, hub=hub.url) as (app, pilot):
        await pilot.press("j")
        chosen = app.main.papers.current
        hub.always = ""
        await eventually(lambda: app.session.papers.past_shelf)
        await eventually(lambda: app.main.headline.waiting)
        await pilot.press("s")
        assert app.session.marks.of(chosen or "").starred
        await pilot.press("full_stop")
        await eventually(lambda: list(app.main.papers.ids) == ["2611.00001"])
        await pilot.press("5")
        await eventually(lambda: list(app.main.papers.ids) == [chosen])


async def test_a_view_that_is_deleted_elsewhere_does_not_go_without_a_word(many: Places) -> None:
    elsewhere = Library(many)
    elsewhere.save_view("Cats", "title:1")
    async with reading(many) as (app, pilot):
        app.session.results.show(next(view for view in app.session.views.all() if view.title == "Cats"))
        await settled(pilot)
        elsewhere.delete_view("Cats")
        await eventually(lambda: app.main.footline.message == "The view “Cats” is gone; this is “Today”.")


async def test_undo_goes_to_what_the_reader_did_and_not_to_what_resting_did(many: Places) -> None:
    settings = Settings(reading=ReadingSettings(read_after=0.5), fetch=FetchSettings(every_minutes=0))
    async with reading(many, settings) as (app, pilot):
        await pilot.press("j", "s")
        paper = app.main.papers.current or ""
        await eventually(lambda: app.session.marks.of(paper).read)
        await pilot.press("u")
        await eventually(lambda: not app.session.marks.of(paper).starred)
        assert app.session.marks.of(paper).read  # reading by resting is a deed of its own


async def test_a_failed_attempt_is_not_called_fetched(places: Places) -> None:
    async with reading(places) as (app, pilot):
        await pilot.press("r")
        await settled(pilot)
        assert app.main.headline.freshness == "could not fetch"


async def test_the_filter_pane_begins_at_the_view_that_is_shown(many: Places) -> None:
    async with reading(many, size=(140, 12)) as (app, pilot):
        for size in ((60, 8), (140, 12)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert app.main.views_pane.highlighted is not None
        assert app.main.views_pane.highlighted.key == app.session.results.view.key
        assert app.main.views_pane.scroll_offset.y == 0


async def test_nothing_becomes_read_while_somebody_types(many: Places) -> None:
    """The first hit of each query became read while the cursor was in the filter box."""
    settings = Settings(reading=ReadingSettings(read_after=0.05), fetch=FetchSettings(every_minutes=0))
    async with reading(many, settings) as (app, pilot):
        await pilot.press("slash", "c", "a")
        await settled(pilot)
        await pilot.pause(0.3)
        assert not app.session.library.all_marks()
        await pilot.press("enter")
        await eventually(lambda: app.session.marks.of(app.main.papers.current or "").read)


async def test_nothing_becomes_read_below_a_dialog(many: Places) -> None:
    settings = Settings(reading=ReadingSettings(read_after=0.05), fetch=FetchSettings(every_minutes=0))
    async with reading(many, settings) as (app, pilot):
        await pilot.press("c")
        await settled(pilot)
        app.main.papers.move_cursor(1)  # as papers that arrive may do
        await pilot.pause(0.2)
        assert not app.session.library.all_marks()


async def test_a_search_on_the_hub_leaves_the_starter_shelf(places: Places, hub: FakeHub) -> None:
    """Its papers were sought among those of the shelf, so that it had none, below “2 arrived”."""
    hub.list_day(date(2026, 3, 2), item("2603.00001", "Cats from the Hub"), item("2603.00002", "More cats"))
    async with reading(places, hub=hub.url) as (app, pilot):
        await settled(pilot)
        await pilot.press("slash", *"cats", "ctrl+s")
        await eventually(lambda: set(app.session.results.ids) == {"2603.00001", "2603.00002"})
        assert not app.session.papers.shelf


async def test_after_a_search_on_the_hub_the_keys_go_to_the_list(many: Places, hub: FakeHub) -> None:
    """The keyboard stayed in the emptied filter box."""
    hub.list_day(date(2026, 11, 20), item("2611.00001", "Cats from the Hub"), item("2611.00002", "More cats"))
    async with reading(many, hub=hub.url) as (app, pilot):
        await settled(pilot)
        await pilot.press("slash", *"cats", "ctrl+s")
        await eventually(lambda: app.session.results.view.key == "results")
        await settled(pilot)
        assert app.focused is app.main.papers
        assert app.main.filter_box.value == ""


class LateHub:
    """A Hub that finds a paper, but not before it may."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()

    async def search(self, query: str) -> list[str]:
        await self.may_answer.wait()
        return ["2611.00001"]


async def test_a_search_that_comes_late_leaves_the_note_that_is_being_written(many: Places) -> None:
    """Its results closed the note, and the text was gone from the screen."""
    async with reading(many) as (app, pilot):
        hub = LateHub()
        app.context.fetcher = lambda: asyncio.sleep(0, hub)  # type: ignore[assignment, method-assign, return-value]
        await pilot.press("slash", *"lovelace", "ctrl+s", "enter", "e", "h", "i")
        hub.may_answer.set()
        await eventually(lambda: app.session.views.by_key("results"))
        await settled(pilot)
        assert isinstance(app.screen, NoteScreen)
        assert app.session.results.text == "lovelace"
        await pilot.press("escape")
        assert app.session.marks.of(app.main.papers.current or "").note == "hi"


async def test_a_focus_that_comes_late_closes_no_dialog(many: Places) -> None:
    async with reading(many) as (app, pilot):
        await pilot.press("e", "h", "i")
        app.context.focus("list")
        assert isinstance(app.screen, NoteScreen)


async def test_rules_of_another_instance_appear_by_themselves(many: Places) -> None:
    """The other instance's views and mute rules were seen after the next start only."""
    async with reading(many) as (app, _):
        Library(many).save_view("From elsewhere", "cats")
        await eventually(lambda: "From elsewhere" in [view.title for view in app.session.views.all()], 3)


async def test_an_undone_theme_is_switched_back(many: Places) -> None:
    async with reading(many) as (app, pilot):
        await pilot.press("T", *"nord", "enter")
        await settled(pilot)
        assert app.theme == "nord"
        await pilot.press("u")
        await eventually(lambda: app.theme == "paperdeck-dark")


async def test_a_selection_ends_with_its_action_and_the_bottom_line_says_that_there_is_one(many: Places) -> None:
    async with reading(many) as (app, pilot):
        await pilot.press("v", "v")
        await settled(pilot)
        assert "esc end" in screen_text(app)
        await pilot.press("m", "j", "s")
        await settled(pilot)
        assert not app.main.papers.selection
        assert [paper for paper in app.session.results.ids if app.session.marks.of(paper).starred] == [
            app.main.papers.current
        ]
