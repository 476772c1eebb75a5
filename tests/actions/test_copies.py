"""The copy menu: it calls a link what it is."""

from __future__ import annotations

import pytest

from paperdeck.storage.identifiers import local_id
from paperdeck.storage.paper import Paper
from paperdeck.tui.actions.copy import PAGE, choices_of

LISTED = Paper(id="2611.00001", title="Listed", sources=("hf", "arxiv"))
UNLISTED = Paper(id="2611.00002", title="Not listed", sources=("arxiv",))
LOCAL = Paper(id=local_id("Mine", ""), title="Mine", project_url="https://lab.example")


@pytest.mark.parametrize(
    ("papers", "name"),
    [
        ([LISTED], "Link to the Hub's page"),
        ([LISTED, UNLISTED], "Link to the Hub's page, else to arXiv's"),
        ([UNLISTED], None),
        ([LOCAL], "Link to the paper's page"),
    ],
)
def test_a_link_to_the_hub_is_offered_for_what_the_hub_lists(papers: list[Paper], name: str | None) -> None:
    offered = {choice.value: choice.text for choice in choices_of(papers, PAGE)}
    assert offered.get(PAGE) == name
    assert "link" in offered
