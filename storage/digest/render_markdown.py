"""A digest as Markdown (CommonMark), for a note or a chat."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import wording
from .digest import Digest, DigestItem

_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")
_LINE_START = re.compile(r"^([-+=:]|\d{1,9}(?=[.)]))")


def render_markdown(digest: Digest) -> str:
    """The digest as Markdown that ends with a line feed; titles and summaries are escaped."""
    return "\n".join(_lines(digest)).replace("\u00a0", " ") + "\n"


def escaped(text: str) -> str:
    """The text escaped for Markdown."""
    shown = _SIGNS.sub(r"\\\1", text)
    start = _LINE_START.match(shown)
    if not start:
        return shown
    if start[0].isdecimal():  # a number with a dot begins a list; the dot is escaped, not the number
        return f"{start[0]}\\{shown[start.end() :]}"
    return "\\" + shown


def _lines(digest: Digest) -> Iterator[str]:
    yield f"# {escaped(wording.title(digest))}"
    yield from ("", wording.facts(digest))
    for name, text in wording.overview(digest):
        yield from ("", f"{name}: {escaped(text)}")
    for section in digest.sections:
        if len(digest.sections) > 1:
            yield from ("", f"## {escaped(section.name)}")
        for place, item in enumerate(section.items, 1):
            yield ""
            yield from _item(item, place, wording.is_marked_new(item, digest))
        if section.more:
            yield from ("", wording.more(section.more))
    if not digest.sections:
        yield from ("", wording.EMPTY)


def _item(item: DigestItem, place: int, new: bool) -> Iterator[str]:
    title = escaped(item.title)
    yield f"### {place}. " + (f"[{title}](<{item.url}>)" if item.url else title)
    links = " · ".join(f"[{link.name}](<{link.url}>)" for link in item.links[1:])
    facts = " · ".join(filter(None, (escaped(wording.counts(item)), "**new**" * new, links)))
    yield from ("", "  \n".join(filter(None, (escaped(wording.origin(item)), facts))))
    if item.why:
        yield from ("", escaped(wording.why(item)))
    if item.summary:
        yield from ("", escaped(item.summary) + (f" *({wording.BY_MODEL})*" if item.by_model else ""))
