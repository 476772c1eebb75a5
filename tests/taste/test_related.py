"""Related papers by text, and papers by the same people."""

from __future__ import annotations

import pytest

from paperdeck.storage.taste.papers import PaperFacts
from paperdeck.storage.taste.related import related, same_people
from paperdeck.storage.taste.terms import terms_of

from .made_library import TOPICS, library, library_of

MADE = library()


@pytest.mark.parametrize("name", TOPICS)
def test_related_papers_are_of_the_same_topic(name: str) -> None:
    paper_id = MADE.topic(name)[5]
    found = [other.id for other in related(paper_id, MADE.terms[paper_id], MADE.corpus, MADE.pool)]
    assert len(found) == 10
    assert paper_id not in found
    assert len(set(found) & set(MADE.topic(name))) >= 8


def test_likeness_falls_and_stays_below_one() -> None:
    paper_id = MADE.topic("speech")[0]
    likeness = [other.likeness for other in related(paper_id, MADE.terms[paper_id], MADE.corpus, MADE.pool, 30)]
    assert likeness == sorted(likeness, reverse=True)
    assert likeness[0] < 1
    assert likeness[-1] > 0


def test_a_paper_that_is_not_in_the_pool_has_related_ones_too() -> None:
    found = related("new", terms_of("Gaussian splatting of scenes"), MADE.corpus, MADE.pool, 5)
    assert {other.id for other in found} <= set(MADE.topic("splats"))


def test_a_paper_without_known_words_has_none() -> None:
    assert related("new", terms_of("Zymurgy"), MADE.corpus, MADE.pool) == []


PEOPLE = library_of(
    {
        paper_id: PaperFacts(paper_id, "A title", "", authors)
        for paper_id, authors in {
            "1": ("Ann Lee", "Bo Wei", "Cy Ng"),
            "2": ("Ann Lee", "Dee Ray"),
            "3": ("bo wei", "Ann Lee"),
            "4": ("Cy Ng", "Bo Wei", "Ann Lee"),
            "5": ("Ann Lee", "Bo Wei"),
        }.items()
    }
)


def test_same_people_share_two_names_the_most_first_then_the_newest() -> None:
    found = same_people("1", ["Ann Lee", "Bo Wei", "Cy Ng"], PEOPLE.pool)
    assert [other.id for other in found] == ["4", "5", "3"]
    assert found[1].authors == ("Ann Lee", "Bo Wei")


def test_the_only_author_is_enough() -> None:
    assert [other.id for other in same_people("6", ["Dee Ray"], PEOPLE.pool)] == ["2"]


def test_nobody_has_no_papers() -> None:
    assert same_people("1", [], PEOPLE.pool) == []
