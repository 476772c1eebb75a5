"""The user's editor: found whatever the variable holds, and the terminal always comes back from it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from paperdeck.storage.errors import ActionFailed
from paperdeck.tui.editor import edit, editor_command


class Terminal:
    """A terminal as Textual lends it: it only comes back if nothing is raised while it is lent."""

    def __init__(self) -> None:
        self.lent = 0
        self.back = 0

    @contextmanager
    def suspend(self) -> Iterator[None]:
        self.lent += 1
        yield
        self.back += 1


@pytest.fixture
def note(tmp_path: Path) -> Path:
    file = tmp_path / "note.md"
    file.write_text("cat", encoding="utf-8")
    return file


def environ(**variables: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], **variables}


@pytest.mark.parametrize(
    ("editor", "says"),
    [
        ("/nonexistent/ed -w", r"\$EDITOR “/nonexistent/ed -w” was not found"),
        ('vi "x', r"\$EDITOR “vi \"x” can't be read \(no closing quotation\)"),
        ("sh -c 'exit 3'", r"sh ended with code 3"),
        ("sh -c 'kill -9 $$'", r"sh ended with code -9"),
        ("/", r"was not found"),
    ],
)
def test_an_editor_that_fails_is_reported_and_the_terminal_comes_back(editor: str, says: str, note: Path) -> None:
    """The reader sees the message and gets the list back."""
    terminal = Terminal()
    with pytest.raises(ActionFailed, match=says):
        edit(note, terminal.suspend, environ(EDITOR=editor))
    assert terminal.back == terminal.lent
    assert note.read_text(encoding="utf-8") == "cat"


def test_a_program_that_the_system_refuses_to_start_is_reported(tmp_path: Path, note: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_bytes(b"\x00no program")
    broken.chmod(0o755)
    terminal = Terminal()
    with pytest.raises(ActionFailed, match="can't be started"):
        edit(note, terminal.suspend, environ(EDITOR=str(broken)))
    assert (terminal.lent, terminal.back) == (1, 1)


def test_a_terminal_that_cannot_be_lent_is_reported(note: Path) -> None:
    @contextmanager
    def refuse() -> Iterator[None]:
        raise RuntimeError("not supported in this environment")
        yield

    with pytest.raises(ActionFailed, match="can't use this terminal"):
        edit(note, refuse, environ(EDITOR="true"))


def test_visual_comes_before_editor_and_may_have_arguments(note: Path) -> None:
    edit(note, Terminal().suspend, environ(VISUAL="sed -i s/c/h/", EDITOR="false"))
    assert note.read_text(encoding="utf-8") == "hat"


def test_without_any_variable_vi_is_used_if_it_is_there(tmp_path: Path) -> None:
    with pytest.raises(ActionFailed, match="No editor was found"):
        editor_command({"PATH": str(tmp_path)})
    (tmp_path / "vi").write_text("#!/bin/sh\n")
    (tmp_path / "vi").chmod(0o755)
    assert editor_command({"PATH": str(tmp_path), "EDITOR": " "}) == [str(tmp_path / "vi")]


def test_a_program_whose_path_has_spaces_needs_no_quotes(tmp_path: Path) -> None:
    program = tmp_path / "my editor"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert editor_command(environ(EDITOR=str(program))) == [str(program)]


def test_ctrl_c_in_the_editor_does_not_end_the_app(note: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    edit(note, Terminal().suspend, environ(EDITOR=f"sh -c 'kill -INT {os.getpid()}'"))
    assert signal.getsignal(signal.SIGINT) is before
