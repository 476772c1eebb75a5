"""The help: all keys with what they do, found by typing, and run on enter."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from .cells import fit
from .keys import APP_KEYS
from .line_list import LineList


class HelpScreen(ModalScreen[str | None]):
    """Lists the keys; the one that is chosen is run when the help closes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark", "dismiss", "Close", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
    ]

    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        & > Vertical {
            width: 76; max-width: 100%; height: 80%; min-width: 10;
            background: $surface; padding: 1 2;
        }
        & Input { height: 1; border: none; background: $surface; margin-bottom: 1; }
        & OptionList { background: $surface; border: none; height: 1fr; min-width: 8; padding: 0; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._bindings_shown = [binding for binding in (*APP_KEYS, *LineList.BINDINGS) if isinstance(binding, Binding)]

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Input(placeholder="Find a key by what it does; enter runs it", compact=True)
            yield OptionList(markup=False)

    def on_mount(self) -> None:
        self._show("")

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        self._show(event.value)

    @on(Input.Submitted)
    def _run_highlighted(self) -> None:
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            self.dismiss(options.get_option_at_index(options.highlighted).id)

    @on(OptionList.OptionSelected)
    def _run_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def action_move(self, step: int) -> None:
        options = self.query_one(OptionList)
        options.action_cursor_down() if step > 0 else options.action_cursor_up()

    def _show(self, wanted: str) -> None:
        words = wanted.casefold().split()
        keymap = self.app.session.settings.keys  # type: ignore[attr-defined]
        options = self.query_one(OptionList)
        options.clear_options()
        for binding in self._bindings_shown:
            keys = " ".join(self._shown(key) for key in keymap.get(binding.id or "", binding.key).split(","))
            if all(word in f"{keys} {binding.description} {binding.tooltip}".casefold() for word in words):
                text = Content.assemble((fit(keys, 12), "bold"), " ", binding.tooltip or binding.description)
                options.add_option(Option(text, id=binding.action))
        if options.option_count:
            options.highlighted = 0

    def _shown(self, key: str) -> str:
        return self.app.get_key_display(Binding(key.strip(), ""))
