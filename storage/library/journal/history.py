"""The deeds of this device, done and undone: `history/00000042.json`, one small file for each.

    {"label": "star", "subject": "…", "at": 1795398295.4, "maker": "the reader, process 123", "session": "5f0c9a3b",
     "base": 41, "changes": [[id, field, old, new, stamp, origin], …], "undone": true, "undone_at": 1795398299.1,
     "brought": {id: [source, …]}, "removed": [document of a paper, …], "gone": [document of a paper, …]}

A change has the stamp of its new value and the origin of the value that it replaced. Older versions wrote only `label`,
`base` and `changes`, and kept in `head.json` how far the history was undone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from paperdeck.storage.files.disk import cannot_read
from paperdeck.storage.files.documents import Clock
from paperdeck.storage.files.sealed import Damaged, Document, FileKind, Newer, read_sealed, set_aside, write_sealed
from paperdeck.storage.text.clean import clean_line
from paperdeck.storage.text.words import count_of

from .registers import GENERAL, RULES, clean_field, is_stamp

_KEPT_DEEDS = 300
_SLACK_DEEDS = 50
_END_SECONDS = 250_000_000_000.0  # no date is later

READER = "the reader"
"""The program that makes the deeds of the app."""
_PROCESS = ", process "

RESTED = "read by resting on it"
"""The label of the deed that marks a paper read because the cursor rested on it."""


JOINED = "joined with the paper on arXiv"
"""The label of the deed that merges a local paper with its arXiv paper, which arrived later."""


class Deed(NamedTuple):
    """One undoable change."""

    number: int
    """Deeds of this device are numbered in order; 0: nothing was changed."""
    label: str
    """The action, such as `star` or `delete view`."""
    subject: str
    """Its object: a title, the name of a view, a query; may be empty."""
    ids: tuple[str, ...]
    """The papers whose marks it changed, or that it added."""
    rules: bool
    """Whether it changed views, rules or preferences."""
    made_at: datetime
    """When it was made, in UTC."""
    own: bool
    """Whether this process made it."""
    maker: str
    """The program and process that made it, such as `the reader, process 123`."""
    undone: bool = False
    """Whether it was undone."""

    @property
    def program(self) -> str:
        """The program that made it, without its process: READER, or a command such as `paperdeck tag`."""
        return self.maker.partition(_PROCESS)[0]

    @property
    def changed(self) -> str:
        """What it changed: `the marks of 3 papers`, or else the views and rules or the citation keys."""
        if self.ids or not self.number:
            return f"the marks of {count_of(len(self.ids), 'paper')}"
        return "your views and rules" if self.rules else "your citation keys"

    @property
    def title(self) -> str:
        """The deed and its subject: `star · Attention for the Impatient`, `tag · 12 papers`."""
        subject = self.subject or (count_of(len(self.ids), "paper") if self.ids else "")
        return " · ".join(filter(None, (self.label, subject)))


def maker_of(program: str) -> str:
    """The maker of this process's deeds, for a program in words."""
    return f"{program}{_PROCESS}{os.getpid()}"


class Intent(NamedTuple):
    """A deed to carry out."""

    label: str
    subject: str = ""
    brought: Mapping[str, list[str]] = {}
    """The papers that it adds, with their sources; undo removes them."""
    gone: Sequence[Document] = ()
    """The documents of the papers that it removes; undo restores them."""


class FieldChange(NamedTuple):
    """One field of one subject in a deed."""

    id: str
    """The paper, or one of GENERAL."""
    field: str
    """The field; see `registers`."""
    old: Any
    """Its value before."""
    new: Any
    """Its value after."""
    stamp: str
    """The stamp of the change that made the new value; `""` if there was none, as after an undo."""
    origin: str
    """The stamp of the change that made the old value; `""` if there was none."""


