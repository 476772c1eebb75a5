"""What an app shows, read from its screen."""

from __future__ import annotations

from typing import Any

from textual.app import App


def shown_lines(app: App[Any]) -> list[str]:
    """What is on the screen, line by line, without colours."""
    size = app.screen.size
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips(size)]


def shown_text(app: App[Any]) -> str:
    """What is on the screen as one text, a space for each line break and run of spaces."""
    return " ".join(" ".join(shown_lines(app)).split())
