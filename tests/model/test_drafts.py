"""Drafts of notes: what was typed is found again after a kill, and gone once it is saved."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import paperdeck.tui as tui
from paperdeck.storage.errors import ActionFailed, NoteChanged, StoreError
from paperdeck.tui.model.drafts import Draft, joined, keep_edited, open_draft, papers_with_drafts

PAPER = "cs/0312020"
TYPING = """
import os, pathlib, sys
from paperdeck.tui.model.drafts import open_draft
open_draft(pathlib.Path(sys.argv[1]), "cs/0312020", "before").write("half a thought")
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def drafts(tmp_path: Path) -> Path:
    return tmp_path / "drafts"


def test_what_was_typed_before_a_kill_is_found_again(drafts: Path) -> None:
    environ = os.environ | {"PYTHONPATH": str(Path(tui.__file__).parent.parent)}
    subprocess.run([sys.executable, "-c", TYPING, str(drafts)], env=environ, check=False)
    draft = open_draft(drafts, PAPER, "before")
    assert (draft.text, draft.before) == ("half a thought", "before")
    assert draft.written_at
    draft.remove()
    assert open_draft(drafts, PAPER, "before").written_at is None


def test_a_draft_that_another_window_is_writing_is_left_to_it(drafts: Path) -> None:
    theirs = open_draft(drafts, PAPER, "")
    theirs.write("over there")
    mine = open_draft(drafts, PAPER, "")
    assert mine.written_at is None
    mine.write("over here")
    assert {file.read_text() for file in drafts.glob("*/note.md")} == {"over there", "over here"}


def test_a_draft_of_a_note_that_was_saved_after_all_is_not_offered(drafts: Path) -> None:
    draft = open_draft(drafts, PAPER, "")
    draft.write("saved")
    draft.leave()
    assert open_draft(drafts, PAPER, "saved\n").written_at is None
    assert not list(drafts.glob("*"))


def test_only_papers_with_text_that_nobody_saved_or_is_writing_are_named(drafts: Path) -> None:
    """After a kill nothing told that there was a draft until the note of just that paper was opened."""
    for paper, text in (("2611.00001", "saved"), (PAPER, "lost"), ("2611.00002", "lost later")):
        draft = open_draft(drafts, paper, "")
        draft.write(text)
        draft.leave()
    os.utime(draft.file, (2e9, 2e9))
    held = open_draft(drafts, "2611.00003", "")
    held.write("over there")
    (drafts / "2611.00004~0").mkdir()
    notes = {"2611.00001": "saved"}
    assert papers_with_drafts(drafts, lambda paper: notes.get(paper, "")) == ["2611.00002", PAPER]
    restored = open_draft(drafts, PAPER, "")
    assert (restored.text, restored.written_at is not None) == ("lost", True), "looking does not take it"
    assert papers_with_drafts(drafts / "none", notes.__getitem__) == []


def test_a_folder_that_cannot_be_written_is_harmless_while_typing(drafts: Path) -> None:
    drafts.write_text("in the way")
    draft = open_draft(drafts, PAPER, "")
    draft.write("x")
    assert draft.text == "x"
    assert draft.file_for_editor().read_text() == "x"
    draft.remove()


# -- the editor's file


def keep_nothing(text: str, seen: str) -> None:
    raise StoreError("history/00000002.json was not saved: the disk is full.")


def test_the_editors_file_stays_until_the_note_is_saved(drafts: Path) -> None:
    """An editor that writes while the disk is full."""
    draft = open_draft(drafts, PAPER, "")
    with pytest.raises(StoreError, match=r"the disk is full; your text is in .*note\.md") as failed:
        keep_edited(draft, lambda file: file.write_text("an hour of writing") and None, keep_nothing)
    assert draft.file.read_text() == "an hour of writing"
    assert str(draft.file) in str(failed.value)
    assert open_draft(drafts, PAPER, "").text == "an hour of writing"


