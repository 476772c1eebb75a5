"""Exports hold every paper once, harm no file or spreadsheet, and can be kept up to date."""

import csv
import errno
import io
import json
import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import bibtexparser
import pytest

from paperdeck.storage.errors import ActionFailed, FileInTheWay, InvalidInput, StoreError
from paperdeck.storage.exchange.export import EXPORTS, export_file, export_text, form_of
from paperdeck.storage.exchange.kept_exports import (
    NOTES,
    Refreshed,
    kept_exports,
    refresh_exports,
    start_keeping,
    stop_keeping,
)
from paperdeck.storage.files.sealed import write_sealed
from paperdeck.storage.library.citation_keys import citation_keys
from paperdeck.storage.library.journal.registers import KEYS, MARKS
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import NO_MARKS, Entry, Marks, Paper
from paperdeck.storage.search.plain import select
from paperdeck.storage.search.query import parse
from paperdeck.storage.search.tree import QueryContext
from paperdeck.storage.settings.settings import Places


def entry(number: int = 1, *, marks: Marks | None = None, **facts: Any) -> Entry:
    known = {"id": f"2401.{number:05}", "title": f"Paper {number}", "authors": ("Ada Lovelace",)}
    return Entry(Paper(**(known | {"published": date(2024, 1, 2)} | facts)), marks or Marks())


def rows(*entries: Entry) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export_text(entries, "csv"))))


@pytest.mark.parametrize("name", EXPORTS)
def test_every_format_holds_every_paper_once(name: str) -> None:
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


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(InvalidInput, match="Unknown export format “docx”"):
        export_text([], "docx")


@pytest.mark.parametrize(
    ("name", "form"), [("a.bib", "bibtex"), ("a.JSON", "json"), ("a.md", "markdown"), ("a.csv", "csv"), ("a", None)]
)
def test_the_extension_chooses_a_format(name: str, form: str | None) -> None:
    assert form_of(Path(name)) == form


def test_a_file_is_never_replaced_unasked(tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    path.write_text("mine")
    with pytest.raises(InvalidInput, match="already exists"):
        export_file([entry()], path, "bibtex")
    assert path.read_text() == "mine"
    export_file([entry()], path, "bibtex", force=True)
    assert path.read_text(encoding="utf-8") == export_text([entry()], "bibtex")
    assert (tmp_path / "refs.bib~").read_text() == "mine"
    assert not list(tmp_path.glob(".*"))


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "link.bib").symlink_to(tmp_path / "real.bib")
    export_file([entry()], tmp_path / "link.bib", "bibtex", force=True)
    assert (tmp_path / "link.bib").is_symlink()
    assert (tmp_path / "real.bib").exists()


@pytest.mark.parametrize("name", ["missing/refs.bib", "."])
def test_what_cannot_be_written_is_reported_in_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(ActionFailed, match=r"folder"):
        export_file([entry()], tmp_path / name, "bibtex", force=True)


# -- files kept up to date -------------------------------------------------------------------------------------------


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.find({"PAPERDECK_HOME": str(tmp_path / "home")})


@pytest.fixture
def library(places: Places) -> Library:
    library = Library(places)
    library.add([entry(number).paper for number in (1, 2, 3)], "arxiv")
    library.mark(["2401.00002", "2401.00003"], starred=True)
    return library


def keep(library: Library, path: Path, form: str = "bibtex", query: str = "is:starred", **options: Any) -> Refreshed:
    return start_keeping(library, path, form, query, select=Searching(library), **options)


def refresh(library: Library, **options: Any) -> list[Refreshed]:
    return refresh_exports(library, Searching(library), **options)


