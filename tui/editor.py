"""The user's own editor: `$VISUAL`, else `$EDITOR`, else vi (on Windows Notepad)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from paperdeck.storage.errors import ActionFailed

from .programs import find_program

Suspend = Callable[[], AbstractContextManager[None]]
"""Gives the terminal away while it is entered. Nothing may be raised within, or Textual never takes it back."""


def editor_command(environ: Mapping[str, str] = os.environ) -> list[str]:
    """The command that edits a file whose path is put behind it.

    Raises:
        ActionFailed: the variable names no program, or there is no editor at all.
    """
    variable = next((name for name in ("VISUAL", "EDITOR") if environ.get(name, "").strip()), "")
    wish = environ[variable] if variable else "notepad" if sys.platform == "win32" else "vi"
    try:
        found = find_program(wish, environ)
    except ValueError as error:
        raise ActionFailed(f"${variable} “{wish}” can't be read ({str(error).lower()}); mend it.") from error
    if found:
        return found
    if variable:
        raise ActionFailed(f"${variable} “{wish}” names no program that is here; e writes the note in paperdeck.")
    raise ActionFailed("No editor was found; set $EDITOR, or press e to write the note in paperdeck.")


def edit(file: Path, suspend: Suspend, environ: Mapping[str, str] = os.environ) -> None:
    """Let the user edit a file, and wait until the editor ends.

    Args:
        file: The file.
        suspend: Gives the terminal to the editor.
        environ: The environment, which names the editor.

    Raises:
        ActionFailed: no editor was found, it can't be started, or it failed. The file is left as it is then.
    """
    command = editor_command(environ)
    failure: Exception | None = None
    code = 0
    try:
        with suspend(), _interrupts_left_to_the_editor():
            try:
                code = subprocess.run([*command, str(file)], check=False).returncode
            except Exception as error:  # noqa: BLE001 - whatever it is, the terminal comes back first
                failure = error
    except Exception as error:
        raise ActionFailed("This terminal can't be lent to an editor; e writes the note in paperdeck.") from error
    if failure:
        raise ActionFailed(f"The editor {command[0]} can't be started ({failure}).") from failure
    if code:
        raise ActionFailed(f"The editor {command[0]} ended with code {code}; the note stays as it was.")


@contextmanager
def _interrupts_left_to_the_editor() -> Iterator[None]:
    """Don't end with the editor's ctrl+c; a handler of ours, unlike SIG_IGN, is not inherited by the editor."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
