"""Getting around in the app: panes, selections, facets, saved views, history."""

from __future__ import annotations

from datetime import date

import pytest
from textual.widgets import Input

from paperdeck.storage.files.small import remember
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.background.syncing import Syncing
from paperdeck.tui.dialogs.choice_list import ChoiceList
from paperdeck.tui.dialogs.picker import Picker
from paperdeck.tui.dialogs.prompt import Prompt
from paperdeck.tui.model.views import View
from paperdeck.tui.reading.digest import DigestScreen
from tests.conftest import MakePaper
from tests.support.app_tools import eventually, fill, reading, screen_text, settled


@pytest.fixture
def filled(places: Places, make_paper: MakePaper) -> Places:
    """Four papers; 2611.00004 comes first. Each names an author and a keyword twice."""
    twice = {"authors": ("Ada", "Ada"), "keywords": ("agents", "agents")}
    fill(places, [make_paper(number, **twice) for number in range(1, 5)])
    return places


# Panes


async def test_tab_goes_from_the_views_to_the_list_to_the_paper_and_round(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        app.main.focus_pane("views")
        seen = []
        for _ in range(3):
            await pilot.press("tab")
            seen.append(app.focused)
        assert seen == [app.main.papers, app.main.detail, app.main.views_pane]


async def test_tab_leaves_the_filter_box_for_the_paper(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("slash", "tab")
        assert app.focused is app.main.detail


# Selections


async def test_keys_act_on_the_selected_papers_that_the_filter_leaves_and_the_others_come_back(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("v", "v")
        app.session.results.set_filter("id:2611.00004")
        await settled(pilot)
        assert app.main.papers.selection == {"2611.00004"}
        assert "1 of 2 selected papers is not in this list" in app.main.footline.message
        assert "1 selected of 1" in app.main.headline.counts
        app.session.results.set_filter("id:2611.00001")
        await settled(pilot)
        await pilot.press("s")
        assert app.session.marks.of("2611.00001").starred
        app.session.results.set_filter("")
        await settled(pilot)
        assert len(app.main.papers.selection) == 2
        await pilot.press("escape")
        app.session.results.set_filter("id:2611.00004")
        await settled(pilot)
        assert not app.main.papers.selection


async def test_a_range_does_not_begin_in_another_view(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("v", "j", "j", "3")
        await settled(pilot)
        (selected,) = app.main.papers.selection
        await pilot.press("j", "j", "V")
        assert app.main.papers.selection == {selected, app.main.papers.current}


async def test_a_range_begins_at_its_paper_wherever_that_is_now(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("v")
        app.main.papers.show(list(reversed(app.main.papers.ids)), current="2611.00003")
        await pilot.press("V")
        assert app.main.papers.selection == {"2611.00004", "2611.00003"}


# Facets and saved views


async def test_a_facet_that_is_pressed_twice_leaves_the_filter_as_it_was(filled: Places) -> None:
    facet = View("keyword agent", "agent", "keyword:=agent", narrows=True)
    async with reading(filled) as (app, _):
        app.session.results.set_filter("keyword:=agents OR cats")
        app.session.results.text = app.main.filter_box.value
        app.context.run("views.choose_view", facet)
        assert app.main.filter_box.value == "(keyword:=agents OR cats) keyword:=agent"
        app.session.results.text = app.main.filter_box.value
        app.context.run("views.choose_view", facet)
        assert app.main.filter_box.value == "keyword:=agents OR cats"


async def test_where_the_list_is_not_a_query_the_view_is_asked_for_what_it_shows(filled: Places) -> None:
    """A name that was typed in hope ran as keys."""
    async with reading(filled) as (app, pilot):
        await pilot.press("W", *"is:unred", "enter")
        await eventually(lambda: "did you mean “is:unread”" in screen_text(app))
        await pilot.press(*["backspace"] * 2, *"ead", "enter", *"Left", "enter")
        await settled(pilot)
        assert [view.query for view in app.session.views.all() if view.title == "Left"] == ["is:unread"]


async def test_an_order_alone_can_be_saved(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("comma")
        await settled(pilot)
        await pilot.press("W", *"Best", "enter")
        await settled(pilot)
        assert [view.query for view in app.session.views.all() if view.title == "Best"] == ["sort:upvotes"]


async def test_what_is_saved_is_shown_before(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        app.session.results.set_filter("cats")
        await settled(pilot)
        await pilot.press("W")
        assert isinstance(app.screen, Prompt)
        assert "“cats” in all papers" in " ".join(screen_text(app).split())


async def test_a_name_that_is_taken_is_replaced_in_words(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        for query, said in (("cats", "Saved"), ("dogs", "Replaced")):
            app.session.results.set_filter(query)
            await settled(pilot)
            await pilot.press("W", *"Cats", "enter")
            await settled(pilot)
            assert app.main.footline.message.startswith(said)


async def test_a_saved_view_shows_how_many_of_its_papers_are_new(filled: Places) -> None:
    remember(filled.state / "visit.json", "at", "2000-01-01T00:00:00+00:00")
    async with reading(filled) as (app, pilot):
        app.session.rules.save_view("Mine", "keyword:agents")
        await settled(pilot)
        line = next(line for line in screen_text(app).splitlines() if line.startswith("  Mine") or " Mine " in line)
        assert "+4 4" in line


# Dialogs


@pytest.mark.parametrize("key", ["a", "M", "F"])
async def test_a_name_given_twice_is_offered_once(filled: Places, key: str) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press(key)
        assert isinstance(app.screen, Picker)
        assert len(app.screen.query_one(ChoiceList).choices) == 2


async def test_the_tags_of_one_paper_name_it(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("t")
        row = app.session.papers.row("2611.00004")
        assert row
        assert f"Tags of “{row.title}”" in screen_text(app)


async def test_no_key_of_the_list_reaches_it_through_the_digest(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("i")
        await settled(pilot)
        await pilot.press("i")
        await eventually(lambda: isinstance(app.screen, DigestScreen))
        await pilot.press("s", "f", "slash")
        assert not app.session.marks.of("2611.00004").starred
        assert isinstance(app.screen, DigestScreen)
        assert not isinstance(app.focused, Input)


@pytest.mark.parametrize(
    ("typed", "since"),
    [("30", date(2026, 10, 21)), ("everything", date(2023, 5, 1)), ("2025-01-05", date(2025, 1, 5))],
)
async def test_history_is_fetched_from_the_day_that_is_chosen(
    filled: Places, monkeypatch: pytest.MonkeyPatch, typed: str, since: date
) -> None:
    asked: list[date] = []

    async def history(_: Syncing, since: date) -> None:
        asked.append(since)

    monkeypatch.setattr(Syncing, "history", history)
    async with reading(filled) as (_, pilot):
        await pilot.press("R", *typed, "enter")
        await settled(pilot)
        assert asked == [since]


async def test_a_taste_without_stars_is_reported_as_unknown(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        while app.session.results.sort.key != "foryou":
            await pilot.press("comma")
        assert "Your taste isn't known yet" in app.main.footline.message


async def test_an_empty_list_does_not_say_that_nothing_matches_a_wrong_query(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        app.session.results.set_filter("auther")
        await settled(pilot)
        assert "Nothing in Today matches." in screen_text(app)
        app.session.results.set_filter("auther:x")
        await settled(pilot)
        assert "Nothing in Today matches." not in screen_text(app)
        assert "can't be understood" in screen_text(app)
        assert "did you mean" in screen_text(app)
