"""A dialog to choose from a list by typing a part of an entry, used for help, days, copying, rules and views."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import events, on, work
from textual.binding import BindingType
from textual.containers import Container, VerticalScroll
from textual.widgets import Input, Static

from paperdeck.tui.keys import bindings
from paperdeck.tui.model.choice import Choice, with_words

from .choice_list import COLUMN_GAP_CELLS, ChoiceList, columns_in, lines_in, natural_size
from .dialog import TIGHT_ROWS, Dialog

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from paperdeck.tui.model.choice import Accept

LOOKED_UP_LETTERS = 2
"""Letters typed before more choices are looked up."""
SMALL_ROWS = 24
"""Rows of the screen below which decoration is dropped if the choices don't fit otherwise."""
NARROW_COLUMNS = 60
"""Width of the screen below which a box takes all of it, as nothing could be read beside it."""
BESIDE_COLUMNS = 76
"""Minimum width of the screen for a preview beside the choices instead of below them."""
PREVIEW_LINES, PREVIEW_LINES_TIGHT = 6, 3
"""Lines of the preview below the choices."""
MIN_LINES = 12
"""Minimum lines of choices beside a preview, or if more choices may come."""
TRIED_LINES, TRIED_SHARE = 5, 3
"""Minimum lines of choices that are tried on the screen, and the share of its lines that they take: one in three."""
MIN_CELLS, TYPING_CELLS, PREVIEW_CELLS = 24, 44, 64
"""Minimum widths of a box, of one for free text, and of a preview beside the choices."""
FRAME_CELLS = 6
"""Cells of a box besides its contents: padding, scroll bar and the gap before it."""
MIN_FRAME_CELLS, MIN_FRAME_CELLS_TIGHT = 5, 3
"""Cells of a box that no line can use: padding and scroll bar."""


class _Preview(VerticalScroll, can_focus=False):
    """A text about the highlighted choice."""

    def __init__(self) -> None:
        self._text = Static("", markup=False)
        super().__init__(self._text, classes="picker-preview")

    def show(self, text: str) -> None:
        """Show a text from its start."""
        self._text.update(text)
        self.scroll_home(animate=False)


