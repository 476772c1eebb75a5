"""Notes in a folder: our YAML on top is kept in step, the reader's own text is never touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdeck.storage.errors import ActionFailed
from paperdeck.storage.exchange.notes_folder import OUR_KEYS, NotesWritten, safe_name, write_notes
from paperdeck.storage.paper import Entry, Marks, Paper

PAPER = Paper(id="2401.00001", title="On $O(n^2)$ Sorting", abstract="We sort.", authors=("Ada Lovelace",))


def test_a_note_begins_with_what_is_known_of_the_paper(tmp_path: Path) -> None:
    marks = Marks(starred=True, tags=frozenset({"to read"}), note="Read section 3.")
    assert write_notes([Entry(PAPER, marks)], tmp_path, {PAPER.id: "lovelace2024sorting"}) == NotesWritten(1, 0, 0)
    text = (tmp_path / "@lovelace2024sorting.md").read_text(encoding="utf-8")
    head, _, body = text.removeprefix("---\n").partition("\n---\n")
    assert 'paperdeck: "2401.00001"' in head
    assert "starred: true" in head
    assert '  - "to-read"' in head
    assert "# On O(n²) Sorting" in body
    assert "Read section 3." in body


def test_what_the_reader_wrote_stays_when_the_paper_changes(tmp_path: Path) -> None:
    write_notes([Entry(PAPER)], tmp_path, {PAPER.id: "key"})
    path = tmp_path / "@key.md"
    mine = (
        path.read_text(encoding="utf-8").replace("\n---\n", "\nrating: 5\nproject:\n  - thesis\n---\n", 1) + "Mine.\r\n"
    )
    path.write_bytes(mine.encode())
    assert write_notes([Entry(PAPER, Marks(read=True))], tmp_path, {PAPER.id: "key"}) == NotesWritten(0, 1, 0)
    now = path.read_bytes().decode()
    assert 'status: "read"' in now
    assert "rating: 5\nproject:\n  - thesis\n---\n" in now
    assert now.partition("\n---\n")[2] == mine.partition("\n---\n")[2]


def test_a_note_that_is_up_to_date_is_not_written_again(tmp_path: Path) -> None:
    write_notes([Entry(PAPER)], tmp_path, {PAPER.id: "key"})
    before = (tmp_path / "@key.md").stat()
    assert write_notes([Entry(PAPER)], tmp_path, {PAPER.id: "key"}) == NotesWritten(0, 0, 1)
    assert (tmp_path / "@key.md").stat().st_ino == before.st_ino


def test_a_note_may_be_renamed_and_moved_within_the_folder(tmp_path: Path) -> None:
    write_notes([Entry(PAPER)], tmp_path, {PAPER.id: "key"})
    (tmp_path / "below").mkdir()
    (tmp_path / "@key.md").rename(tmp_path / "below" / "Sorting.md")
    assert write_notes([Entry(PAPER, Marks(starred=True))], tmp_path, {}).updated == 1
    assert "starred: true" in (tmp_path / "below" / "Sorting.md").read_text(encoding="utf-8")


def test_a_file_of_the_readers_with_that_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "@key.md").write_text("My own page.", encoding="utf-8")
    write_notes([Entry(PAPER)], tmp_path, {PAPER.id: "key"})
    assert (tmp_path / "@key.md").read_text(encoding="utf-8") == "My own page."
    assert (tmp_path / "@key 2.md").exists()


def test_a_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ActionFailed, match="make it first"):
        write_notes([Entry(PAPER)], tmp_path / "none", {})


@given(st.text())
def test_no_title_leads_out_of_the_folder(text: str) -> None:
    name = safe_name(text)
    assert name
    assert name not in {".", ".."}
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert Path("folder", f"{name}.md").parent == Path("folder")


@pytest.mark.parametrize("name", ["CON", "nul.txt", "com1", "", "...", "../../etc"])
def test_names_that_systems_keep_for_themselves_are_changed(name: str) -> None:
    assert safe_name(name).casefold() not in {"con", "nul.txt", "com1", "", "...", "../../etc"}


@pytest.mark.parametrize("title", ["---", "a\n---\nstarred: true", '"', "[[other]] %% hidden", "x: y", "#tag"])
def test_no_title_ends_the_yaml_or_acts_in_it(title: str, tmp_path: Path) -> None:
    write_notes([Entry(Paper(id="2401.00002", title=title))], tmp_path, {"2401.00002": "k"})
    head = (tmp_path / "@k.md").read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")[0]
    keys = [line.partition(":")[0] for line in head.split("\n") if not line.startswith(" ")]
    assert keys == [key for key in OUR_KEYS if key in keys]
    assert "starred: false" in head
