"""Finds the terms that some papers share more than usual; tastes and topics are learned this way."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from heapq import nsmallest
from typing import Final, NamedTuple

from .corpus import Corpus
from .terms import FREQUENCY, Terms, inverse_length, valued

MAX_TERMS: Final = 300
"""Maximum number of terms to keep, the heaviest; 600 rank recorded papers no better (AUC within .001)."""

TYPICAL_RARITY: Final = 5.75
"""The root mean square of the rarities in a paper; scores divided by it are roughly cosines, 0 to 1."""

_MIN_SHARE: Final = 0.01  # rarer terms are never among the heaviest; skipping them saves much time
_WEIGHT_STEP: Final = 2.0**-20

Weights = dict[int, float]
"""Weights by term."""


class Rule(NamedTuple):
    """How to weight terms: (mean of the papers - background * mean of all papers) * share^agreement."""

    background: float
    """How much of the mean of all papers to subtract."""
    agreement: float
    """The power of the share of papers with a term: 1 rewards agreement, 0 ignores it."""


FEW: Final = Rule(background=0.5, agreement=1.0)
"""For up to three papers: usual terms do less harm, and a term in only one of them may be a coincidence."""

_MANY: Final = Rule(background=1.5, agreement=0.5)
"""For many papers."""


def rule_for(count: int) -> Rule:
    """The rule for a number of starred papers, between those for few and for many.

    More stars cover more interests, so fewer of them need to agree, and they show better what is usual. Both parts
    change with the logarithm of the number: the background reaches its limit at 17 stars, the agreement at 33. The
    constants were tuned on recorded days, for topics, semantic neighbours and mixtures of topics alike.
    """
    log_count = math.log(max(count, 1))
    background = FEW.background + 0.58 * (log_count - math.log(3))
    return Rule(
        background=min(_MANY.background, max(FEW.background, background)),
        agreement=max(_MANY.agreement, min(FEW.agreement, 1.2 - 0.2 * log_count)),
    )


class TermSums:
    """Sums over papers; adding or removing a paper only touches its own terms.

    They are exact, as gains and values are multiples of powers of two: a paper that was added and removed leaves no
    trace, and the order of papers doesn't matter.
    """

    __slots__ = ("_held", "having", "sums", "total")

    def __init__(self) -> None:
        self.total = 0.0
        """The sum of the gains."""
        self.sums: defaultdict[int, float] = defaultdict(float)
        """By term, the sum of its values times the gains."""
        self.having: defaultdict[int, float] = defaultdict(float)
        """By term, the sum of the gains of the papers that have it."""
        self._held: dict[str, tuple[Terms, float]] = {}

    @classmethod
    def of(cls, papers: Iterable[Terms]) -> TermSums:
        """The sums over some papers, each with a gain of 1."""
        total = cls()
        for terms in papers:
            total._add(terms, 1.0)
        return total

    def set_papers(self, papers: Mapping[str, tuple[Terms, float]]) -> None:
        """Make these the papers to sum over (terms and gain by id); only differences from the last call are computed.

        Args:
            papers: The gains are multiples of 2^-16, at most 1.
        """
        for paper_id, (terms, gain) in list(self._held.items()):
            if papers.get(paper_id) != (terms, gain):
                self._add(terms, -gain)
                del self._held[paper_id]
        for paper_id, (terms, gain) in papers.items():
            if paper_id not in self._held:
                self._add(terms, gain)
                self._held[paper_id] = (terms, gain)

    def _add(self, terms: Terms, gain: float) -> None:
        sums, having = self.sums, self.having
        scale = gain * inverse_length(terms)
        parts = [frequency * scale for frequency in FREQUENCY[: max(terms.counts, default=0) + 1]]
        for term, count in zip(terms.ids, terms.counts, strict=True):
            sums[term] += parts[count]
            having[term] += gain
        self.total += gain


def consensus(sums: TermSums, corpus: Corpus, rule: Rule) -> Weights:
    """The weights of the common terms of papers, as a vector of length 1; empty if there are none.

    Args:
        sums: The sums over the papers.
        corpus: Statistics of all papers.
        rule: How to weight terms.
    """
    total, minimum = sums.total, sums.total * _MIN_SHARE
    weights: Weights = {}
    for term, having in sums.having.items():
        if having >= minimum and having:
            excess = sums.sums[term] / total - rule.background * corpus.usual(term)
            if excess > 0:
                weights[term] = corpus.rarity(term) * excess * (having / total) ** rule.agreement
    return unit(heaviest(weights, MAX_TERMS))


def heaviest(weights: Mapping[int, float], limit: int) -> Weights:
    """The largest weights above 0, in descending order; of equal ones, the smaller term first."""
    ordered = nsmallest(limit, ((-weight, term) for term, weight in weights.items() if weight > 0))
    return {term: -negative for negative, term in ordered}


def unit(weights: Mapping[int, float]) -> Weights:
    """The weights as a vector of length 1."""
    length = math.sqrt(math.fsum(weight * weight for weight in weights.values()))
    return {term: weight / length for term, weight in weights.items()} if length else {}


def blend(parts: Iterable[tuple[float, Mapping[int, float]]]) -> Weights:
    """The sum of vectors, each times its factor, as a vector of length 1."""
    total: Weights = {}
    for factor, weights in parts:
        for term, weight in weights.items():
            total[term] = total.get(term, 0.0) + factor * weight
    return unit(total)


def likeness(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    """The cosine of two vectors of length 1."""
    return math.fsum(weight * other[term] for term, weight in one.items() if term in other)


def scaled(weights: Mapping[int, float], corpus: Corpus) -> Weights:
    """Weights times rarity, as papers' values don't include it; multiples of 2^-20, heaviest first."""
    products = ((term, weight * corpus.rarity(term) / TYPICAL_RARITY) for term, weight in weights.items())
    rounded = ((term, round(product / _WEIGHT_STEP) * _WEIGHT_STEP) for term, product in products)
    return dict(sorted((pair for pair in rounded if pair[1]), key=lambda pair: (-pair[1], pair[0])))


def text_vector(terms: Terms, corpus: Corpus) -> Weights:
    """A paper as a vector of length 1: its values times rarity (tf-idf, Salton 1975)."""
    return unit({term: value * corpus.rarity(term) for term, value in valued(terms)})
