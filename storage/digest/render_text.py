"""A digest as plain text, for a terminal and for the plain-text part of an email."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from . import wording
from .digest import Digest, DigestItem

WIDTH_CELLS = 76
"""Columns; an email quoted once still fits in 80."""

_INDENT = "    "
_LABEL_CELLS = len(wording.PER_DAY) + 2  # the widest label


def render_text(digest: Digest, width: int = WIDTH_CELLS) -> str:
    """The digest as text that ends with a line feed; links stay whole even if they are wider."""
    return "\n".join(line.replace("\u00a0", " ").rstrip() for line in _lines(digest, width)) + "\n"


def _lines(digest: Digest, width: int) -> Iterator[str]:
    yield from _filled(wording.title(digest), width)
    yield from _filled(wording.facts(digest), width)
    yield ""
    for label, text in wording.overview(digest):
        yield from _filled(text, width, f"{label:<{_LABEL_CELLS}}", " " * _LABEL_CELLS)
    number = 0
    for section in digest.sections:
        if len(digest.sections) > 1:
            yield from ("", section.name)
        for item in section.items:
            number += 1
            yield ""
            yield from _item(item, number, width, wording.is_marked_new(item, digest))
        if section.more:
            yield from ("", _INDENT + wording.more(section.more))
    if not digest.sections:
        yield from ("", wording.EMPTY)


def _item(item: DigestItem, number: int, width: int, new: bool) -> Iterator[str]:
    yield from _filled(item.title, width, f"{number:>2}. ")
    yield from _filled(wording.origin(item), width, _INDENT)
    if counts := wording.counts_and_news(item, new):
        yield _INDENT + counts
    if item.why:
        yield from _filled(wording.why(item), width, _INDENT)
    if item.summary:
        yield from _filled(item.summary + wording.by_model(item), width, _INDENT)
    for link in item.links:
        if link.name in wording.LINKS:
            yield f"{_INDENT}{link.url}"


def _filled(text: str, width: int, first: str = "", others: str | None = None) -> list[str]:
    """The text in lines; those after the first are indented like it, or as given."""
    rest = " " * len(first) if others is None else others
    return wrap(
        text, width, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
