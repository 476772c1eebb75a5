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

from .terms import TERM_COUNT, Terms, packed, unpacked, values

MIN_PAPERS: Final = 2
"""Minimum number of papers with a term for it to count: a term of only one paper can't lead to another."""

_MAGIC: Final = b"taste corpus 1\n"
_LABEL_SLOTS: Final = 2**18


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
        for term, value in zip(terms.ids, values(terms), strict=True):
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

    def usual(self, term: int) -> float:
        """The mean value of a term over all papers, without rarity; 0 without papers."""
        return self._sums[term] / self.papers if self.papers else 0.0

    def share_of(self, label: int) -> float:
        """The share of papers with a label, 0 to 1; sometimes too large, as labels share counters."""
        return self._labelled[label % _LABEL_SLOTS] / self.papers if self.papers else 0.0

    def to_bytes(self) -> bytes:
        """Serialize all counts, compressed: about 1 MB for 10,000 papers."""
        counters = b"".join(packed(part) for part in (self._having, self._labelled, self._sums))
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
        corpus._having = unpacked("I", counters[:middle])
        corpus._labelled = unpacked("I", counters[middle:last])
        corpus._sums = unpacked("d", counters[last:])
        return corpus
