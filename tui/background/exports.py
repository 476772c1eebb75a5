"""Keeps exported files up to date after marks changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from paperdeck.storage.files.disk import is_missing
from paperdeck.tui.run import Tell

if TYPE_CHECKING:
    from textual.message import Message

    from paperdeck.storage.paper import Entry
    from paperdeck.tui.model.session import Session

PAUSE_SECONDS = 1.0
"""Delay between a change of marks and the export, so that a burst of changes is one export."""


class KeptExports:
    """The files that `paperdeck export --keep` made."""

    def __init__(self, session: Session, post: Callable[[Message], object]) -> None:
        self._session, self._post = session, post
        self._told: set[str] = set()  # what keeps files from being written, each reported once

    @property
    def any(self) -> bool:
        return not is_missing(self._session.places.state / "exports.json")

    async def refresh(self) -> None:
        """Rewrite outdated files, after a short delay."""
        from paperdeck.storage.exchange.kept_exports import refresh_exports
        from paperdeck.storage.search.query import parse

        await asyncio.sleep(PAUSE_SECONDS)
        session = self._session

        def choose(query: str) -> list[Entry]:
            return session.papers.entries(session.finder.matching(parse(query)))

        results = await asyncio.to_thread(refresh_exports, session.library, choose)
        errors = [result.error for result in results if result.error]
        for error in errors:
            if error not in self._told:
                self._post(Tell(error, severe=True))
        self._told = set(errors)
