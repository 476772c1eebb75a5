"""A text beside its key: its lines are aligned, at every width."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import Static

from paperdeck.tui.dialogs.choice_list import HangingIndent
from tests.support.examples import examples

LONG = HangingIndent(Content("key  "), Content("words that go on for longer than one line"))


class Shown(App[None]):
    """One such line in a box of a given width."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width

    def compose(self) -> ComposeResult:
        shown = Static(LONG)
        shown.styles.width = self.width
        yield shown


@pytest.mark.parametrize("width", [12, 20, 33])
async def test_the_lines_of_the_text_are_aligned(width: int) -> None:
    async with Shown(width).run_test() as pilot:
        shown = pilot.app.query_one(Static)
        lines = [shown.render_line(y).text for y in range(shown.size.height)]
    assert lines[0].startswith("key  words")
    assert all(line.startswith("     ") and line[5] != " " for line in lines[1:])
    assert "".join(line[5:] for line in lines).replace(" ", "") == LONG.text.plain.replace(" ", "")


@given(st.integers(1, 60))
@settings(max_examples=examples(30))
def test_it_is_as_high_as_its_text_in_the_room_beside_the_key(width: int) -> None:
    assert LONG.get_height({}, width) == LONG.text.get_height({}, max(1, width - 5))
    assert LONG.get_optimal_width({}, width) == len(str(LONG))
