"""Every key does what it says: each is pressed in the running app, and what it brings about is looked at."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from textual.binding import Binding

import paperdeck.tui as tui
from paperdeck.storage.fetch.full_text import text_file, text_folder
from paperdeck.storage.search.rank import BY_DATE
from paperdeck.storage.settings.settings import Places
from paperdeck.tui import browser as opening
from paperdeck.tui import clipboard
from paperdeck.tui.app import Reader
from paperdeck.tui.clipboard import Copied
from paperdeck.tui.layout import SHARE
from tests.conftest import MakePaper
from tests.support.app_tools import TODAY, eventually, fill, reading, settled
from tests.support.hub import FakeHub, item
from tests.support.key_cases import ELSEWHERE, GROUPS
from tests.support.key_desk import EARLIER, FIRST, RULES, TEXT, Case, Desk, Group


@pytest.fixture
def filled(places: Places, make_paper: MakePaper) -> Places:
    """Thirty papers of today, two of the day before, the text of the first, and two saved views."""
    abstract = "The angle $\\alpha$ of it. " + "We look at it. " * 150 + "The last words."
    papers = [make_paper(number, abstract=abstract, keywords=("search",)) for number in range(1, 31)]
    earlier = [replace(papers[0], id=paper_id, listed=TODAY.replace(day=19), upvotes=90) for paper_id in EARLIER]
    fill(places, papers + earlier)
    file = text_file(text_folder(places), FIRST)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(TEXT, encoding="utf-8")
    places.config_file.parent.mkdir(parents=True, exist_ok=True)
    places.config_file.write_text(RULES, encoding="utf-8")
    return places


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    """A Hub that lists one paper today, by the clock of this machine."""
    hub = FakeHub(today=datetime.now(UTC).date())
    hub.list_day(hub.today, item("2611.00100", "Cats from the Hub"))
    yield hub.start()
    hub.stop()


@asynccontextmanager
async def at_desk(group: Group, filled: Places, hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """A reader that is watched; nothing leaves it for a clipboard, a browser or an editor of this machine."""
    copied: list[str] = []
    opened: list[str] = []

    async def copy(text: str, *_: object) -> Copied:
        copied.append(text)
        return Copied("the clipboard", True, None)

    monkeypatch.setattr(clipboard, "copy", copy)
    monkeypatch.setattr(opening, "open_link", opened.append)
    monkeypatch.setenv("EDITOR", 'sh -c \'printf "from elsewhere" > "$0"\'')
    monkeypatch.setattr(Reader, "suspend", lambda _: nullcontext())
    async with reading(filled, hub=hub.url if group.online else None, size=(120, 20)) as (app, pilot):
        await settled(pilot)
        yield Desk(app, pilot, filled, hub, copied, opened)


async def start_over(desk: Desk) -> None:
    """Bring things back to where the reader began."""
    app = desk.app
    while app.screen is not app.main_screen:
        app.pop_screen()
        await desk.pilot.pause()
    (desk.places.state / "positions.json").unlink(missing_ok=True)
    while step := app.session.undo():
        app.show_marks(step.ids)
    app.rules_changed()
    if app.filter_text or app.view.key != "day" or app.session.day or app.session.sort != BY_DATE:
        app.session.day, app.session.sort = None, BY_DATE
        app.set_filter("")
        app.choose_view(app.session.views()[0])
        await settled(desk.pilot)
    if app.detail._raw:
        app.detail.toggle_raw()
    app._set_share(SHARE)
    app.papers.select(())
    app.focus_pane("list")
    app.papers.move_cursor(0)
    app.footline.clear()
    desk.copied.clear()
    desk.opened.clear()
    await desk.pilot.pause()
    app.detail.jump_to(0)


def keys_of(group: Group) -> dict[str, list[str]]:
    """The keys of a group's class, by id or action."""
    return {
        binding.id or binding.action: binding.key.split(",")
        for binding in vars(group.owner)["BINDINGS"]
        if isinstance(binding, Binding)
    }


async def get_there(group: Group, desk: Desk, *, first: bool) -> None:
    """Bring things to where the keys of a group work, as if nothing had been pressed yet."""
    if group.again and not first:
        await group.again(desk)
        return
    await start_over(desk)
    if group.prepare:
        await group.prepare(desk)


async def go_through(case: Case, key: str, desk: Desk) -> None:
    """Press a key, and see that it brings about what it should and what was not there before."""
    if case.prepare:
        await case.prepare(desk)
    await desk.pilot.press(*case.before.split())
    await eventually(lambda: case.see(desk) != case.after)
    await desk.pilot.press(key, *case.behind.split())
    try:
        await eventually(lambda: case.see(desk) == case.after, 3)
    except TimeoutError:
        assert case.see(desk) == case.after


@pytest.mark.parametrize("about", GROUPS)
async def test_every_key_does_what_it_says(
    about: str, filled: Places, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = GROUPS[about]
    keys = keys_of(group)
    pressed = [(case, key) for case in group.cases for key in keys[case.name]]
    async with at_desk(group, filled, hub, monkeypatch) as desk:
        for number, (case, key) in enumerate(pressed):
            await get_there(group, desk, first=not number)
            try:
                await go_through(case, key, desk)
            except (AssertionError, TimeoutError) as error:
                error.add_note(f"The key is {key} ({case.name}), before it: {case.before or 'none'}.")
                raise


def test_no_key_is_forgotten() -> None:
    modules = [importlib.import_module(found.name) for found in pkgutil.walk_packages(tui.__path__, "paperdeck.tui.")]
    owners = {
        owner
        for module in modules
        for _, owner in inspect.getmembers(module, inspect.isclass)
        if owner.__module__.startswith("paperdeck.tui.") and vars(owner).get("BINDINGS")
    }
    pressed = {(group.owner, case.name) for group in GROUPS.values() for case in group.cases}
    pressed |= {(Reader, name) for name in ELSEWHERE}
    bound = {(owner, name) for owner in owners for name in keys_of(Group(owner, []))}
    assert pressed == bound


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_key_that_is_pressed_elsewhere_is_pressed_there(name: str) -> None:
    module_name, test, key = ELSEWHERE[name]
    module = importlib.import_module(f"tests.{module_name}")
    assert hasattr(module, test)
    assert f'"{key}"' in inspect.getsource(module)
