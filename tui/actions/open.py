"""Open the links of the current paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paperdeck.storage.errors import PaperdeckError
from paperdeck.storage.facts import links_of
from paperdeck.tui.model.choice import Choice

from .download import pdf_of
from .star_and_read import set_read

if TYPE_CHECKING:
    from paperdeck.storage.facts import Link
    from paperdeck.storage.paper import Paper

    from .context import Context

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


async def open_page(context: Context) -> None:
    """Open the paper's page."""
    await open_kind(context, "page")


async def open_pdf(context: Context) -> None:
    """Open the paper's PDF in the browser, or in the program of the settings."""
    await open_kind(context, "pdf")


async def links(context: Context) -> None:
    """Let the reader choose one of the paper's links by its letter, and open it."""
    if entry := context.session.entry(context.current()):
        named = list(zip(_LETTERS, links_of(entry.paper), strict=False))
        choices = [Choice(link.url, link.name, letter, link.url) for letter, link in named]
        if chosen := await context.choose("Open", choices, instant=True):
            await _open(context, next(link for _, link in named if link.url == chosen), entry.paper)


async def open_kind(context: Context, kind: str) -> None:
    """Open one of the paper's links by its name."""
    entry = context.session.entry(context.current())
    if entry is None:
        return
    link = next((link for link in links_of(entry.paper) if link.name == kind), None)
    if link:
        await _open(context, link, entry.paper)
    else:
        context.say(f"This paper has no {kind} link.")


async def open_address(context: Context, address: str) -> None:
    """Open a link of a text; where there is no browser, show it and copy it."""
    try:
        await context.open_link(address)
    except PaperdeckError as error:
        await context.copy(address, address, f"{error} ")
    else:
        context.say(f"Opened {address}")


async def _open(context: Context, link: Link, paper: Paper) -> None:
    """Open a link; where there is no browser, show it and copy it."""
    settings, is_pdf = context.session.settings.open, link.name == "pdf"
    try:
        if is_pdf and settings.pdf and not settings.pdf_takes_link:
            file = await pdf_of(context, paper)
            await context.open_file(file)
            said = f"Opened {file.name}"
        else:
            await context.open_link(link.url, as_pdf=is_pdf and bool(settings.pdf))
            said = f"Opened {link.url}"
    except PaperdeckError as error:
        await context.copy(link.url, link.url, f"{error} ")
        return
    set_read(context, paper.id)
    context.say(said)
