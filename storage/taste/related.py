"""Papers like a given one by their text, and papers by the same people, as two lists.

A blend of both was tried on recorded papers and found fewer of either.
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

FEWEST_SHARED_AUTHORS: Final = 2
"""Authors that a paper must share to be by the same people, as one name alone is often that of two people."""


class Related(NamedTuple):
    """A related paper."""

    id: str
    likeness: float
    """0 for nothing in common, about 1 for the same text."""


class SamePeople(NamedTuple):
    """A paper by some of the same authors."""

    id: str
    authors: tuple[str, ...]
    """The names that are on both papers, in the order of the given one."""


def related(paper_id: str, terms: Terms, corpus: Corpus, pool: Pool, most: int = 10) -> list[Related]:
    """The papers of a pool that are most like a paper, best first; the higher id first among equals.

    The likeness is the cosine of tf-idf, but for the length of the other paper, which leaves rarity out
    (`terms.inverse_length`); judged by shared keywords of the Hub it finds as many (.165 and .164 of five).

    Args:
        paper_id: The paper; it need not be in the pool.
        terms: Its terms.
        corpus: Statistics of all papers.
        pool: Where to look.
        most: How many to give.
    """
    scored = zip(pool.scores(scaled(text_vector(terms, corpus), corpus)), pool.ids, strict=True)
    found = nlargest(most, (pair for pair in scored if pair[0] > 0 and pair[1] not in ("", paper_id)))
    return [Related(other, likeness) for likeness, other in found]


def same_people(paper_id: str, authors: Sequence[str], pool: Pool, most: int = 10) -> list[SamePeople]:
    """The papers of a pool that share two authors (or the only one) with a paper; most shared first, then newest first.

    Args:
        paper_id: The paper; it need not be in the pool.
        authors: Its authors.
        pool: Where to look.
        most: How many to give.
    """
    shared: dict[str, list[str]] = {}
    for name in dict.fromkeys(authors):
        for place in pool.places_with(Label(AUTHOR, name)):
            shared.setdefault(pool.ids[place], []).append(name)
    shared.pop(paper_id, None)
    fewest = min(FEWEST_SHARED_AUTHORS, len(set(authors)))
    found = nlargest(most, ((len(names), other) for other, names in shared.items() if len(names) >= fewest))
    return [SamePeople(other, tuple(shared[other])) for _, other in found]
