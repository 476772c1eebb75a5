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
from paperdeck.storage.identifiers import Reference
from paperdeck.storage.settings.paths import expanded
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.look.cells import count_of

from .common import open_library, refresh_kept, tell, tell_troubles
from .fetch_command import Bar, open_fetcher
from .selecting import select

if TYPE_CHECKING:
    from collections.abc import Sequence

    from paperdeck.storage.fetch.fetcher import Fetcher
    from paperdeck.storage.library.library import Library
    from paperdeck.storage.paper import Paper


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
    return asyncio.run(_import(options))


async def _import(options: Namespace) -> int:
    from paperdeck.storage.exchange.importing import decode_file, read_papers, settle

    imported = read_papers(decode_file(_read(options.file)))
    library = open_library()
    fetcher, _ = open_fetcher(library)

    async def search(title: str) -> list[Paper]:
        return list(library.papers(await fetcher.search(title, 5)).values())

    try:
        settled = await settle(imported, None if options.offline else search)
        bare = [paper.id for paper in settled.papers if not paper.title and not library.paper(paper.id)]
        missing = tuple(bare) if options.offline else await _bring(fetcher, bare)
    finally:
        await fetcher.close()
    added = library.add([paper for paper in settled.papers if paper.title], "local")
    ids = [paper.id for paper in settled.papers if paper.id not in missing]
    if options.star or options.tag:
        library.mark(ids, starred=True if options.star else None, add_tags=options.tag or (), label="import")
        refresh_kept(library)
    tell_troubles(library)
    for leftover in (*imported.leftovers, *settled.leftovers):
        tell(f"paperdeck: {leftover}")
    for paper_id in missing:
        tell(f"paperdeck: {paper_id} was not found.")
    for paper_id in ids:
        print(paper_id)
    there, new = count_of(len(ids), "paper"), len(added.new)
    tell(f"{there}: {new} new by title, {len(settled.found)} found by a search, {len(settled.local)} kept as local.")
    return 1 if missing else 0


async def _bring(fetcher: Fetcher, ids: Sequence[str]) -> tuple[str, ...]:
    """Fetch papers of which only the id is known; returns those that no source has."""
    if not ids:
        return ()
    brought = await fetcher.add([Reference(paper_id) for paper_id in ids])
    for error in brought.errors:
        tell(f"paperdeck: {error}")
    return brought.missing


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return expanded(name).read_bytes()
    except OSError as error:
        raise InvalidInput(f"{name} can't be read ({error.strerror}).") from error
