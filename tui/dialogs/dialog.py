"""The base of all dialogs: a title, a centred box, and an answer that is handled before the dialog closes."""

from __future__ import annotations

from collections.abc import Awaitable
from contextlib import contextmanager
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen, ScreenResultType
from textual.widgets import Static

from paperdeck.storage.errors import PaperdeckError
from paperdeck.tui.look.text import fit, symbols_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual import events
    from textual.app import ComposeResult

    from paperdeck.tui.model.choice import Accept

TIGHT_ROWS = 20
"""Rows of the screen below which decoration is dropped."""


class OneLine(Static):
    """A sentence on one line; if it has to be cut, it ends in a sign that says so, also in ASCII."""

    def render(self) -> Content:
        return Content(fit(str(self.content), self.content_size.width, symbols_of(self.app).ellipsis).rstrip())


class Dialog(ModalScreen[ScreenResultType]):
    """A box with a title; enter answers, escape cancels.

    If handling the answer fails, the dialog stays open with its text and shows the reason.
    """

    CSS_PATH = "../look/dialogs.tcss"

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self.box = Vertical(classes="dialog-box")  # attributes, as a dialog closed at once never mounts its widgets
        self._message = Static("", classes="dialog-message", markup=False)
        self._message.display = False
        self.is_answering = False
        """Whether the answer is acted on, after which the dialog closes."""

    def compose(self) -> ComposeResult:
        with self.box:
            yield OneLine(symbols_of(self.app).words(self._title), classes="dialog-title", markup=False)
            yield from self.contents()
            yield self._message

    def contents(self) -> ComposeResult:
        """The widgets below the title."""
        yield from ()

    @property
    def hides_messages(self) -> bool:
        """Whether a message on the bottom line may not be seen; a dialog that is about to close doesn't matter."""
        return not self.is_answering

    @property
    def is_tight(self) -> bool:
        """Whether decoration is dropped to save rows."""
        return self.app.size.height < TIGHT_ROWS

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(self.is_tight, "-tight")

    def say(self, message: str, *, severe: bool = False) -> None:
        """Show a message, or a failure, at the bottom of the dialog; an empty one clears it."""
        words = symbols_of(self.app).words(message)
        self._message.update(f"! {words}" if severe else words)
        self._message.set_class(severe, "-severe")
        self._message.display = bool(message)

    def answer(self, value: ScreenResultType, accept: Accept | None, text: str) -> None:
        """Let `accept` act on a text, then close with a value; if that fails, stay open and show the reason."""
        if self.is_answering:
            return
        self.say("")
        self.is_answering = True
        waiting: Awaitable[None] | None = None
        with self._showing_reasons():
            try:
                waiting = accept(text) if accept else None
            finally:
                self.is_answering = waiting is not None
            if waiting is None:
                self._close(value)
            else:
                self.run_worker(self._wait_for(waiting, value))

    async def _wait_for(self, waiting: Awaitable[None], value: ScreenResultType) -> None:
        with self._showing_reasons():
            try:
                await waiting
            finally:
                self.is_answering = False
            self._close(value)

    def _close(self, value: ScreenResultType) -> None:
        if self.is_current:  # otherwise the reader left meanwhile, by a key right after the one that answered
            self.dismiss(value)

    @contextmanager
    def _showing_reasons(self) -> Iterator[None]:
        try:
            yield
        except PaperdeckError as error:
            self.say(str(error), severe=True)
