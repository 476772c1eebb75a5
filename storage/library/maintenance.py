"""Maintenance: the doctor, backup and restore.

The doctor checks every file of the library, repairs what it can, and reports what it did and what is left. It repairs
files as reading does: a damaged file is set aside under a dated name, marks are restored from backups, papers are
fetched again. It also merges marks from set-aside files that are readable now, rewrites files in an older format,
deletes what killed processes left, and checks clocks and settings.

A backup is one file with all marks, to keep elsewhere or to move to another machine: a TinyDB file like those in the
data folder, with the marks of all devices and months merged. Restoring it merges too: the newer value of each field
stays, so an old backup never reverts later changes.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from paperdeck.storage.errors import InvalidInput, StoreError
from paperdeck.storage.files.disk import (
    files_in,
    is_folder,
    is_there,
    make_folder,
    read_file,
    remove_leftovers,
    signature_of,
)
from paperdeck.storage.files.documents import DocumentFiles, malformed
from paperdeck.storage.files.output import write_output
from paperdeck.storage.files.sealed import (
    Damaged,
    Document,
    DocumentFile,
    FileKind,
    Newer,
    Unreadable,
    beginning_of,
    decode,
    encode,
    is_current,
    read_sealed,
    readable_documents,
    set_aside,
)
from paperdeck.storage.files.small import read_json
from paperdeck.storage.library.journal.device import DEVICE
from paperdeck.storage.library.journal.history import HISTORY
from paperdeck.storage.library.journal.registers import (
    GENERAL,
    MARKS,
    document_of,
    marks_of,
    merge_documents,
    number_of,
)
from paperdeck.storage.paper import NO_MARKS
from paperdeck.storage.settings.settings import Places, Settings, load_settings
from paperdeck.storage.text.words import count_of

from .citation_keys import earlier_keys
from .library import Deed, Library


@dataclass(frozen=True, slots=True)
class Report:
    """The doctor's report."""

    files: int
    """The number of files checked."""
    papers: int
    """How many papers are in the library."""
    marks: int
    """How many papers have marks."""
    days: int
    """How many days of sources are in the ledger."""
    repaired: tuple[str, ...]
    """A sentence for each repair."""
    left: tuple[str, ...]
    """A sentence for each problem that could not be repaired."""

    @property
    def state(self) -> str:
        """`ok`, `repaired`, or `damaged` if a problem is left."""
        return "damaged" if self.left else "repaired" if self.repaired else "ok"

    def as_json(self) -> dict[str, Any]:
        """The report for scripts."""
        return {"state": self.state, **asdict(self)}


def check(places: Places, *, complaints_about: Callable[[Settings], Iterable[str]] = lambda _: ()) -> Report:
    """Check every file of a library, and repair what can be repaired.

    Args:
        places: Where the files are.
        complaints_about: Sentences about settings that only the caller can check, such as keys.
    """
    return _Doctor(places, complaints_about).report()


