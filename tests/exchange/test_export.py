"""Exports hold every paper once, harm no file and no spreadsheet, and can be kept in step."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import bibtexparser
import pytest

from paperdeck.storage.errors import ActionFailed, InvalidInput
from paperdeck.storage.exchange.export import EXPORTS, export_file, export_text, form_of
from paperdeck.storage.exchange.kept_exports import keep_in_step, kept_exports, refresh_exports, stop_keeping
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Entry, Marks, Paper
from paperdeck.storage.settings.settings import Places


def entry(number: int = 1, *, marks: Marks | None = None, **facts: Any) -> Entry:
    known = {"id": f"2401.{number:05}", "title": f"Paper {number}", "authors": ("Ada Lovelace",)}
    return Entry(Paper(**(known | {"published": date(2024, 1, 2)} | facts)), marks or Marks())


def rows(*entries: Entry) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export_text(entries, "csv"))))


@pytest.mark.parametrize("name", EXPORTS)
def test_every_form_holds_every_paper_once(name: str) -> None:
    text = export_text([entry(1), entry(2), entry(1)], name)
    assert text.endswith("\n")
    assert all(text.count(f"https://arxiv.org/abs/2401.0000{number}") == 1 for number in (1, 2))


@pytest.mark.parametrize("name", EXPORTS)
def test_progress_counts_the_papers(name: str) -> None:
    steps: list[tuple[int, int]] = []
    export_text([entry(n) for n in range(1, 6)], name, progress=lambda done, total: steps.append((done, total)))
    assert steps[0] == (1, 5)
    assert steps[-1] == (5, 5)


@pytest.mark.parametrize("name", ["json", "csl-json"])
def test_json_of_nothing_is_an_empty_list(name: str) -> None:
    assert json.loads(export_text([], name)) == []


def test_json_lines_are_one_paper_each() -> None:
    lines = export_text([entry(1), entry(2, marks=Marks(starred=True))], "jsonl").splitlines()
    assert [json.loads(line)["starred"] for line in lines] == [False, True]


@pytest.mark.parametrize(
    "evil", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "'=1", '"=1', "＝1", "\t=1", "=cmd|' /C calc'!A0"]
)
def test_no_cell_is_a_formula(evil: str) -> None:
    (row,) = rows(entry(title=evil, abstract=evil, marks=Marks(note=evil, tags=frozenset({evil}))))
    assert all(row[column].startswith("'") for column in ("title", "abstract", "note", "tags"))


def test_a_table_keeps_the_text_of_harmless_cells() -> None:
    (row,) = rows(entry(title='A "b", c; d', authors=("Ada Lovelace", "Bo Li"), upvotes=0, abstract="One.\n\nTwo."))
    assert row["title"] == 'A "b", c; d'
    assert row["authors"] == "Ada Lovelace; Bo Li"
    assert (row["upvotes"], row["comments"], row["read"]) == ("0", "", "false")
    assert row["abstract"] == "One.\n\nTwo."


def test_a_markdown_list_names_authors_marks_and_note() -> None:
    marks = Marks(starred=True, tags=frozenset({"to read"}), note="Good.")
    text = export_text([entry(title="A *b*", authors=("A B", "C D", "E F", "G H"), marks=marks)], "markdown")
    assert text == (
        "- [A \\*b\\*](https://arxiv.org/abs/2401.00001)\n"
        "  A B, C D, E F and 1 more · 2024-01-02 · ★ · #to-read\n"
        "\n  > Good.\n\n"
    )


def test_an_unknown_form_is_named() -> None:
    with pytest.raises(InvalidInput, match="“docx” is no form of export; there are bibtex,"):
        export_text([], "docx")


@pytest.mark.parametrize(
    ("name", "form"), [("a.bib", "bibtex"), ("a.JSON", "json"), ("a.md", "markdown"), ("a.csv", "csv"), ("a", None)]
)
def test_the_extension_asks_for_a_form(name: str, form: str | None) -> None:
    assert form_of(Path(name)) == form


def test_a_file_is_never_replaced_unasked(tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    path.write_text("mine")
    with pytest.raises(InvalidInput, match="exists already"):
        export_file([entry()], path, "bibtex")
    assert path.read_text() == "mine"
    export_file([entry()], path, "bibtex", overwrite=True)
    assert path.read_text(encoding="utf-8") == export_text([entry()], "bibtex")
    assert not list(tmp_path.glob(".*"))


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "link.bib").symlink_to(tmp_path / "real.bib")
    export_file([entry()], tmp_path / "link.bib", "bibtex", overwrite=True)
    assert (tmp_path / "link.bib").is_symlink()
    assert (tmp_path / "real.bib").exists()


@pytest.mark.parametrize("name", ["missing/refs.bib", "."])
def test_what_can_not_be_written_is_said_in_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(ActionFailed, match=r"folder"):
        export_file([entry()], tmp_path / name, "bibtex", overwrite=True)


# -- files kept in step ----------------------------------------------------------------------------------------------


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.find({"PAPERDECK_HOME": str(tmp_path / "home")})


@pytest.fixture
def library(places: Places) -> Library:
    library = Library(places)
    library.add([entry(number).paper for number in (1, 2, 3)], "arxiv")
    library.mark(["2401.00002", "2401.00003"], starred=True)
    return library


def keys_in(path: Path) -> dict[str, str]:
    entries = bibtexparser.parse_string(path.read_text(encoding="utf-8")).entries
    return {entry.fields_dict["eprint"].value: entry.key for entry in entries}


def test_a_kept_file_follows_the_stars(library: Library, places: Places, tmp_path: Path) -> None:
    path = tmp_path / "stars.bib"
    assert keep_in_step(library, places, path, "bibtex", "is:starred").papers == 2
    library.mark(["2401.00001"], starred=True)
    (refreshed,) = refresh_exports(library, places)
    assert (refreshed.papers, refreshed.written, refreshed.error) == (3, True, None)
    assert set(keys_in(path)) == {"2401.00001", "2401.00002", "2401.00003"}


def test_a_kept_file_keeps_its_keys(library: Library, places: Places, tmp_path: Path) -> None:
    path = tmp_path / "stars.bib"
    keep_in_step(library, places, path, "bibtex", "is:starred")
    before = keys_in(path)
    library.mark(["2401.00001"], starred=True)
    library.mark(["2401.00003"], starred=False)
    refresh_exports(library, places)
    library.mark(["2401.00003"], starred=True)
    refresh_exports(library, places)
    assert before.items() <= keys_in(path).items()
    assert len(set(keys_in(path).values())) == 3


def test_a_kept_file_is_not_touched_when_it_is_right(library: Library, places: Places, tmp_path: Path) -> None:
    path = tmp_path / "stars.bib"
    keep_in_step(library, places, path, "bibtex", "is:starred")
    before = path.stat()
    library.mark(["2401.00001"], read=True)
    assert [refreshed.written for refreshed in refresh_exports(library, places)] == [False]
    assert path.stat().st_ino == before.st_ino


def test_a_kept_file_that_another_program_changed_is_left_alone(
    library: Library, places: Places, tmp_path: Path
) -> None:
    path = tmp_path / "stars.bib"
    keep_in_step(library, places, path, "bibtex", "is:starred")
    path.write_text("mine")
    library.mark(["2401.00001"], starred=True)
    (refreshed,) = refresh_exports(library, places)
    assert "changed by another program" in (refreshed.error or "")
    assert path.read_text() == "mine"


def test_a_tag_can_be_kept_in_step(library: Library, places: Places, tmp_path: Path) -> None:
    library.mark(["2401.00001"], add_tags=["thesis"])
    keep_in_step(library, places, tmp_path / "thesis.ris", "ris", "tag:thesis")
    assert (tmp_path / "thesis.ris").read_text(encoding="utf-8").count("TY  - ") == 1


def test_any_query_can_be_kept_in_step_with_a_search(library: Library, places: Places, tmp_path: Path) -> None:
    asked: list[str] = []

    def select(query: str) -> list[Entry]:
        asked.append(query)
        return [entry(1)]

    keep_in_step(library, places, tmp_path / "a.bib", "bibtex", "author:lovelace", select=select)
    assert refresh_exports(library, places, select)[0].papers == 1
    assert asked == ["author:lovelace", "author:lovelace"]
    assert "can't be kept in step here" in (refresh_exports(library, places)[0].error or "")


def test_one_failing_file_does_not_stop_the_others(library: Library, places: Places, tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    keep_in_step(library, places, tmp_path / "gone" / "a.bib", "bibtex", "is:starred")
    keep_in_step(library, places, tmp_path / "z.bib", "bibtex", "is:starred")
    (tmp_path / "gone" / "a.bib").unlink()
    (tmp_path / "gone").rmdir()
    library.mark(["2401.00001"], starred=True)
    first, second = refresh_exports(library, places)
    assert "no folder" in (first.error or "")
    assert second.written


def test_a_foreign_file_is_not_taken_over_unasked(library: Library, places: Places, tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    path.write_text("mine")
    with pytest.raises(InvalidInput, match="exists already"):
        keep_in_step(library, places, path, "bibtex", "is:starred")
    assert path.read_text() == "mine"


def test_a_file_can_be_let_go(library: Library, places: Places, tmp_path: Path) -> None:
    keep_in_step(library, places, tmp_path / "a.bib", "bibtex", "is:starred")
    assert stop_keeping(places, tmp_path / "a.bib")
    assert not stop_keeping(places, tmp_path / "a.bib")
    assert kept_exports(places) == []
    assert refresh_exports(library, places) == []
    assert (tmp_path / "a.bib").exists()
