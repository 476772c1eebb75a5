"""Files of the first version become today's."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from paperdeck.storage.files.sealed import SCHEMA, FileKind, decode
from paperdeck.storage.library.journal.device import DEVICE
from paperdeck.storage.library.journal.history import HISTORY
from paperdeck.storage.library.journal.registers import MARKS
from paperdeck.storage.library.ledger import LEDGER
from paperdeck.storage.library.library import Library
from paperdeck.storage.library.paper_documents import PAPERS
from paperdeck.storage.paper import Marks
from paperdeck.storage.settings.settings import Places

FACTS = {"id": "2605.00001", "title": "An Old Paper", "published": "2026-05-01", "upvotes": 7}
STAMP = "001795398295382.000000.laptop-1a2b3c"


def write_first_version(places: Places) -> None:
    """What the first slice left behind."""
    papers = {"papers": {"260500001": {"id": "2605.00001", "facts": FACTS, "source": "hf"}}}
    marks = {
        "marks": {"260500001": {"id": "2605.00001", "read": True, "starred": True, "tags": ["thesis"], "note": "n"}}
    }
    for path, tables in [
        (places.papers / "2026-05.json", papers),
        (places.marks / "laptop" / "2026-05.json", marks),
    ]:
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(tables))


def test_papers_of_the_first_version_are_read(places: Places) -> None:
    write_first_version(places)
    paper = Library(places).paper("2605.00001")
    assert paper is not None
    assert (paper.title, paper.published, paper.sources) == ("An Old Paper", date(2026, 5, 1), ("hf",))


def test_marks_of_the_first_version_are_read(places: Places) -> None:
    write_first_version(places)
    expected = Marks(read=True, starred=True, tags=frozenset({"thesis"}), note="n")
    assert Library(places).all_marks() == {"2605.00001": expected}


def test_any_change_wins_over_marks_without_a_time(places: Places) -> None:
    write_first_version(places)
    library = Library(places, clock=lambda: 0.0)
    library.mark(["2605.00001"], starred=False, remove_tags=["thesis"])
    assert Library(places).marks("2605.00001") == Marks(read=True, note="n")


def test_the_next_write_brings_a_file_into_todays_form(places: Places) -> None:
    write_first_version(places)
    library = Library(places)
    library.add(library.month("2026-05"), "arxiv")
    written = (places.papers / "2605" / "00.json").read_bytes()
    assert json.loads(written)["_meta"]["1"]["schema"] == SCHEMA
    assert decode(PAPERS, written).documents["260500001"]["sources"].keys() == {"hf", "arxiv"}


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        (PAPERS, {"id": "2605.00001", "sources": {}}),
        (PAPERS, {"id": "2605.00001", "sources": {"hf": {"id": "2605.00002"}}}),
        (PAPERS, {"id": "2605.00001", "sources": {"hf": FACTS | {"title": 5}}}),
        (PAPERS, {"id": "2605.00001", "sources": {"hf": FACTS | {"published": "soon"}}}),
        (PAPERS, {"id": "2605.00001", "sources": {"hf": FACTS}, "counts": [["2026-05-01", 1]]}),
        (MARKS, {"id": "2605.00001", "note": [5, STAMP]}),
        (MARKS, {"id": "2605.00001", "read": [True, "yesterday"]}),
        (MARKS, {"id": "2605.00001", "unknown": [True, STAMP]}),
        (LEDGER, {"source": "hf", "day": "2026-05-01", "state": "fine", "fetched_at": "", "ids": []}),
        (LEDGER, {"source": "hf", "day": "2026-05-01", "state": [], "fetched_at": "", "ids": []}),
        (LEDGER, {"source": "hf", "day": 20260501, "state": "empty", "fetched_at": "", "ids": []}),
        (HISTORY, {"base": 0, "changes": [["too", "short"]]}),
        (DEVICE, {"host": "laptop"}),
    ],
)
def test_a_document_of_another_shape_is_refused(kind: FileKind, document: dict[str, Any]) -> None:
    assert not kind.is_valid(document)
