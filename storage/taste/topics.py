"""Groups a day's papers into topics: the reader's interests and follows first, then clusters by words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from math import sqrt
from operator import add
from typing import Final, NamedTuple

from .consensus import Rule, TermSums, Weights, consensus
from .corpus import Corpus
from .terms import Terms, readable, terms_of_phrase, word_forms

MIN_TOPIC_PAPERS: Final = 3
"""Minimum number of papers in a topic; smaller groups join the remaining papers."""

MIN_LIKENESS: Final = 0.015
"""Minimum mean likeness at which two groups are joined, in a large library; chosen on five days sorted by hand.

There the topics match the manual ones with an adjusted Rand index of .38 (pairs of papers: F1 .42); 1 is identical, 0
is chance. Good enough on request, but not as the default view.
"""

_SMALL_LIBRARY_LIKENESS: Final = 0.7
"""That minimum times the square root of the number of papers, in a library of fewer than 2,200.

Few papers tell little about which words are usual, so all of them look alike. On the same five days, with only the
papers of the last one to eight weeks as the library, the index is .26 to .35; with `MIN_LIKENESS` it is 0 to .18.
"""

OTHER: Final = "other"
"""The name of the group for the remaining papers."""

_RULE: Final = Rule(background=1.5, agreement=1.0)
_MAX_NAME_PARTS: Final = 2
"""Maximum number of words or pairs in the name of a topic."""
_PAIR_WORDS: Final = 2
_ONE_WORD_OCCURRENCES: Final = 2
"""Minimum number of occurrences of a single word that make it a paper's subject; a pair needs only one."""


class DayPaper(NamedTuple):
    """A paper of the day."""

    id: str
    title: str
    terms: Terms


class Topic(NamedTuple):
    """A topic: some of a day's papers."""

    name: str
    ids: tuple[str, ...]
    """Its papers, in the order given."""
    own: bool = False
    """Whether it comes from the reader's follows or interests."""


def group_by_topic(
    papers: Sequence[DayPaper],
    corpus: Corpus,
    *,
    interests: Iterable[str] = (),
    follows: Mapping[str, Collection[str]] | None = None,
) -> list[Topic]:
    """Group a day's papers into topics: the reader's own, then others by size, then the remaining papers.

    Each paper is in one topic; follows take precedence over interests, and earlier ones over later ones. Own topics are
    kept whatever their size. A day of 50 papers takes about 30 ms, a list of 300 about 0.6 s.

    Args:
        papers: The papers of the day, in the displayed order.
        corpus: Statistics of all papers.
        follows: By name, the ids of the papers that match a follow rule.
    """
    left = {paper.id: paper for paper in papers}
    topics: list[Topic] = []
    for name, ids in (follows or {}).items():
        topics += _take_topic(name, [paper_id for paper_id in left if paper_id in ids], left)
    for phrase in interests:
        topics += _take_topic(phrase, [paper.id for paper in left.values() if is_about(paper.terms, phrase)], left)
    return [*topics, *_by_words(list(left.values()), corpus)]


def _take_topic(name: str, ids: Sequence[str], left: dict[str, DayPaper]) -> Iterator[Topic]:
    """A topic of some papers, which are removed from the remaining ones; nothing if there are none."""
    for paper_id in ids:
        del left[paper_id]
    if ids:
        yield Topic(name, tuple(ids), own=True)


def is_about(terms: Terms, phrase: str) -> bool:
    """Whether a paper has all pairs of a phrase; a single word must be in its title, or occur twice."""
    wanted = terms_of_phrase(phrase)
    counts = dict(zip(terms.ids, terms.counts, strict=True))
    minimum = 1 if len(phrase.split()) > 1 else _ONE_WORD_OCCURRENCES
    return bool(wanted) and all(counts.get(term, 0) >= minimum for term in wanted)


