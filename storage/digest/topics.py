"""A period at a glance, in text: papers per day as blocks, and the topics that grew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from paperdeck.storage.paper import Paper

BLOCKS = "▁▂▃▄▅▆▇█"
NO_PAPERS = "·"
"""Marks a day without papers."""

_MIN_PAPERS = 3
"""Minimum number of papers with a rising keyword."""
_MAX_TOPICS = 6


@dataclass(frozen=True, slots=True)
class RisingTopic:
    """A keyword that is more frequent than before."""

    keyword: str
    count: int
    """How many papers of the period have it."""
    before: int
    """How many papers of the previous period had it."""


def blocks_of(numbers: Sequence[int]) -> str:
    """One character per number, the tallest for the highest.

    >>> blocks_of([0, 1, 4, 8])
    '·▁▄█'
    """
    highest = max(numbers, default=0)
    return "".join(BLOCKS[-(-number * len(BLOCKS) // highest) - 1] if number else NO_PAPERS for number in numbers)


def rising_topics(papers: Sequence[Paper], before: Sequence[Paper]) -> tuple[RisingTopic, ...]:
    """The keywords that grew most since the previous period, which may have had more or fewer papers.

    The expected count of a keyword is its share in the previous period; topics are ordered by their excess over that,
    in units of the spread expected from chance. Without papers in the previous period there are no topics.
    """
    if not before:
        return ()
    now, then = _keywords(papers), _keywords(before)
    scale = len(papers) / len(before)
    scores: dict[str, float] = {}
    for folded, (count, _) in now.items():
        expected = then[folded][0] * scale if folded in then else 0.0
        if count >= _MIN_PAPERS and count > expected:
            scores[folded] = (count - expected) / sqrt(expected + 1)
    best = sorted(scores, key=lambda folded: (-scores[folded], folded))[:_MAX_TOPICS]
    return tuple(
        RisingTopic(now[folded][1], now[folded][0], then[folded][0] if folded in then else 0) for folded in best
    )


def _keywords(papers: Iterable[Paper]) -> dict[str, tuple[int, str]]:
    """Each keyword, folded, with its number of papers and its most frequent spelling."""
    counts: Counter[str] = Counter()
    spellings: dict[str, Counter[str]] = {}
    for paper in papers:
        written = {keyword.casefold(): keyword for keyword in paper.keywords}
        counts.update(written.keys())
        for folded, keyword in written.items():
            spellings.setdefault(folded, Counter())[keyword] += 1
    return {folded: (count, spellings[folded].most_common(1)[0][0]) for folded, count in counts.items()}
