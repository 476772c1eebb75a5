"""A day in topics, also measured against five recorded days that were sorted by hand.

The data has the titles of the five days and the topic that a person gave to each paper; what stood alone has none.
Titles are too little to sort by, 0.13 by the adjusted Rand index; with their abstracts, which are not ours to keep,
the same days score 0.38, as `topics.MIN_LIKENESS` says.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from itertools import chain
from pathlib import Path

from paperdeck.storage.taste.corpus import Corpus
from paperdeck.storage.taste.terms import terms_of
from paperdeck.storage.taste.topics import OTHER, DayPaper, Topic, group_by_topic, is_about

from .made_library import TOPICS, library

MADE = library()


def _day() -> list[DayPaper]:
    """Forty papers, by turns of each topic, whose words are their topic's."""
    chance = random.Random(2)
    papers = []
    for number in range(40):
        own = list(TOPICS.values())[number % len(TOPICS)].split()
        title = " ".join(chance.sample(own, 3))
        papers.append(DayPaper(str(100 + number), title, terms_of(title, " ".join(chance.sample(own, 6)))))
    return papers


DAY = _day()
BY_HAND = json.loads(Path(__file__).with_name("topics_of_days.json").read_text(encoding="utf-8"))


def test_words_used_together_form_a_topic() -> None:
    topics = group_by_topic(DAY, MADE.corpus)
    assert sorted(topic.ids for topic in topics) == [
        tuple(paper.id for paper in DAY[number :: len(TOPICS)]) for number in range(len(TOPICS))
    ]


def test_each_paper_is_in_one_topic_in_the_order_of_the_day() -> None:
    topics = group_by_topic(DAY, MADE.corpus, interests=["robot"])
    assert sorted(chain.from_iterable(topic.ids for topic in topics)) == sorted(paper.id for paper in DAY)
    order = {paper.id: number for number, paper in enumerate(DAY)}
    assert all(list(topic.ids) == sorted(topic.ids, key=order.__getitem__) for topic in topics)


def test_the_readers_own_come_first_whatever_their_size() -> None:
    follows = {"My group": {DAY[0].id}, "Nothing of today": {"x"}}
    topics = group_by_topic(DAY, MADE.corpus, interests=["speech", "zymurgy"], follows=follows)
    assert topics[0] == Topic("My group", (DAY[0].id,), own=True)
    assert (topics[1].name, topics[1].own) == ("speech", True)
    assert not any(topic.own for topic in topics[2:])


def test_names_are_words_of_the_titles() -> None:
    for topic in group_by_topic(DAY, MADE.corpus):
        titles = " ".join(paper.title for paper in DAY if paper.id in topic.ids)
        assert topic.name == OTHER or all(name in titles for name in topic.name.split(" · "))


def test_one_topic_of_all_that_is_left_has_no_name() -> None:
    """“streaming · generalization · 44 papers” stood beside the one paper of a followed laboratory."""
    alike = DAY[:: len(TOPICS)]
    topics = group_by_topic(alike, MADE.corpus, follows={"My group": {alike[0].id}})
    assert [topic.name for topic in topics] == ["My group", OTHER]


def test_two_papers_make_no_topic() -> None:
    assert group_by_topic(DAY[:2], MADE.corpus) == [Topic(OTHER, (DAY[0].id, DAY[1].id))]
    assert group_by_topic([], MADE.corpus) == []


def test_a_word_in_passing_is_not_the_subject() -> None:
    assert is_about(terms_of("Robots at home"), "robot")
    assert not is_about(terms_of("At home", "With a robot."), "robot")
    assert is_about(terms_of("At home", "A world model helps."), "world models")
    assert not is_about(terms_of("At home", "A model of the whole world."), "world models")
    assert not is_about(terms_of("At home"), "of the")


def pairs(count: int) -> float:
    return count * (count - 1) / 2


def agreement(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    """The adjusted Rand index of two ways to sort the same things (Hubert and Arabie 1985): 1 the same, 0 chance."""
    both, first, second = (
        sum(map(pairs, Counter(names).values())) for names in (zip(one, other, strict=True), one, other)
    )
    chance = first * second / pairs(len(one))
    return (both - chance) / ((first + second) / 2 - chance)


def alone(names: Iterable[str]) -> list[Hashable]:
    """The names, where none is given a new one."""
    return [name or number for number, name in enumerate(names)]


def test_recorded_days_are_sorted_better_than_by_chance_even_by_their_titles() -> None:
    corpus = Corpus()
    for paper in chain.from_iterable(BY_HAND.values()):
        corpus.add(terms_of(paper["title"]))
    scores = []
    for papers in BY_HAND.values():
        topics = group_by_topic([DayPaper(one["id"], one["title"], terms_of(one["title"])) for one in papers], corpus)
        found = {key: str(number) for number, topic in enumerate(topics) if topic.name != OTHER for key in topic.ids}
        scores.append(
            agreement(alone(one["topic"] for one in papers), alone(found.get(one["id"], "") for one in papers))
        )
    assert sum(scores) / len(scores) > 0.1, scores


def test_in_the_first_week_not_everything_is_one_topic() -> None:
    """In a library of two weeks all papers looked alike: “These papers fall into no topics”."""
    for papers in BY_HAND.values():
        corpus = Corpus()
        day = [DayPaper(paper["id"], paper["title"], terms_of(paper["title"])) for paper in papers]
        for paper in day:
            corpus.add(paper.terms)
        sizes = [len(topic.ids) for topic in group_by_topic(day, corpus) if topic.name != OTHER]
        assert len(sizes) >= 4
        assert max(sizes) <= len(day) / 4


def test_the_days_sorted_by_hand_are_whole() -> None:
    assert [len(papers) for papers in BY_HAND.values()] == [32, 35, 31, 31, 32]
    for papers in BY_HAND.values():
        sizes = Counter(paper["topic"] for paper in papers if paper["topic"])
        assert min(sizes.values()) >= 3
