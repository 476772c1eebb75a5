"""Titles without an id are looked up: only a sure match is taken, and a source that fails leaves them as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from paperdeck.storage.errors import RateLimited, SourceError
from paperdeck.storage.exchange.adding import settle, sure_match
from paperdeck.storage.exchange.importing import read_papers
from paperdeck.storage.exchange.records import Imported, ImportedItem
from paperdeck.storage.paper import Paper
from tests.exchange.test_importing import LONG, PAGE


def paper(**facts: Any) -> Paper:
    return Paper(**({"id": "2401.00007", "title": "Counting Sheep in the Dark", "authors": ("A. Lovelace",)} | facts))


@pytest.mark.parametrize(
    "title",
    [
        "Counting sheep in the dark",
        "Counting Sheep, in the {D}ark!",
        r"Counting \emph{Sheep} in the Dark",
        "Counting-Sheep: in the dàrk",
    ],
)
def test_the_same_title_is_a_sure_match(title: str) -> None:
    wanted = paper(id="local-undated-0123456789ab", title=title)
    assert sure_match(wanted, [paper(id="2401.00008", title="Counting Sheep"), paper()]) == paper()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"title": "Counting Sheep in the Park"}, [paper()]),
        ({}, []),
        ({}, [paper(), paper(id="2401.00008")]),
        ({"authors": ("Ada Lovelace",)}, [paper(authors=("Bo Li",))]),
        ({"authors": ()}, [paper()]),
        ({"authors": (), "abstract": LONG}, [paper(abstract="Another text.")]),
        ({"authors": ("Bo Li", "Ada Lovelace")}, [paper()]),  # a surname that both have, but another first author
        ({"title": "Counting Sheep in the Dark++"}, [paper()]),
        ({"issued": "2021"}, [paper()]),
        ({"doi": "10.1000/1"}, [paper(doi="10.1000/2")]),
        ({"title": "!?"}, [paper(title="?")]),
    ],
)
def test_where_there_is_doubt_nothing_matches(wanted: dict[str, Any], found: Sequence[Paper]) -> None:
    assert sure_match(paper(id="local-undated-0123456789ab", **wanted), found) is None


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"abstract": LONG}, {"abstract": LONG.upper()}),
        ({"authors": ("Lovelace, Ada",)}, {"authors": ("A. Lovelace", "Bo Li")}),
        ({"authors": ("Ada Lovelace",), "issued": "2025"}, {"authors": ("A. Lovelace",)}),
        ({"title": "Any", "doi": "10.1000/A."}, {"doi": "10.1000/a"}),
    ],
)
def test_a_title_matches_with_the_first_author_or_the_abstract(wanted: dict[str, Any], found: dict[str, Any]) -> None:
    local = Paper(**({"id": "local-undated-0123456789ab", "title": "Mamba"} | wanted))
    assert sure_match(local, [paper(**({"title": "Mamba"} | found))]) is not None


async def test_titles_that_are_found_replace_the_local_papers() -> None:
    imported = read_papers(PAGE)
    found = paper(title="Counting Sheep", abstract=LONG)

    async def search(title: str) -> list[Paper]:
        return [found]

    settled = await settle(imported, search)
    assert [item.paper.id for item in settled.items] == [found.id, imported.papers[1].id]
    assert (settled.found, settled.local) == ((found,), (imported.papers[1].id,))


async def test_a_search_that_fails_leaves_the_paper_local_and_says_so() -> None:
    async def search(title: str) -> list[Paper]:
        raise SourceError("The Hub did not answer.")

    settled = await settle(read_papers(PAGE), search)
    assert tuple(item.paper for item in settled.items) == read_papers(PAGE).papers
    assert str(settled.leftovers[0]) == "“Counting Sheep” could not be looked up: The Hub did not answer."


async def test_a_source_that_asks_for_time_is_not_asked_again() -> None:
    asked: list[str] = []

    async def search(title: str) -> list[Paper]:
        asked.append(title)
        raise RateLimited("Too many requests.", 60)

    await settle(read_papers(PAGE), search)
    assert asked == ["Counting Sheep"]


async def test_what_has_an_id_is_not_looked_up() -> None:
    settled = await settle(Imported((ImportedItem(paper()),)), None)
    assert ([item.paper for item in settled.items], settled.found, settled.local) == ([paper()], (), ())
