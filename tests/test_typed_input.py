"""What reaches the boxes that are typed into: all the keys that delete, and pasted text in one line."""

from __future__ import annotations

import pytest
from textual import events
from textual.widgets import Input, TextArea

from paperdeck.storage.settings.settings import Places
from paperdeck.tui.key_queue import pasted
from tests.conftest import MakePaper
from tests.support.app_tools import eventually, fill, reading, settled


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Attention Is\nAll You Need", "Attention Is All You Need"),
        ("Attention Is \r\n   All You Need\n", "Attention Is All You Need"),
        ("Pre-\ntraining at Scale", "Pre-training at Scale"),
        ("a\u2028b\x85c", "a b c"),
        ("be\x1b]52;c;cHduZWQ=\x07fore\x9b31m", "before"),
    ],
)
def test_a_title_of_two_lines_becomes_one(text: str, line: str) -> None:
    """A title copied from a PDF."""
    assert pasted(text, in_one_line=True) == line


def test_a_note_keeps_its_lines() -> None:
    assert pasted("a\nb", in_one_line=False) == "a\nb"


@pytest.mark.parametrize(
    ("key", "left"),
    [("shift+backspace", "two word"), ("ctrl+backspace", "two "), ("alt+backspace", "two "), ("backspace", "two word")],
)
async def test_every_backspace_deletes(key: str, left: str, places: Places, make_paper: MakePaper) -> None:
    """As terminals with the Kitty protocol send them."""
    fill(places, [make_paper(1)])
    async with reading(places) as (app, pilot):
        await pilot.press("slash", *"two words", key)
        assert app.screen.query_one("#filter-box", Input).value == left
        await pilot.press("escape", "escape", "e", *"two words", key)
        await settled(pilot)
        assert app.screen.query_one(TextArea).text == left


async def test_a_pasted_title_arrives_whole_in_the_filter(places: Places, make_paper: MakePaper) -> None:
    fill(places, [make_paper(1)])
    async with reading(places) as (app, pilot):
        await pilot.press("slash")
        app.post_message(events.Paste("Attention for\nthe Impatient"))
        await eventually(lambda: app.screen.query_one("#filter-box", Input).value == "Attention for the Impatient")
