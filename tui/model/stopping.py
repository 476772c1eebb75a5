"""Stops work in threads early."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Stop = Callable[[], bool]
"""Returns whether to stop; work in a thread calls it now and then."""


def never() -> bool:
    """For work that is never stopped."""
    return False


@contextmanager
def stopped_at_the_end() -> Iterator[Stop]:
    """Stop work in a thread when this block is left, normally or by cancellation."""
    over = False
    try:
        yield lambda: over
    finally:
        over = True


async def at_once() -> None:
    """For hooks that don't have to wait."""
