"""Rate limits per source (concurrency, request budget, pauses), and what the user is waiting for.

Every request, retries and redirects included, takes a turn in its source's lane. The Hub declares a budget in
the headers `RateLimit-Policy: "fixed window";"api";q=500;w=300` and `RateLimit: "api";r=499;t=180`
(draft-ietf-httpapi-ratelimit-headers-09); we keep to it over any stretch of `w` seconds, which is stricter than the
Hub's own fixed windows. arXiv asks for one connection and three seconds between requests, over all of its hosts and
all of a person's programs (https://info.arxiv.org/help/api/tou.html), so that lane is shared through a file. Other
sources publish no such headers and get one request at a time at a fixed interval.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from paperdeck.storage.errors import RateLimited, StoreError
from paperdeck.storage.files.disk import text_of, write_file
from paperdeck.storage.text.times import moment_in_mail

if TYPE_CHECKING:
    from filelock import BaseFileLock

HUB_CONCURRENT_REQUESTS = 4
"""Concurrent requests to the Hub."""
ARXIV_INTERVAL_SECONDS = 3.1
"""Seconds between two requests to arXiv: the three that it asks for, and a margin for jitter on the way."""
NOTICEABLE_SECONDS = 1.0
"""Seconds without an answer before the wait is shown."""
_POLL_SECONDS = 0.05

_REMAINING = re.compile(r'"([\w.-]+)"\s*;\s*r\s*=\s*(\d{1,9})\s*;\s*t\s*=\s*(\d{1,9})')
_POLICY = re.compile(r'"([\w.-]+)"\s*;\s*q\s*=\s*(\d{1,9})\s*;\s*w\s*=\s*(\d{1,9})')


@dataclass(frozen=True, slots=True)
class Timing:
    """Clocks, sleep and randomness; tests replace them."""

    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    """Sleeps for a number of seconds."""
    now: Callable[[], float] = time.monotonic
    """Seconds of a monotonic clock."""
    wall: Callable[[], float] = time.time
    """Seconds since 1970, the same in all processes."""
    random: Callable[[], float] = random.random
    """A number from 0 to 1."""


class Budget:
    """At most `quota` requests in any `window` seconds, and no more than the source says are left."""

    def __init__(self, name: str, quota: int, window: float) -> None:
        self.name, self.quota, self.window = name, quota, window
        self._sent: deque[float] = deque()
        self._under_way = 0
        self._left: int | None = None
        self._reset = 0.0
        self._paused_until = 0.0

    def delay(self, now: float) -> float:
        """Seconds until the next request may go out; 0 for at once."""
        while self._sent and self._sent[0] <= now - self.window:
            self._sent.popleft()
        waits = [self._paused_until - now]
        if len(self._sent) >= self.quota:
            waits.append(self._sent[-self.quota] + self.window - now)
        if self._left is not None and self._left <= 0:
            waits.append(self._reset - now)
        return max(0.0, *waits)

    def take(self, now: float) -> None:
        """Count a request that is sent now."""
        self._sent.append(now)
        self._under_way += 1
        if self._left is not None:
            self._left = self._left - 1 if now < self._reset else None

    def done(self) -> None:
        """Count a request as answered or failed."""
        self._under_way -= 1

    def note_limits(self, headers: Mapping[str, str], now: float) -> None:
        """Adopt the source's own figures, which may not include requests still in flight."""
        for name, quota, window in _POLICY.findall(headers.get("ratelimit-policy", "")):
            if name == self.name and int(quota) and int(window):
                self.quota, self.window = int(quota), float(window)
        for name, left, reset in _REMAINING.findall(headers.get("ratelimit", "")):
            if name == self.name:
                self._left = int(left) - max(0, self._under_way - 1)
                self._reset = now + int(reset) + 1

    def pause(self, until: float) -> None:
        """Send nothing before a time of the monotonic clock."""
        self._paused_until = max(self._paused_until, until)


