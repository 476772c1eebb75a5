"""A facet is one condition of the query: added and removed without touching the rest."""

from __future__ import annotations

import pytest

from paperdeck.tui.model.finder import has_facet, joined, toggled


def test_a_word_that_contains_the_facet_is_not_the_facet() -> None:
    assert not has_facet("keyword:=agents", "keyword:=agent")
    assert toggled("keyword:=agents", "keyword:=agent") == "keyword:=agents keyword:=agent"


def test_a_facet_narrows_the_whole_of_an_alternative() -> None:
    assert toggled("a OR b", "org:=Meta") == "(a OR b) org:=Meta"


def test_one_of_two_alternatives_demands_nothing() -> None:
    assert not has_facet("org:=Meta OR b", "org:=Meta")


def test_the_order_stays() -> None:
    assert toggled("org:=Meta sort:stars", "org:=Meta") == "sort:stars"


def test_a_query_that_is_still_being_typed_has_no_facet() -> None:
    assert not has_facet("a OR", "org:=Meta")


@pytest.mark.parametrize("text", ["", "a", "a OR b", "-a (b OR c)", 'keyword:="x y"'])
def test_what_is_added_can_be_removed(text: str) -> None:
    narrowed = toggled(text, 'org:="Google DeepMind"')
    assert has_facet(narrowed, 'org:="Google DeepMind"')
    assert toggled(narrowed, 'org:="Google DeepMind"') == text


@pytest.mark.parametrize(
    ("text", "more", "both"),
    [
        ("", "a OR b", "a OR b"),
        ("a", "b", "a b"),
        ("mamba OR robot", "v", "(mamba OR robot) v"),
        ("a OR b sort:stars", "c OR d", "(a OR b) sort:stars (c OR d)"),
        ("a OR b", 'title:"c', '(a OR b) title:"c'),
    ],
)
def test_a_filter_within_a_filter_narrows_the_whole_of_it(text: str, more: str, both: str) -> None:
    """A word typed among the topics of “mamba OR robot” narrowed the robots only."""
    assert joined(text, more) == both
