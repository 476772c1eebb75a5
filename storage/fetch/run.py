"""A run of the fetcher: its steps, which may bring further steps, and what it tells while it goes."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from paperdeck.storage.errors import NotFound, PaperdeckError, RateLimited, Refused, Unreachable
from paperdeck.storage.library.ledger import DayState

AT_ONCE = {"hf": 6, "arxiv": 1}
"""Steps of a source that are under way together; how many requests that makes is for the lanes to decide."""
_HOPELESS = 6
_NO_ANSWER, _BAD_ANSWER = 3, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One event of a running fetch."""

    source: str
    """The source as in the ledger: `hf`, `arxiv:cs.CL`."""
    label: str
    """What was just done: `Fri 20 Nov`, `Thu 20 Nov 2025`, `2025-03`, `cs.CL`."""
    done: int = 0
    """Days (or other steps) of this run that are done with."""
    total: int = 0
    """Days (or other steps) of this run, as far as is known."""
    day: date | None = None
    """The day, if it is about one."""
    state: DayState | None = None
    """How that day stands now."""
    papers: int = 0
    """Papers in this answer."""
    new: tuple[str, ...] = ()
    """Ids that are new to the library."""
    changed: tuple[str, ...] = ()
    """Ids whose facts changed."""
    skipped: int = 0
    """Items that could not be used."""
    error: PaperdeckError | None = None
    """A failure; each one is told once a run."""


Step = Callable[[], Awaitable[Progress]]


class Run:
    """Steps, done a few at a time, until there are none or their source is out of reach."""

    def __init__(self) -> None:
        self._steps: dict[str, deque[Step]] = {}
        self._expected: set[tuple[str, date]] = set()
        self._done: set[tuple[str, date]] = set()
        self._failed: dict[str, set[date]] = {}
        self._had_second_chance: set[tuple[str, date]] = set()
        self._told: set[str] = set()
        self._failures: Counter[str] = Counter()

    def expect(self, source: str, days: Iterable[date]) -> None:
        """Count days of a source as part of the run."""
        self._expected.update((source, day) for day in days)

    def add(self, source: str, step: Step, *, first: bool = False) -> None:
        """Put a step at the end of its source's steps, or before all others."""
        steps = self._steps.setdefault(source, deque())
        (steps.appendleft if first else steps.append)(step)

    def finish(self, source: str, days: Iterable[date]) -> None:
        """Count days as done with, well or badly."""
        self._done.update((source, day) for day in days)

    def fail(self, source: str, days: Iterable[date]) -> None:
        """Note that days could not be fetched."""
        self._failed.setdefault(source, set()).update(days)

    def second_chances(self, source: str) -> list[date]:
        """Days to try once more, newest first: those that failed once, if the source can be reached at all."""
        failed = self._failed.pop(source, set())
        again = [day for day in failed if (source, day) not in self._had_second_chance]
        self._had_second_chance.update((source, day) for day in again)
        return [] if self.hopeless(source) else sorted(again, reverse=True)

    @property
    def has_steps(self) -> bool:
        """Whether anything is planned."""
        return any(self._steps.values())

    def hopeless(self, source: str) -> bool:
        """Whether a source failed so often in a row that it is left alone for this run."""
        return self._failures[_family(source)] >= _HOPELESS

    async def events(self) -> AsyncGenerator[Progress, None]:
        """Do the steps, and yield what each one tells; closing the iterator cancels what is under way."""
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
            if self.hopeless(source):
                steps.clear()
            if steps and busy.get(family, 0) < AT_ONCE[family]:
                return family, steps.popleft()
        return None

    def _noted(self, event: Progress) -> Progress:
        """The event with the run's count, and without an error that was told already."""
        self._count_failures(event)
        if event.day:
            self.finish(event.source, [event.day])
            if event.error:
                self.fail(event.source, [event.day])
        error = event.error
        if error and str(error) in self._told:
            error = None
        elif error:
            self._told.add(str(error))
        return replace(event, done=len(self._done), total=len(self._expected | self._done), error=error)

    def _count_failures(self, event: Progress) -> None:
        """A source that can't be reached weighs more than one that gives a bad answer; any answer clears it."""
        family = _family(event.source)
        if event.error is None or isinstance(event.error, (Refused, NotFound)):
            self._failures[family] = 0
        else:
            unreachable = isinstance(event.error, (Unreachable, RateLimited))
            self._failures[family] += _NO_ANSWER if unreachable else _BAD_ANSWER


def _family(source: str) -> str:
    """`arxiv:cs.CL` is asked at the same place as `arxiv:cs.LG`."""
    return source.partition(":")[0]
