"""Drafts of notes: unsaved text is kept on disk, and restored after a crash.

A draft is a folder with the text (`note.md`, which `$EDITOR` edits too), the original note (`before.md`) and a lock,
which the system releases when its holder is killed. So a draft with a free lock was left behind, and one with a held
lock is being written in another window.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from paperdeck.storage.errors import ActionFailed, NoteChanged, PaperdeckError
from paperdeck.storage.files.disk import files_in, is_file, is_there, move_into_place, reason_for, text_of

if TYPE_CHECKING:
    from filelock import BaseFileLock

KeepNote = Callable[[str, str], None]
"""Saves a note, given its text and the original note. Raises NoteChanged if that has changed meanwhile."""

TEXT, BEFORE, LOCK = "note.md", "before.md", "lock"
_ROOM_BYTES = 4_000_000
"""Free bytes on the disk needed to run an editor there."""


class Draft:
    """The draft of one note. Nothing is written to disk before `write` or `file_for_editor`."""

    def __init__(self, folder: Path, before: str, text: str, lock: BaseFileLock | None = None) -> None:
        """A draft of the note `before`, in a folder of its own, which need not exist yet."""
        self.before = before
        self.text = text
        self.written_at: datetime | None = None
        """When a restored text was written; None if nothing was restored."""
        self._folder, self._lock = folder, lock
        self._former: Draft | None = None  # the one on a full disk, which stays until the text is saved

    @property
    def file(self) -> Path:
        """The file of the text."""
        return self._folder / TEXT

    def write(self, text: str) -> None:
        """Save the text, if possible; the dialog has it in any case."""
        self.text = text
        with suppress(OSError):
            self._put()

    def file_for_editor(self) -> Path:
        """A file with the text, on the disk; in the system's temporary folder if the disk of the drafts is full.

        Raises:
            ActionFailed: it can't be written anywhere; what the draft has on the disk stays.
        """
        try:
            self._put(durable=True)
            if shutil.disk_usage(self._folder).free < _ROOM_BYTES:
                raise OSError(errno.ENOSPC, "")
        except OSError as error:
            try:
                self._move_out()
            except OSError:
                self.give_up()
                folder = self._folder.parent
                raise ActionFailed(
                    f"Neither {folder} nor a temporary folder takes the file for your editor: {reason_for(error)}."
                ) from error
        return self.file

    def _move_out(self) -> None:
        """Continue in the system's temporary folder."""
        there = Draft(Path(tempfile.mkdtemp(prefix="paperdeck-")), self.before, self.text)
        try:
            there._put(durable=True)
        except OSError:
            there.remove()
            raise
        self._former = Draft(self._folder, self.before, self.text, self._lock)
        self._folder, self._lock = there._folder, there._lock

    def read(self) -> str:
        """The text that an editor saved.

        Raises:
            ActionFailed: it left no file that can be read.
        """
        try:
            self.text = text_of(self.file, errors="replace")
        except OSError as error:
            raise ActionFailed("The editor left no file that can be read; the note stays as it was.") from error
        return self.text

    def give_up(self) -> None:
        """Keep a restored text, which nobody saved, on the disk, and leave nothing else behind."""
        if self.written_at is None:
            self.remove()
            return
        if self._former is None and not is_file(self.file):  # an editor removed it, or put something else there
            if is_there(self.file):
                self.leave()
                self._folder = _new_folder(self._folder.parent, self._folder.name.rpartition("~")[0])
            self.write(self.text)
        self.leave()

    def remove(self) -> None:
        """Delete the draft, as its text was saved or discarded."""
        self.leave()
        for draft in (self, self._former):
            if draft:
                shutil.rmtree(draft._folder, ignore_errors=True)

    def leave(self) -> None:
        """Release the draft but keep it on disk, to be restored."""
        for draft in (self, self._former):
            if draft and draft._lock:
                draft._lock.release()
                draft._lock = None

    def _put(self, *, durable: bool = False) -> None:
        """Write the text into its file, which is whole at any time."""
        self._open()
        part = self._folder / "part"
        with part.open("w", encoding="utf-8", errors="replace") as file:
            file.write(self.text)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        move_into_place(part, self.file)

    def _open(self) -> None:
        """Create the folder and take its lock."""
        if self._lock is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / BEFORE).write_text(self.before, encoding="utf-8", errors="replace")
            self._lock = _held(self._folder)


