"""The library: the only door to the papers, the reader's marks and the ledger."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple

from paperdeck.storage.errors import InvalidInput, NoteChanged
from paperdeck.storage.files.guarded import Clock, Troubles
from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.identifiers import is_paper_id
from paperdeck.storage.library.journal.deeds import RESTED, Deed
from paperdeck.storage.library.journal.history import Recorded
from paperdeck.storage.library.journal.marks import MarkStore, Step
from paperdeck.storage.library.journal.registers import Register, Registers
from paperdeck.storage.paper import Marks, Paper, provenance
from paperdeck.storage.settings.settings import Places
from paperdeck.storage.text.clean import clean_line, clean_text

if TYPE_CHECKING:
    from paperdeck.storage.settings.rules import FollowKind, Rules
    from paperdeck.storage.settings.rules_file import RulesFile

from .indexing import Indexing
from .ledger import DayRecord, DayState, Ledger
from .papers import PaperBlocks, paper_of

__all__ = ["RESTED", "Added", "Changes", "DayRecord", "DayState", "Deed", "Library", "Step"]

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
    rules: bool = False
    """Whether views, rules or preferences changed."""

    def __bool__(self) -> bool:
        return bool(self.papers or self.marks or self.rules)


class Parts(NamedTuple):
    """What a library consists of."""

    papers: PaperBlocks
    marks: MarkStore
    ledger: Ledger


class Library:
    """All that is stored. Thread-safe; papers and marks have locks of their own, so a star never waits for a fetch.

    Nothing is opened before it is needed. All methods raise only StoreError and InvalidInput.
    """

    def __init__(self, places: Places, *, clock: Clock = time.time, maker: str = "the reader") -> None:
        """A library in some places.

        Args:
            places: The folders; they need not exist.
            clock: Seconds since 1970.
            maker: Who makes deeds through it, such as `the reader` or `the command line`.
        """
        self.places = places
        self._maker = f"{maker}, process {os.getpid()}"
        self._clock = clock
        self._troubles = Troubles()
        self._papers, self._marks, self._ledger = open_parts(places, clock, self._troubles)
        self.indexing = Indexing(places.cache / "index.sqlite", self._papers, places.data, self._marks.all_marks)
        """What keeps the index of this library current."""
        self._preferences: dict[str, str] = {}

    @property
    def troubles(self) -> list[str]:
        """Sentences about damage that was found, and what was restored; who shows them clears them."""
        return self._troubles

    def unread_files(self) -> list[str]:
        """Sentences about files that could not be read or put right, so that answers may lack papers or marks."""
        return list(self._troubles.left)

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
        wanted = list(ids)
        known = self.indexing.documents(wanted)
        known |= self._papers.documents(paper_id for paper_id in wanted if paper_id not in known)
        return {paper_id: paper_of(known[paper_id]) for paper_id in wanted if paper_id in known}

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
        subject: str = "",
        expected_note: str | None = None,
    ) -> Deed:
        """Change the marks of papers; durable when it returns, and one deed.

        Args:
            ids: The papers.
            read: Whether they are read; None leaves it.
            starred: Whether they are starred; None leaves it.
            hidden: Whether the reader is not interested; None leaves it.
            note: The note; an empty one removes it, None leaves it.
            add_tags: Tags to add.
            remove_tags: Tags to remove.
            label: What was done, such as `star`; it names the deed when it is undone.
            subject: What it was done to, such as the title of the paper.
            expected_note: The note that the reader saw before they wrote theirs; None: don't compare.

        Returns:
            The deed, with the papers that it really changed.

        Raises:
            NoteChanged: the note is another than expected; nothing was changed.
        """
        wanted = _check_ids(ids)
        if expected_note is not None:
            for paper_id in wanted:
                if (found := self._marks.marks(paper_id).note) not in (expected_note, note):
                    raise NoteChanged(found)
        values = {"read": read, "starred": starred, "hidden": hidden, "note": note and clean_text(note)}
        fields = {name: value for name, value in values.items() if value is not None}
        fields |= {f"#{_tag(tag)}": True for tag in add_tags} | {f"#{_tag(tag)}": False for tag in remove_tags}
        return self._deed(self._marks.change(dict.fromkeys(wanted, fields), label), subject)

    def record_import(
        self,
        ids: Iterable[str],
        brought: Iterable[str],
        *,
        starred: bool | None = None,
        add_tags: Iterable[str] = (),
        subject: str = "",
    ) -> Deed:
        """Make one deed of an import: the marks that it sets, and the papers that only it brought.

        Args:
            ids: The papers to mark.
            brought: The papers that were not in the library before; undo removes them.
            starred: Whether to star the papers; None leaves it.
            add_tags: Tags to add.
            subject: What was imported, such as the name of the file.
        """
        return self.mark(ids, starred=starred, add_tags=add_tags, label="import", subject=subject)

    # -- rules -------------------------------------------------------------------------------------------------------

    def rules(self) -> Rules:
        """The saved views, what is muted and what is followed."""
        from paperdeck.storage.settings.rules import load_rules

        return load_rules(self.places.config_file)[0]

    def _rules_file(self) -> RulesFile:
        from paperdeck.storage.settings.rules_file import RulesFile

        return RulesFile(self.places.config_file)

    def save_view(self, name: str, query: str) -> Deed:
        """Add a view at the end, or give an existing one another query."""
        self._rules_file().save_view(name, query)
        return self._rule_deed("save view", name)

    def rename_view(self, old: str, new: str) -> Deed:
        """Give a view another name."""
        self._rules_file().rename_view(old, new)
        return self._rule_deed("rename view", f"{old} to {new}")

    def delete_view(self, name: str) -> Deed:
        """Forget a view."""
        self._rules_file().delete_view(name)
        return self._rule_deed("delete view", name)

    def move_view(self, name: str, by: int) -> Deed:
        """Move a view up (negative) or down among the saved views; at an end it stays."""
        self._rules_file().move_view(name, by)
        return self._rule_deed("move view", name)

    def mute(self, query: str) -> Deed:
        """Mute what a query finds."""
        self._rules_file().mute(query)
        return self._rule_deed("mute", query)

    def unmute(self, query: str) -> Deed:
        """Take back a mute rule."""
        self._rules_file().unmute(query)
        return self._rule_deed("unmute", query)

    def follow(self, kind: FollowKind, name: str) -> Deed:
        """Follow an author, an organization or a keyword."""
        self._rules_file().follow(kind, name)
        return self._rule_deed("follow", name)

    def unfollow(self, kind: FollowKind, name: str) -> Deed:
        """Stop following."""
        self._rules_file().unfollow(kind, name)
        return self._rule_deed("unfollow", name)

    def set_preference(self, name: str, value: str) -> Deed:
        """Remember a choice of the reader's, such as `theme` or `order`."""
        self._preferences[name] = value
        return self._rule_deed(name, value)

    def preference(self, name: str) -> str | None:
        """What the reader chose, or None if they never did."""
        return self._preferences.get(name)

    # -- deeds -------------------------------------------------------------------------------------------------------

    def undo(self, deed: Deed | None = None) -> Deed | None:
        """Take back a deed: the one given, else this process's last; None if there is nothing to take back.

        What another device, or a later change, made of a field since then is not touched.
        """
        step = self._marks.undo()
        return self._deed(step) if step else None

    def redo(self) -> Deed | None:
        """Do again exactly what was undone last, or None."""
        step = self._marks.redo()
        return self._deed(step) if step else None

    def deeds(self, limit: int = 100) -> list[Deed]:
        """The deeds that are done, newest first."""
        return [self._deed(step) for step in self._marks.history.undoable()][:limit]

    def newest_deed_of_others(self) -> Deed | None:
        """The newest deed that another process made on this device."""
        return None

    def _deed(self, step: Step | Recorded, subject: str = "") -> Deed:
        ids = step.ids if isinstance(step, Step) else tuple(dict.fromkeys(change.id for change in step.changes))
        return Deed(0, step.label, subject, ids, False, datetime.fromtimestamp(self._clock(), UTC), True, self._maker)

    def _rule_deed(self, label: str, subject: str) -> Deed:
        return Deed(0, label, subject, (), True, datetime.fromtimestamp(self._clock(), UTC), True, self._maker)

    def stored_marks(self) -> dict[str, dict[str, Register]]:
        """Everything that is stored of the marks, by paper and field, with its times; for backups."""
        return self._marks.registers()

    def merge_marks(self, registers: Mapping[str, Registers], label: str = "") -> Deed:
        """Merge what `stored_marks` gave, here or elsewhere: the newer value of each field stays; one deed."""
        _check_ids(registers)
        return self._deed(self._marks.merge_in(registers, label))

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
        PaperBlocks(places.cache / "papers", papers_lock, clock, troubles, ledger.doubt),
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
