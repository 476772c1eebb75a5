"""The papers, one file a month of their ids: `papers/2026-05.json`.

A look-up by id opens one small file, and a write rewrites one, so neither grows with the library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from paperdeck.storage.errors import InvalidInput, StoreError
from paperdeck.storage.files.atomic import Signature, paused_collector
from paperdeck.storage.files.documents import DocumentFile, is_month, iso_time, scan
from paperdeck.storage.files.guarded import Clock, GuardedFiles, Troubles
from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.files.sealed import Damaged
from paperdeck.storage.identifiers import UNDATED, document_id, is_paper_id, month_of
from paperdeck.storage.paper import Counts, Paper, facts_of, merge_sources, ordered_sources, paper_from

_BUDGET = 12_000_000
_RECENT_COUNTS = 20
_MOST_COUNTS = 40

Document = dict[str, Any]


class PaperShards(GuardedFiles):
    """All papers. Thread-safe."""

    def __init__(
        self, folder: Path, lock: WriterLock, clock: Clock, troubles: Troubles, doubt: Callable[[str], None]
    ) -> None:
        """Open nothing yet; `doubt` is called with a month whose papers were lost, while the lock is held."""
        super().__init__("papers", _BUDGET, lock, clock, troubles)
        self._folder = folder
        self._doubt = doubt
        self._known: dict[str, Signature | None] = {}
        self._foreign: set[str] = set()
        self._watching = False

    def path(self, month: str) -> Path:
        """The file of a month."""
        return self._folder / f"{month}.json"

    def months(self) -> list[str]:
        """The months that have papers, newest first, the undated last."""
        names = [name[:-5] for name in self.look(self._folder, _is_shard)]
        return sorted(names, key=lambda name: "" if name == UNDATED else name, reverse=True)

    def month(self, name: str) -> list[Paper]:
        """Every paper of one month; who asks for all months gets them one by one, and none is kept for it."""
        with self.passing(self.path(name)), paused_collector():
            return [paper_of(document) for document in self.read(self.path(name), list) or ()]

    def documents(self, ids: Iterable[str]) -> dict[str, Document]:
        """The documents of papers, by id, in the order given; unknown ids are absent."""
        wanted = list(ids)
        known: dict[str, Document] = {}
        for month, group in groupby(sorted(filter(is_paper_id, wanted), key=month_of), key=month_of):
            members = tuple(group)
            known |= self.read(self.path(month), partial(_find, ids=members)) or {}
        return {paper_id: known[paper_id] for paper_id in wanted if paper_id in known}

    def add(self, papers: Iterable[Paper], source: str) -> tuple[list[str], list[str]]:
        """Merge papers in; the ids that are new and those whose facts changed, in the order given."""
        latest = {paper.id: paper for paper in papers}
        for paper_id in latest:
            if not is_paper_id(paper_id):
                raise InvalidInput(f"“{paper_id[:60]}” is not the id of a paper; an id looks like 2401.12345.")
        new: set[str] = set()
        changed: set[str] = set()
        ordered = sorted(latest.values(), key=lambda paper: paper.month)
        for month, group in groupby(ordered, key=lambda paper: paper.month):
            self._add_to(month, list(group), source, new, changed)
        return [i for i in latest if i in new], [i for i in latest if i in changed]

    def _add_to(self, month: str, papers: list[Paper], source: str, new: set[str], changed: set[str]) -> None:
        now = iso_time(self._clock())
        with self.writing(self.path(month)) as (file,):
            updates = []
            for paper in papers:
                number = document_id(paper.id)
                old = file.get(number)
                document = _merged(old, paper, source, now)
                if old is None:
                    new.add(paper.id)
                elif old.get("sources", {}).get(source) != document["sources"][source]:
                    changed.add(paper.id)
                if document != old:
                    updates.append((number, document))
            if updates:
                file.replace(updates)

    def poll(self) -> frozenset[str]:
        """The months whose files another process changed since the last poll; the first poll only looks."""
        try:
            present = {name[:-5]: signature for name, signature in scan(self._folder, _is_shard).items()}
        except StoreError as error:
            self._troubles.complain(str(error))
            return frozenset()
        with self.memory:
            for month in present.keys() | self._known.keys():
                self._notice(month, present.get(month))
            self._watching = True
            changed, self._foreign = frozenset(self._foreign), set()
            return changed

    def seen(self, path: Path, signature: Signature | None, *, ours: bool) -> None:
        """Take note of a file's state."""
        if ours:
            self._known[path.stem] = signature
        else:
            self._notice(path.stem, signature)

    def _notice(self, month: str, signature: Signature | None) -> None:
        """Take note of a file's state, and of a change that was not ours."""
        if signature != self._known.get(month) and (month in self._known or self._watching):
            self._foreign.add(month)
        self._known[month] = signature

    def lost(self, path: Path, aside: Path, damage: Damaged) -> None:
        """Tell the reader, and the ledger, so that the fetcher asks for the month's days again."""
        self._troubles.tell(
            f"{path.name} of the papers {damage}; it is kept as {aside.name}, and its papers are fetched again."
        )
        self._doubt(path.stem)


def paper_of(document: Document) -> Paper:
    """The paper in a document: the best of what its sources said."""
    sources = document["sources"]
    return paper_from(
        merge_sources(sources),
        sources=tuple(sources) if len(sources) == 1 else tuple(reversed(ordered_sources(sources))),
        added=document.get("added"),
        counts=tuple([Counts(*line) for line in document.get("counts", ())]),
    )


def _merged(old: Document | None, paper: Paper, source: str, now: str) -> Document:
    """The document with what a source now says; what it no longer mentions stays as it was."""
    document: Document = dict(old) if old else {"id": paper.id, "added": now, "counts": []}
    sources = document.get("sources", {})
    document["sources"] = sources | {source: sources.get(source, {}) | facts_of(paper)}
    document["counts"] = _with_counts(document.get("counts", []), paper, now[:10])
    return document


def _with_counts(counts: list[list[Any]], paper: Paper, today: str) -> list[list[Any]]:
    """The history of counts with today's; one line a day, and of the days long past only every second."""
    seen = (paper.upvotes, paper.comments, paper.code_stars)
    if seen == (None, None, None):
        return counts
    before = counts[-1][1:] if counts else [0, 0, 0]
    line = [today, *(old if new is None else new for old, new in zip(before, seen, strict=True))]
    if counts and counts[-1][0] >= today:
        return [*counts[:-1], [counts[-1][0], *line[1:]]]
    counts = [*counts, line]
    return counts if len(counts) <= _MOST_COUNTS else counts[:-_RECENT_COUNTS:2] + counts[-_RECENT_COUNTS:]


def _find(file: DocumentFile, ids: Iterable[str]) -> dict[str, Document]:
    found = ((paper_id, file.get(document_id(paper_id))) for paper_id in ids)
    return {paper_id: document for paper_id, document in found if document and document["id"] == paper_id}


def _is_shard(name: str) -> bool:
    return is_month(name[:-5]) and name.endswith(".json")
