"""The merged journal in memory: the marks of all devices, month by month, and the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.disk import Signature, is_there
from paperdeck.storage.files.documents import Troubles
from paperdeck.storage.files.sealed import Document, paused_collector
from paperdeck.storage.identifiers import grouped, month_of
from paperdeck.storage.paper import NO_MARKS, Marks

from .device_files import DeviceFiles, Present
from .registers import (
    GENERAL,
    KEYS,
    RULES,
    Register,
    Registers,
    file_in,
    marks_in,
    marks_of,
    merge_documents,
    number_of,
)


def _marks_in(documents: Sequence[Document]) -> dict[str, Marks]:
    """The marks in documents, by paper; documents of a single device need no merging."""
    marks = {document["id"]: marks_in(document) for document in documents}
    if len(marks) == len(documents):
        return marks
    return {paper_id: marks_of(registers) for paper_id, registers in merge_documents(documents).items()}


class Merged:
    """The merged marks and rules. Thread-safe through the files' memory lock."""

    def __init__(self, files: DeviceFiles, troubles: Troubles) -> None:
        self._files = files
        self._troubles = troubles
        self._views: dict[str, dict[str, Any]] = {}
        """The marks of a month's papers by month, and the registers of the rules."""
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
            self._load({month})
        marks: Marks = self._views[month].get(paper_id, NO_MARKS)
        return marks

    def marks_among(self, ids: Iterable[str]) -> dict[str, Marks]:
        """The marks of some papers; of months that are not in memory, only these papers are read."""
        wanted = list(ids)
        picked = self._picked([paper_id for paper_id in wanted if not self.shows(month_of(paper_id))])
        return {i: picked[i] if i in picked else self.marks(i) for i in wanted}

    def _picked(self, ids: Sequence[str]) -> dict[str, Marks]:
        """The marks of papers from files that need not be read as a whole."""
        months = grouped(ids, month_of)
        found: dict[str, Marks] = {}
        with suppress(StoreError):  # `marks` reports it
            present = self._present(set(months))
            for month, members in months.items() if not self._files.vanished() else ():
                numbers = list(map(number_of, members))
                documents = [self._files.picked(path, numbers) for path in present.get(month, ())]
                if None not in documents:
                    whole = _marks_in([document for documents in documents for document in documents or ()])
                    found |= {paper_id: whole.get(paper_id, NO_MARKS) for paper_id in members}
        return found

    def all_marks(self) -> Mapping[str, Marks]:
        """Every paper with any mark; a returned mapping never changes."""
        if not self._complete:
            self._load(None)
        with self._files.memory:
            if self._all is None:
                months = (view for name, view in self._views.items() if name != RULES)
                merged = (item for view in months for item in view.items())
                self._all = {paper_id: marks for paper_id, marks in merged if marks is not NO_MARKS}
            return MappingProxyType(self._all)

    def rules(self) -> dict[str, Register]:
        """The registers of the rules; a returned mapping never changes."""
        if RULES not in self._views:
            self._load({RULES})
        return self._views[RULES]

    def keys(self) -> Registers:
        """The registers of the citation keys, read now."""
        try:
            paths = self._present({KEYS}).get(KEYS, {})
        except StoreError as error:
            self._troubles.complain(str(error))
            return {}
        return merge_documents(self._files.stored(KEYS, list(paths))).get(KEYS, {})

    def _load(self, names: set[str] | None) -> None:
        """Update some months and the rules (None: all months) from the files."""
        try:
            self._refresh_all(names)
        except StoreError as error:
            self._troubles.complain(str(error))
        with self._files.memory:
            for name in names or ():
                self._views.setdefault(name, {})
            self._complete = self._complete or names is None

    def _refresh_all(self, names: set[str] | None) -> None:
        present = self._present(names)
        for name in sorted(self._months(present) if names is None else names):
            self.refresh(name, present.get(name, {}))

    def _present(self, names: set[str] | None) -> dict[str, Present]:
        """The files, after restoring what only the backups of some months have (None: of all)."""
        present = self._files.present()
        return self._files.present() if self._files.catch_up(names, present) else present

    def _months(self, present: Mapping[str, Present]) -> set[str]:
        """All months, including those of the backups, in case the folder is gone."""
        found = set(present)
        if not found:
            found = {name for device in self._files.devices() for name in self._files.backups(device).names()}
        return found.difference(GENERAL)

    def refresh(self, name: str, files: Present) -> None:
        """Merge the files of a month (or RULES) again if they changed, and record the differences."""
        while files != self._shown.get(name):
            own_changes = self._own_changes
            with paused_collector():
                documents = self._files.stored(name, list(files))
                view = merge_documents(documents).get(RULES, {}) if name == RULES else _marks_in(documents)
            with self._files.memory:
                if own_changes == self._own_changes:  # otherwise we wrote a change while the files were read
                    self._copies.update(path for path in files if path.stem != name)
                    self._install(name, view)
                    self._shown[name] = dict(files)

    def _install(self, name: str, view: dict[str, Any]) -> None:
        old = self._views.get(name, {})
        if old != view:
            self._all = None
            if self.shows(name):
                changed = {i for i in old.keys() | view.keys() if old.get(i, NO_MARKS) != view.get(i, NO_MARKS)}
                self._foreign |= {RULES} if name == RULES else changed
        self._views[name] = view

    def shows(self, name: str) -> bool:
        """Whether a month (or RULES) is in memory; KEYS never are."""
        return name in self._views or (self._complete and name not in GENERAL)

    def copies(self) -> list[Path]:
        """The conflict copies among the merged files."""
        return [path for path in self._copies if is_there(path)]

    def wrote(self, states: Present, changed: Mapping[str, dict[str, Register]]) -> None:
        """Apply our own change; `files` are our files' signatures after it."""
        with self._files.memory:
            self._own_changes += 1
            for path, signature in states.items():
                self._note(path, signature)
            marks: dict[str, Marks] = {}
            for subject, registers in changed.items():
                if subject == RULES and RULES in self._views:
                    self._views[RULES] = registers
                elif subject not in GENERAL:
                    marks[subject] = marks_of(registers)
            self._show(marks)

    def _show(self, marks: Mapping[str, Marks]) -> None:
        for paper_id, value in marks.items():
            if month_of(paper_id) in self._views:
                self._views[month_of(paper_id)][paper_id] = value
        if self._all is not None and marks:
            self._all = self._all.copy()  # callers may hold the old mapping
            self._all.update(marks)
            for paper_id in [i for i, value in marks.items() if value is NO_MARKS]:
                del self._all[paper_id]

    def _note(self, path: Path, signature: Signature) -> None:
        name = file_in(path.name) or ""
        if self.shows(name):
            self._views.setdefault(name, {})
            self._shown.setdefault(name, {})[path] = signature

    def current_marks(self) -> tuple[Mapping[str, Marks], bool]:
        """As `all_marks`, after reading what others changed, and whether all files could be read.

        The next poll returns the changes all the same.
        """
        self._read_changes()
        return self.all_marks(), not self._files.unreadable

    def poll(self) -> set[str]:
        """The subjects that another process or device changed since the last poll."""
        self._read_changes()
        with self._files.memory:
            changed, self._foreign = self._foreign, set()
            return changed

    def _read_changes(self) -> None:
        try:
            if (self._complete or self._views) and not self._files.vanished():
                self._catch_up()
        except StoreError as error:
            self._troubles.complain(str(error))

    def _catch_up(self) -> None:
        present = self._files.present()
        watched = self._views.keys() | (present.keys() - GENERAL if self._complete else set())
        stale = {name for name in watched if present.get(name, {}) != self._shown.get(name, {})}
        if stale:
            self._load(stale)
