"""Papers that a query must find by their marks alone."""

from __future__ import annotations

import pytest

from paperdeck.storage.paper import Marks
from paperdeck.storage.search.implied import implied
from paperdeck.storage.search.query import parse

MARKS = {
    "2401.00001": Marks(starred=True),
    "2401.00002": Marks(tags=frozenset({"Thesis"}), read=True),
    "2401.00003": Marks(note="compare with agents"),
    "2401.00004": Marks(starred=True, hidden=True),
}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ""),
        ("agents", "3"),
        ("is:starred", "14"),
        ("is:starred is:hidden", "4"),
        ("is:starred author:lovelace", "14"),
        ("is:starred OR tag:thesis", "12"),
        ("tag:thesis -is:read", ""),
        ("tag:=thesis", "2"),
        ("tag:the-sis note:comparewith", ""),
        ("tag:the-sis OR note:comparewith", "23"),  # hyphens and spaces are as in any search
        ("has:note", "3"),
        ("note:compare", "3"),
        ("is:unread", "13"),  # what is starred or noted is in the queue
        ("is:read", "2"),
        ("since:7d", ""),
        ("-is:starred upvotes:>3", ""),
    ],
)
def test_a_query_finds_papers_by_their_marks_alone(query: str, found: str) -> None:
    ids = implied(parse(query).visible(), MARKS)
    assert "".join(paper_id[-1] for paper_id in ids) == found


def test_known_papers_are_left_out() -> None:
    assert implied(parse("is:starred").visible(), MARKS, {"2401.00001", "2401.00004"}) == []
