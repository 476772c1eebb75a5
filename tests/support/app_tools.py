"""A reader in a headless terminal, for tests."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import ExitStack, asynccontextmanager
from datetime import date
from time import process_time
from typing import Any
from unittest.mock import patch

from textual._context import visible_screen_stack
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip

from paperdeck.storage.fetch.endpoints import Endpoints
from paperdeck.storage.library.library import DayRecord, DayState, Library
from paperdeck.storage.paper import Paper
from paperdeck.storage.settings.settings import FetchSettings, Places, ReadingSettings, Settings
from paperdeck.tui.app import Reader
from paperdeck.tui.child import Started
from paperdeck.tui.model.session import Session
from tests.support.templates import made_once

TODAY = date(2026, 11, 20)
QUIET = Settings(reading=ReadingSettings(read_after=0), fetch=FetchSettings(every_minutes=0))
"""Settings under which nothing happens by itself."""


def fill(places: Places, papers: Iterable[Paper]) -> Library:
    """A library with papers, listed on their dates, as after a fetch just now."""
    known = tuple(papers)
    return made_once(places, known, lambda library: _fill(library, known))


def _fill(library: Library, known: Sequence[Paper]) -> None:
    library.record_follow_starts({"hf": date(2023, 5, 4)})
    library.add(known, "hf")
    for day in {paper.listed for paper in known if paper.listed}:
        ids = tuple(paper.id for paper in known if paper.listed == day)
        record = DayRecord(
            source="hf", day=day, state=DayState.COMPLETE, fetched_at="2026-11-20T09:00:00+00:00", ids=ids
        )
        library.ledger.record(record)


def make_reader(places: Places, settings: Settings = QUIET, hub: str | None = None) -> Reader:
    """A reader whose clock stands at TODAY."""
    endpoints = Endpoints(hub=hub, arxiv=hub, venues=hub) if hub else Endpoints.find()
    return Reader(Session(Library(places), settings, places, today=TODAY), endpoints, offline=hub is None)


@asynccontextmanager
async def reading(
    places: Places,
    settings: Settings = QUIET,
    hub: str | None = None,
    size: tuple[int, int] = (120, 40),
    *,
    notices: bool = False,
    welcome: bool = False,
) -> AsyncIterator[tuple[Reader, Pilot[None]]]:
    """A running reader that has loaded its library; no fetch is begun unless there is a hub.

    It knows the width of its terminal from the start, as in real use, and counts sooner, as tests wait for it. The card
    of the first start is shown only on request. Painting would take half the time of such a test, and nobody would see
    it: `screen_text` paints what it looks at, and tests/test_manners.py uses a real terminal.
    """
    with ExitStack() as patches:
        patches.enter_context(patch.dict(os.environ, COLUMNS=str(size[0])))
        patches.enter_context(patch("paperdeck.tui.model.counts.PAUSE_SECONDS", 0.03))
        patches.enter_context(patch.object(Screen, "_compositor_refresh", paint_nothing))
        patches.enter_context(patch.object(Stylesheet, "_parse_rules", parse_once))
        app = make_reader(places, settings, hub)
        app.session.first_visit = welcome
        async with app.run_test(size=size, notifications=notices) as pilot:
            await eventually(lambda: app.background is not None)
            if hub is None:
                await settled(pilot)
            yield app, pilot
            app.exit()  # what is running is cancelled before the screens go, which `run_test` alone doesn't do
            await eventually(lambda: not app.is_running)


_PARSE_RULES = Stylesheet._parse_rules
_PARSED: dict[object, list[RuleSet]] = {}


def parse_once(sheet: Stylesheet, css: str, **how: Any) -> list[RuleSet]:
    """Parse the same style rules only once for all apps, which saves a tenth of a test; replaces Textual's method."""
    key = css, frozenset(how.items()), frozenset(sheet._variables.items())
    if key not in _PARSED:
        _PARSED[key] = _PARSE_RULES(sheet, css, **how)
    return _PARSED[key]


def paint_nothing(screen: Screen[Any]) -> None:
    """Forget what would have to be painted; replaces Textual's own painting."""
    screen._compositor._dirty_regions.clear()
    screen._dirty_widgets.clear()


async def settled(pilot: Pilot[None], seconds: float = 30) -> None:
    """Wait until finding, counting and fetching are done and shown.

    Raises:
        TimeoutError: they never were.
    """
    quiet = 0
    async with asyncio.timeout(seconds):
        while quiet < 2:
            await pilot.pause()
            running = sum(not worker.is_finished for worker in pilot.app.workers)
            quiet = 0 if running > open_questions(pilot.app) else quiet + 1
            await asyncio.sleep(0.01)
        await pilot.pause()


def open_questions(app: object) -> int:
    """How many actions of a reader wait for an answer in a dialog."""
    return app.context.asking if isinstance(app, Reader) else 0


async def eventually(holds: Callable[[], object], seconds: float = 10) -> None:
    """Wait until something holds; looking, which may paint the screen, takes a third of the time at most.

    Raises:
        TimeoutError: it never did.
    """
    async with asyncio.timeout(seconds):
        begun = process_time()
        while not holds():  # what is waited for sets no event
            await asyncio.sleep(max(0.01, 2 * (process_time() - begun)))
            begun = process_time()


def painted_lines(app: Reader) -> list[Strip]:
    """Paint the screen; its lines with their colours."""
    visible_screen_stack.set(app._background_screens)  # what a dialog shows behind itself
    return app.screen._compositor.render_strips(app.screen.size)


def screen_lines(app: Reader) -> list[str]:
    """What is on the screen, line by line, without colours."""
    return [strip.text for strip in painted_lines(app)]


def screen_text(app: Reader) -> str:
    """What is on the screen as one text."""
    return "\n".join(screen_lines(app))


def recording_opener(opened: list[Any]) -> Callable[[Any], Started]:
    """A function that only notes what it should open; replaces `browser.open_link` and `open_file`."""

    def note(target: Any) -> Started:
        opened.append(target)
        return Started("browser", None)

    return note
