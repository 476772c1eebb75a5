"""Formulas on one line: brackets and signs for what TeX shows by position.

`\\frac{1}{2}x` is (1/2)x, `\\frac{1}{2}` alone is 1/2: whether a part needs brackets depends on its neighbours, which
may stand outside its group. So the reader of TeX marks such parts, and the marks become brackets, or nothing, when the
whole formula is known. Marks are characters that no text has.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from . import tex_symbols as symbols
from .words import word_pairs, word_set

_FRACTION, _ROOT, _SCRIPT, _CLOSED, _CELL, _ROW, _END = map(chr, range(0xFDD0, 0xFDD7))
MARKS = "".join(map(chr, range(0xFDD0, 0xFDD7)))
"""Characters that mark the parts of a formula; Unicode will never assign them."""

_NO_MARKS = dict.fromkeys(map(ord, MARKS))
_BARE = (
    _NO_MARKS
    | dict.fromkeys(map(ord, {*symbols.SUPERSCRIPTS.values(), *symbols.SUBSCRIPTS.values()} - set("*†°")))
    | dict.fromkeys(range(0x300, 0x370))
    | dict.fromkeys(range(0x20D0, 0x2100))
)
"""Drops marks, accents and indices, which leave one operand one."""

_OPERAND = re.compile(r"[\w.∂∇′°∞]*")
_FACTOR = re.compile(r"(?:\d[\d.]*|[d∂∇δΔ]?[^\W\d_]|[A-Za-z]{3,}|∞)?[′°]*(?:_\w+)?")
"""What a fraction's bar reaches over without brackets: a number, a letter, a differential or a word."""
_NUMBERS = re.compile(r"\d+/\d+")
_LOW = frozenset(symbols.SUBSCRIPTS.values())
_INDEXED = re.compile(rf"_{_SCRIPT}?\w+{_CLOSED}?")

_BEFORE = frozenset(")]}⟩⌋⌉|‖′°!%/\\∂∇∞⁺⁻⁼⁾₊₋₌₎")
_BEHIND_ROOT = frozenset("([{⟨⌊⌈^_!′°%\\∂∇∞⁺⁻⁼⁽₊₋₌₍")
_BEHIND = _BEHIND_ROOT | frozenset("|‖/√∑∏∫∮…⋯")
_RAISED = frozenset("^_!′°") | frozenset(symbols.SUPERSCRIPTS.values()) | _LOW

_LAST = re.compile(rf"(?<![\s{_ROW}])[\s{_ROW}]*+{_END}")
_LONG_ACCENTS = {"overline": "\u0305", "bar": "\u0305", "underline": "\u0332"}
"""Accents that can be drawn over several letters."""


class Environment(NamedTuple):
    """The text for the beginning, the columns, the rows and the end of an environment."""

    opening: str
    cell: str
    row: str
    closing: str


PLAIN = Environment("", " ", _ROW, "")
"""Outside any environment."""

_ALIGNED = word_set(
    "align aligned alignat alignedat split gather gathered multline multlined eqnarray equation flalign displaymath "
    "math subequations dmath"
)
_FENCES = word_pairs("pmatrix () bmatrix [] Bmatrix {} vmatrix || Vmatrix ‖‖ cases {} dcases {} rcases {} drcases {}")
_UNFENCED = word_set("matrix smallmatrix array")
_WITH_COLUMNS = word_set("array alignat alignedat tabular")
NAME = re.compile(r"\s*\{\s*(?P<name>[A-Za-z]+)\*?\s*\}(?:\[[a-z]\])?")
_COLUMNS = re.compile(r"\s*+(?:\[[a-z]\]\s*+)?\{(?P<columns>(?:[^{}]|\{[^{}]*\})*)\}")
ROW_END = re.compile(r"\*?(?:\[[^\[\]]{0,20}\])?")
_TOKEN = re.compile(r"\\(?:begin|end|left|right)(?![A-Za-z])|\\\\|\\.|[{}]", re.DOTALL)


def without_marks(text: str) -> str:
    """The text without characters that would be taken for marks."""
    return text if text.isprintable() else text.translate(_NO_MARKS)


def fraction(above: str, below: str) -> str:
    below = below if _FACTOR.fullmatch(below.strip().translate(_BARE)) else f"({below.strip()})"
    return f"{_FRACTION}{_operand(above)}/{below}{_CLOSED}"


def root(degree: str, text: str) -> str:
    return f"{_ROOT}{degree}√{_operand(text)}{_CLOSED}"


def index(sign: str, text: str) -> str:
    """A word or a letter after `^` or `_`, for which Unicode has no small letters."""
    return f"{sign}{_SCRIPT}{text}{_CLOSED}"


def accented(name: str, base: str) -> str:
    """A letter with its accent; several letters under a line, or as TeX under anything else."""
    text = base.strip()
    letter, rest = {"ı": "i", "ȷ": "j"}.get(text[:1], text[:1]), text[1:]
    marks = rest[: len(rest) - len(rest.lstrip(_COMBINING))]
    indices = rest[len(marks) :]
    if not letter or (letter not in MARKS + "\\" and (set(indices) <= _LOW or _INDEXED.fullmatch(indices))):
        return unicodedata.normalize("NFC", letter + marks + symbols.MATH_ACCENTS[name]) * bool(letter) + indices
    if name in _LONG_ACCENTS and _OPERAND.fullmatch(text.translate(_BARE)):
        return re.sub(rf"([^{MARKS}{_COMBINING}][{_COMBINING}]*)", rf"\1{_LONG_ACCENTS[name]}", text)
    return f"\\{name}{{{text}}}"


