"""Read the full text of the current paper, or its discussion on the Hub."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from paperdeck.storage.errors import NoArxivId, NotFound

from .marks import set_read

if TYPE_CHECKING:
    from paperdeck.storage.fetch.hub.parser import Comment, Details
    from paperdeck.storage.paper import Paper

    from .context import Context

TEXT, DISCUSSION = "reading", "discussion"
"""The kinds of work for a text and for a discussion."""


def full_text(context: Context) -> None:
    """Open the full text, fetched first if it isn't stored."""
    if entry := context.session.entry(context.current()):
        context.in_background(partial(_read, context, entry.paper), TEXT, alone=True, awaits="the text")


async def _read(context: Context, paper: Paper) -> None:
    text = await _text_of(context, paper)
    shown = await context.show_full_text(paper, text)
    if shown:
        set_read(context, paper.id)


async def _text_of(context: Context, paper: Paper) -> str:
    from paperdeck.storage.fetch.full_text import stored_text, text_folder

    stored = await asyncio.to_thread(stored_text, text_folder(context.session.places), paper.id)
    if stored:
        return stored
    return await (await context.fetcher()).full_text(paper.id, awaited=True)


def discussion(context: Context) -> None:
    """Fetch comments, models, data sets and Spaces from the Hub, and show them."""
    if entry := context.session.entry(context.current()):
        context.in_background(partial(_discuss, context, entry.paper), DISCUSSION, alone=True, awaits="the discussion")


async def _discuss(context: Context, paper: Paper) -> None:
    details, comments = await _ask_about(context, paper)
    await context.session.index_and_show([paper.id])
    await context.show_discussion(paper, details, comments)


async def _ask_about(context: Context, paper: Paper) -> tuple[Details, list[Comment]]:
    fetcher = await context.fetcher()
    try:
        details, comments = await asyncio.gather(fetcher.paper(paper.id), fetcher.comments(paper.id))
    except NoArxivId:
        raise
    except NotFound as error:
        raise NotFound("the Hub doesn't have this paper", task="fetch the discussion") from error
    return details, comments
