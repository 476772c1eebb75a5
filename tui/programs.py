"""Commands that the environment names, such as `$EDITOR` and `$BROWSER`, as lists of words; no shell ever sees them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping

from paperdeck.storage.text.command_line import words_of


def find_program(command: str, environ: Mapping[str, str]) -> list[str] | None:
    """The words of a command with the path of its program first; None if there is no such program.

    A whole text that names a program is taken for it, as paths may hold blanks: `C:\\Program Files\\…\\editor.exe`.

    Raises:
        ValueError: a quote is never closed.
    """
    path = environ.get("PATH")
    if found := shutil.which(command.strip(), path=path):
        return [found]
    words = words_of(command)
    program = shutil.which(words[0], path=path) if words else None
    return [program, *words[1:]] if program else None
