"""Plurals, lists and dates in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdeck.storage.text.words import (
    MONTHS,
    beginning_of,
    byline,
    count_of,
    dated_day,
    list_in_words,
    long_day,
    month_number,
    recent_day,
    short_day,
    short_title,
    spoken_day,
)

TODAY = date(2026, 11, 20)


def test_a_number_agrees_with_its_noun() -> None:
    assert count_of(1, "paper") == "1 paper"
    assert count_of(0, "paper") == "0 papers"
    assert count_of(1204, "match", "matches") == "1,204 matches"


@pytest.mark.parametrize(
    ("items", "words"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_a_list_ends_with_and(items: list[str], words: str) -> None:
    assert list_in_words(items) == words


def test_a_byline_names_three_authors_and_counts_the_others() -> None:
    assert byline(["A", "B", "C"]) == "A, B, C"
    assert byline(["A", "B", "C", "D"]) == "A, B, C and 1 more"
    assert byline([]) == ""


def test_a_day_has_five_forms() -> None:
    assert short_day(TODAY) == "Fri 20 Nov"
    assert dated_day(TODAY, TODAY) == "Fri 20 Nov"
    assert dated_day(date(2025, 1, 1), TODAY) == "Wed 1 Jan 2025"
    assert long_day(TODAY) == "20 Nov 2026"
    assert spoken_day(TODAY) == "Friday 20 November 2026"


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (None, ""),
        (TODAY, "Fri"),
        (date(2026, 11, 14), "Sat"),
        (date(2026, 11, 13), "13 Nov"),
        (date(2026, 1, 2), "2 Jan"),
        (date(2025, 12, 31), "Dec'25"),
        (date(2024, 11, 20), "Nov'24"),
        (date(2005, 3, 1), "Mar'05"),
        (date(2026, 11, 21), "21 Nov"),
    ],
)
def test_a_recent_day_is_short(day: date | None, text: str) -> None:
    assert recent_day(day, TODAY) == text


@given(st.dates(min_value=date(1900, 1, 1)), st.integers(0, 20_000))
def test_a_recent_day_fits_six_cells(today: date, age: int) -> None:
    assert 0 < len(recent_day(today - timedelta(days=min(age, today.toordinal() - 1)), today)) <= 6


def test_months_are_known_by_name_and_abbreviation() -> None:
    for number, name in enumerate(MONTHS, 1):
        assert month_number(name) == month_number(name[:3].lower()) == month_number(f"{name[:3]}.") == number
    assert month_number("Sept.") == 9
    assert month_number("ju") is month_number("Juny") is month_number("") is None


@given(st.text(), st.integers(1, 30))
def test_the_beginning_of_a_text_is_no_longer_than_it_may_be_and_counts_the_rest(text: str, maximum: int) -> None:
    start, left = beginning_of(text, maximum)
    assert text.startswith(start)
    assert len(start) <= maximum
    assert len(start) + left == len(text)


def test_a_beginning_ends_between_two_words() -> None:
    assert beginning_of("one two three", 9) == ("one two", 6)
    assert beginning_of("one two three", 7) == ("one two", 6)
    assert beginning_of("onetwothree", 5) == ("onetw", 6)


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("minWM: A Full-Stack Framework", "minWM"),
        ("Robots that grasp", "Robots that grasp"),
        ("A very long title about what robots can do: and more", "A very long title about what…"),
    ],
)
def test_titles_are_shortened(title: str, short: str) -> None:
    assert short_title(title) == short