def _by_words(papers: Sequence[DayPaper], corpus: Corpus) -> Iterator[Topic]:
    """Clusters, largest first, and the remaining papers; a single cluster of them all says nothing: it is `other`."""
    min_likeness = max(MIN_LIKENESS, _SMALL_LIBRARY_LIKENESS / sqrt(max(corpus.papers, 1)))
    groups = _groups([_unusual_terms([paper.terms], corpus) for paper in papers], min_likeness)
    large = [group for group in groups if len(group) >= MIN_TOPIC_PAPERS]
    for group in sorted(large, key=lambda group: (-len(group), group)):
        members = [papers[number] for number in group]
        name = _name(members, corpus) if len(members) < len(papers) else OTHER
        yield Topic(name, tuple(paper.id for paper in members))
    rest = sorted(number for group in groups if len(group) < MIN_TOPIC_PAPERS for number in group)
    if rest:
        yield Topic(OTHER, tuple(papers[number].id for number in rest))


def _unusual_terms(papers: Iterable[Terms], corpus: Corpus) -> Weights:
    """The terms that papers share more than usual, or the unusual terms of a single paper."""
    return consensus(TermSums.of(papers), corpus, _RULE)


def _groups(vectors: Sequence[Weights], min_likeness: float) -> list[list[int]]:
    """Average-link clustering (Sokal and Michener 1958): repeatedly joins the two most similar groups.

    The result contains each vector's number once; among equal pairs the one with lower numbers is joined first.

    Args:
        min_likeness: The lowest mean likeness at which two groups are joined.
    """
    groups = {number: [number] for number in range(len(vectors))}
    sums = _likenesses(vectors)
    pairs = ((near, one, other) for other in groups for one, near in enumerate(sums[other][:other]))
    nearest = [(-near, one, other) for near, one, other in pairs if near >= min_likeness]
    heapify(nearest)
    while nearest:
        _, one, other = heappop(nearest)
        if one in groups and other in groups:
            _join(one, other, groups, sums, nearest, min_likeness)
    return [sorted(group) for group in groups.values()]


def _likenesses(vectors: Sequence[Weights]) -> list[list[float]]:
    """The likeness of every pair of vectors.

    Computed term by term, not pair by pair, as two of 300 papers share about ten of their hundreds of terms.
    """
    having: dict[int, list[tuple[int, float]]] = {}
    for number, vector in enumerate(vectors):
        for term, weight in vector.items():
            having.setdefault(term, []).append((number, weight))
    sums = [[0.0] * len(vectors) for _ in vectors]
    for holders in having.values():
        for place, (other, weight) in enumerate(holders):
            row = sums[other]
            for one, its_weight in holders[:place]:
                row[one] += weight * its_weight
    for other, row in enumerate(sums):
        for one in range(other):
            sums[one][other] = row[one]
    return sums


def _join(
    one: int,
    other: int,
    groups: dict[int, list[int]],
    sums: list[list[float]],
    nearest: list[tuple[float, int, int]],
    min_likeness: float,
) -> None:
    """Join two groups under a new number, and record the groups close to it."""
    members = groups.pop(one) + groups.pop(other)
    new, near = len(sums), list(map(add, sums[one], sums[other]))
    for group, its_members in groups.items():
        sums[group].append(near[group])
        mean = near[group] / len(members) / len(its_members)
        if mean >= min_likeness:
            heappush(nearest, (-mean, group, new))
    groups[new] = members
    sums.append([*near, 0.0])


def _name(papers: Sequence[DayPaper], corpus: Corpus) -> str:
    """The heaviest words of a topic that are in two of its titles, or else in one: `video generation · editing`."""
    weights = _unusual_terms([paper.terms for paper in papers], corpus)
    shown = _words_of_titles(papers)
    repeated = [term for term in weights if len(shown.get(term, ())) > 1]
    chosen: list[str] = []
    used: set[str] = set()
    for term in repeated or [term for term in weights if term in shown]:
        words = shown[term][0]
        if len(chosen) < _MAX_NAME_PARTS and used.isdisjoint(word_forms(words)):
            chosen.append(words)
            used |= word_forms(words)
    return " · ".join(chosen) or OTHER


def _words_of_titles(papers: Iterable[DayPaper]) -> dict[int, list[str]]:
    """By term, its words in each title that has it; without pairs that have other words between them."""
    shown: dict[int, list[str]] = {}
    for paper in papers:
        for term, words in readable(paper.title).items():
            if len(words.split()) <= _PAIR_WORDS:
                shown.setdefault(term, []).append(words)
    return shown
