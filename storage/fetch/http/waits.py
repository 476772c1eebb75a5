"""What a source keeps us waiting for, so that whoever waits can be told while it lasts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from .lanes import Timing

SILENCE = 1.0
"""Seconds without an answer after which that is worth a word."""


@dataclass(frozen=True, slots=True, eq=False)
class _Wait:
    name: str
    """The source."""
    began: float
    """When it began, on the monotonic clock."""
    reason: str = ""
    """What went wrong before; empty: an answer is being waited for."""
    until: float = 0.0
    """When the source is asked again."""


class Waits:
    """The waits that are under way, of all requests."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._waits: dict[_Wait, None] = {}
        self._answered: dict[str, float] = {}

    @contextmanager
    def answer(self, name: str) -> Iterator[None]:
        """Within it, an answer of a source is being waited for."""
        with self._noted(_Wait(name, self._timing.now())):
            yield

    @contextmanager
    def pause(self, name: str, reason: str, seconds: float) -> Iterator[None]:
        """Within it, a failed request waits for its next attempt."""
        now = self._timing.now()
        with self._noted(_Wait(name, now, reason, now + seconds)):
            yield

    def answered(self, name: str) -> None:
        """A source gave a usable answer: what waited before is no longer the source's fault."""
        self._answered[name] = self._timing.now()

    def sentence(self) -> str:
        """What is being waited for, in a few words; empty while all is well."""
        now = self._timing.now()
        for wait in self._waits:
            if wait.reason and wait.began > self._answered.get(wait.name, -1.0):
                left = max(1, round(wait.until - now))
                return f"{wait.name}: {wait.reason}, again in {left} s"
        for wait in self._waits:
            since = max(wait.began, self._answered.get(wait.name, 0.0))
            if not wait.reason and now - since >= SILENCE:
                return f"waiting for {wait.name}, {now - since:.0f} s"
        return ""

    @contextmanager
    def _noted(self, wait: _Wait) -> Iterator[None]:
        self._waits[wait] = None
        try:
            yield
        finally:
            del self._waits[wait]
