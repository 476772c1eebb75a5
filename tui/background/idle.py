"""Tracks typing, so that background work can pause, and clean up once the reader is idle."""

from __future__ import annotations

import asyncio
import gc
from time import monotonic

KEY_PAUSE_SECONDS = 0.12
"""Time without a key before background work resumes."""
LONGEST_PAUSE_SECONDS = 0.5
"""Longest pause, so that a held key can't stall a fetch."""
REST_SECONDS = 3.0
"""Time without a key before the reader counts as idle."""
THRESHOLDS = (700, 10, 50)
"""When garbage is collected: after 700 new objects among these, after 7,000 and 350,000 among older ones as well."""


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
