"""`paperdeck related`: papers similar to one, and those by the same people, from the library alone."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from paperdeck.storage.paper import Entry, entry_as_json

from .command import Command, id_argument, json_option, limit_option
from .common import entry_of, open_library, print_json, tell, tell_troubles

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Library

DEFAULT_LIMIT = 10
"""Default number of papers of each kind."""


def options(parser: ArgumentParser) -> None:
    id_argument(parser)
    limit_option(parser, " papers of each kind", DEFAULT_LIMIT)
    json_option(parser, "a JSON object with both lists")


def run(options: Namespace) -> int:
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
    "related": Command(
        run,
        options,
        ("paperdeck related 2401.12345", "paperdeck related 2401.12345 --json --limit 5"),
        "Both lists come from the library on this machine; nothing is fetched.",
    )
}
