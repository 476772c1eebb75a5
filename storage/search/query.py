"""The query language: parses typed text into a frozen tree.

    words "a phrase" -not ( grouped OR not )      all must match; AND binds tighter than OR
    author:bengio  org:="Google DeepMind"         a part of a field; := is the whole of it
    author:(bengio OR lecun)                      a field for a whole group
    2401.12345                                    an id or a link to a paper: that paper
    is:unread  has:code  upvotes:>20  stars:5..10 states, things, numbers
    date:2026-11  since:7d  sort:-date            days, and the order (- reverses it)

An incomplete query (`title:`, `tag:-`, an open bracket) is an error, and never matches everything; a sign such as `-`
beside other words is ignored. A bracket inside a word belongs to the word, so `O(n^2)` needs no quotation marks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple, NoReturn

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.identifiers import reference_id
from paperdeck.storage.text.alike import spellings_of

from . import dates
from .rank import SORT_KEYS, Sort
from .tree import (
    DATE_FIELDS,
    NUMBERS,
    STATES,
    TEXT_FIELDS,
    THINGS,
    DayRange,
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
)

__all__ = ["FIELDS", "Query", "QueryError", "field_query", "hub_words", "parse"]


class Field(NamedTuple):
    """What a reader needs to know about a field."""

    example: str
    """A value."""
    about: str
    """A short description."""


FIELDS: Mapping[str, Field] = {
    "title": Field("attention", "in the title"),
    "author": Field('"yoshua bengio"', "by an author"),
    "abstract": Field("robot", "in the abstract"),
    "keyword": Field("agents", "a keyword"),
    "org": Field('="Google DeepMind"', "an organization"),
    "tag": Field("thesis", "a tag of yours"),
    "note": Field("idea", "in your note"),
    "id": Field("2405", "an arXiv id"),
    "source": Field("arxiv", "hf, arxiv or local"),
    "category": Field("cs.CL", "an arXiv category"),
    "submitter": Field("akhaliq", "who submitted it"),
    "is": Field("unread", "unread, starred, …"),
    "has": Field("code", "code, a note, …"),
    "upvotes": Field(">20", ">20, 5..10"),
    "comments": Field("1..5", ">5"),
    "stars": Field(">=100", "of the code, >100"),
    "date": Field("2026-11", "a day, a month, a range"),
    "after": Field("2026-11-20", "after a day"),
    "before": Field("2026", "before a day"),
    "since": Field("7d", "7d, 2w, a day"),
    "sort": Field("-date", "the order; - reverses it"),
}
"""Every name that may stand before a colon."""

_LONGEST_CHARACTERS = 2000
_MAX_NESTED = 50
_FIELD = re.compile(r"([A-Za-z]+):(?!//)(?=\S)")
_NUMBER = re.compile(r"(>=|<=|>|<|=)?(\d{1,9})")
_RANGE = re.compile(r"(\d{0,9})\.\.(\d{0,9})")
_COMPARED = re.compile(rf"({'|'.join(NUMBERS)})(?=[<>=])", re.IGNORECASE)
_APART = re.compile(rf"({'|'.join(NUMBERS)})\s+(>=|<=|>|<|=)\s*(\d+)(?!\S)", re.IGNORECASE)
_AS_TYPED = frozenset({"id", "source", "category"})
"""Fields that are compared as typed."""
_CLOSING = {'"': '"', "“": "”", "„": "“"}
_ESCAPED = re.compile(r'\\(["\\])')
_NO_TEXT = re.compile("[\0\ud800-\udfff]")  # SQLite can't seek a NUL; surrogates come from bytes that aren't UTF-8
_VALUES = {"is": STATES, "has": THINGS, "sort": SORT_KEYS}
_SHOWN_CHARACTERS = 16


class QueryError(InvalidInput):
    """A query that can't be understood; its message is one sentence that fits a line, with a correction."""

    def __init__(self, message: str, position: int, hint: str | None = None) -> None:
        self.reason = f"{message}; did you mean “{hint}”?" if hint else f"{message}."
        """The message, beginning in lower case, to follow a colon."""
        super().__init__(self.reason[0].upper() + self.reason[1:])
        self.position = position
        """The number of characters before the error."""
        self.hint = hint
        """The probable correction, if there is one."""


def parse(text: str) -> Query:
    """Read a query; an empty one matches everything.

    Raises:
        QueryError: the text can't be understood.
    """
    if len(text) > _LONGEST_CHARACTERS:
        raise QueryError(f"the query is longer than {_LONGEST_CHARACTERS:,} characters", _LONGEST_CHARACTERS)
    return _Parser(_NO_TEXT.sub("�", text)).query()


