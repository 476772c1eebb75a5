"""Made-up papers of a few topics for the tests, with their counts and their pool."""

from __future__ import annotations

import random
from typing import NamedTuple

from paperdeck.storage.taste.corpus import Corpus
from paperdeck.storage.taste.papers import PaperFacts, Star
from paperdeck.storage.taste.pool import Pool
from paperdeck.storage.taste.profile import Candidates, Profile
from paperdeck.storage.taste.reasons import scores
from paperdeck.storage.taste.terms import Terms

TOPICS = {
    "speech": "speech voice recognition audio speaker accent phoneme spoken utterance synthesis acoustic prosody",
    "robots": "robot manipulation grasp gripper arm policy embodied navigation locomotion tactile dexterous controller",
    "proofs": "theorem proof lemma formal prover conjecture algebra geometry olympiad verified tactic logic",
    "splats": "gaussian splatting scene radiance rendering camera view depth reconstruction mesh surface novel",
}
_COMMON_TEXT = (
    "model method data training results show large learning approach task performance new language network propose "
    "evaluation benchmark system framework experiments code state art work present quality efficient improve"
)
COMMON_WORDS = _COMMON_TEXT.split()


def best_first(profile: Profile, pool: Pool) -> list[tuple[float, str]]:
    """All papers of a pool with their scores; among equals the higher id, which is the newer paper of arXiv."""
    return sorted(zip(scores(profile, pool), pool.ids, strict=True), reverse=True)


class Library(NamedTuple):
    """Papers with all that is derived from them."""

    papers: dict[str, PaperFacts]
    terms: dict[str, Terms]
    corpus: Corpus
    pool: Pool

    @property
    def candidates(self) -> Candidates:
        return Candidates(self.pool, self.terms.get)

    def topic(self, name: str) -> list[str]:
        """The ids of the papers of a topic, oldest first."""
        return [paper_id for paper_id, paper in self.papers.items() if paper.organization == f"Lab of {name}"]

    def star(self, paper_id: str, at: float | None = None) -> Star:
        paper = self.papers[paper_id]
        return Star(paper_id, paper.title, self.terms[paper_id], (), at)

    def star_with_labels(self, paper_id: str, at: float | None = None) -> Star:
        return star_of(self.papers[paper_id], at)


def keys_of(paper: PaperFacts) -> list[int]:
    return [label.key for label in paper.labels]


def star_of(paper: PaperFacts, starred_at: float | None = None) -> Star:
    return Star(paper.id, paper.title, paper.terms, paper.labels, starred_at)


def library(each: int = 40) -> Library:
    """As many papers of each topic, in turns; the organization of a paper names its topic."""
    chance = random.Random(4)
    papers = {}
    for number in range(each * len(TOPICS)):
        paper = _paper(number, chance)
        papers[paper.id] = paper
    return library_of(papers)


def library_of(papers: dict[str, PaperFacts]) -> Library:
    """The papers with their terms, counts and pool."""
    made = Library(papers, {key: paper.terms for key, paper in papers.items()}, Corpus(), Pool())
    for key, paper in papers.items():
        made.corpus.add(made.terms[key], keys_of(paper))
        made.pool.add(key, made.terms[key], keys_of(paper))
    return made


def _paper(number: int, chance: random.Random) -> PaperFacts:
    name = list(TOPICS)[number % len(TOPICS)]
    own = TOPICS[name].split()
    title = " ".join(chance.sample(own, 2) + chance.sample(COMMON_WORDS, 2))
    abstract = " ".join(chance.sample(own, 5) + chance.choices(COMMON_WORDS, k=30))
    authors = tuple(f"Author {chance.randrange(60)}" for _ in range(3))
    return PaperFacts(f"2601.{number + 1:05}", title, abstract, authors, f"Lab of {name}")
