"""Why papers suit the reader's taste, for `list --why`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from paperdeck.storage.search.query import parse

from ..common import tell

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Library
    from paperdeck.storage.paper import Entry
    from paperdeck.storage.taste.reasons import Reasons

NOTHING_KNOWN = (
    "Your taste isn't known yet: “paperdeck star ID” stars a paper, “paperdeck interests add PHRASE” adds an interest."
)
BY_UPVOTES = "Until then, the most upvotes come first."


def reasons_by_id(library: Library, entries: Iterable[Entry]) -> dict[str, Reasons]:
    """The reasons of papers by id; empty, with a message, if there is no taste.

    Raises:
        StoreError: the index can't be used.
    """
    if not check_taste(library):
        return {}
    found = ((entry.paper.id, library.taste.reasons(entry.paper)) for entry in entries)
    return {paper_id: reasons for paper_id, reasons in found if reasons is not None}


def check_taste(library: Library, *, sorted_by_it: bool = False) -> bool:
    """Whether there is a taste; says so if there is none.

    Raises:
        StoreError: the index can't be used.
    """
    known = library.taste.up_to_date().profile is not None
    if not known:
        tell(f"{NOTHING_KNOWN} {BY_UPVOTES}" if sorted_by_it else NOTHING_KNOWN)
    return known


def is_by_taste(query: str) -> bool:
    """Whether a query has the order `foryou`."""
    sort = parse(query).sort
    return sort is not None and sort.key == "foryou"


def in_a_line(reasons: Reasons | None) -> str:
    """The reasons in one line: `because ★ minWM · world model`; empty if there are none."""
    from paperdeck.storage.taste.reasons import sentence

    return sentence(reasons) if reasons else ""


def as_json(reasons: Reasons | None) -> dict[str, Any]:
    """The score, the line and the parts, which sum to the score."""
    parts = reasons.parts if reasons else ()
    return {
        "score": reasons.score if reasons else None,
        "why": in_a_line(reasons),
        "reasons": [
            {
                "kind": part.label.kind if part.label else "words",
                "words": part.words,
                "part": part.part,
                "stars": part.stars or None,
                "typed": part.typed,
            }
            for part in parts
        ],
    }
