"""The papers that are known: their facts in the library, their rows in the index, and the starter shelf."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from threading import RLock
from time import perf_counter, sleep
from typing import TYPE_CHECKING

from paperdeck.storage.search.index import Index
from paperdeck.storage.settings.memory import give_back

from .stopping import Stop, never

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Library
    from paperdeck.storage.paper import Marks, Paper
    from paperdeck.storage.search.index import Row

_SLICE_PAPERS = 100
"""Papers that are indexed at a time."""


class Papers:
    """Facts by id from the library, and the index that finds them."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.index = Index()
        self.lock = RLock()
        """Held from reading the library's marks until the index has them."""
        self._shelf: dict[str, Paper] = {}

    # Facts

    def row(self, paper_id: str) -> Row | None:
        """What the list shows of a paper."""
        return self.index.row(paper_id) if paper_id in self.index else None

    def facts(self, ids: Sequence[str]) -> list[Paper]:
        """The facts of some papers, in their order; unknown ones are left out."""
        known = self.library.papers([paper_id for paper_id in ids if paper_id not in self._shelf])
        found = (known.get(paper_id) or self._shelf.get(paper_id) for paper_id in ids)
        return [paper for paper in found if paper]

    # The index

    def load(self, progress: Callable[[str], None] = lambda _: None, stop: Stop = never) -> None:
        """Index every paper of the library, newest month first. Call in a thread; it leaves time to other threads.

        Args:
            progress: Called with each month before it is loaded.
            stop: Asked now and then whether to give up.
        """
        with self.lock:
            self.index.set_marks(self.library.all_marks())
        for month in self.library.months():
            progress(month)
            _in_slices(self.library.month(month), self.index.add, stop)
            if stop():
                return
        give_back()

    def take(self, papers: Iterable[Paper]) -> None:
        """Index papers as they are in the library now."""
        known = list(papers)
        with self.lock:  # marks read before a key and set after it would hide what the key did
            self.index.set_marks({paper.id: marks for paper in known if (marks := self.library.marks(paper.id))})
        self.index.add(known)

    def marks(self, paper_id: str) -> Marks:
        """The reader's marks on a paper."""
        return self.index.marks(paper_id)

    def bring_marks(self, ids: Iterable[str]) -> None:
        """Bring the index up to the library's marks on these papers."""
        self.index.set_marks({paper_id: self.library.marks(paper_id) for paper_id in ids})

    # The starter shelf

    @property
    def shelf(self) -> Sequence[str]:
        """The ids of the starter shelf while it stands in for a library without papers; else nothing."""
        return tuple(self._shelf)

    def show_shelf(self) -> list[str]:
        """Put the starter shelf in place of papers; its ids."""
        from paperdeck.storage.shelf import load_shelf

        self._shelf = {paper.id: paper for paper in load_shelf()}
        self.take(self._shelf.values())
        return list(self._shelf)

    @property
    def past_shelf(self) -> int:
        """How many papers are here beside the starter shelf, while that is still shown."""
        return len(self.index) - len(self._shelf) if self._shelf else 0

    def leave_shelf(self) -> None:
        """List the papers of the library instead of the shelf."""
        self._shelf = {}
        self.index = Index()
        for month in self.library.months():
            self.take(self.library.month(month))

    def keep(self, ids: Iterable[str]) -> None:
        """Add papers of the shelf that the reader marks to the library."""
        kept = [self._shelf[paper_id] for paper_id in ids if paper_id in self._shelf]
        if kept:
            self.library.add(kept, "shelf")


def _in_slices(papers: Sequence[Paper], take: Callable[[Sequence[Paper]], None], stop: Stop) -> None:
    """Index many papers in a thread, resting as long as it worked, so the thread that draws goes first."""
    for start in range(0, len(papers), _SLICE_PAPERS):
        if stop():
            return
        began = perf_counter()
        take(papers[start : start + _SLICE_PAPERS])
        sleep(perf_counter() - began)
