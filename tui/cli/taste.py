"""What the taste says: `interests`, which add to it, `related` papers, and `--why`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.paper import Entry, entry_as_json
from paperdeck.storage.search.query import parse

from .command import Command, id_argument, json_option, limit_option
from .common import entry_of, open_library, print_json, tell, tell_troubles

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Library
    from paperdeck.storage.taste.reasons import Reasons

_DOES = ("list", "add", "remove")


def interests_options(parser: ArgumentParser) -> None:
    parser.add_argument("does", nargs="?", choices=_DOES, default="list", metavar="add|remove|list", help="what to do")
    parser.add_argument("phrases", nargs="*", metavar="PHRASE", help="one interest each; quote several words")
    json_option(parser, "a JSON array of all interests")


def interests(options: Namespace) -> int:
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


def reasons_as_json(reasons: Reasons | None) -> dict[str, Any]:
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


# -- related papers ------------------------------------------------------------------------------------------------


DEFAULT_LIMIT = 10
"""Default number of papers of each kind."""


def related_options(parser: ArgumentParser) -> None:
    id_argument(parser)
    limit_option(parser, " papers of each kind", DEFAULT_LIMIT)
    json_option(parser, "a JSON object with both lists")


def related(options: Namespace) -> int:
    library = open_library()
    paper = entry_of(library, options.id).paper
    library.indexing.catch_up()
    alike = [
        (other.id, {"likeness": round(other.likeness, 4)}) for other in library.taste.related(paper, options.limit)
    ]
    people = [
        (other.id, {"shared_authors": list(other.authors)}) for other in library.taste.same_people(paper, options.limit)
    ]
    lists = {"alike": _entries(library, alike), "same_people": _entries(library, people)}
    code = tell_troubles(library)
    if options.json:
        print_json({name: [entry_as_json(entry) | more for entry, more in found] for name, found in lists.items()})
        return code
    if not any(lists.values()):
        tell("Nothing in the library is related to it.")
    for name, found in lists.items():
        for entry, more in found:
            print("\t".join((name, entry.paper.id, entry.paper.title, *_columns_of(more))))
    return code


def _entries(library: Library, found: Sequence[tuple[str, dict[str, Any]]]) -> list[tuple[Entry, dict[str, Any]]]:
    more = dict(found)
    return [(entry, more[entry.paper.id]) for entry in library.entries(more)]


def _columns_of(more: dict[str, Any]) -> tuple[str, ...]:
    return (", ".join(more["shared_authors"]),) if "shared_authors" in more else (f"{more['likeness']:.2f}",)


COMMANDS = {
    "interests": Command(
        interests,
        interests_options,
        (
            "paperdeck interests add 'world models' 'robot learning'",
            "paperdeck interests remove 'robot learning'",
        ),
        "Together, they count as two stars; “sort:foryou” and the view For you use them and your stars.",
    ),
    "related": Command(
        related,
        related_options,
        ("paperdeck related 2401.12345", "paperdeck related 2401.12345 --json --limit 5"),
        "Both lists come from the library on this machine; nothing is fetched.",
    ),
}
