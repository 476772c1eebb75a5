"""Numbers as people write them: `TR-2019-05`, `Volume III`, `US7123456B2`, `2.0`."""

from __future__ import annotations

import re
import unicodedata
from itertools import product

from .words import edition_number, word_pairs

_MOST = 8
"""How many numbers of a text count."""
_NO_SPACE = re.compile(r"(?<=\d)(?:,(?=\d{3}(?!\d))|/(?=\d{6,7}(?!\d)))")
"""Between digits of one number: `7,123,456`, `2019/0123456`."""
_NUMBER = re.compile(r"\d+(?:\.\d+)*|(?<=\d)[a-z](?![a-z\d])")
_WORD = re.compile(r"[^\W\d_]+")
_ROMAN = {
    "".join(letters): str(number)
    for number, letters in enumerate(
        product(
            ("", "c", "cc", "ccc"),
            ("", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx", "xc"),
            ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"),
        )
    )
}
_SPELLED = word_pairs("one 1 two 2 three 3 four 4 five 5 six 6 seven 7 eight 8 nine 9 ten 10")


def numbers_in(text: str) -> tuple[str, ...]:
    """The numbers in a readable text in comparable form, without zeros that change nothing; the first few of many.

    `TR-2019-05` has 2019 and 5, `2.0` has 2, `4A` has 4 and a. Only a text without digits has Roman numerals, words and
    single letters: `III` is 3, `Volume Two` is 2, `Part A` is a.
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    if found := _NUMBER.findall(_NO_SPACE.sub("", plain)):
        return tuple(map(_without_zeros, found[:_MOST]))
    return tuple(filter(None, map(_spelled, _WORD.findall(plain)[:_MOST])))


def _without_zeros(number: str) -> str:
    parts = [part.lstrip("0") or "0" for part in number.split(".")]
    while len(parts) > 1 and parts[-1] == "0":
        parts.pop()
    return ".".join(parts)


def _spelled(word: str) -> str:
    return _ROMAN.get(word) or _SPELLED.get(word) or edition_number(word) or (word if len(word) == 1 else "")
