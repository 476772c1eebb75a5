"""Numbers are compared as they are meant, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdeck.storage.text.numbers import numbers_in


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        *(("03", ["3"]), ("0", ["0"]), ("e041003", ["41003"]), ("TR-2019-05", ["2019", "5"]), ("v2.0", ["2"])),
        *(("1.12", ["1.12"]), ("11.2", ["11.2"]), ("1.10", ["1.10"]), ("7,123,456", ["7123456"])),
        *(("US7123456B2", ["7123456", "2"]), ("US 2019/0123456", ["20190123456"]), ("4A", ["4", "a"])),
        *(("III", ["3"]), ("Vol. xlix", ["49"]), ("Second edition", ["2"]), ("Two", ["2"]), ("Part A", ["a"])),
        *(("CD-5", ["5"]), ("in press", []), ("PP", []), ("", [])),
    ],
)
def test_numbers_are_read_as_they_are_meant(text: str, numbers: list[str]) -> None:
    assert list(numbers_in(text)) == numbers


@given(st.integers(0, 99999), st.integers(0, 3), st.sampled_from(["", "No. ", "TR-", "Technical Report "]))
def test_words_and_zeros_before_a_number_change_nothing(number: int, zeros: int, words: str) -> None:
    assert numbers_in(f"{words}{'0' * zeros}{number}") == (str(number),)


@given(st.text())
def test_any_text_has_few_numbers(text: str) -> None:
    assert len(numbers_in(text * 100)) <= 8
