"""Every key does what it says: each is pressed in the running app, and what it brings about is looked at."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace

import pytest

import paperdeck.tui as tui
from paperdeck.storage.fetch.full_text import text_file, text_folder
from paperdeck.storage.search.rank import BY_DATE
from paperdeck.storage.settings.settings import Places
from paperdeck.tui import browser as opening
from paperdeck.tui import clipboard
from paperdeck.tui.app import Reader
from paperdeck.tui.clipboard import Copied, Way
from paperdeck.tui.context.app_context import function_of
from paperdeck.tui.keys import ACTIONS, Action, action_of
from paperdeck.tui.keys.action import LAYERS
from paperdeck.tui.keys.own import check_keymap
from paperdeck.tui.panes.arrangement import LIST_PERCENT, MAX_LINES
from tests.conftest import MakePaper
from tests.support.app_tools import QUIET, TODAY, eventually, fill, reading, recording_opener, screen_text, settled
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
    """A Hub that lists one paper today, by the clock of the tests."""
    hub = FakeHub()
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
        return Copied(Way.PROGRAM)

    monkeypatch.setattr(clipboard, "copy", copy)
    monkeypatch.setattr(opening, "open_link", recording_opener(opened))
    monkeypatch.setenv("EDITOR", 'sh -c \'printf "from elsewhere" > "$0"\'')
    monkeypatch.setattr(Reader, "suspend", lambda _: nullcontext())
    async with reading(filled, hub=hub.url if group.online else None, size=(120, 20)) as (app, pilot):
        await settled(pilot)
        yield Desk(app, pilot, filled, hub, copied, opened)


async def start_over(desk: Desk) -> None:
    """Bring things back to where the reader began."""
    app = desk.app
    while app.screen is not app.main:
        app.pop_screen()
        await desk.pilot.pause()
    (desk.places.state / "positions.json").unlink(missing_ok=True)
    while app.session.deeds.undo():
        pass
    results = app.session.results
    if results.text or results.view.key != "day" or app.session.days.shown or results.sort != BY_DATE:
        app.session.days.shown, results.sort = None, BY_DATE
        results.set_filter("")
        app.context.run("views.choose_view", app.session.views.all()[0])
        await settled(desk.pilot)
    if app.main.detail._raw:
        app.main.detail.toggle_raw()
    app.main.action_arrange("percent", LIST_PERCENT - app.main.arrangement.percent)
    app.main.action_arrange("lines", MAX_LINES)
    app.main.select(())
    app.main.focus_pane("list")
    app.main.papers.move_cursor(0)
    app.main.footline.clear()
    desk.copied.clear()
    desk.opened.clear()
    await desk.pilot.pause()
    app.main.follower.show()  # now, and not while the next keys are in it
    app.main.detail.jump_to(0)


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
    await eventually(lambda: case.see(desk) != case.expected)
    await desk.pilot.press(key)
    if case.then:
        await settled(desk.pilot)
        await desk.pilot.press(*case.then.split())
    try:
        await eventually(lambda: case.see(desk) == case.expected, 3)
    except TimeoutError:
        assert case.see(desk) == case.expected


@pytest.mark.parametrize("about", GROUPS)
async def test_every_key_does_what_it_says(
    about: str, filled: Places, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = GROUPS[about]
    assert all(group.place in action_of(case.name).where for case in group.cases)
    pressed = [(case, key) for case in group.cases for key in action_of(case.name).keys.split(",")]
    async with at_desk(group, filled, hub, monkeypatch) as desk:
        for number, (case, key) in enumerate(pressed):
            await get_there(group, desk, first=not number)
            try:
                await go_through(case, key, desk)
            except (AssertionError, TimeoutError) as error:
                error.add_note(f"The key is {key} ({case.name}), before it: {case.before or 'none'}.")
                error.add_note(screen_text(desk.app))
                raise


def test_no_action_is_forgotten() -> None:
    pressed = {case.name for group in GROUPS.values() for case in group.cases} | set(ELSEWHERE)
    assert pressed == {action.id for action in ACTIONS}


def test_every_key_comes_from_the_registry() -> None:
    modules = [importlib.import_module(found.name) for found in pkgutil.walk_packages(tui.__path__, "paperdeck.tui.")]
    bound = {
        (binding.id, binding.key, binding.action)
        for module in modules
        for _, owner in inspect.getmembers(module, inspect.isclass)
        if owner.__module__.startswith("paperdeck.tui.")
        for binding in vars(owner).get("BINDINGS", [])
    }
    assert bound == {(action.id, action.keys, action.textual) for action in ACTIONS if action.keys}


@pytest.mark.parametrize("action", [action for action in ACTIONS if action.run], ids=lambda action: action.id)
def test_every_action_has_a_function(action: Action) -> None:
    assert list(inspect.signature(function_of(action.run)).parameters) == ["context"]


@pytest.mark.parametrize("layer", LAYERS)
def test_no_key_means_two_things_in_one_place(layer: tuple[str, ...]) -> None:
    there = [action for action in ACTIONS if not set(layer).isdisjoint(action.where)]
    keys = [key for action in there if action.keys for key in action.keys.split(",")]
    assert sorted(keys) == sorted(set(keys))


def test_a_letter_means_the_same_wherever_a_paper_is_current() -> None:
    for action in ACTIONS:
        if "reading" in action.where and "main" not in action.where:
            others = [other for other in ACTIONS if other.keys == action.keys and "reading" not in other.where]
            assert not [other.id for other in others if other.run and set(other.where) & {"main", "digest"}], action.id


def test_a_clash_is_found_in_the_place_where_it_is() -> None:
    usable, complaints = check_keymap({"contents": "s", "first": "f4"})
    assert usable == {"contents": "s", "first": "f4"}
    assert complaints == ["keys: “s” is both “star” and “contents”."]


def test_a_clash_is_reported_under_the_id_in_the_settings() -> None:
    """An old id was reported under its new name, which is nowhere in the file."""
    _, complaints = check_keymap({"last-match": "b"})
    assert complaints == ["keys: “b” is both “copy-bibtex” and “last-match”."]


@pytest.mark.parametrize("wrong", ["foo", "Ctrl+N", "ctrl+N", "ctrl+", "s, nokey"])
def test_a_key_that_does_not_exist_is_reported_and_the_default_stays(wrong: str) -> None:
    usable, [complaint] = check_keymap({"undo": wrong, "star": "*, ctrl+t"})
    assert usable == {"star": "asterisk,ctrl+t"}
    assert complaint.startswith("keys: “undo” can't be “")


def test_every_key_of_ours_is_a_key() -> None:
    assert check_keymap({action.id: action.keys for action in ACTIONS})[1] == []


async def test_an_action_without_a_key_has_none_and_is_named_in_the_palette(filled: Places) -> None:
    async with reading(filled, QUIET._replace(keys={"hide": "", "undo": "u, ctrl+n"})) as (app, pilot):
        await pilot.press("x")
        assert not app.session.library.marks(app.main.papers.current or "").hidden
        app.context.begin("marks.hide")
        await eventually(lambda: "“Hide” in the palette or u shows it again" in screen_text(app))
        await pilot.press("ctrl+n")
        await eventually(lambda: "Undid" in screen_text(app) or "Undone" in screen_text(app))


def test_an_unknown_action_gets_a_hint_and_an_old_id_still_works() -> None:
    usable, complaints = check_keymap({"frist": "x", "read-on": "f5", "star-reading": "asterisk"})
    assert usable == {"read-on": "f5", "star": "asterisk"}
    assert complaints == ["keys: there is no action “frist”; did you mean “first”?"]


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_key_that_is_pressed_elsewhere_is_pressed_there(name: str) -> None:
    module_name, test, key = ELSEWHERE[name]
    module = importlib.import_module(f"tests.{module_name}")
    assert hasattr(module, test)
    assert f'"{key}"' in inspect.getsource(module)
