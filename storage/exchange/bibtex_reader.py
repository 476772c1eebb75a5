"""A tolerant reader of BibTeX and biblatex files.

It knows braces, quotation marks, `#`, `@string`, `@comment` and text between entries. A broken entry is reported and
passed over; the next one begins at the next `@` at the start of a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from paperdeck.storage.text.clean import clean_line
from paperdeck.storage.text.tex import find_mathematics, to_unicode
from paperdeck.storage.text.words import MONTHS

_MONTHS = tuple(month[:3].lower() for month in MONTHS)
_START = re.compile(r"@\s*(?P<kind>[A-Za-z]+)\s*(?P<open>[{(])")
_NEXT = re.compile(r"^[ \t]*@", re.MULTILINE)
_KEY = re.compile(r"\s*(?P<key>[^\s,{}()=\"]*)\s*(?=[,})])")
_NAME = re.compile(r"[\s,]*(?P<name>[^\s=,{}()\"#]+)\s*=\s*")
_BARE = re.compile(r"[^\s,{}()\"#=]+")
_GLUE = re.compile(r"\s*#\s*")
_BLANKS = re.compile(r"[\s,]*")
_BRACES = re.compile(r"[{}]")
_MAX_VALUE = 200_000

_OPEN, _CLOSE = "\ue000", "\ue001"
_FIRST_FORMULA = 0xE010
_LAST_FORMULA = 0xF8FF


@dataclass(frozen=True, slots=True)
class BibEntry:
    """One entry, its values as they stand in the file."""

    kind: str
    """The type in small letters, such as `misc`."""
    key: str
    line: int
    """Where it begins in the file, from 1."""
    fields: dict[str, str] = field(default_factory=dict)
    """Values by the field's name in small letters, without the outer delimiters."""

    def text(self, name: str) -> str:
        """A field's value as readable text, formulas left in TeX; empty if it isn't there."""
        return decode(self.fields.get(name, ""))


@dataclass(frozen=True, slots=True)
class Broken:
    """Where an entry could not be read."""

    line: int
    reason: str


class _Malformed(Exception):
    """The entry can't be read."""


def read_bibtex(text: str) -> Iterator[BibEntry | Broken]:
    """The entries of a file in order, and what is broken."""
    macros = {month: month for month in _MONTHS}
    position = 0
    line, counted = 1, 0
    while start := _START.search(text, position):
        line += text.count("\n", counted, start.start())
        counted = start.start()
        kind = start["kind"].lower()
        reader = _EntryReader(text, start.end(), macros, "}" if start["open"] == "{" else ")")
        try:
            if kind == "string":
                macros |= {name.lower(): value for name, value in reader.fields()}
            elif kind in ("comment", "preamble"):
                reader.skip_group()
            else:
                yield BibEntry(kind, reader.key(), line, {name.lower(): value for name, value in reader.fields()})
            position = reader.position
        except _Malformed as error:
            if kind != "comment":
                yield Broken(line, str(error))
            following = _NEXT.search(text, start.end())
            position = following.start() if following else len(text)


class _EntryReader:
    """Reads one entry from behind its opening delimiter."""

    def __init__(self, text: str, position: int, macros: dict[str, str], end: str) -> None:
        self.text = text
        self.position = position
        self.macros = macros
        self.end = end

    def key(self) -> str:
        found = _KEY.match(self.text, self.position)
        if not found:
            raise _Malformed("its key can't be read")
        self.position = found.end()
        return found["key"]

    def fields(self) -> Iterator[tuple[str, str]]:
        """The fields up to the closing delimiter, which is passed."""
        while True:
            blanks = _BLANKS.match(self.text, self.position)
            self.position = blanks.end() if blanks else self.position
            if self.text.startswith(self.end, self.position):
                self.position += 1
                return
            name = _NAME.match(self.text, self.position)
            if not name:
                raise _Malformed("a field in it has no name or no end")
            self.position = name.end()
            yield name["name"], self._value()

    def skip_group(self) -> None:
        """Pass over everything up to the closing brace."""
        if self.end == "}":
            self._braced()

    def _value(self) -> str:
        """A value, the parts of which may be glued by `#`."""
        value = self._part()
        while glue := _GLUE.match(self.text, self.position):
            self.position = glue.end()
            value += self._part()
        return value

    def _part(self) -> str:
        opening = self.text[self.position : self.position + 1]
        if opening in ("{", '"'):
            self.position += 1
            return self._braced() if opening == "{" else self._quoted()
        bare = _BARE.match(self.text, self.position)
        if not bare:
            raise _Malformed("a field in it has no value")
        self.position = bare.end()
        return self.macros.get(bare[0].lower(), bare[0])

    def _braced(self) -> str:
        """What stands up to the brace that closes the one before the position."""
        start, depth = self.position, 1
        for brace in _BRACES.finditer(self.text, start, start + _MAX_VALUE):
            depth += 1 if brace[0] == "{" else -1
            if not depth:
                self.position = brace.end()
                return self.text[start : brace.start()]
        raise _Malformed("a brace in it is never closed")

    def _quoted(self) -> str:
        start, depth = self.position, 0
        for index in range(start, min(len(self.text), start + _MAX_VALUE)):
            char = self.text[index]
            depth += (char == "{") - (char == "}")
            if char == '"' and not depth:
                self.position = index + 1
                return self.text[start:index]
        raise _Malformed("a quotation mark in it is never closed")


# -- values ----------------------------------------------------------------------------------------------------------


def decode(value: str) -> str:
    """A value as readable text on one line: accents and commands in Unicode, grouping braces gone, formulas kept."""
    formulas: list[str] = []
    written = []
    position = 0
    value = " ".join(value.split())
    for found in find_mathematics(value):
        if _FIRST_FORMULA + len(formulas) > _LAST_FORMULA:
            break
        written += [value[position : found.start()], chr(_FIRST_FORMULA + len(formulas))]
        formulas.append(_as_it_was(found[0]))
        position = found.end()
    text = "".join(written) + value[position:]
    text = re.sub(r"(?<!\\)~", " ", text).replace(r"\{", _OPEN).replace(r"\}", _CLOSE)
    text = _BRACES.sub("", to_unicode(text)).replace(_OPEN, "{").replace(_CLOSE, "}")
    return clean_line("".join(_formula(char, formulas) for char in text))


def _as_it_was(formula: str) -> str:
    """A formula of `storage.cite.latex`: what it made of characters and bare scripts is taken back."""
    inner = formula[1:-1]
    if inner.startswith(("{}^{", "{}_{")):
        return inner[2:]
    if not is_group(inner):
        return formula
    return "−" if inner == "{-}" else to_unicode(formula)


def _formula(char: str, formulas: list[str]) -> str:
    index = ord(char) - _FIRST_FORMULA
    return formulas[index] if 0 <= index < len(formulas) else char


def split_names(value: str) -> list[str]:
    """The names in an author field, each as readable text; `Family, Given` stays in that order, groups lose braces."""
    names = []
    depth = start = 0
    for found in re.finditer(r"[{}]|\s+and\s+", value, re.IGNORECASE):
        if found[0] in "{}":
            depth += 1 if found[0] == "{" else -1
        elif depth == 0:
            names.append(value[start : found.start()])
            start = found.end()
    return [name.strip() for name in [*names, value[start:]] if name.strip()]


def is_group(name: str) -> bool:
    """Whether a name of an author field stands between braces as a whole."""
    if not (name.startswith("{") and name.endswith("}")):
        return False
    depth = 0
    for index, char in enumerate(name):
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return index == len(name) - 1
    return False
