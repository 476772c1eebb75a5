"""A line with a key before it, wrapped beside the key instead of below it."""

from __future__ import annotations

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual


class HangingIndent(Visual):
    """Two texts side by side; the lines of the second one are aligned."""

    def __init__(self, head: Content, text: Content) -> None:
        self.head, self.text = head, text
        self._indent = head.cell_length

    def __str__(self) -> str:
        return f"{self.head.plain}{self.text.plain}"

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return self._indent + self.text.get_optimal_width(rules, container_width)

    def get_height(self, rules: RulesMap, width: int) -> int:
        return self.text.get_height(rules, max(1, width - self._indent))

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        head = self.head.render_strips(self._indent, 1, style, options) if self._indent else []
        lines = self.text.render_strips(max(1, width - self._indent), height, style, options)
        blank = Strip.blank(self._indent, style.rich_style)
        heads = [*head, *[blank] * len(lines)]
        return [Strip.join([first, line]) for first, line in zip(heads, lines, strict=False)]
