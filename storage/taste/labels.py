"""The contribution of authors and organizations to a score, only if stars repeat them more often than chance would.

Without that condition labels ruin the list for readers who choose by topic (nDCG@10 .92 → .52), as some lab occurs
twice among any ten stars. With it, such readers lose at most .02, and those who follow a lab or an author get a perfect
list.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from .corpus import Corpus
from .papers import AUTHOR, ORGANIZATION, Label, Star

LABEL_SCALE: Final = 0.5
"""Maximum contribution of a paper's authors, and of its organization, to its score; a word's is about a tenth of it."""

_USUAL_FACTOR: Final = 2.0
"""A label counts only if its share of the stars exceeds its share of all papers this many times."""
_PART_STEP: Final = 2.0**-30


class LabelWeight(NamedTuple):
    """A label that stars repeat."""

    label: Label
    stars: int
    """How many of the stars have it."""
    excess: float
    """The share of stars with it, minus one star and minus twice the expected share, 0 to 1."""


LabelWeights = Mapping[int, LabelWeight]
"""Label weights, by the label's key."""


def label_weights(stars: Sequence[Star], gains: Sequence[float], corpus: Corpus) -> dict[int, LabelWeight]:
    """The labels that stars repeat more often than chance would.

    Args:
        gains: The weight of each star; with n stars a gain of g counts as g * n / (sum of gains) stars.
        corpus: Statistics of all papers.
    """
    counts: dict[int, int] = {}
    shares: dict[int, float] = {}
    shown: dict[int, Label] = {}
    total = math.fsum(gains)
    for star, gain in zip(stars, gains, strict=True):
        for key, label in {label.key: label for label in star.labels}.items():
            counts[key] = counts.get(key, 0) + 1
            shares[key] = shares.get(key, 0.0) + gain / total
            shown.setdefault(key, label)
    repeated = [key for key, count in counts.items() if count > 1]
    excess = {key: shares[key] - 1 / len(stars) - _USUAL_FACTOR * corpus.share_of(key) for key in repeated}
    return {key: LabelWeight(shown[key], counts[key], more) for key, more in excess.items() if more > 0}


def label_parts(labels: Iterable[Label], weights: LabelWeights) -> list[tuple[LabelWeight, float]]:
    """The contribution of each label to a paper's score, authors first; multiples of 2^-30, so that sums are exact.

    The labels of one kind together contribute half the square of 1 - product(1 - excess), so that ten authors who
    always write together are not ten reasons; each gets a share in proportion to its excess.
    """
    known = {label.key: weights[label.key] for label in labels if label.key in weights}
    return [
        part for kind in (AUTHOR, ORGANIZATION) for part in _parts([w for w in known.values() if w.label.kind == kind])
    ]


def _parts(weights: Sequence[LabelWeight]) -> Iterator[tuple[LabelWeight, float]]:
    """The parts of labels of one kind."""
    excess = math.fsum(weight.excess for weight in weights)
    together = LABEL_SCALE * (1 - math.prod(1 - weight.excess for weight in weights)) ** 2
    for weight in weights:
        yield weight, round(together * weight.excess / excess / _PART_STEP) * _PART_STEP
