"""Colours that can be read: each theme's colours, moved away from its grounds until their contrast is enough.

The floors are those of WCAG 2.2, https://www.w3.org/TR/WCAG22/: 4.5 for text (1.4.3), 3 for controls (1.4.11).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.color import Color

TEXT_FLOOR, CONTROL_FLOOR = 4.5, 3.0
"""Minimum contrast of text, and of non-text indicators such as a scroll bar."""
_MARGIN = 0.1
"""More than the floor, as colours are rounded when they are painted."""
_STEPS = 24

GROUNDS = ("background", "surface", "panel")
"""The grounds of text."""
TEXTS = ("foreground", "foreground-muted", "accent", "primary", "warning", "error", "success")
"""The colours of text."""
THUMBS = ("scrollbar", "scrollbar-hover", "scrollbar-active")
PANEL_CONTRAST, PANEL_SHARE = 7.0, 0.8
"""The contrast that text keeps on the ground of a row: so much, or this share of what it has elsewhere."""


def readable(variables: Mapping[str, str]) -> dict[str, str]:
    """Replacements for unreadable colours of a theme, by variable.

    Args:
        variables: All variables of the theme. Where its colours are the terminal's, nothing is known of them.
    """
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
    """A colour as it is painted on a ground."""
    return ground.blend(colour.with_alpha(1), colour.a, alpha=1) if colour.a < 1 else colour


def _calm_panel(panel: Color, background: Color, text: Color) -> Color:
    """The ground of the row under the cursor, moved towards the background until it takes little from the text."""
    enough = min(PANEL_CONTRAST, PANEL_SHARE * contrast(text, [background]))
    steps = (panel.blend(background, step / _STEPS, alpha=1) for step in range(_STEPS // 2))
    return next((moved for moved in steps if contrast(text, [moved]) >= enough), panel.blend(background, 0.5, alpha=1))


def legible(colour: Color, grounds: Sequence[Color], floor: float) -> Color:
    """A colour, moved no further towards white or black than it takes to be read on every ground.

    Args:
        colour: The colour, opaque.
        grounds: What it is painted on.
        floor: The least contrast with each of them.
    """
    if contrast(colour, grounds) >= floor:
        return colour
    end = max((Color(255, 255, 255), Color(0, 0, 0)), key=lambda end: contrast(end, grounds))
    steps = (colour.blend(end, step / _STEPS, alpha=1) for step in range(1, _STEPS + 1))
    return next((moved for moved in steps if contrast(moved, grounds) >= floor + _MARGIN), end)


def contrast(colour: Color, grounds: Sequence[Color]) -> float:
    """The least contrast of a colour with some grounds, from 1 to 21."""
    light = _luminance(colour)
    return min((max(light, ground) + 0.05) / (min(light, ground) + 0.05) for ground in map(_luminance, grounds))


def _luminance(colour: Color) -> float:
    """The relative luminance by WCAG, from 0 to 1."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
