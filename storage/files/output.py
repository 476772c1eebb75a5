"""The one way to write a file whose path a person chose: `-o FILE`, `backup FILE`, kept exports, downloads.

We only write to new files and to our own:

* A new file appears complete or not at all. An existing regular file is replaced atomically, keeps its mode and owner,
  and needs `force` unless it is ours; the content that `force` replaces is kept next to it as `NAME~`, as by editors.
* A file of another user that we may write to is written in place; its old content stays if that fails.
* A symbolic link is followed: its target is written, the link stays.
* A pipe, a terminal or another character device is written into and never replaced. The same goes for whatever a
  descriptor of this process leads to (`/dev/stdout`, `/dev/fd/3`), even a file. A disk is refused.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path

from paperdeck.storage.errors import ActionFailed, FileInTheWay

from .disk import (
    is_folder,
    move_into_place,
    reason_for,
    sync_folder,
    take_over_rights,
    write_all,
)

IsOurs = Callable[[bytes], bool]
"""Whether we wrote a file with this content, so it may be replaced without `force`."""

_log = logging.getLogger(__name__)

PRIVATE_MODE = 0o600
PUBLIC_MODE = 0o666
"""Reduced by the umask of the process."""

_DESCRIPTOR = re.compile(r"/dev/(?:fd/(\d+)|stdin|stdout|stderr)|/proc/(?:self|\d+)/fd/(\d+)")
_LARGEST_OF_OURS_BYTES = 1 << 30
"""Largest file read to see whether it is ours, in bytes."""
_STANDARD = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}


def write_output(
    path: Path,
    data: bytes,
    *,
    force: bool = False,
    private: bool = False,
    is_ours: IsOurs | None = None,
) -> None:
    """Write a whole file to a path that a person chose.

    Args:
        path: The path, with `~` already expanded.
        force: Replace a regular file that isn't ours.
        private: Whether only its owner can read a new file, for content that the reader wrote.
        is_ours: Recognizes files that may be replaced without `force`; None: no file may.

    Raises:
        FileInTheWay: there is a regular file that isn't ours, and `force` was not given.
        ActionFailed: it can't be written; the old file stays.
        BrokenPipeError: it is a pipe whose reader has gone.
    """
    with _saying_why(path):
        descriptor = _descriptor_of(path)
        if descriptor is not None:
            write_all(descriptor, data)
        else:
            _write_to(path, data, force, private, is_ours)


def check_output(path: Path, *, force: bool = False) -> None:
    """Check before the work whether `write_output` would refuse.

    Raises:
        FileInTheWay: as in `write_output`.
        ActionFailed: as in `write_output`, as far as it can be known in advance.
    """
    with _saying_why(path):
        if _descriptor_of(path) is None:
            _check(path, _status(path), force, None)


def place_file(finished: Path, path: Path) -> None:
    """Rename a finished file, such as a download, to its final name in the same folder.

    Raises:
        FileInTheWay: a file is there.
        ActionFailed: something else is there, or the system refuses; the finished file stays where it is.
    """
    with _saying_why(path):
        status = _status(path)
        _check(path, status, force=False, is_ours=None)
        if status is not None:
            raise ActionFailed(f"{path} is not a file; remove it or choose another folder.")
        _move(finished, Path(os.path.realpath(path)))


@contextmanager
def _saying_why(path: Path) -> Iterator[None]:
    """Convert failures to write to a path to the errors that readers see."""
    try:
        yield
    except BrokenPipeError:
        raise
    except FileExistsError:
        raise FileInTheWay(path) from None
    except OSError as error:
        raise ActionFailed(f"{path} was not saved: {_reason(error, path)}.") from error
    except (ValueError, OverflowError) as error:  # a null character, or a descriptor's number that can't be one
        raise ActionFailed(f"{str(path)!r} is not a file name.") from error


def _move(finished: Path, target: Path) -> None:
    """Rename a file to an unused name.

    Raises:
        FileExistsError: the name is in use.
    """
    try:
        os.link(finished, target)  # a rename would replace a file created just now
    except FileExistsError:
        raise
    except OSError:  # no links on this file system, or a symbolic link led to another one
        shutil.move(finished, target)
    else:
        finished.unlink()


# -- what is there -------------------------------------------------------------------------------------------------


def _descriptor_of(path: Path) -> int | None:
    """The descriptor of this process that a path names, if any; it must be written to, not replaced."""
    found = _DESCRIPTOR.fullmatch(os.path.normpath(path))
    if found:
        number = found[1] or found[2]
        if found[0].startswith("/proc") and found[0].split("/")[2] not in ("self", str(os.getpid())):
            return None
        return int(number) if number else _STANDARD[found[0]]
    status = _status(path)
    return next((number for number in (1, 2) if status and _is_open_as(status, number)), None)


def _is_open_as(status: os.stat_result, descriptor: int) -> bool:
    """Whether a file is also the output of this process, as in `paperdeck feed -o x >x`."""
    try:
        return stat.S_ISREG(status.st_mode) and os.path.samestat(status, os.fstat(descriptor))
    except OSError:
        return False


def _status(path: Path, *, follow: bool = True) -> os.stat_result | None:
    """The status of what is at a path, or of what a link there leads to; None if nothing exists."""
    try:
        return path.stat(follow_symlinks=follow)
    except FileNotFoundError:
        return None


def _check(path: Path, status: os.stat_result | None, force: bool, is_ours: IsOurs | None) -> None:
    """Raise for folders, disks, missing folders, and files that aren't ours."""
    if status is None:
        parent = Path(os.path.realpath(path)).parent
        if not is_folder(parent):
            raise ActionFailed(f"{path} was not saved: there is no folder {parent}; make it first.")
    elif stat.S_ISDIR(status.st_mode):
        raise ActionFailed(f"{path} is a folder; give the name of a file in it.")
    elif stat.S_ISBLK(status.st_mode):
        raise ActionFailed(f"{path} is a disk; give the name of a file.")
    elif stat.S_ISREG(status.st_mode) and not force and not _is_ours(path, is_ours):
        raise FileInTheWay(path)


