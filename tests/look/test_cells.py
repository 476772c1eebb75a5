"""Text fills exactly the cells that it is given, whatever it is made of."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from paperdeck.storage.text.clean import clean_line
from paperdeck.tui.look.text import fit, fit_right, fit_words, short_number, wrapped
from tests.support.examples import examples
from tests.support.torture import SEQUENCES

TODAY = date(2026, 11, 20)  # a Friday
PIECES = [
    "深",
    "度",
    "ｱ",
    "한",
    "é",
    "e\u0301",
    "a\u0323\u0302",
    "👩\u200d🔬",
    "👨\u200d👩\u200d👧",
    "👍🏽",
    "🇩🇪",
    "❤\ufe0f",
    "\u200d",
    "\u0301",
]
WIDE_TEXT = (
    st.lists(st.sampled_from([*PIECES, " ", "x", "$"]) | st.text(max_size=3), max_size=30).map("".join).map(clean_line)
)


@settings(max_examples=examples(200))
@given(WIDE_TEXT, st.integers(0, 60))
@example("👩\u200d🔬" * 5, 3)
@example("深度学习", 4)
@example("e" + "\u0301" * 40, 1)
@example("abc\u200d", 3)
@example("\u200dabcdef", 4)
def test_a_text_takes_exactly_its_cells(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) == width
    assert cell_len(fit_right(text, width)) == width


@given(WIDE_TEXT, st.integers(0, 60), st.sampled_from(["…", "...", ""]))
def test_any_ellipsis_fits(text: str, width: int, ellipsis: str) -> None:
    assert cell_len(fit(text, width, ellipsis)) == width


@given(st.text(alphabet="abc 深", max_size=30), st.integers(0, 80))
def test_what_has_room_is_only_padded(text: str, width: int) -> None:
    if cell_len(text) <= width:
        assert fit(text, width) == text + " " * (width - cell_len(text))


def test_what_was_shortened_ends_with_an_ellipsis() -> None:
    assert fit("Attention Is All You Need", 10) == "Attention…"
    assert fit("Attention Is All You Need", 11) == "Attention… "
    assert fit("深度学习", 6) == "深度… "
    assert fit("深度学习", 2) == "… "
    assert fit("深", 1) == "…"
    assert fit("深", 0) == ""


def test_what_was_shortened_before_has_one_ellipsis() -> None:
    assert fit("Attention Is… · More", 13) == "Attention Is…"
    assert fit("How LoRA Remembers? A… · More", 23) == "How LoRA Remembers? A… "


def test_a_number_is_aligned_right() -> None:
    assert fit_right("42", 5) == "   42"
    assert fit_right("12345", 3) == "12…"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (None, ""),
        (0, "0"),
        (999, "999"),
        (1_000, "1.0k"),
        (1_234, "1.2k"),
        (9_949, "9.9k"),
        (9_950, "10k"),
        (46_200, "46k"),
        (999_499, "999k"),
        (999_500, "1.0M"),
        (1_300_000, "1.3M"),
    ],
)
def test_a_count_is_short(number: int | None, text: str) -> None:
    assert short_number(number) == text


@given(st.integers(0, 999_000_000))
def test_a_count_takes_four_cells_at_most(number: int) -> None:
    assert len(short_number(number)) <= 4


@pytest.mark.parametrize("text", SEQUENCES.values(), ids=SEQUENCES)
def test_what_got_past_the_door_is_stopped_here(text: str) -> None:
    drawn = fit(f"before{text}after", 60)
    assert drawn.isprintable()
    assert cell_len(drawn) == 60


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 5, [""]),
        ("one two three", 8, ["one two", "three"]),
        ("  one two three", 9, ["  one two", "  three"]),
        ("        deep", 6, ["   dee", "   p"]),
        ("深度学习 ab", 5, ["深度", "学习", "ab"]),
        ("word", 0, ["w", "o", "r", "d"]),
    ],
)
def test_a_line_is_wrapped_as_far_in_as_it_begins(text: str, width: int, lines: list[str]) -> None:
    assert wrapped(text, width) == lines


@pytest.mark.parametrize(
    ("width", "shown"),
    [(22, "Latest day, Fri 27 Nov"), (14, "Latest day…"), (12, "Latest day…"), (9, "Latest…"), (4, "Lat…")],
)
def test_a_text_of_several_words_is_cut_after_a_word_with_one_sign(width: int, shown: str) -> None:
    """At 40 columns the top line showed “Latest day,……”."""
    assert fit_words("Latest day, Fri 27 Nov", width) == shown.ljust(width)
