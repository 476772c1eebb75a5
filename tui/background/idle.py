"""Whether the reader types: background work pauses meanwhile, and tidies up once the reader rests."""

from __future__ import annotations

import asyncio
import gc
from time import monotonic

KEY_PAUSE_SECONDS = 0.12
"""How long no key has to come until background work goes on."""
LONGEST_PAUSE_SECONDS = 0.5
"""How long it pauses at most; a key that is held must not stop a fetch for ever."""
REST_SECONDS = 3.0
"""How long no key has to come until the reader is taken to rest."""


class Idle:
    """Knows when a key was pressed last."""

    def __init__(self) -> None:
        self._key_at = 0.0  # on the monotonic clock

    def pressed(self) -> None:
        """A key was pressed."""
        self._key_at = monotonic()

    @property
    def resting(self) -> bool:
        """Whether no key has come for a while."""
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
    """Collect garbage; what is alive then is not looked at again. Call while the reader rests."""
    gc.collect()
    gc.freeze()
