"""An app that shows nothing but dialogs."""

from __future__ import annotations

from typing import Any

from textual.app import App

from paperdeck.tui.dialogs.choice_list import ChoiceList
from paperdeck.tui.look.text import UNICODE


class DialogApp(App[None]):
    """Draws dialogs as the reader does, without a library."""

    def get_css_variables(self) -> dict[str, str]:
        return super().get_css_variables() | UNICODE.style_variables()


def lines_of(app: App[Any]) -> list[str]:
    """The choices of the dialog in front, each with its key and its description; or why there are none."""
    shown = app.screen.query_one(ChoiceList)
    if not shown.choices:
        return [shown.empty_message]
    choices = shown.choices
    return ["  ".join(filter(None, (choice.key, choice.text, choice.more))) for choice in choices]
