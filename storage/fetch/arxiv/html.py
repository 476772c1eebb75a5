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
    {"ltx_page_navbar", "ltx_page_footer", "ltx_note_mark", "ltx_tag_note", "ltx_dates", "ltx_ERROR"}
)
_SPAN_CLASSES = {
    "ltx_tag_item": "label",
    "ltx_note_content": "note",
    "ltx_bibblock": "apart",
    "ltx_tag_bibitem": "apart",
}
_FLAT_MATH = frozenset({"math", "semantics", "mrow", "mstyle", "mi", "mn", "mo", "mtext", "mspace"})
"""Elements of MathML whose text alone says what they mean."""
_MAX_SPAN = 100
_MAX_COLUMNS = 100
"""Columns of a table; the text of further cells goes to the last one, as the rows of a wider table would be mostly
blanks."""
_VOID = frozenset({"br", "img", "hr", "input", "meta", "link", "wbr", "source", "col", "area", "base", "embed"})
_BLOCKS = frozenset(
    {"p", "div", "section", "article", "figure", "figcaption", "blockquote", "header", "main", "ul", "ol", "dl"}
    | {"dt", "dd", "tbody", "thead", "pre", "hr", "table", "tr", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_MARKS = {"em": "*", "i": "*", "strong": "**", "b": "**", "code": "`", "tt": "`"}
_SPECIAL = re.compile(r"([\\`*_\[\]<>])")
_INDEX = re.compile(r"[\w+−,.()=/*′-]{1,30}")
_LEADING = re.compile(r"^(\d{0,9})([#.)+-])(?=[# ])")


def markdown_of(html: str) -> str:
    """The text of a page as clean Markdown; an empty text if there is none in it."""
    converter = _Converter()
    converter.read(html)
    converter.end()
    return clean_text("\n\n".join(converter.blocks))


class _Table:
    """A table, in which cells keep their columns beside and below cells that span several."""

    def __init__(self) -> None:
        self.rows: list[list[list[str]]] = []
        self._covered: dict[int, int] = {}  # the last row that a cell above covers, by column
        self._column = 0

    def open_cell(self, attributes: dict[str, str]) -> None:
        """Begin a cell in the next free column of the last row."""
        row, number = self.rows[-1], len(self.rows) - 1
        while len(row) < _MAX_COLUMNS and self._covered.get(len(row), -1) >= number:
            row.append([])
        self._column = min(len(row), _MAX_COLUMNS - 1)
        columns, rows = (_number_in(attributes, name, 1) or 1 for name in ("colspan", "rowspan"))
        row.extend([] for _ in range(min(columns, _MAX_COLUMNS - len(row))))
        self._covered |= dict.fromkeys(range(self._column, len(row)), number + rows - 1)

    def write(self, text: str) -> None:
        """Add to the open cell."""
        self.rows[-1][self._column].append(text)


def _number_in(attributes: dict[str, str], name: str, default: int) -> int:
    value = attributes.get(name, "")
    return min(int(value), _MAX_SPAN) if value.isascii() and value.isdecimal() else default


class _Converter(MarkupParser):
    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self._line: list[str] = []
        self._prefix = ""
        self._lists: list[int | None] = []
        self._tables: list[_Table | None] = []
        self._skipped: tuple[str, int] | None = None
        self._spans: list[tuple[str, str, int]] = []  # open elements with their kind and beginning in the line
        self._listing: list[str] | None = None
        self._formula: list[str] | None = None  # one without TeX

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipped:
            self._skip(tag, 1)
            return
        attributes = {name: value or "" for name, value in attrs}
        classes = set(attributes.get("class", "").split())
        if tag not in _VOID and (tag in _LEFT_OUT or classes & _LEFT_OUT_CLASSES):
            self._skipped = (tag, 1)
        elif self._formula is not None:
            self._formula += [] if tag in _FLAT_MATH else [""]
            self._skipped = (tag, 1) if tag.startswith("annotation") else None
        elif tag == "math":
            self._math(attributes, block=attributes.get("display") == "block")
        elif tag in _BLOCKS:
            self._open_block(tag, classes, attributes)
        elif tag in ("span", "sup", "sub"):
            kind = next((kind for name, kind in _SPAN_CLASSES.items() if name in classes), tag)
            self._spans.append((tag, kind, len(self._line)))
        elif tag == "br":
            self._line.append(" ")
        elif self._listing is None:
            self._line.append(_MARKS.get(tag, ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            self._skip(tag, -1)
        elif self._formula is not None:
            self._close_formula(tag)
        elif tag in _BLOCKS:
            self._close_block(tag)
        elif tag in ("span", "sup", "sub"):
            self._close_span(tag)
        elif self._listing is None:
            self._line.append(_MARKS.get(tag, ""))

    def handle_data(self, data: str) -> None:
        if self._skipped:
            return
        if self._formula is not None:
            self._formula += data.split()
        elif self._listing is not None:
            self._listing.append(data)
        else:
            self._line.append(_SPECIAL.sub(r"\\\1", data))

    def end(self) -> None:
        """End what the page leaves open."""
        self._close_formula("math")
        self._close_block("pre")

    def flush(self) -> None:
        """End the paragraph, if one is open."""
        text = " ".join("".join(self._line).split())
        self._line.clear()
        self._spans = [(tag, kind, 0) for tag, kind, _ in self._spans]
        if not text.strip("*` "):
            return
        if (table := self._table()) and table.rows and table.rows[-1]:
            table.write(text)
            return
        if set(text) <= {"-", " "}:  # a rule in Markdown
            text = f"\\{text}"
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
        if not tex:
            self._formula = []
            return
        self._line.append(f"$${tex}$$" if block else f"${tex}$")
        self._skipped = ("math", 1)

    def _close_formula(self, tag: str) -> None:
        """End a formula without TeX: its text if that says it all, else a sign that there is one."""
        if tag == "math" and self._formula is not None:
            text = "\\[formula\\]" if "" in self._formula else _SPECIAL.sub(r"\\\1", " ".join(self._formula))
            self._formula = None
            self._line.append(text)

    def _close_span(self, tag: str) -> None:
        """End an element in a line, whose text may be a label, a note or an index."""
        at = next((at for at in reversed(range(len(self._spans))) if self._spans[at][0] == tag), None)
        if at is None:
            return
        _, kind, start = self._spans.pop(at)
        if kind == "span" or self._listing is not None:
            return
        text = "".join(self._line[start:]).strip()
        self._line[start:] = [self._marked(kind, text)] if text else []

    def _marked(self, kind: str, text: str) -> str:
        match kind:
            case "label":
                number = f"{self._lists[-1]}." if self._lists and self._lists[-1] is not None else ""
                if text != number and any(map(str.isalnum, text)):
                    self._prefix = re.sub(r"\S+ $", f"- {text} ".replace("\\", r"\\"), self._prefix)
                return ""
            case "note":
                return f" {text}" if text.startswith("(") else f" ({text})"
            case "apart":
                return f" {text} "
            case _:
                text = text.strip("*`")
                sign = "^" if kind == "sup" else "\\_"
                return f"${sign[-1]}{{{text}}}$" if _INDEX.fullmatch(text) else f"{sign}({text})"

    def _open_block(self, tag: str, classes: set[str], attributes: dict[str, str]) -> None:
        self.flush()
        if tag in ("ul", "ol"):
            self._lists.append(_number_in(attributes, "start", 1) - 1 if tag == "ol" else None)
        elif tag == "li":
            self._prefix = self._bullet()
        elif tag == "table":
            formula = any(name.startswith(("ltx_eq", "ltx_equation")) for name in classes)
            self._tables.append(None if formula or self._table() is not None else _Table())
        elif tag == "tr" and (table := self._table()):
            table.rows.append([])
        elif tag in ("td", "th") and (table := self._table()) and table.rows:
            table.open_cell(attributes)
        elif tag == "pre" and not self._table():
            self._listing = []
        elif tag[0] == "h" and tag[1:].isdecimal():
            self._prefix = "#" * int(tag[1:]) + " "

    def _close_block(self, tag: str) -> None:
        self.flush()
        if tag == "pre" and self._listing is not None:
            self._write_listing("".join(self._listing).strip("\n"))
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        if tag in ("ul", "ol", "li") or tag[0] == "h":
            self._prefix = "  " * max(0, len(self._lists) - (tag == "li"))
        if tag == "table" and self._tables:
            table = self._tables.pop()
            if table:
                self._write_table([row for row in table.rows if any(row)])

    def _bullet(self) -> str:
        indent = "  " * max(0, len(self._lists) - 1)
        if self._lists and (number := self._lists[-1]) is not None:
            self._lists[-1] = number + 1
            return f"{indent}{number + 1}. "
        return f"{indent}- "

    def _table(self) -> _Table | None:
        """The innermost table, if it contains data and isn't a frame around a formula."""
        return self._tables[-1] if self._tables else None

    def _write_listing(self, text: str) -> None:
        """Program text with its lines and indents, between fences longer than any in it."""
        self._listing = None
        fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 3)
        if text.strip():
            self.blocks.append(f"{fence}\n{text}\n{fence}")

    def _write_table(self, rows: list[list[list[str]]]) -> None:
        if not rows:
            return
        width = max(map(len, rows))
        lines = [" | ".join(" ".join(cell).replace("|", "\\|") for cell in row) for row in rows]
        lines = [line + " | " * (width - len(row)) for line, row in zip(lines, rows, strict=True)]
        rule = " | ".join(["---"] * width)
        self.blocks.append("\n".join(f"| {line} |" for line in [lines[0], rule, *lines[1:]]))
