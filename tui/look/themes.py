"""Our own two themes, and the colours of all others moved until they can be read.

Ours are calm, with one accent colour, and enough contrast for long reading. A theme's colours are moved away from its
backgrounds until the contrast is sufficient: the minimums are those of WCAG 2.2, https://www.w3.org/TR/WCAG22/: 4.5 for
text (1.4.3), 3 for controls (1.4.11).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from paperdeck.storage.text.clean import clean_line
from paperdeck.storage.text.words import did_you_mean

if TYPE_CHECKING:
    from paperdeck.storage.settings.settings import Settings

DARK = Theme(
    name="paperdeck-dark",
    primary="#d9a441",
    accent="#d9a441",
    secondary="#8a8478",
    warning="#e07a5f",
    error="#e56e64",
    success="#81b29a",
    foreground="#dcd7cc",
    background="#181715",
    surface="#201f1c",
    panel="#2b2925",
    dark=True,
    variables={
        "foreground-muted": "#989285",
        "scrollbar": "#6b6965",
        "scrollbar-hover": "#8a8478",
        "scrollbar-background": "#181715",
        "input-cursor-background": "#d9a441",
    },
)

LIGHT = Theme(
    name="paperdeck-light",
    primary="#925700",
    accent="#925700",
    secondary="#6b665c",
    warning="#b3391f",
    error="#b3261e",
    success="#2f6f4f",
    foreground="#26241f",
    background="#fbf9f4",
    surface="#f3f0e8",
    panel="#e9e4d8",
    dark=False,
    variables={
        "foreground-muted": "#666158",
        "scrollbar": "#8e8a81",
        "scrollbar-hover": "#6b665c",
        "scrollbar-background": "#fbf9f4",
        "input-cursor-background": "#925700",
    },
)

OWN_THEMES = (DARK, LIGHT)
"""Their colours already meet the minimum contrasts, as tests check."""
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


def complaints_about_theme(settings: Settings) -> list[str]:
    """A sentence if the settings name a theme that doesn't exist."""
    name, known = settings.look.theme, [*(theme.name for theme in OWN_THEMES), *BUILTIN_THEMES]
    if name in known:
        return []
    hint = did_you_mean(name, known) or ";"
    return [f"config.toml: there is no theme “{clean_line(name)}”{hint} {DARK.name} is used."]


def with_readable_colours(name: str, variables: Mapping[str, str]) -> dict[str, str]:
    """The variables of a theme, with unreadable colours adjusted."""
    if name in {theme.name for theme in OWN_THEMES}:
        return dict(variables)
    return {**variables, **readable(variables)}


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
