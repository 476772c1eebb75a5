"""Picks up what other instances and devices changed: papers, marks, rules."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from paperdeck.storage.errors import PaperdeckError
from paperdeck.tui.run import Tell

if TYPE_CHECKING:
    from textual.message import Message

    from paperdeck.tui.model.session import Session

POLL_SECONDS = 0.8
"""Interval between two checks."""


class OtherInstances:
    """Checks the library's folders periodically."""

    def __init__(self, session: Session, post: Callable[[Message], object]) -> None:
        self._session, self._post = session, post

    def poll(self) -> bool:
        """Apply changed marks and rules; returns whether papers changed, or the index fell behind."""
        library = self._session.library
        try:
            changes = library.poll()
        except PaperdeckError as error:
            self._post(Tell(str(error), severe=True))
            return False
        troubles = library.troubles
        for _ in range(len(troubles)):  # a thread may add one at the same time
            self._post(Tell(troubles.pop(0), severe=True))
        if changes.marks:
            self._session.marks.changed(changes.marks)
        if changes.rules:
            self._session.rules.read_again()
        return bool(changes.months) or self._session.papers.is_behind

    async def reload(self) -> None:
        await asyncio.to_thread(self._session.papers.load)
        self._session.arrived(())
