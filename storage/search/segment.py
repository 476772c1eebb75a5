"""A stretch of the index: some thousand papers whose folded text lies in one block of bytes.

One block is searched at memory speed (stringzilla), which no list of 100,000 texts allows. In the block each text of
a paper follows the character \\x1f, which no folded text contains, so a match never runs from one field or author into
the next, and `\\x1f…\\x1f` finds exactly a whole one:

    ␟title␟author␟author␟keyword␟organization␟abstract␟title of the next paper…

One thread adds while another searches. A segment only grows: a searcher that has taken `text` sees one state of it,
and the row of a paper that was replaced becomes None.
"""

from __future__ import annotations

import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from ..paper import Marks, Paper
from .fold import fold

if TYPE_CHECKING:
    from collections.abc import Callable

MARK = "\x1f"
"""The character around each text in the block."""
COLUMNS = ("title", "author", "keyword", "org", "abstract")
"""The fields in the block, in their order."""
WIDTH = len(COLUMNS)
"""The number of places that `Text.places` holds for each paper."""

_PATIENCE = 100

CODE, PROJECT, SUMMARY = 1, 2, 4
"""Bits of Row.has."""


class Row:
    """What one line of the list needs, and where the paper's text is; made anew when the facts change."""

    __slots__ = (
        *("added", "byline", "categories", "code_stars", "comments", "day", "has", "id", "n_authors", "number"),
        *("rising", "segment", "sources", "submitter", "title", "upvotes"),
    )

    id: str
    title: str
    """As it is shown: with TeX made readable."""
    byline: str
    upvotes: int | None
    comments: int | None
    code_stars: int | None
    day: date | None
    has: int
    """Bits: CODE, PROJECT, SUMMARY."""
    n_authors: int
    added: str | None
    rising: float | None
    categories: tuple[str, ...]
    sources: tuple[str, ...]
    submitter: str | None
    segment: Segment
    number: int
    """The paper's number in its segment."""

    @property
    def has_code(self) -> bool:
        """Whether a code repository is known."""
        return bool(self.has & CODE)

    def __repr__(self) -> str:
        return f"<Row {self.id}>"


class Block:
    """The text of a segment at one time; never changed, only replaced by a longer one."""

    __slots__ = ("data", "find", "papers", "places", "starts")

    data: bytes
    """All texts, a MARK before each and one at the end."""
    find: Callable[..., int]
    """`find(word, start, end)` in the data, -1 if it isn't there."""
    papers: int
    """The number of papers."""
    places: array[int]
    """Where each field of each paper begins (its MARK), and at the end where the block ends (its last MARK)."""
    starts: array[int]
    """Where each paper begins; what `places` holds at every WIDTH-th place."""

    def __init__(self, data: bytes = MARK.encode(), places: array[int] | None = None) -> None:
        from stringzilla import Str

        self.data, self.find = data, Str(data).find
        self.places = places if places is not None else array("I", (0,))
        self.starts = self.places[::WIDTH]
        self.papers = len(self.starts) - 1

    def extended(self, documents: Iterable[Sequence[bytes]]) -> Block:
        """The block with more papers, each given as its folded fields."""
        parts, places, end = [self.data[:-1]], self.places[:-1], len(self.data) - 1
        for fields in documents:
            for text in fields:
                places.append(end)
                parts += (b"\x1f", text)
                end += len(text) + 1
        places.append(end)
        return Block(b"".join((*parts, b"\x1f")), places)

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

    def with_field(self, word: bytes, column: int) -> list[int]:
        """The papers that contain the word in a column.

        This leaps as well, until it has landed in other columns too often; then it looks at paper after paper.
        """
        starts, places, find = self.starts, self.places, self.find
        found: list[int] = []
        paper = wasted = 0
        while paper < self.papers and wasted < _PATIENCE:
            base = paper * WIDTH + column
            place = find(word, places[base])
            if place < 0:
                return found
            if place < places[base + 1]:
                found.append(paper)
            else:
                wasted += 1
            paper = max(paper + 1, bisect_right(starts, place) - 1)
        starts, ends = places[paper * WIDTH + column :: WIDTH], places[paper * WIDTH + column + 1 :: WIDTH]
        spans = enumerate(zip(starts, ends, strict=False), paper)
        return found + [paper for paper, (start, end) in spans if find(word, start, end + 1) >= 0]


class Folded(NamedTuple):
    """The folded texts of a paper."""

    title: bytes
    authors: list[bytes]
    keywords: list[bytes]
    organization: bytes
    abstract: bytes

    @classmethod
    def of(cls, paper: Paper) -> Folded:
        """Fold the texts of a paper."""
        return cls(
            fold(paper.title).encode(),
            [fold(author).encode() for author in paper.authors],
            [fold(keyword).encode() for keyword in paper.keywords],
            fold(paper.organization or "").encode(),
            fold(paper.abstract).encode(),
        )

    def fields(self) -> tuple[bytes, ...]:
        """The texts in the order of COLUMNS."""
        keywords, authors = b"\x1f".join(self.keywords), b"\x1f".join(self.authors)
        return self.title, authors, keywords, self.organization, self.abstract


