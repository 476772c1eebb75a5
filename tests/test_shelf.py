"""The starter shelf is complete, clean and says what it is."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

import paperdeck.storage.shelf
from paperdeck.storage.identifiers import is_paper_id, month_of
from paperdeck.storage.paper import Paper, facts_of
from paperdeck.storage.shelf import load_shelf
from paperdeck.storage.text.clean import clean_line, web_link

SHELF = load_shelf()

each_paper = pytest.mark.parametrize("paper", SHELF, ids=lambda paper: paper.id)


def test_the_shelf_holds_about_forty_different_papers() -> None:
    assert 35 <= len(SHELF) <= 45
    assert len({paper.id for paper in SHELF}) == len(SHELF)
    assert len({paper.title for paper in SHELF}) == len(SHELF)


def test_the_newest_paper_comes_first() -> None:
    months = [month_of(paper.id) for paper in SHELF]
    assert months == sorted(months, reverse=True)


def test_the_papers_are_spread_over_many_months() -> None:
    months = Counter(month_of(paper.id) for paper in SHELF)
    assert len(months) >= 20
    assert max(months.values()) <= 5


def test_nothing_in_the_file_is_lost_or_unknown() -> None:
    raw = json.loads(Path(paperdeck.storage.shelf.__file__).with_name("shelf.json").read_text(encoding="utf-8"))
    assert sorted(raw, key=lambda facts: str(facts["id"]), reverse=True) == [facts_of(paper) for paper in SHELF]


@each_paper
def test_a_paper_says_that_it_comes_from_the_shelf(paper: Paper) -> None:
    assert is_paper_id(paper.id)
    assert paper.sources == ("shelf",)


@each_paper
def test_all_text_is_clean(paper: Paper) -> None:
    texts = [paper.title, paper.abstract, paper.organization or "", *paper.authors, *paper.keywords]
    assert texts == [clean_line(text) for text in texts]


@each_paper
def test_a_paper_has_what_a_reader_looks_for_first(paper: Paper) -> None:
    assert paper.title
    assert 1 <= len(paper.authors) <= 30
    assert all(paper.authors)
    assert 150 <= len(paper.abstract) <= 600
    assert 3 <= len(paper.keywords) <= 6


@each_paper
def test_dates_agree_with_each_other(paper: Paper) -> None:
    assert paper.published is not None
    assert paper.listed is None or paper.published <= paper.listed


@each_paper
def test_links_are_safe_to_open(paper: Paper) -> None:
    links = [link for link in (paper.code_url, paper.project_url) if link is not None]
    assert links == [web_link(link) for link in links]
    assert paper.code_url is None or paper.code_url.startswith("https://github.com/")


@each_paper
def test_what_changes_daily_is_not_claimed(paper: Paper) -> None:
    assert (paper.upvotes, paper.comments, paper.code_stars, paper.ai_summary) == (None, None, None, None)
