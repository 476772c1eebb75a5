"""The screen of a digest."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from paperdeck.tui.keys import DIGEST, bindings

from .text import TextScreen


class DigestScreen(TextScreen):
    """The best papers of a period."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(DIGEST)

    def __init__(self, text: str) -> None:
        super().__init__("Digest", text, "esc back, enter its papers, 1 day, 2 week, 3 month, S have it sent")
