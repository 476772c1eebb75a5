"""Small things that are remembered from one start to the next; it is no harm if one is lost."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path


def recall(path: Path, name: str) -> str | None:
    """What was remembered under a name; None if nothing was, or if the note of it is lost."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))[name]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return value if isinstance(value, str) else None


def remember(path: Path, name: str, value: str) -> None:
    """Remember a value; the file holds nothing else."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".part")
        beside.write_text(json.dumps({name: value}), encoding="utf-8")
        beside.replace(path)
