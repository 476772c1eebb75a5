"""Lays out a text in lines of a given width, block by block: wrapped text, aligned tables, code as it is."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate, chain
from time import perf_counter
from typing import NamedTuple

from rich.cells import cell_len, get_character_cell_size

from paperdeck.storage.text.clean import for_screen
from paperdeck.storage.text.tex import rows_to_unicode
from paperdeck.tui.look.text import UNICODE, Symbols
from paperdeck.tui.model.positions import BEGINNING, Place

from .inline import Piece, pieces_of
from .markdown import Block, BlockKind

MEASURE_CELLS = 88
"""Longest line of prose, in cells; longer ones are hard to read."""
_NARROWEST_COLUMN_CELLS = 6
_COLUMN_GAP_CELLS = 2

_WORD = re.compile(r"[^ \n]+|\n")
_BLANKS = re.compile(r" {2,}")


class Span(NamedTuple):
    """A run of a text in one style."""

    start: int
    end: int
    look: str
    link: str


class Line(NamedTuple):
    """One line: a part of the text with a prefix."""

    start: int
    end: int
    prefix: str = ""


@dataclass(slots=True)
class Laid:
    """The lines of a block. Its text is kept whole, so that a search finds matches across line ends."""

    text: str = ""
    spans: list[Span] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    gap: int = 0
    wide: int = 0
    """Cells of its widest line if that may exceed MEASURE_CELLS; else 0."""

    @property
    def height(self) -> int:
        """The number of lines, including the empty ones above."""
        return self.gap + len(self.lines)

    def add(self, text: str, look: str = "", link: str = "") -> None:
        if text:
            start = len(self.text)
            self.text += text
            self.spans.append(Span(start, start + len(text), look, link))

    def line_of(self, offset: int) -> int:
        """The number of the line at an offset in the text, counting the empty ones above."""
        starts = [line.start for line in self.lines]
        return self.gap + max(0, bisect_right(starts, offset) - 1)

    def spans_of(self, line: Line) -> Iterator[Span]:
        """The spans of a line, cut to it."""
        first = max(0, bisect_right(self.spans, line.start, key=lambda span: span.start) - 1)
        for span in self.spans[first:]:
            if span.start >= line.end:
                break
            start, end = max(span.start, line.start), min(span.end, line.end)
            if start < end:
                yield Span(start, end, span.look, span.link)


def lay_out(block: Block, width: int, symbols: Symbols = UNICODE) -> Laid:
    """Lay out a block in lines of `width` cells; prose uses at most MEASURE_CELLS."""
    measure = max(1, min(MEASURE_CELLS, width))
    layers: dict[BlockKind, Callable[[], Laid]] = {
        BlockKind.TEXT: partial(_lay_text, block, measure),
        BlockKind.HEADING: partial(_lay_text, block, measure, "heading" if block.level <= 2 else "subheading"),
        BlockKind.CODE: partial(_lay_code, block, max(1, width)),
        BlockKind.FORMULA: partial(_lay_formula, block, measure),
        BlockKind.TABLE: partial(_lay_table, block, max(1, width), measure, symbols),
        BlockKind.RULE: partial(_lay_rule, block, measure, symbols),
    }
    laid = layers[block.kind]()
    laid.gap = block.gap
    return laid


def estimated_height(block: Block, width: int) -> int:
    """The estimated number of lines of a block."""
    measure = max(1, min(MEASURE_CELLS, width))
    if block.kind is BlockKind.CODE:
        return block.gap + block.source.count("\n") + 1
    if block.kind is BlockKind.TABLE:
        return block.gap + len(block.rows) + 1
    return block.gap + max(1, -(-block.size // measure))


def wrap(text: str, width: int) -> list[tuple[int, int]]:
    """The start and end of each line of a text; a word wider than a line is split."""
    cells: Callable[[str], int] = len if text.isascii() else cell_len
    lines: list[tuple[int, int]] = []
    start = end = used = 0
    for word in _WORD.finditer(text):
        if word[0] == "\n":
            lines.append((start, end))
            start, end, used = word.end(), word.end(), 0
            continue
        length = cells(word[0])
        if used and used + word.start() - end + length > width:
            lines.append((start, end))
            used = 0
        if used:
            used += word.start() - end
        else:
            start = word.start()
        for cut in _cuts(text, word.start(), word.end(), width) if length > width else ():
            lines.append((start, cut))
            start, length = cut, cells(text[cut : word.end()])
        used += length
        end = word.end()
    lines.append((start, end))
    return lines


def _cuts(text: str, start: int, end: int, width: int) -> Iterator[int]:
    """Where to split a word that is too wide for a line."""
    used = 0
    for place in range(start, end):
        size = get_character_cell_size(text[place])
        if used and used + size > width:
            yield place
            used = 0
        used += size


def _inner(block: Block, width: int) -> int:
    """Cells left for the text after the prefix of each line."""
    return max(1, width - cell_len(block.rest))


def _lay_text(block: Block, width: int, look: str = "") -> Laid:
    laid = _joined(block.pieces(), look)
    lines = wrap(laid.text, _inner(block, width))
    laid.lines = [Line(*line, block.rest) for line in lines]
    laid.lines[0] = Line(*lines[0], block.first)
    return laid


def _joined(pieces: Iterable[Piece], look: str = "") -> Laid:
    laid = Laid()
    for piece in pieces:
        laid.add(piece.text, f"{look} {piece.look}".strip(), piece.link)
    return laid


def _lay_code(block: Block, width: int) -> Laid:
    """Code as it is; it may use the whole width."""
    laid = Laid()
    inner, prefix = _inner(block, width), block.first
    for line in block.source.split("\n"):
        start = len(laid.text)
        laid.add(for_screen(line.expandtabs(4)) or " ", "code")
        end = len(laid.text)
        for cut in [*_cuts(laid.text, start, end, inner), end]:
            laid.lines.append(Line(start, cut, prefix))
            start, prefix = cut, block.rest
        laid.add("\n")
    longest = max(cell_len(laid.text[line.start : line.end]) for line in laid.lines)
    laid.wide = longest + cell_len(block.rest)
    return laid


def _lay_formula(block: Block, width: int) -> Laid:
    """A centred formula, with a line for each of its rows."""
    laid = Laid()
    inner, prefix = _inner(block, width), block.first
    for row in rows_to_unicode(block.source):
        shown = _BLANKS.sub(" ", for_screen(row)).strip()
        if not shown:
            continue
        offset = len(laid.text)
        laid.add(shown + "\n", "formula")
        indent = max(0, (inner - cell_len(shown)) // 2)
        for start, end in wrap(shown, inner):
            laid.lines.append(Line(offset + start, offset + end, prefix + " " * indent))
            prefix = block.rest
    laid.lines = laid.lines or [Line(0, 0, block.first)]
    return laid


def _lay_rule(block: Block, width: int, symbols: Symbols) -> Laid:
    laid = Laid()
    laid.add(symbols.line * _inner(block, min(width, MEASURE_CELLS)), "muted")
    laid.lines.append(Line(0, len(laid.text), block.first))
    return laid


# Tables


def _lay_table(block: Block, width: int, measure: int, symbols: Symbols) -> Laid:
    """Columns side by side, each as wide as necessary; if they don't fit, each row as text."""
    rows = [[_joined(pieces_of(cell)) for cell in row] for row in block.rows]
    widths = _column_widths(rows, _inner(block, width))
    if widths is None:
        return _lay_records(block, rows, measure)
    table = Laid()
    for number, row in enumerate(rows):
        _add_row(table, row, widths, block.right, "subheading" if number == 0 else "")
        if number == 0:
            table.add((" " * _COLUMN_GAP_CELLS).join(symbols.line * size for size in widths) + "\n", "muted")
    start = 0
    for line in table.text.split("\n")[:-1]:
        table.lines.append(Line(start, start + len(line), block.rest))
        start += len(line) + 1
    table.wide = sum(widths) + _COLUMN_GAP_CELLS * (len(widths) - 1) + cell_len(block.rest)
    return table


