"""Fetching for actions: starting it, stopping it, and showing its waits."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from paperdeck.storage.errors import ActionFailed

if TYPE_CHECKING:
    from datetime import date

    from textual.app import App

    from paperdeck.storage.fetch.fetcher import Fetcher
    from paperdeck.tui.background.syncing import Syncing
    from paperdeck.tui.model.session import Session
    from paperdeck.tui.run import Work

ASKING = {
    "reading": "waiting for the text",
    "discussion": "waiting for the discussion",
    "search": "waiting for the Hub",
    "venue": "looking up",
    "command": "the command",
}
"""Kinds of work that the reader waits for, with the message after stopping one."""
FETCHING = {"fetch": "fetching", "pdf": "downloading"}
"""Kinds of work with partial results, with the message after stopping one."""


class Speaker(Protocol):
    """The part of the context that sources use."""

    session: Session
    say: Callable[..., None]
    key_of: Callable[[str], str]

    def in_background(self, work: Work, kind: str, *, alone: bool = False) -> None:
        """Run something in the background."""


class Sources:
    """The Hub and arXiv for actions."""

    def __init__(self, app: App[None], context: Speaker) -> None:
        self._app, self._context = app, context
        self.syncing: Syncing | None = None
        """The fetcher; available after the first frame."""

    async def fetcher(self) -> Fetcher:
        """The fetcher.

        Raises:
            ActionFailed: the app has just begun.
        """
        if self.syncing is None:
            raise ActionFailed("paperdeck is just starting; try again.")
        return await self.syncing.fetcher()

    def refresh(self, *, asked: bool = True) -> None:
        """Fetch the papers of the last days; only stale days unless the reader asked."""
        self._sync(lambda syncing: syncing.refresh(asked=asked), asked=asked)

    def fetch_history(self, since: date) -> None:
        """Fetch all days since one that are not complete."""
        self._sync(lambda syncing: syncing.history(since), asked=True)

    def _sync(self, begin: Callable[[Syncing], Coroutine[Any, Any, None]], *, asked: bool) -> None:
        if self.syncing is None:
            return
        if not self.syncing.busy:
            self._context.in_background(partial(begin, self.syncing), "fetch")
        elif asked:
            self._context.say(f"Fetching already; {self._context.key_of('stop-fetching')} stops it.")

    def stop_fetching(self, *, everything: bool) -> bool:
        """Stop whatever the reader is waiting for, else all fetching. Returns False if nothing was running."""
        groups = FETCHING | ASKING if everything else ASKING
        running = [worker for worker in self._app.workers if worker.group in groups and not worker.is_finished]
        for worker in running:
            worker.cancel()
        if running:
            names = " and ".join(dict.fromkeys(groups[worker.group] for worker in running))
            resumes = any(worker.group in FETCHING for worker in running)
            self._context.say(
                f"Stopped {names}." + (" Fetched papers are kept; the next fetch resumes." if resumes else "")
            )
            self._context.session.status.set(trouble="")
        return bool(running)

    def show_trouble(self) -> None:
        """Show the wait for a source on the top line, while there is one."""
        running = {worker.group for worker in self._app.workers if not worker.is_finished}
        asked = [words for kind, words in ASKING.items() if kind in running]
        waits = bool(asked) or not running.isdisjoint(FETCHING)
        trouble = (self.syncing.waiting if self.syncing and waits else "") or " and ".join(asked)
        stops = self._context.key_of("back" if asked else "stop-fetching")
        self._context.session.status.set(trouble=f"{trouble} · {stops} stops" if trouble else "")
