"""Styles of the parts of lines, for widgets that paint their lines themselves.

Component classes would do as well, but Textual matches each of them with the style sheet again whenever a class or the
focus of the widget changes: a sixth of the time of a start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.style import Style

if TYPE_CHECKING:
    from textual.widget import Widget

LineStyles = Mapping[str, str]
"""Style words by part, such as `"bold $accent"` for `"star"`.

Those of `"star:focus"`, `"star:nocolor"` and `"star:ansi"` take their place while the widget has the focus, without
colours, and in the terminal's own colours.
"""
_STATES = ("ansi", "nocolor", "focus")
"""The states that have words of their own, the most important first."""


def line_style(widget: Widget, styles: LineStyles, part: str) -> Style:
    """The style of a part of a line in the current theme; a part without words has no style of its own."""
    names = (name for state in _STATES if (name := f"{part}:{state}") in styles and widget.has_pseudo_class(state))
    style = Style.parse(styles.get(next(names, part), ""))
    transparent = style.background is not None and not style.background.a  # `rich_style` would make it black
    return replace(style, background=None) if transparent else style
