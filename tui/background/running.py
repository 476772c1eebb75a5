"""Starts background work, and repeats the periodic parts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from paperdeck.storage.settings.memory import give_back
from paperdeck.tui.model.changed import Changed
from paperdeck.tui.run import RunAction

from .exports import KeptExports
from .idle import Idle, begin_collecting, tidy
from .other_instances import POLL_SECONDS, OtherInstances
from .syncing import Syncing

if TYPE_CHECKING:
    from textual.message import Message

    from paperdeck.storage.fetch.endpoints import Endpoints
    from paperdeck.tui.model.session import Session

AGE_SECONDS = 20.0
"""Interval between updates of the papers' age."""
WAITS_SECONDS = 0.4
"""Interval between checks for pending waits."""
LEARN_SECONDS = 0.5
"""Minimum interval between learning the taste twice, so that a burst of stars is learned once."""
TIDY_SECONDS = 15.0
"""Interval between garbage collections while the reader is idle."""

Repeat = Callable[[float, Callable[[], None]], object]
"""Calls a function periodically, given the interval in seconds."""


class Background:
    """The parts of the background work."""

    def __init__(
        self,
        session: Session,
        endpoints: Endpoints,
        post: Callable[[Message], object],
        *,
        run: Callable[..., None],
        refresh: Callable[..., None],
        show_waits: Callable[[], None],
    ) -> None:
        """Starts nothing by itself.

        Args:
            session: The session to work on.
            endpoints: The addresses of the sources.
            post: Sends a message to the app.
            run: Runs work; see `Context.in_background`.
            refresh: Fetches stale days.
            show_waits: Shows a source's wait.
        """
        self._session, self._post, self._run = session, post, run
        self._refresh, self._show_waits = refresh, show_waits
        self.idle = Idle()
        self.syncing = Syncing(session, endpoints, self.idle, post)
        self.others = OtherInstances(session, post)
        self.exports = KeptExports(session, post)
        self._closing = self._taste_is_old = False
        session.results.pause = session.counts.pause = self.idle.wait

    def start(self, repeat: Repeat, *, offline: bool) -> None:
        """Load the library, fetch stale days, then check periodically."""
        self.syncing.show_age()
        self._session.publisher.listen(self._changed)
        self._run(lambda: self._load_and_fetch(offline=offline), "load")
        repeat(POLL_SECONDS, self._poll)
        repeat(AGE_SECONDS, self.syncing.show_age)
        repeat(WAITS_SECONDS, self._show_waits)
        repeat(LEARN_SECONDS, self._learn)
        repeat(TIDY_SECONDS, self._tidy)
        minutes = self._session.settings.fetch.every_minutes
        if minutes and not offline:
            repeat(minutes * 60, lambda: self._refresh(asked=False))

    async def close(self) -> None:
        """Ask threads to stop, and close the connections."""
        self._closing = True
        await self.syncing.close()

    async def _load_and_fetch(self, *, offline: bool) -> None:
        session = self._session
        await asyncio.to_thread(session.load, self._show_month, lambda: self._closing)
        self.syncing.show_age()
        session.publisher.publish(Changed(library=True))
        begin_collecting()
        self._refresh_exports()  # they also change with stars from elsewhere
        if papers := await asyncio.to_thread(session.unsaved_notes):
            self._post(RunAction("tags_and_notes.tell_unsaved", papers, asked=False))
        if not offline:
            self._refresh(asked=False)

    def _show_month(self, month: str) -> None:
        if not self._closing:
            self._session.status.set(freshness=f"loading {month}")

    def _changed(self, changed: Changed) -> None:
        if changed.marks:
            self._refresh_exports()
            if self._session.is_catching_up and self._session.catch_up.is_done:
                self._post(RunAction("catch_up.finish", asked=False))
        if changed.marks or changed.rules or changed.library:
            self._taste_is_old = True

    def _learn(self) -> None:
        if self._taste_is_old:
            self._taste_is_old = False
            self._run(self._learn_taste, "taste", alone=True)

    async def _learn_taste(self) -> None:
        await self.idle.wait()
        await asyncio.to_thread(self._session.tasting.follow)

    def _refresh_exports(self) -> None:
        if self.exports.any:
            self._run(self.exports.refresh, "exports", alone=True)

    def _poll(self) -> None:
        if self.others.poll():
            self._run(self.others.reload, "reload")

    def _tidy(self) -> None:
        if self.idle.resting:
            tidy(thoroughly=self.idle.begins_to_rest)
            self._run(partial(asyncio.to_thread, give_back), "rest", alone=True)
