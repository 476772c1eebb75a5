"""`status`: a few numbers for tmux, a prompt or a bar, as fast as possible; so it imports only what it always needs."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.search.glance import Counts, known_counts, last_fetch, prepare, state_of
from paperdeck.storage.settings.places import Places
from paperdeck.storage.text.times import local

from .command import Command, json_option

FIELDS = {
    "unread": "unread papers",
    "new": "papers that arrived since the last visit",
    "foryou": "unread papers of the last week that fit your taste; empty without stars and interests",
    "starred": "starred papers, including hidden ones",
    "papers": "all papers but hidden and muted ones",
    "fetched": "when papers were last fetched, such as 2026-11-20 07:42; empty if never",
    "age": "how long ago that was: 5m, 3h or 2d",
}
"""The fields of --format, with their meaning."""
_FIELD = re.compile(r"\{\{|\}\}|\{(\w*)\}")


def options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--format", metavar="TEXT", help="print TEXT with fields in it, such as '{unread} ({new} new)'; {{ is a brace"
    )
    json_option(parser, "a JSON object; times are ISO 8601 in UTC")


def run(options: Namespace) -> int:
    places = Places.find()
    counts, complete = _counts(places)
    fetched = last_fetch(places.ledger)
    if options.json:
        from .common import print_json

        print_json({**counts, "fetched": fetched.isoformat() if fetched else None, "complete": complete})
        return 0 if complete else 1
    doubt = "" if complete else "?"
    values = {name: "" if number is None else f"{number}{doubt}" for name, number in counts.items()}
    values["fetched"] = f"{local(fetched):%Y-%m-%d %H:%M}" if fetched else ""
    values["age"] = _age(fetched) if fetched else ""
    if options.format is not None:
        print(filled(options.format, values))
    else:
        for name, value in values.items():
            print(f"{name}\t{value}")
    return 0 if complete else 1


def filled(text: str, values: dict[str, str]) -> str:
    """The text with its fields filled in.

    Raises:
        InvalidInput: it names an unknown field.
    """

    def value(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0][0]
        if found[1] not in values:
            raise InvalidInput(f"There is no field “{{{found[1][:40]}}}”; there are {', '.join(values)}.")
        return values[found[1]]

    return _FIELD.sub(value, text)


def _counts(places: Places) -> tuple[Counts, bool]:
    """The counts, and whether all papers and marks could be read."""
    files = state_of(places.papers, places.ledger, places.marks, places.config_file, places.visits)
    known = known_counts(places.index_file, files)
    counts, complete = (known, True) if known else _counted_anew(files)
    return {name: counts[name] for name in FIELDS if name in counts}, complete


def _counted_anew(state: str) -> tuple[Counts, bool]:
    """The counts after a change: the index catches up, and the counting queries are stored for the next call.

    If something is missing, nothing is stored, as it may come back without a visible change.
    """
    from .common import open_library, tell_troubles
    from .list import context_of

    library = open_library()
    context = context_of(library)
    library.indexing.catch_up()
    learned = library.taste.current()
    library.all_marks()
    complete = not tell_troubles(library)
    likely = learned.likely if learned.profile else None
    return prepare(library.indexing.index, state if complete else "", context, likely), complete


def _age(fetched: datetime) -> str:
    minutes = max(0, int((datetime.now(UTC) - fetched).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes}m"
    return f"{minutes // 60}h" if minutes < 48 * 60 else f"{minutes // 1440}d"


COMMANDS = {
    "status": Command(
        run,
        options,
        ("paperdeck status", "paperdeck status --format '{unread} unread, {new} new'", "paperdeck status --json"),
        f"Fields of --format: {', '.join(f'{name} ({does})' for name, does in FIELDS.items())}.\n"
        "If papers or marks can't be read, a “?” follows each number, “complete” is false, and the exit code is 1.",
    )
}
