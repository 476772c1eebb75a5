"""A dialog for one line of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.widgets import Input, Static

from paperdeck.tui.keys import bindings

from .dialog import Dialog

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from paperdeck.tui.model.choice import Accept


class Prompt(Dialog[str | None]):
    """Asks for one line of text and returns it; None if the reader cancels."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("prompt")

    def __init__(
        self, title: str, value: str = "", hint: str = "", accept: Accept | None = None, *, proposal: str = ""
    ) -> None:
        """A prompt.

        Args:
            title: What the line is for.
            value: The reader's own text, to be edited: typing adds to it.
            hint: The placeholder of the empty box.
            accept: Handles the text, synchronously or not. If it raises a PaperdeckError, the dialog stays open with
                the text, and shows the reason.
            proposal: The initial text, in place of `value`, if it is only proposed: typing replaces it, enter accepts
                it, and the arrow keys begin to edit it.
        """
        super().__init__(title)
        self._accept = accept
        self._input = Input(proposal or value, placeholder=hint, compact=True, select_on_focus=False)
        if proposal:
            self._input.action_select_all()

    def contents(self) -> ComposeResult:
        yield self._input
        yield Static("enter confirms, esc cancels", classes="dialog-footer", markup=False)

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        self.answer(event.value, self._accept, event.value)
