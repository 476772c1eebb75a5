"""The doctor: looks at every file of the library, repairs what it can, and says what it did and what is left.

It uses the repairs that reading uses: a damaged file is set aside under a dated name, marks come back from their
backup, papers are fetched again. On top of that it takes in marks from set-aside files that can be read by now (a
newer version's, say), rewrites files in an older form, and clears away what killed processes left.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.atomic import reason_for, remove_leftovers, signature_of
from paperdeck.storage.files.documents import set_aside
from paperdeck.storage.files.guarded import Clock, GuardedFiles, Troubles
from paperdeck.storage.files.sealed import Damaged, decode, is_current
from paperdeck.storage.library.journal.registers import registers_of
from paperdeck.storage.settings.settings import Places

from .library import open_parts


@dataclass(frozen=True, slots=True)
class Report:
    """What the doctor found."""

    files: int
    """How many files were looked at."""
    papers: int
    """How many papers are in the library."""
    marks: int
    """How many papers carry marks."""
    days: int
    """How many days of sources are in the ledger."""
    repaired: tuple[str, ...]
    """A sentence for each thing that was put right."""
    left: tuple[str, ...]
    """A sentence for each thing that could not be put right."""

    @property
    def state(self) -> str:
        """`ok`, `repaired`, or `damaged` when something is left."""
        return "damaged" if self.left else "repaired" if self.repaired else "ok"

    def as_json(self) -> dict[str, Any]:
        """The report for scripts."""
        return {"state": self.state, **asdict(self)}


def check(places: Places, *, clock: Clock = time.time) -> Report:
    """Look at every file of a library, and repair what can be repaired."""
    return _Doctor(places, clock).report()


class _Doctor:
    def __init__(self, places: Places, clock: Clock) -> None:
        self._places = places
        self._clock = clock
        self._troubles = Troubles()
        self._counts = {"papers": 0, "marks": 0, "days": 0}
        self._papers, self._marks, self._ledger = open_parts(places, clock, self._troubles)

    def report(self) -> Report:
        steps: list[Callable[[], None]] = [
            self._check_rights,
            self._clear_leftovers,
            self._check_others,
            self._check_marks,
            self._check_papers,
            self._check_ledger,
        ]
        for step in steps:
            try:
                step()
            except StoreError as error:
                self._troubles.complain(str(error))
        repaired = (sentence for sentence in self._troubles if sentence not in self._troubles.left)
        files = sum(1 for _ in self._files())
        return Report(files=files, **self._counts, repaired=tuple(repaired), left=tuple(self._troubles.left))

    # -- looking -----------------------------------------------------------------------------------------------------

    def _files(self) -> Iterator[tuple[str, Path]]:
        """Every file of the library, with its kind."""
        places = self._places
        yield from (("papers", path) for path in _glob(places.cache / "papers", "*.json"))
        yield from (("papers", path) for path in _glob(places.cache / "papers", "*/*.json"))
        yield from (("ledger", path) for path in _glob(places.cache / "ledger", "*.json"))
        yield from (("marks", path) for path in _glob(places.data / "marks", "[!.]*/*.json"))
        yield from self._other_files()

    def _other_files(self) -> Iterator[tuple[str, Path]]:
        """The files that are not read through guarded ones."""
        state = self._places.state
        yield from (("history", path) for path in _glob(state / "history", "*.json"))
        yield from (("device", path) for path in _glob(state, "device.json"))
        yield from (("marks", path) for path in _glob(state / "backups", "*/*/*.json"))

    # -- repairing ---------------------------------------------------------------------------------------------------

    def _check_rights(self) -> None:
        """Find folders that we can't use."""
        for place in (self._places.data, self._places.cache, self._places.state):
            for folder in (place, *_glob(place, "*"), *_glob(place, "*/*")):
                if os.path.isdir(folder) and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):  # noqa: PTH112
                    self._troubles.complain(f"{folder} can't be read or changed; check the rights of this folder.")

    def _clear_leftovers(self) -> None:
        with self._papers.lock, self._ledger.lock, self._marks.files.lock:
            folders = {path.parent for _, path in self._files()} | {self._places.cache / "papers"}
            count = sum(map(remove_leftovers, folders))
        if count:
            self._troubles.tell(f"{count} half-written files of stopped processes were removed.")

    def _check_papers(self) -> None:
        self._counts["papers"] = self._check_folder(self._papers, "papers")

    def _check_ledger(self) -> None:
        self._counts["days"] = self._check_folder(self._ledger, "ledger")

    def _check_folder(self, files: GuardedFiles, kind: str) -> int:
        """Read every file of a kind, which mends it; how many documents there are."""
        count = 0
        for path in [path for found, path in self._files() if found == kind]:
            documents = files.read(path, list)
            if documents is not None:
                count += len(documents)
                self._renew(files, path)
        return count

    def _renew(self, files: GuardedFiles, path: Path) -> None:
        """Write a file again that has an older form, or that another program wrote; it was read and mended before."""
        try:
            if signature_of(path) is None or is_current(_beginning(path)):
                return
        except OSError as error:
            raise StoreError(f"{path} can't be read: {reason_for(error)}.") from error
        with files.writing(path) as (file,):
            file.replace([])
        self._troubles.tell(f"{path} was brought into today's form.")

    def _check_marks(self) -> None:
        files = self._marks.files
        if signature_of(files.folder) is None and files.backups().months():
            files.make_folder()
        self._marks.all_marks()
        for path in [*_glob(files.folder, "[!.]*/*.json.damaged-*"), *files.backups().latest()]:
            self._take_in(path)
        for path in [path for kind, path in self._files() if kind == "marks" and files.is_ours(path)]:
            self._renew(files, path)
            with files.lock:
                files.keep(path)
        self._counts["marks"] = len(self._marks.all_marks())

    def _take_in(self, path: Path) -> None:
        """Merge marks from a set-aside file that can be read by now, or a backup that knows more than our files."""
        try:
            documents = decode("marks", path.read_bytes())["marks"].values()
        except (OSError, Damaged, KeyError):
            return
        step = self._marks.merge_in({document["id"]: registers_of(document) for document in documents}, "doctor")
        if step.ids:
            self._troubles.tell(f"The marks of {len(step.ids)} papers came back from {path}.")

    def _check_others(self) -> None:
        """Set aside what is damaged of the undo history, the backups and the device's name; none of it is needed."""
        with self._marks.files.lock:
            for kind, path in list(self._other_files()):
                reason = _damage(kind, path)
                if reason and reason.startswith("can't be read"):
                    self._troubles.complain(f"{path} {reason}.")
                elif reason:
                    aside = set_aside(path, self._clock())
                    self._troubles.tell(f"{path} {reason} and is kept as {aside.name}.")


def _glob(folder: Path, pattern: str) -> list[Path]:
    """The matching files; none where the system doesn't let us look, which the check of the rights tells of."""
    try:
        return sorted(folder.glob(pattern))
    except OSError:
        return []


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(200)


def _damage(kind: str, path: Path) -> str | None:
    """What is wrong with a file, as the end of a sentence, or None."""
    try:
        decode(kind, path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        return f"can't be read: {reason_for(error)}"
    except Damaged as damage:
        return str(damage)
    return None
