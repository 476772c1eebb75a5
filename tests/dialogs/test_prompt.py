"""What is typed into a dialog survives an error: the dialog stays open with the text and the reason."""

from __future__ import annotations

import asyncio

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from paperdeck.storage.errors import ActionFailed
from paperdeck.storage.settings.places import Places
from paperdeck.tui.dialogs.picker import Picker
from paperdeck.tui.dialogs.prompt import Prompt
from paperdeck.tui.model.choice import Choice
from tests.conftest import MakePaper
from tests.support.app_tools import eventually, fill, reading
from tests.support.dialog_app import DialogApp
from tests.support.widgets import shown_text

REASON = "There is no folder “/nowhere”; name another file."


def refuse(text: str) -> None:
    """Act on nothing but what ends with “.bib”."""
    if not text.endswith(".bib"):
        raise ActionFailed(REASON)


async def refuse_later(text: str) -> None:
    await asyncio.sleep(0)
    refuse(text)


def typed(pilot: Pilot[None]) -> str:
    return pilot.app.screen.query_one(Input).value


@pytest.mark.parametrize("accept", [refuse, refuse_later])
async def test_a_text_that_is_refused_stays_with_the_reason(accept: object) -> None:
    app, answers = DialogApp(), list[str | None]()
    async with app.run_test() as pilot:
        await app.push_screen(Prompt("Into the file", "/nowhere/x", accept=accept), answers.append)  # type: ignore[arg-type]
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, Prompt)
        assert typed(pilot) == "/nowhere/x"
        await eventually(lambda: REASON in shown_text(app))
        await pilot.press(*".bib", "enter")
        await pilot.pause()
        assert answers == ["/nowhere/x.bib"]


@pytest.mark.parametrize(
    ("keys", "answer"), [("x", "x"), ("", "~/papers.bib"), ("end x", "~/papers.bibx"), ("right x", "~/papers.bibx")]
)
async def test_typing_replaces_what_is_proposed_and_adds_to_what_is_the_readers(keys: str, answer: str) -> None:
    """A path that was typed into “Into the file  ~/papers.bib” was joined to it."""
    app, answers = DialogApp(), list[str | None]()
    async with app.run_test() as pilot:
        for prompt in (Prompt("Into the file", proposal="~/papers.bib"), Prompt("Rename", "LoRA")):
            await app.push_screen(prompt, answers.append)
            await pilot.press(*keys.split(), "enter")
            await pilot.pause()
    assert answers == [answer, "LoRAx" if keys else "LoRA"]


async def test_a_new_tag_that_is_refused_stays_in_a_picker_too() -> None:
    app, answers = DialogApp(), list[str | None]()
    async with app.run_test() as pilot:
        picker = Picker("Tags", [Choice("a.bib", "a.bib")], free=lambda text: f"new: {text}", accept=refuse)
        await app.push_screen(picker, answers.append)
        await pilot.press(*"--", "enter")
        await pilot.pause()
        assert typed(pilot) == "--"
        await eventually(lambda: REASON in shown_text(app))
        assert not answers
        await pilot.press("ctrl+u", "enter")
        await pilot.pause()
        assert answers == ["a.bib"]


async def test_enter_twice_acts_once_and_escape_leaves_what_takes_long() -> None:
    app, answers, asked = DialogApp(), list[str | None](), list[str]()

    async def never(text: str) -> None:
        asked.append(text)
        await asyncio.Event().wait()

    async with app.run_test() as pilot:
        await app.push_screen(Prompt("Name", "x", accept=never), answers.append)
        await pilot.press("enter", "enter")
        await pilot.press("escape")
        await pilot.pause()
    assert asked == ["x"]
    assert answers == [None]


async def test_a_tag_is_offered_as_it_is_stored_and_one_that_cannot_be_stored_keeps_the_dialog(
    places: Places, make_paper: MakePaper
) -> None:
    fill(places, [make_paper(1)])
    async with reading(places) as (app, pilot):
        await pilot.press("t", *"to read")
        await eventually(lambda: "new: to-read" in shown_text(app))
        await pilot.press("ctrl+u", "minus", "minus", "enter")
        await eventually(lambda: "can't be a tag" in shown_text(app))
        assert typed(pilot) == "--"
