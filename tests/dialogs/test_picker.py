"""Choosing by typing: what is shown is what can be taken, and a new text can be among it."""

from __future__ import annotations

import ast
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from paperdeck.tui.dialogs.picker import Choice, Picker
from tests.support.dialog_app import DialogApp, lines_of

TAGS = [Choice("thesis-2025", "thesis-2025"), Choice("survey", "survey")]


def new(typed: str) -> str:
    return f"new: {typed}"


@asynccontextmanager
async def picking(
    choices: Sequence[Choice], free: Callable[[str], str] | None = None, preview: Callable[[str], str] | None = None
) -> AsyncIterator[tuple[Pilot[None], list[str | None]]]:
    """A picker that is open, and what is chosen in it."""
    app = DialogApp()
    chosen: list[str | None] = []
    async with app.run_test() as pilot:
        await app.push_screen(Picker("Choose", choices, free=free, preview=preview), chosen.append)
        await pilot.pause()
        yield pilot, chosen


def shown(pilot: Pilot[None]) -> list[str]:
    """The lines of the list."""
    return lines_of(pilot.app)


async def test_what_is_named_twice_is_offered_once() -> None:
    async with picking([*TAGS, TAGS[0]]) as (pilot, _):
        assert shown(pilot) == ["thesis-2025", "survey"]


async def test_what_matches_nothing_says_so_and_chooses_nothing() -> None:
    async with picking(TAGS) as (pilot, chosen):
        await pilot.press("z", "enter")
        assert shown(pilot) == ["nothing matches"]
        assert not chosen


async def test_the_box_keeps_its_height_while_one_types() -> None:
    async with picking(TAGS) as (pilot, _):
        before = pilot.app.screen.query_one("Vertical").size
        await pilot.press("z")
        assert pilot.app.screen.query_one("Vertical").size == before


async def test_a_new_text_can_be_a_part_of_an_old_one() -> None:
    async with picking(TAGS, new) as (pilot, chosen):
        await pilot.press(*"thesis")
        assert shown(pilot) == ["new: thesis", "thesis-2025"]
        await pilot.press("enter")
        assert chosen == ["thesis"]


async def test_a_text_that_is_there_is_not_new() -> None:
    async with picking(TAGS, new) as (pilot, _):
        await pilot.press(*"survey")
        assert shown(pilot) == ["survey"]


async def test_a_text_that_has_no_meaning_is_not_offered() -> None:
    async with picking(TAGS, lambda _: "") as (pilot, _):
        await pilot.press(*"thesis")
        assert shown(pilot) == ["thesis-2025"]


HINT_CELLS = 33
"""What the box of a dialog shows in a window of 40 columns."""


def hints() -> list[str]:
    """Every hint of a dialog, as it is written in the source."""
    found: list[str] = []
    for file in Path("tui").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.keyword) and node.arg == "hint"
            if named or (isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "hint"):
                texts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
                found += [text for text in texts if isinstance(text, str)]
    return found


def test_no_hint_is_cut_at_40_columns() -> None:
    """“enter shows the best of them; the” was all that could be read."""
    assert len(hints()) > 10
    assert [hint for hint in hints() if len(hint) > HINT_CELLS] == []
