"""Saved views, mute and follow rules: data in the settings file, which keeps everything else that stands in it."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paperdeck.storage.errors import InvalidInput, StoreError
from paperdeck.storage.search.query import QueryError, parse
from paperdeck.storage.settings.rules import Rules, SavedView, load_rules
from paperdeck.storage.settings.rules_file import RulesFile
from paperdeck.storage.settings.settings import Settings, load_settings

BY_HAND = """\
# my settings
[fetch]
days = 3  # three

# what I do all day
[[view]]
name = "Agents"  # first
query = "agent is:unread"

# on the train
[[view]]
name = "Short"
query = "has:summary"
colour = "red"

[keys]
star = "s"  # as ever
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "config.toml"


@pytest.fixture
def file(path: Path) -> RulesFile:
    path.parent.mkdir()
    path.write_text(BY_HAND, encoding="utf-8")
    return RulesFile(path)


def names(path: Path) -> list[str]:
    return [view.name for view in load_rules(path)[0].views]


# -- reading -------------------------------------------------------------------------------------------------------


def test_no_file_means_no_rules(path: Path) -> None:
    assert load_rules(path) == (Rules(), [])


def test_a_file_that_is_no_toml_is_for_the_settings_to_complain_about(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("[[view", encoding="utf-8")
    assert load_rules(path) == (Rules(), [])
    assert load_settings(path)[1]


def test_rules_are_no_unknown_settings(file: RulesFile, path: Path) -> None:
    file.mute("org:x")
    file.follow("authors", "Yi Li")
    loaded, complaints = load_settings(path)
    assert complaints == []
    assert loaded.fetch.days == 3 != Settings().fetch.days


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[view]]\nname = "x"', "a name and a query"),
        ('[[view]]\nname = "x"\nquery = "auther:y"', "view “x” is left out: “auther:” is not a field"),
        ('[[view]]\nname = "x"\nquery = "a"\n[[view]]\nname = "x"\nquery = "b"', "two views “x”"),
        ("view = 3", "a name and a query"),
        ('mute = "x"', "written as [mute]"),
        ("[mute]\nqueries = [1]", "“mute.queries” is a list of texts"),
        ('[mute]\nqueries = ["is:x"]', "mute rule “is:x” is left out"),
        ('[follow]\nauthors = "me"', "“follow.authors” is a list of texts"),
    ],
)
def test_what_is_wrong_is_said_and_left_out(path: Path, text: str, says: str) -> None:
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    rules, complaints = load_rules(path)
    assert any(says in complaint for complaint in complaints)
    assert len(complaints) == 1
    assert len(rules.views) <= 1
    assert rules.muted_queries() == ()


def test_rules_become_queries() -> None:
    rules = Rules(mute=("keyword:=ai",), authors=("Yi Li",), organizations=("Lab",), keywords=("safety",))
    assert rules.muted_queries() == (parse("keyword:=ai"),)
    assert rules.followed_queries() == (parse('author:="Yi Li"'), parse("org:=Lab"), parse("keyword:=safety"))


# -- changing ------------------------------------------------------------------------------------------------------

CHANGES: dict[str, Callable[[RulesFile], None]] = {
    "save": lambda file: file.save_view("New", 'author:"Le Cun"'),
    "rename": lambda file: file.rename_view("Short", "Brief"),
    "query": lambda file: file.save_view("Agents", "agent"),
    "move": lambda file: file.move_view("Short", -1),
    "mute": lambda file: file.mute('keyword:="image generation"'),
    "follow": lambda file: file.follow("keywords", "safety"),
}


COMMENTS = ("# my settings", "# three", '# what I do all day\n[[view]]\nname = "Agents"', "# on the train", "# as ever")


@pytest.mark.parametrize("change", CHANGES)
def test_comments_unknown_keys_and_other_tables_stay(file: RulesFile, path: Path, change: str) -> None:
    CHANGES[change](file)
    after = path.read_text(encoding="utf-8")
    assert after != BY_HAND
    for comment in COMMENTS:
        assert comment in after
    assert 'colour = "red"' in after
    assert load_rules(path)[1] == []


def test_a_new_view_stands_behind_the_others(file: RulesFile, path: Path) -> None:
    file.save_view("New", "cat")
    assert names(path) == ["Agents", "Short", "New"]
    assert '\n\n[[view]]\nname = "New"\nquery = "cat"\n\n[keys]\n' in path.read_text(encoding="utf-8")


def test_the_first_rule_makes_the_file(path: Path) -> None:
    RulesFile(path).save_view("New", "cat")
    assert path.read_text(encoding="utf-8") == '[[view]]\nname = "New"\nquery = "cat"\n'


def test_a_view_moves_with_its_comment(file: RulesFile, path: Path) -> None:
    file.move_view("Short", -1)
    text = path.read_text(encoding="utf-8")
    assert text.index('# on the train\n[[view]]\nname = "Short"') < text.index("# what I do all day\n[[view]]")
    file.move_view("Short", 1)
    assert path.read_text(encoding="utf-8") == BY_HAND


@pytest.mark.parametrize(("name", "by"), [("Agents", -1), ("Agents", -9), ("Short", 1), ("Short", 9)])
def test_at_an_end_a_view_stays(file: RulesFile, path: Path, name: str, by: int) -> None:
    file.move_view(name, by)
    assert path.read_text(encoding="utf-8") == BY_HAND