class Picker(Dialog[str | None]):
    """Shows choices, filters them by the typed words, and returns the value of the chosen one."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("picker")

    _typed = ""  # the text before the last key
    _looked_up: tuple[str, Sequence[Choice]] = "", ()  # the typed text, and the result for it
    _has_preview = False  # whether there has been a preview

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice],
        *,
        hint: str = "type to find, enter chooses",
        free: Callable[[str], str] | None = None,
        free_last: bool = False,
        instant: bool = False,
        preview: Callable[[str], str] | None = None,
        first: str | None = None,
        accept: Accept | None = None,
        look_up: Callable[[str], list[Choice]] | None = None,
        columns: int = 1,
        later: Callable[[], Sequence[Choice]] | None = None,
        tried: bool = False,
    ) -> None:
        """A picker.

        Args:
            title: What the choice is for.
            choices: The choices.
            hint: The placeholder of the empty box.
            free: Returns a label for the typed text as a choice before the others; empty if it can't be one.
            free_last: Whether the typed text comes after the others instead, as it is rarely meant.
            instant: Whether the key of a choice chooses it at once; then there is no box to type in.
            preview: Returns a text about the highlighted value, which the page keys scroll; empty takes no space.
            first: The initially highlighted value; None: the first one.
            accept: Handles the chosen value; if it raises a PaperdeckError, the dialog stays and shows the reason.
            look_up: Returns more choices for the typed text, listed after the others; called in a thread.
            columns: The maximum number of columns.
            later: Returns more choices, listed after the others; called in a thread once the dialog is open.
            tried: Whether a highlighted choice is tried on the screen behind, so much of it has to be visible.
        """
        super().__init__(title)
        self._accept, self._look_up, self._later, self._tried, self._free = accept, look_up, later, tried, free
        self._preview, self._first, self._columns, self._instant = preview, first, columns, instant
        self._choices, self._free_last = _each_once(choices), free_last
        self._input, self._body = Input(placeholder=hint, compact=True), Container(classes="picker-body")
        self._list, self._about = ChoiceList(columns), _Preview()

    def contents(self) -> ComposeResult:
        if not self._instant:
            yield self._input
        with self._body:
            yield self._list
            if self._preview:
                yield self._about

    def on_mount(self) -> None:
        self._show("")
        (self._list if self._instant else self._input).focus()
        if self._later:
            self._add_later(self._later)

    def on_resize(self, event: events.Resize) -> None:
        self._arrange()

    def _arrange(self) -> None:
        """Fit the box to its contents, as far as the screen allows."""
        self.set_class(self._is_beside, "-beside")
        self.set_class(self.is_tight, "-tight")
        self._set_width()
        self._list.styles.height = shown = max(
            1, min(self._wanted(tight=self.is_tight), self._room(tight=self.is_tight))
        )
        self._body.styles.height = "auto" if self._has_preview and not self._is_beside else shown

    def _set_width(self) -> None:
        width, columns = self.app.size.width, self._columns_now
        words = max(cell_len(self._title), 0 if self._instant else cell_len(self._input.placeholder) + 1)
        if self._free or self._look_up or (self._has_preview and not self._is_beside):
            words = max(words, TYPING_CELLS)
        choices = max(MIN_CELLS, natural_size(self._choices).width * columns + COLUMN_GAP_CELLS * (columns - 1))
        if self._is_beside:
            self._list.styles.width = min(choices + 2, width // 2 - 4)
            choices += PREVIEW_CELLS
        self.box.styles.width = max(choices, words, width * (width < NARROW_COLUMNS)) + FRAME_CELLS

    @property
    def is_tight(self) -> bool:
        """Whether decoration is dropped, as there are few rows, or the choices would not fit otherwise."""
        height = self.app.size.height
        return height < TIGHT_ROWS or (height < SMALL_ROWS and self._wanted(tight=False) > self._room(tight=False))

    @property
    def _is_beside(self) -> bool:
        """Whether the preview is beside the choices."""
        return self._has_preview and self.app.size.width >= BESIDE_COLUMNS

    @property
    def _columns_now(self) -> int:
        return columns_in(int(self.app.size.width * 0.96) - FRAME_CELLS, self._choices, self._columns)

    def _wanted(self, *, tight: bool) -> int:
        """The lines of all choices; they stay while the reader types."""
        columns, width, height = self._columns_now, self.app.size.width, self.app.size.height
        if columns == 1 and not self._is_beside:
            room = width - MIN_FRAME_CELLS_TIGHT if tight else int(width * 0.96) - MIN_FRAME_CELLS
            lines = lines_in(self._choices, room, height)
        else:
            lines = -(-natural_size(self._choices).height // columns)
        if self._tried:
            lines = min(lines, max(TRIED_LINES, height // TRIED_SHARE))
        lines += self._free is not None
        return max(lines, MIN_LINES) if self._is_beside or self._look_up or self._later else lines

    def _room(self, *, tight: bool) -> int:
        """The lines that the screen has for choices."""
        height = self.app.size.height
        room = (height if tight else int(height * 0.84) - 2) - (1 if tight else 2) * (1 if self._instant else 2)
        if self._has_preview and not self._is_beside:
            room -= PREVIEW_LINES_TIGHT if tight else PREVIEW_LINES
        return room

    def on_key(self, event: events.Key) -> None:
        """Without a box: choose by the key of a choice, or the highlighted one."""
        if self._instant and event.key == "enter":
            event.stop()
            self._take_highlighted()
            return
        chosen = [choice for choice in self._choices if choice.key and choice.key == event.character]
        if self._instant and chosen:
            event.stop()
            event.prevent_default()
            self._choose(chosen[0].value)

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        self._show(event.value)
        if self._look_up and len(event.value.strip()) >= LOOKED_UP_LETTERS:
            self._add_looked_up(self._look_up, event.value)

    @work(exclusive=True)
    async def _add_looked_up(self, look_up: Callable[[str], list[Choice]], typed: str) -> None:
        self._looked_up = typed, await asyncio.to_thread(look_up, typed)
        if self._list.is_attached:  # otherwise it was closed meanwhile
            self._show(typed)

    @work(group="later")
    async def _add_later(self, later: Callable[[], Sequence[Choice]]) -> None:
        with self._showing_reasons():
            self._choices = _each_once([*self._choices, *await asyncio.to_thread(later)])
        self._later = None
        if self._list.is_attached:
            self._arrange()
            self._show(self._typed)

    @on(Input.Submitted)
    def _take_highlighted(self) -> None:
        if choice := self._list.highlighted_choice:
            self._choose(choice.value)

    @on(ChoiceList.Clicked)
    def _take(self, event: ChoiceList.Clicked) -> None:
        self._choose(event.choice.value)

    def _choose(self, value: str) -> None:
        self.answer(value, self._accept, value)

    @on(ChoiceList.Highlighted)
    def _show_preview(self, event: ChoiceList.Highlighted) -> None:
        if not self._preview:
            return
        text = self._preview(event.choice.value)
        self._about.show(text)
        if text and not self._has_preview:
            self._has_preview = True
            self._arrange()
        self._about.display = self._has_preview

    def action_move(self, step: int) -> None:
        self._list.move(step)

    def action_page(self, step: int) -> None:
        if self._has_preview:
            self._about.scroll_relative(y=step * self._about.size.height, animate=False)
        else:
            self._list.page(step)

    def _show(self, typed: str) -> None:
        found = self._found(typed)
        if typed.strip():  # the best matches come first, whatever their group
            found = [choice._replace(group="") for choice in found if not choice.fixed] or found
        held = self._list.highlighted_choice
        wanted = self._first if held is None else held.value
        places = [place for place, choice in enumerate(found) if not choice.fixed]
        kept = [place for place in places if found[place].value == wanted]
        more_came = typed == self._typed
        place = next(iter(kept if more_came else places), next(iter(places), None))
        self._list.show(found, place, self._empty_message(typed))
        self._typed = typed

    def _empty_message(self, typed: str) -> str:
        if typed:
            return "nothing matches"
        if self._later:
            return "a moment …"
        return "none yet: type it, then enter" if self._free else "nothing is here yet"

    def _found(self, typed: str) -> list[Choice]:
        """The choices with all typed words, and the typed text itself if that can be chosen."""
        asked, looked_up = self._looked_up
        found = [*with_words(self._choices, typed), *(looked_up if typed == asked else ())]
        typed = typed.strip()
        is_one = any(typed in (choice.value, choice.text) for choice in found)
        if self._free and typed and not is_one and (name := self._free(typed)):
            found.insert(len(found) if self._free_last else 0, Choice(typed, name))
        return found


def _each_once(choices: Sequence[Choice]) -> list[Choice]:
    """The choices without repeated values: a paper may name an author or a keyword twice."""
    once: dict[str, Choice] = {}
    for choice in choices:
        once.setdefault(choice.value, choice)
    return list(once.values())
