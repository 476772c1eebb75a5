"""A stretch of the index: some thousand papers with their rows, folded text, marks and labels.

The text lies in two blocks: what is short (and what most fields of a query are about) apart from the abstracts, which
are six times as long.

One thread adds while another searches. A segment only grows: a searcher that has taken `texts` sees one state of it,
and the row of a paper that was replaced becomes None.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import repeat
from typing import Any, NamedTuple

from paperdeck.storage.paper import Marks, Paper
from paperdeck.storage.text.fold import fold

from .block import MARK, Block, Cursor
from .rank import sum_of

SHORT = ("title", "author", "keyword", "org")
"""The columns of the short block, in their order."""
ABSTRACT = "abstract"
"""The only column of the other block."""

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

    def short(self) -> tuple[bytes, ...]:
        """The texts in the order of SHORT."""
        return self.title, b"\x1f".join(self.authors), b"\x1f".join(self.keywords), self.organization


class Texts(NamedTuple):
    """The text of a segment at one time."""

    short: Block
    abstracts: Block

    @property
    def papers(self) -> int:
        """The number of papers."""
        return self.short.papers

    def extended(self, papers: Sequence[Folded]) -> Texts:
        """The text with more papers."""
        short = self.short.extended(folded.short() for folded in papers)
        return Texts(short, self.abstracts.extended((folded.abstract,) for folded in papers))

    def holds(self, paper: int, folded: Folded) -> bool:
        """Whether the paper's text is this."""
        return self.short.text(paper) == b"\x1f".join(folded.short()) and self.abstracts.text(paper) == folded.abstract

    def has(self, word: bytes, paper: int) -> bool:
        """Whether a paper contains the word anywhere."""
        return self.abstracts.has(word, paper) or self.short.has(word, paper)

    def keep(self, word: bytes, papers: Iterable[int]) -> list[int]:
        """Those of the papers that contain a word anywhere."""
        in_abstract, a, in_short, s = self.abstracts.find, self.abstracts.starts, self.short.find, self.short.starts
        return [
            n for n in papers if in_abstract(word, a[n], a[n + 1] + 1) >= 0 or in_short(word, s[n], s[n + 1] + 1) >= 0
        ]

    def with_words(self, words: Sequence[bytes]) -> list[int]:
        """The papers that contain every word somewhere, in no order."""
        if len(words) == 1:
            return list({*self.abstracts.leap(words), *self.short.leap(words)})
        places = [(Cursor(self.abstracts, word), Cursor(self.short, word)) for word in words]
        found, paper = [], 0
        while paper < self.papers:
            for number, (in_abstract, in_short) in enumerate(places):
                coming = in_abstract.next(paper)
                if coming > paper:
                    coming = min(coming, in_short.next(paper))
                if coming > paper:
                    paper = coming
                    places.insert(0, places.pop(number))  # who leaps far is rare, and goes first
                    break
            else:
                found.append(paper)
                paper += 1
        return found

    def column(self, field: str) -> tuple[Block, int]:
        """The block that has a field, and its column there."""
        return (self.abstracts, 0) if field == ABSTRACT else (self.short, SHORT.index(field))


class Segment:
    """Papers with their rows, text, marks and labels; numbers count them from 0 and never change."""

    def __init__(self) -> None:
        self.rows: list[Row | None] = []
        self.dead = 0
        """How many rows are None."""
        self.texts = Texts(Block(len(SHORT)), Block(1))
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
        return self.living(list(range(self.texts.papers)))

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
        self.texts = self.texts.extended([folded for folded, _ in papers])
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

    def scores(self, weights: Mapping[int, float]) -> list[float]:
        """What `rank.taste_score` gives for each paper, all at once."""
        weight_of = weights.get
        keywords, organizations, authors = (
            list(map(weight_of, labels, repeat(0.0))) for labels in (self.keywords, self.organizations, self.authors)
        )
        scores, keyword, author = [], 0, 0
        ends = zip(self.keyword_ends, self.author_ends, strict=True)
        for number, (keyword_end, author_end) in enumerate(ends):
            parts = [*keywords[keyword:keyword_end], organizations[number], *authors[author:author_end]]
            scores.append(sum_of(parts) if any(parts) else 0.0)
            keyword, author = keyword_end, author_end
        return scores


def label_number(field: bytes, folded: bytes) -> int:
    """The number of a keyword, organization or author: the same for all spellings that fold to the same text."""
    return zlib.crc32(folded, zlib.crc32(field))


def _keep(kept: dict[int, bytes], number: int, texts: Sequence[str]) -> None:
    if texts:
        kept[number] = f"{MARK}{MARK.join(texts)}{MARK}".encode()
    else:
        kept.pop(number, None)
