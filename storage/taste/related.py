"""Papers with a text similar to a given one, and papers by the same people, as two lists.

A blend of both was tried on recorded papers, and found fewer of either.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nlargest
from typing import Final, NamedTuple

from .consensus import scaled, text_vector
from .corpus import Corpus
from .papers import AUTHOR, Label
from .pool import Pool
from .terms import Terms

MIN_SHARED_AUTHORS: Final = 2
"""Common authors needed for the same people, as different people often have the same name."""


class Related(NamedTuple):
    """A related paper."""

    id: str
    likeness: float
    """0 for nothing in common, about 1 for the same text."""


class SamePeople(NamedTuple):
    """A paper by some of the same authors."""

    id: str
    authors: tuple[str, ...]
    """The names on both papers, in the order of the given one."""


def related(paper_id: str, terms: Terms, corpus: Corpus, pool: Pool, limit: int = 10) -> list[Related]:
    """The papers of a pool that are most similar to a paper, best first; among equals the higher id first.

    The likeness is the cosine of tf-idf, except that the length of the other paper ignores rarity
    (`terms.inverse_length`); by shared keywords of the Hub it finds as many (.165 and .164 of five).

    Args:
        paper_id: The paper; it need not be in the pool.
        terms: Its terms.
        corpus: Statistics of all papers.
        pool: The papers to search.
        limit: The maximum number of results.
    """
    scored = zip(pool.scores(scaled(text_vector(terms, corpus), corpus)), pool.ids, strict=True)
    found = nlargest(limit, (pair for pair in scored if pair[0] > 0 and pair[1] not in ("", paper_id)))
    return [Related(other, likeness) for likeness, other in found]


def same_people(paper_id: str, authors: Sequence[str], pool: Pool, limit: int = 10) -> list[SamePeople]:
    """The papers of a pool with two authors (or the only one) in common; most in common first, then newest first.

    Args:
        paper_id: The paper; it need not be in the pool.
        authors: Its authors.
        pool: The papers to search.
        limit: The maximum number of results.
    """
    shared: dict[str, list[str]] = {}
    for name in dict.fromkeys(authors):
        for place in pool.places_with(Label(AUTHOR, name).key):
            shared.setdefault(pool.ids[place], []).append(name)
    shared.pop(paper_id, None)
    minimum = min(MIN_SHARED_AUTHORS, len(set(authors)))
    found = nlargest(limit, ((len(names), other) for other, names in shared.items() if len(names) >= minimum))
    return [SamePeople(other, tuple(shared[other])) for _, other in found]
