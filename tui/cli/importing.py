"""`paperdeck import`: papers from other programs."""

from __future__ import annotations

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from typing import BinaryIO

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.settings.places import expanded

from .command import Command, marking_options
from .common import open_library, refresh_kept, tell, tell_troubles, warn
from .fetch import open_fetcher

LARGEST_BYTES = 256 * 1024 * 1024
"""A larger file, or a stream without an end, is refused."""


def options(parser: ArgumentParser) -> None:
    kinds = "BibTeX, RIS, CSL-JSON, ids, a mail of arXiv, a saved page; - for standard input"
    parser.add_argument("file", metavar="FILE", help=kinds)
    parser.add_argument("--offline", action="store_true", help="look nothing up")
    fields = ("keywords", "groups")
    parser.add_argument("--tags-from", action="append", choices=fields, help="a field whose words become tags")
    only = "of arXiv's metadata snapshot (FILE.jsonl), only this category, such as cs.CL or 'cs.*'"
    parser.add_argument("--category", action="append", metavar="PATTERN", help=only)
    marking_options(parser)


def run(options: Namespace) -> int:
    """Bring in the papers that a file names; 1 if there are none, or some were not found."""
    if options.category or options.file.lower().endswith(".jsonl"):
        from .snapshot import import_snapshot

        return import_snapshot(options.file, options.category or ())
    return asyncio.run(_import(options))


async def _import(options: Namespace) -> int:
    from paperdeck.storage.exchange.bringing import Wanted, bring_in
    from paperdeck.storage.exchange.importing import read_file

    imported = read_file(_read(options.file))
    library = open_library("import")
    fetcher, _ = open_fetcher(library)
    wanted = Wanted(options.star, tuple(options.tag or ()), tuple(options.tags_from or ()), options.file)
    try:
        outcome = await bring_in(
            imported,
            library,
            wanted,
            search=None if options.offline else fetcher.candidates,
            look_up=None if options.offline else fetcher.add,
        )
    finally:
        await fetcher.close()
    refresh_kept(library)
    tell_troubles(library)
    for message in outcome.messages:
        warn(str(message))
    for paper_id in outcome.ids:
        print(paper_id)
    tell(outcome.summary)
    return 1 if outcome.failed or not outcome.ids else 0


def _read(name: str) -> bytes:
    """The content of a file, or of standard input for `-`.

    Raises:
        InvalidInput: it can't be read, or is too large.
    """
    try:
        if name == "-":
            return _limited(sys.stdin.buffer, "Standard input")
        with expanded(name).open("rb") as file:
            return _limited(file, name)
    except OSError as error:
        what = "Standard input" if name == "-" else name
        raise InvalidInput(f"{what} can't be read ({error.strerror or error}).") from error
    except ValueError as error:  # a null character in the name
        raise InvalidInput(f"{name!r} is not a file name.") from error


def _limited(file: BinaryIO, name: str) -> bytes:
    data = file.read(LARGEST_BYTES + 1)
    if len(data) > LARGEST_BYTES:
        raise InvalidInput(f"{name} is larger than {LARGEST_BYTES >> 20} MB, so it was not imported.")
    return data


COMMANDS = {
    "import": Command(
        run,
        options,
        (
            "paperdeck import refs.bib --tag thesis",
            "grep -o '2[0-9]*\\.[0-9]*' notes.md | paperdeck import -",
            "paperdeck import arxiv-metadata-oai-snapshot.jsonl --category 'cs.*'",
        ),
    )
}
