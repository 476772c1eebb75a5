"""Stops work in threads early."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Stop = Callable[[], bool]
"""Says whether to give up; work in a thread asks it now and then."""


def never() -> bool:
    """For work that nothing stops."""
    return False


@contextmanager
def stopped_at_the_end() -> Iterator[Stop]:
    """Stop work in a thread once this block is left, normally or by cancellation."""
    over = False
    try:
        yield lambda: over
    finally:
        over = True


async def at_once() -> None:
    """For hooks in which nothing has to be waited for."""