def open_draft(drafts: Path, paper_id: str, note: str) -> Draft:
    """The draft of a note: one left behind with unsaved text, or a new one."""
    name = quote(paper_id, safe="")
    for folder in files_in(drafts, f"{name}~*"):
        if draft := _unsaved(folder, note):
            return draft
    return Draft(_new_folder(drafts, name), note, note)


def _new_folder(drafts: Path, name: str) -> Path:
    return drafts / f"{name}~{os.urandom(4).hex()}"


def papers_with_drafts(drafts: Path, note_of: Callable[[str], str]) -> list[str]:
    """The papers on which an unsaved note was left behind, the last written first, given their current notes."""
    found: dict[str, datetime] = {}
    for folder in files_in(drafts, "*~*"):
        paper_id = unquote(folder.name.rpartition("~")[0])
        if (draft := _unsaved(folder, note_of(paper_id))) and draft.written_at:
            draft.leave()
            found[paper_id] = max(draft.written_at, found.get(paper_id, draft.written_at))
    return sorted(found, key=lambda paper_id: found[paper_id], reverse=True)


def _unsaved(folder: Path, note: str) -> Draft | None:
    """The draft in a folder, with its lock; None if another window is writing it, or if its text was saved."""
    with suppress(OSError):
        if (lock := _held(folder)) is None:
            return None
        text, before = (text_of(folder / name, errors="replace") for name in (TEXT, BEFORE))
        draft = Draft(folder, before, text, lock)
        if text.strip() not in (note.strip(), before.strip()):
            draft.written_at = datetime.fromtimestamp(draft.file.stat().st_mtime)
            return draft
        draft.remove()
    return None


def joined(before: str, mine: str, theirs: str) -> str:
    """Merge two notes with a common origin: nothing of either is lost, and common parts appear once."""
    start = before.rstrip()
    if start and mine.startswith(start) and theirs.startswith(start):
        mine = mine[len(start) :]
    return f"{theirs.rstrip()}\n\n{mine.strip()}".strip()


def keep_edited(draft: Draft, edit: Callable[[Path], None], keep: KeepNote) -> bool:
    """Edit a note in an editor, and save the result; the file stays until it is saved.

    Args:
        draft: The note's draft.
        edit: Runs the editor on a file and waits for it.
        keep: Saves a text, given also the original note.

    Returns:
        Whether the editor changed anything.

    Raises:
        NoteChanged: the note was changed elsewhere; the text stays as a draft.
        PaperdeckError: no editor, it left no file, or the note was not saved; then the message names the file with the
            text.
    """
    file = draft.file_for_editor()
    begun = draft.text
    try:
        edit(file)
        draft.read()
    except PaperdeckError:
        _keep_if_changed(draft, begun)
        raise
    if draft.text.strip() == begun.strip() and draft.written_at is None:
        draft.remove()
        return False
    try:
        keep(draft.text, draft.before)
    except NoteChanged:
        draft.leave()
        raise
    except PaperdeckError as error:
        draft.leave()
        raise type(error)(f"{str(error).rstrip('.')}; your text is in {file}.") from error
    draft.remove()
    return True


def _keep_if_changed(draft: Draft, begun: str) -> None:
    with suppress(PaperdeckError):
        if draft.read() != begun:
            draft.leave()
            return
    draft.give_up()


def _held(folder: Path) -> BaseFileLock | None:
    """Take the lock of a draft's folder; None if another process holds it."""
    from filelock import FileLock, Timeout

    lock = FileLock(str(folder / LOCK), timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        return None
    return lock
