"""Keys that Textual does not bind, and pasted text, for text inputs."""

from __future__ import annotations

import re

from textual import events

from paperdeck.storage.text.clean import clean_text

SAME_AS = {
    "shift+backspace": "backspace",
    "ctrl+backspace": "ctrl+w",
    "alt+backspace": "ctrl+w",
    "shift+delete": "delete",
    "ctrl+delete": "ctrl+f",
}
"""Keys of terminals with the Kitty protocol, and what Textual's inputs call what people expect of them.

See https://sw.kovidgoyal.net/kitty/keyboard-protocol/ for how they differ from those that every terminal sends."""

_LINE_END = re.compile(r"[ \t]*\n\s*")


def as_bound(key: events.Key) -> events.Key:
    """A key under the name that inputs know."""
    name = SAME_AS.get(key.key)
    return events.Key(name, None) if name else key


def pasted(text: str, *, in_one_line: bool) -> str:
    """A pasted text, clean.

    Args:
        text: What the terminal gave.
        in_one_line: Whether there is one line for it, as for a title that was copied from a PDF in two. A word that was
            divided at the end of a line stays one.
    """
    text = clean_text(text)
    return _LINE_END.sub(" ", re.sub(r"(?<=\w)-[ \t]*\n\s*(?=\w)", "-", text)) if in_one_line else text
