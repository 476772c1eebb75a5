"""`paperdeck import`: papers from other programs."""

from __future__ import annotations

import asyncio
import math
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.files.disk import is_file
from paperdeck.storage.settings.places import expanded
from paperdeck.storage.text.words import count_of

from .command import Command, marking_options
from .common import open_library, tell, tell_troubles, warn
from .fetch import Bar, fetching
from .list import refresh_kept

if TYPE_CHECKING:
    from paperdeck.storage.exchange.arxiv_snapshot import SnapshotProgress

_LONGEST_LINE_BYTES = 1_000_000
LARGEST_BYTES = 256 * 1024 * 1024
"""Largest file or stream to read, in bytes."""
MEGABYTE_BYTES = 1_000_000
_BATCHES_PER_LINE = 10
"""Batches per progress line of a snapshot import without a bar."""


def options(parser: ArgumentParser) -> None:
    kinds = "BibTeX, RIS, CSL-JSON, ids, an email from arXiv, a saved page; - for standard input"
    parser.add_argument("file", metavar="FILE", help=kinds)
    parser.add_argument("--offline", action="store_true", help="don't go online")
    fields = ("keywords", "groups")
    parser.add_argument("--tags-from", action="append", choices=fields, help="a field whose words become tags")
    only = "from arXiv's metadata snapshot, only this category, such as cs.CL or 'cs.*'"
    parser.add_argument("--category", action="append", metavar="PATTERN", help=only)
    marking_options(parser)


def run(options: Namespace) -> int:
    """Import the papers in a file; returns 1 if there are none, or some were not found."""
    if options.category or _is_snapshot(options.file):
        return _import_snapshot(options.file, options.category or ())
    return asyncio.run(_import(options))


async def _import(options: Namespace) -> int:
    from paperdeck.storage.exchange.adding import ImportOptions, add_imported
    from paperdeck.storage.exchange.importing import read_file

    imported = read_file(_read(options.file))
    library = open_library("import")
    wanted = ImportOptions(options.star, tuple(options.tag or ()), tuple(options.tags_from or ()), options.file)
    async with fetching(library) as (fetcher, _):
        if not options.offline:
            await fetcher.fetch_awaited()
        outcome = await add_imported(
            imported,
            library,
            wanted,
            search=None if options.offline else fetcher.candidates,
            look_up=None if options.offline else fetcher.add,
        )
    refresh_kept(library)
    tell_troubles(library)
    warn(*outcome.messages)
    for paper_id in outcome.ids:
        print(paper_id)
    tell(outcome.summary)
    return 1 if outcome.failed or not outcome.ids else 0


# -- arXiv's metadata snapshot ---------------------------------------------------------------------------------------


def _import_snapshot(file: str, categories: Iterable[str]) -> int:
    """Import all of arXiv, or some categories, from its metadata snapshot; the same command resumes later."""
    from paperdeck.storage.exchange.arxiv_snapshot import Snapshot

    snapshot = Snapshot(expanded(file), categories)
    library = open_library("import")
    note = library.places.state / "import.json"
    estimate = snapshot.estimate(library)
    tell(
        f"About {count_of(estimate.papers, 'paper')}. Disk space: {_size(estimate.needed_bytes)} needed, "
        f"{_size(estimate.free_bytes)} free."
    )
    if estimate.needed_bytes > estimate.free_bytes:
        raise InvalidInput("There isn't enough disk space; import fewer categories, such as --category 'cs.*'.")
    if snapshot.can_resume(note):
        tell("Resuming the last import of this file.")
    bar = Bar()
    new = unusable = 0
    try:
        for number, done in enumerate(snapshot.add_to(library, note)):
            new, unusable = done.new, done.unusable
            _show(done, number, bar)
    except KeyboardInterrupt:
        bar.clear()
        tell(f"Stopped after {count_of(new, 'new paper')}. The same command resumes here.")
        return 130
    bar.clear()
    tell_troubles(library)
    bad = f"; {count_of(unusable, 'line')} held no paper" if unusable else ""
    tell(f"{count_of(new, 'new paper')} from {snapshot.path.name}{bad}.")
    return 0


def _show(done: SnapshotProgress, number: int, bar: Bar) -> None:
    """Show the progress of the import, as a bar or as occasional lines."""
    read, total = (math.ceil(size / MEGABYTE_BYTES) for size in (done.read_bytes, done.total_bytes))
    if bar.is_shown:
        bar.show(read, total, f"MB  {done.new:,} new")
    elif number % _BATCHES_PER_LINE == 0:
        tell(f"{read:,} of {total:,} MB, {count_of(done.new, 'new paper')}")


def _size(number: int) -> str:
    """A number of bytes in readable form."""
    if number >= 10**9:
        return f"{number / 10**9:.1f} GB"
    return f"{max(1, number // MEGABYTE_BYTES):,} MB"


def _is_snapshot(name: str) -> bool:
    """Whether a file is arXiv's metadata snapshot, which is too large to be read as a whole."""
    from paperdeck.storage.exchange.arxiv_snapshot import is_snapshot

    try:
        path = expanded(name)
        if not is_file(path):
            return False  # a pipe can't be read twice
        with path.open("rb") as file:
            return is_snapshot(file.readline(_LONGEST_LINE_BYTES))
    except (OSError, ValueError):
        return False  # reading it will report the reason


# -- reading -----------------------------------------------------------------------------------------------------------


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
    except FileNotFoundError as error:
        raise InvalidInput(f"There is no file {name}; check its name.") from error
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
            "paperdeck import arxiv-metadata-oai-snapshot.json --category 'cs.*'",
        ),
    )
}
