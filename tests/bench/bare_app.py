"""A bare Textual app with three panes and some text: what our start-up is measured against."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Footer, Header, Static


class Bare(App[None]):
    """Header, three panes, footer."""

    CSS = "VerticalScroll { width: 1fr; } #list { width: 2fr; }"

    def compose(self) -> ComposeResult:
        yield Header()
        with Horizontal():
            with VerticalScroll(id="views"):
                yield Static("\n".join(f"view {number}" for number in range(10)))
            with VerticalScroll(id="list"):
                yield Static("\n".join(f"READY row {number}" for number in range(60)))
            with VerticalScroll(id="detail"):
                yield Static("word " * 300)
        yield Footer()


if __name__ == "__main__":
    Bare().run()
