"""The screen of a digest."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from .text import TextScreen


class DigestScreen(TextScreen):
    """The best papers of a period."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "app.digest('day')", "Day", show=False),
        Binding("w", "app.digest('week')", "Week", show=False),
        Binding("m", "app.digest('month')", "Month", show=False),
        Binding("S", "app.subscribe", "Subscribe", show=False),
    ]

    def __init__(self, text: str) -> None:
        super().__init__("Digest", text, "esc back, d day, w week, m month, S have it sent")
