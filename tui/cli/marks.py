"""`star`, `read`, `hide`, their opposites, `tag` and `remove`: for scripts."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import Any

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.library.library import Deed, Library
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.clean import clean_tag
from paperdeck.storage.text.words import count_of

from .command import Command, id_argument, ids_argument
from .common import ids_of, open_library, paper_of, tell, tell_troubles
from .list import refresh_kept

_CHANGES: dict[str, dict[str, Any]] = {
    "star": {"starred": True},
    "unstar": {"starred": False},
    "read": {"read": True},
    "unread": {"read": False},
    "hide": {"hidden": True},
    "unhide": {"hidden": False},
}


def tag_options(parser: ArgumentParser) -> None:
    id_argument(parser)
    parser.add_argument("names", nargs="+", metavar="NAME", help="a tag to add; with “-” before it, one to remove")


def mark_papers(options: Namespace) -> int:
    """Change one mark of all papers or, if one is unknown, of none."""
    library = open_library(options.command)
    papers = [paper_of(library, paper_id) for paper_id in ids_of(options.ids)]
    _mark(library, papers, options.command, **_CHANGES[options.command])
    return 0


def tag_paper(options: Namespace) -> int:
    """Add tags to a paper; one that begins with “-” is removed."""
    library = open_library("tag")
    paper = paper_of(library, *ids_of([options.id]))
    names = [name.strip() for name in options.names]
    added = [clean_tag(name) for name in names if not name.startswith("-")]
    removed = [clean_tag(name) for name in names if name.startswith("-")]
    _mark(library, [paper], tag_label(added, removed), add_tags=added, remove_tags=removed)
    return 0


def tag_label(added: Sequence[str], removed: Sequence[str]) -> str:
    """The name of a change of tags in the history, such as `tag thesis and untag later`."""
    changes = (("tag", added), ("untag", removed))
    return " and ".join(" ".join([verb, *tags]) for verb, tags in changes if tags)


def remove_papers(options: Namespace) -> int:
    """Remove papers from the library: all of them or, if one has to stay, none."""
    library = open_library("remove")
    ids = ids_of(options.ids)
    for paper_id, why in library.why_kept(ids).items():
        raise InvalidInput(f"{paper_id} can't be removed, as {why}; nothing was changed.")
    deed = library.remove(ids)
    refresh_kept(library)
    tell_troubles(library)
    tell(f"Removed {count_of(len(deed.ids), 'paper')}; “paperdeck undo” brings back what was removed.")
    return 0


def _mark(library: Library, papers: Sequence[Paper], label: str, **changes: Any) -> None:
    deed = change_marks(library, papers, label, **changes)
    tell_troubles(library)
    tell(f"{label}: {len(deed.ids)} changed")


def change_marks(library: Library, papers: Sequence[Paper], label: str, **changes: Any) -> Deed:
    """Change marks as `Library.mark`, in one deed; papers of the starter shelf are first added to the library."""
    shelf = [paper for paper in papers if paper.sources == ("shelf",)]
    if shelf:
        library.add(shelf, "shelf")
    subject = papers[0].title if len(papers) == 1 else ""
    deed = library.mark([paper.id for paper in papers], label=label, subject=subject, **changes)
    refresh_kept(library)
    return deed


COMMANDS = {
    name: Command(
        mark_papers, ids_argument, (f"paperdeck {name} 2401.12345", f"paperdeck {name} 2401.12345 2402.00001")
    )
    for name in _CHANGES
} | {
    "remove": Command(remove_papers, ids_argument, ("paperdeck remove 2401.12345",)),
    "tag": Command(
        tag_paper, tag_options, ("paperdeck tag 2401.12345 thesis", "paperdeck tag 2401.12345 read-soon -thesis")
    ),
}
