"""Undo and redo of what the reader did."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from .marks import RESTED

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Library, Step

    from .marks import Markings


class Deeds:
    """Takes back what was done last, and does it again."""

    def __init__(self, library: Library, marks: Markings) -> None:
        self._library, self._marks = library, marks
        self.in_order = asyncio.Lock()
        """Held while marks of many papers are changed in a thread, so that deeds keep their order."""

    def undo(self) -> Step | None:
        """Undo the last deed; None if there is nothing to undo."""
        return self._stepped(self._library.undo)

    def redo(self) -> Step | None:
        """Redo the deed that was undone last; None if there is none."""
        return self._stepped(self._library.redo)

    def _stepped(self, step_once: Callable[[], Step | None]) -> Step | None:
        touched: dict[str, None] = {}
        step = last = None
        while step := step_once():
            last = step
            touched |= dict.fromkeys(step.ids)
            if step.label != RESTED:
                break
        self._marks.changed(touched)
        return replace(last, ids=tuple(touched)) if last else None
