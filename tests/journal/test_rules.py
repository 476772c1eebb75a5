"""Views, rules and preferences: kept like marks, shared like marks, and no second writer loses any."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tinydb import TinyDB

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.files.sealed import write_sealed
from paperdeck.storage.library.journal.registers import MARKS, document_of, next_stamp
from paperdeck.storage.library.library import Library
from paperdeck.storage.search.query import QueryError
from paperdeck.storage.settings.rules import Rules, SavedView
from paperdeck.storage.settings.settings import Places
from tests.support.examples import examples

BY_HAND = """\
# by hand
[[view]]
name = "Agents"
query = "agent"

[[view]]
name = "Short"
query = "has:summary"

[mute]
queries = ["org:x"]

[follow]
authors = ["Yi Li"]
"""


@pytest.fixture
def library(places: Places) -> Library:
    return Library(places)


@pytest.fixture
def by_hand(places: Places) -> Path:
    path = places.config_file
    path.parent.mkdir(parents=True)
    path.write_text(BY_HAND, encoding="utf-8")
    return path


def names(library: Library) -> list[str]:
    return [view.name for view in library.rules().views]


MUTER = """
import sys
from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import Places
library = Library(Places.find({"PAPERDECK_HOME": sys.argv[1]}))
for number in range(40):
    library.mute(f"keyword:k{sys.argv[2]}x{number}")
