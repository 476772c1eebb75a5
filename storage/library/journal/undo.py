"""Undo and redo: choose the deed and reverse it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Protocol

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.documents import Troubles
from paperdeck.storage.files.sealed import Document

from .history import JOINED, RESTED, Deed, History, Recorded
from .merged import Merged
from .registers import RULES
from .store import RegisterStore


class ImportedPapers(Protocol):
    """The operations on papers that undoing an import needs."""

    def removable(self, brought: Mapping[str, list[str]]) -> list[Document]:
        """The documents of those papers that are unchanged since the import and that no source lists."""
        ...

    def remove(self, ids: Iterable[str]) -> object:
        """Remove papers."""
        ...

    def put_back(self, documents: Iterable[Document]) -> object:
        """Restore papers."""
        ...


class Undo:
    """Undoes deeds of this process, and of others if told which. Callers must hold the journal's lock."""

    def __init__(
        self, store: RegisterStore, history: History, merged: Merged, papers: ImportedPapers, troubles: Troubles
    ) -> None:
        self._store = store
        self._history = history
        self._merged = merged
        self._papers = papers
        self._troubles = troubles
        self._done: list[Deed] = []
        self._undone: list[int] = []

    def made(self, deed: Deed) -> None:
        """Record a deed of this process. It ends redo, unless it is a reading by resting."""
        self._done.append(deed)
        if deed.label != RESTED:
            self._undone.clear()

    def undo(self, deed: Deed | None) -> Deed | None:
        """Undo the given deed, or this process's last one; None if none of it is left.

        Readings by resting are skipped while other deeds remain; after that, they are undone one by one.

        Raises:
            StoreError: nothing was changed.
        """
        for chosen in [deed] if deed else sorted(self._done, key=lambda own: (own.label == RESTED, -own.number)):
            undone = self._turned(chosen.number, back=True)
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
            if redone := self._turned(numbers.pop(), back=False):
                if redone.own:
                    self._done = sorted([*self._done, redone])
                return redone
        return None

    def _turned(self, number: int, *, back: bool) -> Deed | None:
        """Undo or redo one deed; None if nothing changed, as all its fields have newer values."""
        recorded = self._history.read(number)
        if recorded is None:
            return None
        self._papers.put_back(recorded.gone if back else recorded.removed)
        touched = self._store.turn(recorded.changes, back=back)
        removed = self._removable(recorded) if back else []
        self._note(number, undone=back, removed=removed if recorded.brought else None)
        if leaving := removed if back else recorded.gone:
            self._papers.remove([document["id"] for document in leaving])
        papers = [document["id"] for document in (*(removed if back else recorded.removed), *recorded.gone)]
        ids = dict.fromkeys([subject for subject in touched if subject != RULES] + papers)
        if not touched and not papers:
            return None
        return recorded.deed._replace(ids=tuple(ids), rules=RULES in touched, undone=back)

    def _removable(self, recorded: Recorded) -> list[Document]:
        """The papers that an import added, except those that were marked or listed by a source since."""
        unmarked = {
            paper_id: sources for paper_id, sources in recorded.brought.items() if not self._merged.marks(paper_id)
        }
        return self._papers.removable(unmarked) if unmarked else []

    def _note(self, number: int, *, undone: bool, removed: Sequence[Document] | None) -> None:
        """Record that a deed was undone or redone. If that fails, undo still works: it skips undone changes."""
        try:
            self._history.note(number, undone=undone, removed=removed)
        except StoreError as error:
            if removed:
                raise
            self._troubles.complain(f"It was undone or redone, but the next redo may not work, as {error}")

    # -- looking -----------------------------------------------------------------------------------------------------

    def deeds(self, limit: int) -> list[Deed]:
        """The deeds of this device that are done, newest first."""
        done = (recorded.deed for recorded in self._history.newest_first() if not recorded.deed.undone)
        return [deed for deed, _ in zip(done, range(limit), strict=False)]

    def newest_of_others(self) -> Deed | None:
        """The newest done deed of another process; a reading by resting only if there is no other deed."""
        rest = None
        for recorded in self._history.newest_first():
            deed = recorded.deed
            if not deed.own and not deed.undone:
                if deed.label not in (RESTED, JOINED):
                    return deed
                rest = rest or deed
        return rest

    def newest_undone(self) -> Deed | None:
        """The deed that was undone last, of those of this device that no done one follows."""
        undone = list(takewhile(lambda recorded: recorded.deed.undone, self._history.newest_first()))
        last = max(reversed(undone), key=lambda recorded: recorded.undone_at, default=None)
        return last.deed if last else None
