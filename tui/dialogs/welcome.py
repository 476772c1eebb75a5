"""The card of the very first start: the keys to begin with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from paperdeck.tui.keys import with_keys
from paperdeck.tui.look.text import symbols_of

from .dialog import Dialog

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

KEYS = (
    ("{next} {previous}", "go through the papers"),
    ("{read}", "read the abstract"),
    ("{star}", "star a paper to keep it"),
    ("{copy-menu}", "copy a link or a citation"),
    ("{filter}", "search"),
    ("{my-taste}", "say what interests you"),
    ("{help}", "all keys"),
)
"""The first keys, with their effects."""
_TEXT_COLUMNS = 44


class Welcome(Dialog[None]):
    """A few keys; any key closes it, and does nothing else."""

    def __init__(self, key_of: Callable[[str], str], *, offline: bool) -> None:
        super().__init__("Welcome to paperdeck")
        self._key_of, self._offline = key_of, offline

    @property
    def hides_messages(self) -> bool:
        """The card is small, so the bottom line is seen below it."""
        return False

    def contents(self) -> ComposeResult:
        yield Static(self._keys())
        offline = "These well-known papers ship with paperdeck; {refresh} fetches today's."
        coming = "Each start fetches the newest papers."
        words = with_keys(offline if self._offline else coming, self._key_of)
        yield Static(symbols_of(self.app).words(f"{words} Any key closes it."), classes="welcome-foot", markup=False)

    def _keys(self) -> Content:
        keys = [(with_keys(key, self._key_of), does) for key, does in KEYS]
        width = max(cell_len(key) for key, _ in keys)
        lines = [
            Content.assemble((key + " " * (width - cell_len(key)), "bold $accent"), f"   {does}") for key, does in keys
        ]
        return Content("\n").join(lines)

    def on_mount(self) -> None:
        self.box.styles.width = _TEXT_COLUMNS

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.dismiss(None)

    def on_click(self) -> None:
        self.dismiss(None)
