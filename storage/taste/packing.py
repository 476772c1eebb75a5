"""Arrays of numbers as bytes that are the same on every machine: little-endian, whatever the processor prefers."""

from __future__ import annotations

import sys
from array import array


def packed(numbers: array[int] | array[float]) -> bytes:
    """The numbers of an array as little-endian bytes."""
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()


def whole_numbers(code: str, content: bytes) -> array[int]:
    """An array of one of the whole types (`array` has the codes) of little-endian bytes.

    Raises:
        ValueError: The bytes don't divide into numbers of that type.
    """
    numbers: array[int] = array(code, content)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def fractions(content: bytes) -> array[float]:
    """An array of doubles of little-endian bytes.

    Raises:
        ValueError: The bytes don't divide into doubles.
    """
    numbers = array("d", content)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
