"""What is offered is found by what is typed, the best first."""

from __future__ import annotations

from paperdeck.tui.model.choice import Choice, with_words

CHOICES = [
    Choice("theme", "Choose a theme"),
    Choice("mark", "Mark all papers in the list as read"),
    Choice("all", "All", "3", "view"),
    Choice("topics", "Fold the list into topics", synonyms="themes"),
    Choice("own", "Run thesis-notes", synonyms="command program"),
    Choice("hypothesis", "Hypothesis testing"),
    Choice("tag", "Thesis tag"),
]


def found(typed: str) -> list[str]:
    return [choice.value for choice in with_words(CHOICES, typed)]


def test_words_that_begin_with_it_come_first_then_parts_then_other_names() -> None:
    assert found("thes") == ["own", "tag", "hypothesis"]
    assert found("THEME") == ["theme", "topics"]


def test_what_is_typed_whole_comes_before_all_else() -> None:
    """`all`, enter marked the whole list as read instead of showing the view All."""
    assert found("all") == ["all", "mark"]
    assert found("al") == ["mark", "all"]


def test_a_whole_word_comes_before_the_beginning_of_one() -> None:
    """`20 nov`, enter went to 27 November, as “2026” begins with 20."""
    days = [Choice("27", "Fri 27 Nov 2026"), Choice("20", "Fri 20 Nov 2026")]
    assert [choice.value for choice in with_words(days, "20 nov")] == ["20", "27"]
    assert [choice.value for choice in with_words(days, "2 nov")] == ["27", "20"]


def test_a_command_of_the_readers_own_is_ranked_like_any_other() -> None:
    assert found("run") == ["own"]
    assert found("notes") == ["own"]


def test_all_words_are_needed_and_nothing_typed_finds_everything() -> None:
    assert found("fold topics") == ["topics"]
    assert found("fold nothing") == []
    assert found(" ") == [choice.value for choice in CHOICES]