class HubLane:
    """Admits requests to one budget of the Hub (`api` or `pages`); the budgets share the limit on concurrency."""

    def __init__(self, gate: asyncio.Semaphore, budget: Budget, timing: Timing) -> None:
        self._gate, self._budget, self._timing = gate, budget, timing

    @asynccontextmanager
    async def turn(self, patience: float) -> AsyncIterator[None]:
        """Wait for a free slot and for the budget, and hold the slot until the request is answered.

        Args:
            patience: The longest wait, in seconds.

        Raises:
            RateLimited: the wait would be longer.
        """
        async with self._gate:
            now = self._timing.now()
            deadline = now + patience
            while (delay := self._budget.delay(now)) > 0:
                if now + delay > deadline:
                    raise RateLimited(f"the Hub asks us to wait {delay:.0f} s", delay)
                await self._timing.sleep(delay)
                now = max(self._timing.now(), now)
            self._budget.take(now)
            try:
                yield
            finally:
                self._budget.done()

    @property
    def delay(self) -> float:
        """Seconds until the next request may go out; 0 for at once."""
        return self._budget.delay(self._timing.now())

    def note_limits(self, headers: Mapping[str, str]) -> None:
        """Adopt the Hub's figures."""
        self._budget.note_limits(headers, self._timing.now())

    def pause(self, seconds: float) -> None:
        """Send nothing for a number of seconds."""
        self._budget.pause(self._timing.now() + seconds)


def hub_lanes(timing: Timing) -> tuple[HubLane, HubLane]:
    """The lanes for the Hub's API and for its pages, with the anonymous budgets until the Hub declares others."""
    gate = asyncio.Semaphore(HUB_CONCURRENT_REQUESTS)
    return HubLane(gate, Budget("api", 500, 300), timing), HubLane(gate, Budget("pages", 100, 300), timing)


class SlowLane:
    """Admits one request at a time, with an interval between two; shared by all processes through a folder."""

    def __init__(
        self,
        folder: Path,
        timing: Timing,
        interval: float = ARXIV_INTERVAL_SECONDS,
        *,
        name: str = "arxiv",
        host: str = "arXiv",
    ) -> None:
        """A lane for one source.

        Args:
            folder: Where the lock and the time of the last request are kept.
            timing: The clocks.
            interval: Seconds between two requests.
            name: The name of the files.
            host: What messages call the source.
        """
        self._folder, self._timing, self._interval, self._name, self._host = folder, timing, interval, name, host
        self._gate = asyncio.Lock()
        self._paused_until = 0.0

    @asynccontextmanager
    async def turn(self, patience: float) -> AsyncIterator[None]:
        """Wait for this process's and other processes' requests, then for the interval; else as in `HubLane`."""
        from filelock import FileLock

        async with self._gate:
            deadline = self._timing.now() + patience
            await self._wait(self._paused_until - self._timing.now(), deadline)
            lock = FileLock(self._path("lock"), thread_local=False)
            while not self._acquired(lock):
                await self._wait(_POLL_SECONDS, deadline)
            try:
                await self._wait(self._seconds_to_wait(), deadline)
                self._stamp()
                yield
            finally:
                lock.release()

    def note_limits(self, headers: Mapping[str, str]) -> None:
        """Do nothing: these sources declare no budget."""

    def pause(self, seconds: float) -> None:
        """Send nothing for a number of seconds; the source itself will tell other processes."""
        self._paused_until = max(self._paused_until, self._timing.now() + seconds)

    async def _wait(self, seconds: float, deadline: float) -> None:
        if seconds <= 0:
            return
        if self._timing.now() + seconds > deadline:
            reason = f"{self._host} takes one request every {self._interval:.0f} s, and others are waiting"
            raise RateLimited(reason, seconds)
        await self._timing.sleep(seconds)

    def _path(self, suffix: str) -> Path:
        return self._folder / f"{self._name}.{suffix}"

    def _acquired(self, lock: BaseFileLock) -> bool:
        from filelock import Timeout

        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
        except Timeout:
            return False
        except OSError as error:
            reason = f"{self._folder} can't be written ({error.strerror}), so {self._host} is not queried."
            raise StoreError(reason) from error  # without its files, the rate can't be kept
        return True

    def _seconds_to_wait(self) -> float:
        """Seconds until the next request may go out; a stamp from the future means that a clock was set back."""
        try:
            last = float(text_of(self._path("stamp"), "ascii"))
        except (OSError, ValueError):
            return 0.0
        return min(max(0.0, last + self._interval - self._timing.wall()), self._interval)

    def _stamp(self) -> None:
        try:
            write_file(self._path("stamp"), repr(self._timing.wall()).encode(), durable=False)
        except StoreError as error:
            raise StoreError(f"{self._host} is not queried, as its requests can't be paced: {error}") from error