class Recorded(NamedTuple):
    """A deed as stored on the disk."""

    deed: Deed
    changes: tuple[FieldChange, ...]
    """The changes that it made."""
    brought: Mapping[str, list[str]]
    """The papers that the deed added, with their sources at that time."""
    removed_by_undo: list[Document]
    gone: list[Document]
    """The papers that the deed itself removed, as duplicates of another."""
    undone_at: float
    """When it was last undone, in seconds since 1970; 0 if it never was, or an older version undid it."""


def _is_step(document: Document) -> bool:
    if "changes" not in document:
        return all(isinstance(document.get(name), int) for name in ("newest", "head"))
    changes, brought = document["changes"], document.get("brought", {})
    return (
        all(isinstance(document.get(name, ""), str) for name in ("label", "subject", "maker", "session"))
        and all(_is_time(document.get(name, 0)) for name in ("at", "undone_at"))
        and isinstance(changes, list)
        and all(map(_is_change, changes))
        and isinstance(brought, dict)
        and all(isinstance(sources, list) for sources in brought.values())
        and all(isinstance(document.get(name, []), list) for name in ("removed", "gone"))
        and all(isinstance(paper, dict) for name in ("removed", "gone") for paper in document.get(name, []))
    )


def _is_time(value: object) -> bool:
    return isinstance(value, (int, float)) and abs(value) < _END_SECONDS


def _is_change(change: object) -> bool:
    return (
        isinstance(change, list)
        and len(change) == 6
        and all(isinstance(text, str) for text in (change[0], change[1], change[4], change[5]))
        and bool(change[1])
        and all(stamp == "" or is_stamp(stamp) for stamp in change[4:])
    )


HISTORY = FileKind("history", _is_step, private=True)


