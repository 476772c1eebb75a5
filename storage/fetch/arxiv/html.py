"""Converts arXiv's HTML of a paper (made by LaTeXML) into Markdown that a terminal can show.

Only the text is kept: headings, paragraphs, lists, tables, listings, captions, links, and mathematics as TeX. Where a
block is inside a line, such as a table that was scaled, LaTeXML writes `span` for its elements; their classes say what
they are. The standard library's parser is enough: it tolerates any damage and needs no compiled package.
"""

from __future__ import annotations

from typing import NamedTuple

from paperdeck.storage.text.clean import clean_text
from paperdeck.storage.text.markup import MarkupParser
from paperdeck.storage.text.tex import rows_to_unicode
from paperdeck.storage.text.words import number_in

from . import writing
from .elements import (
    BLOCKS,
    FLAT_MATH,
    KINDS_BY_CLASS,
    KINDS_BY_TAG,
    LEFT_OUT,
    LEFT_OUT_CLASSES,
    TEXT,
    VOID,
    span_in,
)
from .writing import Table

_MAX_MISNESTED = 100
_MAX_NESTED = 200
_MAX_TABLES = 20
"""Tables within each other; the text of further ones goes to the cell around them."""
_MAX_INDENTS = 10
"""Lists or quotations within each other; further ones stand below the last of these."""


def markdown_of(html: str) -> str:
    """The text of a page as clean Markdown; an empty text if there is none in it."""
    converter = _Converter()
    converter.read(html)
    converter.end()
    return clean_text("\n\n".join(converter.blocks))


class _Element(NamedTuple):
    """An open element, and where its text begins."""

    tag: str
    kind: str
    paragraph: int
    start: int
    link: str
    in_lettering: bool