def _is_ours(path: Path, is_ours: IsOurs | None) -> bool:
    return is_ours is not None and path.stat().st_size <= _LARGEST_OF_OURS_BYTES and is_ours(path.read_bytes())


# -- writing -------------------------------------------------------------------------------------------------------


def _write_to(path: Path, data: bytes, force: bool, private: bool, is_ours: IsOurs | None) -> None:
    status = _status(path)
    _check(path, status, force, is_ours)
    if status is not None and not stat.S_ISREG(status.st_mode):
        _write_into(path, data)
        return
    target = Path(os.path.realpath(path))
    _log.debug("writing %d bytes to %s, %s", len(data), target, "new" if status is None else "which exists")
    keep = status is not None and force and not _is_ours(target, is_ours) and not _has(target, data)
    if keep:
        _check_backup(target)
    _replace(target, data, status, PRIVATE_MODE if private else PUBLIC_MODE, keep=keep)


def _write_into(path: Path, data: bytes) -> None:
    """Write into a pipe or a device; it must exist, and is not truncated."""
    descriptor = os.open(path, os.O_WRONLY | getattr(os, "O_NOCTTY", 0))
    try:
        write_all(descriptor, data)
    finally:
        os.close(descriptor)


def _has(target: Path, data: bytes) -> bool:
    return target.stat().st_size == len(data) and target.read_bytes() == data


def _backup_of(target: Path) -> Path:
    return target.with_name(f"{target.name}~")


def _check_backup(target: Path) -> None:
    backup = _backup_of(target)
    there = _status(backup, follow=False)
    if there is not None and not stat.S_ISREG(there.st_mode):
        raise ActionFailed(f"{target} was not replaced: its old content can't stay as {backup}, which is not a file.")


def _replace(target: Path, data: bytes, before: os.stat_result | None, mode: int, *, keep: bool) -> None:
    """Make a file, or replace one atomically, keeping its mode and owner.

    Args:
        before: The status of the file to replace; None: there was none.
        keep: Whether its old content stays as `NAME~`.

    Raises:
        FileExistsError: there was none, and another program has made one since.
    """
    with _unused(target) as temporary:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_MODE if before else mode)
        try:
            as_before = before is None or take_over_rights(descriptor, before)
            if as_before:
                write_all(descriptor, data)
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if not as_before:
            _write_in_place(target, data, temporary, keep=keep)
            return
        if keep:
            _keep_previous(target)
        if before is None:
            _move(temporary, target)
        else:
            move_into_place(temporary, target)
        with suppress(OSError):
            sync_folder(target.parent)


def _keep_previous(target: Path) -> None:
    """Give the file about to be replaced a second name."""
    with _unused(target) as temporary:
        try:
            os.link(target, temporary)
        except OSError:  # a file system without links
            shutil.copy2(target, temporary)
        move_into_place(temporary, _backup_of(target))


def _write_in_place(target: Path, data: bytes, copy: Path, *, keep: bool) -> None:
    """Write into somebody else's file that we may write to; replacing it would make it ours.

    Args:
        copy: Holds the old content meanwhile, so that neither a full disk nor a kill loses it.
    """
    shutil.copy2(target, copy)
    if keep:
        copy = copy.replace(_backup_of(target))
    with target.open("r+b", buffering=0) as file:
        try:
            _overwrite(file, data)
        except BaseException:
            try:
                _overwrite(file, copy.read_bytes())
            except OSError as error:
                copy.replace(_backup_of(target))
                raise ActionFailed(
                    f"{target} is damaged: {_reason(error, target)}. Its old content is in {_backup_of(target)}."
                ) from error
            raise


def _overwrite(file: FileIO, data: bytes) -> None:
    """Replace the content of an open file, beginning with what lies beyond its end, as only that needs room."""
    number, size = file.fileno(), file.seek(0, os.SEEK_END)
    write_all(number, data[size:])
    file.seek(0)
    write_all(number, data[:size])
    file.truncate(len(data))
    os.fsync(number)


@contextmanager
def _unused(target: Path) -> Iterator[Path]:
    """An unused name in the same folder, short enough even if the target's name is as long as the system allows.

    A file of that name is deleted in the end.
    """
    temporary = target.with_name(f".paperdeck-{os.getpid()}-{os.urandom(4).hex()}.tmp")
    try:
        yield temporary
    finally:
        with suppress(OSError):
            temporary.unlink()


def _reason(error: OSError, path: Path) -> str:
    match error.errno:
        case errno.ENXIO:
            return "nothing reads from it"
        case errno.EBADF:
            return "it is not open for writing"
        case errno.ENAMETOOLONG:
            return "its name is too long"
        case errno.ELOOP:
            return f"its links form a loop; remove {path.name} or choose another name"
        case _:
            return reason_for(error)
