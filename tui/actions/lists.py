"""Lists that a key makes: catch up on missed papers, show papers related to one, fold the list into topics."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from paperdeck.storage.taste.catch_up import papers_in
from paperdeck.storage.text.tex import to_unicode
from paperdeck.storage.text.words import count_of, short_title
from paperdeck.tui.model.choice import Choice
from paperdeck.tui.model.lists import BUDGETS, MAX_PAPERS, related_view

from .marks import change_marks

if TYPE_CHECKING:
    from .context import Context

_USUAL_MINUTES = "15"
_NOTHING_YET = "Nothing has been missed yet: these are papers to start with. {refresh} fetches the last few days."


async def catch_up(context: Context) -> None:
    """Ask how many minutes the reader has, and show the best missed papers; if they are already shown, finish.

    Raises:
        StoreError: the index can't be used.
    """
    offer = context.session.catch_up
    if context.session.is_catching_up:
        finish_catching_up(context)
        return
    if context.session.papers.past_shelf:
        context.session.show_newest_day()  # only papers of the library can have been missed
    if not context.session.papers.has_fetched():
        context.say(_NOTHING_YET.format(refresh=context.key_of("refresh")))
        return
    missed = await asyncio.to_thread(offer.missed)
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
    context.session.results.go_to(await asyncio.to_thread(offer.offer, missed, int(answer)), "")
    context.focus("list")
    key = context.key_of("catch-up")
    offered, left = len(offer.offered), len(missed) - len(offer.offered)
    if left:
        others = f"the other {left:,} are" if left > 1 else "the other one is"
        context.say(f"The best {offered}. Once they are read, or you press {key}, {others} marked as read.")


def finish_catching_up(context: Context) -> None:
    """Mark the other missed papers as read, in one deed; offered papers that are unread stay unread."""
    rest = context.session.catch_up.finish()
    if not rest:
        context.say("Caught up: nothing else was missed.")
        return

    def sentence() -> str:
        papers = count_of(len(rest), "other paper")
        return f"Caught up: {papers} marked as read; {context.key_of('undo')} undoes it."

    change_marks(context, rest, partial(context.session.marks.mark, rest, "catch up", read=True), sentence)


async def show_related(context: Context) -> None:
    """Show the papers like the current one, and those by the same people.

    Raises:
        StoreError: the index can't be used.
    """
    session = context.session
    entry = session.entry(context.current())
    if entry is None:
        return
    name = short_title(to_unicode(entry.paper.title))
    view = await asyncio.to_thread(related_view, session.library, entry.paper, name)
    session.results.go_to(view, "")
    context.focus("list")


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
