"""Authors and organizations: only what stars repeat beyond chance has a part, and together they are bounded."""

from __future__ import annotations

import pytest

from paperdeck.storage.taste.corpus import Corpus
from paperdeck.storage.taste.labels import LABEL_SCALE, label_parts, label_weights
from paperdeck.storage.taste.papers import AUTHOR, ORGANIZATION, Label, Star
from paperdeck.storage.taste.terms import terms_of

NOTHING = terms_of("")
ANN, BO = Label(AUTHOR, "Ann Lee"), Label(AUTHOR, "Bo Wei")
LAB = Label(ORGANIZATION, "A Lab")


def corpus_of(*labels: Label, others: int = 100) -> Corpus:
    """A hundred papers without labels, and one with the given ones."""
    corpus = Corpus()
    for _ in range(others):
        corpus.add(NOTHING)
    corpus.add(NOTHING, [label.key for label in labels])
    return corpus


def stars_with(*labels: tuple[Label, ...]) -> list[Star]:
    return [Star(str(number), "", NOTHING, its) for number, its in enumerate(labels)]


def test_a_label_of_one_star_has_no_part() -> None:
    assert label_weights(stars_with((ANN,), (), ()), [1.0] * 3, corpus_of(ANN)) == {}


def test_a_label_as_usual_as_chance_has_no_part() -> None:
    corpus = corpus_of(LAB, others=2)
    assert label_weights(stars_with((LAB,), (LAB,), (), (), ()), [1.0] * 5, corpus) == {}


def test_the_share_beyond_one_star_and_twice_chance_counts() -> None:
    weight = label_weights(stars_with((ANN,), (ANN,), (ANN,), ()), [1.0] * 4, corpus_of(ANN, others=99))[ANN.key]
    assert weight.stars == 3
    assert weight.excess == 3 / 4 - 1 / 4 - 2 * 0.01


def test_old_stars_count_less() -> None:
    stars = stars_with((ANN,), (ANN,), (), ())
    even, fading = (label_weights(stars, gains, corpus_of(ANN)) for gains in ([1.0] * 4, [1.0, 1.0, 0.5, 0.5]))
    assert fading[ANN.key].excess > even[ANN.key].excess


def test_authors_who_always_write_together_are_no_more_than_the_bound() -> None:
    authors = tuple(Label(AUTHOR, f"Author {number}") for number in range(20))
    weights = label_weights(stars_with(*[authors] * 10), [1.0] * 10, corpus_of())
    together = sum(part for _, part in label_parts(authors, weights))
    assert together == pytest.approx(LABEL_SCALE, abs=1e-6)


def test_a_name_twice_on_a_paper_counts_once() -> None:
    twice = Label(AUTHOR, "ann lee")
    weights = label_weights(stars_with((ANN, twice), (ANN,), ()), [1.0] * 3, corpus_of())
    assert weights[ANN.key].stars == 2
    assert len(label_parts((ANN, twice), weights)) == 1


def test_authors_and_organization_have_parts_of_their_own() -> None:
    weights = label_weights(stars_with((ANN, LAB), (ANN, LAB), (BO,)), [1.0] * 3, corpus_of())
    alone = dict(label_parts((ANN,), weights))
    both = dict(label_parts((LAB, ANN), weights))
    assert both[weights[ANN.key]] == alone[weights[ANN.key]]
    assert list(both) == [weights[ANN.key], weights[LAB.key]]
