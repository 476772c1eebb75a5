"""The two themes of our own: calm, one accent colour, as much contrast as reading at length wants."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="paperdeck-dark",
    primary="#d9a441",
    accent="#d9a441",
    secondary="#8a8478",
    warning="#e07a5f",
    error="#e5685e",
    success="#81b29a",
    foreground="#dcd7cc",
    background="#181715",
    surface="#201f1c",
    panel="#2b2925",
    dark=True,
    variables={
        "foreground-muted": "#989285",
        "scrollbar": "#3a3832",
        "scrollbar-background": "#181715",
        "input-cursor-background": "#d9a441",
    },
)

LIGHT = Theme(
    name="paperdeck-light",
    primary="#9a5b00",
    accent="#9a5b00",
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
        "foreground-muted": "#6b665c",
        "scrollbar": "#d6d0c2",
        "scrollbar-background": "#fbf9f4",
        "input-cursor-background": "#9a5b00",
    },
)

OURS = (DARK, LIGHT)
