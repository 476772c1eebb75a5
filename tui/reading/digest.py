"""The screen of a digest: its papers by group, with summaries and links."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from paperdeck.storage.digest import wording
from paperdeck.tui.keys import bindings
from paperdeck.tui.look.text import Symbols
from paperdeck.tui.panes.footline import Hint

from .inline import Piece
from .markdown import Block, heading_block, text_block
from .screen import LongTextScreen
from .text_view import LongText

if TYPE_CHECKING:
    from paperdeck.storage.digest.digest import Digest, DigestItem

_INDENT = "    "


class DigestScreen(LongTextScreen):
    """The best papers of a period."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("digest")

    def __init__(self, digest: Digest, advice: str, symbols: Symbols, hints: tuple[Hint, ...]) -> None:
        """A screen; `advice` is a sentence that says how to fetch missing days."""
        text = LongText(list(_blocks(digest, advice, symbols)), symbols=symbols)
        super().__init__(wording.title(digest), text, hints)


def _blocks(digest: Digest, advice: str, symbols: Symbols) -> Iterator[Block]:
    yield text_block(Piece(symbols.words(wording.facts(digest)), "muted"))
    for number, (name, text) in enumerate(wording.overview(digest, advice)):
        yield text_block(Piece(f"{name}: ", "muted"), Piece(symbols.words(text)), gap=not number)
    place = 0
    for section in digest.sections:
        if len(digest.sections) > 1:
            yield heading_block(section.name)
        for item in section.items:
            place += 1
            yield from _paper(item, place, symbols, new=wording.is_marked_new(item, digest))
        if section.more:
            yield text_block(Piece(wording.more(section.more), "muted"), first=_INDENT)
    if not digest.sections:
        yield text_block(Piece(wording.EMPTY))


def _paper(item: DigestItem, place: int, symbols: Symbols, *, new: bool) -> Iterator[Block]:
    yield text_block(Piece(item.title, "strong"), first=f"{place:>2}. ")
    for line in filter(None, (wording.origin(item), wording.counts_and_news(item, new))):
        yield text_block(Piece(symbols.words(line), "muted"), first=_INDENT, gap=0)
    if item.why:
        yield text_block(Piece(symbols.words(wording.why(item))), first=_INDENT, gap=0)
    if item.summary:
        yield text_block(Piece(item.summary), Piece(wording.by_model(item), "muted"), first=_INDENT, gap=0)
    for link in item.links:
        if link.name in wording.LINKS:
            yield text_block(Piece(link.url, "link", link.url), first=_INDENT, gap=0)
