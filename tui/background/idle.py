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


class Idle:
    """Records the time of the last key."""

    def __init__(self) -> None:
        self._key_at = 0.0  # on the monotonic clock

    def pressed(self) -> None:
        """Record a key."""
        self._key_at = monotonic()

    @property
    def resting(self) -> bool:
        """Whether the reader is idle."""
        return monotonic() - self._key_at > REST_SECONDS

    async def wait(self) -> None:
        """Pause while the reader types, for at most half a second."""
        end = monotonic() + LONGEST_PAUSE_SECONDS
        while monotonic() - self._key_at < KEY_PAUSE_SECONDS and monotonic() < end:  # noqa: ASYNC110 - no event
            await asyncio.sleep(KEY_PAUSE_SECONDS / 4)


def collect_garbage_by_hand() -> None:
    """Leave full collections, which take 30 to 80 ms, to `tidy`."""
    gc.set_threshold(700, 10, 10_000)


def tidy() -> None:
    """Collect garbage, and exempt surviving objects from later collections. Call while the reader is idle."""
    gc.collect()
    gc.freeze()
