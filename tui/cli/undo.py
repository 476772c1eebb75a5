"""`undo`, `redo`, `history`: undoing changes of the reader or of a command."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import datetime

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.library.library import Deed, Library
from paperdeck.storage.text.times import local

from .command import Command, count, json_option, limit_option
from .common import ask, open_library, print_json, print_row, tell, tell_troubles
from .list import refresh_kept

DEFAULT_LIMIT = 20
"""Default number of changes that `history` lists."""
_MAX_DEEDS = 1000
"""Maximum number of changes that `undo NUMBER` searches."""


def undo_options(parser: ArgumentParser) -> None:
    parser.add_argument("number", nargs="?", type=count, metavar="NUMBER", help="a number from “paperdeck history”")
    _consent_option(parser, "undo")


def _consent_option(parser: ArgumentParser, verb: str) -> None:
    parser.add_argument("-y", "--yes", action="store_true", help=f"{verb} without asking")


def undo(options: Namespace) -> int:
    """Undo the newest change, or the one with a number; returns 1 if there is none or the reader declines."""
    library = open_library("undo")
    deed = _with_number(library, options.number) if options.number else library.history.newest_of_others()
    return _turn(library, deed, library.undo, "undo", yes=options.yes)


def redo(options: Namespace) -> int:
    """Redo the change undone last; returns 1 if there is none or the reader declines."""
    library = open_library("redo")
    return _turn(library, library.history.newest_undone(), library.redo, "redo", yes=options.yes)


def _turn(library: Library, deed: Deed | None, turn: Callable[[Deed], Deed | None], verb: str, *, yes: bool) -> int:
    """Undo or redo a change after showing what it was, when and by whom."""
    tell_troubles(library)
    if deed is None:
        tell(f"There is nothing to {verb}.")
        return 1
    tell(in_words(deed))
    if not yes and not ask(f"{verb.capitalize()} this?"):
        tell(f"Nothing was changed; add --yes to {verb} it without being asked.")
        return 1
    turned = turn(deed)
    if turned is None:
        tell(f"Nothing left to {verb}: all of it has been changed since.")
        return 1
    refresh_kept(library)
    tell_troubles(library)
    tell(f"{'Undone' if verb == 'undo' else 'Redone'}: {turned.title}")
    return 0


def _with_number(library: Library, number: int) -> Deed:
    """The change with a number.

    Raises:
        InvalidInput: no change that is done has it.
    """
    found = next((deed for deed in library.history.deeds(_MAX_DEEDS) if deed.number == number), None)
    if found is None:
        raise InvalidInput(f"There is no change {number} to undo; “paperdeck history” lists them.")
    return found


def history_options(parser: ArgumentParser) -> None:
    limit_option(parser, default=DEFAULT_LIMIT)
    json_option(parser, "a JSON array")


def history(options: Namespace) -> int:
    """Print the changes that can be undone, newest first: number, time, what, of how many papers, by whom."""
    library = open_library()
    deeds = library.history.deeds(options.limit)
    code = tell_troubles(library)
    if options.json:
        print_json([_as_json(deed) for deed in deeds])
    for deed in deeds if not options.json else ():
        print_row(deed.number, _local(deed.made_at), deed.title, len(deed.ids), deed.maker)
    return code


def in_words(deed: Deed) -> str:
    """A change with its time and its maker."""
    return f"{deed.title}, {_local(deed.made_at)}, by {deed.maker}"


def _local(when: datetime) -> str:
    return f"{local(when):%Y-%m-%d %H:%M}"


def _as_json(deed: Deed) -> dict[str, object]:
    made_at = deed.made_at.isoformat(timespec="seconds")
    return deed._asdict() | {"ids": list(deed.ids), "made_at": made_at}


COMMANDS = {
    "undo": Command(undo, undo_options, ("paperdeck undo", "paperdeck undo 42 --yes")),
    "redo": Command(redo, lambda parser: _consent_option(parser, "redo"), ("paperdeck redo", "paperdeck redo --yes")),
    "history": Command(history, history_options, ("paperdeck history", "paperdeck history --limit 5 --json")),
}
