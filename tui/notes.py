"""The note on a paper, in an editor on the screen or in the reader's own."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static, TextArea

from storage.errors import ActionFailed


class NoteScreen(ModalScreen[str | None]):
    """Edits a note; leaving keeps what was written, as undo takes it back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+s", "keep", "Keep", show=False, priority=True),
        Binding("ctrl+q", "dismiss", "Discard", show=False, priority=True),
    ]

    DEFAULT_CSS = """
    NoteScreen {
        align: center middle;
        background: $background 60%;
        & > Vertical { width: 84; max-width: 96%; height: 60%; min-width: 12; background: $surface; padding: 1 2; }
        & .picker-title { color: $accent; text-style: bold; margin-bottom: 1; width: 100%; height: 1; }
        & TextArea {
            height: 1fr; border: none; background: $panel; padding: 0 1;
            &:focus { border: none; }
        }
        & .picker-preview { color: $foreground-muted; height: 1; margin-top: 1; width: 100%; }
    }
    """

    def __init__(self, title: str, note: str) -> None:
        super().__init__()
        self._title, self._note = title, note

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(self._title, classes="picker-title", markup=False)
            yield TextArea(self._note, compact=True, soft_wrap=True)
            yield Static("escape keeps the note · ctrl+q leaves it as it was", classes="picker-preview", markup=False)

    def on_mount(self) -> None:
        area = self.query_one(TextArea)
        area.focus()
        area.move_cursor(area.document.end)

    def action_keep(self) -> None:
        self.dismiss(self.query_one(TextArea).text)


def edit_elsewhere(
    note: str, suspend: Callable[[], AbstractContextManager[None]], environ: Mapping[str, str] = os.environ
) -> str:
    """Let the reader's `$VISUAL` or `$EDITOR` edit a note; returns what was saved.

    Args:
        note: The note as it is.
        suspend: Gives the terminal away while it is entered.
        environ: The environment, which names the editor.

    Raises:
        ActionFailed: no editor is named, or it can't be started, or it failed.
    """
    editor = environ.get("VISUAL") or environ.get("EDITOR")
    if not editor:
        raise ActionFailed("No editor is named; set $EDITOR, or press e to write the note here.")
    with tempfile.TemporaryDirectory(prefix="paperdeck-") as folder:
        file = Path(folder) / "note.md"
        file.write_text(note, encoding="utf-8")
        try:
            with suspend():
                done = subprocess.run([*shlex.split(editor), str(file)], check=False)
        except (OSError, ValueError) as error:
            raise ActionFailed(f"The editor “{editor}” can't be started ({error}).") from error
        if done.returncode:
            raise ActionFailed(f"The editor “{editor}” ended with code {done.returncode}; the note stays as it was.")
        return file.read_text(encoding="utf-8", errors="replace")
