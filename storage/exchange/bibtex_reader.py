"""A tolerant reader of BibTeX and biblatex files.

It knows braces, quotation marks, `#`, `@string`, `@comment` and text between entries. A broken entry is reported and
skipped; the next one begins at the next `@` at the start of a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, field

from paperdeck.storage.text.bibtex import decode
from paperdeck.storage.text.words import MONTHS

from .records import Leftover

_MONTHS = tuple(month[:3].lower() for month in MONTHS)
_START = re.compile(r"(?<![\w.])@\s*+(?P<kind>[A-Za-z][\w.+-]*+)?\s*+(?P<open>[{(])")
_NEXT = re.compile(r"^[ \t]*@", re.MULTILINE)
_KEYS = {
    end: re.compile(rf"\s*+(?P<key>(?:{groups}|[^,{{}}=\n{end}])*+)(?:,|(?=[\n{end}]))")
    for end, groups in (("}", r"\{[^{}=\n]*\}"), (")", r"\{[^{}=\n]*\}|\([^()=,\n]*\)"))
}
"""A key, by the delimiter that ends the entry; it may hold spaces, brackets and groups."""
_FIELD_AHEAD = re.compile(r"\s*[^\s=,{}()\"#]+\s*=")
_CONTINUES = re.compile(r"\s*,\s*[A-Za-z][\w-]*\s*=\s*[{\"\d]")
_SWALLOWED = re.compile(r",\s*[A-Za-z][\w-]*\s*=\s*[{\"]")
"""Another field within a value, as when a closing brace is missing."""
_NAME = re.compile(r"[\s,]*(?P<name>[^\s=,{}()\"#]+)\s*=\s*")
_BARE = re.compile(r"[^\s,{}()\"#=]+")
_GLUE = re.compile(r"\s*#\s*")
_BLANKS = re.compile(r"(?:[\s,;]|(?<!\\)%[^\n]*(?:\n|$))*")
_BRACES = re.compile(r"[{}]")
_QUOTE = re.compile(r"[{}\"]")
_LONGEST_VALUE_CHARACTERS = 5_000_000
_SHOWN_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class BibEntry:
    """One entry, its values as written in the file."""

    kind: str
    """The type in lower case, such as `misc`."""
    key: str
    line: int
    """Where it begins in the file, from 1."""
    fields: dict[str, str] = field(default_factory=dict)
    """Values by the field's name in lower case, without the outer delimiters."""

    def text(self, name: str) -> str:
        """A field's value as readable text, formulas left in TeX; empty if it isn't there."""
        return decode(self.fields.get(name, ""))


class _Malformed(Exception):
    """The entry can't be read."""


def read_bibtex(text: str) -> Iterator[BibEntry | Leftover]:
    """The entries of a file in order; after a broken one, what is wrong with it."""
    macros = {month: month for month in _MONTHS}
    unclosed = _unclosed(text)
    position = 0
    line, counted = 1, 0
    while start := _START.search(text, position):
        line += text.count("\n", counted, start.start())
        counted = start.start()
        kind = (start["kind"] or "misc").lower()
        reader = _EntryReader(text, unclosed, start.end(), macros, "}" if start["open"] == "{" else ")")
        try:
            if kind == "string":
                macros |= {name.lower(): value for name, value in reader.fields()}
            elif kind in ("comment", "preamble"):
                reader.skip_group()
            else:
                yield BibEntry(kind, reader.key(), line, reader.all_fields())
                if reader.continued:
                    reason = f"has an extra “{reader.end}”; the fields after it were read"
                    yield Leftover(line, reader.name(kind), reason, read=True)
            position = reader.position
        except _Malformed as error:
            if reader.is_trustworthy:
                yield BibEntry(kind, reader.found_key, line, reader.found)
                reason = f"is damaged: {error}; the fields before that were read"
                yield Leftover(line, reader.name(kind), reason, read=True)
            elif kind != "comment":
                yield Leftover(line, reader.name(kind), f"was skipped: {error}")
            following = _NEXT.search(text, start.end())
            position = following.start() if following else len(text)


def _unclosed(text: str) -> Set[int]:
    """The places of the braces that are never closed, so that nobody looks for their ends again and again."""
    opened: list[int] = []
    for brace in _BRACES.finditer(text):
        if brace[0] == "{":
            opened.append(brace.start())
        elif opened:
            opened.pop()
    return frozenset(opened)


class _EntryReader:
    """Reads one entry, starting after its opening delimiter."""

    def __init__(self, text: str, unclosed: Set[int], position: int, macros: dict[str, str], end: str) -> None:
        self.text = text
        self.unclosed = unclosed
        self.position = position
        self.macros = macros
        self.end = end
        self.continued = False
        self.found: dict[str, str] = {}
        """The fields read so far."""
        self.found_key = ""
        self._start = position

    @property
    def is_trustworthy(self) -> bool:
        """Whether the fields of a damaged entry can be trusted: no value contains another field."""
        return "title" in self.found and not any(map(_SWALLOWED.search, self.found.values()))

    def name(self, kind: str) -> str:
        """The entry's name in messages: its type and key, or without a key its first words."""
        words = self.text[self._start : self._start + _SHOWN_CHARACTERS].strip()
        return f"@{kind} {self.found_key or words.partition(chr(10))[0]}".strip()

    def key(self) -> str:
        """The key; empty if the entry begins with a field."""
        if _FIELD_AHEAD.match(self.text, self.position):
            return ""
        found = _KEYS[self.end].match(self.text, self.position)
        if not found:
            raise _Malformed("its key can't be read")
        self.position = found.end()
        self.found_key = found["key"].strip()
        return self.found_key

    def all_fields(self) -> dict[str, str]:
        """The fields by lower-case name; of two with the same name, the first."""
        for name, value in self.fields():
            self.found.setdefault(name.lower(), value)
        return self.found

    def fields(self) -> Iterator[tuple[str, str]]:
        """The fields up to the closing delimiter, which is passed."""
        while True:
            blanks = _BLANKS.match(self.text, self.position)
            self.position = blanks.end() if blanks else self.position
            if self.text.startswith(self.end, self.position):
                self.position += 1
                if not _CONTINUES.match(self.text, self.position):
                    return
                self.continued = True
                continue
            name = _NAME.match(self.text, self.position)
            if not name:
                raise _Malformed("a field in it has no name or no end")
            self.position = name.end()
            yield name["name"], self._value()

    def skip_group(self) -> None:
        """Skip everything up to the closing brace."""
        if self.end == "}":
            self._braced()

    def _value(self) -> str:
        """A value, whose parts may be joined by `#`."""
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
        """The text up to the brace that closes the one before the position."""
        start, depth = self.position, 1
        if start - 1 in self.unclosed:
            raise _Malformed("a brace in it is never closed")
        for brace in _BRACES.finditer(self.text, start, start + _LONGEST_VALUE_CHARACTERS):
            depth += 1 if brace[0] == "{" else -1
            if not depth:
                self.position = brace.end()
                return self.text[start : brace.start()]
        raise _Malformed("a brace in it is never closed")

    def _quoted(self) -> str:
        start, depth = self.position, 0
        for sign in _QUOTE.finditer(self.text, start, start + _LONGEST_VALUE_CHARACTERS):
            if sign[0] == '"' and not depth:
                self.position = sign.end()
                return self.text[start : sign.start()]
            depth += (sign[0] == "{") - (sign[0] == "}")
            if depth < 0 or sign.start() in self.unclosed:
                break
        raise _Malformed("a quotation mark in it is never closed")
