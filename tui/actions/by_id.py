"""Open a paper by its arXiv id, whether or not the library has it."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from paperdeck.storage.errors import NotFound
from paperdeck.storage.identifiers import Reference

from .views import show_query

if TYPE_CHECKING:
    from .context import Context

KIND = "search"
"""What waits for an answer of the sources, for stopping it."""


def open_paper(context: Context, paper_id: str) -> None:
    """Show one paper, after it was fetched if the library does not have it."""
    if context.session.entry(paper_id):
        show_query(context, paper_id)
    else:
        work = partial(_bring, context, paper_id)
        context.in_background(work, KIND, alone=True, awaits=paper_id, again="{filter} {read}")


async def _bring(context: Context, paper_id: str) -> None:
    """Fetch a paper and show it.

    Raises:
        SourceError: no source has it, or none could be asked.
    """
    brought = await (await context.fetcher()).add([Reference(paper_id)])
    if paper_id in brought.missing:
        raise (
            brought.errors[0]
            if brought.errors
            else NotFound("neither arXiv nor the Hub has it", deed=f"open {paper_id}")
        )
    session = context.session
    await asyncio.to_thread(session.take_in, [paper_id])
    session.arrived([paper_id])
    context.clear()
    show_query(context, paper_id)
