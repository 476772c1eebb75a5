"""A selection ends with its action; a filter sets part of it aside, and another view ends it and says so."""

from __future__ import annotations

import pytest

from paperdeck.tui.panes.paper_list import Selection


@pytest.fixture
def selection() -> Selection:
    """Three papers, selected in a list of four."""
    selection = Selection()
    selection.follow("abcd", "day")
    selection.take("abc")
    selection.start = "c"
    return selection


def test_what_a_filter_leaves_out_is_selected_again_without_it(selection: Selection) -> None:
    """The first letter of a filter ended the selection without saying so."""
    said = selection.follow("a", "day")
    assert said == "2 of 3 selected papers are not in this list; they will be selected again without the filter."
    assert (selection.ids, selection.start) == ({"a"}, None)
    assert selection.follow("a", "day") == "", "it is said once"
    said = selection.follow("", "day")
    assert said == "3 selected papers are not in this list; they will be selected again without the filter."
    assert selection.follow("abcd", "day") == ""
    assert selection.ids == {"a", "b", "c"}


def test_an_action_ends_the_selection_that_it_applied_to(selection: Selection) -> None:
    selection.follow("ad", "day")
    selection.take(())
    selection.follow("abcd", "day")
    assert selection.ids == {"b", "c"}


def test_escape_ends_all_of_it(selection: Selection) -> None:
    selection.follow("ad", "day")
    selection.end()
    selection.follow("abcd", "day")
    assert not selection.ids


def test_another_view_keeps_the_papers_that_are_in_it_and_ends_the_rest(selection: Selection) -> None:
    selection.follow("bcd", "day")
    assert selection.follow("cab", "all") == "", "all are in it, the one set aside too"
    assert (selection.ids, selection.start) == ({"a", "b", "c"}, None)
    assert selection.follow("bx", "week") == "2 of 3 selected papers are not in this list, and no longer selected."
    assert selection.follow("x", "other") == "1 selected paper is not in this list, and no longer selected."
    assert selection.follow("abc", "all") == ""
    assert not selection.ids
