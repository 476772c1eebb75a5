"""When the reader was here last, so that what came since can be called new."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path


def last_visit(path: Path) -> str | None:
    """The ISO time of the last visit; None on the first one, or if the note of it is lost."""
    try:
        noted = json.loads(path.read_text(encoding="utf-8"))["at"]
        datetime.fromisoformat(noted)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return str(noted)


def note_visit(path: Path) -> None:
    """Note that the reader is here now. It is no harm if that can't be stored: more is called new next time."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".part")
        beside.write_text(json.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds")}), encoding="utf-8")
        beside.replace(path)
