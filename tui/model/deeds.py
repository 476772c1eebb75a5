"""What the reader does: marks on papers, and undoing or redoing any deed. Changes are durable when a method returns."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from .changed import Changed

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Deed, Library
    from paperdeck.storage.paper import Marks, Paper

    from .papers import Papers
    from .rules import Rulebook


class Markings:
    """Reads and changes marks, and publishes changes."""

    def __init__(self, library: Library, papers: Papers, publish: Callable[[Changed], None]) -> None:
        self._library, self._papers, self._publish = library, papers, publish

    def of(self, paper_id: str) -> Marks:
        return self._library.marks(paper_id)

    def cited_as(self, papers: Iterable[Paper]) -> dict[str, str]:
        """The reader's choices of a published form to cite, by paper; see `Marks.cite_as`."""
        return {paper.id: word for paper in papers if (word := self.of(paper.id).cite_as)}

    def mark(self, ids: Sequence[str], label: str, *, subject: str = "", **changes: Any) -> Deed:
        """Change marks. Call in a thread if there are many papers.

        Args:
            ids: The papers.
            label: The label of the deed.
            subject: The papers in words, such as `12 papers in “Today”`; empty: the title, if there is one paper.
            changes: The arguments of `Library.mark`, such as `starred=True`.

        Raises:
            StoreError: nothing was changed.
        """
        self._papers.keep(ids)
        if not subject and len(ids) == 1 and (row := self._papers.row(ids[0])):
            subject = row.title
        with self._papers.lock:
            deed = self._library.mark(ids, label=label, subject=subject, **changes)
            self._papers.bring_marks(ids)
        self._publish(Changed(marks=frozenset(deed.ids)))
        return deed

    def toggle(self, ids: Sequence[str], field: str, labels: tuple[str, str]) -> Deed:
        """Set `starred`, `read` or `hidden` on all papers, or remove it if they all have it, with these labels."""
        value = not all(getattr(self.of(paper_id), field) for paper_id in ids)
        changes: dict[str, Any] = {field: value}
        return self.mark(ids, labels[0] if value else labels[1], **changes)

    def changed(self, ids: Iterable[str]) -> None:
        """Publish marks that changed in the library, by an undo or another instance."""
        touched = frozenset(ids)
        with self._papers.lock:
            self._papers.bring_marks(touched)
        self._publish(Changed(marks=touched))

    def tags(self) -> dict[str, int]:
        """The reader's tags, with their numbers of papers."""
        return Counter(tag for marks in self._library.all_marks().values() for tag in marks.tags)


class Deeds:
    """Undoes and redoes deeds of this process. Methods that read the journal belong in a thread."""

    def __init__(self, library: Library, papers: Papers, rules: Rulebook, publish: Callable[[Changed], None]) -> None:
        self._library, self._papers, self._rules, self._publish = library, papers, rules, publish
        self._offered: Deed | None = None
        self.began = datetime.now(UTC)
        """When this session began; the journal doesn't know which of the older ones still run."""
        self.in_order = asyncio.Lock()
        """Held while a thread marks many papers, so that deeds keep their order."""

    def undo(self) -> Deed | None:
        """Undo the last deed of this process, and only that; None if there is nothing to undo."""
        self._offered = None
        return self._shown(self._library.undo())

    def redo(self) -> Deed | None:
        """Redo exactly the last undone deed; None if there is none."""
        return self._shown(self._library.redo())

    def offer_others(self) -> Deed | None:
        """The newest deed of another process; `undo_offered` undoes it once the reader has seen its name."""
        self._offered = self._library.history.newest_of_others()
        return self._offered

    @property
    def offered(self) -> bool:
        """Whether a deed of another process was offered and not yet undone."""
        return self._offered is not None

    def undo_offered(self) -> Deed | None:
        """Undo the offered deed of another process."""
        offered, self._offered = self._offered, None
        return self._shown(self._library.undo(offered)) if offered else None

    def withdraw(self) -> None:
        """Withdraw the offer after another action: the deed must be named again before it is undone."""
        self._offered = None

    def _shown(self, deed: Deed | None) -> Deed | None:
        if deed:
            gone = self._papers.bring(deed.ids)
            if deed.rules:
                self._rules.load()
            ids, moved = frozenset(deed.ids), gone is not None
            gone = gone or frozenset()
            self._publish(Changed(marks=ids, rules=deed.rules, gone=gone, back=ids - gone, library=moved))
        return deed
