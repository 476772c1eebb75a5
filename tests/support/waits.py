"""Waiting in tests until an app has answered what it was sent."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from time import monotonic, process_time

from textual._context import active_app
from textual.app import App

ROUNDS = (1, 12)
"""How often everything must at least, and may at most, have come to the end of its queue.

A key is a message to the app, to the screen and to a widget, and what that says goes to its parents."""
_LOOK_SECONDS = 1 / 500
_BUSY_SECONDS = 1 / 1000


async def until_answered(min_sleep: float = 0, max_sleep: float = 1) -> None:
    """Wait until every widget has answered what was sent, and the process has little to do; in place of Textual's own.

    Args:
        min_sleep: Not used; Textual gives it.
        max_sleep: Seconds after which it is enough.
    """
    end = monotonic() + max_sleep
    app = active_app.get(None)
    least, most = ROUNDS
    for number in range(most if app is not None else 0):
        assert app is not None
        waited = await _queues_passed(app, end - monotonic())
        if not waited and number >= least:
            break
    while monotonic() < end:
        before = process_time()
        await asyncio.sleep(_LOOK_SECONDS)
        if process_time() - before < _BUSY_SECONDS:
            return


async def _queues_passed(app: App[object], seconds: float) -> int:
    """Wait until the app and all widgets have come to what stands last in their queues now; how much stood there."""
    passed = asyncio.Event()
    left = 0

    def pass_one() -> None:
        nonlocal left
        left -= 1
        if not left:
            passed.set()

    *below, top = app.screen_stack
    pumps = [app, *top.walk_children(with_self=True)]
    pumps += [pump for screen in below for pump in screen.walk_children(with_self=True) if pump.message_queue_size]
    waiting = sum(pump.message_queue_size for pump in pumps)
    left = sum(pump.call_later(pass_one) for pump in pumps)
    if left:
        with suppress(TimeoutError):
            await asyncio.wait_for(passed.wait(), max(0.0, seconds))
    return waiting
