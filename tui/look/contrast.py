"""Makes colours readable: moves a theme's colours away from its backgrounds until the contrast is sufficient.

The minimums are those of WCAG 2.2, https://www.w3.org/TR/WCAG22/: 4.5 for text (1.4.3), 3 for controls (1.4.11).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.color import Color

TEXT_FLOOR, CONTROL_FLOOR = 4.5, 3.0
"""Minimum contrast of text, and of non-text indicators such as a scroll bar."""
_MARGIN = 0.1
"""Added to the minimums, as colours are rounded when painted."""
_BLEND_STEPS = 24

GROUNDS = ("background", "surface", "panel")
"""The backgrounds of text."""
TEXTS = ("foreground", "foreground-muted", "accent", "primary", "warning", "error", "success")
"""The colours of text."""
THUMBS = ("scrollbar", "scrollbar-hover", "scrollbar-active")
PANEL_CONTRAST, PANEL_SHARE = 7.0, 0.8
"""The contrast of text on the cursor's row: at least this much, or this share of its contrast elsewhere."""


def readable(variables: Mapping[str, str]) -> dict[str, str]:
    """Replacements for unreadable colours of a theme; the terminal's own colours are unknown, and left alone."""
    if variables["background"].startswith("ansi"):
        return {}
    background, surface, panel = (Color.parse(variables[name]) for name in GROUNDS)
    opaque = {name: _over(background, Color.parse(variables[name])) for name in TEXTS}
    panel = _calm_panel(panel, background, legible(opaque["foreground"], [background, surface], TEXT_FLOOR))
    grounds = [background, surface, panel]
    found = {"panel": panel, "accent": legible(opaque["accent"], grounds, TEXT_FLOOR)}
    for name in TEXTS:
        found[name] = legible(found.get(name, opaque[name]), grounds, TEXT_FLOOR)
    tracks = [Color.parse(variables["scrollbar-background"]), background]
    for name in THUMBS:
        found[name] = legible(Color.parse(variables[name]), tracks, CONTROL_FLOOR)
    return {name: colour.hex for name, colour in found.items()}


def _over(ground: Color, colour: Color) -> Color:
    """A colour blended onto a background."""
    return ground.blend(colour.with_alpha(1), colour.a, alpha=1) if colour.a < 1 else colour


def _calm_panel(panel: Color, background: Color, text: Color) -> Color:
    """The background of the cursor's row, moved towards the main one until the text keeps its contrast."""
    enough = min(PANEL_CONTRAST, PANEL_SHARE * contrast(text, [background]))
    steps = (panel.blend(background, step / _BLEND_STEPS, alpha=1) for step in range(_BLEND_STEPS // 2))
    return next((moved for moved in steps if contrast(text, [moved]) >= enough), panel.blend(background, 0.5, alpha=1))


def legible(colour: Color, grounds: Sequence[Color], floor: float) -> Color:
    """An opaque colour, moved towards white or black just far enough for a contrast with every background."""
    if contrast(colour, grounds) >= floor:
        return colour
    end = max((Color(255, 255, 255), Color(0, 0, 0)), key=lambda end: contrast(end, grounds))
    steps = (colour.blend(end, step / _BLEND_STEPS, alpha=1) for step in range(1, _BLEND_STEPS + 1))
    return next((moved for moved in steps if contrast(moved, grounds) >= floor + _MARGIN), end)


def contrast(colour: Color, grounds: Sequence[Color]) -> float:
    """The minimum contrast of a colour with some backgrounds, from 1 to 21."""
    light = _luminance(colour)
    return min((max(light, ground) + 0.05) / (min(light, ground) + 0.05) for ground in map(_luminance, grounds))


def _luminance(colour: Color) -> float:
    """The relative luminance as defined by WCAG, from 0 to 1."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
