"""arXiv's public snapshot of its metadata: a file with one JSON object per line, one for each paper.

    {"id": "0704.0001", "authors_parsed": [["Balázs", "C.", ""], …], "title": …, "abstract": …,
     "categories": "hep-ph cs.CL", "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}, …],
     "doi": …, "journal-ref": …, "comments": …, "license": …, "update_date": "2008-11-26"}

(https://www.kaggle.com/datasets/Cornell-University/arxiv; several gigabytes.) The papers are added to the library in
batches, so that memory use stays flat, and a small file records how far the import has read, so that it can be resumed.
The papers don't enter the queue: the snapshot isn't a followed source, so none of them is new.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import orjson

from paperdeck.storage.errors import InvalidInput, StoreError
from paperdeck.storage.fetch import values
from paperdeck.storage.fetch.arxiv.fields import is_withdrawn, split_authors
from paperdeck.storage.files.disk import is_there, reason_for
from paperdeck.storage.files.small import recall_all, write_json
from paperdeck.storage.identifiers import arxiv_reference
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.times import moment_in_mail

PIECE_PAPERS = 5_000
"""Papers added to the library per batch."""
STORED_PART = 1.0
"""Bytes of paper files per byte of the snapshot, as measured."""
INDEX_PART = 2.2
"""Bytes of the index per byte of the snapshot, as measured."""
_PROBED_PLACES = 40
_PROBE_LINES = 50
_DOI = re.compile(r"10\.\d{4,9}/[^\s;,]+")
_DISK_RESERVE_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """The estimated cost of an import."""

    papers: int
    """The estimated number of papers."""
    needed_bytes: int
    """The estimated disk space in bytes, index included."""
    free_bytes: int
    """The free disk space in bytes."""


@dataclass(frozen=True, slots=True)
class SnapshotProgress:
    """The progress of an import."""

    read_bytes: int
    """Bytes read so far."""
    total_bytes: int
    """The size of the file."""
    new: int
    """Papers that this run added."""
    unusable: int
    """Lines without a paper."""


class Snapshot:
    """A file of the snapshot, narrowed to some categories."""

    def __init__(self, path: Path, categories: Iterable[str] = ()) -> None:
        """A file.

        Args:
            categories: Patterns such as `cs.*` or `hep-th`; none: all papers.

        Raises:
            InvalidInput: the file can't be read, or isn't of this kind.
        """
        self.path = path
        self.categories = tuple(pattern.lower() for pattern in categories)
        try:
            status = path.stat()
            with path.open("rb") as file:
                first = file.readline()
        except FileNotFoundError as error:
            raise InvalidInput(f"There is no file {path}; check its name.") from error
        except OSError as error:
            raise InvalidInput(f"{path} can't be read: {reason_for(error)}.") from error
        if not is_snapshot(first):
            raise InvalidInput(f"{path} is not arXiv's metadata snapshot, which has one JSON object per line.")
        self.size = status.st_size
        self._state = [str(path.absolute()), status.st_size, status.st_mtime_ns, *self.categories]

    def estimate(self, library: Library) -> Estimate:
        """The cost of the import, estimated from samples of the file."""
        wanted_bytes = read_bytes = papers = 0
        with self.path.open("rb") as file:
            for probe in range(_PROBED_PLACES):
                file.seek(self.size * probe // _PROBED_PLACES)
                if probe:
                    file.readline()
                for _, line in zip(range(_PROBE_LINES), file, strict=False):
                    paper = paper_of_line(line)
                    read_bytes += len(line)
                    if paper and self._is_wanted(paper):
                        wanted_bytes, papers = wanted_bytes + len(line), papers + 1
        share = self.size / max(1, read_bytes)
        needed = int(wanted_bytes * share * (STORED_PART + INDEX_PART))
        return Estimate(int(papers * share), needed, _free_bytes(library.places.cache))

    def add_to(self, library: Library, note: Path) -> Iterator[SnapshotProgress]:
        """Add the papers to the library and its index, and yield the progress after each batch.

        If the caller stops iterating, the next import of the same file resumes there.

        Args:
            library: The library to add to.
            note: The small file that records the position of an import.

        Raises:
            StoreError: the disk is nearly full, or something can't be written; the next import resumes.
        """
        new = unusable = 0
        with self.path.open("rb") as file:
            file.seek(self._noted(note))
            while True:
                papers, bad = self._piece(file)
                unusable += bad
                if _free_bytes(library.places.cache) < _DISK_RESERVE_BYTES:
                    raise StoreError("The disk is nearly full; free some space and import again to resume from here.")
                if papers:
                    new += len(library.add(papers, "arxiv").new)
                    library.indexing.catch_up([paper.id for paper in papers])
                done = SnapshotProgress(file.tell(), self.size, new, unusable)
                write_json(note, {"file": self._state, "read": done.read_bytes}, durable=False)
                yield done
                if done.read_bytes >= self.size:
                    break
        note.unlink(missing_ok=True)

    def can_resume(self, note: Path) -> bool:
        """Whether an earlier import of this file was interrupted."""
        return self._noted(note) > 0

    def _noted(self, note: Path) -> int:
        found = recall_all(note)
        position = found.get("read") if found.get("file") == self._state else 0
        return position if isinstance(position, int) else 0

    def _piece(self, file: Any) -> tuple[list[Paper], int]:
        """The next wanted papers, and the number of lines without a paper."""
        papers: list[Paper] = []
        bad = 0
        while len(papers) < PIECE_PAPERS and (line := file.readline()):
            paper = paper_of_line(line)
            if paper is None:
                bad += bool(line.strip())
            elif self._is_wanted(paper):
                papers.append(paper)
        return papers, bad

    def _is_wanted(self, paper: Paper) -> bool:
        if not self.categories:
            return True
        names = [category.lower() for category in paper.categories]
        return any(fnmatchcase(name, pattern) for name in names for pattern in self.categories)


def _free_bytes(folder: Path) -> int:
    """The free disk space where a folder is, or will be."""
    return shutil.disk_usage(next(place for place in (folder, *folder.parents) if is_there(place))).free


def is_snapshot(start: bytes) -> bool:
    """Whether a first line is one of the snapshot: a JSON object that describes a paper."""
    try:
        first = orjson.loads(start.splitlines()[0])
    except (orjson.JSONDecodeError, IndexError):
        return False
    return isinstance(first, dict) and {"id", "title", "categories", "versions"} <= first.keys()


def paper_of_line(line: bytes) -> Paper | None:
    """The paper on a line; None if there is none."""
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return paper_of(found) if isinstance(found, dict) else None


def paper_of(found: Mapping[str, Any]) -> Paper | None:
    """The paper that an object of the snapshot describes; None if there is none."""
    reference = arxiv_reference(found.get("id"))
    title = values.line(found.get("title"))
    if reference is None or not title:
        return None
    versions = found.get("versions")
    days = [day for version in versions if (day := _day(version))] if isinstance(versions, list) else []
    names = _names(found.get("authors_parsed"))
    authors = tuple(" ".join(filter(None, (given, family, *suffix))) for family, given, *suffix in names)
    abstract, comment = values.paragraphs(found.get("abstract")), values.line(found.get("comments"))
    doi = _DOI.search(values.line(found.get("doi")))
    return Paper(
        id=reference.id,
        title=title,
        abstract=abstract,
        authors=authors or split_authors(values.paragraphs(found.get("authors"))),
        names=tuple(_parts(*name) for name in names),
        published=days[0] if days else values.day(found.get("update_date")),
        updated=days[-1] if days else None,
        categories=tuple(values.line(found.get("categories")).split()),
        version=len(versions) if isinstance(versions, list) and versions else None,
        comment=comment or None,
        journal_ref=values.line(found.get("journal-ref")) or None,
        doi=doi[0].rstrip(".") if doi else None,
        withdrawn=is_withdrawn(comment, abstract),
    )


def _names(parsed: object) -> list[tuple[str, str, str]]:
    """The family name, given name and suffix of each author; a fourth entry, which is an affiliation, is left out."""
    found = []
    for name in parsed if isinstance(parsed, list) else ():
        if isinstance(name, list) and name and (family := values.line(name[0])):
            given, suffix = (values.line(part) for part in [*name[1:3], "", ""][:2])
            found.append((family, given, suffix))
    return found[: values.MAX_AUTHORS]


def _parts(family: str, given: str, suffix: str) -> tuple[str, ...]:
    return (family, given, "", suffix) if given else (family,)


def _day(version: object) -> date | None:
    """The day of a version; its time is in UTC, in the format of email dates."""
    moment = moment_in_mail(values.mapping(version).get("created"))
    return moment.date() if moment else None
