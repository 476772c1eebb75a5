"""Open the links of the current paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paperdeck.storage.errors import PaperdeckError
from paperdeck.tui.model.choice import Choice

from .star_and_read import set_read

if TYPE_CHECKING:
    from paperdeck.storage.paper import Paper

    from .context import Context

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


async def open_page(context: Context) -> None:
    """Open the paper's page."""
    await open_kind(context, "page")


async def open_pdf(context: Context) -> None:
    """Open the paper's PDF in the browser."""
    await open_kind(context, "pdf")


async def links(context: Context) -> None:
    """Let the reader choose one of the paper's links by its letter, and open it."""
    if entry := context.session.entry(context.current()):
        named = links_of(entry.paper)
        choices = [Choice(link, name, letter, link) for letter, (name, link) in zip(_LETTERS, named, strict=False)]
        if link := await context.choose("Open", choices, instant=True):
            await _open(context, link, entry.paper.id)


async def open_kind(context: Context, kind: str) -> None:
    """Open one of the paper's links by its name."""
    entry = context.session.entry(context.current())
    if entry is None:
        return
    link = dict(links_of(entry.paper)).get(kind)
    if link:
        await _open(context, link, entry.paper.id)
    else:
        context.say(f"This paper has no {kind} link.")


async def open_address(context: Context, address: str) -> None:
    """Open a link of a text; where there is no browser, show it and copy it."""
    try:
        context.open_link(address)
    except PaperdeckError as error:
        await context.copy(address, address, f"{error} ")
    else:
        context.say(f"Opened {address}")


async def _open(context: Context, link: str, paper_id: str) -> None:
    """Open a link; where there is no browser, show it and copy it."""
    try:
        context.open_link(link)
    except PaperdeckError as error:
        await context.copy(link, link, f"{error} ")
        return
    set_read(context, paper_id)
    context.say(f"Opened {link}")


def links_of(paper: Paper) -> list[tuple[str, str]]:
    """All links of a paper by name, each link once."""
    named = [
        ("page", paper.url),
        ("pdf", paper.pdf_url),
        ("code", paper.code_url),
        ("project", paper.project_url),
        ("arXiv", paper.abs_url),
        ("publisher", f"https://doi.org/{paper.doi}" if paper.doi else None),
        *((f"media {number}", link) for number, link in enumerate(paper.media, 1)),
    ]
    once = {link: name for name, link in reversed(named) if link}
    return [(name, link) for link, name in reversed(once.items())]
