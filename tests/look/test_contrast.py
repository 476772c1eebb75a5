"""Everything that is painted can be read, in every theme that can be chosen: text at 4.5 to 1, controls at 3 to 1."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rich.color import Color as RichColor
from textual.color import Color
from textual.geometry import Region
from textual.theme import BUILTIN_THEMES
from textual.widgets import Input

from paperdeck.storage.settings.settings import Places
from paperdeck.tui.app import Reader
from paperdeck.tui.look.themes import (
    CONTROL_FLOOR,
    DARK,
    GROUNDS,
    LIGHT,
    OWN_THEMES,
    TEXT_FLOOR,
    TEXTS,
    THUMBS,
    contrast,
    with_readable_colours,
)
from paperdeck.tui.panes.filter_box import ABOUT
from tests.support.app_tools import painted_lines, reading, settled
from tests.support.libraries import real_library
from tests.support.screens import DIALOGS, PANES, STILL, go_back, go_to
from tests.support.screens import TEXTS as READING

THEMES = {theme.name: theme for theme in (*OWN_THEMES, *BUILTIN_THEMES.values()) if not theme.name.startswith("ansi")}
ROUNDING = 0.05
"""By how much rounded colours may be below the floor."""
RULES = set("▏▕│─▁▂▃▄▅▆▇█▌")
"""What is drawn and not read: rules between panes, scroll bars, the bar beside the cursor."""
LOOKED_AT = ("filtered", "views", "copy", "keys", "note", "full text, searched", "digest")
"""The screens that are painted in our own themes."""
IN_EVERY_THEME = ("filtered", "full text, searched")
"""Those that have every colour between them, painted in all other themes as well."""


def variables(name: str) -> dict[str, str]:
    """The variables of a theme as the reader uses them."""
    return with_readable_colours(name, THEMES[name].to_color_system().generate())


@pytest.mark.parametrize("name", THEMES)
def test_each_theme_keeps_the_floors(name: str) -> None:
    colours = variables(name)
    grounds = [Color.parse(colours[ground]) for ground in GROUNDS]
    for text in TEXTS:
        assert contrast(Color.parse(colours[text]), grounds) >= TEXT_FLOOR - ROUNDING, text
    for thumb in THUMBS:
        track = Color.parse(colours["scrollbar-background"])
        assert contrast(Color.parse(colours[thumb]), [track]) >= CONTROL_FLOOR - ROUNDING, thumb


def test_our_two_themes_define_the_same() -> None:
    assert DARK.variables.keys() == LIGHT.variables.keys()
    dark, light = variables(DARK.name), variables(LIGHT.name)
    assert dark.keys() == light.keys()
    assert dark["background"] != light["background"]


def test_white_on_black_is_the_most_there_is() -> None:
    assert contrast(Color(255, 255, 255), [Color(0, 0, 0)]) == pytest.approx(21)
    assert contrast(Color(119, 119, 119), [Color(255, 255, 255)]) == pytest.approx(4.48, abs=0.01)


def painted(app: Reader) -> Iterator[tuple[str, Color, Color]]:
    """The texts on the screen in front, each with its colour and its background; without what a dialog has dimmed."""
    size = app.screen.size
    boxes = app.screen.query(".dialog-box")
    region = boxes.first().region if boxes else Region(0, 0, size.width, size.height)
    for y, strip in enumerate(painted_lines(app)):
        if not region.y <= y < region.bottom:
            continue
        for segment in strip.crop(region.x, region.right):
            style = segment.style
            if style and style.color and style.bgcolor and set(segment.text) - RULES - {" "}:
                front, ground = _colour(style.color), _colour(style.bgcolor)
                yield segment.text, *((ground, front) if style.reverse else (front, ground))


def _colour(colour: RichColor) -> Color:
    return Color.from_rich_color(colour)


async def test_every_painted_text_can_be_read_in_every_theme(places: Places) -> None:
    real_library(places)
    ways, pale = PANES | DIALOGS | READING, []
    async with reading(places, STILL, size=(100, 20)) as (app, pilot):
        for screen in LOOKED_AT:
            await go_to(ways[screen], app, pilot)
            for theme in THEMES if screen in IN_EVERY_THEME else [own.name for own in OWN_THEMES]:
                app.theme = theme
                await pilot.pause()
                pale += [
                    (screen, theme, text.strip(), round(ratio, 2))
                    for text, front, ground in painted(app)
                    if (ratio := contrast(front, [ground])) < TEXT_FLOOR - 2 * ROUNDING
                ]
            await go_back(app, pilot)
    assert pale == []


async def test_the_placeholder_of_a_box_can_be_read(places: Places) -> None:
    async with reading(places, STILL) as (app, pilot):
        await pilot.press("slash")
        await settled(pilot)
        assert not app.screen.query_one("#filter-box", Input).value
        texts = [
            (text, front, ground)
            for text, front, ground in painted(app)
            if len(text) > len("words") and text.strip() in ABOUT
        ]
        assert texts
        assert all(contrast(front, [ground]) >= TEXT_FLOOR for _, front, ground in texts)
