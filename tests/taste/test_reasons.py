"""Reasons sum to the score, a veto removes exactly its part, and the order is the same everywhere."""

from __future__ import annotations

import hashlib
import math
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperdeck.storage.taste.corpus import Corpus
from paperdeck.storage.taste.papers import AUTHOR, ORGANIZATION, Label
from paperdeck.storage.taste.pool import Pool
from paperdeck.storage.taste.profile import LESS, MORE, Adjustments, Candidates, Profile, learn
from paperdeck.storage.taste.reasons import Reasons, reasons_of, score_of, scores, sentence, words_of_taste
from paperdeck.storage.taste.terms import term_of, terms_of
from paperdeck.storage.text.words import short_title
from tests.support.examples import examples

from .made_library import COMMON_WORDS, TOPICS, Library, best_first, library

MADE = library()
IDS = sorted(MADE.papers)


def taste(chosen: list[str], adjustments: Adjustments | None = None, interests: tuple[str, ...] = ()) -> Profile:
    stars = [MADE.star_with_labels(key, number * 86_400.0) for number, key in enumerate(chosen)]
    profile = learn(stars, MADE.corpus, interests=interests, adjustments=adjustments, candidates=MADE.candidates)
    assert profile is not None
    return profile


def why(profile: Profile, paper_id: str) -> Reasons:
    return reasons_of(profile, MADE.papers[paper_id], MADE.terms[paper_id])


chosen_ids = st.lists(st.sampled_from(IDS), min_size=1, max_size=40, unique=True)
factors = st.sampled_from([LESS, MORE])
said = st.dictionaries(st.sampled_from(" ".join(TOPICS.values()).split()), factors)
said_of_labels = st.dictionaries(
    st.one_of(
        st.builds(Label, st.just(AUTHOR), st.integers(0, 59).map("Author {}".format)),
        st.builds(Label, st.just(ORGANIZATION), st.sampled_from(list(TOPICS)).map("Lab of {}".format)),
    ),
    factors,
)


@settings(max_examples=examples(40))
@given(chosen_ids, said, said_of_labels, st.booleans())
def test_reasons_sum_to_the_score(
    chosen: list[str], words: dict[str, float], labels: dict[Label, float], typed: bool
) -> None:
    profile = taste(chosen, Adjustments(words, labels), ("robot policy",) if typed else ())
    by_place = scores(profile, MADE.pool)
    for paper_id in IDS[::7]:
        paper, terms = MADE.papers[paper_id], MADE.terms[paper_id]
        parts = [reason.part for reason in why(profile, paper_id).parts]
        backwards = 0.0
        for part in reversed(parts):
            backwards += part
        place = MADE.pool.ids.index(paper_id)
        assert backwards == math.fsum(parts) == by_place[place] == score_of(profile, terms, paper.labels)


@settings(max_examples=examples(40))
@given(chosen_ids, st.sampled_from(IDS), st.randoms(use_true_random=False))
def test_a_veto_removes_exactly_its_part(chosen: list[str], paper_id: str, chance: random.Random) -> None:
    before = why(taste(chosen), paper_id)
    if not before.parts:
        return
    reason = chance.choice(before.parts)
    veto = Adjustments(labels={reason.label: LESS}) if reason.label else Adjustments({reason.words: LESS})
    after = why(taste(chosen, veto), paper_id)
    assert after.score == before.score - reason.part
    assert sorted(other.part for other in after.parts) == sorted(
        0.0 if other == reason else other.part for other in before.parts
    )


def test_more_of_this_counts_twice() -> None:
    chosen = MADE.topic("robots")[:6]
    reason = next(reason for reason in why(taste(chosen), IDS[1]).parts if reason.label)
    assert reason.label is not None
    more = why(taste(chosen, Adjustments(labels={reason.label: MORE})), IDS[1])
    assert more.score == why(taste(chosen), IDS[1]).score + reason.part


def test_a_line_names_star_words_and_labels() -> None:
    chosen = MADE.topic("robots")[:10]
    reasons = why(taste(chosen), MADE.topic("robots")[12])
    line = sentence(reasons)
    assert reasons.similar_star is not None
    assert line.startswith(f"because ★ {short_title(reasons.similar_star.title)} · ")
    assert "10 of your 10 stars are by Lab of robots" in line


