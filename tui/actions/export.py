"""Export the selection or the whole list to a file or a folder of notes, or send it to Zotero."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from paperdeck.storage.errors import FileInTheWay, InvalidInput
from paperdeck.storage.settings.places import expanded
from paperdeck.storage.text.words import count_of
from paperdeck.tui.model.choice import Choice

if TYPE_CHECKING:
    from paperdeck.storage.exchange.notes_folder import NotesWritten
    from paperdeck.storage.paper import Entry

    from .context import Context

FEED = "feed"
"""The name of the Atom feed among the formats."""
_TOLD_EVERY_PAPERS = 200
ZOTERO = "zotero"
"""The kind of work for Zotero."""


async def export(context: Context) -> None:
    """Ask for a format and a file, and write it; the prompt stays open until the file is written."""
    from paperdeck.storage.exchange.export import EXPORTS
    from paperdeck.storage.exchange.kept_exports import NOTES

    ids = context.targets() if context.selected() else await context.session.listed()
    if not ids:
        return
    choices = [Choice(form.name, form.title, more=f".{form.extension}") for form in EXPORTS.values()]
    choices.append(Choice(FEED, "Atom feed, for a feed reader", more=".xml", synonyms="rss newsboat"))
    choices.append(Choice(NOTES, "Markdown notes, one per paper, for Obsidian", more="folder"))
    form = await context.choose(f"Export {count_of(len(ids), 'paper')} as", choices)
    if form == NOTES:
        await context.prompt("Into the folder", proposal="~/Papers", accept=partial(_write_notes, context, ids))
    elif form:

        async def accept(file: str) -> None:
            await _write(context, ids, form, file)

        extension = "xml" if form == FEED else EXPORTS[form].extension
        await context.prompt("Into the file", proposal=f"~/papers.{extension}", accept=accept)


async def _write(context: Context, ids: Sequence[str], form: str, file: str) -> None:
    """Write the file.

    Raises:
        PaperdeckError: it was not written.
    """
    path = _path(file, "A file name")
    try:
        number = await asyncio.to_thread(_export, context, ids, form, path, force=False)
    except FileInTheWay:
        if not await _may_replace(context, path):
            raise InvalidInput(f"{path.name} stays as it was; type another name.") from None
        number = await asyncio.to_thread(_export, context, ids, form, path, force=True)
    context.select(())
    context.say(f"{count_of(number, 'paper')} in {path}")


async def _write_notes(context: Context, ids: Sequence[str], folder: str) -> None:
    """Write or update a note for each paper.

    Raises:
        PaperdeckError: some were not written.
    """
    path = _path(folder, "The name of a folder")
    notes = await asyncio.to_thread(_notes, context, ids, path)
    context.select(())
    context.say(f"Notes in {path}: {notes.created:,} new, {notes.updated:,} updated, {notes.unchanged:,} as before")


def _notes(context: Context, ids: Sequence[str], folder: Path) -> NotesWritten:
    from paperdeck.storage.exchange.notes_folder import make_folder, write_notes

    make_folder(folder)
    entries = context.session.papers.entries(ids)
    keys = _citation_keys(context, entries)
    return write_notes(entries, folder, keys)


def _path(typed: str, what: str) -> Path:
    """A typed path.

    Raises:
        InvalidInput: nothing was typed, or it names a home that does not exist.
    """
    if not typed.strip():
        raise InvalidInput(f"{what} is needed; type one.")
    return expanded(typed.strip())


async def _may_replace(context: Context, path: Path) -> bool:
    """Ask whether to replace a file; its old content is kept next to it."""
    replace = Choice("replace", "Replace it; the old one is kept next to it", "r")
    choices = [Choice("keep", "Type another name", "n"), replace]
    return await context.choose(f"{path.name} already exists", choices, instant=True) == "replace"


def _export(context: Context, ids: Sequence[str], form: str, path: Path, *, force: bool) -> int:
    from paperdeck.storage.exchange.export import export_file

    def progress(done: int, total: int) -> None:
        if done % _TOLD_EVERY_PAPERS == 0:
            context.say(f"Exporting {done:,} of {total:,} …")

    entries = context.session.papers.entries(ids)
    if form == FEED:
        _write_feed(context, entries, path, force=force)
        return len(entries)
    keys = _citation_keys(context, entries)
    export_file(entries, path, form, force=force, keys=keys, progress=progress)
    return len(entries)


def _write_feed(context: Context, entries: Sequence[Entry], path: Path, *, force: bool) -> None:
    """Write a feed of what the list shows, named like its view.

    Raises:
        PaperdeckError: it was not written.
    """
    from paperdeck.storage.exchange.feed import feed_text
    from paperdeck.storage.files.output import write_output

    results = context.session.results
    text = feed_text(entries, results.view.title, results.whole_query())
    write_output(path, text.encode(errors="replace"), force=force)


async def zotero(context: Context) -> None:
    """Send the papers to Zotero; papers sent before only if the reader confirms."""
    from paperdeck.storage.exchange.zotero import sent_before

    ids = context.targets()
    before = sent_before(context.session.places, ids)
    again = bool(before) and await _wants_again(context, len(ids), len(before))
    wanted = ids if again else [paper_id for paper_id in ids if paper_id not in before]
    if wanted:
        context.in_background(partial(_send_to_zotero, context, wanted), ZOTERO, alone=True)


async def _wants_again(context: Context, papers: int, before: int) -> bool:
    """Ask whether to send papers a second time; with no other papers, “no” sends nothing."""
    rest = "Send nothing" if before == papers else f"Send the other {papers - before}"
    choices = [Choice("rest", rest, "n"), Choice("again", "Send again; Zotero will have it twice", "a")]
    title = "Sent to Zotero before" if papers == 1 else f"{before:,} of {count_of(papers, 'paper')} sent before"
    return await context.choose(title, choices, instant=True) == "again"


async def _send_to_zotero(context: Context, ids: Sequence[str]) -> None:
    context.say(f"Sending {count_of(len(ids), 'paper')} to Zotero …")
    sent = await asyncio.to_thread(_hand_to_zotero, context, ids)
    context.select(())
    context.say(f"{count_of(sent, 'paper')} sent to Zotero, into the collection that is selected there.")


def _hand_to_zotero(context: Context, ids: Sequence[str]) -> int:
    from paperdeck.storage.exchange.zotero import endpoint_from, send_to_zotero

    session = context.session
    entries = session.papers.entries(ids)
    keys = _citation_keys(context, entries)
    return send_to_zotero(entries, keys, session.places, endpoint_from(os.environ), again=True).sent


def _citation_keys(context: Context, entries: Sequence[Entry]) -> dict[str, str]:
    from paperdeck.storage.library.citation_keys import citation_keys

    return citation_keys(context.session.library, [entry.paper for entry in entries])
