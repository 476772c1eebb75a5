"""Small values remembered between runs, in JSON files of the state folder.

Losing one does no harm: a damaged or newer file counts as empty, and a value that can't be saved is forgotten. A newer
version's file is never replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.sealed import Unreadable
from paperdeck.storage.files.small import read_json, write_json


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
