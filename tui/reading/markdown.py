"""Markdown as a list of blocks: quick to build, as paragraphs are parsed only when shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from paperdeck.storage.text.clean import clean_text
from paperdeck.tui.look.text import UNICODE, Symbols

from .inline import Piece, parser, pieces_of, without_tags

if TYPE_CHECKING:
    from markdown_it.token import Token

MAX_CHARACTERS = 6_000
"""Longest block, in characters; longer paragraphs are split, so that none takes long to lay out."""
MAX_ROWS = 100
"""Maximum number of rows of a table; longer ones are split."""
MAX_COLUMNS = 40
"""Maximum number of columns of a table; wider ones are shown as text."""


class BlockKind(Enum):
    """The kind of a block, which determines its layout."""

    TEXT = auto()
    HEADING = auto()
    CODE = auto()
    FORMULA = auto()
    TABLE = auto()
    RULE = auto()


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, an item, a table."""

    kind: BlockKind
    source: str = ""
    """Its Markdown; for code and formulas the text itself."""
    first: str = ""
    """The prefix of its first line, such as a bullet."""
    rest: str = ""
    """The prefix of its other lines."""
    gap: int = 1
    """Empty lines above it."""
    level: int = 0
    """For headings: 1 is the highest level."""
    rows: tuple[tuple[str, ...], ...] = ()
    """For tables: the Markdown of the cells; the first row is the header."""
    right: tuple[bool, ...] = ()
    """For tables: which columns are right-aligned."""
    made: tuple[Piece, ...] = ()
    """Its pieces, if it wasn't made from Markdown."""

    def pieces(self) -> Sequence[Piece]:
        return self.made or pieces_of(self.source)

    @property
    def size(self) -> int:
        """Its approximate number of characters."""
        return len(self.source) or sum(len(piece.text) for piece in self.made)


def text_block(*pieces: Piece, first: str = "", gap: int = 1) -> Block:
    """A paragraph made of pieces; its other lines are indented like the first."""
    return Block(BlockKind.TEXT, first=first, rest=" " * len(first), gap=gap, made=pieces)


def heading_block(text: str) -> Block:
    """A heading below the title of the text."""
    return Block(BlockKind.HEADING, level=2, made=(Piece(text),))


def read_markdown(text: str, symbols: Symbols = UNICODE) -> list[Block]:
    blocks = _BlockBuilder(symbols).read(parser().parse(clean_text(text)))
    return [part for block in blocks for part in _split(block)]


def nested(blocks: Sequence[Block], prefix: str) -> list[Block]:
    """The blocks with a prefix before each line."""
    return [replace(block, first=prefix + block.first, rest=prefix + block.rest) for block in blocks]


