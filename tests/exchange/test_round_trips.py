"""Out, into an empty home, and out again: nothing is lost on the way."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from paperdeck.storage.cite.formats import cite
from paperdeck.storage.exchange.adding import ImportOptions, add_imported
from paperdeck.storage.exchange.export import EXPORTS, CitationOptions, export_text
from paperdeck.storage.exchange.importing import read_papers
from paperdeck.storage.exchange.lists import from_markdown
from paperdeck.storage.identity_index import IdentityIndex
from paperdeck.storage.kinds import KINDS, record_of
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Entry, Marks, Paper, entry_as_json
from paperdeck.storage.settings.places import Places
from paperdeck.storage.text.bibtex import decode

FULL = Paper(
    id="2605.30263",
    title="minWM: A Full-Stack $O(n^2)$ Framework with 50% of ℝ & “Quotes”",
    abstract="One textit{O} paragraph, with $x_1$ & G_{s} 5%.\n\nAnother -- with ``quotes''.",
    authors=("Aäron van den Oord", "Ronan Le Bras", "World Health Organization", "Martin Luther King Jr.", "李 伟"),
    names=(("World Health Organization",),),
    published=date(2026, 5, 31),
    updated=date(2026, 6, 1),
    listed=date(2026, 6, 2),
    submitter="somebody",
    organization="A Lab",
    upvotes=46,
    comments=0,
    thumbnail="https://example.org/x.png",
    media=("https://example.org/a.mp4",),
    project_url="https://example.org/p",
    code_url="https://example.org/c",
    code_stars=7,
    ai_summary="A summary {with} braces } and a \\ in it.",
    keywords=("world models", "a; b"),
    categories=("cs.CV", "cs.LG"),
    version=2,
    comment="12 pages",
    journal_ref="A Journal 12 (2026) 1-9",
    doi="10.1000/x_1",
)
BARE = Paper(id="2605.30264", title="Bare", authors=("Ann Roe",), published=date(2026, 4, 30))
LOCAL = "@article{roe1888, author = {Roe, Ann}, title = {Old {N}ews}, journal = {Nature}, volume = 3, "
LOCAL += "year = 1888, file = {x}}"
OTHERS = """@article{arti, author={Roe, Ann}, title={On growth}, journal={J}, year={2019}, doi={10.1000/xyz}}
@thesis{thes, author={Roe, Ann}, title={On theses}, type={Diploma}, institution={U}, date={2019-05-03}}
@patent{pate, author={Roe, Ann}, title={On patents}, number={US1}, holder={Inc}, date={2019-05-03}}
@software{soft, author={Roe, Ann}, title={On programs}, version={1.2}, publisher={Zenodo}, year={2019}}
"""
"""Entries of which other formats say some facts in other words."""
MARKS = Marks(read=True, starred=True, tags=frozenset({"thesis", "to-read"}), note="Two lines,\n<one> of them & more.")


def library_in(folder: Path) -> Library:
    return Library(Places.find({"PAPERDECK_HOME": str(folder)}))


def imported(text: str, library: Library) -> list[Entry]:
    outcome = asyncio.run(add_imported(read_papers(text), library, ImportOptions()))
    assert not outcome.messages
    found = library.papers(sorted(outcome.ids))
    return [Entry(paper, library.marks(paper_id)) for paper_id, paper in found.items()]


def originals() -> list[Entry]:
    (local,) = read_papers(LOCAL).papers
    return [Entry(FULL, MARKS), Entry(BARE), Entry(local, Marks(starred=True))]


def exported(entry: Entry) -> dict[str, object]:
    """The JSON of an entry, without its sources."""
    return {name: value for name, value in entry_as_json(entry).items() if name not in ("sources", "names", "record")}


@pytest.mark.parametrize("form", EXPORTS)
def test_with_its_marks_a_library_comes_back_whole(form: str, tmp_path: Path) -> None:
    entries = [*originals(), *map(Entry, read_papers(OTHERS).papers)]
    text = export_text(entries, form, citation=CitationOptions(with_marks=True))
    back = imported(text, library_in(tmp_path / "empty"))
    wanted = {entry.paper.id: exported(entry) for entry in entries}
    found = {entry.paper.id: exported(entry) for entry in back}
    assert found.keys() == wanted.keys()
    for paper_id in wanted:
        differing = {name for name in wanted[paper_id] if wanted[paper_id][name] != found[paper_id][name]}
        assert not differing, (form, paper_id, differing)


@pytest.mark.parametrize("form", ["json", "csl-json", "bibtex", "biblatex", "ris", "csv", "markdown"])
@pytest.mark.parametrize("with_marks", [True, False])
def test_exporting_an_import_gives_the_same_file(form: str, with_marks: bool, tmp_path: Path) -> None:
    citation = CitationOptions(with_marks=with_marks)
    first = export_text(sorted(originals(), key=lambda entry: entry.paper.id), form, citation=citation)
    again = export_text(imported(first, library_in(tmp_path / "empty")), form, citation=citation)
    if form == "json":
        assert again.replace('"sources": ["local"]', '"sources": []') == first
    elif form == "markdown" and not with_marks:  # of authors that are not all named, none is known
        assert again == first.replace("Aäron van den Oord, Ronan Le Bras, World Health Organization and 2 more · ", "")
    else:
        assert again == first


FACTS = (
    "",
    "volume={III}, number={07}, pages={10--20}, chapter={3}, version={2.0}, edition={2nd}, isbn={978-0-262-03561-3}",
    "number={US 7,123,456 B2}, version={1.12}, url={https://example.org/a}, type={Note}, series={LN}",
    "eid={e100}, volume={PP}, chapter={Three}, edition={3}",
)


def _works_of_all_kinds() -> Iterator[str]:
    """Entries of every type, with and without people, with few facts and with many."""
    for name, people, facts in product(KINDS, ("author={Roe, Ann}, ", "editor={Poe, Eve}, ", ""), FACTS):
        record = record_of(name)
        title = f"{name}{people[:1]}{FACTS.index(facts)}"
        fields = f"title={{A work: {title}}}, {people}year={{2019}}, {KINDS[name].venue}={{A place}}, {facts}"
        yield f"@{record['@type']}{{{title}, entrysubtype={{{record.get('entrysubtype', '')}}}, {fields}}}"


@pytest.mark.parametrize("form", [form for form in EXPORTS if form != "markdown"])
def test_what_was_exported_is_known_in_every_kind_of_work(form: str) -> None:
    papers = read_papers("\n".join(_works_of_all_kinds())).papers
    known = IdentityIndex(papers)
    for published in (False, True):
        text = export_text(map(Entry, papers), form, citation=CitationOptions(published=published))
        found = [known.find(paper) for paper in read_papers(text).papers]
        assert [paper and paper.id for paper in found] == [paper.id for paper in papers]


def test_a_list_stays_a_list_to_read_and_may_be_edited(tmp_path: Path) -> None:
    """What it leaves out is in one comment at its end, found by paper; what the list itself says is not repeated."""
    text = export_text(originals(), "markdown", citation=CitationOptions(with_marks=True))
    shown, remark = text.split("\n<!-- paperdeck:")
    assert shown + "\n" == export_text(originals(), "markdown") + "\n"
    assert "<" not in remark and remark.count(">") == 1
    assert "thesis" not in remark
    items = shown.split("- [")[1:]
    edited = "- [" + items[1] + "- [" + items[0].replace("#thesis", "#defence") + "\n<!-- paperdeck:" + remark
    back = {entry.paper.id: entry for entry in imported(edited, library_in(tmp_path))}
    assert back[FULL.id].paper.abstract == FULL.abstract
    assert back[FULL.id].marks.tags == frozenset({"defence", "to-read"})


@pytest.mark.parametrize("form", ["csv", "markdown"])
def test_papers_that_are_written_alike_stay_apart(form: str, tmp_path: Path) -> None:
    alike = [Entry(Paper(id=f"local-undated-00000000000{n}", title="Preface", issued=str(2010 + n))) for n in (1, 2)]
    back = imported(export_text(alike, form, citation=CitationOptions(with_marks=True)), library_in(tmp_path))
    assert {(entry.paper.id, entry.paper.issued) for entry in back} == {
        (entry.paper.id, entry.paper.issued) for entry in alike
    }


def test_a_table_that_a_spreadsheet_saved_again_is_read(tmp_path: Path) -> None:
    """Semicolons between the cells, as in a country with decimal commas, and TRUE in capitals."""
    rows = list(csv.reader(io.StringIO(export_text([Entry(FULL, MARKS)], "csv"))))
    saved = io.StringIO()
    csv.writer(saved, delimiter=";").writerows([cell.replace("true", "TRUE") for cell in row] for row in rows)
    (entry,) = imported(saved.getvalue(), library_in(tmp_path))
    assert (exported(entry), entry.marks) == (exported(Entry(FULL, MARKS)), MARKS)


def test_a_table_brings_papers_that_the_library_can_read_again(tmp_path: Path) -> None:
    """`false` in a table was kept as a word, and no paper of the table could be read from the disk."""
    text = export_text([Entry(FULL, MARKS), Entry(BARE)], "csv")
    imported(text, library_in(tmp_path))
    found = library_in(tmp_path).papers([FULL.id, BARE.id])
    same = (
        "title",
        "abstract",
        "authors",
        "published",
        "listed",
        "upvotes",
        "version",
        "withdrawn",
        "categories",
        "doi",
    )
    for paper in (FULL, BARE):
        assert [getattr(found[paper.id], name) for name in same] == [getattr(paper, name) for name in same]
    assert library_in(tmp_path).marks(FULL.id).tags == MARKS.tags


def test_a_fact_of_another_kind_is_left_out(tmp_path: Path) -> None:
    text = '[{"id": "2605.30264", "title": "T", "pdf_url": "x", "withdrawn": "no", "upvotes": "2", "authors": "Roe"}]'
    imported(text, library_in(tmp_path))
    (paper,) = library_in(tmp_path).papers(["2605.30264"]).values()
    assert (paper.title, paper.withdrawn, paper.upvotes) == ("T", False, None)


def test_a_bibliography_is_exported_as_it_was_imported(tmp_path: Path) -> None:
    """Types, keys, volumes and fields that nobody here knows."""
    entries = imported(LOCAL, library_in(tmp_path / "empty"))
    assert export_text(entries, "bibtex") == (
        "@article{roe1888,\n"
        "  author        = {Roe, Ann},\n"
        "  title         = {Old {N}ews},\n"
        "  journal       = {Nature},\n"
        "  volume        = {3},\n"
        "  year          = {1888},\n"
        "  file          = {x},\n"
        "}\n"
    )


@pytest.mark.parametrize("note", ["", "Draft", "Version of {May}", r"It is 5\% \input{x}"])
@pytest.mark.parametrize("form", ["bibtex", "biblatex"])
def test_an_imported_paper_that_was_withdrawn_says_so_in_its_note_and_keeps_the_note(form: str, note: str) -> None:
    fields = "title={Draws of alles}, author={Roe, Ann}, journal={J}, year={2019}, abstract={Withdrawn.}"
    (paper,) = read_papers(f"@article{{w, {fields}, note={{{note}}}}}").papers
    text = cite([paper], form)
    assert ("= {Withdrawn. " if note else "= {Withdrawn}") in text
    (item,) = read_papers(text).items
    assert item.paper.withdrawn
    assert item.marks.note == decode(note)
    assert cite([item.paper], form) == text


def test_what_arrives_is_written_only_if_tex_takes_it_as_text(tmp_path: Path) -> None:
    """Records of the reader's own can be hostile too."""
    hostile = (
        r"@misc{k, title={A $\input{x}$ b}, author={Roe, Ann}, note={\write18{x} 50% done}, url={https://x.org/^^5c}}"
    )
    text = export_text([Entry(paper) for paper in read_papers(hostile).papers], "bibtex")
    assert r"\input" not in text
    assert r"\write" not in text
    assert "^^" not in text


def test_comments_that_never_end_take_no_time() -> None:
    assert len(from_markdown("- [T](https://arxiv.org/abs/2401.00001)\n" + "<!--" * 20_000).items) == 1
