"""Fetching for actions: starting it, stopping it, and showing its waits."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from paperdeck.storage.errors import ActionFailed
from paperdeck.tui.model.status import STOPPING

if TYPE_CHECKING:
    from datetime import date

    from textual.app import App

    from paperdeck.storage.fetch.fetcher import Fetcher
    from paperdeck.tui.actions.context import Context
    from paperdeck.tui.background.syncing import Syncing

ASKING = ("reading", "discussion", "search", "venue", "command")
"""The kinds of work that the reader waits for."""
STOPPED = {"command": "the command", "venue": "looking up"}
"""The name of stopped work in messages, for kinds whose stop isn't called “waiting”."""
FETCHING = {"fetch": "fetching", "pdf": "downloading"}
"""Kinds of work with partial results, with the message after stopping one."""


class Sources:
    """The Hub and arXiv for actions."""

    def __init__(self, app: App[None], context: Context, show_waiting: Callable[[str], None]) -> None:
        """Nothing is fetched yet; `show_waiting` shows the reader's wait, or none if it is empty."""
        self._app, self._context, self._show_waiting = app, context, show_waiting
        self._awaited: dict[str, tuple[str, float]] = {}  # by kind: for what, since when (monotonic)
        self.syncing: Syncing | None = None
        """The fetcher; available after the first frame."""

    async def fetcher(self) -> Fetcher:
        """The fetcher.

        Raises:
            ActionFailed: the app is just starting.
        """
        if self.syncing is None:
            raise ActionFailed("paperdeck is just starting; try again.")
        return await self.syncing.fetcher()

    def refresh(self, *, asked: bool = True) -> None:
        """Fetch the papers of the last few days; only stale days unless the reader asked."""
        self._sync(lambda syncing: syncing.refresh(asked=asked), asked=asked)

    def fetch_history(self, since: date) -> None:
        """Fetch all days since one that are not complete."""
        self._sync(lambda syncing: syncing.history(since), asked=True)

    def _sync(self, begin: Callable[[Syncing], Coroutine[Any, Any, None]], *, asked: bool) -> None:
        if self.syncing is None:
            return
        stops = self._context.key_of("stop-fetching")
        if not asked and (self.syncing.busy or self.syncing.asked):
            return
        if self._context.session.status.progress == STOPPING:
            self._context.say("What arrived before the stop is still being stored; try again in a moment.")
        elif self.syncing.asked:
            self._context.say(f"Already fetching; {stops} stops it.")
        else:
            if self.syncing.busy:
                self._context.say(f"Something is being fetched; this comes next, and {stops} stops both.")
            self._context.in_background(partial(begin, self.syncing), "fetch")

    def stop_fetching(self, *, everything: bool) -> bool:
        """Stop the work that the reader is waiting for, or else all fetching; False if there is none."""
        kinds = (*FETCHING, *ASKING) if everything else ASKING
        workers = [worker for worker in self._app.workers if worker.group in kinds and not worker.is_finished]
        running = [worker for worker in workers if not worker.is_cancelled]  # a second stop would lose what came
        for worker in running:
            worker.cancel()
        if running:
            names = " and ".join(dict.fromkeys(self._stopped(worker.group) for worker in running))
            self._context.say(f"Stopped {names}.{self._what_goes_on({worker.group for worker in running})}")
            self._context.session.status.set(source_wait="")
            if self.syncing and "fetch" in {worker.group for worker in running}:
                self.syncing.stopping()
            self._show_waiting("")
        return bool(running)

    def _what_goes_on(self, kinds: set[str]) -> str:
        """How to resume stopped work, after a space; empty for work without partial results."""
        if "fetch" in kinds:
            return " Fetched papers are kept; the next fetch resumes."
        return f" {self._context.key_of('download-pdf')} resumes it." if "pdf" in kinds else ""

    def _stopped(self, kind: str) -> str:
        """The name of stopped work in messages."""
        return (FETCHING | STOPPED).get(kind) or f"waiting for {self._awaited.get(kind, ('an answer', 0))[0]}"

    def wait_for(self, what: str, kind: str) -> None:
        """Show from now on what the reader is waiting for, for how long, and the key that stops it."""
        self._awaited[kind] = what, monotonic()
        self._show_waiting(self._waiting_words(kind, ""))

    def show_waits(self) -> None:
        """Show the reader's wait on the bottom line, and a fetch's wait on the top line."""
        running = {work.group for work in self._app.workers if not (work.is_finished or work.is_cancelled)}
        source_wait = self.syncing.waiting if self.syncing and running.intersection((*FETCHING, *ASKING)) else ""
        asked = next((kind for kind in ASKING if kind in running), "")
        self._show_waiting(self._waiting_words(asked, source_wait) if asked in self._awaited else "")
        stops = self._context.key_of("stop-fetching")
        fetching = source_wait if not asked and running.intersection(FETCHING) else ""
        self._context.session.status.set(source_wait=f"{fetching} · {stops} stops" if fetching else "")

    def _waiting_words(self, kind: str, source_wait: str) -> str:
        """The reader's wait in words: for what, for how long, the source's wait if any, and the key that stops it."""
        what, since = self._awaited[kind]
        seconds = round(monotonic() - since)
        held = f" ({source_wait})" if source_wait and not source_wait.startswith("waiting") else ""
        long = f", {seconds} s" if seconds else ""
        return f"Waiting for {what}{held}{long} · {self._context.key_of('back')} stops"
