"""Star, read, hide: marks that are set with one key, on the selection or the current paper."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from time import time
from typing import TYPE_CHECKING

from paperdeck.storage.library.library import RESTED
from paperdeck.storage.text.times import stamp, utc
from paperdeck.storage.text.words import count_of

if TYPE_CHECKING:
    from .context import Context

MESSAGES = {
    "star": "Starred {}",
    "unstar": "Removed the star from {}",
    "mark read": "Marked {} as read",
    "mark unread": "Marked {} as unread",
    "hide": "Hid {}",
    "unhide": "Showed {} again",
}
"""Messages about several papers, by the label of the deed."""
MANY_PAPERS = 300
"""Minimum number of papers whose marks are changed in a thread, as that takes longer than a frame."""


def star(context: Context) -> None:
    """Star the papers, or remove the star if all have it."""
    messages = {True: "Starred.", False: "Star removed."}
    _toggle(context, "starred", ("star", "unstar"), messages if not context.on_main_screen else {})


def mark_read(context: Context) -> None:
    """Mark the papers read, or unread if all are read."""
    messages = {True: "Marked as read.", False: "Marked as unread."}
    _toggle(context, "read", ("mark read", "mark unread"), messages if not context.on_main_screen else {})


async def mark_list_read(context: Context) -> None:
    """Mark the unread papers of the displayed list read, as one deed."""
    session = context.session
    results = session.results
    async with session.deeds.in_order:
        papers = await asyncio.to_thread(session.finder.papers_of, results.wanted, await session.listed())
        unread = await asyncio.to_thread(session.finder.unread_among, papers)
        unread = [paper_id for paper_id in unread if not session.marks.of(paper_id).read]  # the index may be behind
        if not unread:
            context.say("Nothing in this list is unread.")
            return
        what = f"{count_of(len(unread), 'paper')} in “{results.view.title}”"
        offered = session.catch_up.offered
        if session.is_catching_up and set(papers).issuperset(offered) and (rest := session.catch_up.finish()):
            unread, what = unread + rest, f"{what} and the other {len(rest):,}"
        await asyncio.to_thread(session.marks.mark, unread, "mark read", subject=what, read=True)
    context.say(f"Marked {what} as read; {context.key_of('undo')} undoes it.")


def hide(context: Context) -> None:
    """Hide the papers, or show them again if all are hidden."""
    keys = f"{context.key_of('hide')} or {context.key_of('undo')}"
    hidden = f"Hidden, and in the view Hidden from now on; {keys} shows it again."
    _toggle(context, "hidden", ("hide", "unhide"), {True: hidden, False: "No longer hidden."})


def see_news(context: Context) -> None:
    ids = context.session.star_watch.with_news(context.targets())
    if not ids:
        context.say("Nothing to mark: the paper isn't starred, or has no unseen news.")
        return

    def sentence() -> str:
        papers = "this paper" if len(ids) == 1 else count_of(len(ids), "paper")
        return f"Marked the news of {papers} as seen; {context.key_of('undo')} brings it back."

    see = partial(context.session.marks.mark, ids, "see news", seen=stamp(utc(time())))
    change_marks(context, ids, see, sentence)
    context.select(())


def set_read(context: Context, paper_id: str) -> None:
    """Mark a paper read, unless it is already."""
    if not context.session.marks.of(paper_id).read:
        context.session.marks.mark([paper_id], "read", read=True)


def rested(context: Context, paper_id: str) -> None:
    """Mark a paper read because the cursor rested on it."""
    context.session.marks.mark([paper_id], RESTED, read=True)


def _toggle(context: Context, field: str, labels: tuple[str, str], messages: dict[bool, str]) -> None:
    ids = context.targets()
    if not ids:
        return
    marks = context.session.marks
    marked = sum(bool(getattr(marks.of(paper_id), field)) for paper_id in ids)

    def sentence() -> str:
        on = bool(getattr(marks.of(ids[0]), field))
        if len(ids) == 1:
            return messages.get(on, "")
        changed = len(ids) - marked if on else marked
        return f"{MESSAGES[labels[not on]].format(count_of(changed, 'paper'))}; {context.key_of('undo')} undoes it."

    change_marks(context, ids, partial(marks.toggle, ids, field, labels), sentence)
    context.select(())


def change_marks(
    context: Context, ids: Sequence[str], change: Callable[[], object], sentence: Callable[[], str]
) -> None:
    """Change marks and report it. For a few papers, the change is on disk when this returns.

    Args:
        context: The context.
        ids: The papers.
        change: Changes their marks.
        sentence: Makes the message afterwards; empty for none.

    Raises:
        PaperdeckError: nothing was changed.
    """
    if len(ids) > MANY_PAPERS:
        context.in_background(partial(_change_many, context, change, sentence), "marking")
        return
    change()
    if message := sentence():
        context.say(message)


async def _change_many(context: Context, change: Callable[[], object], sentence: Callable[[], str]) -> None:
    async with context.session.deeds.in_order:
        await asyncio.to_thread(change)
        context.say(sentence())
