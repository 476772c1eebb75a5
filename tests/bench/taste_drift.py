"""How fast a taste turns: `python -m tests.bench.taste RECORDED.jsonl.xz`, on recorded days of Daily Papers.

A reader starred 300 papers of one topic over the year, one or two a day. Then they star ten of another topic in one
day. For each number of new stars, it prints how many of the ten papers that lead the list of the following days are
on the new topic, and how many on the old one.
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from paperdeck.storage.taste.corpus import Corpus
from paperdeck.storage.taste.papers import PaperFacts
from paperdeck.storage.taste.pool import Pool
from paperdeck.storage.taste.profile import learn
from paperdeck.storage.taste.reasons import score_of
from tests.taste.made_library import keys_of, star_of

OLD_STARS = 300
NEW_STARS = (0, 1, 2, 3, 5, 7, 10)
AFTER_DAYS = 14
LEADING = 10
TURNS = (
    (r"\bdiffusion\b|text-to-image|image generation", r"\brobot|\bmanipulation\b|embodied"),
    (r"\bagent", r"\bspeech\b|\baudio\b|\bvoice\b"),
    (r"\breasoning\b", r"gaussian splatting|\b3d\b|radiance"),
)
"""Topics by patterns over title and abstract: the old one and the new one. Papers of both count for neither."""
_DAY = 86_400.0


class Dated(NamedTuple):
    """A paper with the day on which it was listed."""

    paper: PaperFacts
    day: date


class Turn(NamedTuple):
    """What leads the list after some new stars."""

    stars: int
    new: int
    """Papers of the new topic among those that lead."""
    old: int
    """Papers of the old topic among them."""


def recorded(path: Path) -> list[Dated]:
    """The papers of recorded days, each once, oldest first."""
    found: dict[str, Dated] = {}
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            listed = json.loads(line)
            for item in listed["items"]:
                paper = item["paper"]
                names = tuple(author["name"] for author in paper.get("authors", ()) if author.get("name"))
                lab = (item.get("organization") or paper.get("organization") or {}).get("fullname")
                facts = PaperFacts(paper["id"], paper.get("title", ""), paper.get("summary", ""), names, lab)
                found.setdefault(facts.id, Dated(facts, date.fromisoformat(listed["date"])))
    return sorted(found.values(), key=lambda dated: (dated.day, dated.paper.id))


def turns(papers: Sequence[Dated], old_topic: str, new_topic: str) -> Iterator[Turn]:
    """How the list turns from one topic to another with each new star."""
    old, new = _only(papers, old_topic, new_topic), _only(papers, new_topic, old_topic)
    last = papers[-1].day.toordinal() - AFTER_DAYS
    known = [dated for dated in papers if dated.day.toordinal() <= last]
    coming = [dated for dated in papers if dated.day.toordinal() > last]
    corpus, pool = Corpus(), Pool()
    for dated in known:
        terms = dated.paper.terms
        corpus.add(terms, keys_of(dated.paper))
        pool.add(dated.paper.id, terms, keys_of(dated.paper))
    before = [star_of(one.paper, one.day.toordinal() * _DAY) for one in known if one.paper.id in old][-OLD_STARS:]
    turned = [star_of(one.paper, last * _DAY + _DAY / 2) for one in known if one.paper.id in new][-max(NEW_STARS) :]
    for count in NEW_STARS:
        profile = learn([*before, *turned[:count]], corpus)
        assert profile is not None
        scored = [(score_of(profile, dated.paper.terms, dated.paper.labels), dated.paper.id) for dated in coming]
        leading = [paper_id for _, paper_id in sorted(scored, reverse=True)[:LEADING]]
        yield Turn(count, sum(one in new for one in leading), sum(one in old for one in leading))


def _only(papers: Sequence[Dated], topic: str, other: str) -> set[str]:
    """The papers of one topic and not of the other."""
    of, of_other = re.compile(topic, re.IGNORECASE), re.compile(other, re.IGNORECASE)
    texts = ((dated.paper.id, f"{dated.paper.title} {dated.paper.abstract}") for dated in papers)
    return {paper_id for paper_id, text in texts if of.search(text) and not of_other.search(text)}


def report(path: Path) -> Iterator[str]:
    """A line for each turn."""
    papers = recorded(path)
    yield f"{len(papers)} papers; of the {LEADING} that lead, new/old topic after so many new stars"
    for old_topic, new_topic in TURNS:
        found = ", ".join(f"{turn.stars}: {turn.new}/{turn.old}" for turn in turns(papers, old_topic, new_topic))
        yield f"{old_topic.partition('|')[0]} to {new_topic.partition('|')[0]}  {found}"
