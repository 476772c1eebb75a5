r"""Formulas that are safe in somebody else's LaTeX document.

Titles come from strangers, and text between dollars runs as TeX when the reader's document is typeset. So a formula is
parsed and written again: it may only contain the mathematical symbols and commands listed here, balanced groups and the
common environments. `\write18`, `\input`, `\def`, `\catcode`, `\char` or `^^5c` make the whole formula ordinary text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from paperdeck.storage.text import tex_symbols as symbols
from paperdeck.storage.text.tex import to_unicode
from paperdeck.storage.text.words import word_set

from .math_characters import ACCENTS, AS_ASCII, DIGITS, LOW_DIGITS, escaped, joined, script_kind, symbol_of

_SPACES = word_set(
    "quad qquad enspace enskip thinspace medspace thickspace negthinspace negmedspace negthickspace displaystyle "
    "textstyle scriptstyle scriptscriptstyle bmod mathstrut varliminf varlimsup varinjlim varprojlim dotsb deg"
)
_FUNCTIONS = symbols.FUNCTIONS - {"argmax", "argmin", "softmax", "arccosh", "arcsinh", "arctanh"}
"""Functions defined by LaTeX; others are written upright."""

_ONE_ARGUMENT = (symbols.MATH_STYLES | symbols.ALPHABETS.keys() | symbols.MATH_ACCENTS.keys()) | word_set(
    "dddot ddddot acute grave mathring underline overrightarrow overleftarrow overleftrightarrow underrightarrow "
    "underleftarrow underleftrightarrow overbrace underbrace operatorname mathord mathopen mathclose mathpunct "
    "mathinner phantom hphantom vphantom smash pmod pod mod boxed"
)
_TWO_ARGUMENTS = word_set("frac dfrac tfrac cfrac binom dbinom tbinom overset underset stackrel")
_WITH_OPTION = word_set("sqrt xrightarrow xleftarrow")
_TEXT = word_set("text mbox textrm textbf textit texttt textsf textsc textsl textup textmd textnormal emph")
_OLD_FONTS = {"rm": "mathrm", "bf": "mathbf", "it": "mathit", "sf": "mathsf", "tt": "mathtt", "cal": "mathcal"}
"""Old font switches, which newer document classes lack, with their current commands."""

_SIZES = frozenset(size + side for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m"))
_LARGE = word_set(
    "sum prod coprod int iint iiint oint smallint bigcap bigcup bigodot bigoplus bigotimes bigsqcup biguplus bigvee "
    "bigwedge max min sup inf lim limsup liminf det gcd Pr operatorname mathop injlim projlim"
)
"""Commands that may be followed by `\\limits`."""

_DELIMITERS = frozenset("{}|") | word_set(
    "langle rangle lfloor rfloor lceil rceil lvert rvert lVert rVert vert Vert lbrace rbrace lbrack rbrack backslash "
    "uparrow downarrow updownarrow Uparrow Downarrow Updownarrow ulcorner urcorner llcorner lrcorner lmoustache "
    "rmoustache"
)
_DELIMITER_SIGNS = frozenset("()[]|/.<>")
_ENVIRONMENTS = word_set(
    "matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix cases aligned gathered array split"
)
_COLUMNS = re.compile(r"\{[lcr| ]{1,20}\}")
_SIGNS = frozenset("{}|_%&$#,;:!> /")
"""Commands that are one sign: escapes and spaces."""

COMMANDS = (
    symbols.SYMBOLS.keys()
    | _SPACES
    | _FUNCTIONS
    | _ONE_ARGUMENT
    | _TWO_ARGUMENTS
    | _WITH_OPTION
    | _TEXT
    | _SIZES
    | {"left", "right", "middle", "limits", "nolimits", "not", "substack", "begin", "end"}
    | {*_SIGNS, "\\"}
)
"""Every command allowed in a formula, without its backslash."""

_KNOWN = COMMANDS | symbols.FUNCTIONS | {"hbox"}
"""Every accepted command; some are replaced by another one."""

_TOKEN = re.compile(r"(?s)\\(?P<name>operatorname\*|[A-Za-z]+)|\\(?P<sign>.)|(?P<blank>\s+)|(?P<char>.)")
_BRACE_SIGN = re.compile(r"(?<!\\)(?:\\\\)*\\([{}])(?=([A-Za-z]?))")
_BRACE = re.compile(r"[{}]")
_PLAIN_TEXT = re.compile(r"[^\\{}$^~\"]")
_MAX_NESTED = 40
_LONGEST_CHARACTERS = 2000


def safe_formula(source: str) -> str | None:
    """The formula as LaTeX that only typesets mathematics, or None if it contains anything else.

    Args:
        source: The formula without its dollar signs.
    """
    if len(source) > _LONGEST_CHARACTERS or "^^" in source:
        return None
    try:
        return _Parser(source).whole()
    except _NotMathematics:
        return None


@lru_cache(maxsize=1024)
def of_characters(text: str) -> str | None:
    """A formula for characters such as `ℝ`, `α` or `⁴`, which LaTeX doesn't accept as text; None if there is none."""
    formula = safe_formula(text)
    if formula is None or (to_unicode(f"${formula}$") != text and text != "−"):
        return None  # it could not be read back
    return "{" + ("{}" if formula[0] in "^_" else "") + formula + "}"


