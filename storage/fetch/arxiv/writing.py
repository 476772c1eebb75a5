"""Writes text and tables as Markdown that is read as the same text, whatever characters it contains.

Emphasis, links and the like are written when they end. Emphasis stays marked until its paragraph ends, as Markdown only
reads it between certain neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from paperdeck.storage.text.clean import web_link

_SPECIAL = re.compile(r"([\\`*_~\[\]<>$]|&(?=#?\w{1,32};))")
_ESCAPED = re.compile(r"\\([\\`*_~\[\]<>$&])")
_LEADING = re.compile(r"^(\d{0,9})([#.)+-])(?=[# -]|$)")
_INDEX = re.compile(r"[\w+−,.()=/*′†‡-]{1,30}")

_EMPHASIS = {
    "em": ("*", "\ufdd0", "\ufdd1"),
    "strong": ("**", "\ufdd2", "\ufdd3"),
    "struck": ("~~", "\ufdd7", "\ufdd8"),
}
_MARKS = "".join(opening + closing for _, opening, closing in _EMPHASIS.values())
_NUMBERED, _CODE, _CODE_END = "\ufdd4\ufdd5\ufdd6"
_MAX_COLUMNS = 100
"""Columns of a table; the text of further cells goes to the last one, as the rows of a wider table would be mostly
blanks."""
_BREAK = re.compile(r" *[\r\n]+ *")
_NO_MARKS = dict.fromkeys(map(ord, _MARKS))
_FOREIGN = _NO_MARKS | dict.fromkeys(map(ord, _NUMBERED + _CODE + _CODE_END))
_CODE_SPAN = re.compile(f"{_CODE}([^{_CODE_END}]*){_CODE_END}")
_MARK = re.compile(f"([{_MARKS}])")


def raw(text: str) -> str:
    """Text from a page, without characters that are marks here."""
    return text if text.isprintable() else text.translate(_FOREIGN)


def escaped(text: str) -> str:
    """Text in which nothing is Markdown."""
    return _SPECIAL.sub(r"\\\1", text)


def begun(text: str) -> str:
    """A paragraph whose beginning isn't taken for a list, a heading or a rule."""
    return _LEADING.sub(r"\1\\\2", text)


def code(text: str) -> str:
    """Program text in a line, which `finished` puts between backquotes."""
    return f"{_CODE}{text}{_CODE_END}"


def _code_span(found: re.Match[str]) -> str:
    """Program text as Markdown, which reads it without escapes."""
    text = found[1].strip()
    if not text:
        return found[1]
    sign = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    edge = " " if "`" in (text[0], text[-1]) else ""
    return f"{sign}{edge}{text}{edge}{sign}".join(_edges(found[1]))


def numbered(label: str) -> str:
    """The number of a line in a listing."""
    return label.strip() + _NUMBERED


def unbroken(text: str) -> str:
    """A part of a line of a listing, in which line breaks and the blanks around them have no meaning."""
    return _BREAK.sub("\n", text)


def listing_line(text: str) -> str:
    """A line of a listing, from its unbroken parts."""
    number, sign, line = text.replace("\xa0", " ").rpartition(_NUMBERED)
    line = line.strip("\n").replace("\n", " ").rstrip()
    return f"{number.strip()}{sign}{line}\n"


def listing(text: str) -> str:
    """A listing between fences longer than any in it, its lines' numbers in a column; nothing if it is empty."""
    lines = [line.rpartition(_NUMBERED) for line in text.strip("\n").split("\n")]
    width = max(len(number) for number, _, _ in lines)
    text = "\n".join(f"{number:>{width}} {line}" if width else line for number, _, line in lines).rstrip()
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 3)
    return f"{fence}\n{text}\n{fence}" if text.strip() else ""


def link(text: str, address: str) -> str:
    """A text with its link; text alone, if the link leads to a place in the page or isn't safe."""
    safe = web_link(address)
    if not safe or not text.translate(_NO_MARKS).strip():
        return text
    return f"[{text.strip()}](<{safe}>)".join(_edges(text))


def index(sign: str, text: str) -> str:
    """A superscript (`^`) or a subscript (`_`)."""
    text = text.translate(_NO_MARKS)
    plain = _ESCAPED.sub(r"\1", text)
    return f"${sign}{{{plain}}}$" if _INDEX.fullmatch(plain) else f"{escaped(sign)}({text})"


def emphasis(kind: str, text: str) -> str:
    """Text with marks for its emphasis, which `finished` makes Markdown."""
    _, opening, closing = _EMPHASIS[kind]
    inner = text.strip().replace(opening, "").replace(closing, "")
    return f"{opening}{inner}{closing}".join(_edges(text)) if inner.translate(_NO_MARKS) else text


