"""Small plain JSON files: records, and values remembered between runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from paperdeck.storage.errors import StoreError

from .atomic import make_folder, read_file, write_file
from .sealed import Damaged, Newer

FORM = 1
"""The highest `form` (a key of the object) that this version reads; an object without that key has form 1."""


def read_json(path: Path) -> Any:
    """The value in a file; None if there is no file.

    Raises:
        Damaged: it isn't JSON, or is nested too deeply.
        Newer: a newer version of this program wrote it.
        StoreError: it can't be read.
    """
    found = read_file(path)
    if found is None:
        return None
    try:
        value = json.loads(found[0])
    except (ValueError, RecursionError):
        raise Damaged("is not complete JSON" if found[0] else "is empty") from None
    form = value.get("form") if isinstance(value, dict) else None
    if isinstance(form, int) and form > FORM:
        raise Newer
    return value


def write_json(path: Path, value: Any, *, durable: bool = True) -> None:
    """Write a value to a private file; see `write_file` for `durable`.

    Raises:
        StoreError: it could not be written, or a newer version of this program wrote the file that is there.
    """
    try:
        read_json(path)
    except Newer as newer:
        raise StoreError(f"{path} {newer} to change it.") from newer
    except Damaged:
        pass
    make_folder(path.parent, private=True)
    write_file(path, json.dumps(value, indent=1).encode(), private=True, durable=durable)
