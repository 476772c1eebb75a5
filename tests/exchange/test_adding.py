"""An import from the file to the library: offline then online, in any order, one paper stays one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from paperdeck.storage.errors import Unreachable
from paperdeck.storage.exchange.adding import ImportOptions, ImportOutcome, add_imported
from paperdeck.storage.exchange.importing import read_papers
from paperdeck.storage.fetch.single_papers import LookupResult
from paperdeck.storage.identifiers import Reference, is_local, local_id
from paperdeck.storage.library.citation_keys import citation_keys
from paperdeck.storage.library.journal.history import JOINED
from paperdeck.storage.library.library import Library
from paperdeck.storage.library.papers import Awaited
from paperdeck.storage.paper import Marks, Paper
from paperdeck.storage.settings.settings import Places

ENTRY = "@inproceedings{zhao, title={minWM: A Thing}, author={Zhao, Min}, booktitle={ICLR}, year={2027}}"
REAL = Paper(id="2605.30263", title="minWM: A Thing", authors=("Min Zhao", "Bo Li"), upvotes=4)
AGAIN = "Importing again online looks it up and keeps your marks."


@pytest.fixture
def library(places: Places) -> Library:
    return Library(places)


async def found(_title: str) -> Sequence[Paper]:
    return [REAL, Paper(id="2605.30264", title="Another Thing", authors=("Min Zhao",))]


def bring(library: Library, text: str, *, online: bool = False, **wanted: Any) -> ImportOutcome:
    search = found if online else None
    return asyncio.run(add_imported(read_papers(text), library, ImportOptions(**wanted), search=search))


def ids(library: Library) -> list[str]:
    return [paper.id for month in library.months() for paper in library.month(month)]


@pytest.mark.parametrize("order", [(False, True), (True, False), (False, True, False, True), (True, True, False)])
def test_offline_and_online_in_any_order_end_the_same(library: Library, order: tuple[bool, ...]) -> None:
    """No title twice, no stranger, all marks on the one paper."""
    for number, online in enumerate(order):
        bring(library, ENTRY, online=online, star=number == 0, tags=(f"t{number}",))
    assert ids(library) == [REAL.id]
    marks = library.marks(REAL.id)
    assert (marks.starred, marks.tags) == (True, frozenset(f"t{number}" for number in range(len(order))))
    paper = library.paper(REAL.id)
    assert paper is not None
    assert (paper.upvotes, paper.journal_ref) == (4, "ICLR")


@pytest.mark.parametrize("order", [(False, True, False, True), (True, False, True, False)])
def test_a_page_of_titles_offline_and_online_twice_is_each_paper_once(
    library: Library, order: tuple[bool, ...]
) -> None:
    """The page of daily papers: most of its titles are on the Hub, which finds others along with them."""
    titles = [
        f"Counting {animal} by Night" for animal in ("Sheep", "Goats", "Geese", "Cranes", "Larks", "Owls", "Moths")
    ]
    texts = {
        title: f"{title}: in this text, which was written for the purpose, we count them. " * 3 for title in titles
    }
    page = "Daily Papers\n\n" + "\n\n".join(f"{title}\n\n{texts[title]}" for title in titles)
    there = [Paper(id=f"2605.{n:05}", title=title, abstract=texts[title]) for n, title in enumerate(titles[:5], 1)]
    stranger = Paper(id="2605.09999", title="Counting Sheep by Day", abstract="Another text.")

    async def search(title: str) -> Sequence[Paper]:
        return [stranger, *(paper for paper in there if paper.title == title)]

    for number, online in enumerate(order):
        wanted = ImportOptions(star=number == 0, tags=(f"t{number}",))
        asyncio.run(add_imported(read_papers(page), library, wanted, search=search if online else None))
    papers = [paper for month in library.months() for paper in library.month(month)]
    assert sorted(paper.title for paper in papers) == sorted(titles)
    assert {paper.id for paper in papers if not is_local(paper.id)} == {paper.id for paper in there}
    for paper in papers:
        marks = library.marks(paper.id)
        assert (marks.starred, marks.tags) == (True, frozenset({"t0", "t1", "t2", "t3"}))


def test_a_local_paper_joins_the_real_one_when_that_arrives(library: Library) -> None:
    (local_id,) = bring(library, ENTRY, star=True, tags=("thesis",)).ids
    library.mark([local_id], note="mine")
    library.add([REAL], "hf")
    assert ids(library) == [REAL.id]
    marks = library.marks(REAL.id)
    assert (marks.starred, marks.tags, marks.note) == (True, frozenset({"thesis"}), "mine")
    assert not library.marks(local_id)
    paper = library.paper(REAL.id)
    assert paper is not None
    assert paper.same_as == (local_id,)


def test_a_join_can_be_undone_and_stays_undone(library: Library) -> None:
    (local_id,) = bring(library, ENTRY, star=True).ids
    library.add([REAL], "hf")
    (deed,) = [deed for deed in library.history.deeds() if deed.label == JOINED]
    assert library.undo(deed)
    assert sorted(ids(library)) == sorted([REAL.id, local_id])
    assert library.marks(local_id).starred and not library.marks(REAL.id)
    library.add([REAL], "hf")
    assert local_id in ids(library)
    assert library.redo(deed)
    assert ids(library) == [REAL.id]
    assert library.marks(REAL.id).starred


def test_undo_of_the_reader_does_not_mean_a_join(library: Library) -> None:
    bring(library, ENTRY, star=True)
    library.add([REAL], "hf")
    library.undo()
    assert ids(library) == [REAL.id]


def test_a_paper_that_took_the_place_of_a_local_one_stays_when_its_adding_is_undone(library: Library) -> None:
    bring(library, ENTRY)
    new = library.add([REAL], "arxiv").new
    deed = library.record_added({REAL.id: Marks(starred=True)}, new, label="add")
    assert library.undo(deed)
    assert ids(library) == [REAL.id]
    assert not library.marks(REAL.id)


def test_what_an_import_brought_goes_with_its_undo(library: Library) -> None:
    bring(library, ENTRY, star=True)
    library.undo()
    assert ids(library) == []


def test_an_import_twice_makes_nothing_twice(library: Library) -> None:
    bring(library, ENTRY)
    again = bring(library, ENTRY.replace("Zhao, Min", "Zhao, M.").replace(": A", " -- A").replace("2027", "2026"))
    assert len(ids(library)) == 1
    assert again.summary == "1 paper: 0 new, 1 already known; of them 1 not looked up. " + AGAIN


def test_what_was_not_looked_up_or_not_found_is_not_reported_as_elsewhere(library: Library) -> None:
    """“1 not on arXiv”, of a paper there: the Hub was down, or the entry had no author to be sure by."""

    async def down(_title: str) -> Sequence[Paper]:
        raise Unreachable("no connection (hub.test)", task="search the Hub")

    wanted = ImportOptions(star=True)
    unasked = asyncio.run(add_imported(read_papers(ENTRY), library, wanted, search=down))
    assert unasked.summary == f"1 paper: 1 new, 0 already known; of them 1 not looked up. {AGAIN}"
    unsure = bring(library, "@misc{k, title={minWM: A Thing}}", online=True)
    assert unsure.summary.endswith("; of them 1 without a sure match on the Hub.")
    assert bring(library, ENTRY, online=True).summary.endswith("; of them 1 found by title.")
    assert library.marks(REAL.id).starred


def test_ids_that_cannot_be_looked_up_wait_with_their_marks(library: Library, places: Places) -> None:
    outcome = bring(library, "2401.12345\n", star=True, tags=("t",))
    assert (outcome.failed, outcome.messages) == (False, ())
    assert outcome.summary == "1 paper: 0 new, 0 already known, 1 to be completed at the next connection."
    assert library.marks("2401.12345").starred
    assert Awaited(places).ids() == ["2401.12345"]


def test_an_id_that_does_not_exist_is_reported_and_gets_no_mark(library: Library) -> None:
    async def look_up(references: Sequence[Reference]) -> LookupResult:
        return LookupResult((), (), tuple(reference.id for reference in references), ())

    outcome = asyncio.run(add_imported(read_papers("2401.12345\n"), library, ImportOptions(star=True), look_up=look_up))
    assert (outcome.failed, outcome.messages, outcome.ids) == (True, ("2401.12345 was not found.",), ())
    assert not library.marks("2401.12345")


KEYS = "@misc{Roe19, title={Alpha}, author={Roe, Ann}}\n@misc{roe19, title={Beta}, author={Roe, Bo}}\n"
CHANGED = "A paper keeps its key for good, so exports write {} of the file differently: {}."


def test_the_first_file_to_bring_a_key_keeps_it_and_changed_ones_are_named(library: Library) -> None:
    assert bring(library, KEYS).messages == (CHANGED.format("1 key", "“roe19” as “roe19b”"),)
    more = "@misc{ROE19, title={Gamma}, author={Roe, Cy}}\n@misc{other, title={Alpha}, author={Roe, Ann}}"
    assert bring(library, more).messages == (CHANGED.format("2 keys", "“ROE19” as “ROE19c” and “other” as “Roe19”"),)
    papers = [paper for month in library.months() for paper in library.month(month)]
    keys = citation_keys(Library(library.places), sorted(papers, key=lambda paper: paper.title, reverse=True))
    assert {paper.title: keys[paper.id] for paper in papers} == {"Alpha": "Roe19", "Beta": "roe19b", "Gamma": "ROE19c"}


def test_a_key_waits_for_its_paper_and_stays_when_that_is_found(library: Library) -> None:
    assert not bring(library, "@misc{mine, eprint={2401.00001}}").messages
    assert citation_keys(library, [Paper(id="2401.00001", title="T")]) == {"2401.00001": "mine"}
    for online in (False, True):
        assert not bring(library, ENTRY, online=online).messages
    assert citation_keys(library, library.papers([REAL.id]).values()) == {REAL.id: "zhao"}


def test_keywords_become_tags_on_request_and_notes_are_notes(library: Library) -> None:
    text = "@misc{k, title={T}, author={Roe, Ann}, keywords={World Models; x}, groups={G}, annote={Why}}"
    (paper_id,) = bring(library, text, tags_from=("keywords",)).ids
    assert (library.marks(paper_id).tags, library.marks(paper_id).note) == (frozenset({"World-Models", "x"}), "Why")


def test_a_file_that_gave_nothing_fails(library: Library) -> None:
    outcome = bring(library, '[{"year": 2020}]')
    assert outcome.failed
    assert outcome.summary == "0 papers: 0 new, 0 already known. 1 entry not used, see above."


def test_every_entry_is_a_paper_or_joined_or_reported_once(library: Library) -> None:
    """An entry with an extra brace was read, and yet counted among those that were not used."""
    text = (
        "@misc{a, title={One}}, author={Roe, Ann}, year=2018}\n@misc{b, title={Two}}\n@misc{c, title={Two}}\n"
        "@misc{d, year=2019}\n@misc{e, title={never closed\n"
    )
    outcome = bring(library, text)
    assert outcome.summary == (
        "2 papers: 2 new, 0 already known; of them 2 not looked up. "
        "1 entry merged with others; 2 entries not used, see above. " + AGAIN.replace("it", "them")
    )
    assert outcome.messages[:2] == (
        "“b” and “c” are the same paper, which gets the key “b”.",
        "Line 1: “@misc a” has an extra “}”; the fields after it were read.",
    )
    assert len(outcome.messages) == 4


def test_what_an_earlier_version_imported_keeps_its_id_and_its_marks(library: Library) -> None:
    text = "@software{slurm, title={Slurm}, year={2020}, version={20.02}}"
    (paper,) = read_papers(text).papers
    earlier = replace(paper, id=local_id("slurm 2020", ""), title="Slurm, a Scheduler")
    library.add([earlier], "local")
    library.mark([earlier.id], starred=True)
    assert bring(library, text).ids == (earlier.id,)
    assert library.marks(earlier.id).starred


def test_a_local_paper_is_found_again_by_its_doi(library: Library) -> None:
    (first,) = bring(library, "@misc{k, title={T}, doi={10.1000/A}}").ids
    (second,) = bring(library, "@misc{k, title={Other}, doi={https://doi.org/10.1000/a.}}").ids
    assert is_local(first) and first == second
