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
from textual.widgets import Static, TextArea

from paperdeck.storage.errors import ActionFailed

from .dialog import Dialog


class NoteScreen(Dialog[None]):
    """Edits a note; however it ends, what was written is kept, unless it is discarded. Undo takes it back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+s", "keep", "Keep", show=False, priority=True),
        Binding("ctrl+g", "discard", "Discard", show=False, priority=True),
    ]

    def __init__(self, title: str, note: str, keep: Callable[[str], None]) -> None:
        super().__init__(title)
        self._note = note
        self._keep: Callable[[str], None] | None = keep  # until it was kept or discarded
        self._area = TextArea(note, compact=True, soft_wrap=True)

    def contents(self) -> ComposeResult:
        yield self._area
        yield Static("esc keeps it, ctrl+g leaves it as it was", classes="dialog-footer", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self._area.focus()
        self._area.move_cursor(self._area.document.end)

    def on_unmount(self) -> None:
        self._store()  # the app may end, by a signal or by the reader, while the note is being written

    def action_keep(self) -> None:
        self._store()
        self.dismiss()

    def action_discard(self) -> None:
        self._keep = None
        self.dismiss()

    def _store(self) -> None:
        keep, self._keep = self._keep, None
        if keep and self._area.text != self._note:
            keep(self._area.text)


def edit_elsewhere(
    note: str, suspend: Callable[[], AbstractContextManager[None]], environ: Mapping[str, str] = os.environ
) -> str:
    """Let the reader's `$VISUAL` or `$EDITOR` edit a note; returns what was saved.

    Args:
        note: The note as it is.
        suspend: Gives the terminal away while it is entered.
        environ: The environment, which names the editor.

    Raises:
        ActionFailed: no editor is named, or it can't be started, or it failed, or it left no file.
    """
    editor = environ.get("VISUAL") or environ.get("EDITOR")
    if not editor:
        raise ActionFailed("No editor is named; set $EDITOR, or press e to write the note here.")
    try:
        with tempfile.TemporaryDirectory(prefix="paperdeck-") as folder:
            return _edited(note, Path(folder) / "note.md", editor, suspend)
    except OSError as error:
        raise ActionFailed(
            f"The editor's file can't be written or read ({error}); the note stays as it was."
        ) from error


def _edited(note: str, file: Path, editor: str, suspend: Callable[[], AbstractContextManager[None]]) -> str:
    file.write_text(note, encoding="utf-8")
    try:
        with suspend():
            done = subprocess.run([*shlex.split(editor), str(file)], check=False)
    except (OSError, ValueError) as error:
        raise ActionFailed(f"The editor “{editor}” can't be started ({error}).") from error
    if done.returncode:
        raise ActionFailed(f"The editor “{editor}” ended with code {done.returncode}; the note stays as it was.")
    return file.read_text(encoding="utf-8", errors="replace")
