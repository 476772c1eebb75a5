"""Undo and redo of all deeds: marks, rules, views, theme and order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from .changed import Changed

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Deed, Library

    from .papers import Papers
    from .rules import Rulebook


class Deeds:
    """Undoes and redoes deeds of this process. Methods that read the journal belong in a thread."""

    def __init__(self, library: Library, papers: Papers, rules: Rulebook, publish: Callable[[Changed], None]) -> None:
        self._library, self._papers, self._rules, self._publish = library, papers, rules, publish
        self._offered: Deed | None = None
        self.began = datetime.now(UTC)
        """When this session began; the journal doesn't know which of the older ones still run."""
        self.in_order = asyncio.Lock()
        """Held while a thread marks many papers, so that deeds keep their order."""

    def undo(self) -> Deed | None:
        """Undo the last deed of this process, and only that; None if there is nothing to undo."""
        self._offered = None
        return self._shown(self._library.undo())

    def redo(self) -> Deed | None:
        """Redo exactly the last undone deed; None if there is none."""
        return self._shown(self._library.redo())

    def offer_others(self) -> Deed | None:
        """The newest deed of another process; `undo_offered` undoes it once the reader has seen its name."""
        self._offered = self._library.history.newest_of_others()
        return self._offered

    @property
    def offered(self) -> bool:
        """Whether a deed of another process was offered and not yet undone."""
        return self._offered is not None

    def undo_offered(self) -> Deed | None:
        """Undo the offered deed of another process."""
        offered, self._offered = self._offered, None
        return self._shown(self._library.undo(offered)) if offered else None

    def withdraw(self) -> None:
        """Withdraw the offer after another action: the deed must be named again before it is undone."""
        self._offered = None

    def _shown(self, deed: Deed | None) -> Deed | None:
        if deed:
            gone = self._papers.bring(deed.ids)
            if deed.rules:
                self._rules.load()
            ids, moved = frozenset(deed.ids), gone is not None
            gone = gone or frozenset()
            self._publish(Changed(marks=ids, rules=deed.rules, gone=gone, back=ids - gone, library=moved))
        return deed
