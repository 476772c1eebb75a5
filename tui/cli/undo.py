"""`undo`, `redo`, `history`: taking back what was done, by the reader or by a command."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import datetime

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.library.library import Deed, Library
from paperdeck.storage.text.words import count_of

from .command import Command, count, json_option, no_options
from .common import ask, open_library, print_json, refresh_kept, tell, tell_troubles

DEFAULT_LIMIT = 20
"""Changes that `history` lists unless another number is asked for."""
_MOST_DEEDS = 1000
"""How far back `undo NUMBER` looks."""


def undo_options(parser: ArgumentParser) -> None:
    parser.add_argument("number", nargs="?", type=count, metavar="NUMBER", help="a number of “paperdeck history”")
    parser.add_argument("-y", "--yes", action="store_true", help="undo without asking")


def undo(options: Namespace) -> int:
    """Take back the newest change, or the one with a number; 1 if there is none or it is not wanted."""
    library = open_library("undo")
    deed = _deed_to_undo(library, options.number)
    tell_troubles(library)
    if deed is None:
        tell("There is nothing to undo.")
        return 1
    tell(in_words(deed))
    if not options.yes and not ask("Undo this?"):
        tell("Nothing was undone; add --yes to undo it without being asked.")
        return 1
    undone = library.undo(deed)
    if undone is None:
        tell("It can't be undone any more.")
        return 1
    refresh_kept(library)
    tell(f"Undone: {title_of(undone)}")
    return 0


def _deed_to_undo(library: Library, number: int | None) -> Deed | None:
    """The change that was asked for.

    Raises:
        InvalidInput: no change has the number.
    """
    if number is None:
        return next(iter(library.deeds(1)), None)
    found = next((deed for deed in library.deeds(_MOST_DEEDS) if deed.number == number), None)
    if found is None:
        raise InvalidInput(f"There is no change {number} to undo; “paperdeck history” lists them.")
    return found


def redo(_options: Namespace) -> int:
    """Make the change again that was undone last; 1 if there is none."""
    library = open_library("redo")
    deed = library.redo()
    tell_troubles(library)
    if deed is None:
        tell("There is nothing to redo.")
        return 1
    refresh_kept(library)
    tell(f"Redone: {title_of(deed)}")
    return 0


def history_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--limit", type=count, default=DEFAULT_LIMIT, metavar="N", help=f"at most N (default: {DEFAULT_LIMIT})"
    )
    json_option(parser, "a JSON array")


def history(options: Namespace) -> int:
    """Print the changes that can be undone, newest first: number, time, what, of how many papers, by whom."""
    library = open_library()
    deeds = library.deeds(options.limit)
    code = tell_troubles(library)
    if options.json:
        print_json([_as_json(deed) for deed in deeds])
    for deed in deeds if not options.json else ():
        print(deed.number, _local(deed.made_at), title_of(deed), len(deed.ids), deed.maker, sep="\t")
    return code


def title_of(deed: Deed) -> str:
    """What was done, and to what: `star · Attention for the Impatient`, `tag · 12 papers`."""
    subject = deed.subject or (count_of(len(deed.ids), "paper") if deed.ids else "")
    return " · ".join(filter(None, (deed.label, subject)))


def in_words(deed: Deed) -> str:
    """A change with its time and its maker."""
    return f"{title_of(deed)}, {_local(deed.made_at)}, by {deed.maker}"


def _local(when: datetime) -> str:
    return f"{when.astimezone():%Y-%m-%d %H:%M}"


def _as_json(deed: Deed) -> dict[str, object]:
    made_at = deed.made_at.isoformat(timespec="seconds")
    return deed._asdict() | {"ids": list(deed.ids), "made_at": made_at}


COMMANDS = {
    "undo": Command(undo, undo_options, ("paperdeck undo", "paperdeck undo 42 --yes")),
    "redo": Command(redo, no_options, ("paperdeck redo",)),
    "history": Command(history, history_options, ("paperdeck history", "paperdeck history --limit 5 --json")),
}
