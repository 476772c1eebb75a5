"""Tables of a page, which become Markdown when they end."""

from __future__ import annotations

from collections.abc import Iterator

_MAX_COLUMNS = 100
"""Columns of a table; the text of further cells goes to the last one, as the rows of a wider table would be mostly
blanks."""


class Table:
    """A table, in which cells keep their columns beside and below cells that span several."""

    def __init__(self) -> None:
        self.rows: list[list[list[str | Table]]] = []
        self._covered: dict[int, int] = {}  # the last row that a cell above covers, by column
        self._column = 0

    def open_row(self) -> None:
        self.rows.append([])

    def open_cell(self, columns: int, rows: int) -> None:
        """Begin a cell of so many columns and rows in the next free column of the last row."""
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
