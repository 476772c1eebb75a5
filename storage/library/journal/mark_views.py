"""What the reader sees of the marks, in memory: the files of all devices merged, month by month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.atomic import Signature, paused_collector, signature_of
from paperdeck.storage.files.guarded import Troubles
from paperdeck.storage.identifiers import month_of
from paperdeck.storage.paper import NO_MARKS, Marks

from .mark_files import MarkFiles, Present, month_in
from .registers import Registers, document_of, marks_of, merge, registers_of


class MarkViews:
    """The marks as they are shown. Thread-safe by the memory lock of the files."""

    def __init__(self, files: MarkFiles, troubles: Troubles) -> None:
        self._files = files
        self._troubles = troubles
        self._views: dict[str, dict[str, Marks]] = {}
        self._shown: dict[str, Present] = {}
        self._all: dict[str, Marks] | None = None
        self._complete = False
        self._foreign: set[str] = set()
        self._copies: set[Path] = set()
        self._own_changes = 0

    def marks(self, paper_id: str) -> Marks:
        """The marks of one paper."""
        month = month_of(paper_id)
        if month not in self._views:
            self.load([month])
        return self._views[month].get(paper_id, NO_MARKS)

    def all_marks(self) -> Mapping[str, Marks]:
        """Every paper with any mark; the mapping that was given never changes."""
        if not self._complete:
            self.load(None)
        with self._files.memory:
            if self._all is None:
                merged = (item for view in self._views.values() for item in view.items())
                self._all = {paper_id: marks for paper_id, marks in merged if marks is not NO_MARKS}
            return MappingProxyType(self._all)

    def load(self, months: Iterable[str] | None) -> None:
        """Bring the views of some months (None: of all) up to date with the files."""
        wanted = None if months is None else set(months)
        try:
            self._load(wanted)
        except StoreError as error:
            self._troubles.complain(str(error))
        with self._files.memory:
            for month in wanted or ():
                self._views.setdefault(month, {})
            self._complete = self._complete or wanted is None

    def _load(self, months: set[str] | None) -> None:
        present = self._files.present()
        wanted = months if months is not None else {*present, *self._files.backups().months()}
        if self._files.bring_back(wanted, present):
            present = self._files.present()
        for month in wanted:
            self.refresh(month, present.get(month, {}))

    def refresh(self, month: str, files: Present) -> None:
        """Merge a month's files if they changed, and note the papers whose marks are different now."""
        while files != self._shown.get(month):
            own_changes = self._own_changes
            with paused_collector():
                view = self._merged(list(files))
            with self._files.memory:
                if own_changes == self._own_changes:  # else a change of ours came while the files were read
                    self._install(month, view, files)

    def _install(self, month: str, view: dict[str, Marks], files: Present) -> None:
        old = self._views.get(month, {})
        if self.shows(month):
            self._foreign.update(i for i in old.keys() | view.keys() if old.get(i, NO_MARKS) != view.get(i, NO_MARKS))
        if old != view:
            self._all = None
        self._views[month] = view
        self._shown[month] = dict(files)
        self._copies.update(path for path in files if path.stem != month)

    def _merged(self, paths: list[Path]) -> dict[str, Marks]:
        if len(paths) == 1:
            return {document["id"]: marks_of(document) for document in self._files.documents(paths[0])}
        found: dict[str, list[Registers]] = {}
        for path in paths:
            for document in self._files.documents(path):
                found.setdefault(document["id"], []).append(registers_of(document))
        return {i: marks_of(document_of(i, merge(registers))) for i, registers in found.items()}

    def shows(self, month: str) -> bool:
        """Whether a month was asked for before."""
        return self._complete or month in self._views

    def copies(self) -> list[Path]:
        """The conflict copies among the files that are shown."""
        return [path for path in self._copies if signature_of(path)]

    def wrote(self, states: Present, changed: Mapping[str, Marks]) -> None:
        """Show a change of our own, that left our files in these states."""
        with self._files.memory:
            self._own_changes += 1
            for path, signature in states.items():
                self._note(path, signature)
            for paper_id, marks in changed.items():
                if month_of(paper_id) in self._views:
                    self._views[month_of(paper_id)][paper_id] = marks
            if self._all is not None:
                self._all = self._all.copy()  # the old one may be in use elsewhere
                self._all.update(changed)
                for paper_id in [i for i, marks in changed.items() if marks is NO_MARKS]:
                    del self._all[paper_id]

    def _note(self, path: Path, signature: Signature) -> None:
        month = month_in(path.name)
        if self.shows(month):
            self._views.setdefault(month, {})
            self._shown.setdefault(month, {})[path] = signature

    def poll(self) -> frozenset[str]:
        """The papers whose marks another process or device changed since the last poll."""
        try:
            if (self._complete or self._views) and not self._files.vanished():
                self._catch_up()
        except StoreError as error:
            self._troubles.complain(str(error))
        with self._files.memory:
            changed, self._foreign = frozenset(self._foreign), set()
            return changed

    def _catch_up(self) -> None:
        present = self._files.present()
        watched = (present.keys() | self._views.keys()) if self._complete else self._views.keys()
        stale = [month for month in watched if present.get(month, {}) != self._shown.get(month, {})]
        if stale:
            self.load(stale)
