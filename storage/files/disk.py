"""The disk: what is at a path, reading a file of ours, and replacing it atomically.

Until Python 3.14, the methods of `Path` that ask what is there raise for a folder that may not be entered, a name that
is too long, or a disk that fails. Here the answer is then “no”, and whoever opens the file next reports the reason.

A file is written under a temporary name next to it, synced and renamed, so a kill, a full disk or a second writer
leaves either the old file or the new one.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from glob import glob
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, NamedTuple

from paperdeck.storage.errors import StoreError

Signature = tuple[int, int, int]
"""Inode, size and time of the last change in nanoseconds; as long as it is the same, the content is the same."""

_TEMPORARY = re.compile(r"\..+\.\d+-[0-9a-f]{8}\.tmp")
"""The names of our temporary files; other programs, such as Syncthing, have some of their own in the same folders."""
_RETRY_SECONDS = 1.0
_RETRY_PAUSE_SECONDS = 0.02
_UNSUPPORTED = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM})
"""Errors of file systems that can't sync a folder; the rename has worked anyway."""

_REASONS = {
    errno.ENOSPC: "the disk is full; free some space and try again",
    errno.EDQUOT: "your quota of disk space is used up; free some space and try again",
    errno.EFBIG: "the disk or a limit leaves no room for it; free some space and try again",
    errno.EROFS: "the disk is read-only; make it writable and try again",
    errno.EACCES: "permission is denied; check the permissions of its folder",
    errno.EPERM: "permission is denied; check the permissions of its folder",
    errno.ENOENT: "its folder is gone; restore it and try again",
    errno.ENOTDIR: "a file is in the place of its folder; choose another name or move that file away",
    errno.EIO: "the disk reports an error; check the disk",
}


class NotAFile(OSError):
    """A folder, a pipe or a device is in the place of a file of ours."""


class BrokenLink(OSError):
    """A link whose target is gone is in the place of a file of ours; the content may be on a disk not connected now."""


class _Staged(NamedTuple):
    """A complete temporary file, ready to be renamed."""

    temporary: Path
    path: Path
    signature: Signature


# -- what is there -------------------------------------------------------------------------------------------------


def is_there(path: Path) -> bool:
    """Whether anything is at a path, following links."""
    return os.path.exists(path)  # noqa: PTH110


def is_missing(path: Path) -> bool:
    """Whether nothing is at a path, not even a broken link; “no” if that can't be known."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        pass
    return False


def is_folder(path: Path) -> bool:
    """Whether a folder is at a path, following links."""
    return os.path.isdir(path)  # noqa: PTH112


def is_file(path: Path) -> bool:
    """Whether a regular file is at a path, following links."""
    return os.path.isfile(path)  # noqa: PTH113


def is_link(path: Path) -> bool:
    """Whether a symbolic link is at a path."""
    return os.path.islink(path)  # noqa: PTH114


def status_of(entry: os.DirEntry[str]) -> os.stat_result | None:
    """The status of an entry of a folder, following links; None if it has just been removed.

    A broken link has its own status, so it counts as there, and whoever opens it reports the reason.
    """
    with suppress(OSError):
        return entry.stat()
    with suppress(FileNotFoundError):
        return entry.stat(follow_symlinks=False)
    return None


def files_in(folder: Path, pattern: str) -> list[Path]:
    """The matching paths in a folder, sorted; none in one that can't be read.

    As in a shell, `*` finds no name that begins with a dot.
    """
    return sorted(folder / name for name in glob(pattern, root_dir=folder))  # noqa: PTH207


# -- reading -------------------------------------------------------------------------------------------------------


def reason_for(error: OSError) -> str:
    """The system's reason and the remedy, as the end of a sentence."""
    if isinstance(error, NotAFile):
        return "it is not a file; move away what is there"
    if isinstance(error, BrokenLink):
        return "it is a link to a file that is gone; bring that back, or remove the link"
    return _REASONS.get(error.errno or 0, f"the system says “{error.strerror or error}”")


def cannot_read(path: Path, error: OSError) -> StoreError:
    """The error for a file or folder that can't be read.

    If the reason is a folder that may not be entered, or a file in the place of one, it names that, so each is reported
    only once.
    """
    if isinstance(error, NotADirectoryError):
        path = next((place for place in reversed(path.parents) if is_there(place) and not is_folder(place)), path)
        return StoreError(f"{path} can't be read: it is not a folder; move away what is there.")
    if isinstance(error, PermissionError):
        for folder in (*reversed(path.parents), path):
            if is_folder(folder) and not os.access(folder, os.X_OK):
                path = folder
                break
        return StoreError(f"{path} can't be read: permission is denied; check its permissions.")
    return StoreError(f"{path} can't be read: {reason_for(error)}.")


def signature_of(path: Path) -> Signature | None:
    """The signature of a file, or None if there is none.

    Raises:
        StoreError: it can't be read.
    """
    try:
        return signature_in(path.stat())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise cannot_read(path, error) from error


def read_file(path: Path) -> tuple[bytes, Signature] | None:
    """A file's content with the matching signature; None if there is no file.

    Raises:
        StoreError: it can't be read.
    """
    try:
        with open_own(path) as file:
            signature = signature_in(os.fstat(file.fileno()))
            return file.read(), signature
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise cannot_read(path, error) from error


