"""What goes on behind the screen: the rest of the library is loaded, papers are fetched, other instances are heard."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, date, datetime
from time import monotonic
from typing import TYPE_CHECKING

from paperdeck.storage.errors import PaperdeckError
from paperdeck.tui.look.cells import count_of

if TYPE_CHECKING:
    from textual.worker import Worker

    from paperdeck.storage.fetch.fetcher import Fetcher, Progress
    from paperdeck.storage.paper import Paper

    from .app import Reader

POLL_SECONDS = 0.8
"""How often other instances' changes are looked for."""
TAKE_PAUSE = 0.7
"""Seconds between two looks of the list at what a fetch brings."""
TAKE_SLICE = 50
"""Papers that are indexed at a time."""
TIDY_SECONDS = 15.0
"""How often garbage is collected, if the reader rests."""
REST_SECONDS = 3.0
"""Seconds without a key after which the reader rests."""
EXPORT_PAUSE = 1.0
"""Seconds after a change of marks until exports follow; a burst of changes is one export."""
TROUBLE_SECONDS = 0.4
"""How often the sources are looked at for what they keep us waiting for."""
FETCHING = {"fetch": "fetching", "pdf": "downloading"}
"""The groups of workers that bring something bit by bit, and what stopping one is called."""
ASKING = {"reading": "waiting for the text", "search": "waiting for the Hub"}
"""The groups of workers whose answer the reader waits for."""
FIRST_DAY = date(2023, 5, 4)
"""The first day of Daily Papers."""


