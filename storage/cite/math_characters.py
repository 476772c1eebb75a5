"""Non-ASCII characters of mathematics, and the LaTeX for each."""

from __future__ import annotations

import re
import unicodedata

from paperdeck.storage.text import tex_symbols as symbols
from paperdeck.storage.text.words import word_set

DIGITS = {char: base for base, char in (symbols.SUPERSCRIPTS | {"−": "⁻"}).items() if not char.isascii()} | {"⁻": "-"}
LOW_DIGITS = {char: base for base, char in symbols.SUBSCRIPTS.items()} | {"₋": "-"}
_PREFERRED = {"⊕": "oplus", "⊗": "otimes", "…": "ldots", "∣": "mid"}
_CHARACTERS = {
    char: name for name, char in reversed(symbols.SYMBOLS.items()) if not char.isascii()
} | _PREFERRED  # if a character has two names, the first one in the table needs no package
AS_ASCII = {"−": "-", "′": "'", "‐": "-", "–": "-", "\u00a0": " ", "\u2009": " ", "⁄": "/", "∕": "/"}
_LETTERLIKE = {"DOUBLE-STRUCK": "mathbb", "SCRIPT": "mathcal", "FRAKTUR": "mathfrak", "BLACK-LETTER": "mathfrak"}
_LETTERLIKE |= {"BOLD": "mathbf", "SANS-SERIF": "mathsf", "MONOSPACE": "mathtt", "ITALIC": "mathit"}
_OLD_SHAPES = word_set("DOUBLE-STRUCK SCRIPT BLACK-LETTER")
ACCENTS = {"\u0300": "grave", "\u0301": "acute", "\u20d7": "vec"} | {
    mark: name for name, mark in reversed(symbols.MATH_ACCENTS.items()) if not name.startswith("wide")
}


def symbol_of(char: str) -> str | None:
    """The command for a non-ASCII character, or None."""
    if char in _CHARACTERS:
        return "\\" + _CHARACTERS[char]
    base = unicodedata.normalize("NFKD", char)
    words = word_set(unicodedata.name(char, ""))
    shapes = words & _LETTERLIKE.keys() if "MATHEMATICAL" in words else words & _OLD_SHAPES
    if base == char or len(base) != 1 or not shapes:
        return None
    return "\\" + _LETTERLIKE[min(shapes)] + "{" + base + "}" if base.isascii() else symbol_of(base)


def script_kind(token: str) -> str:
    """Which script a token begins: `^`, `_` or a prime; empty if none."""
    if token in ("'", "′"):
        return "'"
    if token == "^" or token in DIGITS:
        return "^"
    return "_" if token == "_" or token in LOW_DIGITS else ""


def escaped(char: str) -> str:
    return "\\" + char if char in "&%#_" else " " if char.isspace() else char


def joined(before: str, after: str, blank: str = "") -> str:
    """Two pieces of LaTeX joined, with a space where a letter would extend the command before it."""
    runs_in = after[:1].isalpha() and re.search(r"\\[A-Za-z]+$", before)
    return before + (blank or (" " if runs_in else "")) + after
