"""A paper's data that the taste uses, and the labels that papers share: authors and organizations."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Final, NamedTuple
from zlib import crc32

from .terms import Terms, array_of, bytes_of, pack, readable, terms_of, unpack

AUTHOR: Final = "author"
ORGANIZATION: Final = "organization"


class PaperFacts(NamedTuple):
    """The facts of a paper that a taste may be learned from: not the submitter, the upvotes or the arrival."""

    id: str
    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    organization: str | None = None

    @property
    def terms(self) -> Terms:
        """Its words and pairs of words; computed on each call, so store them (`terms.pack`)."""
        return terms_of(self.title, self.abstract)

    @property
    def labels(self) -> tuple[Label, ...]:
        """Its authors in their order, each once, then its organization."""
        authors = tuple(Label(AUTHOR, name) for name in dict.fromkeys(self.authors) if name)
        return (*authors, Label(ORGANIZATION, self.organization)) if self.organization else authors

    @property
    def words(self) -> dict[int, str]:
        """The words to display for each term."""
        return readable(self.title, self.abstract)


class Label(NamedTuple):
    """An author or organization of a paper."""

    kind: str
    """AUTHOR or ORGANIZATION."""
    name: str
    """The displayed name; case doesn't matter."""

    @property
    def key(self) -> int:
        """Its stored number: the CRC-32 of kind and name; among 50,000 names less than one collision is expected."""
        return crc32(f"{self.kind}:{self.name.casefold()}".encode())


class StoredTerms(NamedTuple):
    """A paper's stored data, so that its text need not be read again."""

    terms: Terms
    labels: Sequence[int]
    """The keys of its labels."""


_COUNT_BYTES: Final = 2
_KEY_BYTES: Final = 4
_MAX_LABELS: Final = 256**_COUNT_BYTES - 1


def terms_to_bytes(paper: PaperFacts) -> bytes:
    """Serialize a paper's terms and the numbers of its labels; the same bytes on every machine."""
    labels = paper.labels[-_MAX_LABELS:]
    keys = bytes_of(array("I", [label.key for label in labels]))
    return len(labels).to_bytes(_COUNT_BYTES, "little") + keys + pack(paper.terms)


def terms_from_bytes(content: bytes) -> StoredTerms:
    """Read the output of `terms_to_bytes`.

    Raises:
        ValueError: The bytes are truncated.
    """
    end = _COUNT_BYTES + _KEY_BYTES * int.from_bytes(content[:_COUNT_BYTES], "little")
    return StoredTerms(unpack(content[end:]), array_of("I", content[_COUNT_BYTES:end]))


class Star(NamedTuple):
    """A starred paper to learn from."""

    id: str
    title: str
    terms: Terms
    labels: tuple[Label, ...] = ()
    starred_at: float | None = None
    """Seconds since 1970 UTC; None if unknown, which counts like the newest."""
