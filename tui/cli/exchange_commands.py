"""`export` and `import`: papers out to other programs, and in from them."""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.exchange.export import export_file, export_text, form_of
from paperdeck.storage.exchange.kept_exports import keep_in_step, kept_exports, refresh_exports, stop_keeping
from paperdeck.storage.settings.paths import expanded
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.look.cells import count_of

from .common import open_library, refresh_kept, tell, tell_troubles
from .fetch_command import Bar, open_fetcher
from .selecting import select

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Library


def export(options: Namespace) -> int:
    """Write the papers that a query matches."""
    form = options.to or (form_of(options.output) if options.output else None)
    if form is None:
        raise InvalidInput("Say in which form: --to bibtex, or a file name such as papers.bib after -o.")
    library = open_library()
    query = " ".join(options.query)
    if options.keep:
        return _keep(library, query, form, options)
    entries = select(library, query, None)
    tell_troubles(library)
    bar = Bar() if sys.stderr.isatty() and options.output and len(entries) > 500 else None
    progress = (lambda done, total: bar.show(done, total, "papers")) if bar else None
    if options.output is None:
        sys.stdout.write(export_text(entries, form))
    else:
        export_file(entries, expanded(options.output), form, force=options.force, progress=progress)
        if bar:
            bar.clear()
        tell(f"{count_of(len(entries), 'paper')} in {options.output}.")
    return 0


def _keep(library: Library, query: str, form: str, options: Namespace) -> int:
    if options.output is None:
        raise InvalidInput("--keep needs the file that is to be kept in step, after -o.")
    refreshed = keep_in_step(
        library,
        Places.find(),
        options.output,
        form,
        query,
        select=lambda text: select(library, text, None),
        force=options.force,
    )
    tell(f"{count_of(refreshed.papers, 'paper')} in {refreshed.path}, kept in step from now on.")
    return 0


def exports(options: Namespace) -> int:
    """List, refresh or end the exports that are kept in step."""
    places = Places.find()
    if options.stop:
        if not stop_keeping(places, Path(options.stop)):
            raise InvalidInput(f"{options.stop} is not kept in step; “paperdeck exports” lists what is.")
        tell(f"{options.stop} stays as it is from now on.")
        return 0
    if options.refresh or options.force:
        library = open_library()
        results = refresh_exports(library, places, lambda text: select(library, text, None), force=options.force)
        for result in results:
            tell(f"paperdeck: {result.error}" if result.error else f"{result.path}: {count_of(result.papers, 'paper')}")
        return 1 if any(result.error for result in results) else 0
    for kept in kept_exports(places):
        print(f"{kept.path}\t{kept.form}\t{kept.query}")
    return 0


def import_papers(options: Namespace) -> int:
    """Bring in the papers that a file names."""
    if options.category or options.file.lower().endswith(".jsonl"):
        from .snapshot_command import import_snapshot

        return import_snapshot(options)
    return asyncio.run(_import(options))


async def _import(options: Namespace) -> int:
    from paperdeck.storage.exchange.bringing import Wanted, bring_in
    from paperdeck.storage.exchange.importing import read_file

    imported = read_file(_read(options.file))
    library = open_library()
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
        tell(f"paperdeck: {message}")
    for paper_id in outcome.ids:
        print(paper_id)
    tell(outcome.summary)
    return 1 if outcome.failed else 0


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return expanded(name).read_bytes()
    except OSError as error:
        raise InvalidInput(f"{name} can't be read ({error.strerror}).") from error
