"""Undo and redo: choose the deed and reverse it."""

from __future__ import annotations

from collections.abc import Sequence

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.documents import Troubles
from paperdeck.storage.files.sealed import Document
from paperdeck.storage.library.ledger import Ledger
from paperdeck.storage.library.papers import PaperBlocks
from paperdeck.storage.paper import BIBLIOGRAPHIES

from .history import RESTED, Deed, History, Recorded
from .merged import Merged
from .registers import GENERAL, RULES
from .store import RegisterStore


class Undo:
    """Undoes deeds of this process, and of others if told which. Callers must hold the journal's lock."""

    def __init__(
        self,
        store: RegisterStore,
        history: History,
        merged: Merged,
        papers: PaperBlocks,
        ledger: Ledger,
        troubles: Troubles,
    ) -> None:
        self._store, self._history, self._merged = store, history, merged
        self._papers, self._ledger, self._troubles = papers, ledger, troubles
        self._done: list[Deed] = []
        self._undone: list[int] = []

    def made(self, deed: Deed) -> None:
        """Record a deed of this process. It clears the deeds to redo, unless it is labelled RESTED."""
        self._done.append(deed)
        if deed.label != RESTED:
            self._undone.clear()

    def undo(self, deed: Deed | None) -> Deed | None:
        """Undo the given deed, or this process's last one; None if none of it is left.

        Deeds labelled RESTED are skipped while others remain; after that, they are undone one by one.

        Raises:
            StoreError: nothing was changed.
        """
        for chosen in [deed] if deed else sorted(self._done, key=lambda own: (own.label == RESTED, -own.number)):
            undone = self._swap(chosen.number, back=True)
            self._done = [own for own in self._done if own.number != chosen.number]
            if undone:
                self._undone.append(undone.number)
                return undone
        return None

    def redo(self, deed: Deed | None) -> Deed | None:
        """Redo the given deed, or exactly what this process undid last; None if that isn't possible.

        Raises:
            StoreError: nothing was changed.
        """
        numbers = [deed.number] if deed else self._undone
        while numbers:
            if redone := self._swap(numbers.pop(), back=False):
                if redone.own:
                    self._done = sorted([*self._done, redone])
                return redone
        return None

    def _swap(self, number: int, *, back: bool) -> Deed | None:
        """Undo or redo one deed; None if nothing changed, as all its fields have newer values."""
        recorded = self._history.read(number)
        if recorded is None:
            return None
        self._papers.put_back(recorded.gone if back else recorded.removed_by_undo)
        touched = self._store.swap(recorded.changes, back=back)
        removed = self._removable(recorded) if back else []
        self._note(number, undone=back, removed=removed if recorded.brought else None)
        if leaving := removed if back else recorded.gone:
            self._papers.remove([document["id"] for document in leaving])
        papers = [document["id"] for document in (*(removed if back else recorded.removed_by_undo), *recorded.gone)]
        ids = dict.fromkeys([subject for subject in touched if subject not in GENERAL] + papers)
        if not touched and not papers:
            return None
        return recorded.deed._replace(ids=tuple(ids), rules=RULES in touched, undone=back)

    def _removable(self, recorded: Recorded) -> list[Document]:
        """The papers that an import added, except those that were changed, marked or listed by a source since."""
        unmarked = [paper_id for paper_id in recorded.brought if not self._merged.marks(paper_id)]
        if not unmarked:
            return []
        listed = self._ledger.listed()
        return [
            document
            for paper_id, document in self._papers.documents(unmarked).items()
            if sorted(document["sources"].keys() - {BIBLIOGRAPHIES}) == recorded.brought[paper_id]
            and paper_id not in listed
        ]

    def _note(self, number: int, *, undone: bool, removed: Sequence[Document] | None) -> None:
        """Record that a deed was undone or redone. If that fails, undo still works: it skips undone changes."""
        try:
            self._history.note(number, undone=undone, removed=removed)
        except StoreError as error:
            if removed:
                raise
            self._troubles.complain(f"It was undone or redone, but the next redo may not work, as {error}")
