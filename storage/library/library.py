"""The library: the only door to the papers, the reader's marks and the ledger."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.files.guarded import Clock, Troubles
from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.identifiers import is_paper_id
from paperdeck.storage.library.journal.marks import MarkStore, Step
from paperdeck.storage.library.journal.registers import Register, Registers
from paperdeck.storage.paper import Marks, Paper, provenance
from paperdeck.storage.settings.settings import Places
from paperdeck.storage.text.clean import clean_line, clean_text

from .ledger import DayRecord, DayState, Ledger
from .papers import PaperShards, paper_of

__all__ = ["Added", "Changes", "DayRecord", "DayState", "Library", "Step"]

_MAX_TAG = 60


@dataclass(frozen=True, slots=True)
class Added:
    """What became of papers that were added."""

    new: tuple[str, ...]
    """Ids that were not in the library before, in the order given."""
    changed: tuple[str, ...]
    """Ids that were there, and of which a source now says something else."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What other processes and devices changed since the last poll."""

    papers: frozenset[str]
    """Months whose papers changed."""
    marks: frozenset[str]
    """Ids whose marks changed."""

    def __bool__(self) -> bool:
        return bool(self.papers or self.marks)


class Parts(NamedTuple):
    """What a library consists of."""

    papers: PaperShards
    marks: MarkStore
    ledger: Ledger


