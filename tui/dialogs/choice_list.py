"""The list of choices in a dialog: drawn line by line, with headings, in several columns if there is room.

Textual's OptionList takes a second for ten thousand tags, has no columns, and fails at a width of a few cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len
from textual.content import Content
from textual.css.styles import RulesMap
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

from paperdeck.storage.text.clean import for_screen
from paperdeck.tui.look.text import fit, symbols_of
from paperdeck.tui.panes.lines import LineView, line_style

if TYPE_CHECKING:
    from textual import events

    from paperdeck.tui.model.choice import Choice
    from paperdeck.tui.panes.lines import LineStyles

COLUMN_GAP_CELLS = 4
"""Cells between two columns."""
MIN_COLUMN_CELLS = 48
"""Minimum number of cells of a column when there are several."""
MAX_KEY_CELLS = 10
"""Cells for the keys before the texts; a longer key shifts only its own text."""


class Slot(NamedTuple):
    """The content of one line in a column."""

    choice: int
    """The index of the choice; -1 for a heading or an empty line."""
    line: int
    """The index of the line within the choice."""
    heading: str = ""


class _OfChoice(Message):
    """A message about a choice."""

    def __init__(self, choice: Choice) -> None:
        super().__init__()
        self.choice = choice


class ChoiceList(LineView):
    """Shows choices and highlights one; the dialog handles the keys."""

    STYLES: ClassVar[LineStyles] = {
        "chosen": "bold $foreground on $panel",
        "chosen:nocolor": "bold underline $foreground on $panel",
        "chosen:ansi": "bold underline $accent on ansi_default",
    }
    """The chosen line can be told without colours as well; it looks the same whether or not the reader types."""

    class Highlighted(_OfChoice):
        """Another choice is highlighted."""

    class Clicked(_OfChoice):
        """A choice was clicked."""

    def __init__(self, columns: int = 1) -> None:
        """A list without choices, with at most `columns` columns."""
        super().__init__()
        self.choices: Sequence[Choice] = ()
        """The displayed choices."""
        self.highlighted: int | None = None
        """The index of the highlighted choice."""
        self._max_columns = columns
        self.empty_message = ""
        """The message if there is nothing to show."""
        self._columns: list[list[Slot]] = []
        self._width = self._key_width = 0  # cells of a column, and of the keys in it
        self._strips: dict[tuple[int, bool], list[Strip]] = {}

    # Contents

    def show(self, choices: Sequence[Choice], highlighted: int | None, empty_message: str = "") -> None:
        """Show choices with one of them highlighted, or a message if there are none."""
        self.choices, self.empty_message = choices, empty_message
        self.highlighted = None
        self._lay_out()
        self.highlight(highlighted)

    @property
    def highlighted_choice(self) -> Choice | None:
        return None if self.highlighted is None else self.choices[self.highlighted]

    def highlight(self, index: int | None) -> None:
        """Highlight another choice; None for none."""
        self.highlighted = index
        self.refresh()
        if index is not None:
            self._show_line_of(index)
            self.post_message(self.Highlighted(self.choices[index]))

    def move(self, step: int) -> None:
        """Move the highlight, skipping read-only choices and wrapping around."""
        selectable = [index for index, choice in enumerate(self.choices) if not choice.fixed]
        if not selectable:
            self.jump_to(self.scroll_offset.y + step)  # all choices are read-only
            return
        if self.highlighted not in selectable:
            self.highlight(selectable[0])
            return
        place = selectable.index(self.highlighted) + step
        if abs(step) > 1:
            place = max(0, min(len(selectable) - 1, place))
        self.highlight(selectable[place % len(selectable)])

    def page(self, pages: int) -> None:
        """Move down by pages; up if negative."""
        self.move(pages * max(1, self.size.height - 1))

    # Layout

    @property
    def columns(self) -> int:
        return columns_in(self.line_width, self.choices, self._max_columns)

    def on_resize(self) -> None:
        self._lay_out()
        if self.highlighted is not None:
            self._show_line_of(self.highlighted)

    def _lay_out(self) -> None:
        """Give each choice its lines, and each group its column."""
        self._strips.clear()
        if self.line_width <= 0:
            return
        count = self.columns
        gaps = COLUMN_GAP_CELLS * (count - 1) + (count > 1)  # the last one before the scroll bar
        self._width = (self.line_width - gaps) // count
        self._key_width = _key_cells(self.choices)
        grouped = groupby(range(len(self.choices)), lambda index: self.choices[index].group)
        groups = [self._lines_of_group(group, indexes) for group, indexes in grouped]
        self._columns = _in_columns(groups, count)
        self.virtual_size = Size(self.line_width, max((len(column) for column in self._columns), default=0))
        self.refresh()

    def _lines_of_group(self, group: str, indexes: Iterable[int]) -> list[Slot]:
        lines = [Slot(-1, 0, group)] if group else []
        for index in indexes:
            lines += [Slot(index, line) for line in range(self._height(index))]
        return lines

    def _height(self, index: int) -> int:
        return 1 if _cells(self.choices[index], self._key_width) <= self._width else len(self._strips_of(index))

    def _show_line_of(self, index: int) -> None:
        """Scroll just far enough to show a choice, with a heading right above it."""
        for column in self._columns:
            lines = [line for line, slot in enumerate(column) if slot.choice == index]
            if lines:
                above = lines[0] > 0 and bool(column[lines[0] - 1].heading)
                self._show_lines(lines[0] - above, lines[-1])
                return

    def _show_lines(self, first: int, last: int) -> None:
        top, height = int(self.scroll_offset.y), max(1, self.size.height)
        if first < top:
            self.jump_to(first)
        elif last >= top + height:
            self.jump_to(last - height + 1)

    # Painting

    def render_line(self, y: int) -> Strip:
        line, width = y + int(self.scroll_offset.y), max(0, self.line_width)
        if not self.choices:
            text = symbols_of(self.app).words(self.empty_message) if line == 0 else ""
            return self._one_line(Content.styled(text, "$foreground-muted"), width)
        parts: list[Strip] = []
        for number, column in enumerate(self._columns):
            if number:
                parts.append(Strip.blank(COLUMN_GAP_CELLS, self.ground))
            parts.append(self._painted(column[line]) if line < len(column) else Strip.blank(self._width, self.ground))
        return Strip.join(parts).adjust_cell_length(width, self.ground)

    def _one_line(self, content: Content, width: int) -> Strip:
        return Visual.to_strips(self, content, width, 1, self.visual_style, pad=True)[0] if width else Strip([])

    def _painted(self, slot: Slot) -> Strip:
        if slot.choice < 0:
            heading = Content.styled(fit(slot.heading, self._width, self._ellipsis), "bold $accent")
            return self._one_line(heading, self._width)
        return self._strips_of(slot.choice)[slot.line]

    @property
    def _ellipsis(self) -> str:
        return symbols_of(self.app).ellipsis

    def _strips_of(self, index: int) -> list[Strip]:
        chosen = index == self.highlighted
        strips = self._strips.get((index, chosen))
        if strips is None:
            style = self.visual_style
            if chosen:
                style += line_style(self, self.STYLES, "chosen")
            line = _line(self.choices[index], self._key_width)
            strips = Visual.to_strips(self, line, self._width, None, style, pad=True)
            self._strips[index, chosen] = strips
        return strips

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.clear()

    # The mouse

    def on_click(self, event: events.Click) -> None:
        index = self._index_at(event.x, event.y + int(self.scroll_offset.y))
        if index >= 0 and not self.choices[index].fixed:
            self.highlight(index)
            self.post_message(self.Clicked(self.choices[index]))

    def _index_at(self, x: int, line: int) -> int:
        number = x // (self._width + COLUMN_GAP_CELLS) if self._columns else 0
        if number >= len(self._columns) or line >= len(self._columns[number]):
            return -1
        return self._columns[number][line].choice


class HangingIndent(Visual):
    """Two texts side by side; the lines of the second one are aligned."""

    def __init__(self, head: Content, text: Content) -> None:
        self.head, self.text = head, text
        self._indent = head.cell_length

    def __str__(self) -> str:
        return f"{self.head.plain}{self.text.plain}"

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return self._indent + self.text.get_optimal_width(rules, container_width)

    def get_height(self, rules: RulesMap, width: int) -> int:
        return self.text.get_height(rules, max(1, width - self._indent))

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        head = self.head.render_strips(self._indent, 1, style, options) if self._indent else []
        lines = self.text.render_strips(max(1, width - self._indent), height, style, options)
        blank = Strip.blank(self._indent, style.rich_style)
        heads = [*head, *[blank] * len(lines)]
        return [Strip.join([first, line]) for first, line in zip(heads, lines, strict=False)]


def natural_size(choices: Sequence[Choice]) -> Size:
    """The width of the widest choice, and the height of all of them in one column, unwrapped."""
    keys = _key_cells(choices)
    headings = [group for group, _ in groupby(choices, lambda choice: choice.group) if group]
    widths = [_cells(choice, keys) for choice in choices] + list(map(cell_len, headings))
    return Size(max(widths, default=0), len(choices) + max(0, 2 * len(headings) - 1))


def lines_in(choices: Sequence[Choice], width: int, enough: int) -> int:
    """The number of lines of choices in a column of `width` cells, with long ones wrapped; counted up to `enough`."""
    keys = _key_cells(choices)
    lines = natural_size(choices).height
    for choice in choices:
        if lines >= enough:
            break
        if _cells(choice, keys) > width:
            lines += _line(choice, keys).get_height({}, max(1, width)) - 1
    return lines


def columns_in(width: int, choices: Sequence[Choice], maximum: int) -> int:
    """The number of columns for choices in some cells; long choices are wrapped."""
    minimum = min(natural_size(choices).width, MIN_COLUMN_CELLS) if maximum > 1 else 1
    return max(1, min(maximum, (width + COLUMN_GAP_CELLS) // (minimum + COLUMN_GAP_CELLS)))


def _key_cells(choices: Sequence[Choice]) -> int:
    """Cells of the keys and of the spaces after them; 0 if no choice has a key."""
    widths = (cell_len(choice.key) for choice in choices if choice.key)
    longest = max((width for width in widths if width <= MAX_KEY_CELLS), default=0)
    return longest + 2 if longest else 0


def _cells(choice: Choice, keys: int) -> int:
    """Cells of a choice on one line; `keys` is the width of the column of keys."""
    more = cell_len(choice.more) + 2 if choice.more else 0
    bullet = cell_len(choice.bullet) + 1 if choice.bullet else 0
    return max(keys, cell_len(choice.key) + 2 if choice.key else 0) + bullet + cell_len(choice.text) + more


def _line(choice: Choice, width: int) -> HangingIndent:
    """A choice after its key; wrapped lines are aligned with its text."""
    key = fit(choice.key, max(width - 2, cell_len(choice.key))) + "  " if width else ""
    more = f"  {for_screen(choice.more)}" if choice.more else ""
    head = Content.styled(key, "bold") + (f"{choice.bullet} " if choice.bullet else "")
    return HangingIndent(head, Content(for_screen(choice.text)) + Content.styled(more, "$foreground-muted"))


def _in_columns(groups: Sequence[list[Slot]], count: int) -> list[list[Slot]]:
    """The lines of groups in columns of similar height; no group is split."""
    columns: list[list[Slot]] = [[]]
    total = sum(len(group) + 1 for group in groups)
    for group in groups:
        column = columns[-1]
        full = column and len(column) + 1 + len(group) / 2 > total / count
        if full and len(columns) < count:
            column = []
            columns.append(column)
        if column:
            column.append(Slot(-1, 0))
        column += group
    return columns
