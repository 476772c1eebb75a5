"""The papers of each term, in three arrays: 3 bytes per entry, and 1 MB for the starts of all terms."""

from __future__ import annotations

from array import array
from collections.abc import Collection
from itertools import accumulate
from typing import NamedTuple

from .packing import packed, unpacked
from .terms import TERM_COUNT, Terms


class PlacedTerms(NamedTuple):
    """The terms of the paper at a place."""

    place: int
    terms: Terms


class Postings:
    """Entries of a place (two bytes) and a count (one), sorted by term, then by place. Immutable."""

    __slots__ = ("_counts", "_places", "_starts")

    def __init__(self, starts: array[int], places: array[int], counts: array[int]) -> None:
        self._starts = starts
        self._places = places
        self._counts = counts

    @classmethod
    def empty(cls) -> Postings:
        return cls(array("I", bytes(4 * (TERM_COUNT + 1))), array("H"), array("B"))

    def of(self, term: int) -> tuple[array[int], array[int]]:
        """The places of the papers with a term, and how often each has it."""
        start, end = self._starts[term], self._starts[term + 1]
        return self._places[start:end], self._counts[start:end]

    def with_more(self, papers: Collection[PlacedTerms]) -> Postings:
        """A copy with more papers, merged by a counting sort; their places ascend, and are higher than those here."""
        starts = self._starts_after_adding(papers)
        grown = Postings(starts, array("H", bytes(2 * starts[-1])), array("B", bytes(starts[-1])))
        free = starts[:-1]
        if self._places:
            self._copy_into(grown, free)
        for paper in papers:
            grown._insert(paper, free)
        return grown

    def _starts_after_adding(self, papers: Collection[PlacedTerms]) -> array[int]:
        """The start of each term once the papers are added."""
        added = array("I", bytes(4 * (TERM_COUNT + 1)))
        for paper in papers:
            for term in paper.terms.ids:
                added[term + 1] += 1
        return array("I", map(int.__add__, self._starts, accumulate(added)))

    def _copy_into(self, grown: Postings, free: array[int]) -> None:
        """Copy each term's entries to its start, leaving the free entries after them."""
        starts, places, counts = self._starts, self._places, self._counts
        for term in range(TERM_COUNT):
            start, end = starts[term], starts[term + 1]
            if start != end:
                first = free[term]
                last = free[term] = first + end - start
                grown._places[first:last] = places[start:end]
                grown._counts[first:last] = counts[start:end]

    def _insert(self, paper: PlacedTerms, free: array[int]) -> None:
        """Write one paper's entries into the free ones."""
        places, counts, place = self._places, self._counts, paper.place
        for term, count in zip(paper.terms.ids, paper.terms.counts, strict=True):
            entry = free[term]
            free[term] = entry + 1
            places[entry] = place
            counts[entry] = count

    def to_parts(self) -> list[bytes]:
        """Serialize into three byte strings."""
        return [packed(self._starts), packed(self._places), packed(self._counts)]

    @classmethod
    def from_parts(cls, starts: bytes, places: bytes, counts: bytes) -> Postings:
        """Read the output of `to_parts`.

        Raises:
            ValueError: The strings don't belong together.
        """
        read = cls(unpacked("I", starts), unpacked("H", places), unpacked("B", counts))
        if len(read._starts) != TERM_COUNT + 1 or not len(read._places) == len(read._counts) == read._starts[-1]:
            raise ValueError("the parts of these postings don't fit together")
        return read
