"""Catch up on missed papers in a given number of minutes."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from paperdeck.storage.taste.catch_up import papers_in
from paperdeck.storage.text.words import count_of
from paperdeck.tui.model.choice import Choice
from paperdeck.tui.model.lists import BUDGETS

from .star_and_read import change_marks

if TYPE_CHECKING:
    from .context import Context

_USUAL_MINUTES = "15"
_NOTHING_YET = "Nothing has been missed yet: these are papers to start with. {refresh} fetches the last few days."


async def begin(context: Context) -> None:
    """Ask how many minutes the reader has, and show the best missed papers; if they are already shown, finish.

    Raises:
        StoreError: the index can't be used.
    """
    catch_up = context.session.catch_up
    if context.session.is_catching_up:
        finish(context)
        return
    if context.session.papers.past_shelf:
        context.session.show_newest_day()  # only papers of the library can have been missed
    if not context.session.papers.has_fetched():
        context.say(_NOTHING_YET.format(refresh=context.key_of("refresh")))
        return
    missed = await asyncio.to_thread(catch_up.missed)
    if not missed:
        context.say("Nothing was missed: everything from the last two weeks is read.")
        return
    choices = [
        Choice(str(minutes), f"{minutes} minutes", more=count_of(min(papers_in(minutes), len(missed)), "paper"))
        for minutes in BUDGETS
    ]
    title = f"{len(missed):,} unread: how long do you have?"
    hint = "enter shows the best of them"
    answer = await context.choose(title, choices, hint=hint, first=_USUAL_MINUTES)
    if not answer:
        return
    context.session.show(await asyncio.to_thread(catch_up.offer, missed, int(answer)))
    context.focus("list")
    key = context.key_of("catch-up")
    offered, left = len(catch_up.offered), len(missed) - len(catch_up.offered)
    if left:
        others = f"the other {left:,} are" if left > 1 else "the other one is"
        context.say(f"The best {offered}. Once they are read, or you press {key}, {others} marked as read.")


def finish(context: Context) -> None:
    """Mark the other missed papers as read, in one deed; offered papers that are unread stay unread."""
    rest = context.session.catch_up.finish()
    if not rest:
        context.say("Caught up: nothing else was missed.")
        return

    def sentence() -> str:
        papers = count_of(len(rest), "other paper")
        return f"Caught up: {papers} marked as read; {context.key_of('undo')} undoes it."

    change_marks(context, rest, partial(context.session.marks.mark, rest, "catch up", read=True), sentence)