class _Doctor:
    def __init__(self, places: Places, complaints_about: Callable[[Settings], Iterable[str]]) -> None:
        self._places = places
        self._complaints_about = complaints_about
        self._counts = {"papers": 0, "marks": 0, "days": 0}
        self._library = Library(places, maker="the doctor")
        self._papers, self._ledger, self._marks = self._library.stores
        self._troubles = self._papers.troubles

    def report(self) -> Report:
        steps: list[Callable[[], None]] = [
            self._check_permissions,
            self._clear_leftovers,
            self._check_others,
            self._check_marks,
            partial(self._check_folder, self._papers, "papers", "papers"),
            partial(self._check_folder, self._ledger, "ledger", "days"),
            self._check_index,
            self._check_settings,
        ]
        for step in steps:
            with self._going_on():
                step()
        repaired = (sentence for sentence in self._troubles if sentence not in self._troubles.left)
        files = sum(1 for _ in self._files())
        return Report(files=files, **self._counts, repaired=tuple(repaired), left=tuple(self._troubles.left))

    @contextmanager
    def _going_on(self) -> Iterator[None]:
        """Report what can't be read, and go on with the rest."""
        try:
            yield
        except StoreError as error:
            self._troubles.complain(str(error))

    # -- looking -----------------------------------------------------------------------------------------------------

    def _files(self) -> Iterator[tuple[str, Path]]:
        """Every file of the library, with its kind."""
        places = self._places
        yield from (("papers", path) for path in files_in(places.papers, "*.json"))
        yield from (("papers", path) for path in files_in(places.papers, "*/*.json"))
        yield from (("ledger", path) for path in files_in(places.ledger, "*.json"))
        yield from (("marks", path) for path in files_in(places.marks, "*/*.json"))
        yield from (("other", path) for _, path in self._sealed_files())

    def _sealed_files(self) -> Iterator[tuple[FileKind, Path]]:
        """The files of the state folder."""
        state = self._places.state
        yield from ((HISTORY, path) for path in files_in(self._places.history, "*.json"))
        yield from ((DEVICE, path) for path in files_in(state, "device.json"))
        yield from ((MARKS, path) for path in files_in(state / "backups", "*/*/*.json"))

    # -- repairing ---------------------------------------------------------------------------------------------------

    def _check_permissions(self) -> None:
        """Report folders without read or write permission, and files in the place of folders."""
        self._library.months()  # these two report a file in the place of the folder that they list
        self._library.ledger.sources()
        for place in (self._places.data, self._places.cache, self._places.state):
            for folder in (place, *files_in(place, "*"), *files_in(place, "*/*")):
                if is_folder(folder) and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
                    self._troubles.complain(f"{folder} can't be read or changed; check its permissions.")

    def _clear_leftovers(self) -> None:
        """Remove half-written files, except in the folders of other devices, which may be writing them now."""
        with self._papers.lock, self._ledger.lock, self._marks.lock:
            files = (path for kind, path in self._files() if kind != "marks" or self._marks.is_own(path))
            folders = {path.parent for path in files} | {self._places.papers}
            count = sum(map(remove_leftovers, folders))
        if count:
            self._troubles.tell(f"Removed {count_of(count, 'half-written file')} of stopped processes.")

    def _check_folder(self, files: DocumentFiles, kind: str, documents_called: str) -> None:
        """Read every file of a kind, which repairs it, and count the documents."""
        for path in [path for found, path in self._files() if found == kind]:
            documents = files.read(path, DocumentFile.documents)
            if documents is not None:
                self._counts[documents_called] += len(documents)
                self._rewrite(files, path)

    def _rewrite(self, files: DocumentFiles, path: Path) -> None:
        """Rewrite a file in an older format, or from another program; it has been read and repaired before."""
        if signature_of(path) is None or is_current(beginning_of(path)):
            return
        with files.writing(path) as (file,):
            file.replace([])
        self._troubles.tell(f"{path} was rewritten in the current format.")

    def _check_marks(self) -> None:
        files = self._marks
        if signature_of(files.folder) is None and any(files.backups(device).names() for device in files.devices()):
            make_folder(files.folder, private=True)
        self._counts["marks"] = len(self._library.all_marks())
        self._library.rules()
        for device in files.devices():
            for name in files.backups(device).names():
                with self._going_on():
                    self._merge_marks(files.backups(device).documents(name), f"the backups of {device}")
        for path in files_in(files.folder, "*/*.json.damaged-*"):
            self._merge_marks(readable_documents(path, MARKS), str(path))
        for path in [path for kind, path in self._files() if kind == "marks"]:
            files.check_clock(path, files.documents_in(path))
            if files.is_own(path) and path not in files.unreadable:
                with self._going_on():
                    self._rewrite(files, path)
                    with files.lock:
                        files.keep(path)
        self._counts["marks"] = len(self._library.all_marks())

    def _merge_marks(self, documents: list[Document], source: str) -> None:
        """Merge marks that our files lack."""
        deed = self._library.merge_marks(merge_documents(documents), "doctor", source)
        if deed.number:
            self._troubles.tell(f"{deed.changed.capitalize()} were restored from {source}.")

    def _check_others(self) -> None:
        """Set aside damaged files of the history, the backups and small records; none of them is needed.

        Files of citation keys of an earlier version are only reported, as another device may have written them.
        """
        for complaint in earlier_keys(self._places.data)[1]:
            self._troubles.complain(complaint)
        with self._marks.lock:
            for kind, path in list(self._sealed_files()):
                self._check_file(path, partial(read_sealed, path, kind))
            for path in files_in(self._places.state, "*.json"):
                if path.name != "device.json":
                    self._check_file(path, partial(read_json, path))

    def _check_file(self, path: Path, read: Callable[[], object]) -> None:
        try:
            read()
        except Damaged as damage:
            aside = set_aside(path, time.time())
            self._troubles.tell(f"{path} {damage} and is kept as {aside.name}.")
        except Unreadable as newer:
            self._troubles.complain(f"{path} {newer}.")
        except StoreError as error:
            self._troubles.complain(str(error))

    def _check_index(self) -> None:
        """Open the index, which replaces a damaged one, and reports what is in its place."""
        database = self._library.indexing.index.database
        if database.path and is_there(database.path):
            with database.reading():
                pass
            self._library.indexing.close()

    def _check_settings(self) -> None:
        """Report invalid settings; only the reader changes that file."""
        settings, complaints = load_settings(self._places.config_file)
        for complaint in (*complaints, *self._library.rules().complaints, *self._complaints_about(settings)):
            self._troubles.complain(complaint)


# -- backup and restore --------------------------------------------------------------------------------------------


def write_backup(library: Library, path: Path, *, force: bool = False) -> int:
    """Write all marks to a file; an older backup is replaced. Returns how many papers have marks.

    Args:
        library: The library with the marks.
        force: Replace even a file that is not a backup; it is kept next to the new one as `NAME~`.

    Raises:
        FileInTheWay: the existing file is not a backup.
        ActionFailed: it could not be written; the old file stays.
    """
    stored = sorted(library.stored_marks().items())
    documents = {str(number_of(subject)): document_of(subject, registers) for subject, registers in stored}
    content = b"".join(encode(MARKS, documents))
    write_output(path, content, force=force, private=True, is_ours=_is_backup)
    return sum(marks_of(registers) != NO_MARKS for subject, registers in stored if subject not in GENERAL)


def _is_backup(content: bytes) -> bool:
    try:
        decode(MARKS, content)
    except Unreadable:
        return False
    return True


def restore_backup(library: Library, path: Path) -> Deed:
    """Merge the marks in a file into the library, as a deed that can be undone and names the changed papers.

    Accepts any file of marks: a backup, or one from a device's folder, such as one that was set aside.

    Raises:
        InvalidInput: the file is not a backup, or damaged.
        StoreError: it can't be read, or the marks can't be written.
    """
    found = read_file(path)
    if found is None:
        raise StoreError(f"{path} can't be read: there is no such file.")
    try:
        content = decode(MARKS, found[0])
    except Damaged as damage:
        raise InvalidInput(f"{path} can't be restored, as it {damage}; nothing was changed.") from None
    except Newer as newer:
        raise InvalidInput(f"{path} {newer} to restore it.") from None
    if content.left_out:
        library.troubles.append(f"{path} has {malformed(content.left_out)}, left out here.")
    documents = content.documents.values()
    return library.merge_marks(merge_documents(documents), "restore", path.name)
