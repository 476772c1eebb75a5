"""The names of the orders of a list."""

from __future__ import annotations

from paperdeck.storage.search.rank import SORT_KEYS

ORDER_NAMES = {
    "date": "day, newest first",
    "upvotes": "upvotes",
    "rising": "recent upvotes, compared with papers of the same day",
    "stars": "stars of the code",
    "comments": "comments",
    "foryou": "your taste, learned from your stars and interests",
}
"""The name of each order, by its key in the query language."""


def short_order_name(key: str) -> str:
    """The name of an order without its explanation."""
    return ORDER_NAMES[key].partition(",")[0]


def order_after(key: str) -> str:
    """The key of the next order; after the last one comes the first."""
    return SORT_KEYS[(SORT_KEYS.index(key) + 1) % len(SORT_KEYS)]
