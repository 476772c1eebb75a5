"""What is shown of a paper."""

from __future__ import annotations

from datetime import date

import pytest

from paperdeck.storage.facts import SHORT_FACTS, facts_about, facts_of_marks, links_of, phrase
from paperdeck.storage.paper import Entry, Marks, Paper
from tests.conftest import MakePaper


def test_only_what_is_known_is_a_fact() -> None:
    names = [fact.name for fact in facts_about(Paper(id="2611.00001", title="T"))]
    assert names == ["title", "published", "id", "page", "pdf"]  # an id tells the month


@pytest.mark.parametrize(
    ("paper", "said"),
    [
        (Paper(id="2403.00009"), "published Mar 2024"),
        (Paper(id="local-undated-0123456789ab", issued="2018"), "published 2018"),
        (Paper(id="2403.00009", published=date(2024, 3, 1)), "published 1 Mar 2024"),
    ],
)
def test_a_date_is_given_as_precisely_as_it_is_known(paper: Paper, said: str) -> None:
    assert said in map(phrase, facts_about(paper))


def test_a_count_of_zero_is_known(make_paper: MakePaper) -> None:
    assert "0 upvotes" in [phrase(fact) for fact in facts_about(make_paper(upvotes=0))]


def test_each_short_fact_is_named_once_and_has_a_phrase(make_paper: MakePaper) -> None:
    paper = make_paper(
        organization="Lab",
        listed=date(2026, 11, 20),
        published=date(2026, 11, 19),
        version=2,
        withdrawn=True,
        submitter="ada",
        categories=("cs.CL", "cs.LG"),
        comment="12 pages",
        journal_ref="J. 1",
        doi="10.1/x",
        upvotes=1,
        comments=2,
        code_url="https://example.org/c",
        code_stars=3,
    )
    by_name = {fact.name: phrase(fact) for fact in facts_about(paper)}
    lines = [[by_name[name] for name in names] for names in SHORT_FACTS]
    assert lines == [
        ["Lab", paper.id, "version 2"],
        ["published 19 Nov 2026", "listed 20 Nov 2026"],
        ["withdrawn"],
        ["submitted by ada", "cs.CL, cs.LG"],
        ["12 pages", "J. 1", "doi:10.1/x"],
        ["1 upvote", "2 comments", "3 stars"],
    ]


def test_marks_are_facts_too() -> None:
    paper = Paper(id="2611.00001")
    assert [fact.value for fact in facts_of_marks(Entry(paper, arrived=""))] == [("unread",)]
    marks = Marks(read=True, starred=True, hidden=True, tags=frozenset({"b", "a"}), note="why")
    assert [fact.value for fact in facts_of_marks(Entry(paper, marks))] == [
        ("read", "starred", "hidden"),
        ("a", "b"),
        "why",
    ]


def test_a_paper_that_is_not_in_the_queue_is_neither_read_nor_unread() -> None:
    assert facts_of_marks(Entry(Paper(id="2611.00001"))) == []


def test_each_link_is_there_once_and_the_page_is_first(make_paper: MakePaper) -> None:
    paper = make_paper(project_url="https://arxiv.org/abs/2611.00001", media=("https://m.example/1",))
    assert [link.name for link in links_of(paper)] == ["page", "pdf", "media 1"]
    assert links_of(make_paper(doi="10.1/x"))[-1].url == "https://doi.org/10.1/x"


def test_code_is_named_once(make_paper: MakePaper) -> None:
    labels = [fact.label for fact in facts_about(make_paper(1, code_url="https://github.com/a/b"))]
    assert [label for label in labels if label.startswith("Code")] == ["Code at"]
