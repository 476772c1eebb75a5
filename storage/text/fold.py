"""Normalises text so that search ignores what nobody should have to type.

Case, accents, TeX markup and the form of a symbol do not matter: `O(n^2)`, `$\\mathcal{O}(n^2)$` and `𝒪(n²)` become
`o(n2)`, and `α`, `\\alpha` and `alpha` become `alpha`. A paper's text is folded as displayed, so that readers can type
what they see. Scripts without case or accents (Chinese, Arabic, Thai) stay unchanged: only the combining marks of
Latin, Greek, Cyrillic and mathematics are dropped.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from .tex import to_unicode
from .words import word_pairs

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
        text = _without_commands(to_unicode(text))
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


def _without_commands(text: str) -> str:
    """Replace commands outside mathematics: a letter or symbol by its name, fonts and accents by nothing."""
    if "\\" not in text:
        return text
    return _COMMAND.sub(lambda found: _COMMANDS.get(found[1], found[1]) if found[1] else "", text)


@lru_cache(maxsize=4096)
def fold_one(char: str) -> str:
    """Fold one character, perhaps into several."""
    return _fold_characters(char)
