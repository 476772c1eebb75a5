"""Choosing one thing from a list by typing a part of it: the help, days, copies, rules and saved views all use it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import events, on, work
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from paperdeck.storage.text.clean import for_screen
from paperdeck.tui.keys import PICKER, bindings
from paperdeck.tui.look.cells import fit
from paperdeck.tui.model.choice import Choice, with_words

from .dialog import TIGHT_ROWS, Dialog
from .hanging import Hanging
from .prompt import Prompt

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from paperdeck.tui.model.choice import Accept

__all__ = ["Choice", "Picker", "Prompt"]

LOOKED_UP_LETTERS = 2
"""How many letters have to be typed before more choices are looked up."""


class Picker(Dialog[str | None]):
    """Shows choices, narrows them by what is typed, and returns the value of the chosen one."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(PICKER)

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice],
        *,
        hint: str = "type to find, enter chooses",
        free: Callable[[str], str] | None = None,
        instant: bool = False,
        preview: Callable[[str], str] | None = None,
        first: str | None = None,
        accept: Accept | None = None,
        look_up: Callable[[str], list[Choice]] | None = None,
    ) -> None:
        """A picker.

        Args:
            title: What is chosen.
            choices: What there is to choose from.
            hint: What stands in the empty box.
            free: What the typed text is called, as a choice of its own before the others; empty if it can't be one.
            instant: Whether the key of a choice takes it at once; then nothing can be typed.
            preview: Gives a text about the highlighted value, shown below the list, where the page keys scroll it.
            first: The value that is highlighted at first; None: that on top.
            accept: Acts on the chosen value, at once or asynchronously. If it raises a PaperdeckError, the dialog
                stays open with what was typed, and the reason below it.
            look_up: Gives more choices for what was typed, which stand behind the others; called in a thread.
        """
        super().__init__(title)
        self._accept, self._look_up = accept, look_up
        self._looked_up: tuple[str, list[Choice]] = "", []  # what was typed, and what was given for it
        once: dict[str, Choice] = {}
        for choice in choices:  # a paper may name an author or a keyword twice
            once.setdefault(choice.value, choice)
        self._choices = list(once.values())
        self._hint = hint
        self._free = free
        self._instant = instant
        self._preview = preview
        self._typed = ""
        self._first = first

    def contents(self) -> ComposeResult:
        if not self._instant:
            yield Input(placeholder=self._hint, compact=True)
        yield OptionList(markup=False)
        if self._preview:
            with VerticalScroll(classes="picker-preview", can_focus=False):
                yield Static("", markup=False)

    def on_mount(self) -> None:
        options = self.query_one(OptionList)
        options.styles.height = len(self._choices) + (self._free is not None)  # it stays while one types
        self._show("")
        (options if self._instant else self.query_one(Input)).focus()

    def on_resize(self, event: events.Resize) -> None:
        """Give the list the rows that the rest leaves; on a small screen nothing is spent on looks."""
        tight = event.size.height < TIGHT_ROWS
        room = event.size.height if tight else int(event.size.height * 0.84) - 2
        rest = (1 if tight else 2) * (1 if self._instant else 2)
        preview = (3 if tight else 6) if self._preview else 0
        self.query_one(OptionList).styles.max_height = max(1, room - rest - preview)

    def on_key(self, event: events.Key) -> None:
        """Take the choice whose key this is; the key means nothing else then."""
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
        if self.query(OptionList):  # else it was closed by now
            self._show(typed)

    @on(Input.Submitted)
    def _take_highlighted(self, event: Input.Submitted) -> None:
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            self._choose(options.get_option_at_index(options.highlighted).id)

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        self._choose(event.option_id)

    def _choose(self, value: str | None) -> None:
        self.answer(value, self._accept, value or "")

    @on(OptionList.OptionHighlighted)
    def _show_preview(self, event: OptionList.OptionHighlighted) -> None:
        if self._preview and event.option_id is not None:
            self.query_one(".picker-preview Static", Static).update(self._preview(event.option_id))
            self.query_one(".picker-preview").scroll_home(animate=False)

    def action_move(self, step: int) -> None:
        options = self.query_one(OptionList)
        if step > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def action_page(self, step: int) -> None:
        preview = self.query_one(".picker-preview")
        preview.scroll_relative(y=step * preview.size.height, animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the page keys to the list where there is no preview."""
        return action != "page" or self._preview is not None

    def _show(self, typed: str) -> None:
        found = self._found(typed)
        keyed = any(choice.key for choice in found)  # without one, their column is room for the text
        width = max((cell_len(choice.key) for choice in self._choices), default=0) if keyed else 0
        options = self.query_one(OptionList)
        held = options.highlighted_option.id if options.highlighted_option else self._first
        options.clear_options()
        options.add_options([Option(_line(choice, width), id=choice.value) for choice in found])
        if not found:
            options.add_option(Option(self._why_none(typed), disabled=True))
        kept = [place for place, choice in enumerate(found) if choice.value == held]
        place = next(iter(kept), 0) if typed == self._typed else 0  # more came for the same words
        options.highlighted = place if found else None
        self._typed = typed

    def _why_none(self, typed: str) -> str:
        if typed:
            return "nothing matches"
        return "there is none yet: type it, and press enter" if self._free else "nothing is here yet"

    def _found(self, typed: str) -> list[Choice]:
        """The choices that have all typed words; before them what was typed itself, if it may be chosen."""
        asked, looked_up = self._looked_up
        found = with_words(self._choices, typed) + (looked_up if typed == asked else [])
        typed = typed.strip()
        is_one = any(typed in (choice.value, choice.text) for choice in found)
        if self._free and typed and not is_one and (name := self._free(typed)):
            found.insert(0, Choice(typed, name))
        return found


def _line(choice: Choice, width: int) -> Hanging:
    key = Content.styled(fit(choice.key, width) + "  ", "bold") if width else Content("")
    more = Content.styled(f"  {for_screen(choice.more)}" if choice.more else "", "$foreground-muted")
    return Hanging(key, Content(for_screen(choice.text)) + more)
