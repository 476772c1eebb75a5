"""Folded texts of many papers in one block of bytes.

One block is searched at memory speed (stringzilla), which no list of 100,000 texts allows. In the block each text of
a paper follows the character \\x1f, which no folded text contains, so a match never runs from one field or author into
the next, and `\\x1f…\\x1f` finds exactly a whole one:

    ␟title␟author␟author␟keyword␟organization␟title of the next paper…
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MARK = "\x1f"
"""The character around each text in the block."""

_PATIENCE = 100


class Block:
    """The same columns of some papers; never changed, only replaced by a longer one."""

    __slots__ = ("data", "find", "papers", "places", "starts", "width")

    data: bytes
    """All texts, a MARK before each and one at the end."""
    find: Callable[..., int]
    """`find(word, start, end)` in the data, -1 if it isn't there."""
    papers: int
    """The number of papers."""
    places: array[int]
    """Where each column of each paper begins (its MARK), and at the end where the block ends (its last MARK)."""
    starts: array[int]
    """Where each paper begins; what `places` holds at every `width`-th place."""
    width: int
    """The number of columns."""

    def __init__(self, width: int, data: bytes = MARK.encode(), places: array[int] | None = None) -> None:
        from stringzilla import Str

        self.width, self.data, self.find = width, data, Str(data).find
        self.places = places if places is not None else array("I", (0,))
        self.starts = self.places[::width] if width > 1 else self.places
        self.papers = len(self.starts) - 1

    def extended(self, documents: Iterable[Sequence[bytes]]) -> Block:
        """The block with more papers, each given as its folded columns."""
        parts, places, end = [self.data[:-1]], self.places[:-1], len(self.data) - 1
        for columns in documents:
            for text in columns:
                places.append(end)
                parts += (b"\x1f", text)
                end += len(text) + 1
        places.append(end)
        return Block(self.width, b"".join((*parts, b"\x1f")), places)

    def text(self, paper: int) -> bytes:
        """All columns of a paper, with a MARK between them."""
        return self.data[self.starts[paper] + 1 : self.starts[paper + 1]]

    def has(self, word: bytes, paper: int) -> bool:
        """Whether a paper contains the word."""
        return self.find(word, self.starts[paper], self.starts[paper + 1] + 1) >= 0

    def leap(self, words: Sequence[bytes]) -> list[int]:
        """The papers that contain every word.

        Each find jumps over all papers without that word, so the rarest word sets the pace.
        """
        starts, find, papers = self.starts, self.find, self.papers
        found: list[int] = []
        paper = 0
        while paper < papers:
            start, end = starts[paper], starts[paper + 1]
            for word in words:
                place = find(word, start)
                if place < 0:
                    return found
                if place >= end:
                    paper = bisect_right(starts, place) - 1
                    break
            else:
                found.append(paper)
                paper += 1
        return found

    def with_column(self, word: bytes, column: int) -> list[int]:
        """The papers that contain the word in a column.

        This leaps as well, until it has landed in other columns too often; then it looks at paper after paper.
        """
        starts, places, find, width = self.starts, self.places, self.find, self.width
        found: list[int] = []
        paper = wasted = 0
        while paper < self.papers and wasted < _PATIENCE:
            base = paper * width + column
            place = find(word, places[base])
            if place < 0:
                return found
            if place < places[base + 1]:
                found.append(paper)
            else:
                wasted += 1
            paper = max(paper + 1, bisect_right(starts, place) - 1)
        firsts, ends = places[paper * width + column :: width], places[paper * width + column + 1 :: width]
        spans = enumerate(zip(firsts, ends, strict=False), paper)
        return found + [paper for paper, (start, end) in spans if find(word, start, end + 1) >= 0]

    def keep(self, word: bytes, column: int, papers: Iterable[int]) -> list[int]:
        """Those of the papers that contain the word in a column."""
        places, find, width = self.places, self.find, self.width
        spans = ((paper, paper * width + column) for paper in papers)
        return [paper for paper, base in spans if find(word, places[base], places[base + 1] + 1) >= 0]


class Cursor:
    """Runs over the papers of a block that contain a word."""

    __slots__ = ("_block", "_paper", "_word")

    def __init__(self, block: Block, word: bytes) -> None:
        self._block, self._word, self._paper = block, word, -1

    def next(self, paper: int) -> int:
        """The first paper from this one on that contains the word; the number of papers if there is none."""
        if self._paper < paper:
            place = self._block.find(self._word, self._block.starts[paper])
            self._paper = bisect_right(self._block.starts, place) - 1 if place >= 0 else self._block.papers
        return self._paper
