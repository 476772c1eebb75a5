"""Finds papers that match a query by their marks alone, whatever their facts are.

A starred paper matches `is:starred` even while its facts can't be read. A result without such a paper is incomplete,
and must not replace a complete one.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from enum import IntEnum

from paperdeck.storage.paper import NO_MARKS, Marks

from .plain import contain
from .tree import And, Has, Is, Node, Not, Or, Query, Text, parts_of


class Truth(IntEnum):
    """The value of a condition as far as marks determine it."""

    NO = 0
    UNKNOWN = 1
    YES = 2


def implied(query: Query, marks: Mapping[str, Marks], known: Container[str] = ()) -> list[str]:
    """The ids that match by their marks alone, without the known ones.

    Args:
        query: The query as given to the library; see `Query.visible`.
        marks: The marks by paper id.
        known: Ids of papers whose facts can be read.
    """
    without = truth(query.node, "", NO_MARKS)
    return [i for i, mark in marks.items() if i not in known and truth(query.node, i, mark) > without]


def depends_on_marks(query: Query) -> bool:
    """Whether a query depends on marks; words without a field don't count."""
    return any(_asks_for_marks(part) for part in parts_of(query.node))


def _asks_for_marks(node: Node) -> bool:
    match node:
        case Is():
            return node.state in ("read", "unread", "starred", "hidden")
        case Has():
            return node.thing == "note"
        case Text():
            return node.field in ("tag", "note")
        case _:
            return False


def truth(node: Node | None, paper_id: str, marks: Marks) -> Truth:
    """Whether a paper matches, as far as its id and its marks determine it."""
    match node:
        case None:
            return Truth.YES
        case Not():
            return Truth(2 - truth(node.child, paper_id, marks))
        case And():
            return min(truth(child, paper_id, marks) for child in node.children)
        case Or():
            return max(truth(child, paper_id, marks) for child in node.children)
        case Is():
            return _state(node.state, marks)
        case Has() if node.thing == "note":
            return _known(bool(marks.note))
        case Text():
            return _text(node, paper_id, marks)
        case _:
            return Truth.UNKNOWN


def _known(value: bool) -> Truth:
    return Truth.YES if value else Truth.NO


def _state(state: str, marks: Marks) -> Truth:
    match state:
        case "read" | "starred" | "hidden":
            return _known(getattr(marks, state))
        case "unread":
            return Truth.NO if marks.read else Truth.YES if marks.kept else Truth.UNKNOWN
        case "muted":
            return Truth.NO  # only facts can mute a paper; while they are unknown, it isn't muted
        case _:
            return Truth.UNKNOWN


def _text(text: Text, paper_id: str, marks: Marks) -> Truth:
    notes = [marks.note] if marks.note else []
    match text.field:
        case "tag":
            return _known(contain(marks.tags, text.text, whole=text.whole))
        case "note":
            return _known(contain(notes, text.text, whole=text.whole))
        case "id":
            return _known(bool(paper_id) and text.text.lower() in paper_id.lower())
        case None:
            return Truth.YES if contain([*marks.tags, *notes], text.text) else Truth.UNKNOWN
        case _:
            return Truth.UNKNOWN
