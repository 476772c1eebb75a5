"""Terms of a paper: what counts as one word, how they are kept, and the words to show for them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdeck.storage.taste.terms import (
    MAX_OCCURRENCES,
    TERM_COUNT,
    TITLE_WEIGHT,
    inverse_length,
    pack,
    readable,
    term_of,
    terms_of,
    terms_of_phrase,
    unpack,
    valued,
    word_forms,
)


def counts(title: str, abstract: str = "") -> dict[int, int]:
    return dict(zip(*terms_of(title, abstract), strict=True))


def test_a_word_of_the_title_counts_three_times() -> None:
    assert counts("Robots", "A robot.")[term_of("robot")] == TITLE_WEIGHT + 1


@pytest.mark.parametrize(
    ("text", "form"),
    [("Policies", "policy"), ("models", "model"), ("analysis", "analysis"), ("class", "class"), ("C++", "c++")],
)
def test_plurals_are_folded(text: str, form: str) -> None:
    assert list(counts(text)) == [term_of(form)]


def test_pairs_reach_across_small_words_and_hyphens() -> None:
    assert term_of("state art") in counts("State of the art")
    assert term_of("vision language") in counts("vision-language")


def test_accents_do_not_matter() -> None:
    assert counts("Poincaré") == counts("Poincare")


def test_one_letter_is_not_a_term_but_makes_a_pair() -> None:
    assert counts("Q learning").keys() == {term_of("learning"), term_of("q learning")}


def test_the_number_of_a_term_is_the_same_in_every_version() -> None:
    assert [term_of(form) for form in ("robot", "speech", "world model")] == [229092, 254455, 73666]


def test_a_count_is_one_byte() -> None:
    assert counts("", "robot " * 1000)[term_of("robot")] == MAX_OCCURRENCES


@given(st.text(), st.text())
def test_packed_terms_come_back(title: str, abstract: str) -> None:
    terms = terms_of(title, abstract)
    assert unpack(pack(terms)) == terms
    assert list(terms.ids) == sorted(set(terms.ids))
    assert all(term < TERM_COUNT for term in terms.ids)


def test_broken_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="don't divide into terms"):
        unpack(b"1234567")


@given(st.text(), st.text())
def test_every_term_without_numbers_has_words_to_show(title: str, abstract: str) -> None:
    shown, known = readable(title, abstract).keys(), counts(title, abstract).keys()
    assert shown <= known
    assert shown == known or any(map(str.isdecimal, word_forms(f"{title} {abstract}")))


def test_numbers_alone_are_not_words_to_show() -> None:
    shown = set(readable("AgentDoG 1.5: effects in 1 of 13 models, by 99").values())
    assert shown == {"AgentDoG", "AgentDoG 1", "effects", "13 models", "models"}


def test_words_are_shown_as_written() -> None:
    shown = readable("NeRF and World Models", "The state of the art. Speech is hard")
    assert shown[term_of("nerf")] == "NeRF"
    assert shown[term_of("world model")] == "world models"
    assert shown[term_of("state art")] == "state of the art"
    assert shown[term_of("art speech")] == "art speech"


def test_values_are_a_vector_of_about_length_one() -> None:
    terms = terms_of("Grasping with robots", "A gripper grasps. The robot learns to grasp.")
    assert math.isclose(math.fsum(value**2 for _, value in valued(terms)), 1, rel_tol=1e-3)
    assert inverse_length(terms_of("")) == 0


def test_values_are_multiples_of_a_power_of_two() -> None:
    assert all((value * 2**24).is_integer() for _, value in valued(terms_of("Robots grasp things", "and more " * 9)))


def test_a_phrase_stands_for_its_pairs_of_words() -> None:
    assert terms_of_phrase("vision-language action") == (term_of("vision language"), term_of("language action"))
    assert terms_of_phrase("robots") == (term_of("robot"),)
    assert terms_of_phrase("of the") == ()
