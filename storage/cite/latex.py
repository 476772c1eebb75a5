"""Text as LaTeX that BibTeX, biber and their kind read back unharmed.

Mathematics stays as it is, between braces; everything else is text, whose special characters are escaped. Braces are
always balanced, because BibTeX counts them even behind a backslash. Capitals that carry a meaning are protected word
by word; styles may change the case of all others.
"""

from __future__ import annotations

import re
import unicodedata

from paperdeck.storage.text import tex, tex_symbols

_ESCAPES = str.maketrans(
    {sign: "\\" + sign for sign in "&%#_${}"}
    | {"~": r"{\textasciitilde}", "^": r"{\textasciicircum}", "\\": r"{\textbackslash}"}
    | {"<": r"{\textless}", ">": r"{\textgreater}", "|": r"{\textbar}"}
)
_FIRST_MARK, _LAST_MARK = 0xE000, 0xF8FF
"""Private characters that stand for the formulas of a title while its text is worked on."""

_MOST_FORMULAS = 1000
_MARK = re.compile(f"([{chr(_FIRST_MARK)}-{chr(_LAST_MARK)}])")
_STRIPPED_SCRIPT = re.compile(r"[_^]\{(?:[A-Z]|[a-z]{1,2}|[0-9+\-.,=]+)\}")  # X^{2}, as the Hub leaves X$^{2}$
_BARE_IN_MATH = re.compile(r"(?<!\\)[%#]")

_CHAIN = re.compile(r"[^\W_]+(?:[&.'’][^\W_]+)*(?:\+\+|#)?(?:[-–/][^\W_]+(?:[&.'’][^\W_]+)*(?:\+\+|#)?)*")
_LINK = re.compile(r"([-–/])")
_PORTABLE_LETTERS = frozenset({"o", "O", "l", "L", "ss", "ae", "AE", "oe", "OE", "aa", "AA", "i"})
_LETTER_COMMANDS = {letter: name for name, letter in tex_symbols.LETTERS.items() if name in _PORTABLE_LETTERS}
_ACCENT_COMMANDS = {mark: name for name, mark in (tex_symbols.SIGN_ACCENTS | tex_symbols.LETTER_ACCENTS).items()}

_SENTENCE_END = (":", "?", "!", ".")


def escape(text: str) -> str:
    """The text with what LaTeX would take as a command escaped, on one line."""
    return _balanced(unicodedata.normalize("NFC", " ".join(text.split()))).translate(_ESCAPES)


def title(text: str) -> str:
    """A title: formulas kept, capitals with a meaning protected."""
    marked, formulas = _mark_formulas(unicodedata.normalize("NFC", _MARK.sub("", text)))
    words = _balanced(tex.to_unicode(marked)).split()
    sentence = _is_sentence_case(words)
    written = []
    start = True
    for word in words:
        pieces = _MARK.split(word)
        written.append("".join(_piece(piece, formulas, sentence and not start) for piece in pieces))
        start = word.endswith(_SENTENCE_END)
    return " ".join(written)


def accents(latex: str) -> str:
    """The same with LaTeX's commands for accents, for programs that can't read UTF-8.

    Characters without a command that is known everywhere stay.
    """
    return "".join(char if char.isascii() else _accent_command(char) for char in latex)


def _mark_formulas(text: str) -> tuple[str, list[str]]:
    """The text with a private character for each formula, and the formulas as LaTeX."""
    formulas: list[str] = []

    def mark(latex: str) -> str:
        formulas.append(latex)
        return chr(_FIRST_MARK + len(formulas) - 1)

    written = []
    position = 0
    for found in tex.find_mathematics(text):
        latex = _formula(found)
        if latex and len(formulas) < _MOST_FORMULAS:
            written += [text[position : found.start()], mark(latex)]
            position = found.end()
    marked = "".join(written) + text[position:]
    return _STRIPPED_SCRIPT.sub(lambda found: mark(f"${found[0]}$"), marked, count=_MOST_FORMULAS), formulas


def _formula(found: re.Match[str]) -> str:
    """A formula between single dollars, or nothing if its braces are not balanced."""
    inner = found[found.lastgroup or 0].strip()
    if not inner or not _is_balanced(inner):
        return ""
    return "$" + _BARE_IN_MATH.sub(r"\\\g<0>", inner) + "$"


def _piece(piece: str, formulas: list[str], later_in_sentence: bool) -> str:
    """A part of a word: a formula, or text with its capitals protected."""
    if _MARK.fullmatch(piece):
        return "{" + formulas[ord(piece) - _FIRST_MARK] + "}"
    written = []
    position = 0
    for chain in _CHAIN.finditer(piece):
        written += [piece[position : chain.start()].translate(_ESCAPES), _protect(chain[0], later_in_sentence)]
        position = chain.end()
    return "".join(written) + piece[position:].translate(_ESCAPES)


def _protect(chain: str, later_in_sentence: bool) -> str:
    """Words tied by hyphens, with braces around those whose capitals carry a meaning: `{GPT-4}`, `{LLM}-Based`."""
    parts = _LINK.split(chain)
    words, links = parts[::2], [*parts[1::2], ""]
    meant = [_has_meaning(word) or (later_in_sentence and word[0].isupper()) for word in words]
    for index, word in enumerate(words[1:], 1):
        if word[0].isdecimal() and words[index - 1][0].isupper():  # Llama-3 is a name
            meant[index - 1] = meant[index] = True
    written = []
    for index, word in enumerate(words):
        opens = meant[index] and not (index and meant[index - 1])
        closes = meant[index] and not (index + 1 < len(words) and meant[index + 1])
        written += ["{" * opens, word.translate(_ESCAPES), "}" * closes, links[index]]
    return "".join(written)


def _has_meaning(word: str) -> bool:
    """Whether a style must not change the case of a word: QLoRA, R&D, 3D, X, but not Attention or A."""
    letters = word.rstrip("+#")
    return any(char.isupper() for char in word[1:]) or (letters.isupper() and len(letters) == 1 and word != "A")


def _is_sentence_case(words: list[str]) -> bool:
    """Whether most words after the first are written small, so that a capital there means something."""
    telling = [word[0].isupper() for word in words[1:] if len(word) > 3 and word[0].isalpha()]
    return bool(telling) and sum(telling) < len(telling) / 2


def _is_balanced(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0


def _balanced(text: str) -> str:
    return text if _is_balanced(text) else text.replace("{", "(").replace("}", ")")


def _accent_command(char: str) -> str:
    """A letter by its command, the whole in braces; some readers know `{\\'i}` but not `{\\'\\i}`."""
    if char in _LETTER_COMMANDS:
        return "{\\" + _LETTER_COMMANDS[char] + "}"
    base, *marks = list(unicodedata.normalize("NFD", char))
    if len(marks) != 1 or marks[0] not in _ACCENT_COMMANDS or not (base.isascii() and base.isalpha()):
        return char
    command = _ACCENT_COMMANDS[marks[0]]
    return "{\\" + command + (" " if command.isalpha() else "") + base + "}"
