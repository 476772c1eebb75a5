"""Splits a paragraph of Markdown into pieces of one style each: words, formulas, links, figures.

Formulas are extracted first, as Markdown would see emphasis in `$x_i + y_i$`. Pieces contain no characters that a
terminal interprets; they are cleaned here again, as an entity such as `&#x202e;` only becomes one here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from paperdeck.storage.text.clean import for_screen, web_link
from paperdeck.storage.text.tex import formula_at, to_unicode

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

LONGEST_FORMULA_LINES = 200

_TAG = re.compile(
    r"(?i)</?(a|abbr|b|big|blockquote|br|center|cite|code|dd|del|details|div|dl|dt|em|figcaption|figure|font|h[1-6]|hr|i"
    r"|img|ins|kbd|li|mark|ol|p|picture|pre|q|s|small|source|span|strong|sub|summary|sup|table|tbody|td|tfoot|th"
    r"|thead|tr|tt|u|ul|var|video)(?:\s+open|\s[^<>=]{1,60}=[^<>]{0,2000})?\s*/?>|<!--[^<>]{0,2000}-->"
)
_LINK = re.compile(r"https?://[^\s<>\[\]{}|\\^`\"]+")
_SELF_MADE_ALT = re.compile(r"(?i)^(?:image \d+:?)?\s*(?:refer to caption)?\s*")
_LOOKS = {"strong": "strong", "em": "emphasis", "s": "struck"}


class Piece(NamedTuple):
    """A run of text in one style."""

    text: str
    look: str = ""
    """The names of its styles, separated by spaces."""
    link: str = ""
    """The web link behind it."""


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    """A parser of Markdown with tables and formulas; paragraphs are parsed on demand.

    References (`[name]: link`) are not resolved, so that a paragraph's meaning doesn't depend on others.
    """
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).disable("reference")
    markdown.core.ruler.disable(["inline", "text_join"])
    markdown.inline.ruler.before("escape", "formula", _inline_formula)
    markdown.block.ruler.before("fence", "formula", _block_formula, {"alt": ["paragraph", "blockquote", "list"]})
    return markdown


def pieces_of(source: str) -> list[Piece]:
    """The pieces of a paragraph of Markdown."""
    tokens: list[Token] = []
    parser().inline.parse(source, parser(), {}, tokens)
    return list(_Reader().read(tokens))


def without_tags(html: str) -> str:
    """HTML as text, with a line for each row and paragraph."""
    text = re.sub(r"(?i)<br\s*/?>|</(?:p|div|tr|li|h[1-6]|figcaption|summary)>", "\n", html)
    text = re.sub(r"(?i)</t[dh]>", "  ", text)
    return "\n".join(filter(None, map(str.strip, _TAG.sub("", text).splitlines())))


class _Reader:
    """Reads the tokens of a paragraph from left to right."""

    def __init__(self) -> None:
        self._looks: list[str] = []
        self._link = ""
        self._script = ""

    def read(self, tokens: Sequence[Token]) -> Iterator[Piece]:
        for token in _joined(tokens):
            name, _, side = token.type.rpartition("_")
            if name in _LOOKS and side == "open":
                self._looks.append(_LOOKS[name])
            elif name in _LOOKS and self._looks:
                self._looks.pop()
            elif name == "link":
                self._link = (side == "open" and web_link(token.attrGet("href"))) or ""
            else:
                yield from self._pieces(token)

    def _pieces(self, token: Token) -> Iterator[Piece]:
        match token.type:
            case "text" | "text_special":
                yield from self._text(token.content)
            case "formula":
                yield self._piece(to_unicode(token.content))
            case "code_inline":
                yield self._piece(token.content, "code")
            case "softbreak":
                yield Piece(" ", self._look(), self._link)
            case "hardbreak":
                yield Piece("\n")
            case "image":
                yield self._figure(token)
            case "html_inline":
                yield from self._html(token.content)
            case _:
                yield self._piece(token.content)

    def _text(self, text: str) -> Iterator[Piece]:
        if self._script:
            text = to_unicode(f"${self._script}{{{text}}}$")
        if self._link or "://" not in text:
            yield self._piece(text)
            return
        position = 0
        for found in _LINK.finditer(text):
            address = _address(found[0])
            yield self._piece(text[position : found.start()])
            yield Piece(for_screen(address), self._look("link"), web_link(address) or "")
            position = found.start() + len(address)
        yield self._piece(text[position:])

    def _figure(self, token: Token) -> Piece:
        alt = _SELF_MADE_ALT.sub("", for_screen(token.content)).strip()
        source = web_link(token.attrGet("src")) or ""
        return Piece(f"[figure: {alt}]" if alt else "[figure]", self._look("muted", "link"), self._link or source)

    def _html(self, tag: str) -> Iterator[Piece]:
        """Drop tags of HTML, but keep the text of a paper, such as `<b and c>`."""
        if not _TAG.fullmatch(tag):
            yield self._piece(tag)
        elif tag[:3].lower() == "<br":
            yield Piece("\n")
        else:
            self._script = {"<sup": "^", "<sub": "_"}.get(tag[:4].lower(), "")

    def _piece(self, text: str, *looks: str) -> Piece:
        return Piece(for_screen(text), self._look(*looks), self._link)

    def _look(self, *looks: str) -> str:
        return " ".join(sorted({*self._looks, *looks, *(["link"] if self._link else [])}))


def _joined(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens, with one for a text that escapes and lone signs such as `_` divide."""
    for is_text, run in groupby(tokens, lambda token: token.type in ("text", "text_special")):
        if is_text:
            first, *others = run
            first.content += "".join(token.content for token in others)
            yield first
        else:
            yield from run


def _address(text: str) -> str:
    """A web address without the signs of the sentence around it; brackets that it opens belong to it."""
    end, unopened = len(text), text.count(")") - text.count("(")
    while end and (text[end - 1] in ".,;:!?'*_" or (text[end - 1] == ")" and unopened > 0)):
        end -= 1
        unopened -= text[end] == ")"
    return text[:end]


def _inline_formula(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "$\\":
        return False
    found = formula_at(state.src, state.pos, state.posMax)
    if not found or found.lastgroup == "square":  # in Markdown `\\[` is a bracket
        return False
    if not silent:
        state.push("formula", "", 0).content = found[0]
    state.pos = found.end()
    return True


def _block_formula(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A display formula from `$$` to `$$`, including a number after it."""
    if not _line(state, start).startswith("$$"):
        return False
    lines: list[str] = []
    for number in range(start, min(end, start + LONGEST_FORMULA_LINES)):
        lines.append(_line(state, number))
        text = "\n".join(lines).removeprefix("$$")
        inside, closed, behind = text.partition("$$")
        if closed:
            if not inside.strip() or len(behind) > 12:
                return False
            if not silent:
                token = state.push("formula_block", "", 0)
                token.content, token.info = inside.strip(), behind.strip()
                state.line = number + 1
            return True
    return False


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].strip()
