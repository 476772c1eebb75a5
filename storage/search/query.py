"""The query language: parses typed text into a frozen tree.

    words "a phrase" -not ( grouped OR not )      all must match; AND binds tighter than OR
    author:bengio  org:="Google DeepMind"         a part of a field; := is the whole of it
    author:(bengio OR lecun)  org:=(mila OR cmu)  a field for a whole group
    2401.12345                                    an id or a link to a paper: that paper
    is:unread  has:code  upvotes:>20  stars:5..10 states, things, numbers
    date:2026-11  date:>=2026  since:7d           days
    sort:-date                                    the order (- reverses it)

An incomplete query (`title:`, `tag:-`, an open bracket) is an error, and never matches everything; a sign such as `-`
beside other words is ignored. A bracket inside a word belongs to the word, so `O(n^2)` needs no quotation marks.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import NoReturn

from paperdeck.storage.identifiers import reference_id
from paperdeck.storage.text.alike import spellings_of

from .fields import FIELDS, VALUES, QueryError, check_word, condition_of, reject_empty, reject_minus, short
from .rank import Sort
from .tree import DATE_FIELDS, NUMBERS, TEXT_FIELDS, Node, Not, Query, Text, conjunction, disjunction, field_query

__all__ = ["FIELDS", "Query", "QueryError", "field_query", "hub_words", "parse"]

_LONGEST_CHARACTERS = 2000
_MAX_NESTED = 50
_FIELD = re.compile(r"([A-Za-z]+):(?!//)(?=\S)")
_COMPARED = re.compile(rf"({'|'.join(FIELDS)})(?=[<>=≤≥≠]|!=)", re.IGNORECASE)
_APART = re.compile(rf"({'|'.join((*NUMBERS, 'date'))})\s+(>=|<=|>|<|=)\s*(\d[\d-]*)(?!\S)", re.IGNORECASE)
_ORDER = re.compile(r"(-+)sort:", re.IGNORECASE)
_AS_TYPED = frozenset({"id", "source", "category"})
"""Fields that are compared as typed."""
_CLOSING = {'"': '"', "“": "”", "„": "“"}
_ESCAPED = re.compile(r'\\(["\\])')
_BEFORE_COLON = re.compile(r"(?<![^\s(-])([A-Za-z]+)\s+$")
_OTHER_MINUS = re.compile(r"(?<![^\s(])[−–—‐‑－](?=[^\s−–—‐‑－])")
_OTHER_COLON = re.compile(r"(?<![^\s()-])([A-Za-z]+)：")
_OTHER_SIGNS = str.maketrans("（）＂＞＜＝", '()"><=')
_NO_TEXT = re.compile("[\0\ud800-\udfff]")  # SQLite can't seek a NUL; surrogates come from bytes that aren't UTF-8


def parse(text: str) -> Query:
    """Read a query; an empty one matches everything.

    Raises:
        QueryError: the text can't be understood.
    """
    if len(text) > _LONGEST_CHARACTERS:
        raise QueryError(f"the query is longer than {_LONGEST_CHARACTERS:,} characters", _LONGEST_CHARACTERS)
    return _Parser(_in_ascii(_NO_TEXT.sub("�", text))).query()


def _in_ascii(text: str) -> str:
    """The text with the signs of the language as they are on keyboards; phones and input methods write others."""
    text = _OTHER_MINUS.sub("-", text.translate(_OTHER_SIGNS))
    return _OTHER_COLON.sub(lambda found: f"{found[1]}:" if found[1].lower() in FIELDS else found[0], text)


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
    word = word.lstrip("-(")
    name, colon, _ = word.partition(":")
    return bool((colon and name.lower() in FIELDS) or _COMPARED.match(word))


class _Parser:
    """A descent through the text; `place` is the next character to read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.groups = 0  # open brackets
        self.depth = 0  # open brackets and signs; limited, so that no query exhausts the stack
        self.field: str | None = None  # of the group being read
        self.whole = False  # whether the group holds whole values
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
        if self.field is None and (order := _ORDER.match(self.text, start)):
            self.place = order.end()
            self._order(start, reverse=len(order[1]) % 2 == 1)
            return None
        self.place += 1
        node = self._one()
        return None if node is None else Not(node)

    def _positive(self) -> Node | None:
        start = self.place
        if self.text[start] == "(":
            return self._group()
        if self.field:
            return self._valued(self.field, start)
        is_quoted = self.text[start] in _CLOSING
        word = self._quoted() if is_quoted else self._bare()
        if not is_quoted:
            if paper := reference_id(word):
                return Text(paper, "id")
            if word.endswith(":") and word[:-1].lower() in FIELDS:
                reject_empty(word[:-1].lower(), start)
            before = _BEFORE_COLON.search(self.text[:start]) if word.startswith(":") else None
            if before and before[1].lower() in FIELDS:
                hint = f"{before[1].lower()}{word}"
                raise QueryError(f"“{before[1]}” and its colon are written together", before.start(), hint)
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
        if not spellings_of(text):
            self.nothing = text
            return None
        return Text(text)

    # -- fields ----------------------------------------------------------------------------------------------------

    def _fielded(self, field: str, start: int) -> Node | None:
        if field not in FIELDS:
            near = get_close_matches(field, FIELDS, 1, 0.5)
            help_ = "" if near else "; try title, author, tag, date, is or has"
            raise QueryError(f"“{short(field)}:” is not a field{help_}", start, f"{near[0]}:" if near else None)
        if field == "sort":
            self._order(start)
            return None
        if self.text[self.place - 1] != ":" and field not in (*NUMBERS, *DATE_FIELDS):
            example = FIELDS[field].example
            raise QueryError(f"“{field}” needs a colon after it, such as {field}:{example}", start)
        return self._valued(field, start)

    def _valued(self, field: str, start: int) -> Node | None:
        """The condition of a field whose value, or a group of values, stands here."""
        whole = self._takes_equals_sign(field) or self.whole
        if self._peek() == "(":
            outside = self.field, self.whole
            self.field, self.whole = field, whole
            node = self._group()
            self.field, self.whole = outside
            return node
        is_quoted = self._peek() in _CLOSING
        text = " ".join((self._quoted() if is_quoted else self._bare()).split())
        if not text:
            reject_empty(field, start)
        if not is_quoted and text[0] == "-" and field in TEXT_FIELDS and spellings_of(text) and not whole:
            reject_minus(field, text, start)
        if not is_quoted and (inner := _FIELD.match(text) or _COMPARED.match(text)) and inner[1].lower() in FIELDS:
            raise QueryError(f"“{inner[1].lower()}” can't stand inside “{field}:”", start)
        if field not in TEXT_FIELDS:
            return condition_of(field, text.lower(), start)
        return self._text(field, text, start, whole)

    def _takes_equals_sign(self, field: str) -> bool:
        """Whether a value here must be the whole of a text; takes the sign that says so."""
        following = self.text[self.place + 1 : self.place + 2].strip()
        takes = field in TEXT_FIELDS and self._peek() == "=" and (not self.field or following not in ("", ")"))
        self.place += takes
        return takes

    def _text(self, field: str, text: str, start: int, whole: bool) -> Node | None:
        if field in VALUES:
            check_word(field, text.lower(), start)
        if not whole and field not in _AS_TYPED and not spellings_of(text):
            if not self.field:
                self._reject_nothing(text, start)
            self.nothing = text
            return None
        return Text((reference_id(text) or text) if field == "id" else text, field, whole)

    def _reject_nothing(self, text: str, start: int) -> NoReturn:
        raise QueryError(f"“{short(text)}” holds nothing to search for", start)

    def _order(self, start: int, reverse: bool = False) -> None:
        value = self._bare().lower()
        if not value:
            reject_empty("sort", start)
        key = value.removeprefix("-")
        check_word("sort", key, start)
        if self.sort is not None:
            raise QueryError("“sort:” occurs twice; keep one", start)
        self.sort = Sort(key, reverse != value.startswith("-"))

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