class Segment:
    """Papers with their rows, text, marks and labels; numbers count them from 0 and never change."""

    def __init__(self) -> None:
        self.rows: list[Row | None] = []
        self.dead = 0
        """How many rows are None."""
        self.block = Block()
        self.version = 0
        """Grows with every change, so that what was derived from the segment can be kept while it is valid."""
        self.read: set[int] = set()  # numbers, as in the two others
        self.starred: set[int] = set()
        self.hidden: set[int] = set()
        self.tags: dict[int, bytes] = {}
        """Folded tags with a MARK around each."""
        self.notes: dict[int, bytes] = {}
        """Folded notes with a MARK at both ends."""
        self.labels = Labels()
        self.kept: dict[str, Any] = {}
        """What others derived from this segment, by their own names."""

    def __len__(self) -> int:
        return len(self.rows) - self.dead

    def numbers(self) -> list[int]:
        """The numbers of all papers that are still there."""
        return self.living(list(range(self.block.papers)))

    def living(self, numbers: list[int]) -> list[int]:
        """Those of the numbers whose papers are still there."""
        rows = self.rows
        return [number for number in numbers if rows[number] is not None] if self.dead else numbers

    def add(self, papers: Sequence[tuple[Folded, Row]]) -> None:
        """Append papers; their rows learn their place here."""
        for folded, row in papers:
            row.segment, row.number = self, len(self.rows)
            self.rows.append(row)
            self.labels.add(folded)
        self.block = self.block.extended([folded.fields() for folded, _ in papers])
        self.version += 1

    def replace(self, row: Row, number: int) -> None:
        """Put a paper's new row in the place of its old one; its text is the same."""
        row.segment, row.number = self, number
        self.rows[number] = row
        self.version += 1

    def drop(self, number: int) -> None:
        """Forget a paper that is kept elsewhere from now on."""
        self.rows[number] = None
        self.dead += 1
        self.labels.drop(number)
        self.set_marks(number, Marks())

    def set_marks(self, number: int, marks: Marks) -> None:
        """Replace the marks of a paper."""
        for numbers, on in ((self.read, marks.read), (self.starred, marks.starred), (self.hidden, marks.hidden)):
            (numbers.add if on else numbers.discard)(number)
        _keep(self.tags, number, sorted(map(fold, marks.tags)))
        _keep(self.notes, number, [fold(marks.note)] if marks.note else [])
        self.version += 1

    def holds(self, number: int, folded: Folded) -> bool:
        """Whether the paper's text is this."""
        block = self.block
        start, end = block.places[number * WIDTH], block.places[number * WIDTH + WIDTH]
        return block.data[start + 1 : end] == b"\x1f".join(folded.fields())


class Labels:
    """Keywords, organization and authors of each paper as numbers: what facets count and what taste is learned from."""

    def __init__(self) -> None:
        self.keywords = array("I")
        self.keyword_ends = array("I")
        self.organizations = array("I")
        """One for each paper; 0 is none."""
        self.authors = array("I")
        self.author_ends = array("I")

    def add(self, folded: Folded) -> None:
        """Append the labels of a paper."""
        self.keywords.extend({label_number(b"keyword", keyword) for keyword in folded.keywords})
        self.keyword_ends.append(len(self.keywords))
        self.organizations.append(label_number(b"org", folded.organization) if folded.organization else 0)
        self.authors.extend({label_number(b"author", author) for author in folded.authors})
        self.author_ends.append(len(self.authors))

    def drop(self, number: int) -> None:
        """Forget the labels of a paper."""
        self.organizations[number] = 0
        for labels, ends in ((self.keywords, self.keyword_ends), (self.authors, self.author_ends)):
            for place in range(ends[number - 1] if number else 0, ends[number]):
                labels[place] = 0

    def keywords_of(self, number: int) -> array[int]:
        """The keywords of a paper."""
        return self.keywords[self.keyword_ends[number - 1] if number else 0 : self.keyword_ends[number]]

    def all_of(self, number: int) -> array[int]:
        """The keywords, the organization and the authors of a paper."""
        first = self.author_ends[number - 1] if number else 0
        authors = self.authors[first : self.author_ends[number]]
        organization = self.organizations[number : number + bool(self.organizations[number])]
        return self.keywords_of(number) + organization + authors


def label_number(field: bytes, folded: bytes) -> int:
    """The number of a keyword, organization or author: the same for all spellings that fold to the same text."""
    return zlib.crc32(folded, zlib.crc32(field))


def _keep(kept: dict[int, bytes], number: int, texts: Sequence[str]) -> None:
    if texts:
        kept[number] = f"{MARK}{MARK.join(texts)}{MARK}".encode()
    else:
        kept.pop(number, None)
