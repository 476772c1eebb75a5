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
"""Keys of terminals with the Kitty protocol, and the equivalent keys that Textual's inputs bind.

See https://sw.kovidgoyal.net/kitty/keyboard-protocol/ for how they differ from the keys that every terminal sends."""

_LINE_END = re.compile(r"[ \t]*\n\s*")


def as_bound(key: events.Key) -> events.Key:
    """The key under the name that inputs bind."""
    name = SAME_AS.get(key.key)
    return events.Key(name, None) if name else key


def pasted(text: str, *, in_one_line: bool) -> str:
    """Clean a pasted text, and join its lines, such as those of a title in a PDF, if it has to fit into one."""
    text = clean_text(text)
    return _LINE_END.sub(" ", re.sub(r"(?<=\w)-[ \t]*\n\s*(?=\w)", "-", text)) if in_one_line else text
