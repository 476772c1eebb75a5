"""What a taste costs with 10,000 papers and 300 stars: `python -m tests.bench.taste`.

With the path of recorded days (one JSON object a line, compressed by xz) it also prints how fast a taste turns.

The papers are made up: 170 words drawn as in English (the n-th word 1/n as often as the first), a third of them of the
paper's own topic, so that as many papers share a term as in recorded ones.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

from paperdeck.storage.taste.consensus import TermSums
from paperdeck.storage.taste.corpus import Corpus
from paperdeck.storage.taste.papers import PaperFacts, Star
from paperdeck.storage.taste.pool import Pool
from paperdeck.storage.taste.profile import Candidates, Profile, learn
from paperdeck.storage.taste.reasons import reasons_of, scores, sentence
from paperdeck.storage.taste.related import related
from paperdeck.storage.taste.terms import Terms, pack, unpack
from tests.bench.taste_drift import report
from tests.taste.made_library import keys_of, star_of

PAPERS = 10_000
STARS = 300
BOUND_TERMS_MS = 1.5
BOUND_RANK_MS = 100.0

_WORDS = 30_000
_TOPICS = 40
_TOPIC_WORDS = 60
_ABSTRACT_WORDS = 170
_DAY = 86_400.0

Item = TypeVar("Item")
Result = TypeVar("Result")

Row = tuple[str, str]
"""What was measured, and the figures."""


def run() -> list[Row]:
    """The rows, each with its bound where there is one."""
    papers = made_up(PAPERS)
    times, terms = _each(lambda paper: paper.terms, papers)
    corpus, pool = Corpus(), Pool()
    counting, _ = _each(lambda pair: corpus.add(pair[1], keys_of(pair[0])), list(zip(papers, terms, strict=True)))
    for paper, its_terms in zip(papers, terms, strict=True):
        pool.add(paper.id, its_terms, keys_of(paper))
    settling = _milliseconds(pool.settle)
    stars = [star_of(paper, number * _DAY) for number, paper in enumerate(papers[:: PAPERS // STARS][:STARS])]
    return [
        ("terms of a paper", f"{statistics.fmean(times):.3f} ms (bound {BOUND_TERMS_MS:g} ms)"),
        ("terms kept, of one paper", f"{statistics.fmean(len(pack(its_terms)) for its_terms in terms):.0f} bytes"),
        ("terms read again", f"{statistics.fmean(_each(unpack, [pack(one) for one in terms[:500]])[0]):.3f} ms"),
        ("counting a paper", f"{statistics.fmean(counting):.3f} ms"),
        (f"sorting {PAPERS} papers by term", f"{settling:.0f} ms, once"),
        *_of_a_taste(stars, corpus, pool),
        *_of_few_stars(stars[:10], corpus, pool, dict(zip(pool.ids, terms, strict=True))),
        *_of_reasons(stars, corpus, papers, terms),
        ("related papers of one", f"{_median(lambda: related(papers[0].id, terms[0], corpus, pool)):.1f} ms"),
        ("memory", _memory(corpus, pool)),
    ]


def _of_a_taste(stars: Sequence[Star], corpus: Corpus, pool: Pool) -> list[Row]:
    """Learning from all stars, and ranking all papers."""
    profile = _learned(stars, corpus)
    sums = TermSums()
    first = _milliseconds(lambda: learn(stars, corpus, sums=sums))
    fewer = (stars[number:] for number in range(20))
    learning = _times(lambda: learn(next(fewer), corpus, sums=sums))
    ranking = _times(lambda: scores(profile, pool))
    medians = statistics.median(learning), statistics.median(ranking)
    best = min(learning) + min(ranking)
    both = f"{sum(medians):.1f} ms: {medians[0]:.1f} and {medians[1]:.1f} (best {best:.1f}, bound {BOUND_RANK_MS:g} ms)"
    return [
        (f"learn from {len(stars)} stars for the first time", f"{first:.1f} ms"),
        (f"learn from a star more or less, rank {len(pool.ids)}", both),
    ]


def _of_few_stars(stars: Sequence[Star], corpus: Corpus, pool: Pool, terms: dict[str, Terms]) -> list[Row]:
    """Learning from few stars, which looks for papers like them first."""
    candidates = Candidates(pool, terms.get)
    milliseconds = _median(lambda: scores(learn(stars, corpus, candidates=candidates), pool))  # type: ignore[arg-type]
    return [(f"the same with {len(stars)} stars and their neighbours", f"{milliseconds:.1f} ms")]


def _of_reasons(
    stars: Sequence[Star], corpus: Corpus, papers: Sequence[PaperFacts], terms: Sequence[Terms]
) -> list[Row]:
    """The reasons of papers, as one goes through a list."""
    profile = _learned(stars, corpus)
    some = list(zip(papers[:200], terms[:200], strict=True))
    times, _ = _each(lambda pair: sentence(reasons_of(profile, *pair)), some)
    return [("reasons of a paper", f"{statistics.median(times):.2f} ms, the first {times[0]:.1f} ms")]


def _learned(stars: Sequence[Star], corpus: Corpus) -> Profile:
    profile = learn(stars, corpus)
    assert profile is not None
    return profile


def _memory(corpus: Corpus, pool: Pool) -> str:
    """What reading both again takes, as a start of the reader does."""
    kept_corpus, kept_pool = corpus.to_bytes(), pool.to_bytes()
    tracemalloc.start()
    began = time.perf_counter()
    again = Corpus.from_bytes(kept_corpus), Pool.from_bytes(kept_pool)
    seconds, held = time.perf_counter() - began, tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    sizes = f"{len(kept_corpus) / 1e6:.1f} and {len(kept_pool) / 1e6:.1f} MB kept"
    return f"{held / 1e6:.1f} MB for {again[0].papers} papers; {sizes}, read in {seconds * 1000:.0f} ms"


def made_up(count: int) -> list[PaperFacts]:
    """Papers of forty topics in turn, the same in every run."""
    chance = random.Random(1)
    words = [f"w{chance.randrange(36**4):x}" for _ in range(_WORDS)]
    weights = list(accumulate(1 / (rank + 1) for rank in range(_WORDS)))
    topics = [chance.sample(words[500:], _TOPIC_WORDS) for _ in range(_TOPICS)]
    return [_made_up(number, chance, words, weights, topics[number % _TOPICS]) for number in range(count)]


def _made_up(
    number: int, chance: random.Random, words: Sequence[str], weights: Sequence[float], topic: Sequence[str]
) -> PaperFacts:
    text = chance.choices(words, cum_weights=weights, k=_ABSTRACT_WORDS * 2 // 3)
    text += chance.choices(topic, k=_ABSTRACT_WORDS - len(text))
    chance.shuffle(text)
    authors = tuple(f"Author {chance.randrange(20_000)}" for _ in range(8))
    title = " ".join(chance.choices(topic, k=5) + chance.choices(words, cum_weights=weights, k=4))
    paper_id = f"{2401 + number // 1000}.{number % 1000:05}"
    return PaperFacts(paper_id, title, " ".join(text), authors, f"Lab {number % 300}")


def _each(action: Callable[[Item], Result], items: Sequence[Item]) -> tuple[list[float], list[Result]]:
    """The milliseconds that each item takes, and what became of it."""
    times: list[float] = []
    results: list[Result] = []
    for item in items:
        began = time.perf_counter()
        results.append(action(item))
        times.append((time.perf_counter() - began) * 1000)
    return times, results


def _median(action: Callable[[], object]) -> float:
    return statistics.median(_times(action))


def _times(action: Callable[[], object]) -> list[float]:
    """The milliseconds of nine runs after a first one."""
    action()
    return [_milliseconds(action) for _ in range(9)]


def _milliseconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    for what, figures in run():
        print(f"{what:<52} {figures}")
    if len(sys.argv) > 1:
        print(*report(Path(sys.argv[1])), sep="\n")