Lane = HubLane | SlowLane
"""Admits requests to one source."""


def requested_wait_seconds(headers: Mapping[str, str], wall: float) -> float | None:
    """Seconds to wait by an answer's headers: `Retry-After` (seconds or a date), else an exhausted `RateLimit`."""
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}", value):
        return float(value)
    if moment := moment_in_mail(value):
        return max(0.0, moment.timestamp() - wall)
    resets = [int(reset) + 1 for _, left, reset in _REMAINING.findall(headers.get("ratelimit", "")) if left == "0"]
    return float(max(resets)) if resets else None


class Waiting(NamedTuple):
    """A wait for a source, as shown to the user."""

    task: str
    """What it is for, such as `fetch the text`; empty when requests in general have to wait."""
    host: str
    """The source."""
    seconds: float
    """Seconds waited for an answer so far; with a reason, seconds until the next attempt."""
    reason: str = ""
    """Why the next attempt waits, with the host in it; empty while an answer is awaited."""

    def __str__(self) -> str:
        if self.reason:
            return f"{self.reason}, again in {max(1, round(self.seconds))} s"
        return f"waiting for {self.host}, {self.seconds:.0f} s"


class _Wait(NamedTuple):
    task: str
    host: str
    began: float
    """On the monotonic clock."""
    reason: str = ""
    until: float = 0.0
    """When the next attempt begins, on the monotonic clock."""


class Waits:
    """Tracks pending requests and retries, for the status line."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._waits: dict[int, _Wait] = {}
        self._numbers = count()
        self._answered: dict[str, float] = {}

    @contextmanager
    def awaiting_answer(self, host: str, task: str = "") -> Iterator[None]:
        """Show, while the block runs, that an answer of a source is awaited."""
        with self._noted(_Wait(task, host, self._timing.now())):
            yield

    @contextmanager
    def before_retry(self, host: str, reason: str, seconds: float, task: str = "") -> Iterator[None]:
        """Show, while the block runs, that a failed request waits for its next attempt."""
        now = self._timing.now()
        with self._noted(_Wait(task, host, now, reason, now + seconds)):
            yield

    def answered(self, host: str) -> None:
        """Record a usable answer: earlier failures of this source are no longer worth showing."""
        self._answered[host] = self._timing.now()

    @property
    def current(self) -> Waiting | None:
        """The wait to show, if any."""
        now = self._timing.now()
        for wait in self._waits.values():
            if wait.reason and wait.began > self._answered.get(wait.host, -1.0):
                return Waiting(wait.task, wait.host, max(0.0, wait.until - now), wait.reason)
        for wait in self._waits.values():
            since = max(wait.began, self._answered.get(wait.host, 0.0))
            if not wait.reason and now - since >= NOTICEABLE_SECONDS:
                return Waiting(wait.task, wait.host, now - since)
        return None

    @contextmanager
    def _noted(self, wait: _Wait) -> Iterator[None]:
        number = next(self._numbers)
        self._waits[number] = wait
        try:
            yield
        finally:
            del self._waits[number]
