"""Converts arXiv's HTML of a paper (made by LaTeXML) into Markdown that a terminal can show.

Only the text is kept: headings, paragraphs, lists, tables, captions, and mathematics as TeX. The standard library's
parser is enough: it tolerates any damage and needs no compiled package.
"""

from __future__ import annotations

import re

from paperdeck.storage.text.clean import clean_text
from paperdeck.storage.text.markup import MarkupParser

_LEFT_OUT = frozenset({"script", "style", "nav", "footer", "button", "form", "svg", "head", "noscript", "template"})
_LEFT_OUT_CLASSES = frozenset(
    {"ltx_page_navbar", "ltx_page_footer", "ltx_note_mark", "ltx_tag_note", "ltx_tag_item", "ltx_dates", "ltx_ERROR"}
)
_VOID = frozenset({"br", "img", "hr", "input", "meta", "link", "wbr", "source", "col", "area", "base", "embed"})
_BLOCKS = frozenset(
    {"p", "div", "section", "article", "figure", "figcaption", "blockquote", "header", "main", "ul", "ol", "dl"}
    | {"dt", "dd", "tbody", "thead", "pre", "hr", "table", "tr", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_MARKS = {"em": "*", "i": "*", "strong": "**", "b": "**", "code": "`", "tt": "`"}
_SPECIAL = re.compile(r"([\\`*_\[\]<>])")
_LEADING = re.compile(r"^(\d{0,9})([#.)+-])(?=[# ])")


def markdown_of(html: str) -> str:
    """The text of a page as clean Markdown; an empty text if there is none in it."""
    converter = _Converter()
    converter.read(html)
    converter.flush()
    return clean_text("\n\n".join(converter.blocks))


class _Converter(MarkupParser):
    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self._line: list[str] = []
        self._prefix = ""
        self._lists: list[int | None] = []
        self._tables: list[list[list[str]] | None] = []
        self._skipped: tuple[str, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipped:
            self._skip(tag, 1)
            return
        attributes = {name: value or "" for name, value in attrs}
        classes = set(attributes.get("class", "").split())
        if tag not in _VOID and (tag in _LEFT_OUT or classes & _LEFT_OUT_CLASSES):
            self._skipped = (tag, 1)
        elif tag == "math":
            self._math(attributes, block=attributes.get("display") == "block")
            self._skipped = (tag, 1)
        elif tag in _BLOCKS:
            self._open_block(tag, classes)
        elif tag == "br":
            self._line.append(" ")
        else:
            self._line.append(_MARKS.get(tag, ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            self._skip(tag, -1)
        elif tag in _BLOCKS:
            self._close_block(tag)
        else:
            self._line.append(_MARKS.get(tag, ""))

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self._line.append(_SPECIAL.sub(r"\\\1", data))

    def flush(self) -> None:
        """End the paragraph, if one is open."""
        text = " ".join("".join(self._line).split())
        self._line.clear()
        if not text.strip("*` "):
            return
        cell = self._cell()
        if cell is not None:
            cell.append(f"{cell.pop()} {text}".strip())
            return
        self.blocks.append(self._prefix + text if self._prefix else _LEADING.sub(r"\1\\\2", text))
        if self._lists and not self._prefix.startswith("#"):
            self._prefix = "  " * len(self._lists)

    def _skip(self, tag: str, step: int) -> None:
        assert self._skipped is not None
        name, depth = self._skipped
        if tag == name and tag not in _VOID:
            self._skipped = (name, depth + step) if depth + step else None

    def _math(self, attributes: dict[str, str], *, block: bool) -> None:
        tex = " ".join(attributes.get("alttext", "").split())
        if tex:
            self._line.append(f"$${tex}$$" if block else f"${tex}$")

    def _open_block(self, tag: str, classes: set[str]) -> None:
        self.flush()
        if tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._prefix = self._bullet()
        elif tag == "table":
            formula = any(name.startswith(("ltx_eq", "ltx_equation")) for name in classes)
            self._tables.append(None if formula or self._table() is not None else [])
        elif tag == "tr" and (rows := self._table()) is not None:
            rows.append([])
        elif tag in ("td", "th") and (rows := self._table()):
            rows[-1].append("")
        elif tag[0] == "h" and tag[1:].isdecimal():
            self._prefix = "#" * int(tag[1:]) + " "

    def _close_block(self, tag: str) -> None:
        self.flush()
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        if tag in ("ul", "ol", "li") or tag[0] == "h":
            self._prefix = "  " * max(0, len(self._lists) - (tag == "li"))
        if tag == "table" and self._tables:
            rows = self._tables.pop()
            if rows:
                self._write_table([row for row in rows if any(row)])

    def _bullet(self) -> str:
        indent = "  " * max(0, len(self._lists) - 1)
        if self._lists and (number := self._lists[-1]) is not None:
            self._lists[-1] = number + 1
            return f"{indent}{number + 1}. "
        return f"{indent}- "

    def _table(self) -> list[list[str]] | None:
        """The rows of the innermost table, if it contains data and isn't a frame around a formula."""
        return self._tables[-1] if self._tables else None

    def _cell(self) -> list[str] | None:
        rows = self._table()
        return rows[-1] if rows and rows[-1] else None

    def _write_table(self, rows: list[list[str]]) -> None:
        if not rows:
            return
        width = max(map(len, rows))
        lines = [" | ".join(cell.replace("|", "\\|") for cell in row + [""] * (width - len(row))) for row in rows]
        rule = " | ".join(["---"] * width)
        self.blocks.append("\n".join(f"| {line} |" for line in [lines[0], rule, *lines[1:]]))