class Searching:
    """Finds entries as the command line does."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def __call__(self, query: str) -> list[Entry]:
        marks = self._library.all_marks()
        papers = (paper for month in self._library.months() for paper in self._library.month(month))
        entries = [Entry(paper, marks.get(paper.id, NO_MARKS)) for paper in papers]
        return select(entries, parse(query).visible(), QueryContext(today=date(2026, 11, 20)))


def keys_in(path: Path) -> dict[str, str]:
    entries = bibtexparser.parse_string(path.read_text(encoding="utf-8")).entries
    return {entry.fields_dict["eprint"].value: entry.key for entry in entries}


def test_a_kept_file_follows_the_stars(library: Library, places: Places, tmp_path: Path) -> None:
    path = tmp_path / "stars.bib"
    assert keep(library, path).papers == 2
    library.mark(["2401.00001"], starred=True)
    (refreshed,) = refresh(library)
    assert (refreshed.papers, refreshed.written, refreshed.error) == (3, True, None)
    assert set(keys_in(path)) == {"2401.00001", "2401.00002", "2401.00003"}


def test_a_kept_file_keeps_its_keys(library: Library, places: Places, tmp_path: Path) -> None:
    path = tmp_path / "stars.bib"
    keep(library, path)
    before = keys_in(path)
    library.mark(["2401.00001"], starred=True)
    library.mark(["2401.00003"], starred=False)
    refresh(library)
    library.mark(["2401.00003"], starred=True)
    refresh(library)
    assert before.items() <= keys_in(path).items()
    assert len(set(keys_in(path).values())) == 3


def test_a_key_of_a_kept_file_stays_with_its_paper_when_another_device_gave_it_to_another_paper(
    library: Library, places: Places, tmp_path: Path
) -> None:
    path = tmp_path / "stars.bib"
    keep(library, path)
    before = keys_in(path)
    registers = {f"2401.00001 {key}": [True, f"{1000:015}.000000.other"] for key in before.values()}
    write_sealed(places.marks / "other" / "keys.json", MARKS, {"2": {"id": KEYS, "key": registers}})
    assert citation_keys(library, [entry(1).paper])["2401.00001"] in before.values()
    library.mark(["2401.00001"], starred=True)
    refresh(library)
    assert before.items() <= keys_in(path).items()
    assert len(set(keys_in(path).values())) == 3


def test_a_paper_keeps_its_key_in_a_kept_file_when_it_is_found_on_arxiv(library: Library, tmp_path: Path) -> None:
    path, title = tmp_path / "stars.bib", "Sheep that Sleep in the Shade of Trees"
    local = entry(id="local-2024-01-0123456789ab", title=title).paper
    library.add([local], "local")
    library.mark([local.id], starred=True)
    keep(library, path)
    assert "@misc{lovelace2024sheep," in path.read_text()
    library.add([entry(9, title=title).paper], "arxiv")
    assert refresh(library)[0].error is None
    assert keys_in(path)["2401.00009"] == "lovelace2024sheep"


def test_a_kept_file_is_not_touched_when_it_is_up_to_date(library: Library, places: Places, tmp_path: Path) -> None:
    path = tmp_path / "stars.bib"
    keep(library, path)
    before = path.stat()
    library.mark(["2401.00001"], read=True)
    assert [refreshed.written for refreshed in refresh(library)] == [False]
    assert path.stat().st_ino == before.st_ino


def test_a_kept_file_that_another_program_changed_is_left_alone(
    library: Library, places: Places, tmp_path: Path
) -> None:
    path = tmp_path / "stars.bib"
    keep(library, path)
    path.write_text("mine")
    library.mark(["2401.00001"], starred=True)
    (refreshed,) = refresh(library)
    assert "changed by another program" in (refreshed.error or "")
    assert path.read_text() == "mine"


def test_the_papers_of_a_tag_can_be_kept_up_to_date(library: Library, places: Places, tmp_path: Path) -> None:
    library.mark(["2401.00001"], add_tags=["thesis"])
    keep(library, tmp_path / "thesis.ris", "ris", "tag:thesis")
    assert (tmp_path / "thesis.ris").read_text(encoding="utf-8").count("TY  - ") == 1


def test_the_papers_of_any_query_can_be_kept_up_to_date(library: Library, tmp_path: Path) -> None:
    assert keep(library, tmp_path / "a.bib", query="author:lovelace -is:starred").papers == 1


def test_one_failing_file_does_not_stop_the_others(library: Library, places: Places, tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    keep(library, tmp_path / "gone" / "a.bib")
    keep(library, tmp_path / "z.bib")
    (tmp_path / "gone" / "a.bib").unlink()
    (tmp_path / "gone").rmdir()
    library.mark(["2401.00001"], starred=True)
    first, second = refresh(library)
    assert "no folder" in (first.error or "")
    assert second.written


@pytest.mark.parametrize(
    ("error", "says"), [(OSError(errno.ENOSPC, "full"), "the disk is full"), (RecursionError(), "--log FILE")]
)
def test_an_error_of_any_kind_becomes_a_sentence_and_does_not_stop_the_others(
    library: Library, tmp_path: Path, error: Exception, says: str
) -> None:
    keep(library, tmp_path / "a.bib", query="tag:thesis")
    keep(library, tmp_path / "z.bib")
    library.mark(["2401.00001"], starred=True)

    def failing(query: str) -> list[Entry]:
        if query == "tag:thesis":
            raise error
        return Searching(library)(query)

    first, second = refresh_exports(library, failing)
    assert (first.error or "").startswith(f"{tmp_path / 'a.bib'} was left as it is: ")
    assert says in (first.error or "")
    assert second.written


def test_a_foreign_file_is_not_taken_over_unasked(library: Library, places: Places, tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    path.write_text("mine")
    with pytest.raises(InvalidInput, match="already exists"):
        keep(library, path)
    assert path.read_text() == "mine"


def test_a_file_can_be_released(library: Library, places: Places, tmp_path: Path) -> None:
    keep(library, tmp_path / "a.bib")
    assert stop_keeping(places, tmp_path / "a.bib")
    assert not stop_keeping(places, tmp_path / "a.bib")
    assert kept_exports(places) == []
    assert refresh(library) == []
    assert (tmp_path / "a.bib").exists()


# -- a kept file never silently gets worse -----------------------------------------------------------------------------


@pytest.fixture
def kept(library: Library, tmp_path: Path) -> Path:
    path = tmp_path / "thesis.bib"
    keep(library, path)
    return path


def test_a_pipe_in_place_of_a_kept_file_is_reported_not_written_into(library: Library, kept: Path) -> None:
    """A pipe would make every later mark wait for its reader."""
    kept.unlink()
    os.mkfifo(kept)
    (refreshed,) = refresh(library)
    assert refreshed.error == f"{kept} can't be read: it is not a file; move away what is there."


def left_alone(library: Library, path: Path, reason: str) -> None:
    """Check that a refresh by another process leaves a file as it is and says why."""
    before = path.read_bytes()
    (refreshed,) = refresh(Library(library.places))
    assert path.read_bytes() == before
    assert not refreshed.written
    assert "was left as it is" in (refreshed.error or "")
    assert reason in (refreshed.error or "")


def test_a_kept_file_survives_the_loss_of_the_cache(library: Library, kept: Path) -> None:
    shutil.rmtree(library.places.cache)
    left_alone(
        library, kept, "2 papers are missing from the library; “paperdeck add 2401.00002 2401.00003” fetches them."
    )
    library.add([entry(number).paper for number in (2, 3)], "arxiv")
    assert refresh(Library(library.places))[0].error is None
    assert set(keys_in(kept)) == {"2401.00002", "2401.00003"}


def test_a_kept_file_survives_a_truncated_file_of_papers(library: Library, kept: Path) -> None:
    for path in library.places.papers.rglob("*.json"):
        path.write_bytes(path.read_bytes()[:200])
    left_alone(library, kept, "missing from the library")


def test_a_kept_file_survives_marks_that_cannot_be_read(
    library: Library, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.scandir

    def refuse(path: str) -> Any:
        if "marks" in str(path):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    monkeypatch.setattr(Path, "iterdir", lambda self: refuse(str(self)))
    left_alone(library, kept, "can't be read")


def test_a_kept_file_survives_half_a_file_of_another_device(library: Library, kept: Path, tmp_path: Path) -> None:
    marks_folder = library.places.marks
    before = set(marks_folder.iterdir())
    other = Library(library.places._replace(state=tmp_path / "other"))
    other.mark(["2401.00001"], starred=True)
    refresh(Library(library.places))
    assert len(keys_in(kept)) == 3
    (folder,) = set(marks_folder.iterdir()) - before
    for path in folder.glob("*.json"):
        path.write_bytes(path.read_bytes()[:100])
    left_alone(library, kept, "2024-01.json does not match")


def test_a_kept_file_survives_half_a_file_of_another_devices_keys(library: Library, kept: Path) -> None:
    other = library.places.marks / "other-abcdef" / "keys.json"
    other.parent.mkdir()
    other.write_bytes(b"{")
    library.mark(["2401.00001"], starred=True)
    left_alone(library, kept, "keys.json is not complete JSON.")


def test_force_writes_what_can_be_read_and_keeps_the_old_content_once(library: Library, kept: Path) -> None:
    before = kept.read_bytes()
    shutil.rmtree(library.places.cache)
    (refreshed,) = refresh(Library(library.places), force=True)
    assert (refreshed.error, refreshed.papers) == (None, 0)
    assert kept.with_name("thesis.bib~").read_bytes() == before


def test_a_star_that_is_removed_makes_the_file_shorter(library: Library, kept: Path) -> None:
    library.mark(["2401.00002"], starred=False)
    assert refresh(library)[0].papers == 1
    assert not kept.with_name("thesis.bib~").exists()


def test_a_new_kept_file_is_not_written_if_papers_are_missing(library: Library, tmp_path: Path) -> None:
    shutil.rmtree(library.places.cache)
    with pytest.raises(StoreError, match="missing"):
        keep(Library(library.places), tmp_path / "new.bib")
    assert not (tmp_path / "new.bib").exists()


def test_force_replaces_what_another_program_wrote_and_keeps_it_beside_the_file(library: Library, kept: Path) -> None:
    kept.write_text("mine")
    with pytest.raises(FileInTheWay):
        keep(library, kept, query="is:unread")
    keep(library, kept, query="is:unread", force=True)
    assert kept.with_name("thesis.bib~").read_text() == "mine"


def test_a_record_of_the_first_format_is_understood(library: Library, kept: Path) -> None:
    record = library.places.exports
    items = json.loads(record.read_bytes())["exports"]
    record.write_text(json.dumps([{name: item[name] for name in item if name != "ids"} for item in items]))
    shutil.rmtree(library.places.cache)
    left_alone(library, kept, "missing")


@pytest.mark.parametrize(
    "content", ["[" * 100_000, "{}x", '[{"path": 1}]', '[{"path": 1, "form": 2, "query": 3}]', "7"]
)
def test_a_damaged_record_is_reported_as_damaged(library: Library, kept: Path, content: str) -> None:
    library.places.exports.write_text(content)
    with pytest.raises(StoreError, match="damaged"):
        refresh(library)


def test_a_file_whose_name_is_not_text_can_be_kept(library: Library, tmp_path: Path) -> None:
    path = Path(os.fsdecode(bytes(tmp_path) + b"/\xff.bib"))
    keep(library, path)
    library.mark(["2401.00001"], starred=True)
    assert refresh(library)[0].papers == 3


def test_files_with_notes_are_for_their_owner_only(library: Library, tmp_path: Path) -> None:
    keep(library, tmp_path / "a.csv", "csv")
    keep(library, tmp_path / "a.bib", "bibtex")
    assert (tmp_path / "a.csv").stat().st_mode & 0o077 == 0
    assert (tmp_path / "a.bib").stat().st_mode & 0o044 != 0


def test_a_record_of_a_newer_version_is_left_alone(library: Library, kept: Path) -> None:
    record = library.places.exports
    record.write_text('{"form": 99, "exports": 7}')
    for attempt in (lambda: refresh(library), lambda: keep(library, kept)):
        with pytest.raises(StoreError, match="newer"):
            attempt()
    assert record.read_text() == '{"form": 99, "exports": 7}'


# -- notes that are kept up to date ----------------------------------------------------------------------------------


def test_notes_follow_the_marks_even_of_papers_that_no_longer_match(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    folder.mkdir()
    assert keep(library, folder, NOTES).papers == 2
    library.mark(["2401.00001"], starred=True)
    library.mark(["2401.00002"], starred=False)
    assert refresh(library)[0] == Refreshed(str(folder), 2, True)
    texts = [path.read_text(encoding="utf-8") for path in folder.iterdir()]
    stars = {line for text in texts for line in text.splitlines() if line.startswith(("paperdeck:", "starred:"))}
    assert len(texts) == 3
    assert {'paperdeck: "2401.00001"', "starred: false", "starred: true"} <= stars
    assert refresh(library)[0] == Refreshed(str(folder), 2, False)
    assert stop_keeping(library.places, folder)


def test_a_missing_folder_of_notes_is_reported_and_not_created_again(library: Library, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="make it first"):
        keep(library, tmp_path / "vault", NOTES)
    (tmp_path / "vault").mkdir()
    keep(library, tmp_path / "vault", NOTES)
    shutil.rmtree(tmp_path / "vault")
    assert "make it first" in (refresh(library)[0].error or "")
    assert not (tmp_path / "vault").exists()
