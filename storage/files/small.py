"""Small plain JSON files: records, and values remembered between runs."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from paperdeck.storage.errors import StoreError

from .disk import make_folder, move_into_place, read_file, reason_for, write_file
from .sealed import Damaged, Newer, Unreadable, set_aside

T = TypeVar("T")

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
    """Write a value to a private file; see `write_file` for `durable`. A damaged file that is there is set aside.

    Raises:
        StoreError: it could not be written, or a newer version of this program wrote the file that is there.
    """
    try:
        read_json(path)
    except Newer as newer:
        raise StoreError(f"{path} {newer} to change it.") from newer
    except Damaged:
        set_aside(path, time.time())
    make_folder(path.parent, private=True)
    write_file(path, json.dumps(value, indent=1).encode(), private=True, durable=durable)


def read_record(path: Path, parse: Callable[[Any], T], price: str) -> T:
    """The parsed value of a file that can't be made again.

    Args:
        path: The file; if there is none, None is parsed.
        parse: Raises ValueError, TypeError or KeyError for a value of another shape.
        price: What follows if a damaged file is deleted, as the end of a sentence.

    Raises:
        StoreError: it can't be read, is damaged, or was written by a newer version.
    """
    try:
        return parse(read_json(path))
    except Newer as newer:
        raise StoreError(f"{path} {newer}.") from newer
    except (Damaged, ValueError, TypeError, KeyError) as error:
        raise StoreError(f"{path} is damaged; delete it, and {price}.") from error


@contextmanager
def recording(path: Path, value: Any) -> Iterator[None]:
    """A context for a deed, such as sending, whose record is written if it succeeds.

    The record is written under a temporary name before, so only a rename is left afterwards: neither a full disk nor a
    name that can't be written causes the deed to be done twice. The caller holds a lock.

    Raises:
        StoreError: the record can't be written; if the deed isn't done yet, it must not be.
    """
    staged = path.with_suffix(".next")
    write_json(staged, value)
    try:
        yield
        try:
            move_into_place(staged, path)
        except OSError as error:
            raise StoreError(f"{path} was not saved: {reason_for(error)}.") from error
    finally:
        staged.unlink(missing_ok=True)


# -- values remembered between runs --------------------------------------------------------------------------------
# Losing one does no harm: a damaged or newer file counts as empty, and a value that can't be saved is forgotten.


def recall_all(path: Path) -> dict[str, Any]:
    """All values in a file, by name; they may have any shape."""
    try:
        values = read_json(path)
    except (Unreadable, StoreError):
        return {}
    return values if isinstance(values, dict) else {}


def remember_all(path: Path, values: Mapping[str, Any]) -> None:
    """Replace all values remembered in a file."""
    with suppress(StoreError):
        write_json(path, dict(values), durable=False)


def recall(path: Path, name: str) -> str | None:
    """The text remembered under a name; None if there is none, or it was lost."""
    value = recall_all(path).get(name)
    return value if isinstance(value, str) else None


def remember(path: Path, name: str, value: str) -> None:
    """Remember a text; the file holds nothing else."""
    remember_all(path, {name: value})
