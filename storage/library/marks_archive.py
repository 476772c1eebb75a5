"""Backup and restore of all marks in one file, to keep elsewhere or to move to another machine.

It is a TinyDB file like those in the data folder, with the marks of all devices and months merged. Restoring merges
too: the newer value of each field stays, so an old backup never reverts later changes.
"""

from __future__ import annotations

from pathlib import Path

from paperdeck.storage.errors import InvalidInput, StoreError
from paperdeck.storage.files.disk import read_file
from paperdeck.storage.files.documents import malformed
from paperdeck.storage.files.output import write_output
from paperdeck.storage.files.sealed import Damaged, Newer, Unreadable, decode, encode
from paperdeck.storage.library.journal.registers import (
    GENERAL,
    MARKS,
    document_of,
    marks_of,
    merge_documents,
    number_of,
)
from paperdeck.storage.paper import NO_MARKS

from .library import Deed, Library


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