APART = """\
[[view]]
name = "a"
query = "a"
[keys]
star = "s"
[[view]]
name = "b"
query = "b"
"""


def test_views_may_stand_apart_in_the_file(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(APART, encoding="utf-8")
    file = RulesFile(path)
    file.move_view("b", -1)
    file.rename_view("a", "c")
    file.save_view("d", "d")
    assert names(path) == ["b", "c", "d"]
    file.delete_view("c")
    assert names(path) == ["b", "d"]


def test_a_deleted_view_takes_its_comment_along(file: RulesFile, path: Path) -> None:
    file.delete_view("Agents")
    text = path.read_text(encoding="utf-8")
    assert names(path) == ["Short"]
    assert "what I do all day" not in text
    assert "# on the train" in text
    file.delete_view("Short")
    assert names(path) == []


def test_a_rule_that_is_added_and_taken_back_is_gone(file: RulesFile, path: Path) -> None:
    for _ in range(2):
        file.mute("org:x")
        file.follow("authors", "Yi  Li")
    assert load_rules(path)[0].mute == ("org:x",)
    assert load_rules(path)[0].authors == ("Yi Li",)
    file.unmute("org:x")
    file.unfollow("authors", "Yi Li")
    assert load_rules(path)[0] == Rules(views=load_rules(path)[0].views)


@pytest.mark.parametrize(
    "change",
    [
        lambda file: file.save_view(" ", "cat"),
        lambda file: file.rename_view("Agents", "Short"),
        lambda file: file.rename_view("Nobody", "x"),
        lambda file: file.delete_view("Nobody"),
        lambda file: file.move_view("Nobody", 1),
        lambda file: file.mute(" "),
        lambda file: file.follow("authors", ""),
    ],
)
def test_what_can_not_be_done_changes_nothing(file: RulesFile, path: Path, change: Callable[[RulesFile], None]) -> None:
    with pytest.raises(InvalidInput):
        change(file)
    assert path.read_text(encoding="utf-8") == BY_HAND


def test_a_wrong_query_is_not_saved(file: RulesFile, path: Path) -> None:
    with pytest.raises(QueryError):
        file.save_view("New", "auther:x")
    with pytest.raises(QueryError):
        file.mute("is:x")
    assert path.read_text(encoding="utf-8") == BY_HAND


@pytest.mark.parametrize("text", ["[[view", 'view = [{name = "x", query = "y"}]', "view = 3"])
def test_a_file_that_is_written_otherwise_is_left_alone(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StoreError, match="can't be changed"):
        RulesFile(path).save_view("New", "cat")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("text", ["mute = 3", "[mute]\nqueries = 3", "[mute]\nqueries = [3]", "mute = []"])
def test_a_rule_finds_no_place_in_a_table_of_another_shape(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    for change in (RulesFile(path).mute, RulesFile(path).unmute):
        with pytest.raises(StoreError, match=r"mute.* is not"):
            change("cat")
    assert path.read_text(encoding="utf-8") == text


def test_a_setting_finds_no_place_in_a_table_of_another_shape(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("look = 3", encoding="utf-8")
    with pytest.raises(StoreError, match=r"not written as \[look\]"):
        RulesFile(path).choose("look", "theme", "nord")


def test_a_linked_file_stays_a_link(file: RulesFile, path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    RulesFile(link).save_view("New", "cat")
    assert link.is_symlink()
    assert "New" in names(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_an_error_in_words(file: RulesFile, path: Path) -> None:
    path.parent.chmod(0o500)
    with pytest.raises(StoreError):
        file.save_view("New", "cat")
    path.parent.chmod(0o700)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("save"), st.sampled_from("abc"), st.sampled_from(["x", 'author:"y z"', "\\alpha"])),
        st.tuples(st.just("move"), st.sampled_from("abc"), st.integers(-3, 3)),
        st.tuples(st.just("rename"), st.sampled_from("abc"), st.sampled_from("abc")),
        st.tuples(st.just("delete"), st.sampled_from("abc"), st.none()),
    ),
    max_size=12,
)


@given(steps)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_views_in_the_file_are_what_a_list_would_be(path: Path, steps: list[tuple[str, str, str | int]]) -> None:
    path.unlink(missing_ok=True)
    file, expected = RulesFile(path), dict[str, str]()
    for step, name, value in steps:
        try:
            getattr(file, f"{step}_view")(*((name,) if value is None else (name, value)))
        except InvalidInput:
            continue
        expected = _expected(expected, step, name, value)
    assert load_rules(path) == (Rules(views=tuple(SavedView(*item) for item in expected.items())), [])
    if path.exists():
        tomllib.loads(path.read_text(encoding="utf-8"))


def _expected(views: dict[str, str], step: str, name: str, value: str | int) -> dict[str, str]:
    items = list(views.items())
    place = list(views).index(name) if name in views else len(items)
    if step == "save":
        return {**views, name: str(value)}
    item = items.pop(place)
    if step == "move":
        items.insert(max(0, min(len(items), place + int(value))), item)
    elif step == "rename":
        items.insert(place, (str(value), item[1]))
    return dict(items)
