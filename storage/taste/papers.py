"""What the taste needs to know of a paper, and the labels that papers share: authors and organizations."""

from __future__ import annotations

from typing import Final, NamedTuple
from zlib import crc32

from .terms import Terms, readable, terms_of

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
    """Somebody or something that a paper is by."""

    kind: str
    """AUTHOR or ORGANIZATION."""
    name: str
    """The name as it is shown; capitals don't matter."""

    @property
    def key(self) -> int:
        """The number by which it is stored: the CRC-32 of kind and name; of 50,000 names fewer than one pair meets."""
        return crc32(f"{self.kind}:{self.name.casefold()}".encode())


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
