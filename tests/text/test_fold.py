"""Folding: what a reader need not type does not matter, on either side."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperdeck.storage.text.alike import fold, fold_typed
from tests.support.examples import examples


@pytest.mark.parametrize(
    "shown", ["O(n^2)", "$O(n^2)$", "𝒪(n²)", r"$\mathcal{O}(n^2)$", r"\mathcal{O}(n^{2})", "o(n²)"]
)
def test_a_formula_is_the_same_in_every_form(shown: str) -> None:
    assert fold(shown) == fold_typed(shown) == "o(n2)"


@pytest.mark.parametrize("shown", ["alpha", "Alpha", "α", "Α", "𝛼", r"\alpha", r"$\alpha$"])
def test_a_greek_letter_is_its_name(shown: str) -> None:
    assert fold(shown) == fold_typed(shown) == "alpha"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ünïcödé", "unicode"),
        ("Łukasz Đorđe Øystein", "lukasz dorde oystein"),
        ("Straße", "strasse"),
        ("İstanbul ısı", "istanbul isi"),
        ("cafe\u0301", "cafe"),
        (r"H\"older", "holder"),
        (r"$\mathbb{R}^d$", "rd"),
        ("ℝᵈ", "rd"),
        ("mathcal{L}", "l"),
        ("ﬁne ＷＩＤＥ", "fine wide"),
        ("state‑of–the—art", "state-of-the-art"),
        ("“quoted” ‘so’", "\"quoted\" 'so'"),
        ("3×3", "3x3"),
        ("a_b", "ab"),
        ("  two\n\nlines\t", "two lines"),
    ],
)
def test_case_accents_and_forms_do_not_matter(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize("text", ["深度学习", "モデル", "한국어", "العربية", "עברית", "ภาษาไทย", "हिन्दी", "Привет"])
def test_other_scripts_keep_their_letters(text: str) -> None:
    assert len(fold(text)) >= len(text)
    assert fold(text) == fold(text + " ")


def test_marks_that_change_a_letter_of_another_script_stay() -> None:
    assert fold("が") != fold("か")


@pytest.mark.parametrize("typed", [r"t^{-1/3}", r"\frac{1}{2}", r"x_{t}", r"O(n \log n)", r"\mathbb{R}"])
def test_tex_can_be_typed_without_dollar_signs(typed: str) -> None:
    assert fold_typed(typed) == fold(f"${typed}$")


@given(st.text(max_size=60))
@settings(max_examples=examples(200))
def test_folding_again_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


@given(st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=examples(100))
def test_no_folded_text_holds_the_mark_of_a_block(left: str, right: str) -> None:
    assert "\x1f" not in fold(f"{left}\x1f{right}")
