"""Saved views, mute and follow rules of a settings file, and what the journal says about them."""

from __future__ import annotations

from pathlib import Path

import pytest

from paperdeck.storage.search.query import parse
from paperdeck.storage.settings.rules import Rules, SavedView, load_rules, with_values
from paperdeck.storage.settings.settings import Settings, load_settings

BY_HAND = """\
[fetch]
days = 3

[[view]]
name = "Agents"
query = "agent is:unread"

[[view]]
name = "Short"
query = "has:summary"
colour = "red"

[mute]
queries = ["org:x"]

[follow]
authors = ["Yi Li"]
"""
BASE = Rules(views=(SavedView("A", "a"), SavedView("B", "b")), mute=("m",), authors=("Yi Li",))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_no_file_means_no_rules(path: Path) -> None:
    assert load_rules(path) == Rules()


@pytest.mark.parametrize("text", ["[[view", "a = " + "[" * 100_000])
def test_a_file_that_is_not_toml_is_for_the_settings_to_complain_about(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    assert load_rules(path) == Rules()
    assert load_settings(path)[1]


def test_rules_are_not_unknown_settings(path: Path) -> None:
    path.write_text(BY_HAND, encoding="utf-8")
    loaded, complaints = load_settings(path)
    assert complaints == []
    assert loaded.fetch.days == 3 != Settings().fetch.days
    assert load_rules(path) == Rules(
        views=(SavedView("Agents", "agent is:unread"), SavedView("Short", "has:summary")),
        mute=("org:x",),
        authors=("Yi Li",),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[view]]\nname = "x"', "a name and a query"),
        ('[[view]]\nname = "x"\nquery = "auther:y"', "view “x” is left out: “auther:” is not a field"),
        ('[[view]]\nname = "x"\nquery = "a"\n[[view]]\nname = "x"\nquery = "b"', "two views “x”"),
        ("view = 3", "a name and a query"),
        ('mute = "x"', "written as [mute]"),
        ("[mute]\nqueries = [1]", "“mute.queries” is a list of strings"),
        ('[mute]\nqueries = ["is:x"]', "mute rule “is:x” is left out"),
        ('[mute]\nauthors = ["Ada Roe"]', "unknown setting “mute.authors”; [mute] has queries."),
        ('[follow]\nauthor = ["Ada Roe"]', "unknown setting “follow.author”; did you mean “follow.authors”?"),
        ('[follow]\nauthors = "me"', "“follow.authors” is a list of strings"),
    ],
)
def test_what_is_wrong_is_reported_and_left_out(path: Path, text: str, says: str) -> None:
    path.write_text(text, encoding="utf-8")
    rules = load_rules(path)
    assert any(says in complaint for complaint in rules.complaints)
    assert len(rules.complaints) == 1
    assert len(rules.views) <= 1
    assert rules.muted_queries == ()


def test_rules_become_queries_once() -> None:
    """Painting a row parsed every rule."""
    rules = Rules(mute=("keyword:=ai",), authors=("Yi Li",), organizations=("Lab",), keywords=("safety",))
    assert rules.muted_queries == (parse("keyword:=ai"),)
    assert rules.followed_queries == (parse('author:="Yi Li"'), parse("org:=Lab"), parse("keyword:=safety"))
    assert rules.muted_queries is rules.muted_queries
    assert rules.followed_queries is rules.followed_queries


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, BASE),
        ({"view A": None}, Rules(views=BASE.views[1:], mute=("m",), authors=("Yi Li",))),
        ({"view A": "c"}, Rules(views=(SavedView("A", "c"), BASE.views[1]), mute=("m",), authors=("Yi Li",))),
        ({"place A": 1.5}, Rules(views=BASE.views[::-1], mute=("m",), authors=("Yi Li",))),
        ({"mute m": False, "mute n o": True}, Rules(views=BASE.views, mute=("n o",), authors=("Yi Li",))),
        ({"follow authors Yi Li": False}, Rules(views=BASE.views, mute=("m",))),
        ({"follow keywords x y": True}, Rules(views=BASE.views, mute=("m",), authors=("Yi Li",), keywords=("x y",))),
    ],
)
def test_the_journal_has_the_last_word(values: dict[str, object], expected: Rules) -> None:
    assert with_values(BASE, values) == expected
