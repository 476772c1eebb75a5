"""Spellings that are alike: hyphens, apostrophes, spaces and umlauts don't divide literature."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperdeck.storage.text.alike import MARK, find_words, fold, form_of, spellings_of
from tests.support.examples import examples


def finds(typed: str, shown: str) -> bool:
    return any(sought.is_in(form_of(shown)) for sought in spellings_of(typed))


PRETRAINING = ("Pre-training", "pretraining", "pre training", "Pre–training")
BRIEN = ("O'Brien", "O’Brien", "OBrien", "O Brien", "o-brien")
ART = ("state of the art", "State-of-the-Art", "state-of-the art", "stateoftheart")


@pytest.mark.parametrize(
    "spellings", [PRETRAINING, BRIEN, ART, ("Fei-Fei Li", "Fei Fei Li"), ("GPT-4", "GPT 4", "gpt4")]
)
def test_hyphens_apostrophes_and_spaces_are_alike(spellings: tuple[str, ...]) -> None:
    for typed in spellings:
        for shown in spellings:
            assert finds(typed, f"On {shown}, again"), (typed, shown)
            assert any(sought.is_whole(form_of(shown)) for sought in spellings_of(typed))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("cat", "music at work"),
        ("area", "they are a kind"),
        ("therap", "the rapid one"),
        ("into", "in to"),
        ("rag", "for aggregates"),
    ],
)
def test_a_word_is_not_made_of_pieces_of_others(typed: str, shown: str) -> None:
    assert not finds(typed, shown)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("schroedinger", "Schrödinger"),
        ("Schrödinger", "Schroedinger"),
        ("schrodinger", "Schrödinger"),
        ("mueller", "Mu\u0308ller"),
        ("Jørgensen", "Joergensen"),
    ],
)
def test_umlauts_are_also_two_letters(typed: str, shown: str) -> None:
    assert finds(typed, f"{shown} bridges")


def test_two_letters_are_not_an_umlaut() -> None:
    assert not finds("queue", "quue")
    assert not finds("true", "tru")


def test_signs_alone_ask_for_nothing() -> None:
    assert spellings_of("-") == spellings_of("$") == ()


@given(st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=examples(100))
def test_no_form_of_plain_text_holds_the_mark(left: str, right: str) -> None:
    shown = f"{left}{MARK}{right}"
    assert form_of(shown).count(MARK) <= 1


@given(st.text(alphabet="ab -'ü", max_size=12), st.text(alphabet="ab -'ü", max_size=6))
@settings(max_examples=examples(200))
def test_what_is_found_is_highlighted(shown: str, typed: str) -> None:
    if finds(typed, shown):
        assert find_words(shown, [typed])


def test_words_are_found_where_they_are_shown() -> None:
    shown = "Über the 𝒪(n²) Time"
    spans = find_words(shown, ["o(n2)", "uber", "absent"])
    assert [shown[start:end] for start, end in spans] == ["Über", "𝒪(n²)"]


def test_overlapping_words_become_one_place() -> None:
    assert find_words("transformers", ["transform", "former"]) == [(0, 11)]


@given(st.text(max_size=40), st.integers(0, 39), st.integers(1, 10))
@settings(max_examples=examples(100))
def test_places_are_inside_the_text(text: str, start: int, length: int) -> None:
    word = fold(text)[start : start + length]
    for first, last in find_words(text, [word]):
        assert 0 <= first < last <= len(text)
