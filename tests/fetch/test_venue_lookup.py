"""Bibliographies are asked where papers were published: in order, once, and what they say is kept with its date.

Their answers on loopback have the documented shapes; see tests/support/venues.py.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from paperdeck.storage.cite.published_form import published
from paperdeck.storage.cite.venue import judge, known_records
from paperdeck.storage.errors import SourceError
from paperdeck.storage.fetch.endpoints import Endpoints
from paperdeck.storage.fetch.fetcher import Fetcher
from paperdeck.storage.fetch.http.client import HttpClient
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Marks, Paper
from paperdeck.storage.settings.places import Places
from tests.fetch.test_http import FakeTime
from tests.support.venues import FakeVenues, entry, info, work

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TITLE = "Sorting Sheep by Weight"
AUTHORS = ("Ada Lovelace", "Bo Li")
SHEEP = Paper(id="2001.00001", title=TITLE, authors=AUTHORS)


class Clock:
    now = NOON

    def __call__(self) -> float:
        return self.now.timestamp()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def library(places: Places) -> Library:
    return Library(places)


@pytest.fixture
async def fetcher(library: Library, server: FakeVenues, clock: Clock) -> AsyncIterator[Fetcher]:
    made = _fetcher(library, server, clock)
    yield made
    await made.close()


def _fetcher(library: Library, server: FakeVenues, clock: Clock) -> Fetcher:
    client = HttpClient(timing=FakeTime().timing)
    return Fetcher(library, Endpoints(venues=server.url), client=client, clock=clock, arxiv_interval=0)


async def asked(fetcher: Fetcher, library: Library, *papers: Paper) -> tuple[list[SourceError], Paper]:
    """What went wrong, and the first paper as the library has it then."""
    library.add(papers, "arxiv")
    errors = await fetcher.look_up_published(papers)
    found = library.paper(papers[0].id)
    assert found
    return errors, found


async def test_the_doi_of_the_authors_is_asked_for_first_and_is_enough(
    fetcher: Fetcher, library: Library, server: FakeVenues
) -> None:
    people = (("Lovelace", "Ada"), ("Li", "Bo"))
    server.works["10.1000/x"] = work("Weighing Sheep", "Journal of Sheep", 2021, *people, volume="4", DOI="10.1000/x")
    errors, found = await asked(fetcher, library, Paper(id="2001.00001", title=TITLE, authors=AUTHORS, doi="10.1000/X"))
    assert not errors
    form = published(found)
    assert form
    assert (form.kind, form.title, form.venue, form.year) == ("article", "Weighing Sheep", "Journal of Sheep", 2021)
    assert server.log == ["GET /works/10.1000%2Fx"]
    assert known_records(found)[0].fetched == "2026-11-20T12:00:00Z"


async def test_then_the_title_without_the_twin_in_corr(fetcher: Fetcher, library: Library, server: FakeVenues) -> None:
    server.infos = [
        info(f"{TITLE}.", "CoRR", 2020, *AUTHORS, type="Informal and Other Publications", key="journals/corr/1"),
        info(f"{TITLE}.", "NeurIPS", 2020, *AUTHORS, pages="1-9", key="conf/nips/1"),
        info(f"{TITLE} and Speed.", "ICML", 2020, *AUTHORS, key="conf/icml/1"),
    ]
    _, found = await asked(fetcher, library, SHEEP)
    form = published(found)
    assert form
    assert (form.kind, form.venue, form.year, form.parts["pages"]) == ("inproceedings", "NeurIPS", 2020, "1--9")
    assert len(server.log) == 1


async def test_then_semantic_scholar_for_all_that_are_left_at_once(
    fetcher: Fetcher, library: Library, server: FakeVenues
) -> None:
    second = Paper(id="2001.00002", title="Counting Goats", authors=AUTHORS)
    server.papers["2001.00001"] = {"title": TITLE, "externalIds": {"ArXiv": "2001.00001", "ACL": "2020.acl-long.1"}}
    server.entries["2020.acl-long.1"] = entry(
        "2020.acl-long.1", "Weighing {S}heep", "Proceedings of ACL", 2020, "Lovelace, Ada", "Li, Bo"
    )
    _, found = await asked(fetcher, library, SHEEP, second)
    form = published(found)
    assert form
    assert (form.title, form.venue) == ("Weighing Sheep", "Proceedings of ACL")
    assert [line.partition("?")[0] for line in server.log] == [
        "GET /search/publ/api",
        "GET /search/publ/api",
        "POST /graph/v1/paper/batch",
        "GET /2020.acl-long.1.bib",
    ]


async def test_semantic_scholar_leads_to_another_title_at_dblp(
    fetcher: Fetcher, library: Library, server: FakeVenues
) -> None:
    gan = Paper(id="1406.2661", title="Generative Adversarial Networks", authors=("Ian J. Goodfellow", "Mehdi Mirza"))
    nets, key = "Generative Adversarial Nets", "conf/nips/GoodfellowPMXWOCB14"
    server.papers[gan.id] = {"title": nets, "externalIds": {"ArXiv": gan.id, "DBLP": key}}
    server.infos = [info(f"{nets}.", "NIPS", 2014, "Ian J. Goodfellow", "Mehdi Mirza", key=key)]
    _, found = await asked(fetcher, library, gan)
    form = published(found)
    assert form
    assert (form.title, form.venue, form.year) == (nets, "NIPS", 2014)


async def test_nothing_is_asked_twice_but_what_may_be_printed_by_then(
    fetcher: Fetcher, library: Library, server: FakeVenues, clock: Clock
) -> None:
    _, found = await asked(fetcher, library, SHEEP)
    assert published(found) is None
    assert {record.source for record in judge(found).consulted} == {"dblp", "s2"}
    requests = len(server.log)
    for days, more in ((1, 0), (29, 0), (31, 2), (-400, 4)):  # the last time, the clock had been ahead
        clock.now = NOON + timedelta(days=days)
        again = _fetcher(Library(library.places), server, clock)
        await again.look_up_published([found])
        await again.close()
        assert len(server.log) == requests + more
    server.infos = [info(TITLE, "NeurIPS", 2020, *AUTHORS)]
    clock.now = NOON + timedelta(days=62)
    again = _fetcher(library, server, clock)
    await again.look_up_published([found])
    await again.close()
    assert (paper := library.paper(SHEEP.id))
    assert published(paper)


async def test_a_source_that_fails_is_reported_once_and_asked_next_time(
    fetcher: Fetcher, library: Library, server: FakeVenues
) -> None:
    server.status = 403
    second = Paper(id="2001.00002", title="Counting Goats", authors=AUTHORS)
    errors, found = await asked(fetcher, library, SHEEP, second)
    assert len(errors) == 2
    assert len(server.log) == 2
    assert "look up where it was published" in str(errors[0])
    assert found.sources == ("arxiv",), "a source that said nothing is no source of the paper"
    server.status = 200
    server.infos = [info(TITLE, "NeurIPS", 2020, *AUTHORS)]
    errors, found = await asked(fetcher, library, SHEEP)
    assert not errors
    assert published(found)


async def test_a_thesis_that_the_doi_leads_to_is_not_a_published_form(
    fetcher: Fetcher, library: Library, server: FakeVenues
) -> None:
    server.works["10.1000/t"] = work(TITLE, "", 2021, ("Lovelace", "Ada"), type="dissertation", DOI="10.1000/t")
    _, found = await asked(fetcher, library, Paper(id="2001.00001", title=TITLE, authors=AUTHORS, doi="10.1000/t"))
    assert published(found) is None


async def test_what_the_library_does_not_have_is_not_asked_about(fetcher: Fetcher, server: FakeVenues) -> None:
    assert await fetcher.look_up_published([SHEEP]) == []
    assert not server.log


async def test_undoing_an_import_still_removes_a_paper_that_was_looked_up(
    fetcher: Fetcher, library: Library, server: FakeVenues
) -> None:
    library.add([SHEEP], "local")
    deed = library.record_added({SHEEP.id: Marks(starred=True)}, [SHEEP.id])
    await fetcher.look_up_published([SHEEP])
    library.undo(deed)
    assert library.paper(SHEEP.id) is None