def test_what_was_typed_is_marked_as_the_readers_own() -> None:
    profile = learn([], MADE.corpus, interests=["theorem"])
    assert profile is not None
    paper = next(paper for paper in MADE.papers.values() if "theorem" in paper.abstract)
    assert sentence(reasons_of(profile, paper)) == "because your “theorem”"


COMMON = {word for word in COMMON_WORDS if word not in ("code", "network", "language")}


@pytest.mark.parametrize("stars", [1, 2, 3])
def test_words_of_papers_of_all_kinds_are_not_named(stars: int) -> None:
    """With one to three stars papers were there “because models” or “because training”."""
    profile = taste([MADE.topic(topic)[2] for topic in ("robots", "splats", "proofs")[:stars]])
    papers = [MADE.papers[paper_id] for paper_id in IDS]
    lines = [sentence(reasons_of(profile, paper)) for paper in papers]
    named = {part.removeprefix("because ") for line in lines for part in line.split(" · ") if "★" not in part}
    named |= {word.words for word in words_of_taste(profile, papers)}
    assert [words for words in named if COMMON.issuperset(words.split())] == []
    assert any(reason.words == "model" for reason in why(profile, IDS[0]).parts), "it counts all the same"


def test_a_word_of_more_than_a_third_of_the_papers_is_common() -> None:
    corpus = Corpus()
    for number in range(9):
        corpus.add(terms_of("robots" * (number < 4) + " grippers" * (number < 3)))
    words = list(map(term_of, ("robot", "gripper", "unheard")))
    assert [term in corpus.common_terms(words) for term in words] == [True, False, False]
    assert Corpus().common_terms([]) == corpus.common_terms([]) >= {term_of("model")}


def test_a_common_word_is_named_if_the_reader_asked_for_it() -> None:
    paper = next(paper for paper in MADE.papers.values() if "benchmark" in paper.abstract)
    asked = taste(MADE.topic("robots")[:2], Adjustments({"benchmark": MORE}))
    typed = learn([], MADE.corpus, interests=["benchmark"])
    assert typed is not None
    assert [reason.is_telling for reason in reasons_of(asked, paper).parts if reason.words == "benchmark"] == [True]
    assert sentence(reasons_of(typed, paper)) == "because your “benchmark”"


def test_no_reasons_give_an_empty_line() -> None:
    profile = learn([], MADE.corpus, interests=["theorem"])
    assert profile is not None
    paper = next(paper for paper in MADE.papers.values() if "theorem" not in f"{paper.title} {paper.abstract}")
    assert sentence(reasons_of(profile, paper)) == ""


def test_a_taste_can_be_shown_in_words() -> None:
    chosen = MADE.topic("robots")[:10]
    profile = taste(chosen, Adjustments({"robot": LESS}))
    shown = words_of_taste(profile, (MADE.papers[key] for key in chosen))
    assert [word.weight for word in shown] == sorted((word.weight for word in shown), reverse=True)
    assert next(word for word in shown if word.words == "robot").factor == LESS


def digest_of_order(made: Library) -> str:
    """A digest of the order and all scores of a fixed taste."""
    stars = [made.star_with_labels(key, number * 86_400.0) for number, key in enumerate(sorted(made.papers)[::9])]
    profile = learn(stars, made.corpus, interests=["robot"], candidates=made.candidates)
    assert profile is not None
    return hashlib.sha256(
        repr([(paper_id, score.hex()) for score, paper_id in best_first(profile, made.pool)]).encode()
    ).hexdigest()


def test_the_order_is_the_same_in_another_process() -> None:
    program = f"from {__name__} import *; print(digest_of_order(library()))"
    root = str(Path(__file__).parents[2])
    env = os.environ | {"PYTHONHASHSEED": "77", "PYTHONPATH": os.pathsep.join([root, *sys.path])}
    run = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True, cwd=root)
    assert run.stdout.strip() == digest_of_order(MADE)


def test_the_order_is_the_same_after_keeping() -> None:
    corpus, pool = Corpus.from_bytes(MADE.corpus.to_bytes()), Pool.from_bytes(MADE.pool.to_bytes())
    again = Library(MADE.papers, MADE.terms, corpus, pool)
    assert again.candidates == Candidates(pool, MADE.terms.get)
    assert digest_of_order(again) == digest_of_order(MADE)


def test_equal_papers_are_listed_newest_first() -> None:
    profile = taste(MADE.topic("robots")[:3])
    nothing = [paper_id for score, paper_id in best_first(profile, MADE.pool) if score == 0]
    assert nothing == sorted(nothing, reverse=True)
