"""Makes TeX in titles and abstracts readable: `$O(n^2)$` becomes O(n²), `H\\"older` becomes Hölder.

Only mathematics (`$…$`, `\\(…\\)`) and text commands are converted, so that `$5 and $10` or `100% of R&D` stay as they
are. An unknown command is replaced by its argument; one without an argument stays. The Hub strips backslashes
(`mathcal{L}`); a fixed list of such words is repaired. The paper keeps the original text, which citations and the
search use.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping

from . import tex_linear as linear
from . import tex_symbols as symbols
from .clean import clean_line, clean_text

_SIGNS = re.compile(r"[\\${]|``|scriptsize|footnotesize|normalsize")
_IN_FORMULA = r"(?> \\(?:text[a-z]*|mbox|hbox) \{ (?:[^{}]|\{[^{}]*\})*+ \} | [^$\\] | \\. )"
"""A character or command in a formula, or words in it, which may hold formulas themselves."""
_MATH = re.compile(
    rf"""(?xs)
      (?<!\\) \$\$ (?P<display> {_IN_FORMULA}{{1,800}} ) \$\$
    | (?<!\\) \$ (?P<command> \\[A-Za-z]+ ) \$
    | (?<!\\) \$ (?P<tight> (?=\S) {_IN_FORMULA}{{1,800}} (?<=\S) ) \$ (?!\d)
    | (?<!\\) \$ (?P<loose> (?!\d) (?=[^$]*[\\^_]) {_IN_FORMULA}{{1,800}} ) \$ (?!\d)
    | (?<!\\) \$ (?P<signs> (?!\d) (?=[^$\s]*[\\^_{{}}=<>]) (?:[^$\\\s]|\\.){{1,80}} ) \$ (?=\d)
    | \\\( (?P<round> .{{1,800}}? ) \\\)
    | \\\[ (?P<square> .{{1,800}}? ) \\\]
    """
)
_UNMISTAKABLE = re.compile(r"[\\^_{}=<>]")
_LONG_WORD = re.compile(r"[A-Za-z]{3,}")

_STRIPPED = re.compile(
    r"(?<![\\A-Za-z])(mathcal|mathbb|mathbf|mathrm|mathsf|mathfrak|textbf|textit|texttt|textsc|operatorname|emph)(?=\{)"
)
_STRIPPED_SIZE = re.compile(r"\b(?:scriptsize|footnotesize|normalsize)(?=[A-Z])")

_COMMAND = re.compile(r"\\(?:(?P<name>[A-Za-z]+)\*?|(?P<sign>.))", re.DOTALL)
_PLAIN = re.compile(r"[^\\{}$^_&]+")
_BLANKS = re.compile(r"\s*")
_OPTION = re.compile(r"(?:\[[^\[\]]{0,80}\](?=[\[{]))*")
"""Optional arguments before the argument of a command."""

_NO_FENCE = re.compile(r"\s*\.?")
_IN_MATH = str.maketrans({"~": " ", "'": "′"})
_SIMPLE_INDEX = re.compile(r"[A-Za-z0-9.]+")
_NEXT_OPERAND = re.compile(r"[^\W_]|\\(?!left|big|Big|limits)[A-Za-z]")
_MAX_NESTED_GROUPS = 30
_GROUP = re.compile(r"\{([^{}]*)\}")
_UNIT = re.compile(r"\\([A-Za-z]+)\s*")
_BASE = re.compile(r"\{?\s*(?:\\(?:[a-zA-Z]|ae|AE|oe|OE|aa|AA|[ou]horn|[OU]HORN)\b|[^\W\d_]|\\[`'^~\"=.])")
"""The beginning of an accent's base: a letter, a command for one, or another accent."""


def to_unicode(text: str) -> str:
    """Convert TeX to readable Unicode; text without TeX is returned unchanged.

    Never fails: unknown TeX stays as written. Whatever the input, the result has no control characters except line
    feeds.
    """
    if not _SIGNS.search(text):
        return text if text.isprintable() else clean_text(text)
    repaired = _STRIPPED_SIZE.sub("", _STRIPPED.sub(r"\\\1", linear.without_marks(text)))
    return _clean_lines(linear.settled(_Reader(repaired).read()))


