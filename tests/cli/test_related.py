"""`paperdeck related`: two lists from the library alone, for people and for programs."""

from __future__ import annotations

import json

import pytest

from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Paper
from paperdeck.storage.settings.places import Places
from paperdeck.tui.__main__ import main

Capture = pytest.CaptureFixture[str]
ONE, ALIKE, SAME_PEOPLE, OTHER = "2611.00001", "2611.00002", "2611.00003", "2611.00004"


@pytest.fixture(autouse=True)
def library(places: Places) -> Library:
    library = Library(places)
    ada, alan = "Ada Lovelace", "Alan Turing"
    papers = [
        Paper(id=ONE, title="Grasping with tactile robot hands", authors=(ada, alan), abstract="A gripper feels."),
        Paper(id=ALIKE, title="Tactile robot hands that grasp", authors=("Grace Hopper",), abstract="A gripper tries."),
        Paper(id=SAME_PEOPLE, title="Proofs of lemmas", authors=(alan, ada), abstract="A theorem holds."),
        Paper(id=OTHER, title="Proofs of theorems", authors=("Kurt Goedel",), abstract="A lemma holds."),
    ]
    library.add(papers, "arxiv")
    return library


def test_both_lists_are_printed_a_paper_a_line(capsys: Capture) -> None:
    assert main(["related", ONE]) == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [line[:2] for line in lines] == [["alike", ALIKE], ["same_people", SAME_PEOPLE]]
    assert lines[1][3] == "Ada Lovelace, Alan Turing"


def test_json_is_whole(capsys: Capture) -> None:
    assert main(["related", f"https://arxiv.org/abs/{ONE}", "--json", "--limit", "1"]) == 0
    found = json.loads(capsys.readouterr().out)
    [alike], [same] = found["alike"], found["same_people"]
    assert (alike["id"], alike["title"]) == (ALIKE, "Tactile robot hands that grasp")
    assert 0 < alike["likeness"] < 1
    assert same["shared_authors"] == ["Ada Lovelace", "Alan Turing"]


def test_an_unknown_paper_is_reported_as_unknown(capsys: Capture) -> None:
    assert main(["related", "2611.09999"]) == 1
    assert "is not in the library" in capsys.readouterr().err


def test_nothing_related_is_reported_and_nothing_printed(capsys: Capture, library: Library) -> None:
    library.add([Paper(id="2611.00009", title="Zymurgy", abstract="Yeast.")], "arxiv")
    assert main(["related", "2611.00009"]) == 0
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "Nothing in the library is related to it.\n")
