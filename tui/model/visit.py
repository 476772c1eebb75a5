"""When the reader was here last, so that what came since can be called new."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from .remembered import recall, remember


def last_visit(path: Path) -> str | None:
    """The ISO time of the last visit; None on the first one, or if the note of it is lost."""
    noted = recall(path, "at")
    try:
        datetime.fromisoformat(noted or "")
    except ValueError:
        return None
    return noted


def note_visit(path: Path) -> None:
    """Note that the reader is here now."""
    remember(path, "at", datetime.now(UTC).isoformat(timespec="seconds"))