class Library:
    """All that is stored. Thread-safe; papers and marks have locks of their own, so a star never waits for a fetch.

    Nothing is opened before it is needed. All methods raise only StoreError and InvalidInput.
    """

    def __init__(self, places: Places, *, clock: Clock = time.time) -> None:
        """A library in some places.

        Args:
            places: The folders; they need not exist.
            clock: Seconds since 1970.
        """
        self.places = places
        self._troubles = Troubles()
        self._papers, self._marks, self._ledger = open_parts(places, clock, self._troubles)

    @property
    def troubles(self) -> list[str]:
        """Sentences about damage that was found, and what was restored; who shows them clears them."""
        return self._troubles

    # -- facts -------------------------------------------------------------------------------------------------------

    def add(self, papers: Iterable[Paper], source: str) -> Added:
        """Merge what a source said with what is known; nothing is ever deleted.

        Args:
            papers: The papers, with what this source says of them.
            source: `hf`, `arxiv`, `shelf` or `local`.
        """
        new, changed = self._papers.add(papers, source)
        return Added(tuple(new), tuple(changed))

    def paper(self, paper_id: str) -> Paper | None:
        """One paper, or None if the library doesn't have it."""
        return self.papers([paper_id]).get(paper_id)

    def papers(self, ids: Iterable[str]) -> dict[str, Paper]:
        """Papers by id, in the order given; unknown ids are absent."""
        return {paper_id: paper_of(document) for paper_id, document in self._papers.documents(ids).items()}

    def months(self) -> list[str]:
        """The months that have papers, as `YYYY-MM`, newest first; `undated` is last."""
        return self._papers.months()

    def month(self, name: str) -> list[Paper]:
        """Every paper of one month."""
        return self._papers.month(name)

    def provenance(self, paper_id: str) -> dict[str, str]:
        """For each known fact of a paper, the source that gave it."""
        document = self._papers.documents([paper_id]).get(paper_id)
        return provenance(document["sources"]) if document else {}

    # -- marks -------------------------------------------------------------------------------------------------------

    def marks(self, paper_id: str) -> Marks:
        """The marks of one paper."""
        _check_ids([paper_id])
        return self._marks.marks(paper_id)

    def all_marks(self) -> Mapping[str, Marks]:
        """The marks of every paper that has any; the mapping that was given never changes."""
        return self._marks.all_marks()

    def mark(
        self,
        ids: Iterable[str],
        *,
        read: bool | None = None,
        starred: bool | None = None,
        hidden: bool | None = None,
        note: str | None = None,
        add_tags: Iterable[str] = (),
        remove_tags: Iterable[str] = (),
        label: str = "",
    ) -> Step:
        """Change the marks of papers; durable when it returns, and one step for undo.

        Args:
            ids: The papers.
            read: Whether they are read; None leaves it.
            starred: Whether they are starred; None leaves it.
            hidden: Whether the reader is not interested; None leaves it.
            note: The note; an empty one removes it, None leaves it.
            add_tags: Tags to add.
            remove_tags: Tags to remove.
            label: What the step is called when it is undone.

        Returns:
            The step, with the papers that it really changed.
        """
        wanted = _check_ids(ids)
        values = {"read": read, "starred": starred, "hidden": hidden, "note": note and clean_text(note)}
        fields = {name: value for name, value in values.items() if value is not None}
        fields |= {f"#{_tag(tag)}": True for tag in add_tags} | {f"#{_tag(tag)}": False for tag in remove_tags}
        return self._marks.change(dict.fromkeys(wanted, fields), label)

    def undo(self) -> Step | None:
        """Take back the reader's newest step, or None if there is nothing to take back.

        What another device, or a later change, made of a field since then is not touched.
        """
        return self._marks.undo()

    def redo(self) -> Step | None:
        """Do again what was undone last, or None."""
        return self._marks.redo()

    def stored_marks(self) -> dict[str, dict[str, Register]]:
        """Everything that is stored of the marks, by paper and field, with its times; for backups."""
        return self._marks.registers()

    def merge_marks(self, registers: Mapping[str, Registers], label: str = "") -> Step:
        """Merge what `stored_marks` gave, here or elsewhere: the newer value of each field stays; one step for undo."""
        _check_ids(registers)
        return self._marks.merge_in(registers, label)

    # -- ledger ------------------------------------------------------------------------------------------------------

    def day(self, source: str, day: date) -> DayRecord | None:
        """What is known of one day of a source, or None if it was never asked for."""
        return self._ledger.day(source, day)

    def days(self, source: str) -> dict[date, DayRecord]:
        """All days of a source that were asked for, oldest first."""
        return self._ledger.days(source)

    def newest(self, source: str) -> DayRecord | None:
        """The ledger's line for a source's newest day with papers."""
        return self._ledger.newest(source)

    def sources(self) -> list[str]:
        """Every source that was ever asked."""
        return self._ledger.sources()

    def record(self, *records: DayRecord) -> None:
        """Replace days' lines; ids of an old line that are missing in the new one stay, at the end."""
        self._ledger.record(*records)

    # -- others ------------------------------------------------------------------------------------------------------

    def poll(self) -> Changes:
        """What other processes and devices changed since the last poll; costs a few looks at folders."""
        return Changes(self._papers.poll(), self._marks.poll())


def open_parts(places: Places, clock: Clock, troubles: Troubles) -> Parts:
    """The parts of a library, each with a lock of its own."""
    locks = places.state / "locks"
    ledger = Ledger(places.cache / "ledger", WriterLock(locks / "ledger.lock"), clock, troubles)
    papers_lock, marks_lock = WriterLock(locks / "papers.lock"), WriterLock(locks / "marks.lock")
    return Parts(
        PaperShards(places.cache / "papers", papers_lock, clock, troubles, ledger.doubt),
        MarkStore(places.data / "marks", places.state, marks_lock, clock, troubles),
        ledger,
    )


def _check_ids(ids: Iterable[str]) -> list[str]:
    wanted = list(ids)
    for paper_id in wanted:
        if not is_paper_id(paper_id):
            raise InvalidInput(f"“{clean_line(paper_id[:60])}” is not the id of a paper; an id looks like 2401.12345.")
    return wanted


def _tag(tag: str) -> str:
    cleaned = clean_line(tag)
    if not cleaned or len(cleaned) > _MAX_TAG:
        raise InvalidInput(f"A tag has 1 to {_MAX_TAG} characters; “{cleaned[:20]}” has {len(cleaned)}.")
    return cleaned