_COMBINING = "".join(map(chr, [*range(0x300, 0x370), *range(0x20D0, 0x20F1)]))


def beginning(text: str, position: int) -> tuple[Environment | None, int]:
    """The environment whose name is at a position, and the position after it."""
    found = NAME.match(text, position)
    if not found:
        return None, position
    name, end, columns = found["name"], found.end(), ""
    if name in _WITH_COLUMNS and (option := _COLUMNS.match(text, end)):
        end, columns = option.end(), option["columns"]
    if name in _ALIGNED or set(columns) & set("lr"):
        return Environment("", " ", _ROW, _END), end
    if name in _FENCES:
        return Environment(_FENCES[name][0], _CELL, _ROW, _END + _FENCES[name][1]), end
    if name in _UNFENCED:
        return Environment(_FRACTION, _CELL, _ROW, _END + _CLOSED), end
    return Environment(f"\\begin{{{name}}} ", " & ", r" \\ ", f" \\end{{{name}}}"), end


def end_of(pattern: re.Pattern[str], text: str, position: int) -> int:
    """The end of what a pattern finds at a position; the position itself if it finds nothing."""
    found = pattern.match(text, position)
    return found.end() if found else position


def rows_of(tex: str) -> list[str]:
    """The rows of a display formula; those of matrices in it and of other parts stay in them."""
    rows, start, depth = [""], 0, 0
    for found in _TOKEN.finditer(tex):
        if found.start() < start:
            continue
        token, end = found[0], found.end()
        depth += {"{": 1, r"\left": 1, "}": -1, r"\right": -1}.get(token, 0)
        frames = token in (r"\begin", r"\end") and _frame(tex, end)
        if frames and not depth:
            rows[-1] += tex[start : found.start()] + " "
            start = frames
        elif token in (r"\begin", r"\end") and not frames:
            depth += 1 if token == r"\begin" else -1
        elif token == r"\\" and not depth:
            rows[-1] += tex[start : found.start()]
            rows.append("")
            start = end_of(ROW_END, tex, end)
    rows[-1] += tex[start:]
    return rows


def _frame(tex: str, position: int) -> int:
    """The position after the name of an environment that only aligns rows; 0 if it is another one."""
    found = NAME.match(tex, position)
    if not found or found["name"] not in _ALIGNED | {"array"}:
        return 0
    columns = _COLUMNS.match(tex, found.end()) if found["name"] in _WITH_COLUMNS else None
    return columns.end() if columns else found.end()


def settled(text: str, before: str = "", behind: str = "") -> str:
    """The text with brackets where its parts need them.

    Args:
        before: The character before the formula.
        behind: The character behind it.
    """
    if not any(mark in text for mark in MARKS):
        return text
    text = _separated(_separated(_LAST.sub("", text), _CELL, ","), _ROW, ";")
    signs, opened = [*text], []
    for at, sign in enumerate(signs):
        if sign in (_FRACTION, _ROOT, _SCRIPT):
            opened.append(at)
        elif sign == _CLOSED and opened:
            start = opened.pop()
            signs[start], signs[at] = _brackets(text, start, at, before, behind)
    return "".join(signs).translate(_NO_MARKS)


def _separated(text: str, mark: str, sign: str) -> str:
    """The text with a sign and a blank for each mark, instead of the blanks and the comma around it."""
    parts = text.split(mark)
    for place, part in enumerate(parts[:-1]):
        part = part.rstrip()
        parts[place] = part[:-1].rstrip() if part[-1:] in (",", sign) else part
        parts[place + 1] = parts[place + 1].lstrip()
    return f"{sign} ".join(parts)


def _brackets(text: str, start: int, end: int, before: str, behind: str) -> tuple[str, str]:
    """What to put around a part of a formula: brackets, nothing, or the blank of a mixed number such as 2 1/2."""
    kind = text[start]
    blanks = " " if kind == _FRACTION else ""
    left = text[:start].rstrip(MARKS + blanks)[-1:] or before
    right = text[end:].lstrip(MARKS + blanks)[:1] or behind
    if kind == _SCRIPT:
        needed = right.isdecimal() or (right.isalpha() and unicodedata.category(right) != "Lm")
    elif kind == _ROOT:
        behind_root = _RAISED if text[end - 1] == ")" else _BEHIND_ROOT
        degree = text[start + 1] != "√"
        needed = (degree and _is_operand(left, _BEFORE)) or _is_operand(
            right, behind_root, letters=text[end - 1] != ")"
        )
    elif _is_operand(right, _BEHIND):
        needed = True
    elif left.isdecimal() and _NUMBERS.fullmatch(text[start + 1 : end]):
        return ("", "") if text[:start].endswith(" ") else (" ", "")
    else:
        needed = _is_operand(left, _BEFORE)
    return ("(", ")") if needed else ("", "")


def _is_operand(char: str, signs: frozenset[str], *, letters: bool = True) -> bool:
    """Whether a neighbour would be read as a part of the same operand."""
    return bool(char) and (char in signs or (letters and unicodedata.category(char)[0] in "LNM"))


def _operand(text: str) -> str:
    return text if _OPERAND.fullmatch(text.strip().translate(_BARE)) else f"({text.strip()})"
