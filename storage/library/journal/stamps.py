"""Times for the fields of a mark: a hybrid logical clock.

A stamp is `<milliseconds since 1970, 15 digits>.<counter, 6 digits>.<device>`, so that stamps sort as text. A new one
takes the time of this device's clock, unless it has to replace a value that carries a later stamp: then it takes that
stamp's time and the next counter. So of two changes the one that was made knowing the other always wins, whatever
the clocks say, and a clock that is a year ahead decides only over changes made at the same time elsewhere: the next
device that sees its value and changes it gets a greater stamp. Only the stamps of the fields that are replaced count;
one wrong clock therefore doesn't pull the stamps of all other marks into the future.

After Kulkarni et al., "Logical Physical Clocks" (2014).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_STAMP = re.compile(r"(\d{15})\.(\d{6})\.([a-z0-9-]{1,60})")
_LAST_MILLISECOND = 253_402_300_799_999  # the end of the year 9999
_LAST_COUNT = 999_999

BEFORE_ALL = f"{0:015}.{0:06}.none"
"""The stamp of values from before there were stamps."""


def is_stamp(value: object) -> bool:
    """Whether the value is a stamp that a device can have made."""
    found = _STAMP.fullmatch(value) if isinstance(value, str) else None
    return found is not None and int(found[1]) <= _LAST_MILLISECOND


def next_stamp(now: float, device: str, replaced: Iterable[str] = ()) -> str:
    """A stamp for a change made now, greater than those of the values that it replaces.

    Args:
        now: Seconds since 1970 by this device's clock.
        device: The device's name.
        replaced: The stamps of the values that are replaced.
    """
    milliseconds, count = min(max(int(now * 1000), 0), _LAST_MILLISECOND), 0
    latest = max(replaced, default="")
    if latest:
        last, last_count = int(latest[:15]), int(latest[16:22])
        if last >= milliseconds:
            milliseconds, count = (last, last_count + 1) if last_count < _LAST_COUNT else (last + 1, 0)
    return f"{milliseconds:015}.{count:06}.{device}"
