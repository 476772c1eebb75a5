"""The screen of a digest."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from paperdeck.tui.keys import DIGEST, bindings
from paperdeck.tui.panes.status import Hint

from .text import TextScreen


class DigestScreen(TextScreen):
    """The best papers of a period."""

    DEFAULT_CSS = """
    DigestScreen { align-horizontal: center; & > TextView { max-width: 96; } }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(DIGEST)

    def __init__(self, text: str, hints: tuple[Hint, ...] = ()) -> None:
        super().__init__("Digest", text, hints)
