"""Open the links of the current paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paperdeck.storage.errors import PaperdeckError
from paperdeck.storage.facts import links_of
from paperdeck.tui.model.choice import Choice

from .star_and_read import set_read

if TYPE_CHECKING:
    from .context import Context

LETTERS = {"page": "p", "pdf": "f", "code": "c", "project": "g", "arXiv": "x", "publisher": "d"}
"""The letter of each kind of link, the same for every paper, so that it can be learnt; media have their number."""


async def open_page(context: Context) -> None:
    """Open the paper's page."""
    await open_kind(context, "page")


async def open_pdf(context: Context) -> None:
    """Open the paper's PDF in the browser."""
    await open_kind(context, "pdf")


async def links(context: Context) -> None:
    """Let the reader choose one of the paper's links by its letter, and open it."""
    if entry := context.session.entry(context.current()):
        choices = [Choice(link.url, link.name, _letter(link.name), link.url) for link in links_of(entry.paper)]
        if link := await context.choose("Open", choices, instant=True):
            await _open(context, link, entry.paper.id)


def _letter(name: str) -> str:
    """The letter of a link; none for the tenth medium and those behind it."""
    number = name.removeprefix("media ")
    return LETTERS.get(name, number if len(number) == 1 else "")


async def open_kind(context: Context, kind: str) -> None:
    """Open one of the paper's links by its name."""
    entry = context.session.entry(context.current())
    if entry is None:
        return
    link = next((link.url for link in links_of(entry.paper) if link.name == kind), None)
    if link:
        await _open(context, link, entry.paper.id)
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


async def _open(context: Context, link: str, paper_id: str) -> None:
    """Open a link; where there is no browser, show it and copy it."""
    try:
        await context.open_link(link)
    except PaperdeckError as error:
        await context.copy(link, link, f"{error} ")
        return
    set_read(context, paper_id)
    context.say(f"Opened {link}")