def rows_to_unicode(formula: str) -> list[str]:
    """The rows of a display formula, given without dollar signs, as readable Unicode."""
    rows = linear.rows_of(linear.without_marks(formula))
    return [clean_line(linear.settled(_Reader(row, math=True).read())) for row in rows]


def formula_at(text: str, position: int, end: int) -> re.Match[str] | None:
    """The formula that begins at a position of a text and ends before `end`, if there is one."""
    found = _MATH.match(text, position, end)
    return found if found and _is_mathematics(found) else None


def find_mathematics(text: str) -> Iterator[re.Match[str]]:
    """The formulas in a text, in order, with delimiters; an amount of money doesn't count."""
    position = 0
    while found := _MATH.search(text, position):
        if _is_mathematics(found):
            yield found
            position = found.end()
        else:
            position = found.start() + 1


def _is_mathematics(found: re.Match[str]) -> bool:
    """Whether the text between dollar signs is a formula, rather than words between two amounts of money."""
    inner = found["tight"]
    if "\n\n" in found[0]:
        return False
    if inner is None or _UNMISTAKABLE.search(inner) or not re.search(r"\s", inner):
        return True
    words = set(_LONG_WORD.findall(inner))
    return not inner[0].isdecimal() and words <= symbols.FUNCTIONS


def _clean_lines(text: str) -> str:
    return "\n".join(map(clean_line, re.split(r"\r\n?|[\n\u2028\u2029]", text)))