def _split(block: Block) -> Iterator[Block]:
    """Split a block into parts that can be laid out quickly."""
    head, body = block.rows[:1], block.rows[1:]
    for start in range(0, len(body), MAX_ROWS) if len(body) > MAX_ROWS else ():
        yield replace(block, rows=head + body[start : start + MAX_ROWS])
    if len(body) > MAX_ROWS:
        return
    if len(block.source) <= MAX_CHARACTERS:
        yield block
        return
    rest = block.source
    first, gap = block.first, block.gap
    while rest:
        cut = len(rest)
        if cut > MAX_CHARACTERS:
            mark = "\n" if block.kind is BlockKind.CODE else " "
            cut = rest.rfind(mark, MAX_CHARACTERS // 2, MAX_CHARACTERS) + 1 or MAX_CHARACTERS
        yield replace(block, source=rest[:cut], first=first, gap=gap)
        rest, first, gap = rest[cut:], block.rest, 0


@dataclass(slots=True)
class _Container:
    """A quote or an item of a list, around the blocks in it."""

    rest: str
    bullet: str | None = None

    def take(self) -> str:
        """The prefix of the next block: the bullet once, then as many spaces."""
        bullet, self.bullet = self.bullet, None
        return self.rest if bullet is None else bullet


@dataclass(slots=True)
class _BlockBuilder:
    """Builds the blocks in one pass over the tokens."""

    symbols: Symbols
    containers: list[_Container] = field(default_factory=list)
    numbers: list[int | None] = field(default_factory=list)
    """For each open list the number of the next item; None for bullets."""
    blocks: list[Block] = field(default_factory=list)
    heading: int = 0
    fresh: bool = False
    """Whether an outermost list just began, so its first item gets a gap."""
    tight: bool = False
    """Whether the paragraph is an item of a list without gaps."""
    rows: list[list[str]] | None = None
    right: list[bool] = field(default_factory=list)

    def read(self, tokens: Sequence[Token]) -> list[Block]:
        for token in tokens:
            step = getattr(self, f"_{token.type}", None)
            if step:
                step(token)
        return self.blocks

    def _add(self, kind: BlockKind, source: str = "", *, gap: int = 1, level: int = 0) -> None:
        first = "".join(container.take() for container in self.containers)
        rest = "".join(container.rest for container in self.containers)
        if self.tight and not self.fresh:
            gap = 0
        self.fresh = False
        self.blocks.append(Block(kind, source, first, rest, gap, level))

    def _inline(self, token: Token) -> None:
        if self.rows is not None:
            self.rows[-1].append(token.content)
        elif self.heading:
            self._add(BlockKind.HEADING, token.content, level=self.heading)
        elif token.content.strip():
            self._add(BlockKind.TEXT, token.content)

    def _heading_open(self, token: Token) -> None:
        self.heading = int(token.tag[1:])

    def _heading_close(self, token: Token) -> None:
        self.heading = 0

    def _paragraph_open(self, token: Token) -> None:
        self.tight = token.hidden

    def _paragraph_close(self, token: Token) -> None:
        self.tight = False

    def _bullet_list_open(self, token: Token) -> None:
        self.fresh = self.fresh or not self.numbers
        self.numbers.append(None)

    def _ordered_list_open(self, token: Token) -> None:
        self.fresh = self.fresh or not self.numbers
        self.numbers.append(int(token.attrGet("start") or 1))

    def _bullet_list_close(self, token: Token) -> None:
        self.numbers.pop()

    _ordered_list_close = _bullet_list_close

    def _list_item_open(self, token: Token) -> None:
        number = self.numbers[-1]
        bullet = f"{self.symbols.bullet} " if number is None else f"{number}. "
        if number is not None:
            self.numbers[-1] = number + 1
        self.containers.append(_Container(" " * len(bullet), bullet))

    def _list_item_close(self, token: Token) -> None:
        self.containers.pop()

    def _blockquote_open(self, token: Token) -> None:
        self.containers.append(_Container(f"{self.symbols.border} "))

    _blockquote_close = _list_item_close

    def _fence(self, token: Token) -> None:
        self._add(BlockKind.CODE, token.content.rstrip("\n"))

    _code_block = _fence

    def _formula_block(self, token: Token) -> None:
        self._add(BlockKind.FORMULA, f"{token.content}\\qquad {token.info}" if token.info else token.content)

    def _hr(self, token: Token) -> None:
        self._add(BlockKind.RULE)

    def _html_block(self, token: Token) -> None:
        for line in without_tags(token.content).splitlines():
            self._add(BlockKind.TEXT, line)

    def _table_open(self, token: Token) -> None:
        self.rows, self.right = [], []

    def _tr_open(self, token: Token) -> None:
        if self.rows is not None:
            self.rows.append([])

    def _th_open(self, token: Token) -> None:
        self.right.append("right" in str(token.attrGet("style")))

    def _table_close(self, token: Token) -> None:
        rows, self.rows = self.rows or [], None
        if not any(cell.strip() for row in rows for cell in row):
            return
        if len(self.right) > MAX_COLUMNS:
            for row in rows:
                self._add(BlockKind.TEXT, re.sub(r" {2,}", " ", "  ".join(row)), gap=0)
            return
        self._add(BlockKind.TABLE)
        table = replace(self.blocks[-1], rows=tuple(map(tuple, rows)), right=tuple(self.right))
        self.blocks[-1] = table
