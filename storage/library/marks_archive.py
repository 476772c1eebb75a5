"""The reader's marks in one file, to keep elsewhere or to take to another machine.

It is a TinyDB file like those in the data folder, with the marks of all devices and months merged. Restoring merges:
of each field the newer value stays, so an old backup never takes back what was done since.
"""

from __future__ import annotations

from pathlib import Path

from paperdeck.storage.errors import InvalidInput, StoreError
from paperdeck.storage.files.atomic import reason_for
from paperdeck.storage.files.output import write_output
from paperdeck.storage.files.sealed import Damaged, decode, encode
from paperdeck.storage.identifiers import document_id
from paperdeck.storage.library.journal.registers import document_of, registers_of

from .library import Deed, Library


def write_backup(library: Library, path: Path, *, force: bool = False) -> int:
    """Write all marks to a file; an older backup is replaced. Returns how many papers have marks.

    Args:
        library: Where the marks are.
        path: The file.
        force: Replace even a file that is not a backup; it stays beside the new one as `NAME~`.

    Raises:
        FileInTheWay: a file is there that is not a backup.
        ActionFailed: it could not be written; what was there stays.
    """
    stored = sorted(library.stored_marks().items())
    documents = {str(document_id(paper_id)): document_of(paper_id, registers) for paper_id, registers in stored}
    content = encode("marks", {"marks": documents})
    write_output(path, content, force=force, private=True, is_ours=_is_backup)
    return len(documents)


def _is_backup(content: bytes) -> bool:
    try:
        decode("marks", content)
    except Damaged:
        return False
    return True


def restore_backup(library: Library, path: Path) -> Deed:
    """Merge the marks in a file into the library; the deed, which can be undone, names the papers that changed.

    Any file of marks will do: a backup, or one from a device's folder, such as one that was set aside.

    Raises:
        InvalidInput: the file is not a backup, or damaged.
        StoreError: it can't be read, or the marks can't be written.
    """
    try:
        tables = decode("marks", path.read_bytes())
    except OSError as error:
        raise StoreError(f"{path} can't be read: {reason_for(error)}.") from error
    except Damaged as damage:
        raise InvalidInput(f"{path} can't be restored, as it {damage}; nothing was changed.") from None
    documents = tables.get("marks", {}).values()
    return library.merge_marks({document["id"]: registers_of(document) for document in documents}, "restore")
