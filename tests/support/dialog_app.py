"""An app that shows nothing but dialogs."""

from __future__ import annotations

from textual.app import App

from paperdeck.tui.look.symbols import UNICODE


class DialogApp(App[None]):
    """Draws dialogs as the reader does, without a library."""

    def get_css_variables(self) -> dict[str, str]:
        return super().get_css_variables() | UNICODE.style_variables()
