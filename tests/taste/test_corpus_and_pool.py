"""Counts of all papers and the pool of those that can be ranked: exact, in any order, and the same once stored."""

from __future__ import annotations

import math
import random

import pytest

from paperdeck.storage.taste.corpus import Corpus
from paperdeck.storage.taste.papers import ORGANIZATION, Label
from paperdeck.storage.taste.pool import MAX_WAITING, Pool
from paperdeck.storage.taste.terms import term_of, terms_of, valued

from .made_library import keys_of, library


def test_rare_terms_weigh_more() -> None:
    corpus = library().corpus
    assert corpus.rarity(term_of("speech")) > corpus.rarity(term_of("model")) > 0
    assert corpus.rarity(term_of("nowhere")) == 0


def test_rarity_is_the_smoothed_inverse_document_frequency() -> None:
    corpus = Corpus()
    for text in ("robot", "robot", "speech"):
        corpus.add(terms_of(text))
    assert corpus.rarity(term_of("robot")) == math.log(4 / 3) + 1
    assert corpus.rarity(term_of("speech")) == 0  # one paper leads to no other


def test_counts_do_not_depend_on_the_order_of_papers() -> None:
    made = library()
    other = Corpus()
    for key in random.Random(1).sample(sorted(made.papers), len(made.papers)):
        other.add(made.terms[key], keys_of(made.papers[key]))
    assert other.to_bytes() == made.corpus.to_bytes()


def test_a_paper_can_be_removed_again() -> None:
    made = library()
    before = made.corpus.to_bytes()
    made.corpus.add(terms_of("A new robot", "that speaks"), [Label(ORGANIZATION, "Lab of robots").key])
    made.corpus.remove(terms_of("A new robot", "that speaks"), [Label(ORGANIZATION, "Lab of robots").key])
    assert made.corpus.to_bytes() == before


def test_removing_what_was_never_there_is_an_error() -> None:
    with pytest.raises(OverflowError):
        Corpus().remove(terms_of("robot"))


def test_counts_survive_serialization() -> None:
    made = library()
    again = Corpus.from_bytes(made.corpus.to_bytes())
    assert again.papers == made.corpus.papers
    assert again.rarity(term_of("robot")) == made.corpus.rarity(term_of("robot"))
    assert again.usual(term_of("robot")) == made.corpus.usual(term_of("robot"))
    assert again.share_of(Label(ORGANIZATION, "lab of ROBOTS").key) == 1 / 4


@pytest.mark.parametrize("read", [Corpus.from_bytes, Pool.from_bytes])
def test_other_bytes_are_refused(read: object) -> None:
    with pytest.raises(ValueError, match="these bytes are no"):
        read(b"something else")  # type: ignore[operator]


def test_a_pool_that_was_cut_off_is_refused() -> None:
    with pytest.raises(ValueError, match="incomplete"):
        Pool.from_bytes(library().pool.to_bytes()[:-3])


WEIGHTS = {term_of("robot"): 0.5, term_of("speech"): 0.25, term_of("model"): 2.0**-20}


def _plainly(text: str) -> float:
    terms = terms_of(text)
    return math.fsum(WEIGHTS.get(term, 0.0) * value for term, value in valued(terms))


def test_a_pool_scores_as_one_would_by_hand_waiting_and_settled() -> None:
    texts = ["robot robot arm", "speech model", "nothing", "a robot speaks a speech"]
    pool = Pool()
    for number, text in enumerate(texts):
        pool.add(str(number), terms_of(text))
    wanted = [_plainly(text) for text in texts]
    assert pool.scores(WEIGHTS) == wanted
    pool.settle()
    assert pool.scores(WEIGHTS) == wanted


def test_days_that_are_sorted_in_one_by_one_are_as_all_at_once() -> None:
    made = library()
    slow = Pool()
    for number, (key, terms) in enumerate(made.terms.items()):
        slow.add(key, terms, keys_of(made.papers[key]))
        if number % 50 == 0:
            slow.settle()
    assert slow.to_bytes() == made.pool.to_bytes()


def test_many_waiting_papers_are_sorted_in() -> None:
    pool = Pool()
    for number in range(MAX_WAITING + 1):
        pool.add(str(number), terms_of("robot" if number % 2 else "speech"))
    assert pool.scores({term_of("robot"): 1.0})[:2] == [0.0, _plainly("robot") * 2]


def test_a_paper_that_changed_is_at_a_new_place() -> None:
    made = library()
    label = Label(ORGANIZATION, "Lab of robots").key
    key = made.topic("robots")[0]
    before = made.pool.places_with(label)
    made.pool.add(key, terms_of("Robots anew"), [label])
    assert made.pool.places_with(label) == [*before[1:], len(made.papers)]
    assert made.pool.ids.count(key) == 1
    assert len(list(filter(None, made.pool.ids))) == len(made.papers)


def test_a_pool_survives_serialization() -> None:
    made = library()
    made.pool.remove("2601.00003")
    again = Pool.from_bytes(made.pool.to_bytes())
    label = Label(ORGANIZATION, "Lab of splats").key
    assert again.ids == made.pool.ids
    assert again.scores(WEIGHTS) == made.pool.scores(WEIGHTS)
    assert again.places_with(label) == made.pool.places_with(label)
    assert "2601.00003" not in again.ids
    assert Pool.from_bytes(Pool().to_bytes()).ids == []
