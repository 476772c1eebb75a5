"""Splits command lines written by a person into words; no shell is involved."""

from __future__ import annotations

import shlex
import sys


def words_of(command: str) -> list[str]:
    """A command as its words: quotes and backslashes as a shell reads them, on Windows backslashes as they are.

    Raises:
        ValueError: a quote is never closed.
    """
    if sys.platform != "win32":
        return shlex.split(command)
    return [word[1:-1] if word[:1] == word[-1:] == '"' else word for word in shlex.split(command, posix=False)]
