"""Why papers are for the reader, as `list --why` says it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..common import tell

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Library
    from paperdeck.storage.paper import Entry
    from paperdeck.storage.taste.reasons import Reasons

NOTHING_KNOWN = (
    "Nothing tells your taste yet: “paperdeck star ID” stars a paper, “paperdeck interests add PHRASE” takes interests."
)


def reasons_by_id(library: Library, entries: Iterable[Entry]) -> dict[str, Reasons]:
    """The reasons of papers by id; empty, and said so, if there is too little to go by.

    Raises:
        StoreError: the index can't be used.
    """
    if library.taste.up_to_date().profile is None:
        tell(NOTHING_KNOWN)
        return {}
    found = ((entry.paper.id, library.taste.reasons(entry.paper)) for entry in entries)
    return {paper_id: reasons for paper_id, reasons in found if reasons is not None}


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
