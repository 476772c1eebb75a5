"""A paper in the lines of its row: the title first, and the facts where the title leaves room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from paperdeck.storage.paper import BYLINE_DOT
from paperdeck.tui.look.cells import fit, short_number, wrapped_parts

if TYPE_CHECKING:
    from paperdeck.storage.paper import Marks
    from paperdeck.tui.look.symbols import Symbols
    from paperdeck.tui.model.papers import Row

_GAP = "  "
_LEAST_COMMENTS = 2
"""Comments from which on their number says something: most papers have one, by whoever submitted them."""
_LEAST_NAME = 8
"""Cells in which the beginning of a name still says something."""


class RowLine(NamedTuple):
    """One line of a row; title and facts together are as wide as the room."""

    title: str = ""
    """A part of the title."""
    start: int = 0
    """Where that part begins in the title."""
    facts: str = ""
    """What stands behind it."""


class Facts(NamedTuple):
    """What the list says about a paper beside its title, each in a few cells; empty: nothing worth saying."""

    state: str = ""
    """`hidden` or `muted`."""
    upvotes: str = ""
    name: str = ""
    """The organization, else the first author."""
    author: str = ""
    """The first author behind an organization, with a dot before."""
    code: str = ""
    comments: str = ""
    marks: str = ""
    """The signs of a note and of tags."""
    when: str = ""

    def within(self, room: int, ellipsis: str) -> str:
        """Those that there is room for, the less telling ones left out, the day at the right end."""
        kept = self.kept_within(room, ellipsis)
        left = kept.words
        return left + " " * (room - cell_len(left) - cell_len(kept.when)) + kept.when if kept.when else left

    def kept_within(self, room: int, ellipsis: str) -> Facts:
        """Those that there is room for, the less telling ones left out."""
        kept = self
        for fact in ("", "comments", "author", "code"):
            kept = kept._without(fact)
            if kept.cells <= room:
                return kept
        nameless = kept._without("name")
        left = room - nameless.cells - len(_GAP)
        if kept.name and left >= _LEAST_NAME:
            return kept._replace(name=fit(kept.name, left, ellipsis))
        for fact in ("name", "marks", "when", "state", "upvotes"):
            kept = kept._without(fact)
            if kept.cells <= room:
                break
        return kept

    def _without(self, fact: str) -> Facts:
        return self._replace(**{fact: ""}) if fact else self

    @property
    def words(self) -> str:
        """All but the day."""
        who = f"{self.name} {self.author}" if self.author else self.name
        return _GAP.join(filter(None, (self.state, self.upvotes, who, self.code, self.comments, self.marks)))

    @property
    def cells(self) -> int:
        """How many cells they take at least."""
        return cell_len(self.compact)

    @property
    def compact(self) -> str:
        """All of them, one behind the other."""
        return _GAP.join(filter(None, (self.words, self.when)))


def facts_of(row: Row, marks: Marks, symbols: Symbols, when: str, state: str, told: str = "") -> Facts:
    """The facts about a paper that are worth their cells.

    Args:
        row: What the index knows.
        marks: The reader's marks.
        symbols: The signs to draw with.
        when: Its day, where the list has papers of several.
        state: Whether it is hidden or muted, in a word.
        told: What is said in place of what the index knows, but for the upvotes.
    """
    if told:
        return Facts(state, symbols.upvoted(short_number(row.upvotes)) if row.upvotes else "", told, when=when)
    name, _, author = row.byline.rpartition(BYLINE_DOT)
    code = f"{symbols.code} {short_number(row.code_stars)}" if row.code_stars else symbols.code if row.has_code else ""
    commented = (row.comments or 0) >= _LEAST_COMMENTS
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
    """A paper in some lines; the facts stand below the title, or at the end of its last line.

    Args:
        title: Its title.
        facts: What else is to be said.
        width: Cells of a line, at least 4.
        lines: How many there are.
        ellipsis: Where a text is cut.
        whole: Whether to take more lines if the title needs them; else it is cut.
    """
    parts = wrapped_parts(title, width)
    lines = max(lines, len(parts)) if whole else lines
    if len(parts) < lines:
        rows = [RowLine(fit(text, width), start) for start, text in parts]
        rows.append(RowLine(facts=fit(facts.within(width, ellipsis), width)))
        return rows + [RowLine(facts=" " * width)] * (lines - len(rows))
    rows = [RowLine(fit(text, width), start) for start, text in parts[: lines - 1]]
    return [*rows, _shared(title, parts[lines - 1 :], facts, width, ellipsis)]


def _shared(title: str, rest: Sequence[tuple[int, str]], facts: Facts, width: int, ellipsis: str) -> RowLine:
    """The last line of a title that fills its row, with what facts there is room for at its end."""
    start, text = rest[0]
    if len(rest) > 1:  # the title is cut; upvotes are what one still chooses by
        text, facts = title[start:], Facts(upvotes=facts.upvotes)
        room = cell_len(facts.upvotes)
        room = room if room + len(_GAP) <= width // 3 else 0
    else:
        room = width - cell_len(text) - len(_GAP)
    said = facts.kept_within(room, ellipsis).compact if room > 0 else ""
    left = width - cell_len(said) - len(_GAP) * bool(said)
    return RowLine(fit(text, left, ellipsis), start, _GAP + said if said else "")


def spans_within(spans: Sequence[tuple[int, int]], line: RowLine) -> list[tuple[int, int]]:
    """The places in a line of those that are in the whole title."""
    end = line.start + len(line.title)
    cut = ((max(start, line.start), min(stop, end)) for start, stop in spans)
    return [(start - line.start, stop - line.start) for start, stop in cut if start < stop]
