"""Pasted text, for text inputs."""

from __future__ import annotations

import re

from paperdeck.storage.text.clean import clean_text

_LINE_END = re.compile(r"[ \t]*\n\s*")


def pasted(text: str, *, in_one_line: bool) -> str:
    """Clean a pasted text, and join its lines, such as those of a title in a PDF, if it has to fit into one."""
    text = clean_text(text)
    return _LINE_END.sub(" ", re.sub(r"(?<=\w)-[ \t]*\n\s*(?=\w)", "-", text)) if in_one_line else text
