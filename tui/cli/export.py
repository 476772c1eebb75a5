"""`export`, `exports`, `feed`, `notes`, `zotero`: papers for other programs, once or when the reader's marks change."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from paperdeck.storage.errors import InvalidInput, StoreError
from paperdeck.storage.exchange.export import CitationOptions, export_file, export_text, form_of
from paperdeck.storage.exchange.kept_exports import NOTES, kept_exports, refresh_exports, start_keeping, stop_keeping
from paperdeck.storage.exchange.notes_folder import make_folder, write_notes
from paperdeck.storage.files.disk import is_there
from paperdeck.storage.library.citation_keys import citation_keys
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Entry
from paperdeck.storage.search.query import FIELDS
from paperdeck.storage.settings.places import Places
from paperdeck.storage.text.clean import clean_line
from paperdeck.storage.text.words import count_of

from .cite import complete, completing_options, tell_preprints
from .command import Command, ids_argument, limit_option, output_options, query_argument
from .common import (
    ids_of,
    open_library,
    output_path,
    paper_of,
    print_bytes,
    print_row,
    tell,
    tell_troubles,
    warn,
    write_text,
)
from .list import select, tell_missing
from .taste import in_a_line, is_by_taste, reasons_by_id

_BAR_FROM_PAPERS = 500
"""Minimum number of papers for which a progress bar is shown."""


def export_options(parser: ArgumentParser) -> None:
    query_argument(parser, "all")
    formats = "bibtex, biblatex, ris, csl-json, csv, markdown, json or jsonl (default: what the name of FILE says)"
    parser.add_argument("--to", metavar="FORMAT", help=formats)
    output_options(parser)
    completing_options(parser)
    parser.add_argument("--with-marks", action="store_true", help="write tags, notes and all other facts as well")
    parser.add_argument("--keep", action="store_true", help="rewrite FILE from now on when stars or tags change")


def export(options: Namespace) -> int:
    """Write the papers that a query matches; 1 if some of them can't be read."""
    form = options.to or (form_of(options.output) if options.output else None)
    if form is None:
        raise InvalidInput("Name a format: --to bibtex, or a file name such as papers.bib after -o.")
    library = open_library()
    query = " ".join(options.query)
    if options.keep:
        return _keep(library, query, form, options)
    entries = _completed(library, query, options)
    keys = citation_keys(library, [entry.paper for entry in entries])
    citation = _citation_options(options)
    incomplete = tell_troubles(library) or tell_missing(library, query, entries, None)
    if options.output is None:
        sys.stdout.write(export_text(entries, form, keys=keys, citation=citation))
        return incomplete
    if incomplete and not options.force:
        raise StoreError(
            f"{options.output} was not written, as papers or marks are missing; --force writes the others."
        )
    _write(entries, output_path(options.output, library.places), form, keys, citation, force=options.force)
    tell(f"{count_of(len(entries), 'paper')} in {options.output}.")
    return incomplete


def _citation_options(options: Namespace) -> CitationOptions:
    return CitationOptions(published=options.published, with_marks=options.with_marks)


def _completed(library: Library, query: str, options: Namespace) -> list[Entry]:
    """The papers that match a query, looked up first if requested."""
    entries = select(library, query)
    if options.complete and complete(library, [entry.paper.id for entry in entries], published=options.published):
        entries = select(library, query)
    if options.published:
        tell_preprints(library, [entry.paper for entry in entries])
    return entries


def _write(
    entries: list[Entry], path: Path, form: str, keys: Mapping[str, str], citation: CitationOptions, *, force: bool
) -> None:
    from .fetch import Bar

    bar = Bar()
    progress = partial(bar.show, words="papers") if len(entries) > _BAR_FROM_PAPERS else None
    export_file(entries, path, form, force=force, keys=keys, citation=citation, progress=progress)
    bar.clear()


def _keep(library: Library, query: str, form: str, options: Namespace) -> int:
    if options.output is None:
        raise InvalidInput("--keep needs the name of a file after -o.")
    path = output_path(options.output, library.places)
    _completed(library, query, options)
    kept = start_keeping(
        library,
        path,
        form,
        query,
        select=partial(select, library),
        citation=_citation_options(options),
        force=options.force,
    )
    tell(f"{count_of(kept.papers, 'paper')} in {kept.path}; it is rewritten when stars or tags change.")
    return tell_troubles(library)


def exports_options(parser: ArgumentParser) -> None:
    parser.add_argument("--refresh", action="store_true", help="rewrite the files that are out of date")
    parser.add_argument(
        "--force", action="store_true", help="rewrite even a file that would lack papers; the old one stays as FILE~"
    )
    parser.add_argument("--stop", metavar="FILE", help="stop updating FILE")


def exports(options: Namespace) -> int:
    """List, refresh or end the kept exports."""
    places = Places.find()
    if options.stop:
        if not stop_keeping(places, Path(options.stop)):
            raise InvalidInput(f"{options.stop} is not a kept export; “paperdeck exports” lists them.")
        tell(f"{options.stop} is no longer updated.")
        return 0
    if options.refresh or options.force:
        return _refresh(force=options.force)
    for kept in kept_exports(places):
        flags = ["--published"] * kept.published + ["--with-marks"] * kept.with_marks
        print_row(kept.path, kept.form, kept.query, *flags)
    return 0


def _refresh(*, force: bool) -> int:
    library = open_library()
    results = refresh_exports(library, partial(select, library), force=force)
    tell_troubles(library)
    for result in results:
        if result.error:
            warn(result.error)
        else:
            tell(f"{result.path}: {count_of(result.papers, 'paper')}")
    return 1 if any(result.error for result in results) else 0


