"""Adds a condition to a query, or removes it, in the parsed query, so that nothing else changes."""

from __future__ import annotations

from functools import lru_cache

from paperdeck.storage.search.query import Query, QueryError, parse
from paperdeck.storage.search.tree import And, Node, conjunction

understood = lru_cache(maxsize=200)(parse)
"""The query in a text; cached, so that views, facets and rules are parsed once."""


def has_facet(text: str, facet: str) -> bool:
    """Whether a query contains a facet's condition; False for an invalid query."""
    try:
        return understood(facet).node in _demands(understood(text).node)
    except QueryError:
        return False


def with_facet(text: str, facet: str) -> str:
    """The conjunction of both queries.

    Raises:
        QueryError: the text can't be understood.
    """
    return str(parse(text) & parse(facet))


def without_facet(text: str, facet: str) -> str:
    """The query without this condition.

    Raises:
        QueryError: the text can't be understood.
    """
    query, unwanted = parse(text), parse(facet).node
    return str(Query(conjunction(*(node for node in _demands(query.node) if node != unwanted)), query.sort))


def _demands(node: Node | None) -> tuple[Node, ...]:
    """The conditions that a query joins with AND."""
    if node is None:
        return ()
    return node.children if isinstance(node, And) else (node,)
