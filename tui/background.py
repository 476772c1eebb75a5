"""What goes on behind the screen: the rest of the library is loaded, papers are fetched, other instances are heard."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from storage.errors import PaperdeckError

from .cells import count_of
from .status import Headline

if TYPE_CHECKING:
    from datetime import datetime

    from storage.fetch.fetcher import Fetcher, Progress

    from .app import Reader

POLL_SECONDS = 0.8
"""How often other instances' changes are looked for."""


class Background:
    """Runs the workers of the app."""

    def __init__(self, app: Reader) -> None:
        self.app = app
        self.session = app.session
        self._fetcher: Fetcher | None = None
        self._fetching = False
        self._failed = False
        self._closing = False

    def start(self) -> None:
        """Begin: load the library, then fetch what is stale, then look about now and then."""
        self.app.run_worker(self._load_and_fetch(), group="load", exit_on_error=True)
        self.app.set_interval(POLL_SECONDS, self._poll)
        self.app.set_interval(20, self.show_freshness)
        minutes = self.session.settings.fetch.every_minutes
        if minutes:
            self.app.set_interval(minutes * 60, self.fetch)

    def stop(self) -> None:
        """Ask the workers in threads to end soon."""
        self._closing = True

    async def _load_and_fetch(self) -> None:
        await asyncio.to_thread(self.session.load, self._month_loaded, lambda: self._closing)
        self.app.library_changed()
        self.fetch()

    def _month_loaded(self) -> None:
        """A month is in the index; from a thread."""

    def fetch(self, *, force: bool = False) -> None:
        """Fetch in the background what is stale (`force`: the last days in any case)."""
        if self._fetching:
            self.app.say("Fetching already.")
            return
        self._fetching = True
        self.app.run_worker(self._fetch(force), group="fetch", exit_on_error=True)

    async def _fetch(self, force: bool) -> None:
        headline = self.app.query_one(Headline)
        new = 0
        failures: list[PaperdeckError] = []
        try:
            fetcher = await self._open_fetcher()
            async for event in fetcher.refresh(self.session.settings.fetch.days, force=force):
                headline.freshness = f"fetching {event.label} {event.done}/{event.total}"
                new += len(event.new)
                if event.error:
                    failures.append(event.error)
                await self._take(event)
        finally:
            self._fetching = False
            self._failed = bool(failures)
            self.show_freshness()
        self._tell(new, failures, force)

    async def _take(self, event: Progress) -> None:
        ids = [*event.new, *event.changed]
        if ids:
            await asyncio.to_thread(self.session.arrived, ids)
        if ids or event.day:
            self.app.library_changed(ids)

    def _tell(self, new: int, failures: list[PaperdeckError], asked: bool) -> None:
        if failures:
            self.app.say(str(failures[0]), severe=True)
        elif asked:
            self.app.say(f"Up to date: {count_of(new, 'new paper')}." if new else "Up to date: nothing new.")

    async def _open_fetcher(self) -> Fetcher:
        if self._fetcher is None:
            self._fetcher = await asyncio.to_thread(self._make_fetcher)
        return self._fetcher

    def _make_fetcher(self) -> Fetcher:
        """In a thread: importing httpx takes longer than a frame."""
        from storage.fetch.fetcher import Fetcher

        return Fetcher(self.session.library, self.app.endpoints)

    async def close(self) -> None:
        """Let go of the network."""
        self.stop()
        if self._fetcher:
            await self._fetcher.close()

    def _poll(self) -> None:
        try:
            changes = self.session.library.poll()
        except PaperdeckError as error:
            self.app.say(str(error), severe=True)
            return
        self._tell_troubles()
        if changes.marks:
            self.session.reload((), changes.marks)
            self.app.marks_changed_elsewhere(list(changes.marks))
        if changes.papers and not self._fetching:
            self.app.run_worker(self._reload(changes.papers), group="reload")

    async def _reload(self, months: frozenset[str]) -> None:
        await asyncio.to_thread(self.session.reload, months, ())
        self.app.library_changed()

    def _tell_troubles(self) -> None:
        troubles = self.session.library.troubles
        if troubles:
            self.app.say(" ".join(troubles), severe=True)
            troubles.clear()

    def show_freshness(self) -> None:
        """Say on the top line how old the papers are."""
        if self._fetching:
            return
        headline = self.app.query_one(Headline)
        newest = max((record.fetched_at for record in self.session.library.days("hf").values()), default=None)
        headline.warning = self._failed
        if newest is None:
            headline.freshness = "could not fetch" if self._failed else "nothing fetched yet"
        else:
            age = _age(newest, self.app.now)
            headline.freshness = f"offline, fetched {age}" if self._failed else f"fetched {age}"


def _age(iso_time: str, now: datetime) -> str:
    """How long ago a time was, in the words of the top line."""
    from datetime import datetime

    minutes = int((now - datetime.fromisoformat(iso_time)).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days ago"