def hub_words(text: str) -> str:
    """The words of a filter that the Hub can search for; empty if there are none.

    Args:
        text: The filter; one that can't be understood is searched for as typed, without the fields in it.
    """
    try:
        return parse(text).hub_words()
    except QueryError:
        return " ".join(word for word in text.split() if not _names_field(word))


def _names_field(word: str) -> bool:
    name, colon, _ = word.lstrip("-(").partition(":")
    return bool(colon) and name.lower() in FIELDS


class _Parser:
    """A descent through the text; `place` is the next character to read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.groups = 0  # open brackets
        self.depth = 0  # open brackets and signs; limited, so that no query exhausts the stack
        self.field: str | None = None  # of the group being read
        self.sort: Sort | None = None
        self.nothing = ""  # the last word that was ignored

    def query(self) -> Query:
        query = Query(self._any_of(), self.sort)
        if self.nothing and query.node is None:
            self._reject_nothing(self.nothing, 0)
        return query

    def _any_of(self) -> Node | None:
        nodes = [self._all_of()]
        while self._takes("OR"):
            nodes.append(self._all_of())
            if None in nodes[-2:]:
                raise QueryError("“OR” needs something on both sides", self.place)
        return disjunction(*nodes)

    def _all_of(self) -> Node | None:
        nodes: list[Node | None] = []
        while not self._at_end() and not self._sees("OR"):
            joined = self._takes("AND")
            if joined and (not nodes or self._at_end() or self._sees("OR") or self._sees("AND")):
                raise QueryError("“AND” needs something on both sides", self.place)
            if not joined or not self._at_end():
                nodes.append(self._one())
        return conjunction(*nodes)

    def _one(self) -> Node | None:
        self.depth += 1
        if self.depth > _MAX_NESTED:
            raise QueryError("there are too many brackets or minus signs inside each other", self.place)
        read = self._after_not if self._sees("NOT") else self._after_minus if self._is_sign() else self._positive
        node = read()
        self.depth -= 1
        return node

    def _after_not(self) -> Node:
        start = self.place
        self._takes("NOT")
        node = None if self._at_end() or any(map(self._sees, ("AND", "OR"))) else self._one()
        if node is None:
            raise QueryError("“NOT” needs something after it", start)
        return Not(node)

    def _after_minus(self) -> Node | None:
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
        is_quoted = self.text[start] in _CLOSING
        word = self._quoted() if is_quoted else self._bare()
        if self.field and self.field not in TEXT_FIELDS:
            return self._valued(self.field, word.lower(), start)
        if self.field is None and not is_quoted:
            if paper := reference_id(word):
                return Text(paper, "id")
            if word.endswith(":") and word[:-1].lower() in FIELDS:
                self._reject_empty(word[:-1].lower(), start)
            if apart := _APART.match(self.text, start):
                hint = f"{apart[1].lower()}:{apart[2]}{apart[3]}"
                raise QueryError(f"“{apart[1]}” and its number are written together", start, hint)
            if found := _FIELD.match(word) or _COMPARED.match(word):
                self.place = start + found.end()
                return self._fielded(found[1].lower(), start)
        return self._any_text(word)

    def _group(self) -> Node | None:
        start = self.place
        self.place += 1
        self.groups += 1
        node = self._any_of()
        if self._peek() != ")":
            raise QueryError(f"the bracket at character {start + 1} is not closed; add “)”", start)
        if node is None:
            raise QueryError(f"there is nothing between the brackets at character {start + 1}", start)
        self.place += 1
        self.groups -= 1
        return node

    def _any_text(self, text: str) -> Node | None:
        text = " ".join(text.split())
        if self.field not in _AS_TYPED and not spellings_of(text):
            self.nothing = text
            return None
        return Text(text, self.field)

    # -- fields ----------------------------------------------------------------------------------------------------

    def _fielded(self, field: str, start: int) -> Node | None:
        if field not in FIELDS:
            near = get_close_matches(field, FIELDS, 1, 0.5)
            help_ = "" if near else "; try title, author, tag, date, is or has"
            raise QueryError(f"“{_short(field)}:” is not a field{help_}", start, f"{near[0]}:" if near else None)
        if field == "sort":
            self._order(start)
            return None
        if self._peek() == "(":
            self.field = field
            node = self._group()
            self.field = None
            return node
        return (
            self._text_field(field, start)
            if field in TEXT_FIELDS
            else self._valued(field, self._value(field, start), start)
        )

    def _valued(self, field: str, value: str, start: int) -> Node:
        """The condition of a field for numbers, days, states or things."""
        if field in NUMBERS:
            return self._number(field, value, start)
        if field in DATE_FIELDS:
            return self._days(field, value, start)
        self._check(field, value, start)
        return Is(value) if field == "is" else Has(value)

    def _value(self, field: str, start: int) -> str:
        """The bare value of a field, in lower case."""
        value = self._bare().lower()
        if not value:
            self._reject_empty(field, start)
        return value

    def _reject_empty(self, field: str, start: int) -> NoReturn:
        raise QueryError(f"“{field}:” needs a value right after it, such as {field}:{FIELDS[field].example}", start)

    def _reject_nothing(self, text: str, start: int) -> NoReturn:
        raise QueryError(f"“{_short(text)}” holds nothing to search for", start)

    def _text_field(self, field: str, start: int) -> Node:
        whole = self._peek() == "="
        self.place += whole
        text = self._quoted() if self._peek() and self._peek() in _CLOSING else self._bare()
        text = " ".join(text.split())
        if not text:
            self._reject_empty(field, start)
        if not whole and field not in _AS_TYPED and not spellings_of(text):
            self._reject_nothing(text, start)
        return Text((reference_id(text) or text) if field == "id" else text, field, whole)

    def _number(self, field: str, value: str, start: int) -> Node:
        if found := _NUMBER.fullmatch(value):
            return Number(field, found[1] or "=", int(found[2]))
        span = _RANGE.fullmatch(value)
        ends = [int(end) for end in span.groups() if end] if span else []
        if span is None or not ends:
            raise QueryError(f"“{field}:” takes a number or range, like {field}:>20 or {field}:5..10", start)
        minimum, maximum = span[1] and Number(field, ">=", min(ends)), span[2] and Number(field, "<=", max(ends))
        limits = conjunction(minimum or None, maximum or None)
        assert limits is not None
        return limits

    def _days(self, field: str, value: str, start: int) -> Node:
        if field != "date" and (value.startswith("..") or value.endswith("..")):
            raise QueryError(f"“{field}:” takes one day; a range is written as date:2026-11-01..2026-11-09", start)
        today = date(2000, 1, 1)  # any day serves to check the value
        try:
            dates.start_of(value, today) if field == "since" else dates.span_of(value, today)
        except ValueError:
            if dates.is_written_as_days(value):
                raise QueryError(f"“{_short(value)}” is not in the calendar", start) from None
            if near := get_close_matches(value, dates.NAMES, 1, 0.75):
                raise QueryError(f"“{_short(value)}” is not a day", start, f"{field}:{near[0]}") from None
            kinds = "a time or a day, such as 7d, 2w, 3m or" if field == "since" else "a day, such as today, 2026-11 or"
            raise QueryError(f"“{field}:” takes {kinds} 2026-11-20", start) from None
        return DayRange(field, value)

    def _order(self, start: int, reverse: bool = False) -> None:
        value = self._value("sort", start)
        key = value.removeprefix("-")
        self._check("sort", key, start)
        if self.sort is not None:
            raise QueryError("“sort:” occurs twice; keep one", start)
        self.sort = Sort(key, reverse != value.startswith("-"))

    def _check(self, field: str, value: str, start: int) -> None:
        known = _VALUES[field]
        if value not in known:
            if near := get_close_matches(value, known, 1, 0.5):
                raise QueryError(f"“{field}:{_short(value)}” is unknown", start, f"{field}:{near[0]}")
            raise QueryError(f"“{field}:” takes {', '.join(known[:-1])} or {known[-1]}", start)

    # -- characters ------------------------------------------------------------------------------------------------

    def _bare(self) -> str:
        """A word up to white space; it includes brackets that open in it, and a closing bracket without a group."""
        start, inside = self.place, 0
        while self.place < len(self.text) and not self.text[self.place].isspace():
            char = self.text[self.place]
            if char == ")" and not inside and self.groups:
                break
            inside += (char == "(") - (char == ")" and inside > 0)
            self.place += 1
        return self.text[start : self.place]

    def _quoted(self) -> str:
        """A phrase up to its closing mark; a backslash escapes a quotation mark and itself."""
        opened = self.place
        closing = _CLOSING[self.text[opened]]
        start = self.place = opened + 1
        while self._peek() != closing:
            if not self._peek():
                raise QueryError(f"the quotation mark at character {opened + 1} is not closed; add {closing}", opened)
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


def _short(text: str) -> str:
    """A piece of the query, shortened for a message."""
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[: _SHOWN_CHARACTERS - 1]}…"
