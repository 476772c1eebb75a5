"""The journal: everything that the reader did, as marks, as rules and as deeds that can be undone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from paperdeck.storage.errors import NoteChanged, StoreError
from paperdeck.storage.files.disk import Signature, signature_of
from paperdeck.storage.files.documents import Clock, Troubles
from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.identifiers import check_id
from paperdeck.storage.library.ledger import Ledger
from paperdeck.storage.library.papers import PaperBlocks
from paperdeck.storage.paper import Marks
from paperdeck.storage.settings.places import Places
from paperdeck.storage.text.clean import clean_tag, clean_text

from . import rule_changes
from .device_files import DeviceFiles
from .history import JOINED, Deed, History, Intent, maker_of
from .merged import Merged
from .registers import (
    KEYS,
    RULES,
    Register,
    Registers,
    added_fields,
    file_in,
    newer_than,
    origin_of,
    removed_fields,
    value_of,
)
from .rule_changes import RuleChange, RuleState
from .store import RegisterStore, Undo, Values

if TYPE_CHECKING:
    from paperdeck.storage.settings.rules import Rules


P = ParamSpec("P")


def _as_deed(change: Callable[Concatenate[RuleState, P], RuleChange]) -> Callable[Concatenate[Journal, P], Deed]:
    """A method of the journal that carries out a change of rules."""

    @wraps(change)
    def carry_out(journal: Journal, /, *args: P.args, **options: P.kwargs) -> Deed:
        return journal.change_rules(lambda state: change(state, *args, **options))

    return carry_out


class Journal:
    """Marks, rules and deeds. Thread-safe. All methods raise only StoreError and InvalidInput."""

    def __init__(
        self,
        places: Places,
        papers: PaperBlocks,
        ledger: Ledger,
        clock: Clock,
        troubles: Troubles,
        maker: str,
    ) -> None:
        """Opens no file until it is used.

        Args:
            places: The folders. In `data/marks` each device has a folder for its files, `state` has this device's name,
                history, backups and locks, and the settings file may have rules too.
            papers, ledger: The papers, which go when their adding is undone, and those that sources list, which stay.
            clock: Seconds since 1970.
            troubles: Gets messages about damage.
            maker: The maker of new deeds, such as `the reader`.
        """
        self.places, self._config_file = places, places.config_file
        state = places.state
        lock = WriterLock(places.locks / "marks.lock")
        self.files = DeviceFiles(places.marks, state, lock, clock, troubles)
        self._merged = Merged(self.files, troubles)
        self.history = History(places.history, clock, maker_of(maker), f"{os.getpid()}-{os.urandom(4).hex()}")
        """This device's deeds, to look them up."""
        self._store = RegisterStore(self.files, self._merged, self.history, troubles)
        self._undo = Undo(self._store, self.history, self._merged, papers, ledger, troubles)
        self._file_rules: tuple[Signature | None, Rules] | None = None
        self._rules: tuple[Rules, dict[str, Register], Rules] | None = None

    # -- marks -------------------------------------------------------------------------------------------------------

    def marks(self, paper_id: str) -> Marks:
        """The marks of one paper."""
        return self._merged.marks(check_id(paper_id))

    def marks_among(self, ids: Iterable[str]) -> dict[str, Marks]:
        """The marks of some papers; cheaper than `marks` for each in a program that doesn't need the others."""
        return self._merged.marks_among(map(check_id, ids))

    def all_marks(self) -> Mapping[str, Marks]:
        """The marks of every paper that has any; a returned mapping never changes."""
        marks = self._merged.all_marks()
        self._store.fold_copies()
        return marks

    def mark(
        self,
        ids: Iterable[str],
        *,
        read: bool | None = None,
        starred: bool | None = None,
        hidden: bool | None = None,
        note: str | None = None,
        seen: str | None = None,
        cite_as: str | None = None,
        add_tags: Iterable[str] = (),
        remove_tags: Iterable[str] = (),
        label: str = "",
        subject: str = "",
        expected_note: str | None = None,
    ) -> Deed:
        """Change the marks of papers as one deed; durable when it returns. The deed names only papers that changed.

        Args:
            read, starred, hidden, seen, cite_as: New values for the fields of Marks; None leaves a field as it is.
            note: The new note; an empty one removes the note, None leaves it.
            add_tags, remove_tags: Tags.
            label: The deed, such as `star`; undo names it.
            subject: Its object, such as the title of the paper.
            expected_note: The note that the reader saw before they wrote theirs; None: don't compare.

        Raises:
            NoteChanged: the note isn't the expected one; nothing was changed.
        """
        wanted, text = list(map(check_id, ids)), None if note is None else clean_text(note)
        values = {"read": read, "starred": starred, "hidden": hidden, "note": text, "seen": seen, "cite_as": cite_as}
        values |= _tags(add_tags, remove_tags)
        with self.files.lock:
            now = self._store.current(wanted)
            if expected_note is not None:
                _check_notes(now, {expected_note, text})
            changes = {paper_id: _different(now[paper_id], values) for paper_id in now}
            return self._change(Intent(label, subject), now, changes)

    def mark_each(
        self,
        wanted: Mapping[str, Marks],
        *,
        label: str,
        subject: str = "",
        brought: Mapping[str, list[str]] | None = None,
        into: Mapping[str, str] | None = None,
        gone: Iterable[Mapping[str, Any]] = (),
    ) -> Deed:
        """Add to each paper its own marks, as one deed; no existing mark is removed.

        Args:
            wanted: The marks to add, by paper; a note is appended to the existing one.
            label: The action.
            subject: Its object.
            brought: Papers that the deed added, with their sources; undo removes them.
            into: By the id of a paper merged into another one, the id of that one; the marks move there.
            gone: The documents of papers that the deed removed; undo restores them.
        """
        with self.files.lock:
            moved = into or {}
            now = self._store.current({*wanted, *moved, *moved.values()})
            changes = {paper_id: added_fields(now[paper_id], marks) for paper_id, marks in wanted.items()}
            for old, new in moved.items():
                changes[new] = changes.get(new, {}) | added_fields(now[new], self._merged.marks(old))
                changes[old] = removed_fields(now[old])
            intent = Intent(label, subject, brought or {}, [dict(document) for document in gone])
            return self._change(intent, now, changes)

    def stored_marks(self) -> dict[str, dict[str, Register]]:
        """The registers of all marks and rules, by paper (or `rules`) and field; for backups."""
        return self._store.stored()

    def merge_marks(self, registers: Mapping[str, Registers], label: str = "", subject: str = "") -> Deed:
        """Merge the result of `stored_marks`, here or elsewhere, as one deed: the newer value of each field wins."""
        with self.files.lock:
            now = self._store.current(registers)
            return self._write(Intent(label, subject), now, newer_than(registers, now))

    # -- rules -------------------------------------------------------------------------------------------------------

    def rules(self) -> Rules:
        """Saved views, mute and follow rules; the same object until something changes."""
        from paperdeck.storage.settings.rules import with_values

        registers, base = self._merged.rules(), self._rules_of_file()
        if self._rules is None or self._rules[0] is not base or self._rules[1] is not registers:
            self._rules = base, registers, with_values(base, _set_values(registers))
        return self._rules[2]

    def _rules_of_file(self) -> Rules:
        """The rules in the settings file; it is read again after a change."""
        from paperdeck.storage.settings.rules import load_rules

        signature = self._config_signature()
        if self._file_rules is None or self._file_rules[0] != signature:
            self._file_rules = signature, load_rules(self._config_file)
        return self._file_rules[1]

    def _config_signature(self) -> Signature | None:
        try:
            return signature_of(self._config_file)
        except StoreError:
            return None

    save_view = _as_deed(rule_changes.save_view)
    rename_view = _as_deed(rule_changes.rename_view)
    delete_view = _as_deed(rule_changes.delete_view)
    move_view = _as_deed(rule_changes.move_view)
    mute = _as_deed(rule_changes.mute)
    follow = _as_deed(rule_changes.follow)
    set_interest = _as_deed(rule_changes.set_interest)
    adjust_taste = _as_deed(rule_changes.adjust_taste)
    set_preference = _as_deed(rule_changes.set_preference)

    def preference(self, name: str) -> str | None:
        """A preference, or None if it was never set."""
        value = _set_values(self._merged.rules()).get(f"preference {name}")
        return value if isinstance(value, str) else None

    def change_rules(self, change: Callable[[RuleState], RuleChange]) -> Deed:
        """Carry out a change of views, rules or preferences."""
        from paperdeck.storage.settings.rules import places_of

        with self.files.lock:
            self._merged.rules()  # from now on `current` brings them up to date
            now = self._store.current([RULES])
            set_values = _set_values(self._merged.rules())
            places = {name: place for name, (place, _) in places_of(self._rules_of_file(), set_values).items()}
            label, subject, values = change(RuleState(self.rules(), places, set_values))
            return self._change(Intent(label, subject), now, {RULES: values})

    # -- the queue ---------------------------------------------------------------------------------------------------

    def follow_starts(self) -> dict[str, date]:
        """By source, the day from which the reader follows it; the earliest if devices differ."""
        since: dict[str, date] = {}
        for field, value in _set_values(self._merged.rules()).items():
            if value and (found := rule_changes.follow_start_in(field)):
                source, day = found
                since[source] = min(day, since.get(source, day))
        return since

    def record_follow_starts(self, days: Mapping[str, date]) -> None:
        """Store the days from which sources are followed. This isn't a deed, so it can't be undone."""
        with self.files.lock:
            self._merged.rules()  # from now on `current` brings them up to date
            now = self._store.current([RULES])
            self._store.put(now, {RULES: {rule_changes.follow_start_field(*pair): True for pair in days.items()}})

    # -- citation keys -----------------------------------------------------------------------------------------------

    def given_keys(self) -> Registers:
        """The registers of all citation keys given so far, on any device."""
        return self._merged.keys()

    def record_keys(self, choose: Callable[[Registers], Mapping[str, bool | float]]) -> bool:
        """Store the citation keys that papers get. This isn't a deed, so it can't be undone.

        Args:
            choose: Gets the result of `given_keys`, read under the lock; returns the fields to add, with their values.

        Returns:
            Whether all are stored: none is while a file of keys can't be read, as it may hold other ones.
        """
        with self.files.lock:
            now = self._store.current([KEYS])
            fields = choose(now[KEYS])
            can_know = not any(file_in(path.name) == KEYS for path in self.files.unreadable)
            if can_know:
                self._store.put(now, {KEYS: fields})
            return can_know

    # -- deeds -------------------------------------------------------------------------------------------------------

    def undo(self, deed: Deed | None = None) -> Deed | None:
        """Undo the given deed, or this process's last one; None if nothing is left to undo.

        A deed of another process must be given explicitly, after telling the reader whose it is. Fields that another
        device or a later deed has changed since are left alone. Deeds labelled RESTED are skipped while others remain;
        after that, they are undone one by one.
        """
        with self.files.lock:
            return self._undo.undo(deed)

    def redo(self, deed: Deed | None = None) -> Deed | None:
        """Redo the given deed, or exactly what this process undid last; None if that isn't possible."""
        with self.files.lock:
            return self._undo.redo(deed)

    def poll_journal(self) -> tuple[frozenset[str], bool]:
        """The papers whose marks others changed since the last poll, and whether the rules changed."""
        changed = self._merged.poll()
        self._store.fold_copies()
        is_edited = self._file_rules is not None and self._file_rules[0] != self._config_signature()
        if is_edited:
            self._rules_of_file()
        return frozenset(changed - {RULES}), RULES in changed or is_edited

    # -- below, the caller holds the lock ------------------------------------------------------------------------------

    def _change(self, intent: Intent, now: Mapping[str, Registers], values: Values) -> Deed:
        """Set fields to new values, as one deed."""
        wanted = {i: fields for i, fields in values.items() if fields}
        return self._write(intent, now, self._store.stamped(now, wanted) if wanted else {})

    def _write(self, intent: Intent, now: Mapping[str, Registers], new: Mapping[str, Registers]) -> Deed:
        """Write registers as one deed; a deed without changes isn't recorded."""
        if not new and not intent.brought and not intent.gone:
            return self.history.nothing(intent)
        deed = self._store.change(intent, now, new)
        if deed.number and intent.label != JOINED:  # not made by the reader, so not the target of their undo
            self._undo.made(deed)
        return deed


def _check_notes(now: Mapping[str, Registers], allowed: set[object]) -> None:
    for registers in now.values():
        if (found := clean_text(value_of(registers, "note"))) not in allowed:
            raise NoteChanged(found)


def _tags(added: Iterable[str], removed: Iterable[str]) -> dict[str, Any]:
    return {f"#{clean_tag(tag)}": True for tag in added} | {f"#{clean_tag(tag)}": False for tag in removed}


def _different(registers: Registers, values: Mapping[str, Any]) -> dict[str, Any]:
    """The wanted values that differ from the current ones."""
    return {field: new for field, new in values.items() if new is not None and value_of(registers, field) != new}


def _set_values(registers: Registers) -> dict[str, Any]:
    """The values that are set, in the order in which they were set; values that undo removed are left out."""
    chosen = [(register[1], field) for field, register in registers.items() if origin_of(register)]
    return {field: registers[field][0] for _, field in sorted(chosen)}
