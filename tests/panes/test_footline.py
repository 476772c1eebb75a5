"""The bottom line: messages have the lines that they need, and a click on a key does what the key does."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from paperdeck.storage.settings.settings import Places, Settings
from paperdeck.tui.dialogs.picker import Picker
from paperdeck.tui.look.text import ASCII, UNICODE, Symbols
from paperdeck.tui.panes.footline import Hint, hints_within, waiting_within
from tests.conftest import MakePaper
from tests.support.app_tools import QUIET, fill, reading, screen_lines, settled


@pytest.fixture
def filled(places: Places, make_paper: MakePaper) -> Places:
    """A library of three papers."""
    fill(places, [make_paper(number) for number in range(1, 4)])
    return places


@pytest.mark.parametrize("symbols", [UNICODE, ASCII])
@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_key_that_stops_waiting_is_never_cut(width: int, symbols: Symbols) -> None:
    waiting = "Waiting for the text (hub.long.name.test answered 503, again in 4 s), 1 s · esc stops"
    shown = waiting_within(waiting, width, symbols)
    assert cell_len(shown) == width
    assert shown.rstrip().endswith(f"{symbols.dot} esc stops")


def test_a_reason_with_brackets_of_its_own_is_left_out_whole() -> None:
    """“Waiting for 2405.00003, again in 2 s), 1 s”."""
    waiting = "Waiting for 2405.00003 (no connection (hub.test:9), again in 2 s), 1 s · esc stops"
    assert waiting_within(waiting, 60, UNICODE).rstrip() == "Waiting for 2405.00003, 1 s · esc stops"


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


async def test_a_message_is_past_when_the_reader_does_something_else(filled: Places) -> None:
    """“This list keeps its own order” stood below a list that was sorted."""
    async with reading(filled) as (app, pilot):
        await pilot.press("2", "comma")
        assert "keeps its own order" in app.main.footline.message
        await pilot.press("1")
        assert not app.main.footline.message


async def test_the_bottom_line_says_what_can_be_done_with_a_selection(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("v", "v")
        assert screen_lines(app)[-1].startswith(" 2 selected   s star")
        await pilot.press("escape")
        assert "selected" not in screen_lines(app)[-1]


async def test_there_are_ten_hints_where_there_is_room(filled: Places) -> None:
    """Five keys stood beside 75 empty cells."""
    async with reading(filled) as (app, _):
        assert len(hints_within(app.main.footline.hints, 118)) >= 10
