"""Keeps memory small where the C library is glibc; others need nothing of this."""

from __future__ import annotations

import sys
from typing import Any

_MAX_ARENAS: tuple[int, int] = -8, 1
"""The parameter of `mallopt` for the number of memory pools, and our value; as in glibc's malloc.h."""


def share_pool() -> None:
    """Let all threads take memory from the pools that there are already.

    Otherwise glibc makes a pool for nearly every thread, and keeps what is free in each: 30 MB after some searches in
    100,000 papers.
    """
    if set_option := _function("mallopt"):
        set_option(*_MAX_ARENAS)


def give_back() -> None:
    """Return free memory to the system.

    Loading a library allocates and frees hundreds of megabytes of JSON in small pieces, interleaved with data that
    stays, and glibc keeps the gaps: 80 MB at 100,000 papers.
    """
    if trim := _function("malloc_trim"):
        trim(0)


def _function(name: str) -> Any:
    """A function of the C library that only glibc has; None elsewhere."""
    if sys.platform != "linux":
        return None
    import ctypes

    return getattr(ctypes.CDLL(None), name, None)
