"""The taste on the command line: `interests`, typed ones that add to those learned from stars, and `--why`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.search.query import parse

from .command import Command, json_option
from .common import open_library, print_json, tell, tell_troubles

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Library
    from paperdeck.storage.paper import Entry
    from paperdeck.storage.taste.reasons import Reasons

_DOES = ("list", "add", "remove")


def options(parser: ArgumentParser) -> None:
    parser.add_argument("does", nargs="?", choices=_DOES, default="list", metavar="add|remove|list", help="what to do")
    parser.add_argument("phrases", nargs="*", metavar="PHRASE", help="one interest each; quote several words")
    json_option(parser, "a JSON array of all interests")


def run(options: Namespace) -> int:
    """List, add or remove interests; each one is a change that can be undone."""
    if options.does != "list" and not options.phrases:
        raise InvalidInput(f"Which one? For example: paperdeck interests {options.does} 'world models'")
    if options.does == "list" and options.phrases:
        raise InvalidInput("“list” takes no arguments; “add” adds an interest.")
    library = open_library("interests")
    changed = 0
    for phrase in options.phrases:
        changed += bool(library.set_interest(phrase, on=options.does == "add").number)
    interests = library.rules().interests
    code = tell_troubles(library)
    if options.json:
        print_json(interests)
    elif options.does == "list":
        for phrase in interests:
            print(phrase)
        if not interests and not code:
            tell("There is no interest yet: paperdeck interests add 'world models'")
    if options.does != "list":
        done = "added" if options.does == "add" else "removed"
        tell(f"{changed} {done}" if changed else f"Nothing to {options.does}: nothing would change.")
    return code


# -- why papers suit the taste ------------------------------------------------------------------------------------

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
    library.indexing.catch_up()
    known = library.taste.current().profile is not None
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


COMMANDS = {
    "interests": Command(
        run,
        options,
        (
            "paperdeck interests add 'world models' 'robot learning'",
            "paperdeck interests remove 'robot learning'",
        ),
        "Together, they count as two stars; “sort:foryou” and the view For you use them and your stars.",
    )
}
