"""Queries without an index: a linear search, for single queries, and to check the index against in tests.

An index pays off for a query on every key press. Building one for a single query would fold the text of every paper;
here only papers that meet all other conditions are folded.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from paperdeck.storage.identifiers import document_id, reference_id
from paperdeck.storage.paper import Entry, Paper
from paperdeck.storage.text.alike import form_of, spellings_of

from .dates import days_of
from .rank import BY_DATE, Sort, gained, rises
from .tree import And, DayRange, Has, Is, Node, Not, Number, Or, Query, QueryContext, Text

_Value = int | float | None

_COMPARE: Mapping[str, Callable[[int, int], bool]] = {
    "=": int.__eq__,
    ">": int.__gt__,
    ">=": int.__ge__,
    "<": int.__lt__,
    "<=": int.__le__,
}
"""The relations of the query language."""


def select(
    entries: Iterable[Entry],
    query: Query,
    context: QueryContext,
    *,
    sort: Sort = BY_DATE,
    limit: int | None = None,
    scores: Mapping[str, float] = MappingProxyType({}),
) -> list[Entry]:
    """The entries that match, in order. The query is taken literally; see `Query.visible`.

    Args:
        entries: The entries to search; for the order `rising`, all papers of the same days.
        query: The query; its own order, if any, takes precedence.
        context: The time, the last visit and the rules.
        limit: The maximum number of entries; None for all.
        scores: Scores by paper for the order `foryou`; 0 for others. Without any, by upvotes.
    """
    sort = query.sort or sort
    if sort.key == "foryou" and not scores:
        sort = Sort("upvotes", sort.reverse)
    if sort.key == "rising":
        entries = list(entries)
        scores = _rises(entries)
    node = query.node and _cheap_first(query.node)
    found = [entry for entry in entries if accepts(node, entry, context)]
    found.sort(key=lambda entry: _key(entry.paper, sort, _compared(entry.paper, sort.key, scores)))
    return found[:limit]


def accepts(node: Node | None, entry: Entry, context: QueryContext) -> bool:
    """Whether one paper matches."""
    paper = entry.paper
    match node:
        case None:
            return True
        case Text():
            return _has_text(node, entry)
        case Is():
            return _is(node.state, entry, context)
        case Has():
            return _has(node.thing, entry, context)
        case Number():
            number = _value(paper, node.field)
            return number is not None and _COMPARE[node.relation](int(number), node.value)
        case DayRange():
            (first, last), days = node.span(context.today), days_of(paper)
            return days is not None and first <= days[0] and days[1] <= last
        case Not():
            return not accepts(node.child, entry, context)
        case And():
            return all(accepts(child, entry, context) for child in node.children)
        case Or():
            return any(accepts(child, entry, context) for child in node.children)


def _compared(paper: Paper, key: str, scores: Mapping[str, float]) -> _Value:
    if key == "rising":
        return scores.get(paper.id)
    return scores.get(paper.id, 0.0) if key == "foryou" else _value(paper, key)


def _rises(entries: Iterable[Entry]) -> dict[str, float]:
    papers = (entry.paper for entry in entries)
    counted = ((paper, gained(paper.counts)) for paper in papers)
    return rises((paper.id, _first_day(paper), gain) for paper, gain in counted if gain and _first_day(paper))


def _value(paper: Paper, key: str) -> _Value:
    """The value that an order or a comparison uses; not for `foryou` and `rising`."""
    match key:
        case "date":
            return _first_day(paper) or None
        case "upvotes":
            return paper.upvotes
        case "stars":
            return paper.code_stars
        case _:
            return paper.comments


def _has_text(text: Text, entry: Entry) -> bool:
    paper, wanted = entry.paper, text.text.lower()
    match text.field:
        case "id":
            return wanted == paper.id.lower() if text.whole or reference_id(text.text) else wanted in paper.id.lower()
        case "source":
            return wanted in paper.sources
        case "category":
            return any(_in_category(category, wanted) for category in paper.categories)
        case _:
            return contain(texts_of(entry, text.field), text.text, whole=text.whole)


def contain(texts: Iterable[str], typed: str, *, whole: bool = False) -> bool:
    """Whether one of the texts contains what was typed, or is equal to it."""
    spellings = spellings_of(typed)
    forms = map(form_of, texts)
    return any(spelling.is_whole(form) if whole else spelling.is_in(form) for form in forms for spelling in spellings)


def _in_category(category: str, wanted: str) -> bool:
    """Whether a category is the wanted one, or in the wanted archive: `cs` and `cs.*` include `cs.CL`."""
    category, wanted = category.lower(), wanted.removesuffix(".*")
    return category == wanted or category.startswith(f"{wanted}.")


def texts_of(entry: Entry, field: str | None) -> Sequence[str]:
    """The texts of an entry in a field; None: in every field that a plain word searches."""
    paper, marks = entry.paper, entry.marks
    match field:
        case "title":
            return (paper.title,)
        case "abstract":
            return (paper.abstract,)
        case "author":
            return paper.authors
        case "keyword":
            return paper.keywords
        case "org":
            return (paper.organization,) if paper.organization else ()
        case "tag":
            return tuple(marks.tags)
        case "note":
            return (marks.note,) if marks.note else ()
        case "category":
            return paper.categories
        case "submitter":
            return (paper.submitter,) if paper.submitter is not None else ()
        case _:
            texts = (paper.title, *paper.authors, *paper.keywords, paper.organization or "", paper.abstract)
            return (*texts, *marks.tags, marks.note)


def _is(state: str, entry: Entry, context: QueryContext) -> bool:
    marks = entry.marks
    match state:
        case "read":
            return marks.read
        case "unread":
            return entry.is_unread
        case "starred":
            return marks.starred
        case "hidden":
            return marks.hidden
        case "new":
            return entry.is_new(context.last_visit)
        case _:
            rules = context.muted if state == "muted" else context.followed
            plain = context.without_rules()
            return any(accepts(rule.node, entry, plain) for rule in rules)


def _has(thing: str, entry: Entry, context: QueryContext) -> bool:
    paper = entry.paper
    match thing:
        case "code":
            return bool(paper.code_url)
        case "project":
            return bool(paper.project_url)
        case "summary":
            return bool(paper.ai_summary)
        case "note":
            return bool(entry.marks.note)
        case "comments":
            return bool(paper.comments)
        case _:
            return paper.id in context.fulltexts


def _cheap_first(node: Node) -> Node:
    """The same, but parts that don't need folded long texts come first."""
    if isinstance(node, And | Or):
        children = sorted(map(_cheap_first, node.children), key=_cost)
        return type(node)(tuple(children))
    return node


def _cost(node: Node) -> int:
    match node:
        case Text():
            return 2 if node.field in (None, "abstract") else 1
        case Not():
            return _cost(node.child)
        case And() | Or():
            return max(map(_cost, node.children))
        case Is():
            return 2 if node.state in ("muted", "following") else 0
        case _:
            return 0


def _key(paper: Paper, sort: Sort, found: _Value) -> tuple[float, int, int, int]:
    """Sorts by a value, unknown ones last; then by day, upvotes and the number of the paper."""
    first = math.inf if found is None else found if sort.reverse else -found
    return first, -_first_day(paper), -(paper.upvotes or 0), document_id(paper.id)


def _first_day(paper: Paper) -> int:
    """The ordinal number of the first day on which it may have appeared; 0 if unknown."""
    days = days_of(paper)
    return days[0].toordinal() if days else 0