def test_what_an_editor_saved_before_it_failed_is_found_again(drafts: Path) -> None:
    def edit(file: Path) -> None:
        file.write_text("half of it")
        raise ActionFailed("The editor vi ended with code 1.")

    with pytest.raises(ActionFailed):
        keep_edited(open_draft(drafts, PAPER, ""), edit, keep_nothing)
    assert open_draft(drafts, PAPER, "").text == "half of it"


def test_a_note_that_was_changed_elsewhere_leaves_the_editors_text(drafts: Path) -> None:
    def keep(text: str, seen: str) -> None:
        raise NoteChanged("theirs")

    with pytest.raises(NoteChanged):
        keep_edited(open_draft(drafts, PAPER, "before"), lambda file: file.write_text("mine") and None, keep)
    draft = open_draft(drafts, PAPER, "theirs")
    assert (draft.text, draft.before) == ("mine", "before")


def test_what_is_saved_leaves_nothing_behind(drafts: Path) -> None:
    kept: list[tuple[str, str]] = []

    def keep(text: str, seen: str) -> None:
        kept.append((text, seen))

    assert keep_edited(open_draft(drafts, PAPER, "a"), lambda file: file.write_text("b") and None, keep)
    assert not keep_edited(open_draft(drafts, PAPER, "b"), lambda _: None, keep)
    assert kept == [("b", "a")]
    assert not list(drafts.glob("*"))


# -- a full disk, and editors that leave something else


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk of the drafts without room for an editor."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))


def left_behind(drafts: Path) -> Draft:
    """The draft that a kill left."""
    draft = open_draft(drafts, PAPER, "")
    draft.write("a long thought")
    draft.leave()
    return open_draft(drafts, PAPER, "")


def test_on_a_full_disk_the_draft_stays_until_the_text_is_saved(drafts: Path, full: None) -> None:
    draft = left_behind(drafts)
    seen: list[str] = []

    def edit(file: Path) -> None:
        assert drafts not in file.parents
        seen.extend([file.read_text(), *(stored.read_text() for stored in drafts.glob("*/note.md"))])
        file.write_text("a longer thought")

    kept: list[str] = []
    assert keep_edited(draft, edit, lambda text, _: kept.append(text))
    assert seen == ["a long thought"] * 2
    assert kept == ["a longer thought"]
    assert not list(drafts.glob("*"))
    assert not draft.file.exists()


def test_without_any_folder_for_the_editor_the_draft_stays_and_a_sentence_says_why(
    drafts: Path, full: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = left_behind(drafts)
    monkeypatch.setattr(tempfile, "mkdtemp", lambda **_: Path("/nonexistent/folder").stat())
    with pytest.raises(ActionFailed, match="nor a temporary folder takes the file for your editor: the disk is full"):
        keep_edited(draft, lambda _: None, keep_nothing)
    assert open_draft(drafts, PAPER, "").text == "a long thought"


def removed(file: Path) -> None:
    file.unlink()


def replaced_by_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def replaced_by_a_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def ended_in_failure(_: Path) -> None:
    raise ActionFailed("The editor left the note; the note stays as it was.")


@pytest.mark.parametrize("edit", [removed, replaced_by_a_folder, replaced_by_a_pipe, ended_in_failure])
def test_an_editor_that_leaves_no_file_changes_nothing(drafts: Path, edit: Callable[[Path], None]) -> None:
    with pytest.raises(ActionFailed, match=r"The editor left .*; the note stays as it was\."):
        keep_edited(open_draft(drafts, PAPER, "a note"), edit, keep_nothing)
    assert open_draft(drafts, PAPER, "a note").written_at is None
    with pytest.raises(ActionFailed):
        keep_edited(left_behind(drafts), edit, keep_nothing)
    assert open_draft(drafts, PAPER, "").text == "a long thought", "nobody saved it, and nobody discarded it"


@given(st.text(), st.text(), st.text())
def test_two_notes_are_joined_without_losing_either(before: str, mine: str, theirs: str) -> None:
    assert mine.strip() in joined("", mine, theirs)
    assert theirs.strip() in joined(before, mine, theirs)


def test_the_common_beginning_of_two_notes_appears_once() -> None:
    assert joined("Shared.", "Shared. Mine.", "Shared.\nTheirs.") == "Shared.\nTheirs.\n\nMine."