def finished(text: str) -> str:
    """A paragraph with its code and emphasis as Markdown; emphasis that Markdown wouldn't read is dropped."""
    if text.isprintable():
        return " ".join(text.split())  # it has no marks
    text = _CODE_SPAN.sub(_code_span, " ".join(text.replace(_CODE_END + _CODE, "").split()))
    for _, opening, closing in _EMPHASIS.values():
        text = re.sub(f"{closing}(\\s*){opening}", r"\1", text)
    parts = _MARK.split(text)
    return "".join(
        part for pair in zip(parts[::2], [*_signs(parts[::2], parts[1::2]), ""], strict=True) for part in pair
    )


def _signs(texts: list[str], marks: list[str]) -> list[str]:
    """The Markdown for each mark of emphasis between the texts; empty for one that is dropped."""
    before, behind = _last(texts), _last(part[::-1] for part in reversed(texts))[::-1]
    signs = [""] * len(marks)
    opened: dict[str, int] = {}
    length, ended = 0, -1
    for at, mark in enumerate(marks):
        length += len(texts[at])
        for sign, opening, closing in _EMPHASIS.values():
            if mark == opening and length != ended:  # else it would extend the stars before it
                opened[sign] = at
            elif mark == closing and sign in opened:
                start = opened.pop(sign)
                if _fits(before[start], behind[start + 1]) and _fits(behind[at + 1], before[at]):
                    signs[start] = signs[at] = sign
                    ended = length
    return signs


def _last(texts: Iterable[str]) -> list[str]:
    """For each text the last character of it and those before."""
    found, last = [], ""
    for text in texts:
        last = text[-1:] or last
        found.append(last)
    return found


def _fits(outside: str, inside: str) -> bool:
    """Whether Markdown reads a mark of emphasis between two characters."""
    return inside.isalnum() or (bool(inside.strip()) and not outside.isalnum())


def _edges(text: str) -> tuple[str, str]:
    """The blanks before and after a text."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


# -- tables ------------------------------------------------------------------------------------------------------------


class Table:
    """A table, in which cells keep their columns beside and below cells that span several."""

    def __init__(self) -> None:
        self.rows: list[list[list[str | Table]]] = []
        self._covered: dict[int, int] = {}  # the last row that a cell above covers, by column
        self._column = 0

    def open_row(self) -> None:
        self.rows.append([])

    def open_cell(self, columns: int, rows: int) -> None:
        """Begin a cell that spans some columns and rows, in the next free column of the last row."""
        if not self.rows:
            self.open_row()
        row, number = self.rows[-1], len(self.rows) - 1
        while len(row) < _MAX_COLUMNS and self._covered.get(len(row), -1) >= number:
            row.append([])
        self._column = min(len(row), _MAX_COLUMNS - 1)
        row.extend([] for _ in range(min(columns, _MAX_COLUMNS - len(row))))
        self._covered |= dict.fromkeys(range(self._column, len(row)), number + rows - 1)

    @property
    def has_cell(self) -> bool:
        return bool(self.rows and self.rows[-1])

    def write(self, part: str | Table) -> None:
        """Add a text or an inner table to the open cell."""
        self.rows[-1][self._column].append(part)

    def blocks(self) -> Iterator[str]:
        """The table as Markdown; one whose only row sets tables side by side, as these."""
        rows = [row for row in self.rows if any(row)]
        if len(rows) == 1 and any(isinstance(part, Table) and part.is_wide for cell in rows[0] for part in cell):
            for part in (part for cell in rows[0] for part in cell):
                yield from part.blocks() if isinstance(part, Table) else (part,)
        elif rows:
            width = max(map(len, rows))
            lines = [" | ".join(map(_cell_text, row)) + " | " * (width - len(row)) for row in rows]
            rule = " | ".join(["---"] * width)
            yield "\n".join(f"| {line} |" for line in [lines[0], rule, *lines[1:]])

    @property
    def is_wide(self) -> bool:
        """Whether it has several rows and columns, so that it isn't only the lines of a cell."""
        return len(self.rows) > 1 and max(map(len, self.rows)) > 1

    def in_line(self) -> str:
        """The table within a cell: its lines, or rows and columns as in a matrix."""
        cell, row = (", ", "; ") if max(map(len, self.rows), default=0) > 1 else ("", " ")
        return row.join(cell.join(map(_joined, cells)) for cells in self.rows if any(cells))


def _joined(cell: list[str | Table]) -> str:
    return " ".join(part if isinstance(part, str) else part.in_line() for part in cell)


def _cell_text(cell: list[str | Table]) -> str:
    return _joined(cell).replace("|", "\\|")
