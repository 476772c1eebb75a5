"""Loads the library after the first frame, and precomputes slow results while the reader is idle."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from paperdeck.storage.settings.memory import give_back
from paperdeck.tui.model.changed import Changed

if TYPE_CHECKING:
    from paperdeck.tui.model.session import Session


class Loading:
    """Loads and indexes the whole library."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._closing = False

    def close(self) -> None:
        """Ask the thread to stop."""
        self._closing = True

    async def load(self) -> None:
        session = self._session
        await asyncio.to_thread(session.load, self._tell, lambda: self._closing)
        session.status.show_age(session.days.fetched_at(), session.days.now)
        session.publisher.publish(Changed(library=True))

    def _tell(self, month: str) -> None:
        if not self._closing:
            self._session.status.set(freshness=f"loading {month}")

    async def learn(self, wait: Callable[[], Awaitable[None]]) -> None:
        """Learn the taste again after changes, once the reader pauses."""
        await wait()
        await asyncio.to_thread(self._session.tasting.follow)

    async def prepare(self) -> None:
        """Return free memory to the system while the reader is idle."""
        await asyncio.to_thread(give_back)
