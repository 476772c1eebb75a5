"""Shows messages and failures: on the bottom line, or as a notification if that is hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from paperdeck.storage.errors import PaperdeckError, SourceError
from paperdeck.tui.keys import with_keys
from paperdeck.tui.panes.footline import MIN_MESSAGE_SECONDS

if TYPE_CHECKING:
    from textual.app import App

    from paperdeck.tui.look.text import Symbols
    from paperdeck.tui.model.changed import Publisher
    from paperdeck.tui.panes.footline import Footline
    from paperdeck.tui.panes.main_screen import MainScreen

running: ContextVar[str] = ContextVar("the keys of the action that runs, as `{star}`", default="")
"""Work started by an action inherits it."""
_in_deed: ContextVar[bool] = ContextVar("whether an action of the reader runs, or work that it started", default=False)
_UNTIL_A_KEY_SECONDS = 86_400.0


class Voice:
    """Shows messages on the front screen."""

    def __init__(
        self,
        app: App[None],
        main: MainScreen,
        symbols: Symbols,
        publisher: Publisher,
        key_of: Callable[[str], str],
    ) -> None:
        self._app, self._main, self._symbols, self._publisher = app, main, symbols, publisher
        self._key_of = key_of
        self._notified_at = 0.0  # on the monotonic clock

    def say(self, message: str, *, severe: bool = False) -> None:
        """Show a message. May be called in a thread."""
        self._publisher.deliver(partial(self._say, message, severe=severe, of_deed=_in_deed.get()))

    @contextmanager
    def telling(self, again: str = "") -> Iterator[None]:
        """Report errors raised inside the context with the keys that try again, by default those of the action."""
        try:
            yield
        except PaperdeckError as error:
            self.say(failure_in_words(error, again or running.get(), self._key_of), severe=True)

    def tell_failures(self, errors: Sequence[PaperdeckError], action_id: str) -> None:
        """Report why something failed that an action can try again; each reason once, on its own line."""
        sentences = dict.fromkeys(failure_in_words(error, f"{{{action_id}}}", self._key_of) for error in errors)
        self.say("\n".join(sentences), severe=True)

    @contextmanager
    def deed(self) -> Iterator[None]:
        """While the block runs, and in all work that it starts, messages belong to this action of the reader.

        Messages of earlier actions are no longer shown.
        """
        for line in self._footlines():
            line.deed_begins()
        token = _in_deed.set(True)
        try:
            yield
        finally:
            _in_deed.reset(token)

    def _footlines(self) -> Iterator[Footline]:
        for screen in self._app.screen_stack:
            if line := getattr(screen, "footline", None):
                yield line

    def _say(self, message: str, *, severe: bool, of_deed: bool) -> None:
        screen = self._app.screen if self._app.screen_stack else self._main
        line: Footline = next(reversed([*self._footlines()]), self._main.footline)
        line.say(message, severe=severe, of_deed=of_deed)
        if getattr(screen, "hides_messages", not hasattr(screen, "footline")):
            self._notify(self._symbols.words(message), severe=severe)

    def _notify(self, message: str, *, severe: bool) -> None:
        """Show a notification; with motion off, it stays until a key is pressed."""
        self._notified_at = monotonic()
        self._app.notify(
            f"! {message}" if severe else message,
            severity="warning" if severe else "information",
            markup=False,
            timeout=None if getattr(self._app, "motion", True) else _UNTIL_A_KEY_SECONDS,
        )

    def show_waiting(self, words: str) -> None:
        """Show the reader's wait on the bottom line of every screen; empty: none."""
        for line in self._footlines():
            line.waiting = words

    def key_pressed(self) -> None:
        """Remove messages that stay until a key is pressed, except those shown just now."""
        for line in self._footlines():
            line.key_pressed()
        if monotonic() - self._notified_at > MIN_MESSAGE_SECONDS:
            self._app.clear_notifications()

    def clear(self) -> None:
        self._main.footline.clear()


def failure_in_words(error: PaperdeckError, again: str, key_of: Callable[[str], str]) -> str:
    """The failed task, the reason, and the keys that try again, given as `{star}`; empty: none."""
    if not again or not isinstance(error, SourceError):
        return str(error)
    return error.sentence(again=with_keys(f"{again} tries again", key_of))
