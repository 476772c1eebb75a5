"""Drafts of notes: unsaved text is kept on disk, and restored after a crash.

A draft is a folder with the text (`note.md`, which `$EDITOR` edits too), the original note (`before.md`) and a lock,
which the system releases when its holder is killed. So a draft with a free lock was left behind, and one with a held
lock is being written in another window.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from paperdeck.storage.errors import NoteChanged, PaperdeckError
from paperdeck.storage.files.atomic import move_into_place
from paperdeck.storage.files.present import files_in

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

    @property
    def file(self) -> Path:
        """The file of the text."""
        return self._folder / TEXT

    def write(self, text: str) -> None:
        """Save the text, if possible; the dialog has it in any case."""
        self.text = text
        with suppress(OSError):
            self._open()
            part = self._folder / "part"
            part.write_text(text, encoding="utf-8", errors="replace")
            move_into_place(part, self.file)

    def file_for_editor(self) -> Path:
        """A file with the text; in the system's temporary folder if the disk of the drafts is full.

        Raises:
            OSError: it can't be written anywhere.
        """
        try:
            self._open()
            if shutil.disk_usage(self._folder).free < _ROOM_BYTES:
                raise OSError
        except OSError:
            self.remove()
            self._folder = Path(tempfile.mkdtemp(prefix="paperdeck-"))
        self.file.write_text(self.text, encoding="utf-8", errors="replace")
        return self.file

    def read(self) -> str:
        """The text that an editor saved.

        Raises:
            OSError: the file can't be read.
        """
        self.text = self.file.read_text(encoding="utf-8", errors="replace")
        return self.text

    def remove(self) -> None:
        """Delete the draft, as its text was saved or discarded."""
        self.leave()
        shutil.rmtree(self._folder, ignore_errors=True)

    def leave(self) -> None:
        """Release the draft but keep it on disk, to be restored."""
        if self._lock:
            self._lock.release()
            self._lock = None

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
    return Draft(drafts / f"{name}~{os.urandom(4).hex()}", note, note)


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
    with suppress(OSError, ValueError):
        if (lock := _held(folder)) is None:
            return None
        text = (folder / TEXT).read_text(encoding="utf-8")
        before = (folder / BEFORE).read_text(encoding="utf-8")
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
        PaperdeckError: no editor, or the note was not saved; the message names the file with the text.
    """
    file = draft.file_for_editor()
    begun = draft.text
    try:
        edit(file)
    except PaperdeckError:
        _leave_if_changed(draft, begun)
        raise
    if draft.read().strip() == begun.strip() and draft.written_at is None:
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


def _leave_if_changed(draft: Draft, begun: str) -> None:
    with suppress(OSError):
        if draft.read() != begun:
            draft.leave()
            return
    draft.remove()


def _held(folder: Path) -> BaseFileLock | None:
    """Take the lock of a draft's folder; None if another process holds it."""
    from filelock import FileLock, Timeout

    lock = FileLock(str(folder / LOCK), timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        return None
    return lock
