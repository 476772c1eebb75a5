"""The papers that can be ranked, indexed by term, so that a taste of 300 terms only reads the papers that have them.

Ten thousand papers take about 10 MB. Papers added since the last `settle` wait in a list that is scanned one by one, so
the cost of adding a day doesn't depend on the others.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from itertools import accumulate
from typing import Final, NamedTuple

from .terms import FREQUENCY, TERM_COUNT, Terms, array_of, bytes_of, inverse_length

_PLACE_BITS: Final = 16
MAX_PAPERS: Final = 2**_PLACE_BITS - 1
"""Maximum number of papers in a pool, as a place is two bytes; a larger library ranks its newest."""

MAX_WAITING: Final = 500
"""Maximum number of unsorted papers; scanning them takes about 20 ms."""

_MAGIC: Final = b"taste pool 1\n"
_SIZE_BYTES: Final = 8


class Pool:
    """Papers by place 0, 1, 2 … in order of arrival; a removed paper leaves a gap."""

    __slots__ = ("_labels", "_labels_sorted", "_lengths", "_place_of", "_postings", "_waiting", "ids")

    def __init__(self) -> None:
        self.ids: list[str] = []
        """The paper at each place; an empty string in a gap."""
        self._place_of: dict[str, int] = {}
        self._lengths = array("d")
        self._postings = Postings.empty()
        self._waiting: list[PlacedTerms] = []
        self._labels = array("Q")
        self._labels_sorted = True

    def add(self, paper_id: str, terms: Terms, labels: Iterable[int] = ()) -> None:
        """Add a paper with the keys of its labels, or replace it.

        Raises:
            OverflowError: The pool is full; places of removed papers are reused only in a new pool.
        """
        place = len(self.ids)
        if place >= MAX_PAPERS:
            raise OverflowError(f"a pool holds {MAX_PAPERS} papers")
        self.remove(paper_id)
        self.ids.append(paper_id)
        self._place_of[paper_id] = place
        self._lengths.append(inverse_length(terms))
        self._waiting.append(PlacedTerms(place, terms))
        self._labels.extend([key << _PLACE_BITS | place for key in labels])
        self._labels_sorted = False

    def remove(self, paper_id: str) -> None:
        """Remove a paper, if it is there."""
        place = self._place_of.pop(paper_id, None)
        if place is not None:
            self.ids[place] = ""

    def settle(self) -> None:
        """Merge the waiting papers into the postings: about 1 s for 10,000, 0.2 s for a day. Call in a thread."""
        if self._waiting:
            self._postings = self._postings.with_more(self._waiting)
            self._waiting = []

    def scores(self, weights: Mapping[int, float]) -> list[float]:
        """For each place, in order, the sum of weight times value over its terms.

        Args:
            weights: By term; multiples of 2^-20 below 16, so that each sum is exact and no order of terms matters.
        """
        if len(self._waiting) > MAX_WAITING:
            self.settle()
        sums = [0.0] * len(self.ids)
        for term, weight in weights.items():
            self._add(sums, term, weight)
        for paper in self._waiting:
            sums[paper.place] = _weighted_sum(paper.terms, weights)
        return [total * length for total, length in zip(sums, self._lengths, strict=True)]

    def _add(self, sums: list[float], term: int, weight: float) -> None:
        """Add a term's contribution to each settled paper that has it."""
        places, counts = self._postings.of(term)
        parts = [weight * frequency for frequency in FREQUENCY[: max(counts, default=0) + 1]]
        for place, count in zip(places, counts, strict=True):
            sums[place] += parts[count]

    def places_with(self, label: int) -> list[int]:
        """The places of the papers with a label, given by its key; ascending."""
        self._sort_labels()
        first = bisect_left(self._labels, label << _PLACE_BITS)
        last = bisect_left(self._labels, (label + 1) << _PLACE_BITS)
        places = [entry % 2**_PLACE_BITS for entry in self._labels[first:last]]
        return [place for place in places if self.ids[place]]

    def _sort_labels(self) -> None:
        if not self._labels_sorted:
            self._labels = array("Q", sorted(self._labels))
            self._labels_sorted = True

    def to_bytes(self) -> bytes:
        """Serialize everything: about 8 MB for 10,000 papers. Waiting papers are merged first."""
        self.settle()
        self._sort_labels()
        names = "\n".join(self.ids).encode()
        parts = [names, bytes_of(self._lengths), bytes_of(self._labels), *self._postings.to_parts()]
        return _MAGIC + b"".join(len(part).to_bytes(_SIZE_BYTES, "little") + part for part in parts)

    @classmethod
    def from_bytes(cls, content: bytes) -> Pool:
        """Read the output of `to_bytes`.

        Raises:
            ValueError: The bytes are of another kind or version, or truncated.
        """
        if not content.startswith(_MAGIC):
            raise ValueError("these bytes are not a pool of papers")
        names, lengths, labels, starts, places, counts = _parts(content)
        pool = cls()
        pool.ids = names.decode().split("\n") if lengths else []
        pool._place_of = {paper_id: place for place, paper_id in enumerate(pool.ids) if paper_id}
        pool._lengths, pool._labels, pool._labels_sorted = array_of("d", lengths), array_of("Q", labels), True
        pool._postings = Postings.from_parts(starts, places, counts)
        return pool


def _weighted_sum(terms: Terms, weights: Mapping[int, float]) -> float:
    """Weight times frequency, summed over the terms of a paper."""
    frequency = FREQUENCY
    counted = zip(terms.ids, terms.counts, strict=True)
    return sum([weights[term] * frequency[count] for term, count in counted if term in weights])


def _parts(content: bytes) -> list[bytes]:
    """The parts of a serialized pool, each of which follows its size."""
    parts: list[bytes] = []
    start = len(_MAGIC)
    while start < len(content):
        first = start + _SIZE_BYTES
        start = first + int.from_bytes(content[start:first], "little")
        parts.append(content[first:start])
    if start != len(content) or len(parts) != 6:
        raise ValueError("this pool of papers is incomplete")
    return parts


class PlacedTerms(NamedTuple):
    """The terms of the paper at a place."""

    place: int
    terms: Terms


class Postings:
    """The papers of each term, in three arrays: entries of a place (two bytes) and a count (one), by term, then place.

    The starts of all terms take 1 MB. Immutable.
    """

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
        return [bytes_of(self._starts), bytes_of(self._places), bytes_of(self._counts)]

    @classmethod
    def from_parts(cls, starts: bytes, places: bytes, counts: bytes) -> Postings:
        """Read the output of `to_parts`.

        Raises:
            ValueError: The strings don't belong together.
        """
        read = cls(array_of("I", starts), array_of("H", places), array_of("B", counts))
        if len(read._starts) != TERM_COUNT + 1 or not len(read._places) == len(read._counts) == read._starts[-1]:
            raise ValueError("the parts of these postings don't fit together")
        return read
