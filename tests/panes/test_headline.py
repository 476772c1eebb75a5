"""The top line: what matters most has the room."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from paperdeck.storage.search.found import Tally
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.model.session import Session
from paperdeck.tui.model.status import ASKING, STOPPING
from paperdeck.tui.model.views import ALL
from paperdeck.tui.panes.headline import Part, counts_in_words, fitted
from tests.conftest import MakePaper
from tests.support.app_tools import QUIET, fill, reading, screen_lines, settled


@pytest.fixture
def filled(places: Places, make_paper: MakePaper) -> Places:
    """A library of three papers."""
    fill(places, [make_paper(number) for number in range(1, 4)])
    return places


@pytest.mark.parametrize("width", [40, 80, 120])
async def test_trouble_with_a_source_is_seen_at_every_width(filled: Places, width: int) -> None:
    async with reading(filled, size=(width, 12)) as (app, pilot):
        app.main.headline.source_wait = "hub.test: it answered 503, again in 4 s"
        await pilot.pause()
        assert "hub.test: it" in screen_lines(app)[0]
        for wait in ("no connection (hub.test:9), again in 1 s", "hub.long.name.test answered 503, again in 1 s"):
            app.main.headline.source_wait = f"{wait} · ^x stops"
            await pilot.pause()
            line = screen_lines(app)[0]
            assert line.rstrip().endswith("^x stops"), "the way out is never cut"
            assert "Today" in line
        app.main.headline.source_wait = ""
        await pilot.pause()
        assert "hub.test" not in screen_lines(app)[0]


async def test_what_is_shown_matters_more_than_how_fresh_it_is(filled: Places) -> None:
    async with reading(filled, size=(40, 12)) as (app, pilot):
        app.main.headline.freshness = "fetched 5 min ago"
        await pilot.pause()
        line = screen_lines(app)[0]
        assert "3 unread" in line
        assert "paperdeck" not in line
        assert "fetched" not in line
        app.main.headline.warning = True
        for said in ("last fetch failed, papers fetched 3 min ago", "could not fetch"):
            app.main.headline.freshness = said
            await pilot.pause()
            line = screen_lines(app)[0].rstrip()
            assert line.endswith("failed · r again")
            assert "3 unread" in line


@pytest.mark.parametrize("width", [80, 100, 120, 200])
async def test_progress_counts_and_what_waits_have_places_of_their_own(filled: Places, width: int) -> None:
    """While fetching, each of them took the place of the others."""
    async with reading(filled, size=(width, 12)) as (app, pilot):
        headline = app.main.headline
        headline.progress, headline.waiting = "fetching 2026-06 · 30 of 310", "325"
        await pilot.pause()
        line = screen_lines(app)[0]
        for part in ("Today", "3 unread", "325", "fetching 2026-06 · 30 of 310 · ^x stops"):
            assert part in line
        assert (", Fri 20 Nov" in line) == (width >= 100)
        assert ("paperdeck" in line) == (width >= 200)


async def test_a_fetch_that_waits_for_its_first_answer_says_so_once(filled: Places) -> None:
    """“asking the Hub …   waiting · ^x stops”: the two said the same, and neither how long."""
    async with reading(filled, size=(80, 12)) as (app, _):
        waiting = "waiting for huggingface.co, 12 s · ^x stops"
        app.session.status.set(progress=ASKING, source_wait=waiting)
        line = screen_lines(app)[0].rstrip()
        assert line.endswith(waiting)
        assert ASKING not in line
        app.session.status.set(progress="fetching 2026-06 · 3 of 31", source_wait=waiting)
        assert "   3 of 31   waiting for huggingface.co" in screen_lines(app)[0], "the next tick knows of no wait"


VISIT = ("Since your last visit, Tue 17 Nov 01:05 to now", "Since Tue 17 Nov 01:05", "Since 17 Nov")
DAY = ("Latest day, Fri 27 Nov, by recent upvotes", "Latest day, Fri 27 Nov", "Latest day")
WAIT = "waiting for huggingface.co, 12 s · ^x stops"


@pytest.mark.parametrize("saved", [("A saved view with a name that is as long as this one",), VISIT, DAY])
@pytest.mark.parametrize("width", [40, 80])
async def test_the_number_of_unread_papers_and_the_key_that_stops_come_before_the_name_of_the_view(
    filled: Places, width: int, saved: tuple[str, ...]
) -> None:
    """After nine days, 40 columns had no number at all, and 80 had none while a fetch waited."""
    async with reading(filled, size=(width, 12)) as (app, pilot):
        headline = app.main.headline
        headline.view, headline.counts = saved, "118 papers · 118 new · 1,145 unread"
        for progress, wait in (("", ""), ("fetching 2026-09 · 64 of 537 · 1,027 papers so far", ""), (ASKING, WAIT)):
            headline.progress, headline.source_wait = progress, wait
            await pilot.pause()
            line = screen_lines(app)[0].rstrip()
            assert "1,145 unread" in line
            assert saved[-1][:6] in line
            assert line.endswith("^x stops") == bool(progress)
            assert not (progress and "paperdeck" in line)


async def test_a_stopped_fetch_names_no_key(filled: Places) -> None:
    async with reading(filled, size=(80, 12)) as (app, pilot):
        app.session.status.set(progress=STOPPING)
        await pilot.pause()
        assert screen_lines(app)[0].rstrip().endswith(STOPPING)


def test_wordings_become_longer_in_the_order_of_their_turns() -> None:
    view, progress, age = Part(("Latest day", "Day"), "", 1), Part(("fetching", "^x"), ""), Part(("now", ""), "", 2)
    for room, shown in ((9, ["Day"]), (11, ["Day", "^x"]), (17, ["Day", "fetching"]), (24, ["Latest day", "fetching"])):
        assert list(fitted([view, progress, age], room, "…").values()) == shown
    assert fitted([view, progress, age], 30, "…")[age] == "now"


def test_the_top_line_of_for_you_names_the_count_of_its_row() -> None:
    """The row counts the papers that fit; beside a total alone its number was a riddle."""
    view = ALL._replace(picks=lambda _: True)
    results = SimpleNamespace(tally=Tally(134, unread=130), ids=["2611.00001"], complete=True, view=view)
    session = cast(Session, SimpleNamespace(results=results, counts=SimpleNamespace(unread={view.key: 12})))
    assert counts_in_words(session, 0) == "134 papers · 130 unread · 12 fit your taste"
    session.counts.unread[view.key] = 1
    assert counts_in_words(session, 0).endswith("1 fits your taste")
    results.view = ALL
    assert counts_in_words(session, 0) == "134 papers · 130 unread"


async def test_downloads_and_trouble_are_shown_side_by_side(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        app.main.headline.downloads, app.main.headline.source_wait = "PDF: 1.0 of 2.0 MB", "hub.test: 503, again in 4 s"
        await pilot.pause()
        assert screen_lines(app)[0].rstrip().endswith("PDF: 1.0 of 2.0 MB   hub.test: 503, again in 4 s")


async def test_a_fetch_that_failed_says_which_key_tries_again(filled: Places) -> None:
    async with reading(filled, QUIET._replace(keys={"refresh": "f5"})) as (app, pilot):
        app.session.status.set(freshness="last fetch failed, papers fetched 3 min ago", ended="failed")
        await pilot.pause()
        assert "fetched 3 min ago · f5 tries again" in screen_lines(app)[0]


async def test_no_papers_are_counted_as_none(filled: Places) -> None:
    """The headline lost its count."""
    async with reading(filled) as (app, pilot):
        await pilot.press("slash", *"qqq")
        await settled(pilot)
        assert "   0 papers" in screen_lines(app)[0]
