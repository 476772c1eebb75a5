"""`paperdeck notes`: one Markdown note per paper, for Obsidian and other programs that read a folder of notes."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from paperdeck.storage.errors import InvalidInput, StoreError
from paperdeck.storage.exchange.kept_exports import NOTES, start_keeping
from paperdeck.storage.exchange.notes_folder import make_folder, write_notes
from paperdeck.storage.files.disk import is_there
from paperdeck.storage.library.citation_keys import citation_keys
from paperdeck.storage.library.library import Library
from paperdeck.storage.search.query import FIELDS
from paperdeck.storage.text.words import count_of
from paperdeck.tui.cli.command import Command, query_argument
from paperdeck.tui.cli.common import open_library, output_path, tell, tell_troubles
from paperdeck.tui.cli.list import select, tell_missing

DEFAULT_QUERY = "is:starred"


def options(parser: ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a folder, such as “Papers” in an Obsidian vault")
    query_argument(parser, DEFAULT_QUERY)
    parser.add_argument("--keep", action="store_true", help="update the notes from now on when stars or tags change")


def run(options: Namespace) -> int:
    """Write a note for each paper that a query matches; 1 if something can't be read."""
    library = open_library()
    query = " ".join(options.query) or DEFAULT_QUERY
    folder = _checked(output_path(options.folder, library.places))
    make_folder(folder)
    if options.keep:
        kept = start_keeping(library, folder, NOTES, query, select=partial(select, library))
        tell(f"{count_of(kept.papers, 'note')} in {kept.path}, updated whenever stars or tags change.")
        return tell_troubles(library)
    return _write(library, query, folder)


def _checked(folder: Path) -> Path:
    """The folder, checked not to be a query, with which other commands begin.

    Raises:
        InvalidInput: it is a query.
    """
    field, colon, _ = folder.name.partition(":")
    if colon and field.lower() in FIELDS and not is_there(folder):
        raise InvalidInput(f"“{folder.name}” is a query; name a folder first: paperdeck notes FOLDER {folder.name}")
    return folder


def _write(library: Library, query: str, folder: Path) -> int:
    entries = select(library, query)
    keys = citation_keys(library, [entry.paper for entry in entries])
    if tell_troubles(library) or tell_missing(library, query, entries, None):
        raise StoreError(f"No note was written to {folder}, as papers, marks or citation keys are missing; see above.")
    notes = write_notes(entries, folder, keys)
    tell(f"{notes.created:,} new, {notes.updated:,} updated, {notes.unchanged:,} up to date in {folder}.")
    return 0


COMMANDS = {
    "notes": Command(
        run,
        options,
        ("paperdeck notes ~/Vault/Papers", "paperdeck notes ~/Vault/Papers is:starred OR tag:thesis --keep"),
        "A note begins with facts and marks, which paperdeck updates. Whatever you write below them, or add to\n"
        "them, is kept. “paperdeck exports --stop FOLDER” ends the updates.",
    )
}
