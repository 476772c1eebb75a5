"""The reader's own editor: `$VISUAL`, else `$EDITOR`, else vi (on Windows Notepad)."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from paperdeck.storage.errors import ActionFailed

from .child import Suspend, find_program, lend_terminal

NOTE_INSTEAD = "e writes the note in paperdeck"
"""What to do without an editor."""


def editor_command(environ: Mapping[str, str] = os.environ, instead: str = NOTE_INSTEAD) -> list[str]:
    """The command that edits a file when its path is appended.

    Args:
        environ: The environment.
        instead: What to do without an editor, as the end of a sentence.

    Raises:
        ActionFailed: the variable names no program, or there is no editor at all.
    """
    variable = next((name for name in ("VISUAL", "EDITOR") if environ.get(name, "").strip()), "")
    wish = environ[variable] if variable else "notepad" if sys.platform == "win32" else "vi"
    try:
        found = find_program(wish, environ)
    except ValueError as error:
        raise ActionFailed(f"${variable} “{wish}” can't be read ({str(error).lower()}); correct it.") from error
    if found:
        return found
    if variable:
        raise ActionFailed(f"${variable} “{wish}” was not found; {instead}.")
    raise ActionFailed(f"No editor was found; set $EDITOR, or {instead}.")


def edit(
    file: Path,
    suspend: Suspend,
    environ: Mapping[str, str] = os.environ,
    *,
    instead: str = NOTE_INSTEAD,
    failed: str = "the note stays as it was",
) -> None:
    """Let the reader edit a file, and wait until the editor ends.

    Args:
        file: The file.
        suspend: Gives the terminal to the editor.
        environ: The environment.
        instead: What to do without an editor, as the end of a sentence.
        failed: The consequence of a failed editor, likewise.

    Raises:
        ActionFailed: no editor was found, it can't be started, or it failed. The file is left as it is.
    """
    command = editor_command(environ, instead)
    lend_terminal(f"The editor {command[0]}", [*command, str(file)], suspend, instead=instead, failed=failed)
