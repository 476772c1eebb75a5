"""Undo and redo."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from paperdeck.storage.text.times import local
from paperdeck.storage.text.words import day_and_month
from paperdeck.tui.model.changed import Changed

from .views import close

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Deed

    from .context import Context

_JUST_NOW = timedelta(minutes=5)


async def undo(context: Context) -> None:
    """Undo this session's last deed and name it; any other deed on this device only after saying whose it is.

    A search or a digest that was just closed is opened again.
    """
    session, deeds = context.session, context.session.deeds
    if view := session.views.reopen():
        session.show(view)
        session.publisher.publish(Changed(counts=True))
        context.say(f"Opened “{view.title}” again.")
        return
    async with deeds.in_order:
        offered = deeds.offered
        deed = await asyncio.to_thread(deeds.undo_offered if offered else deeds.undo)
        other = None if deed or offered else await asyncio.to_thread(deeds.offer_others)
    if deed:
        context.say(f"Undid: {in_words(deed)}")
    elif other:
        key = context.key_of("undo")
        context.say(f"{_whose(other, deeds.began)}: {in_words(other)}; {key} again undoes that.")
    else:
        context.say("Nothing to undo.")


async def redo(context: Context) -> None:
    """Redo the deed that was undone last; a search or a digest that was opened again by undoing is closed again."""
    views, deeds = context.session.views, context.session.deeds
    if views.reopened and (view := views.by_key(views.reopened)):
        close(context, view)
        return
    async with deeds.in_order:
        deed = await asyncio.to_thread(deeds.redo)
    context.say(f"Redid: {in_words(deed)}" if deed else "Nothing to redo.")


def in_words(deed: Deed) -> str:
    """The deed, its subject, and its time if it isn't recent."""
    return f"{deed.title}{_when(deed.made_at)}"


def _whose(deed: Deed, began: datetime) -> str:
    """Who made a deed that isn't of this session, and whether before it or during it."""
    from paperdeck.storage.library.journal.history import READER

    is_own = deed.program == READER
    who = "you" if is_own else f"“{deed.program}”" if deed.program.startswith("paperdeck ") else deed.program
    when = "Before this session" if deed.made_at < began else "In another window" if is_own else "Meanwhile"
    return f"{when} {who} did"


def _when(made_at: datetime) -> str:
    now = datetime.now(UTC)
    if now - made_at < _JUST_NOW:
        return ""
    here = local(made_at)
    day = "" if here.date() == local(now).date() else f"{day_and_month(here)} "
    return f" ({day}{here:%H:%M})"
