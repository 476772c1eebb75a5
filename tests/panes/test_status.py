"""The lines of words: what matters most has the room, and a click on a key does what the key does."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest
from rich.cells import cell_len

from paperdeck.storage.search.found import Tally
from paperdeck.storage.settings.settings import Places, Settings
from paperdeck.tui.dialogs.picker import Picker
from paperdeck.tui.look.symbols import ASCII, UNICODE, Symbols
from paperdeck.tui.model.session import Session
from paperdeck.tui.model.status import ASKING
from paperdeck.tui.model.views import ALL
from paperdeck.tui.panes.status import Hint, Part, counts_in_words, fitted, hints_within, waiting_within
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
        app.main.headline.trouble = "hub.test: it answered 503, again in 4 s"
        await pilot.pause()
        assert "hub.test: it" in screen_lines(app)[0]
        for trouble in ("no connection (hub.test:9), again in 1 s", "hub.long.name.test answered 503, again in 1 s"):
            app.main.headline.trouble = f"{trouble} · ^x stops"
            await pilot.pause()
            line = screen_lines(app)[0]
            assert line.rstrip().endswith("^x stops"), "the way out is never cut"
            assert "Today" in line
        app.main.headline.trouble = ""
        await pilot.pause()
        assert "hub.test" not in screen_lines(app)[0]


@pytest.mark.parametrize("symbols", [UNICODE, ASCII])
@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_key_that_stops_waiting_is_never_cut(width: int, symbols: Symbols) -> None:
    waiting = "Waiting for the text (hub.long.name.test answered 503, again in 4 s), 1 s · esc stops"
    shown = waiting_within(waiting, width, symbols)
    assert cell_len(shown) == width
    assert shown.rstrip().endswith(f"{symbols.dot} esc stops")


async def test_a_click_on_a_hint_runs_its_key(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        line = screen_lines(app)[-1]
        await pilot.click(app.main.footline, offset=(line.index("star"), 0))
        await settled(pilot)
        assert app.main.papers.current
        assert app.session.marks.of(app.main.papers.current).starred
        await pilot.click(app.main.footline, offset=(line.index("?"), 0))
        assert isinstance(app.screen, Picker)


async def test_the_hints_show_the_keys_that_the_reader_chose(filled: Places) -> None:
    settings = Settings(
        reading=QUIET.reading, fetch=QUIET.fetch, keys={"star": "asterisk,ctrl+k", "copy-menu": "ctrl+y"}
    )
    async with reading(filled, settings) as (app, _):
        assert "* star" in screen_lines(app)[-1]
        assert "^y copy" in screen_lines(app)[-1]


HINTS = (Hint("esc", "list", ""), Hint("space", "read on", ""), Hint("s", "star", ""), Hint("?", "help", ""))


@pytest.mark.parametrize(
    ("width", "shown"),
    [(80, "esc space s ?"), (42, "esc space s ?"), (41, "esc space ?"), (20, "esc ?"), (8, "?"), (3, "")],
)
def test_the_way_to_the_help_is_the_last_hint_that_is_given_up(width: int, shown: str) -> None:
    within = hints_within(HINTS, width)
    assert " ".join(hint.key for hint in within) == shown
    assert cell_len("   ".join(f"{hint.key} {hint.does}" for hint in within)) <= width


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
            assert screen_lines(app)[0].rstrip().endswith("fetch failed · r again")


# -- the top line ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [80, 100, 120, 200])
async def test_progress_counts_and_what_waits_have_places_of_their_own(filled: Places, width: int) -> None:
    """Daily use 27: while fetching, each of them took the place of the others."""
    async with reading(filled, size=(width, 12)) as (app, pilot):
        headline = app.main.headline
        headline.progress, headline.waiting = "fetching 2026-06 · 30 of 310", "325 arrived"
        await pilot.pause()
        line = screen_lines(app)[0]
        for part in ("Today, Fri 20 Nov", "3 unread", "325 arrived", "fetching 2026-06 · 30 of 310"):
            assert part in line
        assert ("^x stops" in line) == (width >= 100)
        assert (". shows them" in line) == (width >= 120)


async def test_a_fetch_that_waits_for_its_first_answer_says_so_once(filled: Places) -> None:
    """“asking the Hub …   waiting · ^x stops”: the two said the same, and neither how long."""
    async with reading(filled, size=(80, 12)) as (app, pilot):
        app.session.status.set(progress=ASKING, trouble="waiting for huggingface.co, 12 s · ^x stops")
        await pilot.pause()
        line = screen_lines(app)[0].rstrip()
        assert line.endswith("waiting for huggingface.co, 12 s · ^x stops")
        assert ASKING not in line
        app.session.status.set(progress="fetching 2026-06 · 3 of 31")
        await pilot.pause()
        assert "fetching 2026-06 · 3 of 31" in screen_lines(app)[0]


def test_the_key_that_stops_a_fetch_goes_before_words_that_are_no_longer() -> None:
    """Beside a download, 80 columns showed “asking the Hub …” and not the key."""
    part = Part(("asking the Hub … · ^x stops", "asking the Hub …", "fetching · ^x stops"), "")
    assert fitted([part], 24, "…")[0][part] == "fetching · ^x stops"


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
        app.main.headline.ongoing, app.main.headline.trouble = "PDF: 1.0 of 2.0 MB", "hub.test: 503, again in 4 s"
        await pilot.pause()
        assert screen_lines(app)[0].rstrip().endswith("PDF: 1.0 of 2.0 MB   hub.test: 503, again in 4 s")


async def test_a_fetch_that_failed_says_which_key_tries_again(filled: Places) -> None:
    """Daily use 24."""
    async with reading(filled, replace(QUIET, keys={"refresh": "f5"})) as (app, pilot):
        app.session.status.set(freshness="last fetch failed, papers fetched 3 min ago", failed=True)
        await pilot.pause()
        assert "fetched 3 min ago · f5 tries again" in screen_lines(app)[0]


async def test_no_papers_are_counted_as_none(filled: Places) -> None:
    """C8: the headline lost its count."""
    async with reading(filled) as (app, pilot):
        await pilot.press("slash", *"qqq")
        await settled(pilot)
        assert "   0 papers" in screen_lines(app)[0]


# -- the bottom line ---------------------------------------------------------------------------------------------------


async def test_a_long_message_takes_the_lines_it_needs_and_gives_them_back(filled: Places) -> None:
    async with reading(filled, size=(60, 20)) as (app, pilot):
        words = [f"word{number}" for number in range(24)]
        app.context.say(" ".join(words), severe=True)
        await pilot.pause()
        assert app.main.footline.size.height == 3
        assert " ".join(" ".join(screen_lines(app)[-3:]).split()) == " ".join(["!", *words])
        long = [f"word{number}" for number in range(60)]
        app.context.say(" ".join(long))
        await pilot.pause()
        assert " ".join(" ".join(screen_lines(app)[-10:]).split()).endswith("word59"), "its end is not cut"
        app.context.say(" ".join(long * 3))
        await pilot.pause()
        assert app.main.footline.size.height == 10, "half of the screen is enough"
        assert screen_lines(app)[-1].rstrip().endswith("…")
        app.context.clear()
        await pilot.pause()
        assert app.main.footline.size.height == 1
        assert "? help" in screen_lines(app)[-1]


async def test_sentences_about_several_things_are_not_joined(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        app.context.say("The Hub did not answer.\narXiv did not answer.", severe=True)
        await pilot.pause()
        assert [line.strip() for line in screen_lines(app)[-2:]] == [
            "! The Hub did not answer.",
            "! arXiv did not answer.",
        ]


async def test_the_bottom_line_says_what_can_be_done_with_a_selection(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("v", "v")
        assert screen_lines(app)[-1].startswith(" 2 selected   s star")
        await pilot.press("escape")
        assert "selected" not in screen_lines(app)[-1]


async def test_there_are_ten_hints_where_there_is_room(filled: Places) -> None:
    """C10: five keys stood beside 75 empty cells."""
    async with reading(filled) as (app, _):
        assert len(hints_within(app.main.footline.hints, 118)) >= 10
