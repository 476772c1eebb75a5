"""Send the selection or the current paper to Zotero."""

from __future__ import annotations

import asyncio
import os
from functools import partial
from typing import TYPE_CHECKING

from paperdeck.storage.text.words import count_of
from paperdeck.tui.model.choice import Choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .context import Context

KIND = "zotero"
"""The kind of work for Zotero."""


async def send(context: Context) -> None:
    """Send the papers to Zotero; papers sent before only if the reader confirms."""
    from paperdeck.storage.exchange.zotero import sent_before

    ids = context.targets()
    before = sent_before(context.session.places, ids)
    again = bool(before) and await _wants_again(context, len(ids), len(before))
    wanted = ids if again else [paper_id for paper_id in ids if paper_id not in before]
    if wanted:
        context.in_background(partial(_send, context, wanted), KIND, alone=True)


async def _wants_again(context: Context, papers: int, before: int) -> bool:
    """Ask whether to send papers a second time; with no other papers, “no” sends nothing."""
    rest = "Send nothing" if before == papers else f"Send the other {papers - before}"
    choices = [Choice("rest", rest, "n"), Choice("again", "Send again; Zotero will have it twice", "a")]
    title = "Sent to Zotero before" if papers == 1 else f"{before:,} of {count_of(papers, 'paper')} sent before"
    return await context.choose(title, choices, instant=True) == "again"


async def _send(context: Context, ids: Sequence[str]) -> None:
    context.say(f"Sending {count_of(len(ids), 'paper')} to Zotero …")
    sent = await asyncio.to_thread(_hand_over, context, ids)
    context.select(())
    context.say(f"{count_of(sent, 'paper')} sent to Zotero, into the collection that is selected there.")


def _hand_over(context: Context, ids: Sequence[str]) -> int:
    from paperdeck.storage.exchange.zotero import endpoint_from, send_to_zotero
    from paperdeck.storage.library.citation_keys import citation_keys

    session = context.session
    entries = session.papers.entries(ids)
    keys = citation_keys(session.library, [entry.paper for entry in entries])
    return send_to_zotero(entries, keys, session.places, endpoint_from(os.environ), again=True).sent
