"""The best missed papers for a given number of minutes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from heapq import nlargest
from typing import Final, NamedTuple

from paperdeck.storage.text.words import ordinal

from .consensus import Weights, likeness, text_vector
from .corpus import Corpus
from .papers import PaperFacts
from .profile import Profile
from .reasons import reasons_of, score_of, sentence
from .terms import Terms

MINUTES_PER_PAPER: Final = 1.5
"""Minutes for one paper: an abstract of 200 to 250 words takes one (people read 238 words a minute, Brysbaert 2019),
and deciding what to do with it half of one."""

TASTE_SHARE: Final = 0.75
"""The share of taste in a paper's worth; the rest is its standing within its day."""

SAMENESS_PENALTY: Final = 0.4
"""How much similarity to picked papers reduces worth (lambda of maximal marginal relevance, Carbonell and Goldstein
1998); on recorded weeks of readers with two interests any value from 0 to .7 found as many wanted papers."""

_CANDIDATES_PER_PICK: Final = 10
"""The best papers to compare with each other, per paper to pick."""
_GOOD_SHARE: Final = 1 / 3
"""The share of a day's papers whose standing is good."""


class Listed(NamedTuple):
    """A paper in the list of a day."""

    id: str
    day: str
    """The day, as `YYYY-MM-DD` or any other name."""
    upvotes: int
    """Its upvotes; 0 if unknown."""


class Standing(NamedTuple):
    """A paper's standing within its day."""

    place: int
    """1 for the most upvotes; equal upvotes share the better place."""
    papers: int
    """How many papers the day has."""
    upvotes: int

    @property
    def worth(self) -> float:
        """1 for the first of a day down to almost 0 for the last; 0 if there are no votes."""
        return (self.papers - self.place + 1) / self.papers if self.upvotes else 0.0

    @property
    def is_good(self) -> bool:
        """Whether it is in the first third of its day."""
        return self.upvotes > 0 and self.place <= max(1, self.papers * _GOOD_SHARE)


class Missed(NamedTuple):
    """A missed paper."""

    paper: PaperFacts
    terms: Terms
    standing: Standing | None = None
    """Its standing within its day; None if it wasn't listed."""


class Pick(NamedTuple):
    """A paper to read, and the reason."""

    id: str
    worth: float
    """0 to 1, by taste and by its day."""
    reason: str
    """One line; empty if neither taste nor upvotes give a reason."""


def standings(listed: Iterable[Listed]) -> dict[str, Standing]:
    """Each paper's standing within its day, by id. Needs all papers of the days, including read ones."""
    days: dict[str, list[Listed]] = {}
    for paper in listed:
        days.setdefault(paper.day, []).append(paper)
    return {
        paper.id: Standing(1 + sum(other.upvotes > paper.upvotes for other in day), len(day), paper.upvotes)
        for day in days.values()
        for paper in day
    }


def papers_in(minutes: float) -> int:
    """How many papers fit into a number of minutes, at least one."""
    return max(1, int(minutes / MINUTES_PER_PAPER))


def catch_up(missed: Sequence[Missed], minutes: float, corpus: Corpus, profile: Profile | None = None) -> list[Pick]:
    """The papers to read in the given time, best first, each with its reason, and no two alike.

    Args:
        minutes: The time to read.
        corpus: Statistics of all papers.
        profile: The reader's taste; without one papers are picked by their standing alone.
    """
    worths = _worths(missed, profile)
    count = papers_in(minutes)
    best = nlargest(count * _CANDIDATES_PER_PICK, worths, key=lambda paper_id: (worths[paper_id], paper_id))
    known = {paper.paper.id: paper for paper in missed}
    vectors = {paper_id: text_vector(known[paper_id].terms, corpus) for paper_id in best}
    picked = _diverse(worths, vectors, count)
    return [Pick(paper_id, worths[paper_id], _reason(known[paper_id], profile)) for paper_id in picked]


def _worths(missed: Iterable[Missed], profile: Profile | None) -> dict[str, float]:
    """The worth of each paper, 0 to 1."""
    papers = {paper.paper.id: paper for paper in missed}
    standing = {paper_id: paper.standing.worth if paper.standing else 0.0 for paper_id, paper in papers.items()}
    if profile is None:
        return standing
    scores = {paper_id: score_of(profile, paper.terms, paper.paper.labels) for paper_id, paper in papers.items()}
    largest = max(scores.values(), default=0.0) or 1.0
    return {
        paper_id: TASTE_SHARE * score / largest + (1 - TASTE_SHARE) * standing[paper_id]
        for paper_id, score in scores.items()
    }


def _diverse(worths: Mapping[str, float], vectors: Mapping[str, Weights], count: int) -> list[str]:
    """Pick papers by worth, minus what they repeat of papers already picked."""
    alike, own = dict.fromkeys(vectors, 0.0), 1 - SAMENESS_PENALTY
    picked: list[str] = []
    while alike and len(picked) < count:
        best = max(alike, key=lambda paper_id: (own * worths[paper_id] - SAMENESS_PENALTY * alike[paper_id], paper_id))
        picked.append(best)
        del alike[best]
        for other, before in alike.items():
            alike[other] = max(before, likeness(vectors[best], vectors[other]))
    return picked


def _reason(missed: Missed, profile: Profile | None) -> str:
    """The reason for a pick: the taste's, and the paper's standing if it is good or the taste has no reason."""
    taste = sentence(reasons_of(profile, missed.paper, missed.terms)) if profile else ""
    standing = missed.standing
    if not standing or not standing.upvotes or (taste and not standing.is_good):
        return taste
    shown = f"{ordinal(standing.place)} of {standing.papers} that day, ▲ {standing.upvotes}"
    return f"{taste} · {shown}" if taste else shown
