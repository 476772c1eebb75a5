"""Runs work in two threads, off the event loop: one may wait for the disk while the other reads JSON.

Most of this work holds the interpreter's lock. With more threads the loop, and so the keys, would wait for each of them
in turn, and nothing would finish sooner.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

Pace = Callable[[], Awaitable[None]]
"""Waits while something more urgent runs, such as typing."""

_THREADS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="fetch")


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a function in a thread and return its result."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, partial(work, *args, **kwargs))


async def at_once() -> None:
    """A pace that never waits."""