def open_own(path: Path) -> BinaryIO:
    """Open a file of ours for reading, without waiting if a pipe is in its place.

    Raises:
        NotAFile: it is something other than a file.
        BrokenLink: it is a link whose target is gone.
        OSError: it can't be opened.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (FileNotFoundError, NotADirectoryError) as error:
        if is_link(path):
            raise BrokenLink("a link to a file that is gone") from error
        raise
    try:
        check_regular(os.fstat(descriptor))
    except OSError:
        os.close(descriptor)
        raise
    return open(descriptor, "rb")  # noqa: PTH123


def text_of(path: Path, encoding: str = "utf-8", errors: str = "strict") -> str:
    """The text of a file, as `open_own` opens it.

    Raises:
        OSError: it can't be read.
        UnicodeDecodeError: it has another encoding.
    """
    with TextIOWrapper(open_own(path), encoding, errors) as file:
        return file.read()


def check_regular(status: os.stat_result) -> None:
    """Raise NotAFile unless the status is that of a regular file."""
    if not stat.S_ISREG(status.st_mode):
        raise NotAFile("not a file")


# -- writing -------------------------------------------------------------------------------------------------------


def make_folder(path: Path, *, private: bool = False) -> None:
    """Make a folder and those above it, if they are missing.

    Args:
        private: Whether new folders are for the user alone.

    Raises:
        StoreError: it can't be made.
    """
    missing = [path]
    try:
        while not is_there(missing[-1].parent):
            missing.append(missing[-1].parent)
        for folder in reversed(missing):
            folder.mkdir(mode=0o700 if private else 0o777, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path} can't be made (“{error.strerror or error}”); check the folders above it.") from error


def write_file(path: Path, data: bytes, *, private: bool = False, durable: bool = True) -> None:
    """Write a file atomically. An existing file keeps its mode and owner; a link to it stays a link.

    Args:
        data: Its content.
        private: Whether a new file is for the user alone.
        durable: Whether to fsync before returning; False for files that a power cut may lose.

    Raises:
        StoreError: it failed; the old file stays.
    """
    target = Path(os.path.realpath(path)) if is_link(path) else path
    write_files({target: [data]}, private=private, durable=durable)


def write_files(
    contents: Mapping[Path, Sequence[bytes | memoryview]],
    *,
    private: bool = False,
    durable: bool = True,
    publishing: Callable[[Mapping[Path, Signature]], AbstractContextManager[None]] | None = None,
) -> None:
    """Write several files as one change.

    All are complete on the disk under temporary names before the first is renamed, so on a full disk none changes.
    A kill between two renames leaves each file whole, and some of them new.

    Args:
        contents: The parts of each file.
        private: Whether new files are for the user alone.
        durable: Whether to fsync before returning.
        publishing: Gets the new signatures; its context is entered around the renames, which don't wait for the disk.

    Raises:
        StoreError: it failed; unless the disk failed between two renames, the old files stay.
    """
    staged: list[_Staged] = []
    current = Path()
    try:
        for current, parts in contents.items():
            staged.append(_stage(current, parts, private=private, durable=durable))
        signatures = {file.path: file.signature for file in staged}
        with publishing(signatures) if publishing else nullcontext():
            for file in staged:
                current = file.path
                move_into_place(file.temporary, file.path)
        if durable:
            for folder in {file.path.parent for file in staged}:
                sync_folder(folder)
    except OSError as error:
        raise StoreError(f"{current} was not saved: {reason_for(error)}.") from error
    finally:
        for file in staged:  # those that were not renamed
            with suppress(OSError):
                file.temporary.unlink()


def remove_leftovers(folder: Path) -> int:
    """Delete temporary files left by killed writers. Needs the folder's lock. Returns how many there were."""
    removed = 0
    with suppress(OSError):
        for path in files_in(folder, ".*.tmp"):
            if _TEMPORARY.fullmatch(path.name):
                path.unlink()
                removed += 1
    return removed


def signature_in(status: os.stat_result) -> Signature:
    """The signature in a file's status."""
    return status.st_ino, status.st_size, status.st_mtime_ns


def _stage(path: Path, parts: Sequence[bytes | memoryview], *, private: bool, durable: bool) -> _Staged:
    """Write a temporary file in the same folder."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}.tmp")
    try:
        with temporary.open("xb", buffering=0) as file:
            try:
                take_over_rights(file.fileno(), path.stat())
            except OSError:  # it is a new file
                if private:
                    temporary.chmod(0o600)
            for part in parts:
                write_all(file.fileno(), part)
            if durable:
                os.fsync(file.fileno())
            return _Staged(temporary, path, signature_in(os.fstat(file.fileno())))
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def write_all(descriptor: int, data: bytes | bytearray | memoryview) -> None:
    """Write all of the data to an open file, a pipe or a device, which may take only a part of it at a time."""
    with memoryview(data) as view:
        done = 0
        while done < len(view):
            done += os.write(descriptor, view[done:])


def take_over_rights(descriptor: int, old: os.stat_result) -> bool:
    """Give an open file the owner and mode of the file that it will replace; False if it can't get that owner."""
    if sys.platform == "win32":
        return True
    allowed, new = True, os.fstat(descriptor)
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        try:
            os.fchown(descriptor, old.st_uid, old.st_gid)
        except OSError:  # only the administrator can give a file away
            allowed = False
    with suppress(OSError):  # some file systems have no modes
        os.fchmod(descriptor, stat.S_IMODE(old.st_mode))
    return allowed


def move_into_place(temporary: Path, target: Path) -> None:
    """Rename over the old file. Retries, as on Windows this fails while another process has the file open.

    Raises:
        OSError: it failed for a second.
    """
    give_up = time.monotonic() + _RETRY_SECONDS
    while True:
        try:
            temporary.replace(target)
            return
        except PermissionError:
            if time.monotonic() > give_up:
                raise
            time.sleep(_RETRY_PAUSE_SECONDS)


def sync_folder(path: Path) -> None:
    """Fsync a folder after renames, where the system supports it."""
    if sys.platform == "win32":
        return
    try:
        folder = os.open(path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise
