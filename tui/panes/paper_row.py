"""Lays out a paper in the lines of its row: the title first, then the facts where the title leaves room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.cells import cell_len

from paperdeck.storage.paper import BYLINE_DOT
from paperdeck.tui.look.text import fit, short_number, wrapped_parts

if TYPE_CHECKING:
    from paperdeck.storage.paper import Marks
    from paperdeck.tui.look.text import Symbols
    from paperdeck.tui.model.papers import Row

_GAP = "  "
_MIN_COMMENTS = 2
"""The lowest number of comments worth showing: most papers have one, by their submitter."""
_MIN_NAME_CELLS = 8
"""The shortest useful beginning of a name, in cells."""


class RowLine(NamedTuple):
    """One line of a row; title and facts together fill its width."""

    title: str = ""
    """A part of the title."""
    start: int = 0
    """The offset of that part in the title."""
    facts: str = ""
    """The facts after it."""


class Facts(NamedTuple):
    """A paper's facts beside its title, each in a few cells; empty: not worth showing."""

    state: str = ""
    """`hidden` or `muted`."""
    upvotes: str = ""
    name: str = ""
    """The organization, else the first author."""
    author: str = ""
    """The first author, after an organization and a dot."""
    code: str = ""
    comments: str = ""
    marks: str = ""
    """The signs of a note and of tags."""
    when: str = ""
    is_caption: bool = False
    """Whether the name is a text that says why the paper is there, which the list is about."""

    def within(self, room: int, ellipsis: str) -> str:
        """The most useful facts that fit, with the day at the right end."""
        kept = self.kept_within(room, ellipsis)
        left = kept.words
        return left + " " * (room - cell_len(left) - cell_len(kept.when)) + kept.when if kept.when else left

    def kept_within(self, room: int, ellipsis: str) -> Facts:
        """The most useful facts that fit."""
        kept = self
        for fact in ("", "when", "upvotes") if self.is_caption else ("", "comments", "author", "code"):
            kept = kept._without(fact)
            if kept.cells <= room:
                return kept
        nameless = kept._without("name")
        left = room - nameless.cells - len(_GAP)
        if kept.name and left >= _MIN_NAME_CELLS:
            return kept._replace(name=fit(kept.name, left, ellipsis))
        for fact in ("name", "marks", "when", "state", "upvotes"):
            kept = kept._without(fact)
            if kept.cells <= room:
                break
        return kept

    def _without(self, fact: str) -> Facts:
        without: dict[str, Any] = {fact: ""}
        return self._replace(**without) if fact else self

    @property
    def words(self) -> str:
        """All but the day."""
        who = f"{self.name} {self.author}" if self.author else self.name
        return _GAP.join(filter(None, (self.state, self.upvotes, who, self.code, self.comments, self.marks)))

    @property
    def cells(self) -> int:
        """The minimum width, in cells."""
        return cell_len(self.compact)

    @property
    def compact(self) -> str:
        """All of them, side by side."""
        return _GAP.join(filter(None, (self.words, self.when)))


def facts_of(row: Row, marks: Marks, symbols: Symbols, when: str, state: str, caption: str = "") -> Facts:
    """The facts about a paper that are worth their cells.

    Args:
        row: The paper's row.
        marks: The reader's marks.
        symbols: The symbols to draw with.
        when: Its day, if the list has several days.
        state: `hidden` or `muted`, if it is.
        caption: A text to show instead of the facts other than upvotes.
    """
    if caption:
        upvotes = symbols.upvoted(short_number(row.upvotes)) if row.upvotes else ""
        return Facts(state, upvotes, caption, when=when, is_caption=True)
    name, _, author = row.byline.rpartition(BYLINE_DOT)
    code = f"{symbols.code} {short_number(row.code_stars)}" if row.code_stars else symbols.code if row.has_code else ""
    commented = (row.comments or 0) >= _MIN_COMMENTS
    return Facts(
        state,
        symbols.upvoted(short_number(row.upvotes)) if row.upvotes else "",
        name or author,
        f"{symbols.dot} {author}" if name else "",
        code,
        f"{symbols.comments} {short_number(row.comments)}" if commented else "",
        "".join(sign for sign, on in ((symbols.note, marks.note), (symbols.tag, marks.tags)) if on),
        when,
    )


def row_lines(title: str, facts: Facts, width: int, lines: int, ellipsis: str, *, whole: bool) -> list[RowLine]:
    """The lines of a row; the facts are below the title, or at the end of its last line. A caption has its own line.

    Args:
        title: The title.
        facts: The facts to show.
        width: Cells of a line, at least 4.
        lines: The number of lines.
        ellipsis: The sign at the end of a cut text.
        whole: Whether to take more lines if the title needs them; else it is cut.
    """
    parts = wrapped_parts(title, width)
    apart = facts.is_caption and lines > 1
    lines = max(lines, len(parts) + apart) if whole else lines
    if apart and len(parts) >= lines:
        start = parts[lines - 2][0]
        parts = [*parts[: lines - 2], (start, fit(title[start:], width, ellipsis))]
    if len(parts) < lines:
        rows = [RowLine(fit(text, width), start) for start, text in parts]
        rows.append(RowLine(facts=fit(facts.within(width, ellipsis), width)))
        return rows + [RowLine(facts=" " * width)] * (lines - len(rows))
    rows = [RowLine(fit(text, width), start) for start, text in parts[: lines - 1]]
    return [*rows, _shared(title, parts[lines - 1 :], facts, width, ellipsis)]


def _shared(title: str, rest: Sequence[tuple[int, str]], facts: Facts, width: int, ellipsis: str) -> RowLine:
    """The last line of a title that fills its row, with the facts that fit at its end."""
    start, text = rest[0]
    if len(rest) > 1:  # the title is cut; upvotes help most to choose
        text, facts = title[start:], Facts(upvotes=facts.upvotes)
        room = cell_len(facts.upvotes)
        room = room if room + len(_GAP) <= width // 3 else 0
    else:
        room = width - cell_len(text) - len(_GAP)
    shown = facts.kept_within(room, ellipsis).compact if room > 0 else ""
    left = width - cell_len(shown) - len(_GAP) * bool(shown)
    return RowLine(fit(text, left, ellipsis), start, _GAP + shown if shown else "")


def spans_within(spans: Sequence[tuple[int, int]], line: RowLine) -> list[tuple[int, int]]:
    """Converts spans in the whole title to spans in a line."""
    end = line.start + len(line.title)
    cut = ((max(start, line.start), min(stop, end)) for start, stop in spans)
    return [(start - line.start, stop - line.start) for start, stop in cut if start < stop]
