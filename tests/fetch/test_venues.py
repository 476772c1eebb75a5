"""Bibliographies: each is read in its documented shape, asked once, and an odd value is an unknown one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperdeck.storage.cite.venue_record import VenueRecord
from paperdeck.storage.errors import SourceError
from paperdeck.storage.fetch.http.answers import BadAnswer
from paperdeck.storage.fetch.http.client import HttpClient
from paperdeck.storage.fetch.venues.lookup import Venues
from paperdeck.storage.fetch.venues.parser import crossref_record, dblp_records, s2_records
from tests.fetch.test_http import FakeTime
from tests.support.examples import examples
from tests.support.venues import FakeVenues, entry, info, work

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
FETCHED = "2026-11-20T12:00:00Z"


@pytest.fixture
async def venues(server: FakeVenues, tmp_path: Path) -> AsyncIterator[Venues]:
    client = HttpClient(timing=FakeTime().timing)
    yield Venues(client, tmp_path, base=server.url, clock=NOON.timestamp, patient=False)
    await client.close()


async def test_crossref_is_asked_by_doi(server: FakeVenues, venues: Venues) -> None:
    server.works["10.1000/a(1)/b"] = work(
        "Trees <i>of</i> Tests &amp; More",
        "Journal of Tests",
        2022,
        ("van der Roe", "Ann"),
        ("Doe", "Bob"),
        volume="4",
        issue="2",
        page="1–9",
        publisher="Tests Inc.",
        DOI="10.1000/A(1)/b",
        URL="https://doi.org/10.1000/a(1)/b",
        relation={"has-preprint": [{"id-type": "doi", "id": "10.48550/arXiv.2101.00001v2", "asserted-by": "subject"}]},
    )
    assert await venues.by_doi("10.1000/a(1)/b") == [
        VenueRecord(
            "crossref",
            title="Trees of Tests & More",
            authors=("van der Roe, Ann", "Doe, Bob"),
            year=2022,
            venue="Journal of Tests",
            kind="article",
            pages="1-9",
            volume="4",
            number="2",
            publisher="Tests Inc.",
            doi="10.1000/a(1)/b",
            ids=("arxiv:2101.00001",),
            url="https://doi.org/10.1000/a(1)/b",
            fetched=FETCHED,
        )
    ]
    assert server.log == ["GET /works/10.1000%2Fa%281%29%2Fb"]


@pytest.mark.parametrize(
    ("deposited", "said"),
    [
        ({"title": ["TUBE"], "subtitle": ["pricing of data"]}, {"title": "TUBE: pricing of data"}),
        ({"title": ["TUBE: pricing of data"], "subtitle": ["Pricing of Data"]}, {"title": "TUBE: pricing of data"}),
        (
            {"type": "book-chapter", "container-title": ["Lecture Notes in Computer Science", "Sheep – MICCAI 2015"]},
            {"venue": "Sheep – MICCAI 2015", "series": "Lecture Notes in Computer Science"},
        ),
        (
            {"type": "proceedings-article", "container-title": ["Sheep 2015", "Lecture Notes in Sheep"]},
            {"venue": "Sheep 2015", "series": "Lecture Notes in Sheep"},
        ),
        ({"container-title": ["Physical Review D", "Phys. Rev. D"]}, {"venue": "Physical Review D", "series": ""}),
        ({"article-number": "030001"}, {"pages": "030001"}),
        ({"page": "1-9", "article-number": "030001"}, {"pages": "1-9"}),
    ],
)
def test_a_publisher_gives_parts_of_a_fact_apart(deposited: dict[str, Any], said: dict[str, str]) -> None:
    found = crossref_record({"message": {"type": "journal-article", "title": ["T"]} | deposited})
    assert {name: getattr(found, name) for name in said} == said


async def test_dblp_is_asked_by_title(server: FakeVenues, venues: Venues) -> None:
    server.infos = [
        info("Trees: A Test.", "NeurIPS", 2022, "Ann Roe 0003", "Bob Doe", pages="5-6", key="conf/nips/RoeD22"),
        info(
            "Trees: A Test.",
            "CoRR",
            2021,
            "Ann Roe 0003",
            ee="https://arxiv.org/abs/2101.00001",
            volume="abs/2101.00001",
        ),
        info("Another.", "ICML", 2022, "Ann Roe"),
    ]
    printed, preprint = await venues.by_title("Trees: a *test*")
    assert (printed.title, printed.authors, printed.year) == ("Trees: A Test", ("Ann Roe", "Bob Doe"), 2022)
    assert (printed.venue, printed.kind, printed.pages) == ("NeurIPS", "inproceedings", "5-6")
    assert printed.ids == ("dblp:conf/nips/RoeD22",)
    assert (preprint.kind, preprint.arxiv_ids, preprint.authors) == ("preprint", ("2101.00001",), ("Ann Roe",))
    assert await venues.by_title("nothing of this title") == []


async def test_a_part_of_a_doi_is_no_doi(server: FakeVenues, venues: Venues) -> None:
    for number, doi in enumerate(("10.1000/a b", f"10.1000/{'a' * 300}")):
        server.papers[f"2101.0001{number}"] = {"externalIds": {"DOI": doi}, "title": "Grass"}
    found = await venues.by_arxiv_ids(["2101.00010", "2101.00011"])
    assert [record.doi for record in found.values()] == ["", ""]


async def test_the_anthology_is_asked_by_its_ids(server: FakeVenues, venues: Venues) -> None:
    server.entries["2023.acl-long.48"] = entry(
        "2023.acl-long.48", "Trees: {A} Test of {BERT}", "Proceedings of Tests", 2023, r"Mu{\~n}oz, Ann", "Doe, Bob"
    )
    [record] = await venues.by_acl_id("2023.acl-long.48")
    assert record == VenueRecord(
        "acl",
        title="Trees: A Test of BERT",
        authors=("Muñoz, Ann", "Doe, Bob"),
        year=2023,
        venue="Proceedings of Tests",
        kind="inproceedings",
        pages="821-854",
        publisher="Association for Computational Linguistics",
        doi="10.18653/v1/2023.acl-long.48",
        ids=("acl:2023.acl-long.48",),
        url="https://aclanthology.org/2023.acl-long.48/",
        fetched=FETCHED,
    )


async def test_semantic_scholar_knows_other_ids(server: FakeVenues, venues: Venues) -> None:
    outer = {"ArXiv": "2101.00001", "DOI": "10.1000/XYZ", "DBLP": "conf/nips/RoeD22", "ACL": "P19-1001", "CorpusId": 7}
    server.papers["2101.00001"] = {
        "paperId": "x",
        "externalIds": outer,
        "title": "Trees",
        "year": 2022,
        "journal": None,
    }
    server.papers["2101.00002"] = {"externalIds": {"DOI": "10.48550/arXiv.2101.00002"}, "title": "Grass"}
    found = await venues.by_arxiv_ids(["2101.00002", "2101.00001", "2101.00009"])
    assert list(found) == ["2101.00002", "2101.00001"]
    assert found["2101.00001"].doi == "10.1000/xyz"
    assert found["2101.00001"].ids == ("arxiv:2101.00001", "acl:P19-1001", "dblp:conf/nips/RoeD22")
    assert found["2101.00002"].doi == "", "arXiv's own DOI is no proof of print"
    assert len(server.log) == 1


async def test_everything_is_asked_once(server: FakeVenues, venues: Venues) -> None:
    for _ in range(2):
        assert await venues.by_doi("10.1000/none") == []
        assert await venues.by_doi("10.48550/arXiv.2101.00001") == []
        assert await venues.by_title("None") == await venues.by_title("none!") == await venues.by_title("?") == []
        assert await venues.by_acl_id("P19-1001") == []
        assert await venues.by_arxiv_ids(["2101.00001"]) == {}
    assert [line.partition("?")[0] for line in server.log] == [
        "GET /works/10.1000%2Fnone",
        "GET /search/publ/api",
        "GET /P19-1001.bib",
        "POST /graph/v1/paper/batch",
    ]


async def test_many_ids_go_in_batches(server: FakeVenues, venues: Venues) -> None:
    await venues.by_arxiv_ids(f"2101.{number:05}" for number in range(1, 1_002))
    assert len(server.log) == 3


async def test_a_source_that_is_busy_is_an_error_with_its_task(server: FakeVenues, venues: Venues) -> None:
    server.status = 429
    with pytest.raises(SourceError, match="Could not look up where it was published: 127"):
        await venues.by_arxiv_ids(["2101.00001"])
    server.status = 200
    assert await venues.by_arxiv_ids(["2101.00001"]) == {}, "a failure is not remembered"


async def test_each_source_is_asked_politely(server: FakeVenues, tmp_path: Path) -> None:
    time = FakeTime()
    client = HttpClient(timing=time.timing)
    venues = Venues(client, tmp_path, base=server.url)
    for number in range(3):
        await venues.by_title(f"Title {number}")
    await client.close()
    assert time.seconds >= 4


@pytest.mark.parametrize("wrong", ["", "10.1000", "../../etc/passwd", "10.1000/x y"])
async def test_what_is_not_an_identifier_becomes_no_address(server: FakeVenues, venues: Venues, wrong: str) -> None:
    assert await venues.by_doi(wrong) == await venues.by_acl_id(wrong) == []
    assert server.log == []


_CROSSREF_NAMES = ("message", "author", "title", "issued", "date-parts", "DOI", "relation", "has-preprint", "id")
_DBLP_NAMES = ("result", "hits", "hit", "info", "authors", "author", "year", "ee", "venue", "text")
_NAMES = (*_CROSSREF_NAMES, *_DBLP_NAMES, "externalIds", "ArXiv", "journal")
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(_NAMES),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=examples(60))
@given(JSON)
def test_no_answer_is_fatal(answer: Any) -> None:
    for read in (crossref_record, dblp_records, lambda value: s2_records(value, ["2101.00001"])):
        for tried in (answer, {"message": answer}, {"result": {"hits": {"hit": [{"info": answer}]}}}, [answer]):
            try:
                read(tried)
            except BadAnswer:
                continue
