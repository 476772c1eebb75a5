"""Serializes arrays of numbers to the same bytes on every machine: always little-endian."""

from __future__ import annotations

import sys
from array import array
from typing import Any


def packed(numbers: array[int] | array[float]) -> bytes:
    """The numbers of an array as little-endian bytes."""
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()


def unpacked(code: str, content: bytes) -> array[Any]:
    """An array (see `array` for the type codes) from little-endian bytes.

    Raises:
        ValueError: The bytes don't divide into numbers of that type.
    """
    numbers = array(code, content)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
