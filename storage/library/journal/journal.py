"""The journal: everything that the reader did, as marks on papers, as rules and as deeds that can be undone."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paperdeck.storage.errors import InvalidInput, NoteChanged, StoreError
from paperdeck.storage.files.atomic import Signature, signature_of
from paperdeck.storage.files.documents import Clock, Troubles
from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.identifiers import is_paper_id
from paperdeck.storage.paper import Marks
from paperdeck.storage.text.clean import clean_line, clean_tag, clean_text

from . import rule_changes
from .device_files import DeviceFiles
from .history import JOINED, Deed, History
from .registers import RULES, Register, Registers, added_fields, newer_than, origin_of, removed_fields, value_of
from .rule_changes import RuleChange, RuleState
from .store import RegisterStore
from .undo import Papers, Undo
from .views import Views

if TYPE_CHECKING:
    from paperdeck.storage.settings.rules import FollowKind, ReasonKind, Rules


class Journal:
    """Marks, rules and deeds. Thread-safe. All methods raise only StoreError and InvalidInput."""

    def __init__(
        self, data: Path, state: Path, config_file: Path, papers: Papers, clock: Clock, troubles: Troubles, maker: str
    ) -> None:
        """Open nothing yet.

        Args:
            data: The folder of the journal's files, in which each device has its own.
            state: The folder of this device's name, history, backups and locks.
            config_file: The settings file, which may have rules too.
            papers: What undoing an import needs.
            clock: Seconds since 1970.
            troubles: Gets sentences about damage.
            maker: Who makes deeds here, such as `the reader`.
        """
        self.files = DeviceFiles(data, state, WriterLock(state / "locks" / "marks.lock"), clock, troubles)
        self._config_file = config_file
        self._views = Views(self.files, troubles)
        self._history = History(
            state / "history", clock, f"{maker}, process {os.getpid()}", f"{os.getpid()}-{secrets.token_hex(4)}"
        )
        self._store = RegisterStore(self.files, self._views, self._history, troubles)
        self._undo = Undo(self._store, self._history, self._views, papers, troubles)
        self._file_rules: tuple[Signature | None, Rules] | None = None
        self._rules: tuple[Rules, dict[str, Register], Rules] | None = None

    # -- marks -------------------------------------------------------------------------------------------------------

    def marks(self, paper_id: str) -> Marks:
        """The marks of one paper."""
        _check_ids([paper_id])
        return self._views.marks(paper_id)

    def all_marks(self) -> Mapping[str, Marks]:
        """The marks of every paper that has any; the mapping that was given never changes."""
        marks = self._views.all_marks()
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
        brought: Mapping[str, list[str]] | None = None,
    ) -> Deed:
        """Change the marks of papers as one deed; durable when it returns. The deed names only papers that changed.

        Args:
            read, starred, hidden, seen, cite_as: New values for the fields of Marks; None leaves a field as it is.
            note: The new note; an empty one removes the note, None leaves it.
            add_tags, remove_tags: Tags.
            label: The deed, such as `star`; undo names it.
            subject: Its object, such as the title of the paper.
            expected_note: The note that the reader saw before they wrote theirs; None: don't compare.
            brought: Papers that the deed added, with their sources; undo removes them.

        Raises:
            NoteChanged: the note isn't the expected one; nothing was changed.
        """
        wanted, text = _check_ids(ids), None if note is None else clean_text(note)
        values = {"read": read, "starred": starred, "hidden": hidden, "note": text, "seen": seen, "cite_as": cite_as}
        values |= _tags(add_tags, remove_tags)
        with self.files.lock:
            now = self._store.current(wanted)
            if expected_note is not None:
                _check_notes(now, {expected_note, text})
            changes = {paper_id: _different(now[paper_id], values) for paper_id in now}
            return self._change(label, subject, now, changes, brought or {})

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
        """Add marks to papers, to each its own, as one deed; nothing that is marked already is taken back.

        Args:
            wanted: What to add by paper; a note goes below the one that is there.
            label: What was done.
            subject: What it was done to.
            brought: Papers that came with it and go when it is undone, with the sources that brought them.
            into: Papers that became others: all marks move to those.
            gone: The documents of papers that leave the library with it and come back when it is undone.
        """
        with self.files.lock:
            moved = into or {}
            now = self._store.current({*wanted, *moved, *moved.values()})
            changes = {paper_id: added_fields(now[paper_id], marks) for paper_id, marks in wanted.items()}
            for old, new in moved.items():
                changes[new] = changes.get(new, {}) | added_fields(now[new], self._views.marks(old))
                changes[old] = removed_fields(now[old])
            return self._change(label, subject, now, changes, brought or {}, [dict(document) for document in gone])

    def stored_marks(self) -> dict[str, dict[str, Register]]:
        """Everything that is stored of marks and rules, by paper (or `rules`) and field; for backups."""
        return self._store.stored()

    def merge_marks(self, registers: Mapping[str, Registers], label: str = "", subject: str = "") -> Deed:
        """Merge what `stored_marks` gave, here or elsewhere: the newer value of each field stays; one deed."""
        with self.files.lock:
            now = self._store.current(registers)
            return self._write(label, subject, now, newer_than(registers, now), {})

    # -- rules -------------------------------------------------------------------------------------------------------

    def rules(self) -> Rules:
        """The saved views, what is muted and what is followed; the same object until something changed."""
        from paperdeck.storage.settings.rules import with_values

        registers, base = self._views.rules(), self._rules_of_file()
        if self._rules is None or self._rules[0] is not base or self._rules[1] is not registers:
            self._rules = base, registers, with_values(base, _set_values(registers))
        return self._rules[2]

    def _rules_of_file(self) -> Rules:
        """The rules in the settings file, which is read again when it was changed."""
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

    def save_view(self, name: str, query: str) -> Deed:
        """Add a view at the end, or give an existing one another query.

        Raises:
            InvalidInput: the name is empty, or the query can't be understood.
        """
        return self._change_rules(partial(rule_changes.save_view, name=name, query=query))

    def rename_view(self, old: str, new: str) -> Deed:
        """Give a view another name.

        Raises:
            InvalidInput: there is no such view, or the new name is empty or taken.
        """
        return self._change_rules(partial(rule_changes.rename_view, old=old, new=new))

    def delete_view(self, name: str) -> Deed:
        """Delete a view.

        Raises:
            InvalidInput: there is no such view.
        """
        return self._change_rules(partial(rule_changes.delete_view, name=name))

    def move_view(self, name: str, by: int) -> Deed:
        """Move a view up (negative) or down among the saved views; at an end it stays.

        Raises:
            InvalidInput: there is no such view.
        """
        return self._change_rules(partial(rule_changes.move_view, name=name, by=by))

    def mute(self, query: str) -> Deed:
        """Mute what a query finds.

        Raises:
            InvalidInput: the query can't be understood, or finds everything.
        """
        return self._change_rules(partial(rule_changes.mute, query=query, on=True))

    def unmute(self, query: str) -> Deed:
        """Take back a mute rule."""
        return self._change_rules(partial(rule_changes.mute, query=query, on=False))

    def follow(self, kind: FollowKind, name: str) -> Deed:
        """Follow an author, an organization or a keyword.

        Raises:
            InvalidInput: the name is empty.
        """
        return self._change_rules(partial(rule_changes.follow, kind=kind, name=name, on=True))

    def unfollow(self, kind: FollowKind, name: str) -> Deed:
        """Stop following."""
        return self._change_rules(partial(rule_changes.follow, kind=kind, name=name, on=False))

    def set_interest(self, phrase: str, *, on: bool = True) -> Deed:
        """Take in words that the reader is interested in, or drop them.

        Raises:
            InvalidInput: there are no words.
        """
        return self._change_rules(partial(rule_changes.set_interest, phrase=phrase, on=on))

    def adjust_taste(self, kind: ReasonKind, name: str, *, more: bool | None) -> Deed:
        """Ask for more of a reason or less; None takes that back.

        Raises:
            InvalidInput: the name is empty.
        """
        return self._change_rules(partial(rule_changes.adjust, kind=kind, name=name, more=more))

    def set_preference(self, name: str, value: str) -> Deed:
        """Keep a choice of the reader's, such as `theme` or `order`."""
        return self._change_rules(partial(rule_changes.prefer, name=name, value=value))

    def preference(self, name: str) -> str | None:
        """What the reader chose, or None if they never did."""
        value = _set_values(self._views.rules()).get(f"preference {name}")
        return value if isinstance(value, str) else None

    def _change_rules(self, change: Callable[[RuleState], RuleChange]) -> Deed:
        from paperdeck.storage.settings.rules import places_of

        with self.files.lock:
            self._views.rules()  # from now on `current` brings them up to date
            now = self._store.current([RULES])
            set_values = _set_values(self._views.rules())
            places = {name: place for name, (place, _) in places_of(self._rules_of_file(), set_values).items()}
            label, subject, values = change(RuleState(self.rules(), places, set_values))
            return self._change(label, subject, now, {RULES: values}, {})

    # -- the queue ---------------------------------------------------------------------------------------------------

    def begins(self) -> dict[str, date]:
        """The day from which on the reader follows each source; of several devices the earliest counts."""
        begins: dict[str, date] = {}
        for field, value in _set_values(self._views.rules()).items():
            if value and (found := rule_changes.begin_in(field)):
                source, day = found
                begins[source] = min(day, begins.get(source, day))
        return begins

    def note_begins(self, days: Mapping[str, date]) -> None:
        """Keep the days from which on sources are followed. That is no deed, so there is nothing to undo."""
        with self.files.lock:
            self._views.rules()  # from now on `current` brings them up to date
            now = self._store.current([RULES])
            self._store.put(now, {RULES: {rule_changes.begin_field(*pair): True for pair in days.items()}})

    # -- deeds -------------------------------------------------------------------------------------------------------

    def undo(self, deed: Deed | None = None) -> Deed | None:
        """Take back the deed given, or this process's last one; None if nothing of it is left.

        A deed of another process is only taken back when it is given; say whose it is before. What another device, or
        a later change, made of a field since then is not touched. Reading by resting is passed over while other deeds
        remain; when only that remains, all of it is one deed.
        """
        with self.files.lock:
            return self._undo.undo(deed)

    def redo(self, deed: Deed | None = None) -> Deed | None:
        """Do again the deed given, or exactly what this process undid last; None if that can't be done."""
        with self.files.lock:
            return self._undo.redo(deed)

    def deeds(self, limit: int = 100) -> list[Deed]:
        """The deeds of this device that are done, newest first."""
        return self._undo.deeds(limit)

    def newest_deed_of_others(self) -> Deed | None:
        """The newest deed that another process made on this device and that is done."""
        return self._undo.newest_of_others()

    def newest_undone_deed(self) -> Deed | None:
        """The deed that any process undid last, unless another was made since; for `redo` in a new process."""
        return self._undo.newest_undone()

    def poll_journal(self) -> tuple[frozenset[str], bool]:
        """The papers whose marks others changed since the last poll, and whether the rules are others now."""
        changed = self._views.poll()
        self._store.fold_copies()
        is_edited = self._file_rules is not None and self._file_rules[0] != self._config_signature()
        rules = RULES in changed or is_edited
        if is_edited:
            self._rules_of_file()
        return frozenset(changed - {RULES}), rules

    # -- all below with the lock held --------------------------------------------------------------------------------

    def _change(
        self,
        label: str,
        subject: str,
        now: Mapping[str, Registers],
        values: Mapping[str, Mapping[str, Any]],
        brought: Mapping[str, list[str]],
        gone: Sequence[dict[str, Any]] = (),
    ) -> Deed:
        """Give fields new values, as one deed."""
        wanted = {i: fields for i, fields in values.items() if fields}
        return self._write(label, subject, now, self._store.stamped(now, wanted) if wanted else {}, brought, gone)

    def _write(
        self,
        label: str,
        subject: str,
        now: Mapping[str, Registers],
        new: Mapping[str, Registers],
        brought: Mapping[str, list[str]],
        gone: Sequence[dict[str, Any]] = (),
    ) -> Deed:
        """Put registers in their places, as one deed; if there is nothing to do, the deed isn't written down."""
        if not new and not brought and not gone:
            return self._history.nothing(label, subject)
        deed = self._store.change(label, subject, now, new, brought, gone)
        if label != JOINED:  # the reader did not do it: their undo means something else
            self._undo.made(deed)
        return deed


def _check_ids(ids: Iterable[str]) -> list[str]:
    wanted = list(ids)
    for paper_id in wanted:
        if not is_paper_id(paper_id):
            raise InvalidInput(f"“{clean_line(paper_id[:60])}” is not the id of a paper; an id looks like 2401.12345.")
    return wanted


def _check_notes(now: Mapping[str, Registers], allowed: set[object]) -> None:
    for registers in now.values():
        if (found := clean_text(value_of(registers, "note"))) not in allowed:
            raise NoteChanged(found)


def _tags(added: Iterable[str], removed: Iterable[str]) -> dict[str, Any]:
    return {f"#{clean_tag(tag)}": True for tag in added} | {f"#{clean_line(tag)}": False for tag in removed}


def _different(registers: Registers, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are wanted, and other than those that are there."""
    return {field: new for field, new in values.items() if new is not None and value_of(registers, field) != new}


def _set_values(registers: Registers) -> dict[str, Any]:
    """The values that are set, in the order in which they were; what undo took back to nothing is not among them."""
    chosen = [(register[1], field) for field, register in registers.items() if origin_of(register)]
    return {field: registers[field][0] for _, field in sorted(chosen)}
