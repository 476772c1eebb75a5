"""Notes: what was written is never lost, and nothing else is kept."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from paperdeck.storage.errors import ActionFailed
from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.dialogs.note import edit_elsewhere
from tests.conftest import MakePaper
from tests.support.app_tools import fill, reading

PAPER = "2611.00001"


@pytest.fixture
def filled(places: Places, make_paper: MakePaper) -> Places:
    """A library of one paper."""
    fill(places, [make_paper(1)])
    return places


async def test_a_note_that_is_being_written_outlives_the_end_of_the_app(filled: Places) -> None:
    async with reading(filled) as (_, pilot):
        await pilot.press("e", *"half a tho")
    assert Library(filled).marks(PAPER).note == "half a tho"


async def test_a_note_that_is_kept_is_one_step_to_undo(filled: Places) -> None:
    async with reading(filled) as (_, pilot):
        await pilot.press("e", *"well put", "escape", "u")
    assert Library(filled).marks(PAPER).note == ""


@pytest.mark.parametrize(
    ("editor", "says"),
    [
        ("", "No editor is named"),
        ("no-such-editor", "can't be started"),
        ("sh -c 'exit 3'", "ended with code 3"),
        ("rm", "file can't be written or read"),
        ("'", "can't be started"),
    ],
)
def test_an_editor_that_fails_is_said(editor: str, says: str) -> None:
    with pytest.raises(ActionFailed, match=says):
        edit_elsewhere("as it was", nullcontext, {"EDITOR": editor})


def test_what_an_editor_saves_is_the_note() -> None:
    assert edit_elsewhere("cat", nullcontext, {"VISUAL": "sed -i s/c/h/"}).strip() == "hat"
