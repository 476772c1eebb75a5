"""Scores papers by a taste, and explains the scores: by words, labels and the most similar star, as numbers and a line.

The scores are the same on every machine, and the numbers of a paper's reasons sum to its score.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from paperdeck.storage.text.words import short_title

from .labels import LabelWeight, label_parts
from .papers import Label, PaperFacts, Star
from .pool import Pool
from .profile import Profile
from .terms import Terms, readable, valued, word_forms

_MAX_WORDS: Final = 2
"""Maximum number of words or pairs in a line."""

_UNREADABLE: Final = "#"
"""The first character of the name of a term without words; no word begins with it."""
_LIKE_SHARE: Final = 0.25
"""Minimum share of a paper's words, by weight, that a star must have to be named."""
_PAIR_SHARE: Final = 0.5
"""Minimum weight of a pair, relative to one of its words, at which the pair is shown instead."""
_NAMED_SHARE: Final = 0.02
"""Minimum share of the score at which a label is named."""

LIKELY_DEVIATIONS: Final = 2.0
"""Standard deviations above the mean score at which a paper is likely to interest the reader.

About one paper in thirty scores that high. On recorded days a third of those papers (a quarter with three stars, two
fifths with thirty) belonged to a narrow interest that covers one paper in fourteen.
"""


# -- scores ------------------------------------------------------------------------------------------------------------


def scores(profile: Profile, pool: Pool) -> list[float]:
    """The score of the paper at each place of a pool: the sum of its parts in `reasons_of`."""
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
    return {term: weights[term] * value for term, value in valued(terms) if term in weights}


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


# -- reasons -----------------------------------------------------------------------------------------------------------


class Reason(NamedTuple):
    """One part of a score."""

    part: float
    """Its contribution; 0 if the reader vetoed it."""
    words: str
    """The words as in the paper, or the name of the label."""
    term: int | None = None
    """The term, for words."""
    label: Label | None = None
    """The label, for labels."""
    stars: int = 0
    """For a label: how many of the stars have it."""
    typed: bool = False
    """Whether the reader typed it as an interest."""
    is_telling: bool = True
    """Whether to name it; False for words found in all kinds of papers, such as `model`."""

    @property
    def is_readable(self) -> bool:
        """Whether it has words to show; False for a bare number, or if its words are no longer in the text."""
        return not self.words.startswith(_UNREADABLE)


class Reasons(NamedTuple):
    """All parts of the score of one paper."""

    parts: tuple[Reason, ...]
    """The largest part first; of equal ones, words before labels, each in ascending order."""
    similar_star: Star | None
    """The star with the most similar words; None if the shared ones make up less than a quarter of the words' part."""
    stars: int
    """How many stars the taste was learned from."""

    @property
    def score(self) -> float:
        """The exact sum of the parts: equal to the score from `score_of`, to the last bit."""
        return math.fsum(reason.part for reason in self.parts)


def reasons_of(profile: Profile, paper: PaperFacts, terms: Terms | None = None) -> Reasons:
    """The reasons for a paper's score.

    Args:
        paper: The paper, with its text.
        terms: Its terms, if already computed.
    """
    parts = term_parts(profile, paper.terms if terms is None else terms)
    words = _word_reasons(profile, parts, readable(paper.title, paper.abstract))
    ordered = tuple(sorted([*words, *_label_reasons(profile, paper.labels)], key=_order))
    return Reasons(ordered, _most_similar_star(profile, paper.id, parts), len(profile.stars))


def _order(reason: Reason) -> tuple[float, Label | tuple[()], str]:
    return -reason.part, reason.label or (), reason.words


def _word_reasons(profile: Profile, parts: dict[int, float], shown: dict[int, str]) -> list[Reason]:
    """The parts of words; a term without words to show is named by its number."""
    named = ((term, part, shown.get(term, f"{_UNREADABLE}{term}")) for term, part in parts.items())
    return [
        Reason(part, words, term=term, typed=term in profile.typed, is_telling=profile.is_telling(term, words))
        for term, part, words in named
    ]


