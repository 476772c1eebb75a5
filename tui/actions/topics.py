"""Fold the list into topics, open one of them, and unfold it again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from paperdeck.storage.text.words import count_of
from paperdeck.tui.model.lists import MAX_PAPERS

if TYPE_CHECKING:
    from .context import Context


async def fold(context: Context) -> None:
    """Fold the list into topics; from the topics unfold it, and from one topic return to all.

    Raises:
        StoreError: the index can't be used.
    """
    session, topics, results = context.session, context.session.topics, context.session.results
    view, text = results.view, results.text
    if not (view.folds or view.is_topic):
        ids = await session.listed()
        if not ids:
            return
        if len(ids) > MAX_PAPERS:
            context.say(f"A list of {count_of(len(ids), 'paper')} is too long for topics; {MAX_PAPERS} can be folded.")
            return
        folded = await asyncio.to_thread(topics.fold, view, list(ids), text)
        if len(folded.folds) < 2:
            key = context.key_of("fetch-history")
            context.say(f"These papers fall into no topics; {key} fetches more papers to compare them with.")
            return
        keys = f"enter opens a topic, {context.key_of('fold')} unfolds them; marking a topic marks all its papers."
        context.say(f"{count_of(len(folded.folds), 'topic')}: {keys}")
        context.select(())
        results.go_to(folded, "")  # the filter is in it; going back brings it back
    else:
        results.go_back()
    context.focus("list")


def open_topic(context: Context, lead: str) -> None:
    """Show the papers of a topic, given its first paper."""
    if view := context.session.topics.opened(lead):
        context.session.show(view)
        context.say(f"{context.key_of('fold')} goes back to the topics.")
