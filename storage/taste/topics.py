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

SMALLEST_TOPIC: Final = 3
"""Minimum number of papers of a topic; smaller groups join the remaining papers."""

CLOSE: Final = 0.015
"""The lowest mean likeness of two groups that are one topic, in a large library; chosen on five days sorted by hand.

There the topics match the manual ones with an adjusted Rand index of .38 (pairs of papers: F1 .42); 1 is identical, 0
is chance. Good enough on request, but not as the default view.
"""

_CLOSE_IN_FEW: Final = 0.7
"""The same times the root of the number of papers in the library, below 2,200 papers.

Few papers tell little about which words are usual, so all of them look alike. On the same five days, with only the
papers of the last one to eight weeks as the library, the index is .26 to .35; with the likeness above it is 0 to .18.
"""

OTHER: Final = "other"
"""The name of the group for the remaining papers."""

_UNUSUAL: Final = Rule(background=1.5, agreement=1.0)
_NAME_WORDS: Final = 2
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
    """Whether it is one of the reader's own."""


def fold_day(
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
        topics += _taken(name, [paper_id for paper_id in left if paper_id in ids], left)
    for phrase in interests:
        topics += _taken(phrase, [paper.id for paper in left.values() if is_about(paper.terms, phrase)], left)
    return [*topics, *_by_words(list(left.values()), corpus)]


def _taken(name: str, ids: Sequence[str], left: dict[str, DayPaper]) -> Iterator[Topic]:
    """A topic of some papers, which are removed from the remaining ones; None if there are none."""
    for paper_id in ids:
        del left[paper_id]
    if ids:
        yield Topic(name, tuple(ids), own=True)


def is_about(terms: Terms, phrase: str) -> bool:
    """Whether a paper has all pairs of a phrase, or a single word in its title or twice."""
    wanted = terms_of_phrase(phrase)
    counts = dict(zip(terms.ids, terms.counts, strict=True))
    minimum = 1 if len(phrase.split()) > 1 else _ONE_WORD_OCCURRENCES
    return bool(wanted) and all(counts.get(term, 0) >= minimum for term in wanted)


def _by_words(papers: Sequence[DayPaper], corpus: Corpus) -> Iterator[Topic]:
    """Clusters, largest first, and the remaining papers; one cluster of all of them says nothing and gets no name."""
    close = max(CLOSE, _CLOSE_IN_FEW / sqrt(max(corpus.papers, 1)))
    groups = _groups([_unusual([paper.terms], corpus) for paper in papers], close)
    large = sorted((group for group in groups if len(group) >= SMALLEST_TOPIC), key=lambda group: (-len(group), group))
    for group in large:
        members = [papers[number] for number in group]
        name = _name(members, corpus) if len(members) < len(papers) else OTHER
        yield Topic(name, tuple(paper.id for paper in members))
    rest = sorted(number for group in groups if len(group) < SMALLEST_TOPIC for number in group)
    if rest:
        yield Topic(OTHER, tuple(papers[number].id for number in rest))


def _unusual(papers: Iterable[Terms], corpus: Corpus) -> Weights:
    """The terms that papers share more than usual, or the unusual terms of a single paper."""
    return consensus(TermSums.of(papers), corpus, _UNUSUAL)


def _groups(vectors: Sequence[Weights], close: float) -> list[list[int]]:
    """Average-link clustering (Sokal and Michener 1958): repeatedly joins the two most similar groups.

    The result contains each vector's number once; among equal pairs the one with lower numbers is joined first.

    Args:
        close: The lowest mean likeness of two groups that are joined.
    """
    groups = {number: [number] for number in range(len(vectors))}
    sums = _likenesses(vectors)
    nearest = [(-near, one, other) for other in groups for one, near in enumerate(sums[other][:other]) if near >= close]
    heapify(nearest)
    while nearest:
        _, one, other = heappop(nearest)
        if one in groups and other in groups:
            _join(one, other, groups, sums, nearest, close)
    return [sorted(group) for group in groups.values()]


def _likenesses(vectors: Sequence[Weights]) -> list[list[float]]:
    """The likeness of every two vectors.

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
    close: float,
) -> None:
    """Join two groups under a new number, and record the groups close to it."""
    members = groups.pop(one) + groups.pop(other)
    new, near = len(sums), list(map(add, sums[one], sums[other]))
    for group, its_members in groups.items():
        sums[group].append(near[group])
        mean = near[group] / len(members) / len(its_members)
        if mean >= close:
            heappush(nearest, (-mean, group, new))
    groups[new] = members
    sums.append([*near, 0.0])


def _name(papers: Sequence[DayPaper], corpus: Corpus) -> str:
    """The heaviest words of a topic that are in two of its titles, or else in one: `video generation · editing`."""
    weights = _unusual([paper.terms for paper in papers], corpus)
    shown = _words_of_titles(papers)
    repeated = [term for term in weights if len(shown.get(term, ())) > 1]
    chosen: list[str] = []
    used: set[str] = set()
    for term in repeated or [term for term in weights if term in shown]:
        words = shown[term][0]
        if len(chosen) < _NAME_WORDS and used.isdisjoint(word_forms(words)):
            chosen.append(words)
            used |= word_forms(words)
    return " · ".join(chosen) or OTHER


def _words_of_titles(papers: Iterable[DayPaper]) -> dict[int, list[str]]:
    """By term, its words in each title that has it; without pairs that have other words between them."""
    shown: dict[int, list[str]] = {}
    for paper in papers:
        for term, words in readable(paper.title).items():
            if len(words.split()) <= _NAME_WORDS:
                shown.setdefault(term, []).append(words)
    return shown
