"""A running reader whose keys are tested: what can be looked at, and how to set things up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import time

from textual.pilot import Pilot
from textual.widgets import Static

from paperdeck.storage.cite.venue_record import VenueRecord, row_of
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import BIBLIOGRAPHIES, Marks, Paper
from paperdeck.storage.settings.rules import Rules
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.app import Reader
from paperdeck.tui.dialogs.choice_list import ChoiceList
from paperdeck.tui.dialogs.text import TextScreen, TextView
from paperdeck.tui.reading.screen import ReadingScreen
from paperdeck.tui.reading.text_view import LongText
from tests.support.app_tools import eventually, screen_text, settled
from tests.support.hub import FakeHub, item

FIRST, SECOND, THIRD, LAST = "2611.00030", "2611.00029", "2611.00028", "2611.00001"
EARLIER = ["2611.00031", "2611.00032"]
"""The papers of the day before."""
FRESH = "2611.00200"
"""A paper that the Hub lists later."""
RULES = """
[[view]]
name = "Cats"
query = "cats"

[[view]]
name = "Brackets"
query = "brackets"
"""
TEXT = (
    "# A Paper\n\nSee [the code](https://code.example/x).\n\n"
    + "\n\n".join(f"## Part {number}\n\n{f'Words of part{number}. ' * 90}" for number in range(1, 13))
    + "\n\nThe very last words."
)
"""The full text of the first paper."""


@dataclass
class Desk:
    """A running reader, and what leaves it."""

    app: Reader
    pilot: Pilot[None]
    places: Places
    hub: FakeHub
    copied: list[str]
    opened: list[str]


Prepare = Callable[[Desk], Awaitable[None]]
See = Callable[[Desk], object]


@dataclass(frozen=True)
class Case:
    """A key under test; before it is pressed, something else than `expected` must be seen."""

    name: str
    """The id of the action."""
    see: See
    """What to look at."""
    expected: object
    """What must be seen after the key was pressed."""
    before: str = ""
    """Keys that are pressed first."""
    then: str = ""
    """Keys that are pressed afterwards, in the dialog that the key opens."""
    prepare: Prepare | None = None
    """What is done before all keys."""


@dataclass(frozen=True)
class Group:
    """Cases that one running reader goes through."""

    place: str
    """Where the keys work."""
    cases: list[Case]
    prepare: Prepare | None = None
    """How to get to where the keys work."""
    again: Prepare | None = None
    """How to get back there after each case; None: start afresh."""
    online: bool = False
    """Whether there is a Hub."""


# What is looked at


def current(desk: Desk) -> str | None:
    return desk.app.main.papers.current


def listed(desk: Desk) -> list[str]:
    return list(desk.app.main.papers.ids)


def selected(desk: Desk) -> list[str]:
    return sorted(desk.app.main.papers.selection)


def focus(desk: Desk) -> str | None:
    return desk.app.focused.id if desk.app.focused else None


def view(desk: Desk) -> str:
    return desk.app.session.results.view.key


def screen(desk: Desk) -> str:
    return type(desk.app.screen).__name__


def dialog(desk: Desk) -> str:
    """The title of the dialog that is open."""
    titles = desk.app.screen.query(".dialog-title").results(Static)
    return next((str(title.content) for title in titles), "")


def stored(desk: Desk) -> Marks:
    """The marks of the first paper that are on disk."""
    return Library(desk.places).marks(FIRST)


def news_seen(desk: Desk) -> bool:
    """Whether the reader has marked the news of the last paper as seen."""
    return bool(Library(desk.places).marks(LAST).seen)


def starred(desk: Desk) -> bool:
    return stored(desk).starred


def note(desk: Desk) -> str:
    return stored(desk).note


def copied(desk: Desk) -> list[str]:
    """What was copied, of which the first line is enough."""
    return [text.partition("\n")[0] for text in desk.copied]


def opened(desk: Desk) -> list[str]:
    return desk.opened


def exported(desk: Desk) -> str:
    """What was exported."""
    file = Path.home() / "papers.bib"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def filter_text(desk: Desk) -> str:
    return desk.app.session.results.text


def rules(desk: Desk) -> Rules:
    return desk.app.session.rules.rules


def adjusted(desk: Desk) -> list[bool]:
    """For each reason that the reader has adjusted, whether more of it is wanted."""
    return [one.more for one in rules(desk).adjusted]


async def learned(desk: Desk) -> None:
    """Star a paper like the first one, and learn from it."""
    desk.app.session.marks.mark([THIRD], "star", starred=True)
    desk.app.session.tasting.follow()


def saved_views(desk: Desk) -> list[str]:
    return [saved.name for saved in desk.app.session.rules.rules.views]


def row_lines(desk: Desk) -> int:
    """The lines of each paper in the list."""
    return desk.app.main.papers.row_height


def line(desk: Desk) -> int:
    """The first visible line of what scrolls on the screen."""
    kinds = (LongText, TextView) if desk.app.screen is not desk.app.main else ("#detail",)
    return next(found.scroll_offset.y for kind in kinds for found in desk.app.screen.query(kind))


def highlighted(desk: Desk) -> int | None:
    """The line of the dialog that would be chosen."""
    return desk.app.screen.query_one(ChoiceList).highlighted


def previewed(desk: Desk) -> int:
    """The first visible line of what would be copied."""
    return desk.app.screen.query_one(".picker-preview").scroll_offset.y


def section(desk: Desk) -> str:
    """The section that is being read."""
    assert isinstance(desk.app.screen, ReadingScreen)
    return desk.app.screen.head.section


def shows(*words: str) -> See:
    """Which of some words are on the screen."""
    return lambda desk: [word for word in words if word in screen_text(desk.app)]


# Setting things up


async def at_saved_view(desk: Desk) -> None:
    """Go to the first saved view in the views pane, “Cats”."""
    desk.app.main.focus_pane("views")
    pane = desk.app.main.views_pane
    views = [pane.view_at(row) for row in range(pane.row_count())]
    pane.move_cursor(next(row for row, view in enumerate(views) if view and view.title == "Cats"))


async def at_second_saved_view(desk: Desk) -> None:
    await at_saved_view(desk)
    desk.app.main.views_pane.move_cursor(desk.app.main.views_pane.cursor + 1)


async def looked_up(desk: Desk) -> None:
    """Bibliographies were asked about the first paper, and one has it."""
    paper = desk.app.session.library.paper(FIRST)
    assert paper
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    record = VenueRecord("dblp", paper.title, paper.authors, 2026, "ICML", "inproceedings", fetched=now)
    printed = (row_of(record), row_of(VenueRecord("s2", fetched=now)))
    desk.app.session.library.add([Paper(id=FIRST, printed=printed)], BIBLIOGRAPHIES)


async def text_shown(desk: Desk) -> None:
    """Show a text of many lines."""
    desk.app.push_screen(TextScreen("A text", "\n".join(f"line {number}" for number in range(300))))
    await desk.pilot.pause()


async def digest_by_the_day(desk: Desk) -> None:
    desk.app.context.run("digest.show_text", "day")
    await eventually(lambda: screen(desk) == "DigestScreen")


async def last_has_news(desk: Desk) -> None:
    """The last paper was starred an hour ago, and now its code comes out."""
    library = desk.app.session.library
    Library(desk.places, clock=lambda: time() - 3_600).mark([LAST], starred=True)
    library.poll()
    paper = library.paper(LAST)
    assert paper
    library.add([replace(paper, code_url="https://code.example/new")], "hf")


async def fresh_paper(desk: Desk) -> None:
    """The Hub lists another paper, after the fetch at the start."""
    await settled(desk.pilot)
    desk.hub.list_day(desk.hub.today, *desk.hub.days[desk.hub.today], item(FRESH, "Fresh from the Hub"))


def pressing(*keys: str) -> Prepare:
    """Press some keys, and wait until what they ask for is shown."""

    async def press(desk: Desk) -> None:
        await desk.pilot.press(*keys)
        await settled(desk.pilot)

    return press
