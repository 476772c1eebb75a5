"""Fetches papers from the sources: stale days, requested days, and history."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing, suppress
from time import monotonic
from typing import TYPE_CHECKING

from paperdeck.storage.errors import PaperdeckError
from paperdeck.storage.text.words import count_of
from paperdeck.tui.model.status import ASKING, STOPPING
from paperdeck.tui.run import Failed, Tell

if TYPE_CHECKING:
    from datetime import date

    from textual.message import Message

    from paperdeck.storage.fetch.endpoints import Endpoints
    from paperdeck.storage.fetch.fetcher import Fetcher
    from paperdeck.storage.fetch.run import Progress
    from paperdeck.tui.model.session import Session

SHOW_SECONDS = 0.7
"""Interval between updates of the list during a fetch."""
BATCH_PAPERS = 50
"""Papers indexed per batch."""
SHELF_NOTICE = (
    "Starter shelf: well-known papers that ship with paperdeck, no network yet. {refresh} fetches today's papers."
)
"""One line that explains the shelf, and which action replaces it."""


class Syncing:
    """Runs one fetch at a time."""

    def __init__(
        self,
        session: Session,
        endpoints: Endpoints,
        pause: Callable[[], Awaitable[None]],
        post: Callable[[Message], object],
    ) -> None:
        """Nothing is fetched yet; `pause` waits while the reader types, `post` sends a message to the app."""
        self._session, self._endpoints, self._pause, self._post = session, endpoints, pause, post
        self._fetcher: Fetcher | None = None
        self.busy = self.asked = False
        """Whether a fetch is running, and whether the reader asked for one that runs or comes next."""
        self._turn = asyncio.Lock()
        self._told_failures: list[str] = []
        self._arrived: dict[str, None] = {}  # fetched ids that are not indexed yet
        self._shown_at = 0.0  # on the monotonic clock
        self._showing = asyncio.Lock()
        self._later: asyncio.Task[None] | None = None  # indexes what arrived too soon after the last time

    async def fetcher(self) -> Fetcher:
        """The fetcher, created on first use, as importing its parts takes longer than a frame."""
        if self._fetcher is None:
            self._fetcher = await asyncio.to_thread(self._make_fetcher)
        return self._fetcher

    def _make_fetcher(self) -> Fetcher:
        from paperdeck.storage.fetch.fetcher import Fetcher

        session = self._session
        fetcher = Fetcher(
            session.library,
            self._endpoints,
            categories=session.settings.fetch.categories,
            notify=lambda sentence: self._post(Tell(sentence)),
            clock=lambda: session.days.now.timestamp(),
        )
        fetcher.pace = self._pause
        return fetcher

    @property
    def waiting(self) -> str:
        """The wait for a source, in a few words; empty if there is none."""
        return str(self._fetcher.waiting or "") if self._fetcher else ""

    async def close(self) -> None:
        if self._fetcher:
            await self._fetcher.close()

    async def refresh(self, *, asked: bool) -> None:
        """Fetch stale days; all of the last few days if the reader asked."""
        days = self._session.settings.fetch.days
        await self._run(lambda fetcher: fetcher.refresh(days, force=asked), "refresh", asked=asked)

    async def history(self, since: date) -> None:
        """Fetch all days since one that are not complete."""
        await self._run(lambda fetcher: fetcher.backfill(since), "fetch-history", asked=True)

    def stopping(self) -> None:
        """Show that the fetch was stopped, until what it brought is stored."""
        if self.busy:
            self._session.status.set(progress=STOPPING)

    async def _run(
        self, begin: Callable[[Fetcher], AsyncGenerator[Progress, None]], action: str, *, asked: bool
    ) -> None:
        """Run a fetch to its end, after one that is running; if it fails, `action` tries again."""
        self.asked = self.asked or asked
        try:
            async with self._turn:
                await self._run_now(begin, action, asked=asked)
        finally:
            if asked:
                self.asked = False

    async def _run_now(
        self, begin: Callable[[Fetcher], AsyncGenerator[Progress, None]], action: str, *, asked: bool
    ) -> None:
        failures: list[PaperdeckError] = []
        new, stopped = 0, False
        self.busy = True
        self._session.status.set(progress=ASKING)
        try:
            async with aclosing(begin(await self.fetcher())) as events:
                async for event in events:
                    new += len(event.new)
                    self._session.status.set(progress=progress_in_words(event, new))
                    failures += [event.error] if event.error else []
                    await self._take(event)
            await self._index_and_show()
        except PaperdeckError as error:
            failures.append(error)
        except asyncio.CancelledError:  # the reader stopped it, and is shown what arrived
            stopped = True
            with suppress(PaperdeckError):
                await self._index_and_show()
            raise
        finally:
            if self._later:
                self._later.cancel()
            self.busy, self._later = False, None
            self._session.status.set(ended="failed" if failures else "stopped" if stopped else "", progress="")
            self.show_age()
        self._tell(new, failures, action, asked=asked)
        self._told_failures = _sentences(failures)

    def show_age(self) -> None:
        self._session.status.show_age(self._session.days.fetched_at(), self._session.days.now)

    async def _take(self, event: Progress) -> None:
        """Collect arrivals, which are indexed about once a second, as a history brings dozens of days in that time."""
        self._arrived |= dict.fromkeys([*event.new, *event.changed])
        pause = SHOW_SECONDS - (monotonic() - self._shown_at)
        if pause <= 0:
            await self._index_and_show()
        elif self._arrived and (self._later is None or self._later.done()):
            self._later = asyncio.create_task(self._index_and_show_after(pause))  # the next day may take a while

    async def _index_and_show_after(self, pause: float) -> None:
        await asyncio.sleep(pause)
        with suppress(PaperdeckError):  # tried again at the next event or at the end, where it is reported
            await self._index_and_show()

    async def _index_and_show(self) -> None:
        async with self._showing:
            ids = list(self._arrived)
            await self.index(ids)
            for paper_id in ids:  # others may have arrived meanwhile
                self._arrived.pop(paper_id, None)
            self._session.arrived(ids)
            self._shown_at = monotonic()

    async def index(self, ids: Sequence[str]) -> None:
        """Index papers of the library, with pauses while the reader types."""
        for start in range(0, len(ids), BATCH_PAPERS):
            await self._pause()
            await asyncio.to_thread(self._session.papers.take, ids[start : start + BATCH_PAPERS])

    def _tell(self, new: int, failures: Sequence[PaperdeckError], action: str, *, asked: bool) -> None:
        """Report the outcome: a failure once, and again only if the reader asked again."""
        sentences = _sentences(failures)
        if sentences and (asked or sentences != self._told_failures):
            self._post(Failed(failures, action))
        elif failures or not asked:
            self.tell_shelf()
        else:
            self._post(Tell(outcome(new, self._session.waiting), names_keys=True))

    def tell_shelf(self) -> None:
        """Explain the starter shelf, while it is shown."""
        if self._session.papers.shelf and not self._session.papers.past_shelf:
            self._post(Tell(SHELF_NOTICE, names_keys=True))


def outcome(arrived: int, waiting: int) -> str:
    """The outcome of a successful fetch in words, with the action that shows the papers that wait for the list."""
    if waiting:
        them = "them" if waiting >= arrived else f"{waiting:,} of them"
        return f"Up to date: {count_of(max(arrived, waiting), 'paper')} arrived; {{show-new}} shows {them}."
    return f"Up to date: {count_of(arrived, 'paper') if arrived else 'no more papers'} arrived."


def _sentences(failures: Sequence[PaperdeckError]) -> list[str]:
    return list(dict.fromkeys(str(error) for error in failures))


def progress_in_words(event: Progress, new: int) -> str:
    so_far = f" · {count_of(new, 'paper')} so far" if new else ""
    return f"fetching {event.label} · {event.done:,} of {event.total:,}{so_far}"
