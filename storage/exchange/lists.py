"""Lists in Markdown for people and, on request, a comment at the end with everything that the list leaves out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from paperdeck.storage.cite.formats import markdown_link
from paperdeck.storage.cite.rest import known_of, rest_beyond
from paperdeck.storage.cite.work import preprint
from paperdeck.storage.paper import Entry, Marks
from paperdeck.storage.text.tex import to_unicode
from paperdeck.storage.text.words import byline

from .decoding import rest_in
from .records import NO_PAPER, Imported, ImportedItem, Leftover, gathered, item_of, item_of_facts

_FIRST_LINE = re.compile(
    r"^[-*] (?:\[(?P<linked>(?:\\.|[^\]\\])+)\](?:\((?P<link>[^)\s]+)\))?(?P<withdrawn> \(withdrawn\))?\s*"
    r"|(?P<plain>(?:\\.|[^\[\\])+))$"
)
"""The title of a paper, which is a link unless it has no page."""
_COMMENT = re.compile(r"<!--(?P<rest>(?:(?!<!--).)*?)-->", re.DOTALL)
_COMMENT_HEAD = "<!-- paperdeck: what the list leaves out, one paper per line, for “paperdeck import”"
_SAFE = str.maketrans({"<": "\\u003c", ">": "\\u003e"})
"""Characters that would end the comment, or look like HTML."""
_NO_NAMES = re.compile(r"and [\d,]+ more$|^[★#\d]|^(?:read|hidden|withdrawn)$")

Rests = dict[str, list[dict[str, Any]]]
"""The facts that the list leaves out, by the id that the list alone would give a paper; several may share one."""


# -- writing -----------------------------------------------------------------------------------------------------------


def list_of(entries: Sequence[Entry], *, whole: bool = False) -> Iterator[str]:
    """A list, one piece per paper.

    Args:
        whole: Whether to append an invisible comment, so that nothing is lost when the list is read back.
    """
    rests: list[str] = []
    for entry in entries:
        lines = list(_lines_of(entry))
        yield "".join(f"{line}\n" for line in lines)
        if whole:
            rests += _rest_beyond(lines, entry)
    if rests:
        yield "\n".join(("", _COMMENT_HEAD, *rests, "-->", ""))


def _lines_of(entry: Entry) -> Iterator[str]:
    paper, marks = entry.paper, entry.marks
    yield f"- {markdown_link(preprint(paper))}"
    by = byline(paper.authors, readable=to_unicode)
    states = ("withdrawn" * paper.withdrawn, "★" * marks.starred, "read" * marks.read, "hidden" * marks.hidden)
    tags = " ".join("#" + tag.replace(" ", "-") for tag in sorted(marks.tags))
    if about := " · ".join(filter(None, (by, paper.dated, *states, tags))):
        yield f"  {about}"
    if marks.note:
        yield ""
        yield from (f"  > {line}".rstrip() for line in marks.note.splitlines())
        yield ""


def _rest_beyond(lines: list[str], entry: Entry) -> Iterator[str]:
    item = _item(lines, 0)
    if isinstance(item, ImportedItem) and (rest := rest_beyond(entry, Entry(item.paper, item.marks))):
        yield json.dumps({"of": item.paper.id} | rest, ensure_ascii=False).translate(_SAFE)


# -- reading -----------------------------------------------------------------------------------------------------------


def from_markdown(text: str) -> Imported:
    """A list that `export --to markdown` wrote: titles with links, authors, date, marks, tags and notes."""
    return gathered(_items(_COMMENT.sub("", text), _rests_in(text)))


def looks_like_list(text: str) -> bool:
    """Whether a text is a list of titles with links."""
    lines = [line for line in _COMMENT.sub("", text).split("\n") if line and not line.startswith(("  ", "#"))]
    linked = [line for line in lines if (found := _FIRST_LINE.match(line)) and found["linked"]]
    return _COMMENT_HEAD in text or len(linked) > len(lines) / 2


def _rests_in(text: str) -> Rests:
    rests: Rests = {}
    for comment in _COMMENT.finditer(text):
        for line in comment["rest"].split("\n"):
            rest = rest_in(line)
            if isinstance(of := rest.pop("of", None), str):
                rests.setdefault(of, []).append(rest)
    return rests


def _items(text: str, rests: Rests) -> Iterator[ImportedItem | Leftover]:
    lines = text.split("\n")
    starts = [number for number, line in enumerate(lines) if _FIRST_LINE.match(line)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        found = _item(lines[start:end], start + 1)
        if isinstance(found, ImportedItem) and (left_out := rests.get(found.paper.id)):
            facts = known_of(Entry(found.paper, found.marks)) | left_out.pop(0)
            found = item_of_facts(facts, line=found.line) or found
        yield found


def _item(lines: list[str], line: int) -> ImportedItem | Leftover:
    found = _FIRST_LINE.match(lines[0])
    linked, link, withdrawn, plain = found.groups("") if found else ("", "", "", "")
    title = re.sub(r"\\(.)", r"\1", linked or plain)
    about = next((text.strip().split(" · ") for text in lines[1:] if text.strip() and not text.startswith("  >")), [])
    names = about[0] if about and not _NO_NAMES.search(about[0]) else ""
    facts = {
        "title": title,
        "authors": names.split(", ") if names else [],
        "date": next((part for part in about if re.fullmatch(r"\d{4}(?:-\d\d){0,2}", part)), ""),
        "url": link,
        "withdrawn": "withdrawn" in about or bool(withdrawn),
    }
    return item_of(facts, [link], marks=_marks(lines, about), line=line) or Leftover(line, title, NO_PAPER)


def _marks(lines: list[str], about: list[str]) -> Marks:
    return Marks(
        read="read" in about,
        starred="★" in about,
        hidden="hidden" in about,
        tags=frozenset(tag[1:] for part in about for tag in part.split() if tag.startswith("#")),
        note="\n".join(text[3:].removeprefix(" ") for text in lines[1:] if text.startswith("  >")),
    )
