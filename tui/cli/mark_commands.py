"""`star`, `read`, `hide`, their opposites, and `tag`: for scripts."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Entry
from paperdeck.storage.text.clean import clean_tag

from .common import entry_of, ids_of, open_library, refresh_kept, tell, tell_troubles

_CHANGES: dict[str, dict[str, Any]] = {
    "star": {"starred": True},
    "unstar": {"starred": False},
    "read": {"read": True},
    "unread": {"read": False},
    "hide": {"hidden": True},
    "unhide": {"hidden": False},
}


def mark_papers(options: Namespace) -> int:
    """Change one mark of the papers named; all of them or, if one is unknown, none."""
    library = open_library()
    entries = [entry_of(library, paper_id) for paper_id in ids_of(options.ids)]
    _mark(library, entries, options.mark, **_CHANGES[options.mark])
    return 0


def tag_paper(options: Namespace) -> int:
    """Put tags on a paper; a name that begins with “-” is taken off."""
    library = open_library()
    entry = entry_of(library, options.id)
    names = [name.strip() for name in options.names]
    added = [clean_tag(name) for name in names if not name.startswith("-")]
    removed = [clean_tag(name) for name in names if name.startswith("-")]
    _mark(library, [entry], "tag", add_tags=added, remove_tags=removed)
    return 0


def _mark(library: Library, entries: Sequence[Entry], label: str, **changes: Any) -> None:
    """Change the marks of papers; one of the starter shelf becomes one of the library by that."""
    shelf = [entry.paper for entry in entries if entry.paper.sources == ("shelf",)]
    if shelf:
        library.add(shelf, "shelf")
    step = library.mark([entry.paper.id for entry in entries], label=label, **changes)
    refresh_kept(library)
    tell_troubles(library)
    tell(f"{label}: {len(step.ids)} changed")
