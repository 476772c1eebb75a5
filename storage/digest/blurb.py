"""A paper's few lines in a digest: its summary, or the first sentences of its abstract."""

from __future__ import annotations

import re

from paperdeck.storage.paper import Paper
from paperdeck.storage.text.tex import to_unicode

_LENGTH_CHARACTERS = 320
_END = re.compile(r"[.!?][)”\"’']*\s+(?=[\"“(]?[^\W_a-z])")
_NO_END = re.compile(r"(?:^|[\s(])(?:e\.g|i\.e|cf|vs|al|[Ff]igs?|[Ee]qs?|[Ss]ec|[Tt]ab|[Nn]o|Dr|St|[A-Z])\.$")


def blurb_of(paper: Paper) -> tuple[str, bool]:
    """A few sentences about a paper, and whether a model wrote them."""
    if paper.ai_summary:
        return " ".join(to_unicode(paper.ai_summary).split()), True
    return first_sentences(" ".join(to_unicode(paper.abstract).split())), False


def first_sentences(text: str, length: int = _LENGTH_CHARACTERS) -> str:
    """The first sentences that fit into a length, but at least one, which is cut if necessary.

    Args:
        text: One paragraph.
        length: In characters.
    """
    if len(text) <= length:
        return text
    ends = [
        found.end() for found in _END.finditer(text, 0, length + 2) if not _NO_END.search(text[: found.start() + 1])
    ]
    if ends:
        return text[: ends[-1]].rstrip()
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"