class History:
    """The deeds of this device. Callers must hold the lock of the journal."""

    def __init__(self, folder: Path, clock: Clock, maker: str, session: str) -> None:
        """Opens no file until it is used.

        Args:
            folder: The folder of the deeds.
            clock: Seconds since 1970.
            maker: The maker of new deeds, in words.
            session: An id that distinguishes this process's deeds from others.
        """
        self._folder = folder
        self._clock = clock
        self._maker = maker
        self._session = session

    def append(self, intent: Intent, changes: Sequence[FieldChange]) -> Deed:
        """Record a deed before it is carried out.

        Raises:
            StoreError: it could not be written.
        """
        numbers = self.numbers()
        number = max(numbers, default=0) + 1
        document = {
            "label": intent.label,
            "subject": intent.subject,
            "at": self._now(),
            "maker": self._maker,
            "session": self._session,
            "base": number - 1,
            "changes": [list(change) for change in changes],
        }
        papers = {"brought": dict(intent.brought), "gone": list(intent.gone)}
        self._write(number, document | {name: value for name, value in papers.items() if value})
        if len(numbers) > _KEPT_DEEDS + _SLACK_DEEDS:
            for old in numbers[:-_KEPT_DEEDS]:
                self.forget(old)
        return self._deed(number, document)

    def nothing(self, intent: Intent) -> Deed:
        """A deed without changes, which isn't recorded."""
        now = datetime.fromtimestamp(self._now(), UTC)
        return Deed(0, intent.label, clean_line(intent.subject), (), False, now, True, self._maker)

    def _now(self) -> float:
        return min(max(self._clock(), 0.0), _END_SECONDS - 1)

    def forget(self, number: int) -> None:
        """Delete a deed that failed or is too old."""
        with suppress(OSError):
            self._path(number).unlink()

    def note(self, number: int, *, undone: bool, removed: Sequence[Document] | None = None) -> None:
        """Record that a deed was undone or redone.

        Args:
            number: The deed.
            undone: Whether it is undone now.
            removed: The papers that undo removed; None: as recorded before.

        Raises:
            StoreError: it could not be written.
        """
        document = self._document(self._path(number))
        if document:
            more = {} if removed is None else {"removed": list(removed)}
            when = {"undone_at": self._now()} if undone else {}
            self._write(number, document | {"undone": undone} | when | more)

    def deeds(self, limit: int = 100) -> list[Deed]:
        """The deeds that are not undone, newest first."""
        done = (recorded.deed for recorded in self._newest_first() if not recorded.deed.undone)
        return list(islice(done, limit))

    def removed(self) -> set[str]:
        """The ids of the papers that the reader removed, or whose adding the reader undid."""
        return {
            str(paper.get("id"))
            for recorded in self._newest_first()
            for paper in (recorded.removed_by_undo if recorded.deed.undone else recorded.gone)
        }

    def newest_of_others(self) -> Deed | None:
        """The newest deed of another process that is not undone; one labelled RESTED only if there is no other."""
        rest = None
        for recorded in self._newest_first():
            deed = recorded.deed
            if not deed.own and not deed.undone:
                if deed.label not in (RESTED, JOINED):
                    return deed
                rest = rest or deed
        return rest

    def newest_undone(self) -> Deed | None:
        """The deed that any process undid last, unless there is a later one; for `redo` in a new process."""
        last, newest_done = None, 0.0
        for recorded in self._newest_first():
            if not recorded.deed.undone:
                newest_done = max(newest_done, recorded.deed.made_at.timestamp())
            elif last is None or recorded.undone_at >= last.undone_at:
                last = recorded
        return last.deed if last and last.undone_at >= newest_done else None

    def _newest_first(self) -> Iterator[Recorded]:
        """All deeds that can be read."""
        for number in reversed(self.numbers()):
            if recorded := self.read(number):
                yield recorded

    def read(self, number: int) -> Recorded | None:
        """One deed; None if it is gone or can't be read."""
        document = self._document(self._path(number))
        if not document or "changes" not in document:
            return None
        changes = tuple(FieldChange(*change)._replace(field=clean_field(change[1])) for change in document["changes"])
        papers = document.get("brought", {}), document.get("removed", []), document.get("gone", [])
        return Recorded(self._deed(number, document), changes, *papers, document.get("undone_at", 0))

    def numbers(self) -> list[int]:
        """The numbers of all deeds, oldest first.

        Raises:
            StoreError: the folder can't be read.
        """
        try:
            with os.scandir(self._folder) as entries:
                return sorted(int(entry.name[:-5]) for entry in entries if _is_numbered(entry.name))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise cannot_read(self._folder, error) from error

    def _deed(self, number: int, document: Document) -> Deed:
        ids = dict.fromkeys(change[0] for change in document["changes"] if change[0] not in GENERAL)
        return Deed(
            number=number,
            label=clean_line(document.get("label", "")),
            subject=clean_line(document.get("subject", "")),
            ids=tuple(ids | dict.fromkeys(document.get("brought", {}))),
            rules=any(change[0] == RULES for change in document["changes"]),
            made_at=datetime.fromtimestamp(document.get("at") or self._written_at(number), UTC),
            own=document.get("session") == self._session,
            maker=clean_line(document.get("maker", "an older paperdeck")),
            undone=document.get("undone", self._is_beyond_head(number) if "maker" not in document else False),
        )

    def _written_at(self, number: int) -> float:
        try:
            return self._path(number).stat().st_mtime
        except OSError:
            return 0.0

    def _is_beyond_head(self, number: int) -> bool:
        """Whether an older version had undone one of its deeds."""
        moved = self._document(self._folder / "head.json")
        return bool(moved and "head" in moved and moved["head"] < number <= moved["newest"])

    def _document(self, path: Path) -> Document | None:
        try:
            return read_sealed(path, HISTORY).get("1")
        except Newer:
            return None
        except Damaged:
            set_aside(path, self._clock())
            return None

    def _write(self, number: int, document: Document) -> None:
        write_sealed(self._path(number), HISTORY, {"1": document})

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:08}.json"


def _is_numbered(name: str) -> bool:
    return len(name) == 13 and name[:8].isdecimal() and name.endswith(".json")
