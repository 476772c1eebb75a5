"""`paperdeck import`: papers from other programs."""

from __future__ import annotations

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.identifiers import Reference
from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.places import expanded
from paperdeck.storage.text.words import count_of

from .command import Command, marking_options
from .common import open_library, refresh_kept, tell, tell_troubles, warn
from .fetch import open_fetcher

if TYPE_CHECKING:
    from paperdeck.storage.exchange.importing import Settled
    from paperdeck.storage.exchange.records import Imported
    from paperdeck.storage.fetch.fetcher import Fetcher
    from paperdeck.storage.paper import Paper

_CANDIDATES = 5
"""Papers that a search for a title asks for."""
LARGEST_BYTES = 256 * 1024 * 1024
"""A larger file, or a stream without an end, is refused."""


def options(parser: ArgumentParser) -> None:
    kinds = "BibTeX, RIS, CSL-JSON, ids, a mail of arXiv, a saved page; - for standard input"
    parser.add_argument("file", metavar="FILE", help=kinds)
    parser.add_argument("--offline", action="store_true", help="look nothing up")
    marking_options(parser)


def run(options: Namespace) -> int:
    """Bring in the papers that a file names; 1 if there are none, or some were not found."""
    return asyncio.run(_import(options))


async def _import(options: Namespace) -> int:
    from paperdeck.storage.exchange.importing import decode_file, read_papers

    imported = read_papers(decode_file(_read(options.file)))
    library = open_library("import")
    fetcher, _ = open_fetcher(library)
    try:
        known = set(library.papers([paper.id for paper in imported.papers]))
        settled = await _settle(imported, library, fetcher, known, offline=options.offline)
        bare = [paper.id for paper in settled.papers if not paper.title and paper.id not in known]
        missing, not_found = (bare, bare) if options.offline else await _bring(fetcher, bare)
    finally:
        await fetcher.close()
    new = library.add([paper for paper in settled.papers if paper.title], "local").new
    ids = [paper.id for paper in settled.papers if paper.id not in missing]
    brought = [paper_id for paper_id in ids if paper_id not in known]
    if brought or ((options.star or options.tag) and ids):
        library.record_import(
            ids, brought, starred=True if options.star else None, add_tags=options.tag or (), subject=options.file
        )
        refresh_kept(library)
    tell_troubles(library)
    _report(imported, settled, not_found)
    for paper_id in ids:
        print(paper_id)
    counts = f"{len(new)} new by title, {len(settled.found)} found by a search, {len(settled.local)} kept as local"
    tell(f"{count_of(len(ids), 'paper')}: {counts}.")
    return 1 if missing or not ids else 0


async def _settle(imported: Imported, library: Library, fetcher: Fetcher, known: set[str], *, offline: bool) -> Settled:
    """Look up the titles without an id; what the library had before is added to `known`."""
    from paperdeck.storage.exchange.importing import settle

    start = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    async def search(title: str) -> list[Paper]:
        found = library.papers(await fetcher.search(title, _CANDIDATES))
        known.update(paper.id for paper in found.values() if paper.added and paper.added < start)
        return list(found.values())

    return await settle(imported, None if offline else search)


async def _bring(fetcher: Fetcher, ids: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Fetch papers of which only the id is known; returns those that did not come, and those that no source has."""
    if not ids:
        return (), ()
    brought = await fetcher.add([Reference(paper_id) for paper_id in ids])
    for error in brought.errors:
        warn(str(error))
    return brought.missing, [paper_id for paper_id in brought.missing if paper_id not in brought.unasked]


def _report(imported: Imported, settled: Settled, not_found: Sequence[str]) -> None:
    for leftover in (*imported.leftovers, *settled.leftovers):
        warn(str(leftover))
    for paper_id in not_found:
        warn(f"{paper_id} was not found.")


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
        ("paperdeck import refs.bib --tag thesis", "grep -o '2[0-9]*\\.[0-9]*' notes.md | paperdeck import -"),
    )
}
