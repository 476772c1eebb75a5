"""A paper as the taste sees it, and the labels that papers share: authors and organizations."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import Final, NamedTuple
from zlib import crc32

from .packing import packed, whole_numbers
from .terms import Terms, pack, readable, terms_of, unpack

AUTHOR: Final = "author"
ORGANIZATION: Final = "organization"


class PaperFacts(NamedTuple):
    """The facts of one paper from which a taste may be learned: never who submitted it, its upvotes or when it came."""

    id: str
    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    organization: str | None = None

    @property
    def terms(self) -> Terms:
        """Its words and pairs of words; computed each time, so keep them (`terms.pack`)."""
        return terms_of(self.title, self.abstract)

    @property
    def labels(self) -> tuple[Label, ...]:
        """Its authors in their order, each once, then its organization."""
        authors = tuple(Label(AUTHOR, name) for name in dict.fromkeys(self.authors) if name)
        return (*authors, Label(ORGANIZATION, self.organization)) if self.organization else authors

    @property
    def words(self) -> dict[int, str]:
        """For each of its terms the words to show."""
        return readable(self.title, self.abstract)


class Label(NamedTuple):
    """An author or organization of a paper."""

    kind: str
    """AUTHOR or ORGANIZATION."""
    name: str
    """The name as it is shown; capitals don't matter."""

    @property
    def key(self) -> int:
        """The number by which it is stored: the CRC-32 of kind and name; of 50,000 names fewer than one pair meets."""
        return crc32(f"{self.kind}:{self.name.casefold()}".encode())


class LabelKey(NamedTuple):
    """A label of which only the number is at hand."""

    key: int
    """As `Label.key` gives it."""


Labels = Iterable[Label | LabelKey]


class Kept(NamedTuple):
    """What is kept of a paper, so that its text need not be read again."""

    terms: Terms
    labels: tuple[LabelKey, ...]


_COUNT_BYTES: Final = 2
_KEY_BYTES: Final = 4
_MOST_LABELS: Final = 256**_COUNT_BYTES - 1


def keep(paper: PaperFacts) -> bytes:
    """A paper's terms and the numbers of its labels, to be kept; the same bytes on every machine."""
    labels = paper.labels[-_MOST_LABELS:]
    keys = packed(array("I", [label.key for label in labels]))
    return len(labels).to_bytes(_COUNT_BYTES, "little") + keys + pack(paper.terms)


def kept(content: bytes) -> Kept:
    """Reads the output of `keep`.

    Raises:
        ValueError: The bytes are not whole.
    """
    end = _COUNT_BYTES + _KEY_BYTES * int.from_bytes(content[:_COUNT_BYTES], "little")
    keys = whole_numbers("I", content[_COUNT_BYTES:end])
    return Kept(unpack(content[end:]), tuple(map(LabelKey, keys)))


class Star(NamedTuple):
    """A starred paper, as a taste is learned from it."""

    id: str
    title: str
    terms: Terms
    labels: tuple[Label, ...] = ()
    starred_at: float | None = None
    """Seconds since 1970 UTC; None if it is not known, which counts like the newest."""

    @classmethod
    def of(cls, paper: PaperFacts, starred_at: float | None = None) -> Star:
        """The star of a paper whose terms are not at hand."""
        return cls(paper.id, paper.title, paper.terms, paper.labels, starred_at)
