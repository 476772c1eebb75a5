"""The papers: their facts in the library, the index that finds them, and the starter shelf."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date
from threading import RLock
from time import sleep
from typing import TYPE_CHECKING, NamedTuple

from paperdeck.storage.errors import StoreError
from paperdeck.storage.paper import Entry
from paperdeck.storage.settings.memory import give_back, share_pool
from paperdeck.storage.text.tex import to_unicode

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Library
    from paperdeck.storage.paper import Paper
    from paperdeck.storage.search.database import Stop
    from paperdeck.storage.search.index import Index

_MAX_ROWS = 4_000
"""Rows to cache; others are read again."""


class Row(NamedTuple):
    """The facts of a paper in the list."""

    id: str
    title: str
    """With TeX made readable."""
    byline: str
    upvotes: int | None
    comments: int | None
    code_stars: int | None
    day: date | None
    has_code: bool


class Papers:
    """Facts by id from the library, and the index that finds them."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.lock = RLock()
        """Held from reading the library's marks until the index has them."""
        self._rows: dict[str, Row] = {}
        self._shelf: dict[str, Paper] = {}
        self._shelf_index: Index | None = None
        self._loading = False

    @property
    def index(self) -> Index:
        """The index of the library, or of the starter shelf while that is shown."""
        return self._shelf_index or self.library.indexing.index

    # Facts

    def row(self, paper_id: str) -> Row | None:
        """The facts of a paper in the list."""
        if paper_id not in self._rows:
            self.read_rows([paper_id])
        return self._rows.get(paper_id)

    def read_rows(self, ids: Iterable[str]) -> None:
        """Read the rows that the list is about to show; faster than one by one."""
        if len(self._rows) > _MAX_ROWS:
            self._rows = {}
        missing = [paper_id for paper_id in ids if paper_id not in self._rows]
        self._rows |= {paper.id: _row_of(paper) for paper in self.facts(missing)}

    def facts(self, ids: Sequence[str]) -> list[Paper]:
        """The facts of papers, in the order given; unknown papers are left out."""
        known = self.library.papers(ids)
        found = (known.get(paper_id) or self._shelf.get(paper_id) for paper_id in ids)
        return [paper for paper in found if paper]

    def entries(self, ids: Sequence[str]) -> list[Entry]:
        """Papers with marks and arrival in the queue; unknown ones are left out."""
        return self.entries_of(self.facts(ids))

    def entries_of(self, papers: Sequence[Paper]) -> list[Entry]:
        """The same for papers whose facts are given."""
        arrivals = self.library.indexing.arrivals([paper.id for paper in papers])
        return [Entry(paper, self.library.marks(paper.id), arrivals.get(paper.id)) for paper in papers]

    # The index

    def has_all(self, ids: Sequence[str]) -> bool:
        """Whether the library's index has all of the given papers."""
        with suppress(StoreError):
            return self.library.indexing.index.has_all(ids)
        return False

    def has_fetched(self) -> bool:
        """Whether the library has papers that were fetched or imported, by its index."""
        with suppress(StoreError):
            return self.library.indexing.index.has_fetched()
        return False

    def rising(self) -> Sequence[str]:
        """The papers that gain upvotes faster than others of their day, fastest first. Call in a thread."""
        with suppress(StoreError):
            return self.index.rising()
        return ()

    @property
    def is_behind(self) -> bool:
        """Whether the index lacks papers and isn't being updated, for example after it was damaged or deleted."""
        return not self._loading and not self.library.indexing.index.is_current

    def load(self, progress: Callable[[str], None] = lambda _: None, stop: Stop = lambda: False) -> None:
        """Update the index from the library, newest month first. Call in a thread; it yields to other threads.

        Args:
            progress: Called with each month before it is read.
            stop: Called now and then; True stops the work.
        """
        self._loading = True
        share_pool()
        try:
            self.library.indexing.catch_up(stop=stop, rest=sleep, progress=progress)
        except StoreError as error:
            self.library.troubles.append(str(error))
        finally:
            self._loading = False
        if not self.library.unreadable_files():  # else the rows on the screen are all there is
            self._rows = {}
        give_back()

    def take(self, ids: Iterable[str]) -> None:
        """Index papers of the library. Call in a thread."""
        taken = set(ids)
        with suppress(StoreError):  # the next `load` finds missing papers
            self.library.indexing.catch_up(taken)
        self._rows = {paper_id: row for paper_id, row in self._rows.items() if paper_id not in taken}

    def bring_marks(self, ids: Iterable[str]) -> None:
        """Update the index with the marks on these papers."""
        marks = {paper_id: self.library.marks(paper_id) for paper_id in ids}
        self.library.indexing.index.set_marks(marks)
        if self._shelf_index:
            self._shelf_index.set_marks(marks)

    def bring(self, ids: Sequence[str]) -> frozenset[str] | None:
        """Update the index after an undo, which may have removed or restored papers, with their marks.

        Returns:
            The removed papers; None if none were removed or restored.
        """
        there = frozenset(self.library.papers(ids))
        came_or_went = len(there) < len(set(ids)) or not self.has_all(ids)
        if came_or_went:
            self.take(ids)
        with self.lock:
            self.bring_marks(ids)
        return frozenset(ids) - there if came_or_went and not self._shelf else None

    # The starter shelf

    @property
    def shelf(self) -> Sequence[str]:
        """The ids of the starter shelf while it stands in for an empty library; else empty."""
        return tuple(self._shelf)

    def show_shelf(self) -> list[str]:
        """Show the starter shelf instead of papers. Returns its ids."""
        from paperdeck.storage.search.index import Index
        from paperdeck.storage.shelf import load_shelf

        self._shelf = {paper.id: paper for paper in load_shelf()}
        self._shelf_index = Index()
        self._shelf_index.add(self._shelf.values())
        self.bring_marks(self.library.all_marks())
        return list(self._shelf)

    def close(self) -> None:
        """Close the index, at the end of the program."""
        self.leave_shelf()
        self.library.indexing.close()

    @property
    def past_shelf(self) -> int:
        """How many fetched papers there are while the starter shelf is still shown."""
        if not self._shelf:
            return 0
        with suppress(StoreError):
            return self.library.indexing.index.count_fetched()
        return 0

    def leave_shelf(self) -> None:
        """Show the library's papers instead of the shelf."""
        if self._shelf_index:
            self._shelf_index.close()
        self._shelf, self._shelf_index = {}, None

    def keep(self, ids: Iterable[str]) -> None:
        """Add marked papers of the shelf to the library, and to its index, as others may have arrived there already."""
        kept = [self._shelf[paper_id] for paper_id in ids if paper_id in self._shelf]
        if kept:
            self.library.add(kept, "shelf")
            self.take(paper.id for paper in kept)


def _row_of(paper: Paper) -> Row:
    return Row(
        id=paper.id,
        title=to_unicode(paper.title),
        byline=paper.byline,
        upvotes=paper.upvotes,
        comments=paper.comments,
        code_stars=paper.code_stars,
        day=paper.day,
        has_code=bool(paper.code_url),
    )
