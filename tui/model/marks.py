"""What the reader does to papers in a session: marks that are on disk when a method returns, and taking them back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from threading import RLock
from typing import TYPE_CHECKING, Any

from paperdeck.storage.library.library import RESTED
from paperdeck.storage.text.clean import clean_tag

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Deed, Library
    from paperdeck.storage.paper import Marks, Paper
    from paperdeck.storage.search.index import Index


__all__ = ["RESTED", "Markings"]


class Markings:
    """The part of a session that is about marks."""

    library: Library
    """Where marks are kept."""
    index: Index
    """What has to know of them."""
    _shelf: dict[str, Paper]
    _marking: RLock

    def marks(self, paper_id: str) -> Marks:
        """The reader's marks on a paper."""
        return self.index.marks(paper_id)

    def mark(self, ids: Sequence[str], label: str, **changes: Any) -> Deed:
        """Change marks; they are on disk when this returns.

        Raises:
            StoreError: nothing was changed.
        """
        kept = [self._shelf[paper_id] for paper_id in ids if paper_id in self._shelf]
        if kept:  # a paper of the shelf that the reader marks becomes one of the library
            self.library.add(kept, "shelf")
        with self._marking:
            step = self.library.mark(ids, label=label, **changes)
            self.marks_changed(ids)
        return step

    def toggle(self, ids: Sequence[str], field: str, labels: tuple[str, str]) -> Deed:
        """Set a mark on all papers, or take it from all if they all have it."""
        value = not all(getattr(self.marks(paper_id), field) for paper_id in ids)
        return self.mark(ids, labels[0] if value else labels[1], **{field: value})

    def undo(self) -> Deed | None:
        """Take back the newest change that the reader made in this session."""
        return self._stepped(self.library.undo)

    def redo(self) -> Deed | None:
        """Make the change again that was taken back last."""
        return self._stepped(self.library.redo)

    def _stepped(self, step_once: Callable[[], Deed | None]) -> Deed | None:
        with self._marking:
            deed = step_once()
            if deed:
                self.marks_changed(deed.ids)
        return deed

    def marks_changed(self, ids: Iterable[str]) -> None:
        """Bring the index up to the library's marks on these papers."""
        self.index.set_marks({paper_id: self.library.marks(paper_id) for paper_id in ids})

    def tags(self) -> dict[str, int]:
        """The reader's tags, with how many papers have each."""
        counts: dict[str, int] = {}
        for marks in self.library.all_marks().values():
            for tag in marks.tags:
                counts[tag] = counts.get(tag, 0) + 1
        return counts

    def clean_tag(self, name: str) -> str:
        """A tag as it is stored.

        Raises:
            InvalidInput: nothing is left of it.
        """
        return clean_tag(name)
