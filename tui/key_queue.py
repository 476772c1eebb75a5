"""Type-ahead: a key waits until the previous one is handled, so that it reaches the widget which that key opened.

Textual gives a key to the widget that has the focus when the key is read. Typed fast, `/star` would open the filter
box, and then run the actions of `s`, `t`, `a` and `r` on the paper. Here a key waits until a widget has handled the
previous one, or it has bubbled up to the app, and until what it opened is there: a dialog, or another list. Pasted text
is cleaned here too.
"""

from __future__ import annotations

import re
from collections import deque
from time import monotonic
from typing import TYPE_CHECKING

from textual import events
from textual.screen import ModalScreen

from paperdeck.storage.text.clean import clean_text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from textual.app import App
    from textual.message_pump import MessagePump

_LONGEST_WAIT_SECONDS = 0.3
"""Time after which the next key is delivered if the receiver of the last one is gone, or a dialog takes no focus."""
_LONGEST_ANSWER_SECONDS = 2.0
"""Time after which it is delivered anyway; a busy machine, or the first action after the start, may take a second."""
_LOOK_SECONDS = 0.01
"""Interval between checks whether a dialog has the focus."""

_SAME_AS = {
    "shift+backspace": "backspace",
    "ctrl+backspace": "ctrl+w",
    "alt+backspace": "ctrl+w",
    "shift+delete": "delete",
    "ctrl+delete": "ctrl+f",
}
"""Keys of terminals with the Kitty protocol, and the equivalent keys that Textual's inputs bind.

See https://sw.kovidgoyal.net/kitty/keyboard-protocol/ for how they differ from the keys that every terminal sends."""
_LINE_END = re.compile(r"[ \t]*\n\s*")


class Keystrokes:
    """Delivers an app's keys one by one."""

    def __init__(
        self, app: App[None], give: Callable[[events.Key], Awaitable[None]], is_busy: Callable[[], bool]
    ) -> None:
        """The queue is empty.

        Args:
            app: The app.
            give: Delivers a key to the focused widget.
            is_busy: Whether the last key may still change what the next one acts on.
        """
        self._app, self._give, self._is_busy = app, give, is_busy
        self._waiting: deque[events.Key] = deque()
        self._given_at: float | None = None  # on the monotonic clock; None: no key is being handled

    async def take(self, key: events.Key) -> None:
        """Deliver a key, at once or after the waiting ones, under the name that inputs bind."""
        if name := _SAME_AS.get(key.key):
            key = events.Key(name, None)
        if self._given_at is not None:
            self._waiting.append(key)
            return
        self._given_at = given_at = monotonic()
        way = (self._app.screen.focused or self._app.screen).ancestors_with_self  # each that the key may bubble past
        await self._give(key)
        _after(way, lambda: _after(way, lambda: self._answered(given_at)))
        self._app.set_timer(_LONGEST_WAIT_SECONDS, lambda: self._not_answered(given_at, way))

    async def _not_answered(self, given_at: float, way: Sequence[MessagePump]) -> None:
        """Keep waiting as long as those who have the key can still handle it."""
        if given_at != self._given_at:
            return
        if all(pump.is_running for pump in way) and monotonic() - given_at < _LONGEST_ANSWER_SECONDS:
            self._app.set_timer(_LOOK_SECONDS, lambda: self._not_answered(given_at, way))
        else:
            await self._answered(given_at)

    async def _answered(self, given_at: float, started_at: float | None = None) -> None:
        """The key delivered at that time has been handled: deliver the next one.

        Args:
            given_at: When the key was delivered.
            started_at: When the app was last seen busy with it; None: it was over at once.
        """
        if given_at != self._given_at:
            return
        now = monotonic()
        if self._is_busy() and now - given_at < _LONGEST_ANSWER_SECONDS:
            self._app.set_timer(_LOOK_SECONDS, lambda: self._answered(given_at, now))
            return
        opening_seconds = now - (started_at or given_at)
        if self._waiting and _is_opening(self._app) and opening_seconds < _LONGEST_WAIT_SECONDS:
            self._app.set_timer(_LOOK_SECONDS, lambda: self._answered(given_at, started_at))
            return
        self._given_at = None
        if self._waiting:
            await self.take(self._waiting.popleft())


def _after(way: Iterable[MessagePump], call: Callable[[], object]) -> object:
    """Call back after each message queue on the way has processed the key, or the message that it caused."""
    first, *others = way

    def go_on() -> object:
        return _after(others, call) if others else call()

    if not first.call_later(go_on) and others:  # the key closed it, and its queue with it
        go_on()
    return None


def _is_opening(app: App[None]) -> bool:
    """Whether a dialog was opened that doesn't have the focus yet."""
    return isinstance(app.screen, ModalScreen) and app.screen.focused is None


def pasted(text: str, *, in_one_line: bool) -> str:
    """Clean a pasted text, and join its lines, such as those of a title in a PDF, if it has to fit into one."""
    text = clean_text(text)
    return _LINE_END.sub(" ", re.sub(r"(?<=\w)-[ \t]*\n\s*(?=\w)", "-", text)) if in_one_line else text
