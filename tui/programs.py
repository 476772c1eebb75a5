"""Commands from environment variables such as `$EDITOR` and `$BROWSER`, as lists of arguments; no shell is involved."""

from __future__ import annotations

import shutil
from collections.abc import Mapping

from paperdeck.storage.text.command_line import words_of


def find_program(command: str, environ: Mapping[str, str]) -> list[str] | None:
    """The path of a command's program, then its arguments; None if there is no such program.

    If the whole text is a program's path, it is used as that, as paths may contain spaces:
    `C:\\Program Files\\…\\editor.exe`.

    Raises:
        ValueError: a quote is never closed.
    """
    path = environ.get("PATH")
    if found := shutil.which(command.strip(), path=path):
        return [found]
    words = words_of(command)
    program = shutil.which(words[0], path=path) if words else None
    return [program, *words[1:]] if program else None
