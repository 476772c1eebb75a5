"""A query as a frozen tree, which can be written as text again, combined with others, and searched; and its context.

`str(query)` always parses to an equal query; the language itself is described in `query.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeAlias

from paperdeck.storage.identifiers import reference_id
from paperdeck.storage.text.alike import fold_typed

from . import dates
from .rank import Sort

TEXT_FIELDS = (
    *("title", "author", "abstract", "keyword", "org", "tag", "note", "id", "source", "category", "submitter"),
)
"""Fields that contain text."""
_HUB_FIELDS = ("title", "author", "abstract", "keyword", "org")
"""Those of them whose words the Hub's search can find."""
STATES = ("unread", "read", "starred", "hidden", "new", "muted", "following")
"""The values of `is:`."""
THINGS = ("code", "project", "summary", "note", "comments", "fulltext")
"""The values of `has:`."""
SOURCES = ("hf", "arxiv", "local", "shelf")
"""The values of `source:`: the Hub, arXiv, imports and the starter shelf."""
NUMBERS = ("upvotes", "comments", "stars")
"""Fields to compare with a number."""
DATE_FIELDS = ("date", "after", "before", "since")
"""Fields to compare with the day of a paper."""
KEYWORDS = ("OR", "AND", "NOT")
"""Operators; in quotation marks they are ordinary words."""

_BARE = re.compile(r"\w[\w.+#^/'-]*")


class Text(NamedTuple):
    """A word or phrase, anywhere or in one field, as a part or the whole of it."""

    text: str
    """As typed, with single spaces."""
    field: str | None = None
    """One of TEXT_FIELDS; None: title, abstract, authors, keywords, organization, tags and note."""
    whole: bool = False
    """Whether it must equal the field (or an author, keyword, tag)."""

    def __str__(self) -> str:
        field = f"{self.field}:{'=' if self.whole else ''}" if self.field else ""
        if _BARE.fullmatch(self.text) and self.text not in KEYWORDS and (self.field or not reference_id(self.text)):
            return field + self.text
        escaped = self.text.replace("\\", "\\\\").replace('"', '\\"')
        return f'{field}"{escaped}"'


class Is(NamedTuple):
    """A state of the paper, one of STATES."""

    state: str

    def __str__(self) -> str:
        return f"is:{self.state}"


class Has(NamedTuple):
    """Something that the paper has, one of THINGS."""

    thing: str

    def __str__(self) -> str:
        return f"has:{self.thing}"


class Number(NamedTuple):
    """A comparison with a number; an unknown value never matches."""

    field: str
    """One of NUMBERS."""
    relation: str
    """`=`, `>`, `>=`, `<` or `<=`."""
    value: int

    def __str__(self) -> str:
        return f"{self.field}:{self.relation.removeprefix('=')}{self.value}"


class DayRange(NamedTuple):
    """A comparison with the paper's day; words such as `today` are kept, so that a saved query stays relative."""

    field: str
    """One of DATE_FIELDS."""
    value: str

    def __str__(self) -> str:
        return f"{self.field}:{self.value}"

    def span(self, today: date) -> dates.Span:
        """The first and the last matching day."""
        if self.field == "since":
            return dates.start_of(self.value, today), date.max
        if self.field == "date":
            return dates.span_of(self.value, today)
        first, last = dates.simple_span(self.value, today)
        if self.field == "after":
            return (date.fromordinal(last.toordinal() + 1), date.max) if last < date.max else (date.max, date.min)
        return (date.min, date.fromordinal(first.toordinal() - 1)) if first > date.min else (date.max, date.min)


class Not(NamedTuple):
    """Matches if the inner node doesn't."""

    child: Node

    def __str__(self) -> str:
        return f"-{_grouped(self.child)}"


@dataclass(frozen=True, slots=True)
class And:
    """Matches if all of two or more nodes do."""

    children: tuple[Node, ...]

    def __str__(self) -> str:
        return " ".join(map(_grouped, self.children))


@dataclass(frozen=True, slots=True)
class Or:
    """Matches if any of two or more nodes does."""

    children: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(map(_grouped, self.children))


Node: TypeAlias = Text | Is | Has | Number | DayRange | Not | And | Or


