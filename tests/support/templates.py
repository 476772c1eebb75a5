"""Libraries that several tests begin with: each is written and indexed once in a process, and then copied."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Hashable
from pathlib import Path

from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import Places

FOLDER: Path | None = None
"""Where they are kept; tests/conftest.py sets it."""
_MADE: dict[Hashable, Path] = {}


def made_once(places: Places, key: Hashable, make: Callable[[Library], object]) -> Library:
    """A library that is made as described by `key`, or a copy of one that was made before.

    Args:
        places: Where it belongs; it is made there, and nothing is copied, if there is a library already.
        key: The same for libraries with the same content.
        make: Fills an empty library.
    """
    root = places.data.parent
    if places.cache.exists() or places.data.exists():
        make(library := Library(places))
        return library
    if key not in _MADE:
        _MADE[key] = _template(make)
    _copy(_MADE[key], root)
    return Library(places)


def _template(make: Callable[[Library], object]) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="template-", dir=FOLDER))
    library = Library(Places.find({"PAPERDECK_HOME": str(folder)}))
    make(library)
    library.indexing.catch_up()
    library.indexing.close()
    return folder


def _copy(template: Path, root: Path) -> None:
    """Copy a library; files of papers are linked, as they are only ever replaced, so that their signatures stay."""
    for folder, _, names in os.walk(template):
        into = root / Path(folder).relative_to(template)
        into.mkdir(parents=True, exist_ok=True)
        is_replaced = into.parent.name == "papers"
        for name in names:
            if not (is_replaced and _linked(Path(folder, name), into / name)):
                shutil.copy2(Path(folder, name), into / name)


def _linked(file: Path, into: Path) -> bool:
    """Link a file; returns whether the file system can."""
    try:
        os.link(file, into)
    except OSError:
        return False
    return True
