"""Waiting in tests until an app has answered what it was sent."""

from __future__ import annotations

import asyncio
from time import monotonic, process_time
from typing import Any

from textual._context import active_app
from textual.app import App
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.screen import Screen

_LOOK_SECONDS = 1 / 500
_BUSY_SECONDS = 1 / 1000
_MOST_SECONDS = 30.0
_MOST_PAINTINGS = 200
"""How often a screen may be laid out or painted anew in one wait; one whose scrollbar comes and goes never settles."""


async def until_idle(min_sleep: float = 0, max_sleep: float = 1) -> None:
    """Wait until every widget waits for messages and the process has little to do; replaces Textual's own function.

    Args:
        min_sleep: Not used; Textual passes it.
        max_sleep: Seconds after which to stop waiting.
    """
    end = monotonic() + max_sleep
    while monotonic() < end:
        await _until_answered(end)
        before = process_time()
        await asyncio.sleep(_LOOK_SECONDS)
        if process_time() - before < _BUSY_SECONDS:
            return


async def until_answered(pilot: Pilot[object]) -> bool:
    """Wait until every widget waits for messages; replaces the pilot's own way, which sends one to each to find out.

    Args:
        pilot: Whose app is waited for.

    Returns:
        Whether the app is still running, as the pilot's own returns.
    """
    await _until_answered(monotonic() + _MOST_SECONDS)
    return pilot.app._exception is None


async def _until_answered(end: float) -> None:
    """Wait until the event loop has nothing to do at once, and no widget a message to answer."""
    app = active_app.get(None)
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]  # what the loop does next
    paintings = 0
    while monotonic() < end:
        await asyncio.sleep(0)
        if ready:
            continue
        if app is not None and _is_busy(app):
            await asyncio.sleep(_LOOK_SECONDS)
        elif app is not None and _is_to_be_painted(app.screen):
            paintings += 1
            assert paintings <= _MOST_PAINTINGS, f"{app.screen} is laid out again and again"
            app.screen._on_timer_update()  # now, not within a sixtieth of a second; the pilot does the same
        else:
            return


def _is_busy(app: App[object]) -> bool:
    return not _waits(app) or any(
        not _waits(pump) for screen in app.screen_stack for pump in screen.walk_children(with_self=True)
    )


def _is_to_be_painted(screen: Screen[Any]) -> bool:
    """Whether the screen is laid out or painted in a moment, after which it calls back whoever asked for that."""
    return bool(screen._layout_required or screen._scroll_required or screen._callbacks)


def _waits(pump: MessagePump) -> bool:
    """Whether a widget waits for its next message, or will have none."""
    queue = pump._message_queue
    return not pump.is_running or (queue.empty() and bool(queue.ready_event._waiters))  # type: ignore[attr-defined]
