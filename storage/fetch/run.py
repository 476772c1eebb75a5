"""A run of the fetcher: steps with limited concurrency, which may plan more steps, and the events they yield."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from paperdeck.storage.errors import NotFound, NotSent, PaperdeckError, RateLimited, Refused, SourceError, Unreachable
from paperdeck.storage.library.ledger import ARXIV, DAILY, DayState

log = logging.getLogger(__name__)

STEPS_AT_ONCE = {DAILY: 6, ARXIV: 1}
"""Concurrent steps of a source; the lanes decide how many requests that makes."""
_GIVE_UP_WEIGHT = 6
"""Weight of consecutive failures after which a source is skipped for the rest of the run."""
_NO_ANSWER_WEIGHT, _BAD_ANSWER_WEIGHT = 3, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One event of a running fetch."""

    source: str
    """The source as in the ledger: `hf`, `arxiv:cs.CL`."""
    label: str
    """The step just done: `Fri 20 Nov`, `Thu 20 Nov 2025`, `2025-03`, `cs.CL`."""
    done: int = 0
    """Days of this run that were fetched."""
    total: int = 0
    """Days of this run known so far."""
    day: date | None = None
    """The day, if it is about one."""
    state: DayState | None = None
    """The state of that day now."""
    papers: int = 0
    """Papers in this answer."""
    new: tuple[str, ...] = ()
    """Ids that are new to the library."""
    changed: tuple[str, ...] = ()
    """Ids whose facts changed."""
    skipped: int = 0
    """Number of items that could not be used; the fetcher notifies about them once, at the end of the run."""
    error: PaperdeckError | None = None
    """An error; the same error is reported once per run."""


Step = Callable[[], Awaitable[Progress]]


class FetchRun:
    """Runs steps with limited concurrency until none is left or their source is unreachable."""

    def __init__(self) -> None:
        self._steps: dict[str, deque[Step]] = {}
        self._days: dict[tuple[str, date], bool | None] = {}  # whether each could be fetched; None until it was tried
        self._retried: set[tuple[str, date]] = set()
        self._reported: set[str] = set()
        self._failures: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()
        """Items that could not be used, by the label of their source."""

    def expect(self, source: str, days: Iterable[date]) -> None:
        """Count days of a source as part of the run."""
        for day in days:
            self._days.setdefault((source, day), None)

    def add(self, source: str, step: Step, *, first: bool = False) -> None:
        """Put a step at the end of its source's steps, or before all others."""
        steps = self._steps.setdefault(source, deque())
        (steps.appendleft if first else steps.append)(step)

    def finish(self, source: str, days: Iterable[date]) -> None:
        """Count days as fetched."""
        self._days.update({(source, day): True for day in days})

    def fail(self, source: str, days: Iterable[date]) -> None:
        """Record that days could not be fetched; they count as part of the run, and not as finished."""
        self._days.update({(source, day): False for day in days})

    def days_to_retry(self, source: str) -> list[date]:
        """Days to retry, newest first: those that failed once, if the source is reachable at all."""
        failed = {key for key, fetched in self._days.items() if fetched is False and key[0] == source}
        again = failed - self._retried
        self._retried |= again
        return [] if self.is_given_up(source) else sorted((day for _, day in again), reverse=True)

    @property
    def has_steps(self) -> bool:
        """Whether anything is planned."""
        return any(self._steps.values())

    def is_given_up(self, source: str) -> bool:
        """Whether a source failed too often in a row to be used again in this run."""
        return self._failures[_family(source)] >= _GIVE_UP_WEIGHT

    async def events(self) -> AsyncGenerator[Progress, None]:
        """Run the steps and yield each one's event; closing the iterator cancels the steps under way."""
        running: dict[asyncio.Future[Progress], str] = {}
        try:
            while True:
                while found := self._next(Counter(running.values())):
                    family, step = found
                    running[asyncio.ensure_future(step())] = family
                if not running:
                    return
                done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    del running[task]
                    yield self._noted(task.result())
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    def _next(self, busy: Mapping[str, int]) -> tuple[str, Step] | None:
        for source, steps in self._steps.items():
            family = _family(source)
            if self.is_given_up(source):
                steps.clear()
            if steps and busy.get(family, 0) < STEPS_AT_ONCE[family]:
                return family, steps.popleft()
        return None

    def _noted(self, event: Progress) -> Progress:
        """The event with the run's counts, and without an error that was reported before."""
        self._count_failures(event)
        self.skipped[event.source] += event.skipped
        if event.day:
            (self.fail if event.error else self.finish)(event.source, [event.day])
        error, reason = event.error, _reason(event.error)
        if reason in self._reported:
            error = None
        elif error:
            log.info("%s, %s: %s", event.source, event.label, error)
            self._reported.add(reason)
        return replace(event, done=sum(map(bool, self._days.values())), total=len(self._days), error=error)

    def _count_failures(self, event: Progress) -> None:
        """A missing answer weighs more than a bad one; a good answer resets the count."""
        family = _family(event.source)
        if isinstance(event.error, NotSent):
            self._failures[family] = _GIVE_UP_WEIGHT
        elif event.error is None or isinstance(event.error, (Refused, NotFound)):
            self._failures[family] = 0
        else:
            unreachable = isinstance(event.error, (Unreachable, RateLimited))
            self._failures[family] += _NO_ANSWER_WEIGHT if unreachable else _BAD_ANSWER_WEIGHT


def _reason(error: PaperdeckError | None) -> str:
    """What makes two errors the same: the reason, regardless of the task."""
    return error.reason if isinstance(error, SourceError) else str(error or "")


def _family(source: str) -> str:
    """The service behind a source: `arxiv:cs.CL` and `arxiv:cs.LG` share one."""
    return source.partition(":")[0]
