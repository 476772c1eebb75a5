"""The query language: what a reader types becomes a frozen tree.

    words "a phrase" -not ( grouped OR not )      all must match; AND binds tighter than OR
    author:bengio  org:="Google DeepMind"         a part of a field; := is the whole of it
    author:(bengio OR lecun)                      a field for a whole group
    2401.12345                                    an id or a link to a paper: that paper
    is:unread  has:code  upvotes:>20              marks, what is there, numbers
    date:2026-11  since:7d  sort:-date            days, and the order (- reverses it)

The parser runs at every key, so it forgives what is on its way to being right: a phrase or a group that is not closed
yet ends with the text. A bracket inside a word belongs to the word, so `O(n^2)` needs no quotation marks.
"""

from __future__ import annotations

import re
from datetime import date
from difflib import get_close_matches

from paperdeck.storage.errors import InvalidInput

from . import dates
from .rank import SORT_KEYS, Sort
from .tree import (
    DATE_FIELDS,
    NUMBERS,
    STATES,
    TEXT_FIELDS,
    THINGS,
    Days,
    Has,
    Is,
    Node,
    Not,
    Number,
    Query,
    Text,
    conjunction,
    disjunction,
    field_query,
    paper_id,
)

__all__ = ["FIELDS", "Query", "QueryError", "field_query", "parse"]

FIELDS = (*TEXT_FIELDS, "is", "has", *NUMBERS, *DATE_FIELDS, "sort")
"""Every name that may stand before a colon."""

_MAX_LENGTH = 2000
_MAX_DEPTH = 50
_FIELD = re.compile(r"([A-Za-z]+):(?!//)(?=\S)")
_NUMBER = re.compile(r"(>=|<=|>|<|=)?(\d{1,9})")
_CLOSING = {'"': '"', "“": "”", "„": "“"}
_ESCAPED = re.compile(r'\\(["\\])')
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")  # from bytes of the command line that are no UTF-8
_VALUES = {"is": STATES, "has": THINGS, "sort": SORT_KEYS}


class QueryError(InvalidInput):
    """A query that can't be understood; its text is one sentence with the place and, where there is one, a hint."""

    def __init__(self, message: str, position: int, hint: str | None = None, choices: str = "") -> None:
        end = f", did you mean “{hint}”?" if hint else f"; {choices}." if choices else "."
        self.reason = f"{message} at character {position + 1}{end}"
        """The sentence as it stands behind a colon, with a small letter."""
        super().__init__(self.reason[0].upper() + self.reason[1:])
        self.position = position
        """The number of characters before the place where it goes wrong."""
        self.hint = hint
        """What was probably meant, if that can be guessed."""


def parse(text: str) -> Query:
    """Read a query; an empty one matches everything.

    Raises:
        QueryError: the text can't be understood.
    """
    if len(text) > _MAX_LENGTH:
        raise QueryError(f"the query is too long, {_MAX_LENGTH} characters are the most,", _MAX_LENGTH)
    return _Parser(_HALF_A_PAIR.sub("�", text)).query()


