"""Our own two themes: calm, with one accent colour, and enough contrast for long reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

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
"""Their colours already meet the minimum contrasts of `contrast`, as tests check."""


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
    from .contrast import readable  # our own themes, which most people use, start without it

    return {**variables, **readable(variables)}