class Query(NamedTuple):
    """A condition, perhaps with an order."""

    node: Node | None = None
    """The condition; None matches everything."""
    sort: Sort | None = None
    """The order; None: unspecified."""

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.node, self.sort) if part is not None)

    def __bool__(self) -> bool:
        return self.node is not None

    def __and__(self, other: Query) -> Query:
        """Both conditions; with the other's order, or else this one's."""
        return Query(conjunction(self.node, other.node), other.sort or self.sort)

    def words(self) -> tuple[tuple[str, str | None], ...]:
        """The folded words and phrases that a match contains, each with its field (None: any); for highlighting.

        A single letter, which is in nearly every text, is left out; a Chinese character is a word.
        """
        found = dict.fromkeys((fold_typed(text.text), text.field) for text in _wanted(self.node))
        return tuple(pair for pair in found if len(pair[0]) > 1 or _is_wide(pair[0]))

    def hub_words(self) -> str:
        """The wanted words that the Hub can search for, as typed; it knows no marks, numbers or days."""
        return " ".join(text.text for text in _wanted(self.node) if text.field in (None, *_HUB_FIELDS))

    def only_paper(self) -> str | None:
        """The id of the paper, if the query is only an id or a link."""
        node = self.node
        found = reference_id(node.text) if isinstance(node, Text) and node.field == "id" else None
        return found if found and self.sort is None else None

    def mentions(self, state: str) -> bool:
        """Whether the query contains a state, such as `hidden`."""
        return any(part == Is(state) for part in parts_of(self.node))

    def visible(self) -> Query:
        """The query without the papers that it leaves out."""
        return Query(conjunction(self.node, *(Not(Is(state)) for state in self.left_out())), self.sort)

    def left_out(self) -> tuple[str, ...]:
        """The states whose papers the query leaves out: hidden and muted ones, unless it mentions them.

        A query for one paper by its id, or for starred papers, leaves out none. Papers that the reader tagged or noted
        stay, if muted, where a query is for these: a mute must not take a paper out of a bibliography.
        """
        if self.only_paper() or _is_of(self.node, _is_star):
            return ()
        states = ("hidden",) if _is_of(self.node, _is_kept) else ("hidden", "muted")
        return tuple(state for state in states if not self.mentions(state))


def _is_of(node: Node | None, asks: Callable[[Node | None], bool]) -> bool:
    """Whether every match meets one of the conditions that a function accepts."""
    match node:
        case And():
            return any(_is_of(child, asks) for child in node.children)
        case Or():
            return all(_is_of(child, asks) for child in node.children)
        case _:
            return asks(node)


def _is_star(node: Node | None) -> bool:
    return node == Is("starred")


def _is_kept(node: Node | None) -> bool:
    """Whether a condition is for papers that the reader starred, tagged or wrote a note on."""
    return node in (Is("starred"), Has("note")) or (isinstance(node, Text) and node.field in ("tag", "note"))


def conjunction(*nodes: Node | None) -> Node | None:
    """The conjunction of the nodes, without repetitions; None is no condition."""
    return _joined(And, nodes)


def disjunction(*nodes: Node | None) -> Node | None:
    """The disjunction of the nodes, without repetitions; None is left out."""
    return _joined(Or, nodes)


def _joined(kind: type[And | Or], nodes: Iterable[Node | None]) -> Node | None:
    flat: dict[Node, None] = {}
    for node in nodes:
        if node is not None:
            flat |= dict.fromkeys(node.children if isinstance(node, kind) else (node,))
    return kind(tuple(flat)) if len(flat) > 1 else next(iter(flat), None)


def field_query(field: str, text: str) -> Query:
    """The query for exactly one author, keyword, organization or tag."""
    return Query(Text(" ".join(text.split()), field, whole=True))


def parts_of(node: Node | None) -> Iterator[Node]:
    """A condition and all the conditions in it."""
    if node is None:
        return
    yield node
    for child in node.children if isinstance(node, And | Or) else (node.child,) if isinstance(node, Not) else ():
        yield from parts_of(child)


def _wanted(node: Node | None) -> Iterator[Text]:
    if isinstance(node, Text):
        yield node
    elif isinstance(node, And | Or):
        for child in node.children:
            yield from _wanted(child)


def _is_wide(folded: str) -> bool:
    """Whether this is one character of a script such as Chinese, Japanese or Korean."""
    return bool(folded) and unicodedata.east_asian_width(folded) == "W"


def _grouped(node: Node) -> str:
    return f"({node})" if isinstance(node, And | Or) else str(node)


class QueryContext(NamedTuple):
    """The context of a query: the time, the reader's rules and the last visit."""

    today: date
    """The day that `today` and `since:7d` count from, UTC."""
    last_visit: str | None = None
    """ISO time in UTC of the last visit; papers that arrived later are new. None: nothing is new."""
    muted: tuple[Query, ...] = ()
    """Papers that match one of them are muted."""
    followed: tuple[Query, ...] = ()
    """Papers that match one of them are followed."""
    fulltexts: frozenset[str] = frozenset()
    """The ids of the papers whose full text is stored."""

    def without_rules(self) -> QueryContext:
        """The same without muted and followed queries; rules are evaluated in it, so that none refers to itself."""
        return QueryContext(today=self.today, last_visit=self.last_visit, fulltexts=self.fulltexts)
