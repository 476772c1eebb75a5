"""Undo and redo of what the reader did: marks, rules, views, theme and order alike."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from .changed import Changed

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Deed, Library

    from .papers import Papers
    from .rules import Rulebook


class Deeds:
    """Takes back deeds of this process, and does them again. What reads the journal is for a thread."""

    def __init__(self, library: Library, papers: Papers, rules: Rulebook, publish: Callable[[Changed], None]) -> None:
        self._library, self._papers, self._rules, self._publish = library, papers, rules, publish
        self._offered: Deed | None = None
        self.in_order = asyncio.Lock()
        """Held while marks of many papers are changed in a thread, so that deeds keep their order."""

    def undo(self) -> Deed | None:
        """Undo the last deed of this process, whatever it was, and only it; None if there is nothing to undo."""
        self._offered = None
        return self._shown(self._library.undo())

    def redo(self) -> Deed | None:
        """Redo exactly the deed that was undone last; None if there is none."""
        return self._shown(self._library.redo())

    def offer_others(self) -> Deed | None:
        """The newest deed of another process, which `undo_offered` takes back after it was named."""
        self._offered = self._library.newest_deed_of_others()
        return self._offered

    @property
    def offered(self) -> bool:
        """Whether a deed of another process was named and not yet undone."""
        return self._offered is not None

    def undo_offered(self) -> Deed | None:
        """Undo the deed of another process that was named last."""
        offered, self._offered = self._offered, None
        return self._shown(self._library.undo(offered)) if offered else None

    def withdraw(self) -> None:
        """The reader did something else: a deed of another process must be named again before it is undone."""
        self._offered = None

    def _shown(self, deed: Deed | None) -> Deed | None:
        if deed:
            gone = self._papers.bring(deed.ids)
            if deed.rules:
                self._rules.load()
            self._publish(
                Changed(marks=frozenset(deed.ids), rules=deed.rules, gone=gone or frozenset(), library=gone is not None)
            )
        return deed
