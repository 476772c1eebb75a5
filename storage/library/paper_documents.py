"""The document of a paper: its facts by source, and its history.

    {"id": "2611.00001", "added": time, "counts": […], "changes": […], "sources": {"hf": {"id": "2611.00001", …}, …}}

The history is made of snapshots of the counts, and of facts replaced by a fetch. Both have to stay small:

    "counts":  [[day, upvotes, comments, stars], [day, upvotes, comments, stars, 12], …]
    "changes": [[time, source, fact, value before], …]

The 12 marks a snapshot of the day's second half (UTC). A change holds the source's previous value, or null; the value
that replaced it is in the next change of that fact, or the fact itself. The first facts from a source are not changes.
So `["2026-11-20T12:00:00Z", "hf", "code_url", null]` means that the Hub first named a code repository on that day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from paperdeck.storage.files.sealed import Document, FileKind, is_texts
from paperdeck.storage.identifiers import document_id, is_paper_id
from paperdeck.storage.paper import Paper, facts_of

FRESH_DAYS = 7
"""Days after its listing in which a paper gets two snapshots a day, as upvotes grow fastest then; later it gets one."""
WATCHED = frozenset(
    {"title", "abstract", "version", "code_url", "project_url", "journal_ref", "doi", "comment", "withdrawn"}
)
"""The facts whose former values are kept."""
MAX_CHANGES = 16
"""The number of changes kept for each paper; older ones are dropped."""
_LONG_FACTS = ("title", "abstract", "comment")
_MAX_LONG_CHANGES = 2
"""Changes kept for each long text; two former abstracts are enough for a word diff of the newest version."""
_LONGEST_VALUE_CHARACTERS = 6_000
_RECENT_SNAPSHOTS = 24
_MAX_SNAPSHOTS = 44
_NOON_HOUR = 12

Line = list[Any]

_IS_TYPE: dict[str, Callable[[Any], bool]] = {
    "str": lambda value: isinstance(value, str),
    "str | None": lambda value: value is None or isinstance(value, str),
    "int | None": lambda value: value is None or isinstance(value, int),
    "bool": lambda value: isinstance(value, bool),
    "date | None": lambda value: value is None or _is_date(value),
    "tuple[str, ...]": lambda value: is_texts(value),
    "tuple[tuple[str, ...], ...]": lambda value: isinstance(value, list) and all(map(is_texts, value)),
    "tuple[tuple[str, str], ...]": lambda value: isinstance(value, list) and all(map(_is_pair, value)),
}
"""Checks for the facts in a file, by their type in Paper."""
_CHECKS = {item.name: _IS_TYPE.get(str(item.type)) for item in fields(Paper)}


def with_snapshot(counts: Sequence[Line], paper: Paper, now: str) -> list[Line]:
    """The snapshots with today's added: one for each half of a day while the paper is fresh, later one a day.

    Old snapshots are thinned out. Counts that the source doesn't give are copied from the previous snapshot.

    Args:
        counts: The snapshots so far, oldest first.
        paper: A source's current facts.
        now: The time, as `2026-11-20T12:00:00Z`.
    """
    seen = (paper.upvotes, paper.comments, paper.code_stars)
    if seen == (None, None, None):
        return list(counts)
    before = counts[-1][1:4] if counts else [0, 0, 0]
    values = [old if new is None else new for old, new in zip(before, seen, strict=True)]
    today = now[:10]
    later = [_NOON_HOUR] if _is_fresh(paper, today) and int(now[11:13]) >= _NOON_HOUR else []
    if counts and (counts[-1][0] > today or (counts[-1][0] == today and (not later or counts[-1][4:] == later))):
        return [*counts[:-1], [counts[-1][0], *values, *counts[-1][4:]]]
    counts = [*counts, [today, *values, *later]]
    if len(counts) <= _MAX_SNAPSHOTS:
        return counts
    return counts[:-_RECENT_SNAPSHOTS:2] + counts[-_RECENT_SNAPSHOTS:]


def with_changes(
    changes: Sequence[Line], before: Mapping[str, Any] | None, after: Mapping[str, Any], source: str, now: str
) -> list[Line]:
    """The changes, followed by those from a source's old facts to its new ones.

    Args:
        changes: The changes so far, oldest first.
        before: The source's old facts; None if it gave none before.
        after: Its new facts.
        source: The source's name.
        now: The time, as `2026-11-20T12:00:00Z`.
    """
    if before is None:
        return list(changes)
    new = [
        [now, source, name, _short(before.get(name))]
        for name in sorted(WATCHED)
        if comparable(before.get(name)) != comparable(after.get(name))
    ]
    return _thinned([*changes, *new]) if new else list(changes)


def is_snapshot(line: object) -> bool:
    """Whether a value read from a file is a snapshot."""
    return (
        isinstance(line, list)
        and len(line) in (4, 5)
        and isinstance(line[0], str)
        and all(isinstance(number, int) for number in line[1:])
    )


def is_change(line: object) -> bool:
    """Whether a value read from a file is a change."""
    return (
        isinstance(line, list)
        and len(line) == 4
        and all(isinstance(text, str) for text in line[:3])
        and (line[3] is None or isinstance(line[3], (str, int, bool)))
    )


def _is_fresh(paper: Paper, today: str) -> bool:
    day = paper.day
    return day is not None and (date.fromisoformat(today) - day).days <= FRESH_DAYS


def _thinned(changes: list[Line]) -> list[Line]:
    """The newest changes, with fewer of each long text."""
    kept: list[Line] = []
    for line in reversed(changes):
        same = sum(other[2] == line[2] for other in kept)
        if line[2] not in _LONG_FACTS or same < _MAX_LONG_CHANGES:
            kept.append(line)
    return kept[MAX_CHANGES - 1 :: -1] if len(kept) > MAX_CHANGES else kept[::-1]


def _short(value: Any) -> Any:
    return value[:_LONGEST_VALUE_CHARACTERS] if isinstance(value, str) else value


def comparable(value: object) -> object:
    """The comparable form of a fact: empty values are equal, and so are texts with the same words."""
    return (" ".join(value.split()) if isinstance(value, str) else value) or None


# -- the form of the documents -------------------------------------------------------------------------------------


def is_paper(document: Document) -> bool:
    """Whether a document has the form shown at the top of this module."""
    paper_id, sources = document.get("id"), document.get("sources")
    counts, changes = document.get("counts", []), document.get("changes", [])
    return (
        isinstance(paper_id, str)
        and is_paper_id(paper_id)
        and isinstance(document.get("added"), str | None)
        and isinstance(sources, dict)
        and bool(sources)
        and all(_is_facts(facts, paper_id) for facts in sources.values())
        and isinstance(counts, list)
        and all(map(is_snapshot, counts))
        and isinstance(changes, list)
        and all(map(is_change, changes))
    )


def _is_facts(facts: object, paper_id: str) -> bool:
    """Whether facts make a paper: it has an id, and every field has the right type."""
    if not isinstance(facts, dict) or facts.get("id") != paper_id:
        return False
    for name, value in facts.items():
        check = _CHECKS.get(name)
        if check and not check(value):
            return False
    return True


def _is_pair(value: object) -> bool:
    return is_texts(value) and len(value) == 2  # type: ignore[arg-type]


def _is_date(value: object) -> bool:
    try:
        date.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    return True


def _upgrade(document: Document) -> Document:
    """Convert a document of version 1, which had one flat set of facts."""
    if not isinstance(document.get("facts"), dict):
        return document
    kept = {name: document[name] for name in ("id", "added") if name in document}
    facts = {"id": document.get("id")} | document["facts"]
    return kept | {"counts": [], "sources": {str(document.get("source", "hf")): facts}}


def _combined(one: Document, other: Document) -> Document:
    return one | other | {"sources": one["sources"] | other["sources"]}


PAPERS = FileKind("papers", is_paper, _upgrade, lambda document: document_id(document["id"]), _combined)


def merged(old: Document | None, paper: Paper, source: str, now: str) -> Document:
    """The document with a source's new facts; facts that it no longer mentions stay."""
    document: Document = dict(old) if old else {"id": paper.id, "added": now, "counts": []}
    sources = document.get("sources", {})
    before = sources.get(source)
    after = (before or {}) | facts_of(paper)
    document["sources"] = sources | {source: after}
    document["counts"] = with_snapshot(document.get("counts", []), paper, now)
    if changes := with_changes(document.get("changes", []), before, after, source, now):
        document["changes"] = changes
    return document
