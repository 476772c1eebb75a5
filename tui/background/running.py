"""Background work: what runs at the start, after changes and periodically, and its pauses while the reader types."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from paperdeck.storage.errors import PaperdeckError
from paperdeck.storage.files.disk import is_missing
from paperdeck.storage.settings.memory import give_back
from paperdeck.tui.model.changed import Changed
from paperdeck.tui.run import RunAction, Tell

from .syncing import Syncing

if TYPE_CHECKING:
    from textual.message import Message

    from paperdeck.storage.fetch.endpoints import Endpoints
    from paperdeck.storage.paper import Entry
    from paperdeck.tui.model.session import Session

POLL_SECONDS = 0.8
"""Interval between checks for changes by other instances and devices."""
AGE_SECONDS = 20.0
"""Interval between updates of the papers' age."""
WAITS_SECONDS = 0.4
"""Interval between checks for pending waits."""
LEARN_SECONDS = 0.5
"""Minimum interval between learning the taste twice, so that a burst of stars is learned once."""
TIDY_SECONDS = 15.0
"""Interval between garbage collections while the reader is idle."""
EXPORT_PAUSE_SECONDS = 1.0
"""Delay between a change of marks and the export, so that a burst of changes is one export."""
KEY_PAUSE_SECONDS = 0.12
"""Time without a key before background work resumes."""
LONGEST_PAUSE_SECONDS = 0.5
"""Longest pause, so that a held key can't stall a fetch."""
REST_SECONDS = 3.0
"""Time without a key before the reader counts as idle."""
THRESHOLDS = (700, 10, 50)
"""When garbage is collected: after 700 new objects among these, after 7,000 and 350,000 among older ones as well."""

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
        self.syncing = Syncing(session, endpoints, self.idle.wait, post)
        self._told_exports: set[str] = set()  # what keeps exported files from being written, each reported once
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
        self._keep_exports()  # they also change with stars from elsewhere
        if papers := await asyncio.to_thread(session.unsaved_notes):
            self._post(RunAction("marks.tell_unsaved", papers, asked=False))
        if not offline:
            self._refresh(asked=False)

    def _show_month(self, month: str) -> None:
        if not self._closing:
            self._session.status.set(freshness=f"loading {month}")

    def _changed(self, changed: Changed) -> None:
        if changed.marks:
            self._keep_exports()
            if self._session.is_catching_up and self._session.catch_up.is_done:
                self._post(RunAction("lists.finish_catching_up", asked=False))
        if changed.marks or changed.rules or changed.library:
            self._taste_is_old = True

    def _learn(self) -> None:
        if self._taste_is_old:
            self._taste_is_old = False
            self._run(self._learn_taste, "taste", alone=True)

    async def _learn_taste(self) -> None:
        await self.idle.wait()
        await asyncio.to_thread(self._session.tasting.follow)

    def _tidy(self) -> None:
        if self.idle.resting:
            tidy(thoroughly=self.idle.begins_to_rest)
            self._run(partial(asyncio.to_thread, give_back), "rest", alone=True)

    # Other instances and devices

    def _poll(self) -> None:
        if self._take_changes():
            self._run(self._reload, "reload")

    def _take_changes(self) -> bool:
        """Apply marks and rules changed elsewhere; returns whether papers changed, or the index fell behind."""
        library = self._session.library
        try:
            changes = library.poll()
        except PaperdeckError as error:
            self._post(Tell(str(error), severe=True))
            return False
        troubles = library.troubles
        for _ in range(len(troubles)):  # a thread may add one at the same time
            self._post(Tell(troubles.pop(0), severe=True))
        if changes.marks:
            self._session.marks.changed(changes.marks)
        if changes.rules:
            self._session.rules.read_again()
        return bool(changes.months) or self._session.papers.is_behind

    async def _reload(self) -> None:
        await asyncio.to_thread(self._session.papers.load)
        self._session.arrived(())

    # Kept exports

    def _keep_exports(self) -> None:
        """Update the files that `paperdeck export --keep` made, if there are any."""
        if not is_missing(self._session.places.exports):
            self._run(self.refresh_exports, "exports", alone=True)

    async def refresh_exports(self) -> None:
        """Rewrite outdated files, after a short delay."""
        from paperdeck.storage.exchange.kept_exports import refresh_exports
        from paperdeck.storage.search.query import parse

        await asyncio.sleep(EXPORT_PAUSE_SECONDS)
        session = self._session

        def choose(query: str) -> list[Entry]:
            return session.papers.entries(session.finder.matching(parse(query)))

        results = await asyncio.to_thread(refresh_exports, session.library, choose)
        errors = [result.error for result in results if result.error]
        for error in errors:
            if error not in self._told_exports:
                self._post(Tell(error, severe=True))
        self._told_exports = set(errors)


class Idle:
    """Records the time of the last key."""

    def __init__(self) -> None:
        self._key_at = 0.0  # on the monotonic clock
        self._rested_at: float | None = None  # the last key before the latest rest

    def pressed(self) -> None:
        self._key_at = monotonic()

    @property
    def resting(self) -> bool:
        return monotonic() - self._key_at > REST_SECONDS

    @property
    def begins_to_rest(self) -> bool:
        """Whether the reader is idle, once for each idle time."""
        begins = self.resting and self._rested_at != self._key_at
        if begins:
            self._rested_at = self._key_at
        return begins

    async def wait(self) -> None:
        """Pause while the reader types, for at most half a second."""
        end = monotonic() + LONGEST_PAUSE_SECONDS
        while monotonic() - self._key_at < KEY_PAUSE_SECONDS and monotonic() < end:  # noqa: ASYNC110 - no event
            await asyncio.sleep(KEY_PAUSE_SECONDS / 4)


def begin_collecting() -> None:
    """Collect garbage from now on, if that was deferred at startup; objects that exist already aren't examined.

    Without this, each closed dialog would stay in memory until the reader rests: 2 MB for the list of all keys.
    """
    if not gc.isenabled():
        gc.set_threshold(*THRESHOLDS)
        gc.freeze()
        gc.enable()


def tidy(*, thoroughly: bool) -> None:
    """Collect garbage, and exempt what remains from later collections. Call while the reader is idle.

    Args:
        thoroughly: Whether to examine also what earlier calls exempted, some of which is garbage by now; takes 50 to
            100 ms.
    """
    if thoroughly:
        gc.unfreeze()
    gc.collect()
    gc.freeze()