def _label_reasons(profile: Profile, labels: Iterable[Label]) -> list[Reason]:
    """The parts of labels, with the reader's own factors."""
    return [
        Reason(part * factor_of(weight, profile), weight.label.name, label=weight.label, stars=weight.stars)
        for weight, part in label_parts(labels, profile.labels)
    ]


def _most_similar_star(profile: Profile, paper_id: str, parts: dict[int, float]) -> Star | None:
    """The star with the largest sum of the paper's parts times its own values; of equal ones, the newer."""
    best, highest = None, 0.0
    for star, star_values in zip(profile.stars, profile.star_values, strict=True):
        shared = [(part, star_values[term]) for term, part in parts.items() if term in star_values]
        likeness = math.fsum(part * value for part, value in shared) if star.id != paper_id else 0.0
        if likeness > highest and _shares_enough(shared, parts):
            best, highest = star, likeness
    return best


def _shares_enough(shared: Sequence[tuple[float, float]], parts: dict[int, float]) -> bool:
    """Whether a star has enough of a paper's words to be named."""
    return math.fsum(part for part, _ in shared) >= _LIKE_SHARE * math.fsum(parts.values())


def sentence(reasons: Reasons) -> str:
    """The reasons in one line: `because ★ minWM · world model · 4 of your 10 stars are by Tencent`.

    Empty if there is no reason.
    """
    star = [f"★ {short_title(reasons.similar_star.title)}"] if reasons.similar_star else []
    found = [*star, *_words_shown(reasons), *_labels_shown(reasons)]
    return f"because {' · '.join(found)}" if found else ""


def _words_shown(reasons: Reasons) -> list[str]:
    """The heaviest words that say something, without repetition; the reader's own in quotation marks."""
    readable_words = (reason for reason in reasons.parts if reason.label is None and reason.is_readable)
    words = [reason for reason in readable_words if reason.part > 0 and reason.is_telling]
    chosen: list[Reason] = []
    used: set[str] = set()
    for reason in words:
        whole = _in_a_pair(reason, words)
        if len(chosen) < _MAX_WORDS and used.isdisjoint(word_forms(whole.words)):
            chosen.append(whole)
            used |= word_forms(whole.words)
    return [f"your “{reason.words}”" if reason.typed else reason.words for reason in chosen]


def _in_a_pair(reason: Reason, words: Sequence[Reason]) -> Reason:
    """The heaviest pair with the same word if it has half the part, as it is more specific; else the reason itself."""
    own = word_forms(reason.words)
    pairs = (other for other in words if other.part >= reason.part * _PAIR_SHARE and own < word_forms(other.words))
    return next(pairs, reason)


def _labels_shown(reasons: Reasons) -> list[str]:
    """How many stars are by the same author, and by the same organization; among several authors the heaviest."""
    firsts: dict[str, Reason] = {}
    for reason in reasons.parts:
        if reason.label and reason.part > _NAMED_SHARE * reasons.score:
            firsts.setdefault(reason.label.kind, reason)
    return [f"{reason.stars} of your {reasons.stars} stars are by {reason.words}" for reason in firsts.values()]


class TasteWord(NamedTuple):
    """A word or a pair of words of a taste."""

    words: str
    weight: float
    """Its weight before the reader's own factor."""
    factor: float
    """LESS, MORE, or 1 for neither."""


def words_of_taste(profile: Profile, papers: Iterable[PaperFacts]) -> list[TasteWord]:
    """The words of a taste, heaviest first, spelled as in the given papers, usually the stars.

    Terms that are in none of them are left out, as they have no spelling, and so are words of all kinds of papers.
    """
    shown: dict[int, str] = {}
    for paper in papers:
        for term, words in paper.words.items():
            if term in profile.learned:
                shown.setdefault(term, words)
    telling = {term: words for term, words in shown.items() if profile.is_telling(term, words)}
    learned = ((term, weight) for term, weight in profile.learned.items() if term in telling)
    return [TasteWord(shown[term], weight, profile.weights[term] / weight) for term, weight in learned]
