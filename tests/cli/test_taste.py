"""Interests on the command line, and why a paper is for the reader."""

from __future__ import annotations

import json
from html import escape

import feedparser
import pytest

from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.__main__ import main
from tests.conftest import MakePaper
from tests.support.app_tools import fill

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def library(places: Places, make_paper: MakePaper) -> Library:
    """Ten papers about robots and ten about proofs."""
    titles = ("A robot gripper policy", "A theorem prover tactic")
    return fill(places, [make_paper(number, title=f"{titles[number % 2]}, part {number}") for number in range(1, 21)])


def printed(capsys: Capture, *arguments: str, code: int = 0) -> tuple[str, str]:
    assert main(arguments) == code
    return capsys.readouterr()


def test_interests_are_added_listed_removed_and_undone(capsys: Capture) -> None:
    assert printed(capsys, "interests", "add", "robot learning", "proofs") == ("", "2 added\n")
    assert printed(capsys, "interests")[0] == "robot learning\nproofs\n"
    assert printed(capsys, "interests", "remove", "Proofs") == ("", "1 removed\n")
    assert json.loads(printed(capsys, "interests", "--json")[0]) == ["robot learning"]
    printed(capsys, "undo", "--yes")
    assert printed(capsys, "interests", "list")[0] == "robot learning\nproofs\n"
    assert "nothing would change" in printed(capsys, "interests", "add", "proofs")[1]


def test_without_interests_an_example_is_named(capsys: Capture) -> None:
    assert printed(capsys, "interests") == ("", "There is no interest yet: paperdeck interests add 'world models'\n")
    assert main(["interests", "add"]) != 0


def test_the_reasons_of_a_paper_sum_to_its_score(capsys: Capture) -> None:
    printed(capsys, "interests", "add", "theorem prover")
    papers = json.loads(printed(capsys, "list", "sort:foryou", "--why", "--json")[0])
    assert len(papers) == 20
    assert all("theorem" in paper["title"] for paper in papers[:10])
    for paper in papers:
        assert sum(part["part"] for part in paper["reasons"]) == paper["score"]
    assert papers[0]["why"].startswith("because your “theorem prover”")
    assert papers[0]["reasons"][0]["typed"] is True


def test_reasons_follow_the_other_columns_and_facts(capsys: Capture) -> None:
    main(["star", "2611.00002"])
    capsys.readouterr()
    first = printed(capsys, "list", "sort:foryou", "-is:starred", "--why")[0].splitlines()[0].split("\t")
    assert len(first) == 7
    assert "robot" in first[-1]
    assert "For you: because ★" in printed(capsys, "list", "sort:foryou", "-is:starred", "--why", "--plain")[0]


def test_too_little_to_go_by_is_reported(capsys: Capture) -> None:
    out, err = printed(capsys, "list", "--why", "--json")
    assert "Your taste isn't known yet" in err
    assert json.loads(out)[0]["score"] is None
    assert "Until then, the most upvotes come first." in printed(capsys, "list", "sort:foryou")[1]


def test_a_feed_in_this_order_says_the_same_reasons(capsys: Capture) -> None:
    printed(capsys, "interests", "add", "theorem prover")
    listed = json.loads(printed(capsys, "list", "sort:foryou", "--why", "--json")[0])
    posts = feedparser.parse(printed(capsys, "feed", "sort:foryou")[0]).entries
    assert [post.title for post in posts] == [paper["title"] for paper in listed]
    for post, paper in zip(posts, listed, strict=True):
        assert ("For you:" in post.content[0].value) == bool(paper["why"])
        assert escape(paper["why"]) in post.content[0].value
    assert "For you:" not in printed(capsys, "feed")[0], "a feed may be shown to others"
    assert "because your “theorem prover”" in printed(capsys, "feed", "--why")[0]