class _Parser:
    """A descent through the text; `place` is the next character to read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.groups = 0  # open brackets
        self.depth = 0  # open brackets and signs, so that no query exhausts the stack
        self.field: str | None = None  # of the group that is being read
        self.sort: Sort | None = None

    def query(self) -> Query:
        return Query(self._any_of(), self.sort)

    def _any_of(self) -> Node | None:
        nodes = [self._all_of()]
        while self._takes("OR"):
            if self._at_end():
                raise QueryError("nothing follows “OR”", self.place)
            nodes.append(self._all_of())
        return disjunction(*nodes)

    def _all_of(self) -> Node | None:
        nodes: list[Node | None] = []
        while not self._at_end() and not self._sees("OR"):
            if not self._takes("AND"):
                nodes.append(self._one())
        return conjunction(*nodes)

    def _one(self) -> Node | None:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise QueryError("too many brackets or signs inside each other", self.place)
        node = self._negated() if self._is_sign() else self._positive()
        self.depth -= 1
        return node

    def _negated(self) -> Node | None:
        start = self.place
        self.place += 1
        if self.text[self.place :].startswith("sort:"):
            self.place += len("sort:")
            self._order(start, reverse=True)
            return None
        node = self._one()
        return None if node is None else Not(node)

    def _positive(self) -> Node | None:
        start = self.place
        if self.text[start] == "(":
            return self._group()
        found = _FIELD.match(self.text, start) if self.field is None else None
        if found:
            self.place = found.end()
            return self._fielded(found[1].lower(), start)
        if self.text[start] in _CLOSING:
            return self._any_text(self._quoted())
        word = self._bare()
        if self.field is None and word.endswith(":") and word[:-1].lower() in FIELDS:
            self._check_finished(word, start)
            return None
        paper = paper_id(word) if self.field is None else None
        return Text(paper, "id") if paper else self._any_text(word)

    def _group(self) -> Node | None:
        start = self.place
        self.place += 1
        self.groups += 1
        node = self._any_of()
        closed = self._peek() == ")"
        if closed and node is None:
            raise QueryError("there is nothing between the brackets", start)
        self.place += closed
        self.groups -= 1
        return node

    def _any_text(self, text: str) -> Node | None:
        text = " ".join(text.split())
        return Text(text, self.field) if text else None

    # -- fields ----------------------------------------------------------------------------------------------------

    def _fielded(self, field: str, start: int) -> Node | None:
        if field not in FIELDS:
            near = get_close_matches(field, FIELDS, 1, 0.5)
            names = f"the fields are {', '.join(FIELDS[:-1])} and {FIELDS[-1]}"
            raise QueryError(f"unknown field “{field}”", start, near[0] if near else None, names)
        if field == "sort":
            self._order(start)
            return None
        if field in TEXT_FIELDS:
            return self._text_field(field, start)
        value = self._bare().lower()
        if not value:
            self._check_finished(f"{field}:", start)
            return None
        if field in NUMBERS:
            return self._number(field, value, start)
        if field in DATE_FIELDS:
            return self._days(field, value, start)
        self._check(field, value, start)
        return Is(value) if field == "is" else Has(value)

    def _text_field(self, field: str, start: int) -> Node | None:
        if self._peek() == "(":
            self.field = field
            node = self._group()
            self.field = None
            return node
        whole = self._peek() == "="
        self.place += whole
        text = self._quoted() if self._peek() in _CLOSING else self._bare()
        text = " ".join(text.split())
        if not text:
            self._check_finished(f"{field}:", start)
            return None
        return Text((paper_id(text) or text) if field == "id" else text, field, whole)

    def _check_finished(self, field: str, start: int) -> None:
        if self.place < len(self.text):  # else the value is about to be typed
            raise QueryError(f"“{field}” needs a value right after the colon", start)

    def _number(self, field: str, value: str, start: int) -> Node:
        found = _NUMBER.fullmatch(value)
        if not found:
            raise QueryError(f"“{field}:” needs a number such as {field}:>20", start)
        return Number(field, found[1] or "=", int(found[2]))

    def _days(self, field: str, value: str, start: int) -> Node:
        today = date(2000, 1, 1)  # any day will do to see whether the value names one
        try:
            dates.start_of(value, today) if field == "since" else dates.span_of(value, today)
        except ValueError:
            near = get_close_matches(value, dates.NAMES, 1)
            example = "since:7d" if field == "since" else f"{field}:2026-11-20"
            message = f"“{field}:” needs a day such as {example}"
            raise QueryError(message, start, f"{field}:{near[0]}" if near else None) from None
        return Days(field, value)

    def _order(self, start: int, reverse: bool = False) -> None:
        value = self._bare().lower()
        key = value.removeprefix("-")
        if not key:
            self._check_finished("sort:", start)
            return
        self._check("sort", key, start)
        if self.sort is not None:
            raise QueryError("there is a second “sort:”", start)
        self.sort = Sort(key, reverse != value.startswith("-"))

    def _check(self, field: str, value: str, start: int) -> None:
        known = _VALUES[field]
        if value not in known:
            near = get_close_matches(value, known, 1, 0.5)
            message = f"“{field}:” knows {', '.join(known[:-1])} and {known[-1]}, not “{value}”,"
            raise QueryError(message, start, f"{field}:{near[0]}" if near else None)

    # -- characters ------------------------------------------------------------------------------------------------

    def _bare(self) -> str:
        """A word up to a blank; brackets that open in it belong to it, and so does one that closes no group."""
        start, inside = self.place, 0
        while self.place < len(self.text) and not self.text[self.place].isspace():
            char = self.text[self.place]
            if char == ")" and not inside and self.groups:
                break
            inside += (char == "(") - (char == ")" and inside > 0)
            self.place += 1
        return self.text[start : self.place]

    def _quoted(self) -> str:
        """A phrase up to its closing mark or the end; a backslash escapes a quotation mark and itself."""
        closing = _CLOSING[self.text[self.place]]
        start = self.place = self.place + 1
        while self.place < len(self.text) and self.text[self.place] != closing:
            self.place += 2 if _ESCAPED.match(self.text, self.place) else 1
        phrase = self.text[start : self.place]
        self.place += 1
        return _ESCAPED.sub(r"\1", phrase)

    def _is_sign(self) -> bool:
        following = self.text[self.place + 1 : self.place + 2]
        closes = following == ")" and self.groups > 0
        return self.text[self.place] == "-" and bool(following.strip()) and not closes

    def _at_end(self) -> bool:
        while self._peek().isspace():
            self.place += 1
        return self.place >= len(self.text) or (self.groups > 0 and self._peek() == ")")

    def _peek(self) -> str:
        return self.text[self.place : self.place + 1]

    def _sees(self, keyword: str) -> bool:
        after = self.text[self.place + len(keyword) :][:1]
        ends = not after or after.isspace() or after in "()"
        return self.text.startswith(keyword, self.place) and ends

    def _takes(self, keyword: str) -> bool:
        if self._sees(keyword):
            self.place += len(keyword)
            return True
        return False
