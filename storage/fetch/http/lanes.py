"""Manners towards a source: how many requests at a time, how many in a while, and when to wait.

Every request, retries and redirects included, takes a turn in the lane of its source. The Hub declares a budget in
the headers `RateLimit-Policy: "fixed window";"api";q=500;w=300` and `RateLimit: "api";r=499;t=180`
(draft-ietf-httpapi-ratelimit-headers-09); we keep to it over any stretch of `w` seconds, which is stricter than the
Hub's own fixed windows. arXiv asks for one connection and three seconds between requests, over all of its hosts and
all of a person's programs (https://info.arxiv.org/help/api/tou.html), so that lane is shared through a file.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from paperdeck.storage.errors import RateLimited, StoreError

if TYPE_CHECKING:
    from filelock import BaseFileLock

HUB_AT_A_TIME = 4
"""Requests to the Hub that may be under way together."""
ARXIV_INTERVAL = 3.1
"""Seconds between two requests to arXiv: the three that it asks for, and some for their different ways."""
_POLL = 0.05

_REMAINING = re.compile(r'"([\w.-]+)"\s*;\s*r\s*=\s*(\d{1,9})\s*;\s*t\s*=\s*(\d{1,9})')
_POLICY = re.compile(r'"([\w.-]+)"\s*;\s*q\s*=\s*(\d{1,9})\s*;\s*w\s*=\s*(\d{1,9})')


@dataclass(frozen=True, slots=True)
class Timing:
    """Time and chance, so that a test can have its own."""

    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    """Waits for some seconds."""
    now: Callable[[], float] = time.monotonic
    """Seconds of a clock that only goes forward."""
    wall: Callable[[], float] = time.time
    """Seconds since 1970, the same for all processes."""
    random: Callable[[], float] = random.random
    """A number from 0 to 1."""


class Lane(Protocol):
    """The way to one source."""

    def turn(self, patience: float) -> AbstractAsyncContextManager[None]:
        """Wait until a request may go out, and hold the place until it is answered.

        Raises:
            RateLimited: that would take longer than `patience` seconds.
        """

    def heard(self, headers: Mapping[str, str]) -> None:
        """Take note of what an answer says about the source's limits."""

    def pause(self, seconds: float) -> None:
        """Let nothing out for a while."""


class Budget:
    """How many requests may go out in any stretch of `window` seconds, and how many the source says are left."""

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
        """Count a request that goes out now."""
        self._sent.append(now)
        self._under_way += 1
        if self._left is not None:
            self._left = self._left - 1 if now < self._reset else None

    def done(self) -> None:
        """Count a request as answered, or failed."""
        self._under_way -= 1

    def heard(self, headers: Mapping[str, str], now: float) -> None:
        """Take over the source's own figures; requests still under way may not be in them yet."""
        for name, quota, window in _POLICY.findall(headers.get("ratelimit-policy", "")):
            if name == self.name and int(quota) and int(window):
                self.quota, self.window = int(quota), float(window)
        for name, left, reset in _REMAINING.findall(headers.get("ratelimit", "")):
            if name == self.name:
                self._left = int(left) - max(0, self._under_way - 1)
                self._reset = now + int(reset) + 1

    def pause(self, until: float) -> None:
        """Let nothing out before then."""
        self._paused_until = max(self._paused_until, until)


class HubLane:
    """The way to one budget (`api` or `pages`) of the Hub; all of them share the gate."""

    def __init__(self, gate: asyncio.Semaphore, budget: Budget, timing: Timing) -> None:
        self._gate, self._budget, self._timing = gate, budget, timing

    @asynccontextmanager
    async def turn(self, patience: float) -> AsyncIterator[None]:
        """Wait for a place and for the budget."""
        async with self._gate:
            now = self._timing.now()
            deadline = now + patience
            while (delay := self._budget.delay(now)) > 0:
                if now + delay > deadline:
                    raise RateLimited(f"The Hub asks to wait {delay:.0f} s; showing what is cached.", delay)
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

    def heard(self, headers: Mapping[str, str]) -> None:
        """Take over the Hub's figures."""
        self._budget.heard(headers, self._timing.now())

    def pause(self, seconds: float) -> None:
        """Let nothing out for a while."""
        self._budget.pause(self._timing.now() + seconds)


def hub_lanes(timing: Timing) -> tuple[HubLane, HubLane]:
    """The lanes to the Hub's API and to its pages, with the budgets of somebody without a token until it says more."""
    gate = asyncio.Semaphore(HUB_AT_A_TIME)
    return HubLane(gate, Budget("api", 500, 300), timing), HubLane(gate, Budget("pages", 100, 300), timing)


class ArxivLane:
    """The way to arXiv: one request at a time and one every few seconds, among all processes that share the folder."""

    def __init__(self, folder: Path, timing: Timing, interval: float = ARXIV_INTERVAL) -> None:
        self._folder, self._timing, self._interval = folder, timing, interval
        self._gate = asyncio.Lock()
        self._paused_until = 0.0

    @asynccontextmanager
    async def turn(self, patience: float) -> AsyncIterator[None]:
        """Wait for the other requests of this process and of others, then for the pace."""
        from filelock import FileLock

        async with self._gate:
            deadline = self._timing.now() + patience
            await self._wait(self._paused_until - self._timing.now(), deadline)
            lock = FileLock(self._path("lock"), thread_local=False)
            while not self._acquired(lock):
                await self._wait(_POLL, deadline)
            try:
                await self._wait(self._pace(), deadline)
                self._stamp()
                yield
            finally:
                lock.release()

    def heard(self, headers: Mapping[str, str]) -> None:
        """Nothing: arXiv declares no budget."""

    def pause(self, seconds: float) -> None:
        """Let nothing out for a while; other processes will be told by arXiv itself."""
        self._paused_until = max(self._paused_until, self._timing.now() + seconds)

    async def _wait(self, seconds: float, deadline: float) -> None:
        if seconds <= 0:
            return
        if self._timing.now() + seconds > deadline:
            raise RateLimited("arXiv takes one request every 3 s and others wait as well; try again soon.", seconds)
        await self._timing.sleep(seconds)

    def _path(self, suffix: str) -> Path:
        return self._folder / f"arxiv.{suffix}"

    def _acquired(self, lock: BaseFileLock) -> bool:
        from filelock import Timeout

        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
        except Timeout:
            return False
        except OSError as error:
            raise self._unwritable(error) from error
        return True

    def _pace(self) -> float:
        """Seconds until the next request may go out; a stamp from the future is a clock that was set back."""
        try:
            last = float(self._path("stamp").read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 0.0
        return min(max(0.0, last + self._interval - self._timing.wall()), self._interval)

    def _stamp(self) -> None:
        try:
            self._path("stamp").write_text(repr(self._timing.wall()), encoding="ascii")
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> StoreError:
        """Without the files, nothing would keep the pace."""
        return StoreError(f"{self._folder} can't be written ({error.strerror}); arXiv is not asked.")


def asked_wait(headers: Mapping[str, str], wall: float) -> float | None:
    """Seconds that an answer asks to wait, from `Retry-After` (seconds or a date), else from an empty `RateLimit`."""
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}", value):
        return float(value)
    if value:
        try:
            return max(0.0, parsedate_to_datetime(value).timestamp() - wall)
        except (ValueError, OverflowError):
            pass
    resets = [int(reset) + 1 for _, left, reset in _REMAINING.findall(headers.get("ratelimit", "")) if left == "0"]
    return float(max(resets)) if resets else None
