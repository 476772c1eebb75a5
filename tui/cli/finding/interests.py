"""`paperdeck interests`: typed interests, which add to the taste learned from stars, or replace it at first."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from paperdeck.storage.errors import InvalidInput

from ..command import Command, json_option
from ..common import open_library, print_json, tell, tell_troubles

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
