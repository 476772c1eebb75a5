"""What a search treats as equal: case, accents, TeX, forms of a symbol, hyphens, and umlauts written as two letters.

A text is *folded* to what readers would type: `O(n^2)`, `$\\mathcal{O}(n^2)$` and `𝒪(n²)` become `o(n2)`, and `α`,
`\\alpha` and `alpha` become `alpha`. A paper's text is folded as displayed, so that readers can type what they see.
Scripts without case or accents (Chinese, Arabic, Thai) stay unchanged: only the combining marks of Latin, Greek,
Cyrillic and mathematics are dropped.

It is stored in its *form*: folded, without hyphens and apostrophes, so `Pre-training` is `pretraining`. A typed word
may also match across spaces, so `pretraining` finds `pre training`, but only whole words: `cat` must not find `music
at`. Function words don't join among themselves, or `area` would find every `are a`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from .tex import to_unicode
from .words import word_pairs, word_set

MARK = "\x1f"
"""The character between two entries of one text, such as two authors; no folded text contains it."""

_LEFT_OUT = "-'`ʼʻ"
_LEAVE_OUT = str.maketrans("", "", _LEFT_OUT)
_SIGN = re.compile(f"[{re.escape(_LEFT_OUT)}]")
_GAP = re.compile(f"[ {re.escape(_LEFT_OUT)}]+")
_SHORTEST_JOINED_LETTERS = 3
_GLUE = word_set(
    "a an and are as at be been but by can do for from had has have he how i if in is it its may no not of on or our "
    "she so than that the them then they this to up us was we what who with you"
)
_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_TWO_LETTERS |= str.maketrans({"Ø": "Oe", "Å": "Aa"})
_UMLAUT = re.compile("[äöüøåÄÖÜØÅ]")

_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau upsilon "
    "phi chi psi omega"
)
_LETTERS = dict(zip("łŁøØđĐðÐħĦŧŦıȷ×−‐–—⁄∕’‘′“”∼∗", "llooddddhhttijx----//'''\"\"~*", strict=True))
_SPELLED = (
    "æ ae Æ ae œ oe Œ oe þ th Þ th ≤ <= ⩽ <= ≥ >= ⩾ >= → -> ⟶ -> ± +- ∞ infty ∇ nabla ∂ partial ∑ sum ∏ prod ∫ int "
    "√ sqrt ∈ in ° deg ∘ circ ≈ approx"
)
_COMBINING = ((0x300, 0x36F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F))
_DROPPED = "^_{}$\\"

_TABLE: dict[int, str | None] = {
    **{0x3B1 + place: name for place, name in enumerate(_GREEK.split())},
    **{0x391 + place: name for place, name in enumerate(_GREEK.split())},
    **{ord(char): form for char, form in (_LETTERS | word_pairs(_SPELLED)).items()},
    **dict.fromkeys((code for first, last in _COMBINING for code in range(first, last + 1)), None),
    **dict.fromkeys(map(ord, _DROPPED), None),
    **dict.fromkeys(range(0x20), " "),
}
_ASCII_TABLE: dict[int, str | None] = dict.fromkeys(map(ord, _DROPPED), None)

_SILENT = (  # fonts, accents, sizes: their argument stays
    "mathcal mathbb mathbf mathrm mathsf mathfrak mathscr mathit mathtt boldsymbol bm textbf textit texttt textsc "
    "textrm textsf text emph operatorname left right bf it rm em displaystyle hat widehat tilde widetilde bar vec dot "
    "ddot check breve overline underline u v H c k d b r"
)
_NAMED = (
    "times x le <= leq <= ge >= geq >= to -> rightarrow -> pm +- sim ~ ell l aa a AA a dh d dj d prime ' ast * "
    "varepsilon epsilon vartheta theta varphi phi varsigma sigma varrho rho"
)
_COMMANDS = dict.fromkeys(_SILENT.split(), "") | word_pairs(_NAMED)
_COMMAND = re.compile(r"\\([A-Za-z]+)|\\[`'^~\"=.,;:! ]")


def fold(text: str) -> str:
    """The comparable form of a text: no case, accents or TeX markup, single spaces, Greek letters by name."""
    if "\\" in text or "$" in text or "{" in text:
        text = _COMMAND.sub(_named, to_unicode(text))
    if not text.isascii():
        text = _fold_characters(text)
    elif "$" in text or "_" in text or "^" in text or "{" in text or "}" in text or "\\" in text:
        text = text.translate(_ASCII_TABLE).lower()
    else:
        text = text.lower()
    single = text.isprintable() and "  " not in text and text[:1] != " " != text[-1:]
    return text if single else " ".join(text.split())


def fold_typed(text: str) -> str:
    """Folds typed text, in which TeX needs no dollar signs."""
    if "$" not in text and any(sign in text for sign in "\\^{"):
        text = " ".join(f"${part}$" if any(sign in part for sign in "\\^{") else part for part in text.split())
    return fold(text)


def _fold_characters(text: str) -> str:
    """Decompose compatibility forms, drop marks, name symbols; again where lower-casing adds new marks."""
    return unicodedata.normalize("NFKD", text).translate(_TABLE).casefold().translate(_TABLE)


def _named(found: re.Match[str]) -> str:
    """The name of a command outside mathematics for a letter or a symbol; nothing for fonts and accents."""
    return _COMMANDS.get(found[1], found[1]) if found[1] else ""


_fold_one = lru_cache(maxsize=4096)(_fold_characters)


# -- forms -------------------------------------------------------------------------------------------------------------


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


_as_typed = lru_cache(maxsize=256)(Spelling)


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
        for part in " " if char.isspace() else _fold_one(letters.get(ord(char), char)):
            if part not in _LEFT_OUT and (part != " " or (form and form[-1] != " ")):
                form.append(part)
                places.append(place)
    return "".join(form), places
