"""What is at a path, answered without exceptions.

Until Python 3.14, the methods of `Path` with these purposes raise for a folder that may not be entered, a name that is
too long, or a disk that fails. Here the answer is then “no”, and whoever opens the file next reports the reason.
"""

from __future__ import annotations

import os
from contextlib import suppress
from glob import glob
from pathlib import Path


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
