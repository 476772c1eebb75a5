"""What is learned from stars and typed interests, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperdeck.storage.taste.consensus import TermSums
from paperdeck.storage.taste.papers import PaperFacts
from paperdeck.storage.taste.profile import LESS, MAX_STARS, MORE, Adjustments, Profile, learn
from paperdeck.storage.taste.reasons import min_likely_score
from paperdeck.storage.taste.terms import term_of
from tests.support.examples import examples

from .made_library import TOPICS, Library, best_first, library

DAY = 86_400.0
MADE = library()


def topics_of(profile: Profile | None, made: Library, maximum: int = 10) -> list[str]:
    """The topics of the best papers that were not starred."""
    assert profile is not None
    starred = {star.id for star in profile.stars}
    best = [paper_id for _, paper_id in best_first(profile, made.pool) if paper_id not in starred]
    return [(made.papers[paper_id].organization or "").removeprefix("Lab of ") for paper_id in best[:maximum]]


def test_without_stars_and_interests_there_is_no_taste() -> None:
    assert learn([], MADE.corpus) is None
    assert learn([], MADE.corpus, interests=["of the", "unheard"], candidates=MADE.candidates) is None


def test_a_star_without_words_makes_no_taste() -> None:
    made = library()
    empty = PaperFacts("x", "")
    assert learn([made.star(made.topic("robots")[0])._replace(terms=empty.terms)], made.corpus) is None


@pytest.mark.parametrize("name", TOPICS)
def test_one_star_already_leads_to_its_topic(name: str) -> None:
    star = MADE.star(MADE.topic(name)[0])
    assert topics_of(learn([star], MADE.corpus, candidates=MADE.candidates), MADE).count(name) >= 8


@pytest.mark.parametrize("name", TOPICS)
def test_a_mistaken_star_changes_little(name: str) -> None:
    slip = next(other for other in TOPICS if other != name)
    stars = [*map(MADE.star, MADE.topic(name)[:9]), MADE.star(MADE.topic(slip)[0])]
    assert topics_of(learn(stars, MADE.corpus), MADE) == [name] * 10


def test_an_interest_is_enough_before_the_first_star() -> None:
    assert (
        topics_of(learn([], MADE.corpus, interests=["Gaussian splatting"], candidates=MADE.candidates), MADE).count(
            "splats"
        )
        >= 9
    )


def test_interests_count_beside_stars() -> None:
    stars = [MADE.star(key) for key in MADE.topic("proofs")[:3]]
    found = topics_of(learn(stars, MADE.corpus, interests=["robot grasp"]), MADE, 20)
    assert {"proofs", "robots"} <= set(found)


def test_an_author_counts_only_when_repeated() -> None:
    stars = [MADE.star_with_labels(key) for key in MADE.topic("robots")[:4]]
    once = learn(stars[:1], MADE.corpus)
    often = learn(stars, MADE.corpus)
    assert once is not None
    assert often is not None
    assert not once.labels
    assert "Lab of robots" in {weight.label.name for weight in often.labels.values()}


def test_only_the_newest_five_hundred_stars_are_learned_from() -> None:
    star = MADE.star(MADE.topic("robots")[0])
    stars = [star._replace(id=str(number), starred_at=number * DAY) for number in range(MAX_STARS + 5)]
    profile = learn(stars, MADE.corpus)
    assert profile is not None
    assert len(profile.stars) == MAX_STARS
    assert profile.stars[0].id == str(MAX_STARS + 4)


def test_the_order_of_stars_does_not_matter() -> None:
    stars = [MADE.star(key, number * DAY) for number, key in enumerate(MADE.topic("speech")[:20])]
    one, other = learn(stars, MADE.corpus), learn(stars[::-1], MADE.corpus)
    assert one is not None
    assert other is not None
    assert one.weights == other.weights


@settings(max_examples=examples(25))
@given(st.lists(st.sets(st.integers(0, 39), min_size=1), min_size=1, max_size=5))
def test_learning_step_by_step_is_learning_at_once(steps: list[set[int]]) -> None:
    sums = TermSums()
    ids = MADE.topic("speech")
    for chosen in steps:
        stars = [MADE.star(ids[number], number * 90 * DAY) for number in chosen]
        stepwise, at_once = learn(stars, MADE.corpus, sums=sums), learn(stars, MADE.corpus)
        assert stepwise is not None
        assert at_once is not None
        assert stepwise.weights == at_once.weights


@pytest.mark.parametrize("gap", [DAY / 2, 30 * DAY, 400 * DAY], ids=["the same day", "a month", "a year"])
def test_after_ten_stars_of_a_new_topic_it_leads(gap: float) -> None:
    made = library(320)
    old = [made.star(key, number * 60.0) for number, key in enumerate(made.topic("speech")[:300])]
    new = [made.star(key, 300 * 60.0 + gap + number) for number, key in enumerate(made.topic("proofs")[:10])]
    assert topics_of(learn(old, made.corpus, candidates=made.candidates), made) == ["speech"] * 10
    found = topics_of(learn([*old, *new], made.corpus, candidates=made.candidates), made, 20)
    assert found[:10].count("proofs") >= 8


def test_stars_of_the_same_moment_have_no_newest() -> None:
    ids = MADE.topic("speech")[:20]
    timed, untimed = (learn([MADE.star(key, at) for key in ids], MADE.corpus) for at in (5.0, None))
    assert timed is not None
    assert untimed is not None
    assert timed.weights == untimed.weights


def test_a_veto_removes_its_word_and_changes_no_other() -> None:
    stars = [MADE.star(key) for key in MADE.topic("robots")[:5]]
    plain = learn(stars, MADE.corpus, candidates=MADE.candidates)
    vetoed = learn(
        stars, MADE.corpus, candidates=MADE.candidates, adjustments=Adjustments({"Robots": LESS, "policy": MORE})
    )
    assert plain is not None
    assert vetoed is not None
    robot, policy = term_of("robot"), term_of("policy")
    assert vetoed.weights == {**plain.weights, robot: 0.0, policy: 2 * plain.weights[policy]}


def test_few_papers_are_likely() -> None:
    profile = learn([MADE.star(key) for key in MADE.topic("robots")[:5]], MADE.corpus)
    assert profile is not None
    ranked = best_first(profile, MADE.pool)
    bound = min_likely_score([score for score, _ in ranked])
    likely = [paper_id for score, paper_id in ranked if score >= bound]
    assert 0 < len(likely) <= len(MADE.topic("robots"))
    assert set(likely) <= set(MADE.topic("robots"))
