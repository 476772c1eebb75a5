"""A failure names the deed, the reason and a way out that works: every deed, every kind."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from paperdeck.storage.errors import NotFound, NotSent, RateLimited, Refused, SourceError, Unreachable
from paperdeck.storage.fetch.fetcher import Fetcher
from paperdeck.storage.fetch.run import Progress
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.app import Reader
from paperdeck.tui.context.voice import failure_in_words
from paperdeck.tui.run import RunAction
from tests.conftest import MakePaper
from tests.support.app_tools import eventually, fill, reading, screen_lines, settled

DEEDS: dict[str, tuple[str, str, str]] = {
    "D": ("pdf", "download the PDF", ""),
    "f": ("full_text", "fetch the text", ""),
    "K": ("paper", "fetch the discussion", ""),
    "ctrl+s": ("search", "search the Hub", "slash c a t s"),
    "9": ("trending", "fetch the trending papers", ""),
    "r": ("refresh", "fetch papers", ""),
    "R enter": ("backfill", "fetch papers", ""),
    "slash 2 4 0 5 . 1 5 7 3 8 enter": ("add", "look it up", ""),
}
"""By the keys of a deed: the fetcher method that fails, what the message says could not be done, and keys before it."""
REASON = "no answer (hub.example)"
KINDS: list[Callable[[str], SourceError]] = [
    lambda deed: Unreachable(REASON, task=deed),
    lambda deed: SourceError(REASON, task=deed),
    lambda deed: RateLimited(REASON, 40, task=deed),
    lambda deed: NotFound(REASON, task=deed),
    lambda deed: Refused(REASON, task=deed, remedy="Set HF_TOKEN"),
    lambda deed: NotSent(REASON, task=deed),
]
IN_THE_APP = (KINDS[0], KINDS[4])
"""One that may pass, and one with a remedy of its own; the others differ only in their words."""
WRITTEN = {"^s": "ctrl+s", "/": "slash"}
AGAIN = re.compile(r"\. ([^.]+) tries again\.$")


class Failing:
    """Stands in for one thing that a fetcher does, and fails."""

    def __init__(self, error: SourceError) -> None:
        self.error, self.asked = error, 0

    async def coroutine(self, *_: object, **__: object) -> Any:
        self.asked += 1
        raise self.error

    async def events(self, *_: object, **__: object) -> AsyncGenerator[Progress, None]:
        self.asked += 1
        yield Progress(source="hf", label="", error=self.error)

    def put_in(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        """Take the place of a method of every fetcher."""
        monkeypatch.setattr(Fetcher, name, self.events if name in ("refresh", "backfill") else self.coroutine)


async def go(pilot: Pilot[None], keys: str) -> None:
    """Press keys one by one."""
    for key in keys.replace(".", "full_stop").split():
        await pilot.press(key)
    await settled(pilot)


async def failed(app: Reader, pilot: Pilot[None], keys: str, failing: Failing) -> str:
    """Do something that fails; returns the message, which stays until a key is pressed."""
    before = failing.asked
    await go(pilot, keys)
    await eventually(lambda: failing.asked > before and app.main.footline.severe)
    return str(app.main.footline.message)


@pytest.fixture
def filled(places: Places, make_paper: MakePaper) -> Places:
    """A paper."""
    fill(places, [make_paper(1)])
    return places


@pytest.mark.parametrize("make", KINDS)
def test_only_what_may_pass_and_has_no_other_remedy_is_to_be_tried_again(make: Callable[[str], SourceError]) -> None:
    error = make("download the PDF")
    said = failure_in_words(error, "{pdf}", {"pdf": "D"}.__getitem__)
    assert said.startswith(f"Could not download the PDF: {REASON}.")
    assert said.endswith(" D tries again.") == (error.is_transient and not error.remedy)


@pytest.mark.parametrize("keys", DEEDS)
async def test_what_failed_is_reported_with_a_key_that_tries_again(
    keys: str, filled: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, deed, before = DEEDS[keys]
    monkeypatch.setattr("paperdeck.tui.panes.footline.MIN_MESSAGE_SECONDS", 0.0)
    async with reading(filled) as (app, pilot):
        for make in IN_THE_APP:
            failing = Failing(error := make(deed))
            failing.put_in(monkeypatch, name)
            await go(pilot, f"escape escape 1 {before}")
            said = await failed(app, pilot, keys, failing)
            assert said.startswith(f"Could not {deed}: ")
            again = AGAIN.search(said)
            assert bool(again) == (error.is_transient and not error.remedy), said
            if again:
                pressed = " ".join(WRITTEN.get(key, key) for key in again[1].split())
                assert await failed(app, pilot, pressed + " enter" * ("R" in pressed), failing) == said


async def test_two_failures_have_a_line_each_until_a_key_or_the_next_deed(
    filled: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two became one sentence that was cut; an earlier deed's stayed beside the next one's success."""
    for name, deed in (("pdf", "download the PDF"), ("search", "search the Hub")):
        Failing(Unreachable(REASON, task=deed)).put_in(monkeypatch, name)
    monkeypatch.setattr("paperdeck.tui.panes.footline.MIN_MESSAGE_SECONDS", 60.0)
    async with reading(filled) as (app, pilot):
        line = app.main.footline
        app.context.say("An answer was skipped.", severe=True)
        await go(pilot, "slash c a t s ctrl+s")
        await eventually(lambda: line.message.count("\n") == 1)
        await settled(pilot)
        first, second = (line.strip() for line in screen_lines(app)[-2:])
        assert first == "! An answer was skipped."
        assert second == f"! Could not search the Hub: {REASON}. ^s tries again."
        await go(pilot, "escape escape D")
        await eventually(lambda: "the PDF" in line.message)
        assert line.message.split("\n") == [
            "An answer was skipped.",
            f"Could not download the PDF: {REASON}. D tries again.",
        ]
        await pilot.press("j")
        assert "the PDF" in line.message, "a key that does nothing else may be pressed while reading it"
        app.post_message(RunAction("marks.rested", "2611.00001", asked=False))
        await eventually(lambda: app.session.marks.of("2611.00001").read)
        assert "the PDF" in line.message, "the reader did nothing"
        app.post_message(events.Paste("2611.00001"))
        await eventually(lambda: line.message == "An answer was skipped.")
        monkeypatch.setattr("paperdeck.tui.panes.footline.MIN_MESSAGE_SECONDS", 0.0)
        await pilot.press("j")
        assert not line.message


@pytest.mark.parametrize(("keys", "name", "what"), [("f", "full_text", "the text"), ("K", "paper", "the discussion")])
async def test_waiting_says_for_what_and_how_long_until_the_key_that_it_names(
    keys: str, name: str, what: str, filled: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was waited for, it was “the text” that was stopped."""

    async def for_ever(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Fetcher, name, for_ever)
    monkeypatch.setattr("paperdeck.tui.context.sources.monotonic", iter(range(0, 9_000, 3)).__next__)
    async with reading(filled) as (app, pilot):
        await pilot.press(keys)
        await pilot.pause()
        app.context.sources.show_waits()
        await pilot.pause()
        assert re.search(rf"Waiting for {what}.*, \d+ s · esc stops", screen_lines(app)[-1])
        await pilot.press("escape")
        assert app.main.footline.message == f"Stopped waiting for {what}."
        await settled(pilot)
        assert "Waiting" not in screen_lines(app)[-1]
        await pilot.press(keys)
        await pilot.pause()
        assert f"Waiting for {what}" in screen_lines(app)[-1], "a wait that begins replaces what was said before"
