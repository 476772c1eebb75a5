"""Scoring papers by a taste, best first, in the same order on every machine."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from .labels import LabelWeight, label_parts
from .papers import Label
from .pool import Pool
from .profile import Profile
from .terms import Terms, values

LIKELY_DEVIATIONS: Final = 2.0
"""Standard deviations above the mean score from which a paper is likely to be wanted.

About one paper in thirty is; on recorded days a third of them (three stars: a quarter, thirty stars: two fifths) was in
a narrow interest that one paper in fourteen is in.
"""


class Ranked(NamedTuple):
    """A paper with its score."""

    id: str
    score: float


def rank(profile: Profile, pool: Pool) -> list[Ranked]:
    """All papers of a pool, best first; among equals the higher id, which is the newer paper of arXiv."""
    scored = sorted(zip(scores(profile, pool), pool.ids, strict=True), reverse=True)
    return [Ranked(paper_id, score) for score, paper_id in scored if paper_id]


def scores(profile: Profile, pool: Pool) -> list[float]:
    """The score of the paper at each place of a pool: the sum of the parts that `reasons.reasons_of` gives."""
    sums = pool.scores(profile.weights)
    for place, labels in _labels_by_place(profile, pool).items():
        sums[place] += math.fsum(label_values(labels, profile))
    return sums


def score_of(profile: Profile, terms: Terms, labels: Iterable[Label] = ()) -> float:
    """The score of one paper, whether a pool holds it or not; 20 to 50 microseconds."""
    return math.fsum((*term_parts(profile, terms).values(), *label_values(labels, profile)))


def term_parts(profile: Profile, terms: Terms) -> dict[int, float]:
    """What each term of a paper gives to its score, by term, in ascending order of terms."""
    weights = profile.weights
    valued = zip(terms.ids, values(terms), strict=True)
    return {term: weights[term] * value for term, value in valued if term in weights}


def label_values(labels: Iterable[Label], profile: Profile) -> list[float]:
    """What each label gives to a score, with the reader's own factors."""
    return [part * factor_of(weight, profile) for weight, part in label_parts(labels, profile.labels)]


def factor_of(weight: LabelWeight, profile: Profile) -> float:
    """The reader's adjustment of a label: LESS, MORE, or 1 for none."""
    return profile.label_factors.get(weight.label.key, 1.0)


def likely_from(scored: Sequence[float]) -> float:
    """The score from which papers are likely to be wanted, given the scores of many papers of all kinds."""
    if not scored:
        return math.inf
    mean = math.fsum(scored) / len(scored)
    deviation = math.sqrt(math.fsum((score - mean) ** 2 for score in scored) / len(scored))
    return mean + LIKELY_DEVIATIONS * deviation


def _labels_by_place(profile: Profile, pool: Pool) -> dict[int, list[Label]]:
    """For each place where there are some the labels that the stars repeat."""
    found: dict[int, list[Label]] = {}
    for weight in profile.labels.values():
        for place in pool.places_with(weight.label):
            found.setdefault(place, []).append(weight.label)
    return found
