"""Download the PDF of the current paper, show the progress, and open the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from paperdeck.storage.errors import ActionFailed, InvalidInput
from paperdeck.storage.files.disk import is_file
from paperdeck.storage.identifiers import file_stem
from paperdeck.storage.settings.places import short_path
from paperdeck.storage.text.clean import clean_line
from paperdeck.storage.text.tex import to_unicode

if TYPE_CHECKING:
    from paperdeck.storage.paper import Paper
    from paperdeck.tui.look.text import Symbols

    from .context import Context

KIND = "pdf"
"""The kind of work for downloads."""
_UNSAFE = re.compile(r'[<>:"/\\|?*]+')
_LONGEST_NAME_BYTES = 150
_BAR_CELLS = 10

Amount = tuple[int, int | None]
"""Bytes received, and the total (None if unknown)."""


def download_pdf(context: Context) -> None:
    entry = context.session.entry(context.current())
    if entry is None:
        return
    if context.selected() and context.targets() != [entry.paper.id]:
        key = context.key_of("download-pdf")
        context.say(f"{key} takes one paper: end the selection with {context.key_of('back')}, then press {key} on it.")
    elif entry.paper.id in context.session.downloads:
        context.say(f"This PDF is already being downloaded; {context.key_of('stop-fetching')} stops it.")
    else:
        context.session.downloads[entry.paper.id] = 0, None
        context.in_background(partial(_download, context, entry.paper), KIND)


async def pdf_of(context: Context, paper: Paper) -> Path:
    """The local PDF of a paper, downloaded first if missing.

    Raises:
        PaperdeckError: it can't be downloaded.
    """
    file = download_folder(context.session.settings.files.downloads) / f"{pdf_name(paper)}.pdf"
    return file if is_file(file) else await _fetched(context, paper)


async def _fetched(context: Context, paper: Paper, report: Callable[[int, int | None], None] | None = None) -> Path:
    context.say(f"Downloading the PDF; {context.key_of('stop-fetching')} stops: {clean_line(to_unicode(paper.title))}")
    folder = download_folder(context.session.settings.files.downloads)
    return await (await context.fetcher()).pdf(paper.id, folder, report, name=pdf_name(paper))


async def _download(context: Context, paper: Paper) -> None:
    downloads = context.session.downloads

    def note(done: int, total: int | None) -> None:
        downloads[paper.id] = done, total
        _show(context)

    try:
        note(0, None)
        await _open(context, await _fetched(context, paper, note))
    finally:
        del downloads[paper.id]
        _show(context)


def _show(context: Context) -> None:
    words = downloads_in_words(list(context.session.downloads.values()), context.symbols)
    context.session.status.set(downloads=words)


async def _open(context: Context, file: Path) -> None:
    try:
        await context.open_file(file)
    except ActionFailed as error:
        context.say(f"Saved in {short_path(file.parent)}: {file.name} · {error}")
    else:
        context.say(f"Opened from {short_path(file.parent)}: {file.name}")


def download_folder(setting: str) -> Path:
    """The folder for PDFs.

    Raises:
        InvalidInput: the setting names a home that does not exist.
    """
    try:
        return Path(setting).expanduser()
    except RuntimeError as error:
        raise InvalidInput(f"The folder “{setting}” (files.downloads in the settings) can't be found.") from error


def pdf_name(paper: Paper) -> str:
    """A file name for the paper, allowed on every system: `2611.00012 Attention for the Impatient`."""
    title = " ".join(_UNSAFE.sub(" ", clean_line(to_unicode(paper.title))).split())
    name = f"{file_stem(paper.id)} {title}".encode()[:_LONGEST_NAME_BYTES].decode(errors="ignore")
    return name.strip(" .")


def downloads_in_words(downloads: Collection[Amount], symbols: Symbols) -> str:
    """The combined progress of downloads: megabytes, and a bar if the size is known; empty if there are none."""
    if not downloads:
        return ""
    name = "PDF" if len(downloads) == 1 else f"{len(downloads)} PDFs"
    done = sum(amount for amount, _ in downloads)
    totals = [total for _, total in downloads if total]
    if len(totals) < len(downloads):
        return f"{name}: {done / 1e6:.1f} MB" if done else f"{name} asked for"
    filled = min(_BAR_CELLS, round(_BAR_CELLS * done / sum(totals)))
    bar = symbols.complete * filled + symbols.dot * (_BAR_CELLS - filled)
    return f"{name}: {done / 1e6:.1f} of {sum(totals) / 1e6:.1f} MB  {bar}"