class _NotMathematics(Exception):
    """The formula contains something that isn't allowed, or is unbalanced."""


class _Parser:
    """Parses a formula and writes it again."""

    def __init__(self, source: str) -> None:
        self.tokens = list(_TOKEN.finditer(source))
        self.position = 0
        self.depth = 0

    def whole(self) -> str:
        written = self._list(())
        if self.position < len(self.tokens) or not written.strip():
            raise _NotMathematics
        return written.strip() if is_balanced(written) else _BRACE_SIGN.sub(_brace_name, written.strip())

    # -- tokens --------------------------------------------------------------------------------------------------------

    def _peek(self) -> str:
        """The next token, skipping spaces; empty at the end."""
        while self.position < len(self.tokens) and self.tokens[self.position]["blank"]:
            self.position += 1
        return self.tokens[self.position][0] if self.position < len(self.tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        if not token:
            raise _NotMathematics
        self.position += 1
        return token

    def _expect(self, wanted: str) -> None:
        if self._take() != wanted:
            raise _NotMathematics

    def _blank_is_next(self) -> bool:
        return self.position < len(self.tokens) and self.tokens[self.position]["blank"] is not None

    def _enter(self) -> None:
        """Count a list or a command inside others; limited, so that no formula exhausts the stack."""
        self.depth += 1
        if self.depth > _MAX_NESTED:
            raise _NotMathematics

    # -- grammar -------------------------------------------------------------------------------------------------------

    def _list(self, ends: tuple[str, ...], *, cells: bool = False) -> str:
        """Everything up to one of the end tokens, which isn't consumed, or to the end of the formula.

        Args:
            ends: The end tokens.
            cells: Whether it is a table, in which `&` and `\\\\` separate cells and rows.
        """
        self._enter()
        written = ""
        while True:
            blank = self._blank_is_next()
            token = self._peek()
            if not token or token in ends:
                break
            written = joined(written, self._item(token, ends, cells), " " if blank and written else "")
        self.depth -= 1
        return written

    def _item(self, token: str, ends: tuple[str, ...], cells: bool) -> str:
        if token in ("&", "\\\\"):
            self.position += 1
            if cells:
                return token
            if token == "&":
                return r"\&"
            raise _NotMathematics
        font = _OLD_FONTS.get(token[1:]) if token[0] == "\\" else None
        if font:
            self.position += 1
            return "\\" + font + "{" + self._list((*ends, "&", "\\\\") if cells else ends) + "}"
        return self._atom()

    def _atom(self) -> str:
        """A symbol, group or command with its sub- and superscripts, at most one of each."""
        token = self._peek()
        nucleus = "" if script_kind(token) else self._nucleus()
        if token[:1] == "\\" and token[1:].rstrip("*") in _LARGE and self._peek() in (r"\limits", r"\nolimits"):
            nucleus += self._take()
        return nucleus + self._scripts()

    def _scripts(self) -> str:
        written = seen = ""
        before = self.position
        while kind := script_kind(self._peek()):
            if kind in seen:
                raise _NotMathematics
            seen += "^'" if kind in "^'" else kind
            written += self._primes() if kind == "'" else self._script(kind)
            before = self.position
        self.position = before  # a space after the atom stays
        return written

    def _primes(self) -> str:
        """Primes, which are a superscript, joined with a superscript directly after them."""
        primes = ""
        while script_kind(self._peek()) == "'":
            self.position += 1
            primes += "'"
        return primes + (self._script("^") if script_kind(self._peek()) == "^" else "")

    def _script(self, kind: str) -> str:
        mark = self._take()
        if mark == kind:
            argument = self._argument()
            return mark + (argument if len(argument) == 1 else "{" + argument + "}")
        table = DIGITS if kind == "^" else LOW_DIGITS
        digits = table[mark]
        while (char := self._peek()) in table:
            self.position += 1
            digits += table[char]
        return kind + "{" + digits + "}"

    def _argument(self) -> str:
        """The argument of a command or script: a group without its braces, or one token."""
        token = self._peek()
        if not token or script_kind(token) or token in ("&", "\\\\", "}"):
            raise _NotMathematics
        if token == "{":
            return self._group()
        return self._nucleus()

    def _group(self, *, cells: bool = False) -> str:
        self._expect("{")
        inside = self._list(("}",), cells=cells)
        self._expect("}")
        return inside

    def _nucleus(self) -> str:
        token = self._take()
        if token == "{":
            self.position -= 1
            return "{" + self._group() + "}"
        if token[0] != "\\":
            return self._character(token)
        if len(token) == 2 and not token[1].isalpha():
            if token[1] not in _SIGNS:
                raise _NotMathematics
            return token
        self._enter()
        written = self._command(token[1:])
        self.depth -= 1
        return written

    def _character(self, char: str) -> str:
        if char in "$}^_&":
            raise _NotMathematics
        if char in "%#":
            return "\\" + char
        accents = self._accents()
        if not char.isascii():
            char = self._non_ascii(char)
        for accent in accents:
            char = "\\" + accent + "{" + char + "}"
        return char

    def _non_ascii(self, char: str) -> str:
        plain = AS_ASCII.get(char) or symbol_of(char)
        if plain:
            return plain
        if unicodedata.combining(char) or not char.isprintable():
            raise _NotMathematics
        return r"\mbox{" + char + "}"

    def _accents(self) -> list[str]:
        """Unicode accents after a character."""
        accents = []
        while self.position < len(self.tokens) and self.tokens[self.position][0] in ACCENTS:
            accents.append(ACCENTS[self.tokens[self.position][0]])
            self.position += 1
        return accents

    # -- commands ------------------------------------------------------------------------------------------------------

    def _command(self, name: str) -> str:
        bare = name.rstrip("*")
        if bare not in _KNOWN:
            raise _NotMathematics
        if bare in ("left", "begin"):
            return self._fence() if bare == "left" else self._environment()
        if bare in ("right", "middle", "end", "limits", "nolimits"):
            raise _NotMathematics
        if bare in symbols.FUNCTIONS - _FUNCTIONS:
            return r"\mathrm{" + bare + "}"
        if bare in _SIZES:
            return joined("\\" + bare, self._delimiter())
        if bare == "not":
            return joined(r"\not", self._nucleus())
        return "\\" + name.replace("hbox", "mbox") + self._arguments(bare)

    def _arguments(self, name: str) -> str:
        if name in _TEXT or name == "hbox":
            return "{" + self._text() + "}"
        if name == "substack":
            return "{" + self._group(cells=True) + "}"
        option = ""
        if name in _WITH_OPTION and self._peek() == "[":
            self.position += 1
            option = "[" + self._list(("]",)) + "]"
            self._expect("]")
        count = 2 if name in _TWO_ARGUMENTS else 1 if name in _ONE_ARGUMENT or name in _WITH_OPTION else 0
        return option + "".join("{" + self._argument() + "}" for _ in range(count))

    def _text(self) -> str:
        """The argument of a command for text, its special characters escaped."""
        if self._peek() != "{":
            token = self._take()
            if not _PLAIN_TEXT.fullmatch(token):
                raise _NotMathematics
            return escaped(token)
        self.position += 1
        written = ""
        depth = 1
        for token in (found[0] for found in self.tokens[self.position :]):
            self.position += 1
            depth += (token == "{") - (token == "}")
            if not depth:
                return written
            if token in (r"\{", r"\}"):
                written += "(" if token == r"\{" else ")"
            elif token in "{}" or (token[0] == "\\" and token[1:] in _SIGNS - {"|", "/", "!", ">", ":", ";"}):
                written += token
            elif token.isspace() or _PLAIN_TEXT.fullmatch(token):
                written += escaped(token)
            elif token == "~":
                written += " "
            else:
                break
        raise _NotMathematics

    def _delimiter(self) -> str:
        token = self._take()
        if token in _DELIMITER_SIGNS or (token[0] == "\\" and token[1:] in _DELIMITERS):
            return token
        if len(token) == 1 and (command := symbol_of(token)) and command[1:] in _DELIMITERS:
            return command
        raise _NotMathematics

    def _fence(self) -> str:
        written = joined(r"\left", self._delimiter())
        while True:
            written = joined(written, self._list((r"\right", r"\middle")))
            token = self._take()
            written = joined(written, joined(token, self._delimiter()))
            if token == r"\right":
                return written

    def _environment(self) -> str:
        name = self._environment_name()
        columns = ""
        if name == "array":
            rest = "".join(token[0] for token in self.tokens[self.position :])
            found = _COLUMNS.match(rest)
            if not found:
                raise _NotMathematics
            columns = found[0]
            self.position += len(found[0]) - sum(len(run) - 1 for run in re.findall(r"\s+", found[0]))
        inside = self._list((r"\end",), cells=True)
        self._expect(r"\end")
        if self._environment_name() != name:
            raise _NotMathematics
        return rf"\begin{{{name}}}{columns} {inside} \end{{{name}}}"

    def _environment_name(self) -> str:
        self._expect("{")
        name = ""
        while (token := self._take()) != "}":
            name += token
        if name not in _ENVIRONMENTS:
            raise _NotMathematics
        return name


def is_balanced(text: str) -> bool:
    """Whether braces are balanced as BibTeX counts them, even after a backslash."""
    depth = 0
    for brace in _BRACE.findall(text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _brace_name(found: re.Match[str]) -> str:
    return (r"\lbrace" if found[1] == "{" else r"\rbrace") + (" " if found[2] else "")
