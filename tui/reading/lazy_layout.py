"""The layout of a long text, computed for the parts that come into view.

Laying out a long paper takes most of a second, too long for opening it. So the heights of other blocks are estimated,
and when a height turns out to be different, the visible part stays where it is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from time import perf_counter

from paperdeck.tui.look.text import UNICODE, Symbols
from paperdeck.tui.model.positions import BEGINNING, Place

from .layout import Laid, estimated_height, lay_out
from .markdown import Block


class LazyLayout:
    """The blocks of a text as lines of a given width, counted from 0."""

    def __init__(self, blocks: Sequence[Block], width: int, symbols: Symbols = UNICODE) -> None:
        self.blocks = blocks
        self.width = width
        self._symbols = symbols
        self._laid: dict[int, Laid] = {}
        self._heights = [estimated_height(block, width) for block in blocks]
        self._starts: list[int] | None = None
        self._waiting: Iterator[int] | None = None

    @property
    def height(self) -> int:
        """The number of lines; an estimate until everything is laid out."""
        return self._edges()[-1]

    @property
    def complete(self) -> bool:
        return len(self._laid) == len(self.blocks)

    def laid(self, block: int) -> Laid:
        found = self._laid.get(block)
        if found is None:
            found = self._laid[block] = lay_out(self.blocks[block], self.width, self._symbols)
            if found.height != self._heights[block]:
                self._heights[block] = found.height
                self._starts = None
        return found

    def at(self, y: int) -> tuple[int, int]:
        """The block of a line, and the number of the line in it."""
        edges = self._edges()
        block = max(0, min(len(self.blocks) - 1, bisect_right(edges, y) - 1))
        return block, y - edges[block]

    def place_at(self, y: int) -> Place:
        """The place at the beginning of a line."""
        if not self.blocks or y <= 0:
            return BEGINNING
        block, line = self.at(y)
        laid = self.laid(block)
        number = min(max(0, line - laid.gap), len(laid.lines) - 1)
        return Place(block, laid.lines[number].start)

    def line_at(self, place: Place) -> int:
        """The line of a place; for the beginning of a block, the first line below its gap."""
        if place == BEGINNING or not 0 <= place.block < len(self.blocks):
            return 0
        line = self.laid(place.block).line_of(place.offset)
        return self._edges()[place.block] + line

    def lay_window(self, y: int, height: int) -> int:
        """Lay out a window; returns its new first line, with which the text doesn't move."""
        at_end = y + height >= self.height
        while self.blocks:
            y = max(0, self.height - height if at_end else min(y, self.height - height))
            first, last = self.at(y)[0], self.at(y + max(1, height) - 1)[0]
            missing = [block for block in range(first, last + 1) if block not in self._laid]
            if not missing:
                break
            anchor = next((block for block in range(first, last + 1) if block in self._laid), first)
            y = self._kept(y, anchor, missing)
        return y

    def lay_some(self, y: int, seconds: float) -> int:
        """Lay out more for a while; returns the new first line of a window that began at y."""
        if not self.blocks:
            return y
        end = perf_counter() + seconds
        anchor = self.at(y)[0]
        before = self._edges()[anchor]
        if self._waiting is None:
            self._waiting = chain(range(anchor, len(self.blocks)), range(anchor - 1, -1, -1))
        for block in self._waiting:
            self.laid(block)
            if perf_counter() > end:
                break
        return y + self._edges()[anchor] - before

    def lay_all(self, y: int) -> int:
        """Lay out everything; returns the new first line of a window that began at y."""
        return y if self.complete else self._kept(y, self.at(y)[0], range(len(self.blocks)))

    def _kept(self, y: int, anchor: int, blocks: Sequence[int]) -> int:
        before = self._edges()[anchor]
        for block in blocks:
            self.laid(block)
        return y + self._edges()[anchor] - before

    def _edges(self) -> list[int]:
        """The first line of each block, and the line after the last."""
        if self._starts is None:
            self._starts = list(accumulate(self._heights, initial=0))
        return self._starts
