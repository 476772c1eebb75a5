"""The text and the links to papers of a saved web page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from paperdeck.storage.sites import HUB
from paperdeck.storage.text.clean import clean_line
from paperdeck.storage.text.markup import MarkupParser
from paperdeck.storage.text.words import word_set

_PAPER = re.compile(r"(?i)(?:/papers/|arxiv\.org(?:/|%2F)(?:abs|pdf|html)(?:/|%2F))[^/#?]*\d")
_BLOCKS = word_set("p div article section li ul ol h1 h2 h3 h4 br tr table main header footer")
_HIDDEN = frozenset({"script", "style", "svg", "title", "noscript", "template"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})


@dataclass(slots=True)
class Page:
    """The text and links of a page."""

    text: str = ""
    """Its text, blocks separated by empty lines."""
    links: list[tuple[str, str]] = field(default_factory=list)
    """Links to papers in order, each with the heading around it, which is the paper's title."""


def read_page(html: str) -> Page:
    """Read a page; scripts in it never run."""
    parsed = _PageParser()
    parsed.read(html)
    paragraphs = (clean_line(part) for part in "".join(parsed.text).split("\n\n"))
    return Page(
        "\n\n".join(filter(None, paragraphs)), [(address, clean_line("".join(text))) for address, text in parsed.links]
    )


class _PageParser(MarkupParser):
    """Collects the text of a page, and its links to papers."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.links: list[tuple[str, list[str]]] = []
        self._hidden = 0
        self._in_link = False
        self._in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        if tag in _BLOCKS:
            self.text.append("\n\n")
        if tag in _HEADINGS:
            self._in_heading = True
        if tag == "a":
            address = dict(attrs).get("href") or ""
            self._in_link = bool(_PAPER.search(address))
            if self._in_link:
                self.links.append((HUB + address if address.startswith("/") else address, []))

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        if tag in _BLOCKS:
            self.text.append("\n\n")
        if tag in _HEADINGS:
            self._in_heading = False
        if tag == "a":
            self._in_link = False

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        self.text.append(" ".join(data.split("\n")))
        if self._in_link and self._in_heading:
            self.links[-1][1].append(data)
