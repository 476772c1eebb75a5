"""The index follows the files: truth first, index after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from tinydb import TinyDB

from paperdeck.storage.files.sealed import decode, encode
from paperdeck.storage.identifiers import document_id
from paperdeck.storage.library.library import Library
from paperdeck.storage.library.paper_documents import PAPERS
from paperdeck.storage.paper import Paper
from paperdeck.storage.search.query import parse
from paperdeck.storage.search.tree import QueryContext
from paperdeck.storage.settings.settings import Places

MakePaper = Callable[..., Paper]
NOW = QueryContext(today=date(2026, 11, 20))


@pytest.fixture
def library(places: Places) -> Library:
    return Library(places)


def found(library: Library, text: str) -> list[str]:
    return list(library.indexing.index.find(parse(text), context=NOW))


def block(places: Places, name: str = "2611/00") -> Path:
    return places.papers / f"{name}.json"


def blocks_read(library: Library) -> list[str]:
    read: list[str] = []
    library.indexing.catch_up(progress=read.append)
    return read


def test_papers_and_marks_of_the_library_are_found(library: Library, make_paper: MakePaper) -> None:
    library.add([make_paper(1, title="Cats"), make_paper(id="math/0309136", title="Knots")], "hf")
    library.mark(["2611.00001"], note="a remark")
    library.indexing.catch_up()
    assert found(library, "cats") == found(library, "note:remark") == ["2611.00001"]
    assert found(library, "knots") == ["math/0309136"]
    assert library.indexing.index.is_current


def test_only_files_that_differ_are_read_again(places: Places, make_paper: MakePaper) -> None:
    Library(places).add([make_paper(1), make_paper(id="2610.00001")], "hf")
    assert blocks_read(Library(places)) == ["2026-11", "2026-10"]
    assert blocks_read(Library(places)) == []
    Library(places).add([make_paper(2, title="Dogs")], "hf")
    fresh = Library(places)
    assert blocks_read(fresh) == ["2026-11"]
    assert found(fresh, "title:dogs") == ["2611.00002"]


def test_after_a_fetch_only_the_files_of_its_papers_are_looked_at(library: Library, make_paper: MakePaper) -> None:
    library.add([make_paper(1)], "hf")
    library.indexing.catch_up(["2611.00001", "2611.09000"])
    assert found(library, "") == ["2611.00001"]


def test_a_change_by_another_program_is_taken_in(library: Library, places: Places, make_paper: MakePaper) -> None:
    library.add([make_paper(1), make_paper(2)], "hf")
    library.indexing.catch_up()
    with TinyDB(block(places)) as stock:
        facts = {"id": "2611.00001", "title": "By hand", "listed": "2026-11-20"}
        stock.table("papers").update({"sources": {"hf": facts}}, doc_ids=[document_id("2611.00001")])
        stock.table("papers").remove(doc_ids=[document_id("2611.00002")])
    library.indexing.catch_up()
    assert found(library, "title:hand") == found(library, "") == ["2611.00001"]
    assert library.papers(["2611.00001"])["2611.00001"].title == "By hand"


def test_papers_of_a_file_that_is_gone_are_forgotten(library: Library, places: Places, make_paper: MakePaper) -> None:
    library.add([make_paper(1), make_paper(id="2610.00001")], "hf")
    library.indexing.catch_up()
    block(places).unlink()
    library.indexing.catch_up()
    assert found(library, "") == ["2610.00001"]


def test_a_file_whose_last_paper_was_removed_is_read(library: Library, make_paper: MakePaper) -> None:
    library.add([make_paper(1, title="Cats")], "search")
    library.add([make_paper(id="2610.00001", title="Dogs")], "hf")
    library.indexing.catch_up()
    library.remove(["2611.00001"])
    library.indexing.catch_up()
    assert found(library, "") == ["2610.00001"]
    library.undo()
    library.indexing.catch_up()
    assert found(library, "cats") == ["2611.00001"]


def test_a_damaged_file_of_papers_is_set_aside_and_its_papers_forgotten(
    library: Library, places: Places, make_paper: MakePaper
) -> None:
    library.add([make_paper(1), make_paper(id="2610.00001")], "hf")
    library.indexing.catch_up()
    block(places).write_bytes(block(places).read_bytes()[:-9])
    library.indexing.catch_up()
    library.indexing.catch_up()
    assert found(library, "") == ["2610.00001"]
    assert library.troubles


def test_a_month_of_an_earlier_version_is_indexed_and_followed_when_it_is_split(
    library: Library, places: Places, make_paper: MakePaper
) -> None:
    library.add([make_paper(1, title="Old"), make_paper(id="2611.03000", title="Old")], "hf")
    documents = {}
    for path in block(places).parent.iterdir():
        documents |= decode(PAPERS, path.read_bytes()).documents
        path.unlink()
    block(places, "2026-11").write_bytes(b"".join(encode(PAPERS, documents)))
    library.indexing.catch_up()
    assert len(found(library, "title:old")) == 2
    library.add([make_paper(1, title="New")], "hf")
    library.indexing.catch_up()
    assert found(library, "title:new") == ["2611.00001"]
    assert found(library, "title:old") == ["2611.03000"]


def test_a_deleted_index_is_built_again(library: Library, places: Places, make_paper: MakePaper) -> None:
    library.add([make_paper(1)], "hf")
    library.indexing.catch_up()
    places.index_file.unlink()
    library.indexing.catch_up()
    assert found(library, "") == ["2611.00001"]
    assert places.index_file.exists()


def test_marks_of_another_process_are_mirrored(library: Library, places: Places, make_paper: MakePaper) -> None:
    library.add([make_paper(1)], "hf")
    library.indexing.catch_up()
    Library(places).mark(["2611.00001"], starred=True)
    library.poll()
    library.indexing.catch_up()
    assert found(library, "is:starred") == ["2611.00001"]
    Library(places).mark(["2611.00001"], starred=False)
    library.indexing.catch_up()
    assert found(library, "is:starred") == []
    assert library.poll().marks == {"2611.00001"}, "it is still reported"


def test_papers_are_read_by_their_place_in_the_file(library: Library, places: Places, make_paper: MakePaper) -> None:
    papers = [make_paper(number, title=f"Übung {number}") for number in range(1, 9)]
    library.add(papers, "hf")
    library.indexing.catch_up()
    ids = [paper.id for paper in papers]
    read = library.indexing.documents(ids)
    assert set(read) == set(ids)
    assert library.papers(ids) == Library(places).papers(ids)
    library.add([make_paper(9)], "hf")  # the places no longer fit
    assert library.indexing.documents(ids) == {}
    assert library.papers(ids) == Library(places).papers(ids)


def test_a_rebuild_says_how_far_back_it_reaches(library: Library, make_paper: MakePaper) -> None:
    library.add([make_paper(1), make_paper(id="2610.00001")], "hf")
    index = library.indexing.index
    reached: list[str | None] = []
    library.indexing.catch_up(progress=lambda _: reached.append(index.reaches))
    assert reached == ["2611/00", "2610/00"]
    assert index.reaches is None


def test_a_catch_up_that_is_stopped_goes_on_the_next_time(library: Library, make_paper: MakePaper) -> None:
    library.add([make_paper(1), make_paper(id="2610.00001")], "hf")
    asked: list[bool] = []

    def stop() -> bool:
        asked.append(True)
        return len(asked) > 1

    library.indexing.catch_up(stop=stop)
    assert not library.indexing.index.is_current
    library.indexing.catch_up()
    assert len(found(library, "")) == 2
