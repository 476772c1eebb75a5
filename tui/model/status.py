"""The state of fetching and downloading, for the top line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from .changed import Changed

ASKING = "asking the Hub …"
"""The progress of a fetch before its first answer."""
STOPPING = "stopping, storing what arrived …"
"""The progress of a stopped fetch until all that it brought is stored."""


class Status:
    """The status texts; every change is published."""

    def __init__(self, publish: Callable[[Changed], None]) -> None:
        self._publish = publish
        self.freshness = ""
        """How old the papers are."""
        self.progress = ""
        """The progress of the fetch; empty if there is none."""
        self.ended = ""
        """How the last fetch ended, if not well: `failed` or `stopped`."""
        self.downloads = ""
        """The progress of downloads; empty if there are none."""
        self.source_wait = ""
        """The wait for a source; empty if there is none."""

    def set(self, **parts: str) -> None:
        """Update some of the attributes. Call in any thread."""
        if any(getattr(self, name) != value for name, value in parts.items()):
            vars(self).update(parts)
            self._publish(Changed(status=True))

    def show_age(self, fetched_at: str | None, now: datetime) -> None:
        """Update the age of the papers; None if no source ever answered."""
        if fetched_at is None:
            self.set(freshness="could not fetch" if self.ended == "failed" else "nothing fetched yet")
        else:
            age = age_in_words(fetched_at, now)
            self.set(freshness=f"last fetch {self.ended}, papers fetched {age}" if self.ended else f"fetched {age}")


def age_in_words(iso_time: str, now: datetime) -> str:
    """A time's age in words."""
    minutes = int((now - datetime.fromisoformat(iso_time)).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days ago"
