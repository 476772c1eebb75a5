"""Spellings that a search treats as equal: hyphens, apostrophes and spaces, and umlauts written as two letters.

A text is stored in its *form*: folded, without hyphens and apostrophes, so `Pre-training` is `pretraining`. A typed
word may also match across spaces, so `pretraining` finds `pre training`, but only whole words: `cat` must not find
`music at`. Function words don't join among themselves, or `area` would find every `are a`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from .fold import fold, fold_one, fold_typed
from .words import word_set

MARK = "\x1f"
"""The character between two entries of one text, such as two authors; no folded text contains it."""

_LEFT_OUT = "-'`ʼʻ"
_SHORTEST_JOINED_LETTERS = 3
_GLUE = word_set(
    "a an and are as at be been but by can do for from had has have he how i if in is it its may no not of on or our "
    "she so than that the them then they this to up us was we what who with you"
)
_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_TWO_LETTERS |= str.maketrans({"Ø": "Oe", "Å": "Aa"})
_UMLAUT = re.compile("[äöüøåÄÖÜØÅ]")


def form_of(text: str) -> str:
    """The searchable form of a text; with a second spelling after a MARK if it has umlauts."""
    spelled = spelled_out(text)
    return _form(fold(text)) if spelled is None else f"{_form(fold(text))}{MARK}{_form(fold(spelled))}"


def spelled_out(text: str) -> str | None:
    """The text with umlauts as two letters, or None if it has none."""
    if text.isascii():
        return None
    composed = unicodedata.normalize("NFC", text)
    return composed.translate(_TWO_LETTERS) if _UMLAUT.search(composed) else None


def _form(folded: str) -> str:
    if not _SIGN.search(folded):
        return folded
    return " ".join(folded.translate(_LEAVE_OUT).split())


_LEAVE_OUT = str.maketrans("", "", _LEFT_OUT)
_SIGN = re.compile(f"[{re.escape(_LEFT_OUT)}]")
_GAP = re.compile(f"[ {re.escape(_LEFT_OUT)}]+")


class Spelling:
    """One spelling of typed text, prepared to be searched for in forms."""

    __slots__ = ("_has_letters", "_pattern", "_whole_words", "joined", "typed")

    joined: str
    """Without gaps."""
    typed: str
    """With a space where a gap was typed."""

    def __init__(self, folded: str) -> None:
        parts = [part for part in _GAP.split(folded) if part]
        self.typed, self.joined = " ".join(parts), "".join(parts)
        self._has_letters = re.compile(" ?".join(map(re.escape, self.joined))).search
        self._pattern = " ?".join(map(re.escape, parts))
        self._whole_words: re.Pattern[str] | None = None

    def is_in(self, form: str) -> bool:
        """Whether a form contains it."""
        return self.joined in form or self.is_spread_in(form)

    def is_spread_in(self, form: str) -> bool:
        """Whether a form contains it with spaces in it, typed or not."""
        if not self._has_letters(form):  # most forms; the rest takes longer
            return False
        return self.typed in form or next(self.spans(form), None) is not None

    def is_whole(self, entry: str) -> bool:
        """Whether a form has an entry equal to it."""
        return self.joined in entry.replace(" ", "").split(MARK)

    def spans(self, form: str) -> Iterator[tuple[int, int]]:
        """Its occurrences in a form, as (start, end)."""
        for found in re.finditer(self._pattern, form):
            yield found.span()
        if len(self.joined) >= _SHORTEST_JOINED_LETTERS:
            if self._whole_words is None:
                first, *others = map(re.escape, self.joined)
                self._whole_words = re.compile(rf"{first}(?<!\w{first}) ?{' ?'.join(others)}(?!\w)")
            for found in self._whole_words.finditer(form):
                if not _GLUE.issuperset(found[0].split(" ")):
                    yield found.span()


@lru_cache(maxsize=256)
def spellings_of(text: str) -> tuple[Spelling, ...]:
    """The spellings of typed text; empty if it has nothing to search for, as in `-`."""
    spelled = spelled_out(text)
    texts = (text,) if spelled is None else (text, spelled)
    return tuple(spelling for spelling in (Spelling(fold_typed(text)) for text in texts) if spelling.joined)


@lru_cache(maxsize=256)
def _as_typed(typed: str) -> Spelling:
    return Spelling(typed)


def is_spread_in(form: str, typed: str) -> bool:
    """`Spelling.is_spread_in` for the index: whether a form contains the typed text with spaces in it."""
    return _as_typed(typed).is_spread_in(form)


def find_words(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """The occurrences of typed words in a displayed text, as (start, end), merged and in order; for highlighting."""
    spans: set[tuple[int, int]] = set()
    wanted = [spelling for word in set(words) for spelling in spellings_of(word)]
    for shown, places in _shown_forms(text):
        for spelling in wanted:
            spans |= {(places[start], places[end - 1] + 1) for start, end in spelling.spans(shown)}
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _shown_forms(text: str) -> Iterator[tuple[str, list[int]]]:
    """The form of a displayed text, and for each of its characters the position in the text."""
    yield _with_places(text, {})
    if spelled_out(text) is not None:
        yield _with_places(text, _TWO_LETTERS)


def _with_places(text: str, letters: dict[int, str]) -> tuple[str, list[int]]:
    form: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for part in " " if char.isspace() else fold_one(letters.get(ord(char), char)):
            if part not in _LEFT_OUT and (part != " " or (form and form[-1] != " ")):
                form.append(part)
                places.append(place)
    return "".join(form), places
