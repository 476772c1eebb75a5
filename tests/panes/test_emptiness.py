"""A list without papers says why in its place, and names keys that do what it says."""

from __future__ import annotations

import asyncio
import re

import pytest
from textual.pilot import Pilot

from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.app import Reader
from paperdeck.tui.keys import action_of, with_keys
from paperdeck.tui.model import views
from paperdeck.tui.model.session import Session
from paperdeck.tui.model.views import View
from paperdeck.tui.panes.cursor_follower import why_empty
from tests.conftest import MakePaper
from tests.support.app_tools import QUIET, TODAY, fill, reading, screen_lines, settled

NAMED = re.compile(r"\{([^}]*)\}")


@pytest.fixture
def filled(places: Places, make_paper: MakePaper) -> Places:
    """A paper of today, and two of the day before."""
    earlier = TODAY.replace(day=19)
    fill(places, [make_paper(1), *(make_paper(n, title=f"Cats {n}", listed=earlier) for n in (2, 3))])
    return places


async def _offers_the_hub(app: Reader, pilot: Pilot[None], filter_: str) -> bool:
    """Whether the bottom line offers a search of the Hub for a filter."""
    app.main.filter_box.value = filter_
    await pilot.press("slash")
    await settled(pilot)
    return any(hint.does == "ask the Hub" for hint in app.main.footline.hints)


async def test_a_filter_without_a_hit_says_what_helps(filled: Places) -> None:
    """The words stood in the other pane, far from where the reader types."""
    async with reading(filled) as (app, pilot):
        await pilot.press("slash", *"cats")
        await settled(pilot)
        column = app.main.papers.region.x
        shown = " ".join(" ".join(line[column + 1 : column + 49] for line in screen_lines(app)).split())
        assert "Nothing in Today matches. 2 papers in All (enter, then 3) · ^s asks the Hub" in shown
        await pilot.press("enter")
        await settled(pilot)
        assert "2 papers in All (3) ·" in " ".join("".join(screen_lines(app)).split())
        await pilot.press("3")
        await settled(pilot)
        assert len(app.main.papers.ids) == 2
        assert [await _offers_the_hub(app, pilot, keys) for keys in ("cats", "is:starred ")] == [True, False]


@pytest.mark.parametrize(("filter_", "offers"), [("dogs is:starred", True), ("is:starred", False), ("tag:none", False)])
def test_the_hub_is_offered_for_words_alone(filled: Places, filter_: str, offers: bool) -> None:
    """It can't know the reader's stars."""
    session = Session(Library(filled), QUIET, filled, today=TODAY)
    session.open_first_view()
    session.results.set_filter(filter_)
    assert ("{search-hub}" in why_empty(session, typing=True)[1]) == offers
    session.papers.close()


async def test_the_keys_are_those_that_the_reader_chose(filled: Places) -> None:
    async with reading(filled, QUIET._replace(keys={"star": "asterisk", "follow": ""})) as (app, pilot):
        await pilot.press("5")
        await settled(pilot)
        assert "Papers that you star with * appear here." in "".join(screen_lines(app))


@pytest.mark.parametrize("view", [views.UNREAD, views.FOR_YOU, views.WEEK, views.MONTH], ids=lambda view: view.key)
def test_before_the_first_fetch_nothing_is_said_about_arrivals(places: Places, view: View) -> None:
    """“Everything is read.” of nothing."""
    session = Session(Library(places), QUIET, places, today=TODAY)
    session.results.show(view)
    assert why_empty(session, typing=False)[0] == "No papers yet."
    session.papers.close()


@pytest.mark.parametrize("view", [views.UNREAD, views.FOR_YOU, views.WEEK, views.MONTH], ids=lambda view: view.key)
def test_beside_the_starter_shelf_it_is_not_said_that_there_are_no_papers(places: Places, view: View) -> None:
    session = Session(Library(places), QUIET, places, today=TODAY)
    session.open_first_view()
    session.results.show(view)
    why, helps = why_empty(session, typing=False)
    assert why == "Only the starter shelf is here so far."
    assert helps == "{refresh} fetches the papers of the last few days."
    session.papers.close()


def test_an_action_without_a_key_is_named() -> None:
    keys = {"star": "*"}
    said = with_keys("{star}, {refresh}", lambda name: keys.get(name, ""))
    assert said == f"*, “{action_of('refresh').name}” in the palette"


@pytest.mark.parametrize(
    "view", [view for view in vars(views).values() if isinstance(view, View)], ids=lambda view: view.key
)
def test_every_key_that_a_view_names_is_one_of_the_registry(view: View) -> None:
    assert view.empty
    for name in NAMED.findall(view.empty):
        assert action_of(name)
    assert not re.search(r"\bPress\b", view.empty)


def test_an_empty_view_says_how_many_papers_are_muted(filled: Places) -> None:
    """Following named the key that follows, though all that was followed was muted."""
    session = Session(Library(filled), QUIET, filled, today=TODAY)
    session.open_first_view()
    session.load()
    session.results.show(views.FOLLOWING)
    asyncio.run(session.results.find())
    assert why_empty(session, typing=False)[1] == "{follow} on a paper follows one."
    for mute in (False, True):
        session.rules.toggle("authors", "Ada Lovelace", mute=mute)
    asyncio.run(session.results.find())
    assert why_empty(session, typing=False)[0] == "3 papers would be here, but you muted them."
    session.papers.close()


async def test_the_key_that_an_empty_trending_view_names_fetches_it(filled: Places) -> None:
    """“enter on this view” meant a row of another pane, and did nothing in the list."""
    async with reading(filled) as (app, pilot):
        number = app.session.views.number_of("trending")
        await pilot.press(str(number))
        await settled(pilot)
        assert why_empty(app.session, typing=False)[1] == f"{{view-{number}}} fetches them."
        assert why_empty(app.session, typing=True)[1].startswith("enter, then {view-")