"""


def test_two_processes_lose_no_rule(places: Places) -> None:
    """Of 80 rules 44 to 48 were left."""
    commands = [[sys.executable, "-c", MUTER, str(places.data.parent), name] for name in "ab"]
    running = [subprocess.Popen(command) for command in commands]
    assert [process.wait() for process in running] == [0, 0]
    assert set(Library(places).rules().mute) == {f"keyword:k{name}x{number}" for name in "ab" for number in range(40)}


def test_another_process_sees_new_rules(library: Library, places: Places) -> None:
    other = Library(places)
    assert other.rules() == Rules()
    assert not other.poll()
    library.mute("org:x")
    assert other.poll().rules
    assert other.rules().mute == ("org:x",)
    assert not other.poll()
    assert not library.poll()


def test_a_settings_file_that_is_edited_is_seen(library: Library, by_hand: Path) -> None:
    assert names(library) == ["Agents", "Short"]
    by_hand.write_text(BY_HAND.replace("Short", "Brief"), encoding="utf-8")
    assert library.poll().rules
    assert names(library) == ["Agents", "Brief"]
    assert not library.poll()


def test_the_settings_file_is_never_written(library: Library, by_hand: Path) -> None:
    library.delete_view("Agents")
    library.rename_view("Short", "Brief")
    library.save_view("New", "cats")
    library.mute("org:x", on=False)
    library.follow("authors", "Yi Li", on=False)
    library.set_preference("theme", "nord")
    assert by_hand.read_text(encoding="utf-8") == BY_HAND
    assert library.rules() == Rules(views=(SavedView("Brief", "has:summary"), SavedView("New", "cats")))
    for _ in range(6):
        library.undo()
    rules = library.rules()
    assert (names(library), rules.mute, rules.authors) == (["Agents", "Short"], ("org:x",), ("Yi Li",))


def test_rules_are_parsed_once_until_they_change(library: Library) -> None:
    library.mute("org:x")
    rules = library.rules()
    library.mark(["2605.00001"], starred=True)
    library.poll()
    assert library.rules() is rules
    library.mute("org:y")
    assert library.rules().mute == ("org:x", "org:y")


def test_devices_that_change_different_views_end_with_both(places: Places, tmp_path: Path) -> None:
    here, there = Library(places), Library(places._replace(state=tmp_path / "other"))
    for name in "abc":
        here.save_view(name, name)
    there.move_view("c", -2)
    here.poll()
    here.rename_view("a", "A")
    there.poll()
    there.save_view("b", "other")
    expected = (SavedView("c", "c"), SavedView("A", "a"), SavedView("b", "other"))
    for library in (here, there, Library(places)):
        library.poll()
        assert library.rules().views == expected


UNCLEAN = r"Agents\u00a0now\u200b", r"video\u00a0 generation", r"Yoshua\u00a0Bengio\u001b[31m"
"""The names of a view, a mute rule and a followed author, as JSON and TOML write them."""


def _by_hand(places: Places) -> None:
    view, muted, author = UNCLEAN
    places.config_file.parent.mkdir(parents=True)
    rules = [f'[[view]]\nname = "{view}"\nquery = "agent"', f'[mute]\nqueries = ["{muted}"]']
    places.config_file.write_text("\n".join([*rules, f'[follow]\nauthors = ["{author}"]']), encoding="utf-8")


def _by_another_device(places: Places) -> None:
    view, muted, author = (json.loads(f'"{name}"') for name in UNCLEAN)
    stamp = next_stamp(1_700_000_000, "desk-1a2b3c")
    registers = {
        f"view {view}": ["agent", stamp],
        f"mute {muted}": [True, stamp],
        f"follow authors {author}": [True, stamp],
    }
    write_sealed(places.data / "marks/desk-1a2b3c/rules.json", MARKS, {"1": document_of("rules", registers)})


@pytest.mark.parametrize("write", [_by_hand, _by_another_device])
def test_the_name_that_is_shown_is_the_name_that_is_changed(
    library: Library, places: Places, write: Callable[[Places], None]
) -> None:
    write(places)
    rules = library.rules()
    assert (names(library), rules.mute, rules.authors) == (["Agents now"], ("video generation",), ("Yoshua Bengio",))
    library.save_view("New", "x")
    library.move_view("Agents now", 1)
    library.rename_view("Agents now", "Agents")
    library.mute(rules.mute[0], on=False)
    library.follow("authors", rules.authors[0], on=False)
    assert library.rules() == Rules(views=(SavedView("New", "x"), SavedView("Agents", "agent")))
    library.delete_view("Agents")
    for state in (library, Library(places)):
        assert state.rules() == Rules(views=(SavedView("New", "x"),))
    assert [library.undo() for _ in range(6)]
    assert library.rules() == rules


def test_the_stock_tinydb_opens_the_file(library: Library, places: Places) -> None:
    library.save_view("Mine", "cats")
    [path] = places.marks.glob("*/rules.json")
    with TinyDB(path) as stock:
        [document] = stock.table("marks").all()
    assert document["view"]["Mine"][0] == "cats"


def test_rules_come_back_from_the_backup(library: Library, places: Places) -> None:
    library.mute("org:x")
    [path] = places.marks.glob("*/rules.json")
    path.write_bytes(path.read_bytes()[:50])
    fresh = Library(places)
    assert fresh.rules().mute == ("org:x",)
    assert "your views and rules were restored" in fresh.troubles[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda library: library.save_view(" ", "cat"),
        lambda library: library.rename_view("Agents", "Short"),
        lambda library: library.rename_view("Agents", " "),
        lambda library: library.rename_view("Nobody", "x"),
        lambda library: library.delete_view("Nobody"),
        lambda library: library.move_view("Nobody", 1),
        lambda library: library.mute(" "),
        lambda library: library.follow("authors", ""),
        lambda library: library.save_view("New", "auther:x"),
        lambda library: library.mute("is:x"),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    library: Library, by_hand: Path, change: Callable[[Library], object]
) -> None:
    with pytest.raises((InvalidInput, QueryError)):
        change(library)
    assert library.history.deeds() == []


@pytest.mark.parametrize(
    "change",
    [
        lambda library: library.save_view("Agents", "agent"),
        lambda library: library.rename_view("Agents", "Agents"),
        lambda library: library.move_view("Agents", -1),
        lambda library: library.mute("org:x"),
        lambda library: library.mute("org:y", on=False),
        lambda library: library.follow("authors", "Yi Li"),
        lambda library: library.follow("keywords", "x", on=False),
    ],
)
def test_what_is_so_already_is_not_a_deed(library: Library, by_hand: Path, change: Callable[[Library], object]) -> None:
    change(library)
    assert library.history.deeds() == []


steps = some.lists(
    some.one_of(
        some.tuples(some.just("save"), some.sampled_from("abc"), some.sampled_from(["x", 'author:"y z"', "\\alpha"])),
        some.tuples(some.just("move"), some.sampled_from("abc"), some.integers(-3, 3)),
        some.tuples(some.just("rename"), some.sampled_from("abc"), some.sampled_from("abc")),
        some.tuples(some.just("delete"), some.sampled_from("abc"), some.none()),
    ),
    max_size=12,
)


@given(steps=steps)
@settings(max_examples=examples(25))
def test_views_are_what_a_list_would_be_and_undo_goes_all_the_way_back(
    steps: list[tuple[str, str, str | int | None]],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)
    library = Library(Places.find({"PAPERDECK_HOME": str(tmp_path_factory.mktemp("deck"))}))
    states: list[tuple[SavedView, ...]] = [()]
    for step, name, value in steps:
        try:
            deed = getattr(library, f"{step}_view")(*((name,) if value is None else (name, value)))
        except InvalidInput:
            continue
        assert library.rules().views == _expected(states[-1], step, name, value)
        if deed.number:
            states.append(library.rules().views)
    for state in reversed(states[:-1]):
        assert library.undo()
        assert library.rules().views == state
    assert library.undo() is None


def _expected(views: tuple[SavedView, ...], step: str, name: str, value: str | int | None) -> tuple[SavedView, ...]:
    items = list(views)
    place = next((place for place, view in enumerate(items) if view.name == name), len(items))
    if step == "save":
        items[place : place + 1] = [SavedView(name, str(value))]
        return tuple(items)
    item = items.pop(place)
    if step == "move":
        items.insert(max(0, min(len(items), place + int(value or 0))), item)
    elif step == "rename":
        items.insert(place, SavedView(str(value), item.query))
    return tuple(items)
