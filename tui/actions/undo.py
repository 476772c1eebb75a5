"""Undo and redo."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from paperdeck.tui.look.cells import count_of

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Step

    from .context import Context


async def undo(context: Context) -> None:
    """Undo the last deed and say which it was."""
    await _step(context, context.session.deeds.undo, "Undid", "Nothing to undo.")


async def redo(context: Context) -> None:
    """Redo the deed that was undone last, and say which it was."""
    await _step(context, context.session.deeds.redo, "Redid", "Nothing to redo.")


async def _step(context: Context, step_once: Callable[[], Step | None], did: str, nothing: str) -> None:
    async with context.session.deeds.in_order:
        step = await asyncio.to_thread(step_once)  # it may be about thousands of papers
    if step is None:
        context.say(nothing)
        return
    row = context.session.papers.row(step.ids[0]) if len(step.ids) == 1 else None
    context.say(f"{did}: {step.label} · {row.title if row else count_of(len(step.ids), 'paper')}")