class Background:
    """Runs the workers of the app."""

    def __init__(self, app: Reader) -> None:
        self.app = app
        self.session = app.session
        self._fetcher: Fetcher | None = None
        self._fetching: Worker[None] | None = None
        self._failed = False
        self._told: list[str] = []
        self._arrived: dict[str, None] = {}  # ids that a fetch brought and the index does not have yet
        self._taken_at = 0.0  # on the monotonic clock
        self._closing = False

    def start(self) -> None:
        """Begin: load the library, then fetch what is stale, then look about now and then."""
        self.show_freshness()
        self.app.run_worker(self._load_and_fetch(), group="load")
        self.app.set_interval(POLL_SECONDS, self._poll)
        self.app.set_interval(20, self.show_freshness)
        self.app.set_interval(TROUBLE_SECONDS, self._show_trouble)
        self.app.set_interval(TIDY_SECONDS, self._tidy)
        gc.set_threshold(700, 10, 10_000)  # full collections take 30 to 80 ms: only `_tidy` makes them
        minutes = self.session.settings.fetch.every_minutes
        if minutes and not self.app.offline:
            self.app.set_interval(minutes * 60, self.refresh)

    async def close(self) -> None:
        """Ask the workers in threads to end soon, and let go of the network."""
        self._closing = True
        if self._fetcher:
            await self._fetcher.close()

    async def _load_and_fetch(self) -> None:
        await asyncio.to_thread(self.session.load, self._tell_loading, lambda: self._closing)
        self.show_freshness()
        self.app.library_changed()
        self.marks_changed()  # exports follow what was starred elsewhere
        if not self.app.offline:
            self.refresh()

    def _tell_loading(self, month: str) -> None:
        """Say which month is loaded; from a thread."""
        if not self._closing:
            self.app.later(setattr, self.app.headline, "freshness", f"loading {month}")

    # Fetching

    def refresh(self, *, asked: bool = False) -> None:
        """Fetch in the background what is stale; if the reader asked, the last days in any case."""
        days = self.session.settings.fetch.days
        self._run(lambda fetcher: fetcher.refresh(days, force=asked), asked)

    def fetch_history(self, since: date = FIRST_DAY) -> None:
        """Fetch all days since one that are not complete."""
        self._run(lambda fetcher: fetcher.backfill(since), True)

    def tell_shelf(self) -> None:
        """Say what the starter shelf is, while it is shown."""
        from paperdeck.storage.shelf import SHELF_NOTICE

        if self.session.shelf_shown and not self.session.past_shelf:
            self.app.say(SHELF_NOTICE)

    def stop_fetching(self) -> None:
        """Stop all that is asked for and fetched, in one go."""
        if not self._stop(FETCHING | ASKING):
            self.app.say("Nothing is being fetched.")

    def stop_asking(self) -> bool:
        """Stop what the reader waits for, and leave alone what goes on in the background; False: there is nothing."""
        return self._stop(ASKING)

    def _stop(self, groups: Mapping[str, str]) -> bool:
        """Stop the workers of some groups, and say so in one sentence."""
        running = [worker for worker in self.app.workers if worker.group in groups and not worker.is_finished]
        for worker in running:
            worker.cancel()
        if running:
            names = dict.fromkeys(groups[worker.group] for worker in running)
            kept = any(worker.group in FETCHING for worker in running)
            way_on = "; what came is kept, and the next time goes on from there" if kept else ""
            self.app.say(f"Stopped {' and '.join(names)}{way_on}.")
            self.app.headline.trouble = ""
        return bool(running)

    def _show_trouble(self) -> None:
        """Say on the top line what a source keeps us waiting for, while anything waits."""
        groups = FETCHING | ASKING
        waits = any(worker.group in groups and not worker.is_finished for worker in self.app.workers)
        trouble = self._fetcher.waiting if self._fetcher and waits else ""
        self.app.headline.trouble = f"{trouble} · {self.app.key_of('stop-fetching')} stops" if trouble else ""

    @property
    def _busy(self) -> bool:
        return self._fetching is not None and self._fetching.is_running

    def _run(self, begin: Callable[[Fetcher], AsyncGenerator[Progress, None]], asked: bool) -> None:
        if self._busy:
            if asked:
                self.app.say(f"Fetching already; {self.app.key_of('stop-fetching')} stops it.")
            return
        self._fetching = self.app.run_worker(self._fetch(begin, asked), group="fetch")

    async def _fetch(self, begin: Callable[[Fetcher], AsyncGenerator[Progress, None]], asked: bool) -> None:
        self.app.headline.freshness = "asking the Hub …"
        new = 0
        failures: list[PaperdeckError] = []
        try:
            fetcher = await self.fetcher()
            async with aclosing(begin(fetcher)) as events:
                async for event in events:
                    new += len(event.new)
                    self.app.headline.freshness = progress_in_words(event, new)
                    failures += [event.error] if event.error else []
                    await self._take(event)
            await self._take_in()
        except PaperdeckError as error:
            failures.append(error)
        finally:
            self._failed = bool(failures)
            self.app.call_later(self.show_freshness, done=True)
        self._tell(new, failures, asked)
        self._told = list(dict.fromkeys(str(error) for error in failures))

    async def _take(self, event: Progress) -> None:
        """Note what came; it is taken in a few times a second, as a history brings dozens of days in that time."""
        self._arrived |= dict.fromkeys([*event.new, *event.changed])
        if monotonic() - self._taken_at > TAKE_PAUSE:
            await self._take_in()

    async def _take_in(self) -> None:
        """Index and show what came."""
        ids, self._arrived = list(self._arrived), {}
        await self._index(await asyncio.to_thread(self.session.papers, ids))
        self.app.library_changed(ids)
        self._taken_at = monotonic()

    async def _index(self, papers: Sequence[Paper]) -> None:
        for start in range(0, len(papers), TAKE_SLICE):
            await self.app.give_way()
            await asyncio.to_thread(self.session.take, papers[start : start + TAKE_SLICE])

    def _tell(self, new: int, failures: list[PaperdeckError], asked: bool) -> None:
        """Say how it went: a failure once, and again only when the reader asked again."""
        sentences = list(dict.fromkeys(str(error) for error in failures))
        if sentences and (asked or sentences != self._told):
            self.app.say(" ".join(sentences), severe=True)
        elif failures or not asked:
            self.tell_shelf()
        else:
            self.app.say(f"Up to date: {count_of(new, 'new paper')}." if new else "Up to date: nothing new.")

    async def fetcher(self) -> Fetcher:
        """What fetches; made when it is asked for first, as that takes a while."""
        if self._fetcher is None:
            self._fetcher = await asyncio.to_thread(self._make_fetcher)
        return self._fetcher

    def _make_fetcher(self) -> Fetcher:
        """In a thread: importing httpx takes longer than a frame."""
        from paperdeck.storage.fetch.fetcher import Fetcher

        settings = self.session.settings.fetch
        library, endpoints = self.session.library, self.app.endpoints
        fetcher = Fetcher(library, endpoints, categories=settings.categories, notify=self.app.say)
        fetcher.pace = self.app.give_way
        return fetcher

    # Search and trending

    def search(self, query: str) -> None:
        """Search the Hub; what it finds is kept and shown as a view."""
        if query.strip():
            self.app.say(f"Asking the Hub for “{query}” …")
            self.app.run_worker(self._search(query), group="search", exclusive=True)
        else:
            self.app.say("Type what to search for into the filter box (/), then press this key.")

    async def _search(self, query: str) -> None:
        with self.app.telling_errors():
            ids = await (await self.fetcher()).search(query)
            await asyncio.to_thread(self.session.arrived, ids)
            self.session.results = query, tuple(ids)
            self.app.footline.clear()
            self.app.set_filter("")
            self.app.show_view(next(view for view in self.session.views() if view.key == "results"))

    def ask_trending(self) -> None:
        """Ask the Hub what trends, and show it."""
        self.app.run_worker(self._trending(), group="search", exclusive=True)

    async def _trending(self) -> None:
        with self.app.telling_errors():
            ids = await (await self.fetcher()).trending()
            await asyncio.to_thread(self.session.arrived, ids)
            self.app.library_changed(ids)
            if self.app.view.key == "trending":
                self.app.show_view(next(view for view in self.session.views() if view.key == "trending"))

    def _tidy(self) -> None:
        """Collect garbage while the reader rests; what is alive then isn't looked at again."""
        if monotonic() - self.app.key_at > REST_SECONDS:
            gc.collect()
            gc.freeze()
            self.app.run_worker(asyncio.to_thread(self.session.rest), group="rest", exclusive=True)

    # Others

    def marks_changed(self) -> None:
        """The reader changed marks: exports that are kept in step follow, a little later."""
        if (self.app.places.state / "exports.json").exists():
            self.app.run_worker(self._refresh_exports(), group="exports", exclusive=True)

    async def _refresh_exports(self) -> None:
        from paperdeck.storage.exchange.kept_exports import refresh_exports

        await asyncio.sleep(EXPORT_PAUSE)
        library, choose = self.session.library, self.session.matching_entries
        with self.app.telling_errors():
            for result in await asyncio.to_thread(refresh_exports, library, self.app.places, choose):
                if result.error:
                    self.app.say(result.error, severe=True)

    def _poll(self) -> None:
        with self.app.telling_errors():
            changes = self.session.library.poll()
            self._tell_troubles()
            if changes.marks:
                self.session.marks_changed(changes.marks)
                self.app.show_marks(list(changes.marks))
            if changes.papers:
                self.app.run_worker(self._reload(changes.papers), group="reload")

    async def _reload(self, months: frozenset[str]) -> None:
        for month in months:
            await self._index(await asyncio.to_thread(self.session.library.month, month))
        self.app.library_changed()

    def _tell_troubles(self) -> None:
        troubles = self.session.library.troubles
        sentences = [troubles.pop(0) for _ in range(len(troubles))]  # a thread may add one meanwhile
        if sentences:
            self.app.say(" ".join(sentences), severe=True)

    def show_freshness(self, *, done: bool = False) -> None:
        """Say on the top line how old the papers are, unless a fetch is telling how far it is."""
        if self._busy and not done:
            return
        headline = self.app.headline
        newest = self.session.fetched_at()
        headline.warning = self._failed
        if newest is None:
            headline.freshness = "could not fetch" if self._failed else "nothing fetched yet"
        else:
            age = age_in_words(newest, datetime.now(UTC))
            headline.freshness = f"offline, fetched {age}" if self._failed else f"fetched {age}"


def progress_in_words(event: Progress, new: int) -> str:
    """How far a fetch is."""
    came = f" · {new:,} new" if new else ""
    return f"fetching {event.label} · {event.done:,} of {event.total:,}{came}"


def age_in_words(iso_time: str, now: datetime) -> str:
    """How long ago a time was."""
    minutes = int((now - datetime.fromisoformat(iso_time)).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days ago"
