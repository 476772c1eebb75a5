"""Go to another day."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING

from paperdeck.storage.text.words import count_of, whole_day
from paperdeck.tui.model.choice import Choice

if TYPE_CHECKING:
    from .context import Context


async def before(context: Context) -> None:
    await _step(context, -1, f"No earlier day is in the library; {context.key_of('fetch-history')} fetches more.")


async def after(context: Context) -> None:
    await _step(context, 1, "This is the newest day.")


async def _step(context: Context, step: int, if_none: str) -> None:
    day = await asyncio.to_thread(context.session.days.neighbour, step)
    if day is None:
        context.say(if_none)
    else:
        _show(context, day)


async def pick(context: Context) -> None:
    """Let the reader choose a day; for a typed one without papers, say why there are none."""
    days = await asyncio.to_thread(context.session.days.with_counts)
    choices = [
        Choice(iso, f"{day:%a} {day.day:>2} {day:%b %Y}", more=count_of(number, "paper"), synonyms=iso)
        for iso, day, number in ((day.isoformat(), day, number) for day, number in days)
    ]
    chosen = await context.choose("Go to a day", choices, hint="a date, such as 2026-11", free=_typed_day)
    if chosen:
        go_to_day(context, date.fromisoformat(chosen.strip()))


def _typed_day(typed: str) -> str:
    """The effect of a typed date, in words; empty if it isn't a date."""
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        return ""
    return f"Go to {whole_day(day)}"


def go_to_day(context: Context, day: date) -> None:
    """Show the papers of a day that was typed, or clicked in the coverage strip, or say why there are none."""
    record = context.session.days.record("hf", day)
    if record and record.ids:
        _show(context, day)
        return
    if day > context.session.days.today:
        context.say(f"{whole_day(day)} is still to come.")
    elif record and record.state == "empty":
        context.say(f"Nothing was listed on {whole_day(day)}.")
    else:
        key = context.key_of("fetch-history")
        context.say(f"Nothing has been fetched yet for {whole_day(day)}; {key} fetches older days.")


def _show(context: Context, day: date) -> None:
    session = context.session
    session.days.go_to(day)
    shown = session.days.shown
    session.show(session.views.other_day(shown) if shown else session.views.day())
    context.focus("list")