# -- a feed --------------------------------------------------------------------------------------------------------

_FEED_PAPERS = 100


def feed_options(parser: ArgumentParser) -> None:
    query_argument(parser, "all")
    limit_option(parser, " papers", _FEED_PAPERS)
    parser.add_argument("--why", action="store_true", help="say why each paper suits you; sort:foryou always says so")
    output_options(parser)


def feed(options: Namespace) -> int:
    """Print or write a feed of the papers that a query matches; 1 if some are missing."""
    from paperdeck.storage.exchange.feed import feed_text

    library = open_library()
    query = clean_line(" ".join(options.query))
    entries = select(library, query, options.limit)
    unreadable = tell_troubles(library)
    missing = tell_missing(library, query, entries, options.limit)
    reasons = reasons_by_id(library, entries) if options.why or is_by_taste(query) else {}
    whys = {paper_id: in_a_line(found) for paper_id, found in reasons.items()}
    text = feed_text(entries, f"Papers: {query}" if query else "Papers", query, whys)
    if options.output:
        write_text(options.output, text, library.places, force=options.force, unreadable=unreadable)
        tell(f"{count_of(len(entries), 'paper')} in {options.output}.")
    else:
        print_bytes(text.encode(errors="replace"))
    return unreadable or missing


# -- notes ---------------------------------------------------------------------------------------------------------


_NOTED = "is:starred"


def notes_options(parser: ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a folder, such as “Papers” in an Obsidian vault")
    query_argument(parser, _NOTED)
    parser.add_argument("--keep", action="store_true", help="update the notes from now on when stars or tags change")


def notes(options: Namespace) -> int:
    """Write a note for each paper that a query matches; 1 if something can't be read."""
    library = open_library()
    query = " ".join(options.query) or _NOTED
    folder = _checked_folder(output_path(options.folder, library.places))
    make_folder(folder)
    if options.keep:
        kept = start_keeping(library, folder, NOTES, query, select=partial(select, library))
        tell(f"{count_of(kept.papers, 'note')} in {kept.path}, updated whenever stars or tags change.")
        return tell_troubles(library)
    return _write_notes(library, query, folder)


def _checked_folder(folder: Path) -> Path:
    """The folder, checked not to be a query, with which other commands begin.

    Raises:
        InvalidInput: it is a query.
    """
    field, colon, _ = folder.name.partition(":")
    if colon and field.lower() in FIELDS and not is_there(folder):
        raise InvalidInput(f"“{folder.name}” is a query; name a folder first: paperdeck notes FOLDER {folder.name}")
    return folder


def _write_notes(library: Library, query: str, folder: Path) -> int:
    entries = select(library, query)
    keys = citation_keys(library, [entry.paper for entry in entries])
    if tell_troubles(library) or tell_missing(library, query, entries, None):
        raise StoreError(f"No note was written to {folder}, as papers, marks or citation keys are missing; see above.")
    notes = write_notes(entries, folder, keys)
    tell(f"{notes.created:,} new, {notes.updated:,} updated, {notes.unchanged:,} up to date in {folder}.")
    return 0


# -- Zotero --------------------------------------------------------------------------------------------------------


def zotero_options(parser: ArgumentParser) -> None:
    ids_argument(parser)
    parser.add_argument("--again", action="store_true", help="also send papers that were sent before")


def zotero(options: Namespace) -> int:
    """Send papers to Zotero: all of them or, if one is unknown, none."""
    from paperdeck.storage.exchange.zotero import endpoint_from, send_to_zotero
    from paperdeck.storage.library.citation_keys import citation_keys

    library = open_library()
    papers = [paper_of(library, paper_id) for paper_id in ids_of(options.ids)]
    entries = [Entry(paper, library.marks(paper.id)) for paper in papers]
    keys, code = citation_keys(library, papers), tell_troubles(library)
    sent = send_to_zotero(entries, keys, library.places, endpoint_from(os.environ), again=options.again)
    if sent.sent:
        tell(f"{count_of(sent.sent, 'paper')} sent to Zotero, into the collection that is selected there.")
    if sent.before:
        tell(f"{count_of(sent.before, 'paper')} sent before; --again sends what Zotero has a second time.")
    return code


COMMANDS = {
    "export": Command(
        export,
        export_options,
        ("paperdeck export is:starred -o stars.bib", "paperdeck export tag:thesis -o thesis.bib --keep"),
    ),
    "exports": Command(exports, exports_options, ("paperdeck exports", "paperdeck exports --stop thesis.bib")),
    "feed": Command(
        feed,
        feed_options,
        (
            "paperdeck feed -o papers.xml --force",
            "paperdeck feed is:starred -o starred.xml --force",
            "paperdeck feed is:unread since:7d sort:foryou -o for-you.xml --force",
        ),
    ),
    "notes": Command(
        notes,
        notes_options,
        ("paperdeck notes ~/Vault/Papers", "paperdeck notes ~/Vault/Papers is:starred OR tag:thesis --keep"),
        "A note begins with facts and marks, which paperdeck updates. Whatever you write below them, or add to\n"
        "them, is kept. “paperdeck exports --stop FOLDER” ends the updates.",
    ),
    "zotero": Command(
        zotero,
        zotero_options,
        ("paperdeck zotero 2401.12345", "paperdeck zotero --again 2401.12345"),
        "Zotero must be running. Tags and notes go with the papers.\n"
        "“paperdeck list -q is:starred | xargs paperdeck zotero” sends everything you starred.",
    ),
}