class _Converter(MarkupParser):
    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self._line: list[str] = []
        self._row: list[str] = []  # the formulas of a row of a display formula
        self._paragraph = 0
        self._indent = ""
        self._quotes = 0  # quotations within each other
        self._sign = ""  # a bullet, for the first paragraph of an item; what makes a heading, for all of it
        self._lists: list[int | None] = []
        self._tables: list[Table | None] = []  # None: a frame around display formulas, or one of too many
        self._grids: list[Table] = []  # the tables among them
        self._skipped: tuple[str, int] | None = None
        self._elements: list[_Element] = []
        self._drawings = 0
        self._lettering = False  # whether text is that of a drawing, such as a number at an axis
        self._code: _Element | None = None
        self._listing: list[str] | None = None
        self._in_lines = False  # whether lines of the listing are elements
        self._lines = 0  # the parts of the listing that are whole lines
        self._formula: list[str] | None = None  # one without TeX

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipped:
            self._skip(tag, 1)
            return
        attributes = {name: value or "" for name, value in attrs}
        classes = attributes.get("class", "").split()
        if self._is_left_out(tag, classes):
            self._skipped = (tag, 1)
        elif self._formula is not None:
            self._formula += [] if tag in FLAT_MATH else [""]
            self._skipped = (tag, 1) if tag.startswith("annotation") else None
        elif tag == "math":
            self._math(attributes)
        elif tag == "br":
            self._write("\n" if self._listing is not None else " ")
        elif tag in KINDS_BY_TAG:
            self._open_element(tag, classes, attributes)
        elif tag in BLOCKS:
            self._open_block(tag, classes, attributes)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            self._skip(tag, -1)
        elif self._formula is not None:
            self._close_formula(tag)
        elif tag in KINDS_BY_TAG:
            self._close_element(tag)
        elif tag in BLOCKS:
            self._close_block(tag)

    def handle_data(self, data: str) -> None:
        if self._skipped:
            return
        if self._formula is not None:
            self._formula += data.split()
        else:
            self._write(writing.raw(data))

    def end(self) -> None:
        """End what the page leaves open."""
        self._close_formula("math")
        self._close_block("listing")
        while self._tables:
            self._close_block("table")

    def flush(self) -> None:
        """End the paragraph, if one is open."""
        if self._code:
            self._line[self._start(self._code) :] = [writing.code("".join(self._text_of(self._code)))]
        for element in self._elements[: _MAX_NESTED + 1]:  # the others mean nothing
            if element.kind == "struck":  # and has more paragraphs
                self._line[self._start(element) :] = [writing.emphasis("struck", "".join(self._text_of(element)))]
        if self._row:
            self._line.insert(0, f"$${' '.join(self._row)}$$ ")
        text = writing.finished("".join(self._line))
        self._line.clear()
        self._row.clear()
        self._paragraph += 1
        if not text:
            return
        if table := self._table():
            table.write(text)
            return
        if self._sign.startswith("#"):
            self.blocks.append(self._quoted(self._sign + text))
            return
        self.blocks.append(self._indent + self._quoted(self._sign + writing.begun(text)))
        self._begin("", len(self._lists))

    def _is_left_out(self, tag: str, classes: list[str]) -> bool:
        if tag in VOID:
            return False
        if tag == "math" and self._lettering:
            return True
        if "ltx_tag_note" in classes:  # a note beside its mark needs no number
            return all(element.kind != "numbered" for element in self._elements)
        return tag in LEFT_OUT or not LEFT_OUT_CLASSES.isdisjoint(classes)

    def _skip(self, tag: str, step: int) -> None:
        assert self._skipped is not None
        name, depth = self._skipped
        if tag == name and tag not in VOID:
            self._skipped = (name, depth + step) if depth + step else None

    # -- text in a line ------------------------------------------------------------------------------------------------

    def _write(self, text: str) -> None:
        if self._lettering:
            return
        if self._listing is not None:
            self._listing.append(writing.unbroken(text) if self._in_lines else text)
        else:
            self._line.append(text if self._code else writing.escaped(text))

    def _math(self, attributes: dict[str, str]) -> None:
        tex = " ".join(writing.raw(attributes.get("alttext", "")).split())
        if not tex:
            self._formula = []
            return
        self._skipped = ("math", 1)
        if self._listing is not None or self._code:
            self._write(" ".join(rows_to_unicode(tex)))
        elif self._tables and self._tables[-1] is None and not self._table():
            self._row.append(tex)
        else:
            self._line.append(f"$${tex}$$" if attributes.get("display") == "block" else f"${tex}$")

    def _close_formula(self, tag: str) -> None:
        """End a formula without TeX: its text if that says it all, else a sign that there is one."""
        if tag == "math" and self._formula is not None:
            text = "[formula]" if "" in self._formula else " ".join(self._formula)
            self._formula = None
            self._write(text)

    # -- elements ------------------------------------------------------------------------------------------------------

    def _open_element(self, tag: str, classes: list[str], attributes: dict[str, str]) -> None:
        kind = KINDS_BY_TAG[tag]
        if tag in ("span", "div"):
            kind = next((KINDS_BY_CLASS[name] for name in classes if name in KINDS_BY_CLASS), kind)
        around = self._lettering
        if kind in BLOCKS:
            self._open_block(kind, classes, attributes)
        elif self._means_nothing(kind):
            kind = "span"
        elif kind == "drawing":
            self._drawings += 1
            self._lettering = True
        start = len(self._line if self._listing is None else self._listing)
        self._elements.append(_Element(tag, kind, self._paragraph, start, attributes.get("href", ""), around))
        if kind == "code":
            self._code = self._elements[-1]

    def _means_nothing(self, kind: str) -> bool:
        """Whether an element is only text here: within code or a listing, or within its like."""
        if self._code or (self._listing is not None and kind != "number") or len(self._elements) > _MAX_NESTED:
            return True
        return kind in ("a", "em", "strong", "struck") and any(element.kind == kind for element in self._elements)

    def _close_element(self, tag: str) -> None:
        """End an element; one that should have ended before may still be open."""
        last = len(self._elements)
        at = next(
            (at for at in range(last - 1, max(-1, last - _MAX_MISNESTED), -1) if self._elements[at].tag == tag), None
        )
        element = self._elements.pop(at) if at is not None else None
        if not element:
            self._close_block(tag) if tag in BLOCKS else None
            return
        self._drawings -= element.kind == "drawing"
        self._lettering = element.in_lettering and self._drawings > 0
        if element.kind in BLOCKS:
            self._close_block(element.kind)
        elif self._listing is not None:
            if element.kind == "number":
                self._listing[element.start :] = [writing.numbered("".join(self._listing[element.start :]))]
        elif element.kind != "span":
            text = "".join(self._text_of(element))
            self._line[self._start(element) :] = [self._marked(element, text)]
            self._code = None if element is self._code else self._code

    def _start(self, element: _Element) -> int:
        return element.start if element.paragraph == self._paragraph else 0

    def _text_of(self, element: _Element) -> list[str]:
        return self._line[self._start(element) :]

    def _marked(self, element: _Element, text: str) -> str:
        match element.kind:
            case "em" | "strong" | "struck":
                return writing.emphasis(element.kind, text)
            case "code":
                return writing.code(text)
            case "a":
                return writing.link(text, element.link)
            case _ if not text.strip():
                return ""
            case "label":
                return self._label(text.strip())
            case "quoted":
                return f"“{text.strip()}”"
            case "note":
                text = text.strip()
                return f" {text}" if text.startswith("(") else f" ({text})"
            case "sup" | "sub":
                return writing.index("^" if element.kind == "sup" else "_", text.strip())
            case _:
                return f" {text.strip()} "

    def _label(self, text: str) -> str:
        """Take the label of a list's item as its bullet; where there is none to come, it is text."""
        if not self._sign or self._sign.startswith("#"):
            return f"{text} "
        if self._sign != f"{text} " and any(map(str.isalnum, text)):
            self._sign = f"- {writing.finished(text)} "
        return ""

    # -- blocks --------------------------------------------------------------------------------------------------------

    def _open_block(self, kind: str, classes: list[str], attributes: dict[str, str]) -> None:
        if self._listing is not None:
            if kind == "line":
                self._end_line()
            self._in_lines = self._in_lines and kind != "pre"
            return
        table = self._tables[-1] if self._tables else None
        if self._tables and not table and kind in ("td", "th"):
            self._line.append(" ")
            return
        self.flush()
        self._lettering = self._lettering and kind not in TEXT
        if kind == "blockquote":
            self._quotes += 1
        elif kind in ("ul", "ol"):
            start = number_in(attributes.get("start", ""))
            self._lists.append(None if kind == "ul" else 0 if start is None else start - 1)
        elif kind == "li":
            self._begin(self._bullet(), len(self._lists) - 1)
        elif kind == "table":
            self._open_table(is_frame=any(name.startswith("ltx_eq") for name in classes))
        elif kind == "tr" and table:
            table.open_row()
        elif kind in ("td", "th") and table:
            columns, rows = (span_in(classes, attributes, name) for name in ("colspan", "rowspan"))
            table.open_cell(columns, rows)
        elif kind in ("pre", "listing") and not self._table():
            self._listing, self._lines, self._in_lines = [], 0, kind == "listing"
        elif kind[0] == "h" and kind[1:].isdecimal():
            self._begin("#" * int(kind[1:]) + " ", 0)

    def _close_block(self, kind: str) -> None:
        if self._listing is not None:
            self._close_in_listing(kind)
            return
        if kind in ("td", "th") and self._tables and self._tables[-1] is None:
            return
        self.flush()
        if kind == "blockquote":
            self._quotes = max(0, self._quotes - 1)
        if kind in ("ul", "ol") and self._lists:
            self._lists.pop()
        if kind in ("ul", "ol", "li") or kind[0] == "h":
            self._begin("", len(self._lists) - (kind == "li"))
        if kind == "table" and self._tables:
            self._close_table()

    def _close_in_listing(self, kind: str) -> None:
        assert self._listing is not None
        if kind == "line":
            self._listing[self._lines :] = [writing.listing_line("".join(self._listing[self._lines :]))]
            self._lines = len(self._listing)
        elif kind in ("pre", "listing"):
            if self._lines:
                self._end_line()
            text, self._listing = writing.listing("".join(self._listing)), None
            self.blocks += [self._quoted(text)] if text else []

    def _end_line(self) -> None:
        """End the text between two lines of a listing."""
        assert self._listing is not None
        between = "".join(self._listing[self._lines :]).strip()
        self._listing[self._lines :] = [writing.listing_line(between)] if between else []
        self._lines = len(self._listing)

    def _begin(self, sign: str, lists: int) -> None:
        """Set the sign that begins the next paragraph, and the number of lists around it."""
        self._indent, self._sign = "  " * min(lists, _MAX_INDENTS), sign

    def _bullet(self) -> str:
        if self._lists and (number := self._lists[-1]) is not None:
            self._lists[-1] = number + 1
            return f"{number + 1}. "
        return "- "

    def _open_table(self, *, is_frame: bool) -> None:
        table = None if is_frame or len(self._grids) >= _MAX_TABLES else Table()
        self._tables.append(table)
        self._grids += [table] if table else []

    def _close_table(self) -> None:
        if not self._tables.pop():
            return
        table = self._grids.pop()
        if outer := self._table():
            outer.write(table)
        else:
            self.blocks += map(self._quoted, table.blocks())

    def _quoted(self, block: str) -> str:
        """A block within the open quotations."""
        sign = "> " * min(self._quotes, _MAX_INDENTS)
        return sign + block.replace("\n", f"\n{sign}")

    def _table(self) -> Table | None:
        """The innermost table with an open cell."""
        return next((table for table in reversed(self._grids) if table.has_cell), None)
