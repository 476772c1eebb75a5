"""How the screens look: each at three sizes and in two themes, with papers that nobody should have to show.

A picture is kept as text: the characters of the screen, then how each line is coloured, then what the colours are.
After a wanted change: `pytest tests/test_snapshots.py --snapshot-update`, and look at what has changed in the files
beside this one, or at the pictures of all of them that `python -m tests.screenshot --all FOLDER` draws.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import groupby
from string import ascii_letters

import pytest
from rich.style import Style
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual.pilot import Pilot

from paperdeck.storage.settings.settings import LookSettings, Places
from paperdeck.tui.app import Reader
from tests.support.app_tools import reading, settled
from tests.support.screens import DIALOGS, PANES, SCREENS, SIZES, STILL, TEXTS, THEMES, go_back, go_to, torture_library

ELSEWISE = {
    name: (PANES | DIALOGS | TEXTS)[name]
    for name in ("list", "filters", "keys", "links", "full text", "digest", "failure")
}
"""The screens that are looked at in ASCII and in the terminal's own colours too."""


class Picture(SingleFileSnapshotExtension):
    """One text file for each picture."""

    _write_mode = WriteMode.TEXT
    _file_extension = "txt"


def picture_of(app: Reader) -> str:
    """The screen as text: its characters, the looks of each line by letters, and what each letter stands for."""
    letters: dict[str, str] = {}
    words, looks = [], []
    for strip in app.screen._compositor.render_strips(app.screen.size):
        cells = [(look_of(segment.style), segment.cell_length) for segment in strip]
        runs = [(look, sum(length for _, length in run)) for look, run in groupby(cells, key=lambda cell: cell[0])]
        for look, _ in runs:
            letters.setdefault(look, ascii_letters[len(letters)])
        words.append("".join(segment.text for segment in strip).rstrip())
        looks.append(" ".join(f"{length}{letters[look]}" for look, length in runs if length))
    return "\n".join([*words, "", *looks, "", *(f"{letter} {look}" for look, letter in letters.items()), ""])


async def looks_as(wanted: SnapshotAssertion, app: Reader, pilot: Pilot[None]) -> bool:
    """Whether the screen looks as it should, if need be a little later: a busy machine takes its time."""
    for _ in range(8):
        if picture_of(app) == wanted:
            return True
        await asyncio.sleep(0.1)
        await settled(pilot)
    return False


def named(*parts: str) -> str:
    """The name of a picture."""
    return "-".join(parts).replace(",", "").replace(" ", "-")


def look_of(style: Style | None) -> str:
    """A style without what can't be seen."""
    return str(style.clear_meta_and_links()) if style else "none"


@pytest.fixture
def library(places: Places, monkeypatch: pytest.MonkeyPatch) -> Places:
    """The torture library, seen at a time that stands still."""
    monkeypatch.setattr("paperdeck.tui.background.age_in_words", lambda *_: "5 min ago")
    torture_library(places)
    return places


@pytest.mark.parametrize("kind", SCREENS)
@pytest.mark.parametrize("size", SIZES)
async def test_every_screen(library: Places, snapshot: SnapshotAssertion, size: str, kind: str) -> None:
    pictures = snapshot.use_extension(Picture)
    themes, wrong = list(THEMES), []
    async with reading(library, STILL, size=SIZES[size], notices=True) as (app, pilot):
        for name, way in SCREENS[kind].items():
            await go_to(way, app, pilot)
            for theme in themes:
                app.theme = theme
                await pilot.pause()
                if not await looks_as(pictures(name=named(name, size, theme)), app, pilot):
                    wrong.append(named(name, size, theme))
            themes.reverse()  # a theme stays for the next screen, as to change it takes a while
            await go_back(app, pilot)
    assert wrong == []


@pytest.mark.parametrize("look", [LookSettings(theme="ansi-dark"), LookSettings(ascii=True)])
async def test_in_ascii_and_in_the_terminals_own_colours(
    library: Places, snapshot: SnapshotAssertion, look: LookSettings
) -> None:
    pictures = snapshot.use_extension(Picture)
    kind = "ascii" if look.ascii else look.theme
    settings = replace(STILL, look=replace(look, motion=False))
    async with reading(library, settings, size=SIZES["medium"], notices=True) as (app, pilot):
        for name, way in ELSEWISE.items():
            await go_to(way, app, pilot)
            assert await looks_as(pictures(name=named(name, kind)), app, pilot), name
            await go_back(app, pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_the_starter_shelf(places: Places, snapshot: SnapshotAssertion, size: str) -> None:
    async with reading(places, STILL, size=SIZES[size], notices=True) as (app, pilot):
        for theme in THEMES:
            app.theme = theme
            await pilot.pause()
            assert await looks_as(snapshot.use_extension(Picture)(name=named("shelf", size, theme)), app, pilot)
