"""arXiv's metadata snapshot: what a line says, and an import that can be stopped and goes on."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.exchange import arxiv_snapshot
from paperdeck.storage.exchange.arxiv_snapshot import Snapshot, paper_of_line
from paperdeck.storage.exchange.importing import read_papers
from paperdeck.storage.library.library import Library
from paperdeck.storage.search.query import parse
from paperdeck.storage.search.tree import QueryContext
from paperdeck.storage.settings.settings import Places


def line(number: int = 1, **facts: Any) -> bytes:
    found = {
        "id": f"0704.{number:04}",
        "authors_parsed": [["Lovelace", "Ada", ""], ["King", "William", "Jr."], ["The Engine Collaboration", "", ""]],
        "title": "On the Analytical\n  Engine",
        "abstract": "  It weaves\nalgebraic patterns.\n",
        "categories": "cs.CL math.HO",
        "versions": [
            {"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
            {"version": "v2", "created": "Tue, 24 Jul 2007 20:10:27 GMT"},
        ],
        "doi": "10.1000/engine.1",
        "journal-ref": "Notes 1 (1843)",
        "comments": "3 figures",
        "license": None,
        "update_date": "2008-11-26",
    }
    return json.dumps(found | facts).encode() + b"\n"


@pytest.fixture
def library(places: Places) -> Library:
    return Library(places)


@pytest.fixture
def note(places: Places) -> Path:
    return places.state / "import.json"


def snapshot(tmp_path: Path, *lines: bytes, categories: tuple[str, ...] = ()) -> Snapshot:
    path = tmp_path / "snapshot.jsonl"
    path.write_bytes(b"".join(lines))
    return Snapshot(path, categories)


def test_a_line_is_a_paper_with_all_that_it_says() -> None:
    paper = paper_of_line(line())
    assert paper is not None
    assert (paper.id, paper.title, paper.abstract) == (
        "0704.0001",
        "On the Analytical Engine",
        "It weaves algebraic patterns.",
    )
    assert paper.authors == ("Ada Lovelace", "William King Jr.", "The Engine Collaboration")
    assert paper.names == (
        ("Lovelace", "Ada", "", ""),
        ("King", "William", "", "Jr."),
        ("The Engine Collaboration",),
    )
    assert (paper.published, paper.updated, paper.version) == (date(2007, 4, 2), date(2007, 7, 24), 2)
    assert (paper.categories, paper.doi, paper.journal_ref, paper.comment, paper.listed) == (
        ("cs.CL", "math.HO"),
        "10.1000/engine.1",
        "Notes 1 (1843)",
        "3 figures",
        None,
    )


@pytest.mark.parametrize("facts", [{}, {"comments": "This paper has been withdrawn by the author"}])
def test_a_list_of_such_objects_holds_the_same_papers(facts: dict[str, Any]) -> None:
    found = json.loads(line(**facts))
    for text in (line(**facts).decode(), json.dumps([found]), json.dumps(found, indent=2)):
        assert read_papers(text).papers == (paper_of_line(line(**facts)),)


def test_authors_in_one_text_are_read_where_there_are_no_others() -> None:
    paper = paper_of_line(line(authors_parsed=None, authors="Ada Lovelace (Engine, Works), Bo Doe\n  and Cy Poe"))
    assert paper is not None
    assert paper.authors == ("Ada Lovelace", "Bo Doe", "Cy Poe")


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        line(id="../../x"),
        line(id=None),
        line(title=" "),
        line(id="local-undated-0123456789ab"),
    ],
)
def test_a_line_without_a_paper_gives_none(broken: bytes) -> None:
    assert paper_of_line(broken) is None


@pytest.mark.parametrize(
    "strange",
    [
        {"versions": None},
        {"versions": [{"created": "soon"}, 5]},
        {"versions": [{"created": 5}, {"created": True}, {"created": [1]}]},
        {"versions": [{"created": "Mon, 1 Jan 2024 00:00:00 " + "9" * 300}]},
        {"authors_parsed": "x"},
        {"authors_parsed": [[], ["A"], 3]},
        {"categories": None, "doi": 5, "abstract": None},
    ],
)
def test_strange_facts_are_left_out(strange: dict[str, Any]) -> None:
    assert paper_of_line(line(**strange)) is not None


def test_old_ids_are_those_of_their_archive() -> None:
    paper = paper_of_line(line(id="math.GT/0309136"))
    assert paper is not None
    assert paper.id == "math/0309136"


def test_a_snapshot_is_in_the_library_and_can_be_searched(tmp_path: Path, library: Library, note: Path) -> None:
    *_, done = snapshot(tmp_path, *map(line, range(1, 8)), b"\n", b"{broken\n").add_to(library, note)
    assert (done.new, done.unusable, done.read_bytes) == (7, 1, done.total_bytes)
    found = library.indexing.index.find(
        parse("weaves author:=adalovelace"), context=QueryContext(today=date(2026, 11, 20))
    )
    assert len(found) == 7
    assert not note.exists()


def test_categories_limit_the_papers(tmp_path: Path, library: Library, note: Path) -> None:
    lines = line(1), line(2, categories="hep-th"), line(3, categories="math.CO cs.DM")
    list(snapshot(tmp_path, *lines, categories=("cs.*",)).add_to(library, note))
    assert {paper.id for paper in library.month("2007-04")} == {"0704.0001", "0704.0003"}


def test_an_import_that_was_stopped_goes_on(
    tmp_path: Path, library: Library, note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arxiv_snapshot, "PIECE_PAPERS", 2)
    wanted = snapshot(tmp_path, *map(line, range(1, 6)))
    stopped = next(wanted.add_to(library, note))
    assert (stopped.new, wanted.can_resume(note)) == (2, True)
    *_, done = wanted.add_to(Library(library.places), note)
    assert done.new == 3
    assert len(library.month("2007-04")) == 5
    assert not wanted.can_resume(note)


def test_another_file_begins_at_its_beginning(
    tmp_path: Path, library: Library, note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arxiv_snapshot, "PIECE_PAPERS", 2)
    next(snapshot(tmp_path, *map(line, range(1, 6))).add_to(library, note))
    assert not snapshot(tmp_path, *map(line, range(1, 7))).can_resume(note)
    assert not snapshot(tmp_path, *map(line, range(1, 6)), categories=("cs.*",)).can_resume(note)


def test_what_it_will_take_is_announced_first(tmp_path: Path, library: Library) -> None:
    lines = [line(number, categories="cs.CL" if number % 2 else "hep-th") for number in range(1, 41)]
    estimate = snapshot(tmp_path, *lines, categories=("cs.CL",)).estimate(library)
    assert 15 <= estimate.papers <= 25
    assert estimate.needed_bytes > sum(map(len, lines)) / 2
    assert estimate.free_bytes > 0


@pytest.mark.parametrize("content", [b"", b"@article{x,}", b"[1, 2]\n", b'{"id": "0704.0001"}\n'])
def test_another_kind_of_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InvalidInput, match="not arXiv's metadata snapshot"):
        snapshot(tmp_path, content)
