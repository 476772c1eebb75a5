"""Keys that come at once are answered one after the other."""

from __future__ import annotations

import asyncio
import time
from typing import Any, ClassVar

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input, Static

from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.actions.context import Context
from paperdeck.tui.app import Reader
from paperdeck.tui.key_queue import Keystrokes
from paperdeck.tui.model.finder import Finder
from tests.conftest import MakePaper
from tests.support.app_tools import eventually, fill, reading, screen_text, settled


@pytest.fixture
def filled(places: Places, make_paper: MakePaper) -> Places:
    """A library of five papers."""
    fill(places, [make_paper(number) for number in range(1, 6)])
    return places


def type_at_once(app: Reader, *keys: str) -> None:
    """Put keys into the app's queue without leaving it time between them."""
    for key in keys:
        app.post_message(events.Key(key, key if len(key) == 1 else None))


async def test_what_is_typed_right_after_the_key_of_the_filter_is_in_the_filter(filled: Places) -> None:
    async with reading(filled) as (app, _):
        type_at_once(app, "slash", *"stars")
        await eventually(lambda: app.main.filter_box.value == "stars")
        assert not any(marks.starred for marks in app.session.library.all_marks().values())


async def test_what_follows_enter_is_for_the_list(filled: Places) -> None:
    async with reading(filled) as (app, _):
        type_at_once(app, "slash", "a", "enter", "s")
        await eventually(lambda: any(marks.starred for marks in app.session.library.all_marks().values()))
        assert app.main.filter_box.value == "a"


@pytest.mark.parametrize(
    ("keys", "target"),
    [
        (("slash", *"title:3", "enter"), "2611.00003"),
        (("slash", *"title:3", "enter", "escape"), "2611.00005"),
        (("3", "5"), "2611.00001"),
    ],
    ids=["a filter", "a filter that is left", "another view"],
)
async def test_what_follows_a_key_that_asks_for_another_list_is_for_that_list(
    keys: tuple[str, ...], target: str, filled: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    Library(filled).mark(["2611.00001"], starred=True)
    find = Finder.find

    def find_late(*arguments: Any, **named: Any) -> Any:
        time.sleep(0.05)
        return find(*arguments, **named)

    async with reading(filled) as (app, pilot):
        monkeypatch.setattr(Finder, "find", find_late)
        type_at_once(app, *keys, "m")
        await eventually(lambda: any(marks.read for marks in app.session.library.all_marks().values()))
        await settled(pilot)
        assert [paper for paper, marks in app.session.library.all_marks().items() if marks.read] == [target]


async def test_what_is_typed_right_after_the_key_of_a_dialog_is_for_the_dialog(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        before = dict(app.session.library.all_marks())
        type_at_once(app, "question_mark", *"sxm")
        await eventually(lambda: [box.value for box in app.screen.query(Input)] == ["sxm"])
        await settled(pilot)
        assert dict(app.session.library.all_marks()) == before


async def test_what_is_typed_while_a_dialog_is_slow_to_open_is_for_the_dialog(
    filled: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a third of a second the letters ran as keys."""

    async def slow(context: Context) -> None:
        await asyncio.sleep(0.5)
        await context.choose("Late", [], free=str)

    monkeypatch.setattr("paperdeck.tui.actions.rules.my_taste", slow)
    async with reading(filled) as (app, _):
        type_at_once(app, "I", "s")
        await asyncio.sleep(0.4)
        type_at_once(app, *"xm")
        await eventually(lambda: [box.value for box in app.screen.query(Input)] == ["sxm"])
        assert not app.session.library.all_marks()


class SlowBox(Static, can_focus=True):
    """A widget that takes longer for a key than a key waits for one whose receiver is gone."""

    class Answer(Message):
        """What the key brings about, as enter in an input."""

    async def on_key(self, event: events.Key) -> None:
        if event.key == "a":
            await asyncio.sleep(0.5)
            self.post_message(self.Answer())


class SlowApp(App[None]):
    """An app that notes what comes from its box, and when `b` is pressed."""

    BINDINGS: ClassVar[list[BindingType]] = [("b", "note", "Note")]

    def __init__(self) -> None:
        super().__init__()
        self.noted: list[str] = []
        self._keystrokes = Keystrokes(self, super().on_event, lambda: False)

    def compose(self) -> ComposeResult:
        yield SlowBox()

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self._keystrokes.take(event)
        else:
            await super().on_event(event)

    def on_slow_box_answer(self) -> None:
        self.noted.append("answer to a")

    def action_note(self) -> None:
        """Note that the second key has come."""
        self.noted.append("b")


async def test_a_key_waits_for_a_slow_one_as_long_as_that_can_be_handled() -> None:
    """On a busy machine, escape right after enter closed a dialog before it had taken the answer."""
    app = SlowApp()
    async with app.run_test() as pilot:
        app.query_one(SlowBox).focus()
        await pilot.pause()
        for key in ("a", "b"):
            app.post_message(events.Key(key, key))
        await eventually(lambda: len(app.noted) == 2)
        assert app.noted == ["answer to a", "b"]


async def test_escape_right_after_enter_leaves_what_enter_did(filled: Places) -> None:
    """Escape closed the dialog while the answer was still on its way to it, past the boxes around the text."""
    async with reading(filled) as (app, _):
        type_at_once(app, "I", *"cats", "enter", "escape")
        await eventually(lambda: app.session.rules.rules.interests == ("cats",))


async def test_a_key_that_closes_what_it_was_for_keeps_no_other_waiting_for_long(filled: Places) -> None:
    async with reading(filled) as (app, _):
        type_at_once(app, "question_mark", "escape", "s")
        await eventually(lambda: any(marks.starred for marks in app.session.library.all_marks().values()))
        assert app.screen is app.main


async def test_a_dialog_can_be_left_after_its_action_was_cancelled(filled: Places) -> None:
    """As when the app ends while a dialog is open, and escape is still on its way."""
    async with reading(filled) as (app, pilot):
        await pilot.press("I")
        await eventually(lambda: app.screen is not app.main)
        app.workers.cancel_all()
        await pilot.press("escape")
        await eventually(lambda: app.screen is app.main)


async def test_a_deed_of_another_process_is_named_again_after_another_key(filled: Places) -> None:
    """`u` named it, `l` showed the links, and the next `u` undid it without a word before."""
    Library(filled, maker="paperdeck star").mark(["2611.00003"], starred=True, label="star")
    async with reading(filled) as (app, pilot):
        for keys in (("u",), ("l", "escape", "u")):
            await pilot.press(*keys)
            await settled(pilot)
            await eventually(lambda: "again undoes that" in screen_text(app))
        assert app.session.library.marks("2611.00003").starred
        await pilot.press("u")
        await eventually(lambda: not app.session.library.marks("2611.00003").starred)
