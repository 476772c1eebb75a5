"""Statistics of all papers: how many have a term or a label, and a term's mean value.

These are exact sums over papers, so adding a day doesn't depend on the size of the library, a paper can be removed
again, and the order of papers doesn't matter.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable
from typing import Final
from zlib import compress, decompress

from .terms import TERM_COUNT, Terms, array_of, bytes_of, term_of, valued

MIN_PAPERS: Final = 2
"""Minimum number of papers with a term for it to count: a term of only one paper can't lead to another."""

_MAGIC: Final = b"taste corpus 1\n"
_LABEL_SLOTS: Final = 2**18

COMMON_SHARE: Final = 1 / 3
"""A word in a larger share of the papers says nothing about any one of them.

On recorded days “model”, “training”, “benchmark” and “task” are above it, “agent”, “reasoning” and “video” below.
"""

_SCHOLARLY: Final = (
    "ability accuracy achieve addition additional advance advantage aim analysis application approach area arxiv "
    "aspect available average aware based baseline benchmarking benefit best better bridge broad build capability "
    "case category central challenge challenging claim clear co collection com combination combine common comparable "
    "compare comparison competitive complete complex component comprehensive concept consider consistent construct "
    "contain contribution conventional core correct cover create critical cross current data dataset date demonstrate "
    "describe design detail detailed develop development difference different difficult direct distinct diverse "
    "domain easily effect effective effectively efficiency efficient effort empirical enable enabling end enhance "
    "ensure entire especially essential establish evaluate evaluation evidence example exceed exhibit existing "
    "experiment experimental explicit explore extend extensive factor feature field final find finding fine fixed "
    "focus form framework full fully fundamental future gain gap general generate github given goal good great group "
    "guide help helping heterogeneous high highly http https huggingface identify impact implementation important "
    "improve improved improvement include including increase independent individual information initial input insight "
    "instance instead integrate introduce investigate involve io issue item key kind lack large largely lead leading "
    "learn learned learning length level leverage leveraging limit limitation limited line little long low lower main "
    "maintain major make making manner match matter maximum mean mechanism method methodology metric million minimal "
    "model moderate modern module multi multiple natural nature need new non normal notable novel number objective "
    "observe obtain offer open operate option order org oriented original outcome outperform output overall overcome "
    "pair paper paradigm parameter part particular past perform performance period perspective phase pipeline point "
    "poor popular positive possible post potential power powerful practical practice pre precise present preserve "
    "previous primary principle principled prior problem procedure process produce progress project promising propose "
    "proposed prove provide public publicly purpose quality question range rate ratio reach real recent reduce "
    "reduction related relative relevant reliable rely remain report represent require requirement research resource "
    "respectively response result reveal rich right run sample scale scenario scheme scope score second select "
    "selected self semi separate serve set setting setup short show shown significant similar simple simply single "
    "size small solution solve source special specific stage standard start state step strategy strength strong study "
    "sub subject substantial success successful sufficient suggest suitable support surpass system systematic take "
    "target task technique term test testing thousand time top total train training transform treat true type typical "
    "unique unit use useful using utility utilize valid validate value variable variant variation variety various "
    "vary version wide work working www yield"
)
_SCHOLARLY_TERMS: Final = frozenset(map(term_of, _SCHOLARLY.split()))


class Corpus:
    """Counts over all known papers: about 4 MB, whatever their number."""

    __slots__ = ("_having", "_labelled", "_sums", "papers")

    def __init__(self) -> None:
        self.papers = 0
        self._having = array("I", bytes(4 * TERM_COUNT))
        self._sums = array("d", bytes(8 * TERM_COUNT))
        self._labelled = array("I", bytes(4 * _LABEL_SLOTS))

    def add(self, terms: Terms, labels: Iterable[int] = ()) -> None:
        """Count a paper, with the keys of its labels."""
        self._count(terms, labels, 1)

    def remove(self, terms: Terms, labels: Iterable[int] = ()) -> None:
        """Remove a paper that was added with exactly these terms and labels, for example before its new version.

        Raises:
            OverflowError: It was never added.
        """
        self._count(terms, labels, -1)

    def _count(self, terms: Terms, labels: Iterable[int], change: int) -> None:
        having, sums = self._having, self._sums
        for term, value in valued(terms):
            having[term] += change
            sums[term] += change * value
        for label in labels:
            self._labelled[label % _LABEL_SLOTS] += change
        self.papers += change

    def rarity(self, term: int) -> float:
        """ln((1 + N) / (1 + n)) + 1 for a term in n of N papers (smoothed inverse document frequency).

        0 for a term in fewer than two papers.
        """
        having = self._having[term]
        return math.log((1 + self.papers) / (1 + having)) + 1 if having >= MIN_PAPERS else 0.0

    def share_having(self, term: int) -> float:
        """The share of papers with a term, 0 to 1."""
        return self._having[term] / self.papers if self.papers else 0.0

    def common_terms(self, terms: Iterable[int]) -> frozenset[int]:
        """The terms that mean nothing as a reason, though they count in a score, which the reasons sum to.

        They are the scholarly ones, and those of the given terms that are in a large share of the papers.
        """
        return _SCHOLARLY_TERMS.union(term for term in terms if self.share_having(term) > COMMON_SHARE)

    def usual(self, term: int) -> float:
        """The mean value of a term over all papers, without rarity; 0 without papers."""
        return self._sums[term] / self.papers if self.papers else 0.0

    def share_of(self, label: int) -> float:
        """The share of papers with a label, 0 to 1; sometimes too large, as labels share counters."""
        return self._labelled[label % _LABEL_SLOTS] / self.papers if self.papers else 0.0

    def to_bytes(self) -> bytes:
        """Serialize all counts, compressed: about 1 MB for 10,000 papers."""
        counters = b"".join(bytes_of(part) for part in (self._having, self._labelled, self._sums))
        return _MAGIC + self.papers.to_bytes(8, "little") + compress(counters, 1)

    @classmethod
    def from_bytes(cls, content: bytes) -> Corpus:
        """Read the output of `to_bytes`.

        Raises:
            ValueError: The bytes are of another kind or version.
        """
        start = len(_MAGIC)
        if content[:start] != _MAGIC:
            raise ValueError("these bytes are not counts of papers")
        corpus = cls()
        corpus.papers = int.from_bytes(content[start : start + 8], "little")
        counters = decompress(content[start + 8 :])
        middle, last = 4 * TERM_COUNT, 4 * (TERM_COUNT + _LABEL_SLOTS)
        corpus._having = array_of("I", counters[:middle])
        corpus._labelled = array_of("I", counters[middle:last])
        corpus._sums = array_of("d", counters[last:])
        return corpus
