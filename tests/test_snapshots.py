"""How the screens look, with papers as they are; each widget also with hostile texts.

A picture is kept as text: the characters of the screen, then how each line is coloured, then what the colours are. All
are in the dark theme; tests/look/test_contrast.py measures the colours of every theme.
After a wanted change: `pytest tests/test_snapshots.py --snapshot-update`, and look at what has changed in the files
beside this one, or at the pictures of all of them that `python -m tests.support.screenshot FOLDER` draws.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from string import ascii_letters

import pytest
from rich.style import Style
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual.pilot import Pilot

from paperdeck.storage.settings.settings import Places
from paperdeck.tui.app import Reader
from tests.support.app_tools import painted_lines, reading, screen_text, settled
from tests.support.libraries import real_library, torture_library
from tests.support.screens import EVERY_SIZE, HOSTILE, SCREENS, SIZES, STILL, go_back, go_to

REST_LOOKS = 3
"""How many pictures in a row must be the same."""
STORED = Path(__file__).parent / "__snapshots__" / "test_snapshots"
WAYS = {name: way for ways in SCREENS.values() for name, way in ways.items()}
ASCII_PICTURES = (
    "list",
    "paper",
    "views",
    "filtered to nothing",
    "failure",
    "copy",
    "tags",
    "note",
    "keys",
    "palette",
)
ASCII_PICTURES += ("digest", "full text", "full text, searched", "contents")
ALIKE_IN_ASCII = {"list, further down", "filtered", "selection", "earlier day", "starred and undone", "two lines each"}
ALIKE_IN_ASCII |= {
    "save view",
    "mute",
    "theme",
    "export",
    "more like it",
    "full text, further on",
    "searching the text",
}
"""Screens of the same widgets and signs as others, which are enough to find a sign that is not ASCII."""
IN_TERMINAL_COLOURS = ("list", "copy", "note", "full text")


class Picture(SingleFileSnapshotExtension):
    """One text file for each picture."""

    _write_mode = WriteMode.TEXT
    _file_extension = "txt"


def picture_of(app: Reader) -> str:
    """The screen as text: its characters, the looks of each line by letters, and what each letter stands for."""
    letters: dict[str, str] = {}
    words, looks = [], []
    for strip in painted_lines(app):
        cells = [(look_of(segment.style), segment.cell_length) for segment in strip]
        runs = [(look, sum(length for _, length in run)) for look, run in groupby(cells, key=lambda cell: cell[0])]
        for look, _ in runs:
            letters.setdefault(look, ascii_letters[len(letters)])
        words.append("".join(segment.text for segment in strip).rstrip())
        looks.append(" ".join(f"{length}{letters[look]}" for look, length in runs if length))
    return "\n".join([*words, "", *looks, "", *(f"{letter} {look}" for look, letter in letters.items()), ""])


class Pictures:
    """The stored pictures of a test."""

    def __init__(self, wanted: SnapshotAssertion, test: str) -> None:
        self._wanted, self._test = wanted.use_extension(Picture), test

    async def show(self, app: Reader, pilot: Pilot[None], name: str) -> bool:
        """Whether the screen looks as its picture, or does so soon: what follows the cursor comes a little later."""
        stored = STORED / f"{self._test}[{name}].txt"
        wanted = stored.read_text(encoding="utf-8") if stored.exists() else None
        picture, unchanged = picture_of(app), 0
        while picture != wanted and unchanged < REST_LOOKS:
            await asyncio.sleep(0.04)
            await settled(pilot)
            before, picture = picture, picture_of(app)
            unchanged = unchanged + 1 if picture == before else 0
        return bool(picture == self._wanted(name=name))


@pytest.fixture
def pictures(snapshot: SnapshotAssertion, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Pictures:
    """The stored pictures of the test that runs; on a busy machine, too, no key comes too late to leave a message."""
    monkeypatch.setattr("paperdeck.tui.panes.footline.MIN_MESSAGE_SECONDS", 60.0)
    return Pictures(snapshot, request.node.name)


def named(*parts: str) -> str:
    """The name of a picture."""
    return "-".join(parts).replace(",", "").replace(" ", "-")


def look_of(style: Style | None) -> str:
    """A style without what can't be seen."""
    return str(style.clear_meta_and_links()) if style else "none"


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A time that stands still."""
    monkeypatch.setattr("paperdeck.tui.model.status.age_in_words", lambda *_: "5 min ago")


async def differing(names: Iterable[str], kind: str, pictures: Pictures, app: Reader, pilot: Pilot[None]) -> list[str]:
    """The screens that don't look as they should."""
    wrong = []
    for name in names:
        await go_to(WAYS[name], app, pilot)
        if not await pictures.show(app, pilot, named(name, kind)):
            wrong.append(name)
        await go_back(app, pilot)
    return wrong


@pytest.mark.parametrize("kind", SCREENS)
@pytest.mark.parametrize("size", SIZES)
async def test_every_screen(places: Places, pictures: Pictures, size: str, kind: str) -> None:
    real_library(places)
    names = [name for name in SCREENS[kind] if size == "medium" or name in EVERY_SIZE]
    async with reading(places, STILL, size=SIZES[size], notices=True) as (app, pilot):
        assert await differing(names, size, pictures, app, pilot) == []


async def test_each_widget_with_hostile_texts(places: Places, pictures: Pictures) -> None:
    torture_library(places)
    async with reading(places, STILL, size=SIZES["medium"], notices=True) as (app, pilot):
        assert await differing(HOSTILE, "hostile", pictures, app, pilot) == []


async def test_in_the_terminals_own_colours(places: Places, pictures: Pictures) -> None:
    real_library(places)
    settings = STILL._replace(look=STILL.look._replace(theme="ansi-dark"))
    async with reading(places, settings, size=SIZES["medium"], notices=True) as (app, pilot):
        assert await differing(IN_TERMINAL_COLOURS, "ansi", pictures, app, pilot) == []


async def test_in_ascii(places: Places, pictures: Pictures) -> None:
    """The papers are ASCII, so that whatever is not comes from us."""
    real_library(places)
    settings = STILL._replace(look=STILL.look._replace(ascii=True))
    wrong: list[str] = []
    strange = {}
    async with reading(places, settings, size=SIZES["medium"], notices=True) as (app, pilot):
        for name in (way for way in WAYS if way not in ALIKE_IN_ASCII):
            await go_to(WAYS[name], app, pilot)
            if name in ASCII_PICTURES and not await pictures.show(app, pilot, named(name, "ascii")):
                wrong.append(name)
            if signs := {sign for sign in screen_text(app) if not sign.isascii()}:
                strange[name] = signs
            await go_back(app, pilot)
    assert strange == {}
    assert wrong == []


@pytest.mark.parametrize("size", ["wide", "narrow"])
async def test_the_starter_shelf(places: Places, pictures: Pictures, size: str) -> None:
    async with reading(places, STILL, size=SIZES[size], notices=True, welcome=True) as (app, pilot):
        assert await pictures.show(app, pilot, named("welcome", size))
        await pilot.press("s")
        assert await pictures.show(app, pilot, named("shelf", size))