def _column_widths(rows: Sequence[Sequence[Laid]], width: int) -> list[int] | None:
    """The widths of the columns: the widest are narrowed until all fit; None if they never do."""
    columns = max(map(len, rows))
    natural = [max((cell_len(row[i].text) for row in rows if i < len(row)), default=1) or 1 for i in range(columns)]
    room = width - _COLUMN_GAP_CELLS * (columns - 1)
    for cap in range(max(natural), 0, -1):
        if sum(min(size, cap) for size in natural) <= room:
            narrowed = cap < max(natural) and cap < _NARROWEST_COLUMN_CELLS
            return None if narrowed else [min(size, cap) for size in natural]
    return None


def _add_row(table: Laid, row: Sequence[Laid], widths: Sequence[int], right: Sequence[bool], look: str) -> None:
    wrapped = [wrap(cell.text, size) for cell, size in zip(row, widths, strict=False)]
    for number in range(max(map(len, wrapped), default=0)):
        for column, (cell, lines) in enumerate(zip(row, wrapped, strict=False)):
            start, end = lines[number] if number < len(lines) else (0, 0)
            blanks = " " * (widths[column] - cell_len(cell.text[start:end]))
            to_right = column < len(right) and right[column]
            table.add(blanks if to_right else "")
            for span in cell.spans_of(Line(start, end)):
                table.add(cell.text[span.start : span.end], f"{look} {span.look}".strip(), span.link)
            table.add("" if to_right else blanks)
            table.add(" " * _COLUMN_GAP_CELLS if column + 1 < len(widths) else "")
        table.add("\n")


def _lay_records(block: Block, rows: Sequence[Sequence[Laid]], width: int) -> Laid:
    """Each row as a paragraph: its first cell, then the others after their column names."""
    laid = Laid()
    head = rows[0]
    for row in rows[1:] or rows:
        for column, cell in enumerate(row):
            name = head[column].text if rows[1:] and column and column < len(head) else ""
            laid.add(f"{name} " if name else "", "muted")
            for span in cell.spans:
                look = f"strong {span.look}".strip() if not column else span.look
                laid.add(cell.text[span.start : span.end], look, span.link)
            laid.add(", " if column and column + 1 < len(row) else ": " if column + 1 < len(row) else "\n")
    inner = _inner(block, width)
    laid.lines = [Line(start, end, block.rest) for start, end in wrap(laid.text.rstrip("\n"), inner)]
    return laid


# The whole text


class LazyLayout:
    """The blocks of a text as lines of a given width, counted from 0, laid out as they come into view.

    Laying out a long paper takes most of a second, too long for opening it. So the heights of other blocks are
    estimated, and when a height turns out to be different, the visible part stays where it is.
    """

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
