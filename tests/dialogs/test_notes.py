"""Notes: what was written is never lost, and nothing else is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import TextArea

from paperdeck.storage.errors import NoteChanged, StoreError
from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.dialogs.note import NoteScreen
from paperdeck.tui.model.drafts import open_draft
from tests.conftest import MakePaper
from tests.support.app_tools import eventually, fill, reading, settled
from tests.support.dialog_app import DialogApp
from tests.support.widgets import shown_text

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
        await settled(pilot)
    assert Library(filled).marks(PAPER).note == ""


class Notes:
    """A place for one note, which may be full or changed by others."""

    def __init__(self, note: str = "") -> None:
        self.note = note
        self.full = False

    def keep(self, text: str, seen: str) -> None:
        if self.full:
            raise StoreError("The note was not saved: the disk is full; free some space and try again.")
        if self.note not in (seen, text):
            raise NoteChanged(self.note)
        self.note = text


@pytest.fixture
def drafts(tmp_path: Path) -> Path:
    return tmp_path / "drafts"


def left_in(drafts: Path) -> list[str]:
    """The texts that are kept as drafts."""
    return [file.read_text(encoding="utf-8") for file in drafts.glob("*/note.md")]


def shown(app: DialogApp) -> str:
    """The text in the editor."""
    return app.screen.query_one(TextArea).text


async def test_a_note_that_cannot_be_saved_keeps_its_dialog_its_text_and_the_reason(drafts: Path) -> None:
    """Written while the disk is full."""
    app, notes = DialogApp(), Notes()
    async with app.run_test() as pilot:
        await app.push_screen(NoteScreen("Note", "", notes.keep, open_draft(drafts, PAPER, "")))
        notes.full = True
        await pilot.press(*"an hour", "escape")
        await eventually(lambda: "the disk is full" in shown_text(app))
        assert shown(app) == "an hour"
        assert open_draft(drafts, PAPER, "").written_at is None  # it is still being written
        notes.full = False
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(app.screen, NoteScreen)
    assert notes.note == "an hour"
    assert left_in(drafts) == []


async def test_what_could_not_be_saved_when_the_app_ended_is_offered_again(drafts: Path) -> None:
    notes = Notes()
    notes.full = True
    app = DialogApp()
    async with app.run_test() as pilot:
        await app.push_screen(NoteScreen("Note", "", notes.keep, open_draft(drafts, PAPER, "")))
        await pilot.press(*"an hour")
        await eventually(lambda: left_in(drafts))
    notes.full = False
    app = DialogApp()
    async with app.run_test() as pilot:
        await app.push_screen(NoteScreen("Note", "", notes.keep, open_draft(drafts, PAPER, "")))
        await pilot.pause()
        assert shown(app) == "an hour"
        assert "Restored what was not saved" in shown_text(app)
        await pilot.press("ctrl+g")
        await pilot.pause()
    assert notes.note == ""
    assert left_in(drafts) == []


@pytest.mark.parametrize(
    ("key", "note"), [("m", "mine"), ("t", "theirs"), ("j", "theirs\n\nmine")], ids=["mine", "theirs", "both"]
)
async def test_a_note_that_was_changed_elsewhere_is_shown_and_not_overwritten(
    key: str, note: str, drafts: Path
) -> None:
    """Two instances write the same note."""
    app, notes = DialogApp(), Notes()
    async with app.run_test(size=(100, 30)) as pilot:
        await app.push_screen(NoteScreen("Note", "", notes.keep, open_draft(drafts, PAPER, "")))
        await pilot.press(*"mine")
        notes.note = "theirs"
        await pilot.press("escape")
        await pilot.pause()
        await eventually(lambda: "changed elsewhere" in shown_text(app))
        assert notes.note == "theirs"
        await pilot.press("escape")  # back to the editor: nothing is decided, nothing is lost
        await pilot.pause()
        assert shown(app) == "mine"
        await pilot.press("escape")
        await pilot.pause()
        await pilot.press(key)
        await pilot.pause()
        if key == "j":
            assert shown(app) == note
            await pilot.press("escape")
            await pilot.pause()
        assert not isinstance(app.screen, NoteScreen)
    assert notes.note == note


async def test_two_instances_never_overwrite_each_other(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("e", *"mine")
        Library(filled).mark([PAPER], note="theirs")
        await pilot.press("escape")
        await eventually(lambda: "changed elsewhere" in shown_text(app))
        await pilot.press("t")
        await settled(pilot)
        assert app.screen is app.main
    assert Library(filled).marks(PAPER).note == "theirs"


async def test_a_note_of_a_megabyte_is_whole_and_its_lines_are_not_wrapped(drafts: Path) -> None:
    """To wrap them all takes seconds."""
    text = "a line of some words\n" * 50_000
    app, notes = DialogApp(), Notes(text)
    async with app.run_test() as pilot:
        await app.push_screen(NoteScreen("Note", text, notes.keep, open_draft(drafts, PAPER, text)))
        await pilot.press("x")
        assert not app.screen.query_one(TextArea).soft_wrap
        await pilot.press("escape")
        await pilot.pause()
    assert notes.note == text + "x"
