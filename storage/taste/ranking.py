"""Scores papers by a taste: the same numbers on every machine."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

from .labels import LabelWeight, label_parts
from .papers import Label
from .pool import Pool
from .profile import Profile
from .terms import Terms, values

LIKELY_DEVIATIONS: Final = 2.0
"""Standard deviations above the mean score at which a paper is likely to interest the reader.

About one paper in thirty scores that high. On recorded days a third of those papers (a quarter with three stars, two
fifths with thirty) belonged to a narrow interest that covers one paper in fourteen.
"""


def scores(profile: Profile, pool: Pool) -> list[float]:
    """The score of the paper at each place of a pool: the sum of its parts in `reasons.reasons_of`."""
    sums = pool.scores(profile.weights)
    for place, labels in _labels_by_place(profile, pool).items():
        sums[place] += math.fsum(label_values(labels, profile))
    return sums


def score_of(profile: Profile, terms: Terms, labels: Iterable[Label] = ()) -> float:
    """The score of one paper, whether a pool holds it or not; 20 to 50 microseconds."""
    return math.fsum((*term_parts(profile, terms).values(), *label_values(labels, profile)))


def term_parts(profile: Profile, terms: Terms) -> dict[int, float]:
    """The contribution of each term to a paper's score, in ascending order of terms."""
    weights = profile.weights
    valued = zip(terms.ids, values(terms), strict=True)
    return {term: weights[term] * value for term, value in valued if term in weights}


def label_values(labels: Iterable[Label], profile: Profile) -> list[float]:
    """The contribution of each label to a score, with the reader's own factors applied."""
    return [part * factor_of(weight, profile) for weight, part in label_parts(labels, profile.labels)]


def factor_of(weight: LabelWeight, profile: Profile) -> float:
    """The reader's adjustment of a label: LESS, MORE, or 1 for none."""
    return profile.label_factors.get(weight.label.key, 1.0)


def min_likely_score(scored: Sequence[float]) -> float:
    """The lowest score at which papers are likely to interest the reader, given the scores of many different papers."""
    if not scored:
        return math.inf
    mean = math.fsum(scored) / len(scored)
    deviation = math.sqrt(math.fsum((score - mean) ** 2 for score in scored) / len(scored))
    return mean + LIKELY_DEVIATIONS * deviation


def _labels_by_place(profile: Profile, pool: Pool) -> dict[int, list[Label]]:
    """By place in the pool, the labels that the stars repeat; places without one are left out."""
    found: dict[int, list[Label]] = {}
    for key, weight in profile.labels.items():
        for place in pool.places_with(key):
            found.setdefault(place, []).append(weight.label)
    return found
