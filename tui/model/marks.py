"""The reader's marks on papers: stars, read, hidden, tags, notes. Changes are durable when a method returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from paperdeck.storage.text.clean import clean_tag

from .changed import Changed

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Deed, Library
    from paperdeck.storage.paper import Marks, Paper

    from .papers import Papers


class Markings:
    """Reads and changes marks, and publishes changes."""

    def __init__(self, library: Library, papers: Papers, publish: Callable[[Changed], None]) -> None:
        self._library, self._papers, self._publish = library, papers, publish

    def of(self, paper_id: str) -> Marks:
        """The marks of a paper."""
        return self._papers.marks(paper_id)

    def cited_as(self, papers: Iterable[Paper]) -> dict[str, str]:
        """The reader's choices of a published form to cite, by paper; see `Marks.cite_as`."""
        return {paper.id: word for paper in papers if (word := self.of(paper.id).cite_as)}

    def mark(self, ids: Sequence[str], label: str, **changes: Any) -> Deed:
        """Change marks.

        Args:
            ids: The papers.
            label: The label of the deed.
            changes: The arguments of `Library.mark`, such as `starred=True`.

        Raises:
            StoreError: nothing was changed.
        """
        self._papers.keep(ids)
        row = self._papers.row(ids[0]) if len(ids) == 1 else None
        with self._papers.lock:
            deed = self._library.mark(ids, label=label, subject=row.title if row else "", **changes)
            self._papers.bring_marks(ids)
        self._publish(Changed(marks=frozenset(deed.ids)))
        return deed

    def mark_list_read(self, ids: Sequence[str], what: str) -> Deed:
        """Mark the unread papers of a list read, as one deed. Call in a thread if there are many.

        Args:
            ids: The papers.
            what: The papers in words, such as `12 papers in “Today”`.

        Raises:
            StoreError: nothing was changed.
        """
        self._papers.keep(ids)
        with self._papers.lock:
            deed = self._library.mark(ids, read=True, label="mark read", subject=what)
            self._papers.bring_marks(ids)
        self._publish(Changed(marks=frozenset(deed.ids)))
        return deed

    def toggle(self, ids: Sequence[str], field: str, labels: tuple[str, str]) -> Deed:
        """Set a mark on all papers, or remove it if they all have it.

        Args:
            ids: The papers.
            field: `starred`, `read` or `hidden`.
            labels: The labels of the deeds that set and remove it.
        """
        value = not all(getattr(self.of(paper_id), field) for paper_id in ids)
        return self.mark(ids, labels[0] if value else labels[1], **{field: value})

    def changed(self, ids: Iterable[str]) -> None:
        """Publish marks that changed in the library, by an undo or another instance."""
        touched = frozenset(ids)
        with self._papers.lock:
            self._papers.bring_marks(touched)
        self._publish(Changed(marks=touched))

    def tags(self) -> dict[str, int]:
        """The reader's tags, with their numbers of papers."""
        counts: dict[str, int] = {}
        for marks in self._library.all_marks().values():
            for tag in marks.tags:
                counts[tag] = counts.get(tag, 0) + 1
        return counts

    @staticmethod
    def clean_tag(name: str) -> str:
        """The stored form of a tag.

        Raises:
            InvalidInput: it has no usable character.
        """
        return clean_tag(name)
