"""Time stamps for the fields of the journal: a hybrid logical clock.

A stamp is `<milliseconds since 1970, 15 digits>.<counter, 6 digits>.<device>`, so that stamps sort as text. A new one
takes the time of this device's clock, unless it replaces a value with a later stamp: then it takes that stamp's time
and the next counter. So a change made with knowledge of another always wins over it, whatever the clocks say, and a
clock that is a year ahead wins only over concurrent changes: the next device that sees its value and changes it gets a
greater stamp. Only the stamps of the replaced fields count, so one wrong clock doesn't pull other fields into the
future.

No device makes a stamp after the year 2199. If a file has one, no clock made it: it counts as older than any other, so
that it can't lock a field. Nothing follows the last stamp of 2199, so a change of its value is refused, not lost.

After Kulkarni et al., "Logical Physical Clocks" (2014).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from paperdeck.storage.errors import StoreError

_STAMP = re.compile(r"(?a)\d{15}\.\d{6}\.[a-z0-9-]{1,60}")
_END_MILLISECONDS = 7_258_118_400_000  # the beginning of 2200
_LATEST_CLOCK_MILLISECONDS = _END_MILLISECONDS - 366 * 86_400_000  # leaves room for stamps that count on from it
_LAST_COUNT = 999_999

BEFORE_ALL = f"{0:015}.{0:06}.none"
"""The stamp of values from versions without stamps."""

END = f"{_END_MILLISECONDS:015}"
"""Text that sorts after any valid stamp."""


def is_stamp(value: object) -> bool:
    """Whether the value has the form of a stamp."""
    return isinstance(value, str) and _STAMP.fullmatch(value) is not None


def next_stamp(now: float, device: str, replaced: Iterable[str] = ()) -> str:
    """A stamp for a change made now, greater than those of the values that it replaces.

    Args:
        now: Seconds since 1970 by this device's clock.
        device: The device's name.
        replaced: The stamps of the replaced values, none of them after END.

    Raises:
        StoreError: there is no greater stamp.
    """
    milliseconds, count = min(max(int(now * 1000), 0), _LATEST_CLOCK_MILLISECONDS), 0
    latest = max(replaced, default="")
    if latest:
        last, last_count = int(latest[:15]), int(latest[16:22])
        if last >= milliseconds:
            milliseconds, count = (last, last_count + 1) if last_count < _LAST_COUNT else (last + 1, 0)
    if milliseconds >= _END_MILLISECONDS:
        raise StoreError(
            f"This can't be changed: the device {latest[23:]} dated it at the end of 2199, and nothing can be later. "
            "Delete that device's file with it from the folder of marks."
        )
    return f"{milliseconds:015}.{count:06}.{device}"


def seconds_of(stamp: str) -> float | None:
    """When a stamp was made, in seconds since 1970 by its device's clock; None if unknown."""
    milliseconds = int(stamp[:15]) if stamp else 0
    return milliseconds / 1000 if milliseconds else None


def seconds_ahead(stamp: str, now: float) -> float:
    """How far a stamp's clock was ahead of now, in seconds; 0 if the stamp did not come from a clock.

    A stamp with a counter replaced a later one, so it says nothing about its device's clock.
    """
    return max(0.0, int(stamp[:15]) / 1000 - now) if stamp[16:22] == "000000" else 0.0
