"""The journal: everything that the reader did, as marks on papers, as rules and as deeds that can be undone."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paperdeck.storage.errors import InvalidInput, NoteChanged, StoreError
from paperdeck.storage.files.atomic import Signature, signature_of
from paperdeck.storage.files.documents import Clock, Troubles
from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.identifiers import is_paper_id
from paperdeck.storage.paper import Marks
from paperdeck.storage.text.clean import clean_line, clean_tag, clean_text

from .device_files import DeviceFiles
from .history import JOINED, Deed, History
from .registers import RULES, Register, Registers, added_fields, newer_than, origin_of, removed_fields, value_of
from .store import RegisterStore
from .undo import Papers, Undo
from .views import Views

if TYPE_CHECKING:
    from paperdeck.storage.settings.rules import FollowKind, Rules


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
        add_tags: Iterable[str] = (),
        remove_tags: Iterable[str] = (),
        label: str = "",
        subject: str = "",
        expected_note: str | None = None,
        brought: Mapping[str, list[str]] | None = None,
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
            brought: Papers that came with it and go when it is undone, with the sources that brought them.

        Returns:
            The deed, with the papers that it really changed.

        Raises:
            NoteChanged: the note is another than expected; nothing was changed.
        """
        wanted = _check_ids(ids)
        values = {
            "read": read,
            "starred": starred,
            "hidden": hidden,
            "note": None if note is None else clean_text(note),
        }
        fields = {name: value for name, value in values.items() if value is not None}
        fields |= {f"#{clean_tag(tag)}": True for tag in add_tags}
        fields |= {f"#{clean_line(tag)}": False for tag in remove_tags}
        with self.files.lock:
            self.files.require_folder()
            now = self._store.current(wanted)
            if expected_note is not None:
                _check_notes(now, {expected_note, fields.get("note")})
            changes = {paper_id: _different(now[paper_id], fields) for paper_id in now}
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
            self.files.require_folder()
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
            self.files.require_folder()
            now = self._store.current(registers)
            newer = newer_than(registers, now)
            return self._done(label, subject, now, newer, {}) if newer else self._nothing(label, subject)

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
        from paperdeck.storage.search.query import parse

        name = _name(name)
        parse(query)
        with self.files.lock:
            known = {view.name: view.query for view in self._current_rules().views}
            if known.get(name) == query:
                return self._nothing("save view", name)
            place = {} if name in known else {f"place {name}": self._last_place() + 1}
            label = "replace view" if name in known else "save view"
            return self._rule(label, name, {f"view {name}": query} | place)

    def rename_view(self, old: str, new: str) -> Deed:
        """Give a view another name.

        Raises:
            InvalidInput: there is no such view, or the new name is empty or taken.
        """
        new = _name(new)
        with self.files.lock:
            query, place = self._view(old)
            if new == old:
                return self._nothing("rename view", old)
            if any(view.name == new for view in self._current_rules().views):
                raise InvalidInput(f"There is a view “{new}” already; choose another name.")
            values = {f"view {old}": None, f"view {new}": query, f"place {new}": place}
            return self._rule("rename view", f"{old} to {new}", values)

    def delete_view(self, name: str) -> Deed:
        """Delete a view.

        Raises:
            InvalidInput: there is no such view.
        """
        with self.files.lock:
            self._view(name)
            return self._rule("delete view", name, {f"view {name}": None})

    def move_view(self, name: str, by: int) -> Deed:
        """Move a view up (negative) or down among the saved views; at an end it stays.

        Raises:
            InvalidInput: there is no such view.
        """
        with self.files.lock:
            self._view(name)
            others = [view.name for view in self._current_rules().views]
            at = others.index(name)
            others.remove(name)
            to = max(0, min(len(others), at + by))
            if to == at:
                return self._nothing("move view", name)
            return self._rule("move view", name, self._moved(others, name, to))

    def _moved(self, others: list[str], name: str, to: int) -> dict[str, Any]:
        """The places that put a view between two others; all of them anew where two stand at the same place."""
        places = self._places()
        before = places[others[to - 1]] if to else None
        after = places[others[to]] if to < len(others) else None
        if before is None or after is None:
            place = (after or 0.0) - 1 if before is None else before + 1
        else:
            place = (before + after) / 2
        if place in (before, after):
            order = [*others[:to], name, *others[to:]]
            return {f"place {view}": float(number) for number, view in enumerate(order)}
        return {f"place {name}": place}

    def mute(self, query: str) -> Deed:
        """Mute what a query finds.

        Raises:
            InvalidInput: the query can't be understood, or finds everything.
        """
        from paperdeck.storage.search.query import parse

        if not parse(query):
            raise InvalidInput("An empty query would mute everything; say what to mute.")
        return self._switch("mute", query, f"mute {query}", on=True)

    def unmute(self, query: str) -> Deed:
        """Take back a mute rule."""
        return self._switch("unmute", query, f"mute {query}", on=False)

    def follow(self, kind: FollowKind, name: str) -> Deed:
        """Follow an author, an organization or a keyword.

        Raises:
            InvalidInput: the name is empty.
        """
        name = _name(name)
        return self._switch("follow", name, f"follow {kind} {name}", on=True)

    def unfollow(self, kind: FollowKind, name: str) -> Deed:
        """Stop following."""
        return self._switch("unfollow", name, f"follow {kind} {name}", on=False)

    def set_preference(self, name: str, value: str) -> Deed:
        """Keep a choice of the reader's, such as `theme` or `order`."""
        with self.files.lock:
            self._refreshed()
            if self.preference(name) == value:
                return self._nothing(name, value)
            return self._rule(name, value, {f"preference {name}": value})

    def preference(self, name: str) -> str | None:
        """What the reader chose, or None if they never did."""
        value = _set_values(self._views.rules()).get(f"preference {name}")
        return value if isinstance(value, str) else None

    def _switch(self, label: str, subject: str, field: str, *, on: bool) -> Deed:
        """Turn a rule on or off, unless it is so already."""
        group, _, key = field.partition(" ")
        with self.files.lock:
            rules = self._current_rules()
            kind, _, name = key.partition(" ")
            is_on = key in rules.mute if group == "mute" else name in getattr(rules, kind)
            return self._nothing(label, subject) if is_on == on else self._rule(label, subject, {field: on})

    def _rule(self, label: str, subject: str, values: Mapping[str, Any]) -> Deed:
        self.files.require_folder()
        now = self._store.current([RULES])
        return self._change(label, subject, now, {RULES: values}, {})

    def _refreshed(self) -> None:
        """Bring the rules in memory up to date with the files; with the lock held they stay so."""
        self._views.rules()
        self._store.current([RULES])

    def _current_rules(self) -> Rules:
        self._refreshed()
        return self.rules()

    def _view(self, name: str) -> tuple[str, float]:
        """The query and the place of a view."""
        for view in self._current_rules().views:
            if view.name == name:
                return view.query, self._places()[name]
        raise InvalidInput(f"There is no view “{name}”; it may have been renamed or deleted elsewhere.")

    def _places(self) -> dict[str, float]:
        from paperdeck.storage.settings.rules import places_of

        places = places_of(self._rules_of_file(), _set_values(self._views.rules()))
        return {name: place for name, (place, _) in places.items()}

    def _last_place(self) -> float:
        places = self._places()
        return max((places[view.name] for view in self.rules().views), default=0.0)

    # -- deeds -------------------------------------------------------------------------------------------------------

    def undo(self, deed: Deed | None = None) -> Deed | None:
        """Take back the deed given, or this process's last one; None if nothing of it is left.

        A deed of another process is only taken back when it is given; say whose it is before. What another device, or
        a later change, made of a field since then is not touched. Reading by resting is passed over while other deeds
        remain; when only that remains, all of it is one deed.
        """
        with self.files.lock:
            self.files.require_folder()
            return self._undo.undo(deed)

    def redo(self, deed: Deed | None = None) -> Deed | None:
        """Do again the deed given, or exactly what this process undid last; None if that can't be done."""
        with self.files.lock:
            self.files.require_folder()
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
        if not wanted and not brought and not gone:
            return self._nothing(label, subject)
        return self._done(label, subject, now, self._store.stamped(now, wanted), brought, gone)

    def _done(
        self,
        label: str,
        subject: str,
        now: Mapping[str, Registers],
        new: Mapping[str, Registers],
        brought: Mapping[str, list[str]],
        gone: Sequence[dict[str, Any]] = (),
    ) -> Deed:
        deed = self._store.change(label, subject, now, new, brought, gone)
        if label != JOINED:  # the reader did not do it: their undo means something else
            self._undo.made(deed)
        return deed

    def _nothing(self, label: str, subject: str) -> Deed:
        """The deed that changed nothing and isn't written down."""
        return self._history.nothing(label, subject)


def _check_ids(ids: Iterable[str]) -> list[str]:
    wanted = list(ids)
    for paper_id in wanted:
        if not is_paper_id(paper_id):
            raise InvalidInput(f"“{clean_line(paper_id[:60])}” is not the id of a paper; an id looks like 2401.12345.")
    return wanted


def _check_notes(now: Mapping[str, Registers], allowed: set[object]) -> None:
    for registers in now.values():
        if (found := value_of(registers, "note")) not in allowed:
            raise NoteChanged(found)


def _different(registers: Registers, values: Mapping[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in values.items() if value_of(registers, field) != value}


def _set_values(registers: Registers) -> dict[str, Any]:
    """The values that are set, in the order in which they were; what undo took back to nothing is not among them."""
    chosen = [(register[1], field) for field, register in registers.items() if origin_of(register)]
    return {field: registers[field][0] for _, field in sorted(chosen)}


def _name(name: str) -> str:
    name = clean_line(name)
    if not name:
        raise InvalidInput("A name is needed; type one.")
    return name