class _Reader:
    """Converts a text in one pass."""

    def __init__(self, text: str, *, math: bool = False, depth: int = 0) -> None:
        self.text = text
        self.math = math
        self.depth = depth
        self.position = 0
        self.last = ""
        self.environments: list[linear.Environment] = []
        self._has_quotes = "``" in text

    def read(self, end: str = "") -> str:
        """Everything up to the character `end`, or to the end of the text."""
        written = []
        self.last = ""
        while self.position < len(self.text):
            char = self.text[self.position]
            if char == end:
                break
            piece = self._next(char)
            self.last = piece.rstrip(linear.MARKS)[-1:] or self.last
            written.append(piece)
        return "".join(written)

    def _next(self, char: str) -> str:
        if plain := _PLAIN.match(self.text, self.position):
            self.position = plain.end()
            return plain[0].translate(_IN_MATH) if self.math else self._with_quotes(plain[0])
        if char in "\\$" and not self.math and (formula := self._formula()) is not None:
            return formula
        if char == "\\":
            return self._command()
        if char == "{" and self.depth < _MAX_NESTED_GROUPS:
            return self._group()
        if char == "&" and self.math:
            self.position += 1
            return self._environment().cell
        if char in "^_" and (self.math or self._peek(1) in ("{", "\\")):
            return self._script(char)
        self.position += 1
        return char

    def _with_quotes(self, plain: str) -> str:
        return plain.replace("``", "“").replace("''", "”") if self._has_quotes else plain

    def _peek(self, ahead: int = 0) -> str:
        return self.text[self.position + ahead : self.position + ahead + 1]

    def _skip(self, pattern: re.Pattern[str] = _BLANKS) -> None:
        self.position = linear.end_of(pattern, self.text, self.position)

    def _formula(self) -> str | None:
        """The formula that starts here; None if there is none."""
        found = formula_at(self.text, self.position, len(self.text))
        if not found or self.depth >= _MAX_NESTED_GROUPS:
            return None
        self.position = found.end()
        formula = _Reader(found[found.lastgroup or 0], math=True, depth=self.depth + 1).read().strip()
        return linear.settled(formula, self.last, self._peek())

    def _group(self) -> str:
        """A group in braces; in text the braces stay, unless they hold only a command or the base of a script."""
        self.position += 1
        command = self._peek() == "\\"
        inside = self._inside()
        if self._peek() != "}":
            return "{" + inside
        self.position += 1
        based = self._peek() in ("^", "_") and self._peek(1) == "{"
        return inside if self.math or command or based else "{" + inside + "}"

    def _inside(self) -> str:
        before, self.depth = self.last, self.depth + 1
        inside = self.read("}")
        self.last, self.depth = before, self.depth - 1
        return inside

    def _argument(self, math: bool) -> str:
        """The argument of a command: a group, a command or one character."""
        if self.depth >= _MAX_NESTED_GROUPS:
            return ""
        self._skip()
        mode, self.math = self.math, math
        char = self._peek()
        if char == "{":
            self.position += 1
            argument = self._inside()
            self.position += 1
        elif char == "\\":
            self.depth += 1
            argument = self._command()
            self.depth -= 1
        else:
            self.position += 1
            argument = char
        self.math = mode
        return argument

    def _script(self, mark: str) -> str:
        self.position += 1
        raw_start = self.position
        content = "".join(self._argument(math=True).split(" "))
        raw = self.text[raw_start : self.position].strip("{} ")
        if raw in symbols.STRIPPED_NAMES:
            content = symbols.symbol(raw) or raw
        return self._scripted(mark, content)

    def _scripted(self, mark: str, content: str) -> str:
        table = symbols.SUPERSCRIPTS if mark == "^" else symbols.SUBSCRIPTS
        word = mark == "_" and len(content) > 2 and content.isascii() and content.isalpha()
        if not word and all(char in table for char in content):
            return "".join(table[char] for char in content)
        simple = len(content) == 1 or word or (mark == "_" and _SIMPLE_INDEX.fullmatch(content))
        return linear.index(mark, content) if simple else f"{mark}({content})"

    def _command(self) -> str:
        found = _COMMAND.match(self.text, self.position)
        if not found:
            self.position += 1
            return "\\"
        self.position = found.end()
        if found["sign"]:
            return self._sign(found["sign"])
        known = self._named(found["name"])
        if known is None:
            return self._unknown(found[0])
        if found["name"].startswith("text") and found["name"] in symbols.WORDS and not self.math:
            self._skip()  # TeX ends the name of a command at the space
        if self.text.startswith("{}", self.position):
            self.position += 2
        return known

    def _unknown(self, command: str) -> str:
        """An unknown command: in text its argument, if it has one; else the command itself."""
        if not self.math:
            self._skip(_OPTION)
        if self._peek() != "{" or self.depth >= _MAX_NESTED_GROUPS:
            return command
        if not self.math:
            return self._argument(math=False)
        while self._peek() == "{":
            command += f"{{{self._argument(math=True)}}}"
        return command

    def _sign(self, sign: str) -> str:
        if not self.math and sign in symbols.SIGN_ACCENTS:
            stands = _BASE.match(self.text, self.position)
            return _accented(self._argument(math=False), symbols.SIGN_ACCENTS[sign]) if stands else sign
        if sign == "\\" and self.math:
            self._skip(linear.ROW_END)
            return self._environment().row
        return symbols.ESCAPES.get(sign, "\\" + sign)

    def _named(self, name: str) -> str | None:
        """The text for a command with its arguments, or None."""
        if name in symbols.LETTERS:
            self._skip()
            return symbols.LETTERS[name]
        if name in symbols.DECLARATIONS:
            self._skip()
            return ""
        if name in symbols.FENCES:
            self._skip(_NO_FENCE)
            return ""
        if name in symbols.FUNCTIONS and self.math:
            return self._function(name)
        if not self.math and name in symbols.LETTER_ACCENTS:
            return _accented(self._argument(math=False), symbols.LETTER_ACCENTS[name])
        with_argument = self._with_argument(name)
        return symbols.symbol(name) if with_argument is None else with_argument

    def _with_argument(self, name: str) -> str | None:
        if name in symbols.MATH_ACCENTS and (self.math or name not in symbols.TEXT_STYLES):
            return linear.accented(name, self._argument(self.math))
        if name in symbols.TEXT_STYLES:
            return self._argument(math=False)
        if name == "ensuremath":
            return self._argument(math=True)
        if name in symbols.MATH_STYLES:
            return self._argument(self.math)
        if name in symbols.ALPHABETS:
            return symbols.in_alphabet(self._argument(math=True), symbols.ALPHABETS[name])
        if name in symbols.DROPPED:
            self._skip(_OPTION)
            self._argument(math=False)
            return ""
        read = _READERS.get(name) or (_MATH_READERS.get(name) if self.math else None)
        return read(self) if read else None

    def _function(self, name: str) -> str:
        """A function's name, with a space on each side that would touch a letter or a number."""
        before = " " if self.last.isalnum() or self.last in (")", "]") else ""
        after = " " if _NEXT_OPERAND.match(self.text, self.position) else ""
        return before + name + after

    def _root(self) -> str:
        degree = ""
        if self._peek() == "[" and (end := self.text.find("]", self.position, self.position + 20)) > 0:
            inner = _Reader(self.text[self.position + 1 : end], math=True, depth=self.depth + 1)
            degree = self._scripted("^", "".join(inner.read().split()))
            self.position = end + 1
        return linear.root(degree, self._argument(math=True))

    def _environment(self) -> linear.Environment:
        return self.environments[-1] if self.environments else linear.PLAIN

    def _begin(self) -> str:
        environment, self.position = linear.beginning(self.text, self.position)
        if environment is None:
            return "\\begin"
        self._skip()
        self.environments.append(environment)
        return environment.opening

    def _end(self) -> str:
        self._skip(linear.NAME)
        return self.environments.pop().closing if self.environments else ""

    def _first(self) -> str:
        """The first of two arguments; the second, for the outline of a PDF, is skipped."""
        first = self._argument(self.math)
        self._argument(math=False)
        return first

    def _blank_before_words(self) -> str:
        self._skip()
        return " " if self._peek().isalnum() else ""

    def _second(self) -> str:
        """The second of two arguments; the first, a link or a colour, is skipped."""
        self._argument(math=False)
        return self._argument(self.math)

    def _moved(self, table: Mapping[str, str]) -> str:
        """Text as superscript or subscript, as far as Unicode has the characters."""
        text = self._argument(math=False)
        return "".join(table[char] for char in text) if all(char in table for char in text) else text

    def _unit(self) -> str:
        self._skip()
        found = _GROUP.match(self.text, self.position)
        if not found:
            return self._argument(math=False)
        self.position = found.end()
        return _UNIT.sub(lambda unit: symbols.UNITS.get(unit[1], unit[1]), found[1])


