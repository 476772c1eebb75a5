"""Choosing by typing: what is shown is what can be chosen, and a new text can be one of the choices."""

from __future__ import annotations

import ast
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from threading import Event

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from paperdeck.tui.dialogs.choice_list import ChoiceList
from paperdeck.tui.dialogs.picker import Picker
from paperdeck.tui.model.choice import Choice
from tests.support.app_tools import eventually
from tests.support.dialog_app import DialogApp, lines_of
from tests.support.source import ROOT, SOURCES, nodes_of

TAGS = [Choice("thesis-2025", "thesis-2025"), Choice("survey", "survey")]


def new(typed: str) -> str:
    return f"new: {typed}"


@asynccontextmanager
async def picking(
    choices: Sequence[Choice],
    free: Callable[[str], str] | None = None,
    preview: Callable[[str], str] | None = None,
    *,
    free_last: bool = False,
) -> AsyncIterator[tuple[Pilot[None], list[str | None]]]:
    """A picker that is open, and what is chosen in it."""
    app = DialogApp()
    chosen: list[str | None] = []
    async with app.run_test() as pilot:
        await app.push_screen(Picker("Choose", choices, free=free, preview=preview, free_last=free_last), chosen.append)
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


async def test_an_answer_that_escape_overtakes_is_harmless() -> None:
    """On a busy machine, escape right after enter closes the dialog before it has taken the answer."""
    async with picking(TAGS) as (pilot, chosen):
        picker = pilot.app.screen
        box = picker.query_one(Input)
        await picker.action_dismiss(None)
        picker.post_message(Input.Submitted(box, ""))
        await pilot.pause()
        assert chosen == [None]


async def test_the_box_keeps_its_height_during_typing() -> None:
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


async def test_a_text_that_is_rarely_meant_comes_after_what_it_finds() -> None:
    async with picking(TAGS, new, free_last=True) as (pilot, chosen):
        await pilot.press(*"thesis")
        assert shown(pilot) == ["thesis-2025", "new: thesis"]
        await pilot.press("enter")
        assert chosen == ["thesis-2025"]


async def test_a_text_that_is_there_is_not_new() -> None:
    async with picking(TAGS, new) as (pilot, _):
        await pilot.press(*"survey")
        assert shown(pilot) == ["survey"]


async def test_a_text_that_has_no_meaning_is_not_offered() -> None:
    async with picking(TAGS, lambda _: "") as (pilot, _):
        await pilot.press(*"thesis")
        assert shown(pilot) == ["thesis-2025"]


FORMS = [Choice(name, f"Form {name}", name) for name in "abcdefghijklmno"]


@pytest.mark.parametrize(("size", "shown", "width"), [((40, 20), 15, 40), ((40, 30), 15, 38), ((80, 20), 15, 80)])
async def test_a_small_window_shows_all_fifteen_forms(size: tuple[int, int], shown: int, width: int) -> None:
    """At 40x20 six of fifteen were shown, in a box of twelve lines."""
    app = DialogApp()
    async with app.run_test(size=size) as pilot:
        await app.push_screen(Picker("Copy 1 paper as", FORMS, instant=True, preview=lambda _: "a preview"))
        await pilot.pause()
        assert app.screen.query_one(ChoiceList).size.height == shown
        if width < 60:
            assert app.screen.query_one(".dialog-box").size.width >= width - 6, "nothing peeps out beside it"


async def test_a_box_has_room_for_links_that_are_wrapped() -> None:
    """At 40x20 two of five links were shown, in a box of five lines."""
    links = [Choice(letter, "page", letter, f"https://example.org/{letter * 40}") for letter in "pfcxd"]
    app = DialogApp()
    async with app.run_test(size=(40, 20)) as pilot:
        await app.push_screen(Picker("Open", links, instant=True))
        await pilot.pause()
        shown = app.screen.query_one(ChoiceList)
        assert shown.size.height == shown.virtual_size.height == 15


async def test_a_picker_that_previews_on_the_screen_leaves_most_of_it_visible() -> None:
    app = DialogApp()
    async with app.run_test(size=(80, 20)) as pilot:
        await app.push_screen(Picker("Theme", FORMS, preview=lambda _: "", tried=True))
        await pilot.pause()
        assert app.screen.query_one(ChoiceList).size.height == 6


async def test_what_takes_a_while_is_added_to_a_dialog_that_is_open_already() -> None:
    """The dialog of the taste opened a second after its key, and what was typed meanwhile ran as keys."""
    may_go, chosen, app = Event(), list[str | None](), DialogApp()

    def later() -> list[Choice]:
        may_go.wait(5)
        return TAGS

    async with app.run_test() as pilot:
        await app.push_screen(Picker("Choose", [], free=new, later=later), chosen.append)
        await pilot.pause()
        assert lines_of(app) == ["a moment …"]
        await pilot.press(*"sur")
        may_go.set()
        await eventually(lambda: lines_of(app) == ["new: sur", "survey"])
        await pilot.press("down", "enter")
        await pilot.pause()
    assert chosen == ["survey"]


HINT_CELLS = 33
"""What the box of a dialog shows in a window of 40 columns."""


def hints() -> list[str]:
    """Every hint of a dialog, as it is written in the source."""
    found: list[str] = []
    for path in (path for path in SOURCES if "tui" in path.relative_to(ROOT).parts):
        for node in nodes_of(path):
            named = isinstance(node, ast.keyword) and node.arg == "hint"
            if named or (isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "hint"):
                texts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
                found += [text for text in texts if isinstance(text, str)]
    return found


def test_no_hint_is_cut_at_40_columns() -> None:
    """“enter shows the best of them; the” was all that could be read."""
    found = hints()
    assert len(found) > 10
    assert [hint for hint in found if len(hint) > HINT_CELLS] == []


async def test_the_app_can_end_while_a_picker_opens() -> None:
    """A picker that is closed before its widgets are mounted looked for them."""
    app = DialogApp()
    async with app.run_test():
        app.push_screen(picker := Picker("Choose", TAGS, preview=str))
    assert not picker.is_running
