"""What the documents of each kind of file look like, and how older files become today's.

    papers   {"id", "added", "counts": [[day, upvotes, comments, stars], …], "sources": {"hf": {facts}, …}}
    marks    {"id", "read": [value, stamp], "starred": …, "hidden": …, "note": …, "tags": {"thesis": [true, stamp]}}
    ledger   {"source", "day", "state", "fetched_at", "ids", "etag", "error"}
    history  {"label", "base", "changes": [[id, field, old, new, stamp, origin], …]}; see history.py
    device   {"host", "name"}

Version 1 is what the first slice wrote: no table `_meta`, papers with one flat set of facts, marks without stamps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from paperdeck.storage.identifiers import is_paper_id
from paperdeck.storage.library.journal.registers import document_of, merge, registers_of
from paperdeck.storage.library.journal.stamps import BEFORE_ALL, is_stamp
from paperdeck.storage.paper import Paper, paper_from

SCHEMA = 2
"""The version that this program writes."""

type_of_field: Mapping[str, type] = {"read": bool, "starred": bool, "hidden": bool, "note": str}
"""The fields of a mark that hold one value, with its type; tags are a set beside them."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")

_TYPES: Mapping[str, Any] = {
    "str": str,
    "str | None": str | None,
    "int | None": int | None,
    "bool": bool,
    "date | None": date | None,
    "tuple[str, ...]": tuple,
    "tuple[Counts, ...]": tuple,
    "tuple[tuple[str, ...], ...]": tuple,
    "tuple[tuple[str, str], ...]": tuple,
}

Document = dict[str, Any]


def is_document(kind: str, document: object) -> bool:
    """Whether a document has the shape that its kind of file asks for."""
    return isinstance(document, dict) and _SHAPES[kind](document)


def upgrade(kind: str, document: Document) -> Document:
    """A version 1 document in today's form.

    A document without stamps counts as older than anything that carries one, so that it never hides a later change.
    """
    if kind == "papers" and isinstance(document.get("facts"), dict):
        kept = {name: document[name] for name in ("id", "added") if name in document}
        facts = {"id": document.get("id")} | document["facts"]
        return kept | {"counts": [], "sources": {str(document.get("source", "hf")): facts}}
    if kind == "marks":
        return {name: _stamped(name, value) for name, value in document.items()}
    return document


def combine(kind: str, one: Document, other: Document) -> Document:
    """One document from two of the same paper in a file that another program wrote."""
    if kind == "marks":
        return document_of(one["id"], merge([registers_of(one), registers_of(other)]))
    return one | other | {"sources": one["sources"] | other["sources"]}


def _stamped(name: str, value: Any) -> Any:
    if name == "tags" and isinstance(value, list):
        return {str(tag): [True, BEFORE_ALL] for tag in value}
    if name in type_of_field and not isinstance(value, list):
        return [value, BEFORE_ALL]
    return value


def _is_paper(document: Document) -> bool:
    sources = document.get("sources")
    return (
        _has_id(document)
        and isinstance(document.get("added"), str | None)
        and isinstance(sources, dict)
        and bool(sources)
        and all(_is_facts(facts) and facts["id"] == document["id"] for facts in sources.values())
        and all(map(_is_count, _as_list(document.get("counts", []))))
    )


def _is_facts(facts: object) -> bool:
    """Whether a paper can be made of the facts, and every known one is of its type."""
    try:
        paper = paper_from(facts)  # type: ignore[arg-type]
    except (AttributeError, TypeError, ValueError):
        return False
    in_tables = (part for line in (*paper.names, *paper.record) for part in line)
    return all(isinstance(getattr(paper, item.name), _TYPES[str(item.type)]) for item in fields(Paper)) and all(
        isinstance(part, str) for part in in_tables
    )


def _is_count(line: object) -> bool:
    return (
        isinstance(line, list)
        and len(line) == 4
        and isinstance(line[0], str)
        and all(isinstance(number, int) for number in line[1:])
    )


def _is_mark(document: Document) -> bool:
    tags = document.get("tags", {})
    values = {name: value for name, value in document.items() if name not in ("id", "tags")}
    return (
        _has_id(document)
        and values.keys() <= type_of_field.keys()
        and all(_is_register(value, type_of_field[name]) for name, value in values.items())
        and isinstance(tags, dict)
        and all(_is_register(value, bool) for value in tags.values())
    )


def _is_register(value: object, kind: type) -> bool:
    if not isinstance(value, list) or len(value) not in (2, 3) or not isinstance(value[0], kind):
        return False
    return is_stamp(value[1]) and (len(value) == 2 or value[2] == "" or is_stamp(value[2]))


def _is_day(document: Document) -> bool:
    return (
        isinstance(document.get("source"), str)
        and isinstance(document.get("fetched_at"), str)
        and document.get("state") in ("complete", "partial", "failed", "empty")
        and bool(_DAY.fullmatch(str(document.get("day"))))
        and all(isinstance(paper_id, str) for paper_id in _as_list(document.get("ids")))
    )


def _is_step(document: Document) -> bool:
    if "changes" not in document:
        return all(isinstance(document.get(name), int) for name in ("newest", "head"))
    return isinstance(document.get("base"), int) and all(
        isinstance(change, list) and len(change) == 6 for change in _as_list(document["changes"])
    )


def _is_device(document: Document) -> bool:
    return all(isinstance(document.get(name), str) for name in ("host", "name"))


def _has_id(document: Document) -> bool:
    return isinstance(document.get("id"), str) and is_paper_id(document["id"])


def _as_list(value: object) -> list[Any]:
    """The value if it is a list, else a list that no shape accepts."""
    return value if isinstance(value, list) else [None]


_SHAPES: Mapping[str, Callable[[Document], bool]] = {
    "papers": _is_paper,
    "marks": _is_mark,
    "ledger": _is_day,
    "history": _is_step,
    "device": _is_device,
}