_READERS: dict[str, Callable[[_Reader], str]] = {
    **dict.fromkeys(
        ("frac", "tfrac", "dfrac"),
        lambda reader: linear.fraction(reader._argument(math=True), reader._argument(math=True)),
    ),
    "sqrt": _Reader._root,
    "operatorname": lambda reader: reader._function(reader._argument(math=True).strip()),
    "texorpdfstring": _Reader._first,
    **dict.fromkeys(("href", "textcolor", "foreignlanguage", "raisebox", "scalebox"), _Reader._second),
    "xspace": _Reader._blank_before_words,
    **dict.fromkeys(("footnote", "tag"), lambda reader: f" ({reader._argument(math=False).strip()})"),
    **dict.fromkeys(("enquote", "mkbibquote"), lambda reader: f"“{reader._argument(math=False)}”"),
    "textsuperscript": lambda reader: reader._moved(symbols.SUPERSCRIPTS),
    "textsubscript": lambda reader: reader._moved(symbols.SUBSCRIPTS),
    **dict.fromkeys(("SI", "qty"), lambda reader: f"{reader._argument(math=False)} {reader._unit()}"),
    **dict.fromkeys(("si", "unit"), _Reader._unit),
}
"""What reads a command whose arguments have rules of their own."""

_MATH_READERS: dict[str, Callable[[_Reader], str]] = {
    "begin": _Reader._begin,
    "end": _Reader._end,
    "substack": lambda reader: reader._argument(math=True),
}
"""The same for commands that mean nothing outside mathematics."""


def _accented(base: str, accent: str) -> str:
    """Add an accent to a letter, which may have accents already; longer text stays as it is."""
    letter = {"ı": "i", "ȷ": "j"}.get(base.strip(), base.strip().removeprefix("\\"))
    if letter[:1].isalpha() and all(map(unicodedata.combining, letter[1:])):
        return unicodedata.normalize("NFC", letter + accent)
    return base
