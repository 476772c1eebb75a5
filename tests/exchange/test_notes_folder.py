"""Notes in a folder: our YAML at the top is kept up to date, the reader's own text is never touched."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdeck.storage.errors import ActionFailed
from paperdeck.storage.exchange import notes_folder
from paperdeck.storage.exchange.notes_folder import OUR_KEYS, NotesWritten, make_folder, safe_name, write_notes
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


def test_a_note_says_that_its_paper_was_withdrawn(tmp_path: Path) -> None:
    for withdrawn in (False, True):
        write_notes([Entry(replace(PAPER, withdrawn=withdrawn))], tmp_path, {PAPER.id: "key"})
        assert ("withdrawn: true\n" in (tmp_path / "@key.md").read_text(encoding="utf-8")) == withdrawn


def test_what_the_reader_wrote_stays_when_the_paper_changes(tmp_path: Path) -> None:
    write_notes([Entry(PAPER)], tmp_path, {PAPER.id: "key"})
    path = tmp_path / "@key.md"
    mine = (
        path.read_text(encoding="utf-8").replace("\n---\n", "\nrating: 5\nproject:\n  - thesis\n---\n", 1) + "Mine.\r\n"
    )
    path.write_bytes(mine.encode())
    assert write_notes([Entry(PAPER, Marks(read=True))], tmp_path, {PAPER.id: "key"}) == NotesWritten(0, 1, 0)
    now = path.read_bytes().decode()
    assert "read: true" in now
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


def test_a_tag_that_the_reader_adds_in_the_note_stays_and_one_of_ours_goes_with_its_mark(tmp_path: Path) -> None:
    def tags() -> str:
        return (tmp_path / "@key.md").read_text(encoding="utf-8").partition("tags:\n")[2].partition("\nrating")[0]

    for mark in ("old", "new"):
        write_notes([Entry(PAPER, Marks(tags=frozenset({mark})))], tmp_path, {PAPER.id: "key"})
        if mark == "old":
            path = tmp_path / "@key.md"
            text = path.read_text(encoding="utf-8").replace('tags:\n  - "old"\n', "tags: [old, 'my own']\n", 1)
            path.write_text(text.replace("\naliases:", "\nrating: 5\naliases:"), encoding="utf-8")
    assert tags() == '  - "new"\n  - "my own"\npaperdeck-tags:\n  - "new"'


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("tags: [old, mine, 'x, y'] # why: a, b", ["mine", "x, y"]),
        ("tags: [old,\n  mine,\n  it's]", ["mine", "it's"]),
        ("tags:\n- old\n- mine # ours\n- a, b\n- c#d", ["mine", "a, b", "c#d"]),
        ('tags:\n  - old\n\n  - "say \\"x\\" # y" # z\nschlüssel: x', ['say "x" # y']),
        ("tags: old, mine", ["mine"]),
        ("tags: # none yet\n  - mine", ["mine"]),
    ],
)
def test_tags_stay_in_whatever_form_the_reader_wrote_them(written: str, kept: list[str], tmp_path: Path) -> None:
    path, tags = tmp_path / "@key.md", frozenset({"old"})
    write_notes([Entry(PAPER, Marks(tags=tags))], tmp_path, {PAPER.id: "key"})
    path.write_text(path.read_text(encoding="utf-8").replace('tags:\n  - "old"', written, 1), encoding="utf-8")
    for _ in range(2):
        write_notes([Entry(PAPER, Marks(tags=tags, starred=True))], tmp_path, {})
        lines = path.read_text(encoding="utf-8").partition("tags:\n")[2].partition("\npaperdeck-tags")[0].split("\n")
        assert [json.loads(line.removeprefix("  - ")) for line in lines] == ["old", *kept]


def test_the_copy_that_a_sync_program_makes_of_a_note_is_left_as_it_is(tmp_path: Path) -> None:
    write_notes([Entry(PAPER)], tmp_path, {PAPER.id: "key"})
    text = (tmp_path / "@key.md").read_text(encoding="utf-8")
    copies = [tmp_path / f"@key{end}.md" for end in (" (conflicted copy)", ".sync-conflict-20260101-120000-ABCDEFG")]
    for copy in copies:
        copy.write_text(text + "Mine.\n", encoding="utf-8")
    assert write_notes([Entry(PAPER, Marks(starred=True))], tmp_path, {}) == NotesWritten(0, 1, 0)
    assert "starred: true" in (tmp_path / "@key.md").read_text(encoding="utf-8")
    assert [copy.read_text(encoding="utf-8") for copy in copies] == [text + "Mine.\n"] * 2


def test_a_note_in_the_trash_of_the_vault_is_not_brought_back(tmp_path: Path) -> None:
    write_notes([Entry(PAPER)], tmp_path, {PAPER.id: "key"})
    (tmp_path / ".trash").mkdir()
    gone = (tmp_path / "@key.md").rename(tmp_path / ".trash" / "@key.md")
    before = gone.read_bytes()
    assert write_notes([], tmp_path, {}, [Entry(PAPER, Marks(starred=True))]) == NotesWritten(0, 0, 0)
    assert gone.read_bytes() == before


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside.md", tmp_path / "notes"
    folder.mkdir()
    outside.write_text(f'---\npaperdeck: "{PAPER.id}"\n---\n', encoding="utf-8")
    (folder / "@key.md").symlink_to(outside)
    before = outside.read_bytes()
    write_notes([Entry(PAPER)], folder, {PAPER.id: "key"})
    assert outside.read_bytes() == before
    assert (folder / "@key 2.md").is_file()


def test_names_that_differ_in_case_or_accents_alone_are_not_both_used(tmp_path: Path) -> None:
    """On macOS and Windows the second would be the first, on a shared folder one of them would be lost there."""
    papers = [Entry(Paper(id=f"2401.0000{number}", title="T")) for number in (1, 2, 3)]
    keys = {"2401.00001": "Müller", "2401.00002": "müller", "2401.00003": "mu\u0308ller"}
    write_notes(papers, tmp_path, keys)
    assert sorted(path.name for path in tmp_path.glob("*.md")) == ["@Müller.md", "@mu\u0308ller 3.md", "@müller 2.md"]


@pytest.mark.parametrize(("mark", "end"), [("\ufeff", "\n"), ("", "\r\n"), ("\ufeff", "\r\n")])
def test_a_note_that_a_windows_editor_saved_is_still_the_note(tmp_path: Path, mark: str, end: str) -> None:
    write_notes([Entry(PAPER)], tmp_path, {PAPER.id: "key"})
    path = tmp_path / "@key.md"
    path.write_bytes((mark + path.read_text(encoding="utf-8").replace("\n", end)).encode())
    assert write_notes([Entry(PAPER)], tmp_path, {PAPER.id: "key"}) == NotesWritten(0, 0, 1)
    assert write_notes([Entry(PAPER, Marks(starred=True))], tmp_path, {PAPER.id: "key"}) == NotesWritten(0, 1, 0)
    text = path.read_bytes().decode()
    assert text.startswith(f"{mark}---{end}paperdeck")
    assert text.count("\n") == text.count(end)


def test_what_the_reader_saves_at_the_same_moment_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_notes([Entry(PAPER)], tmp_path, {PAPER.id: "key"})
    path, real = tmp_path / "@key.md", notes_folder.write_output

    def late(target: Path, data: bytes, **options: Any) -> None:
        with path.open("a", encoding="utf-8") as file:
            file.write("Saved meanwhile.\n")
        monkeypatch.setattr(notes_folder, "write_output", real)
        real(target, data, **options)

    monkeypatch.setattr(notes_folder, "write_output", late)
    write_notes([Entry(PAPER, Marks(starred=True))], tmp_path, {PAPER.id: "key"})
    text = path.read_text(encoding="utf-8")
    assert text.endswith("Saved meanwhile.\n")
    assert "starred: true" in text


def test_two_at_once_make_one_note_of_each_paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    starred, real = Entry(PAPER, Marks(starred=True)), notes_folder.write_output

    def other_first(target: Path, data: bytes, **options: Any) -> None:
        monkeypatch.setattr(notes_folder, "write_output", real)
        assert write_notes([Entry(PAPER)], tmp_path, {PAPER.id: "key"}) == NotesWritten(1, 0, 0)
        real(target, data, **options)

    monkeypatch.setattr(notes_folder, "write_output", other_first)
    assert write_notes([starred], tmp_path, {PAPER.id: "key"}) == NotesWritten(0, 1, 0)
    [note] = tmp_path.glob("*.md")
    assert "starred: true" in note.read_text(encoding="utf-8")


def test_a_note_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    other = Paper(id="2401.00003", title="Other")
    write_notes([Entry(PAPER)], tmp_path, {PAPER.id: "key"})
    with (tmp_path / "@key.md").open("ab") as file:
        file.write(b"\xff")
    with pytest.raises(ActionFailed, match="can't be read"):
        write_notes([Entry(PAPER), Entry(other)], tmp_path, {other.id: "other"})
    assert (tmp_path / "@other.md").is_file()


@pytest.mark.parametrize("name", ["file", "none/below", "nul\0"])
def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(ActionFailed, match="No note was written"):
        make_folder(tmp_path / name)


@given(st.text())
def test_no_title_leads_out_of_the_folder(text: str) -> None:
    name = safe_name(text)
    assert name
    assert name not in {".", ".."}
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert len(name.encode()) <= 160
    assert Path("folder", f"{name}.md").parent == Path("folder")


@pytest.mark.parametrize("name", ["CON", "nul.txt", "com1", "", "...", "../../etc", "lpt³", "CONIN$", "aux ."])
def test_names_that_systems_keep_for_themselves_are_changed(name: str) -> None:
    assert safe_name(name).casefold() not in {
        "con",
        "nul.txt",
        "com1",
        "",
        "...",
        "../../etc",
        "lpt³",
        "conin$",
        "aux .",
    }


@pytest.mark.parametrize("title", ["---", "a\n---\nstarred: true", '"', "[[other]] %% hidden", "x: y", "#tag"])
def test_no_title_ends_the_yaml_or_acts_in_it(title: str, tmp_path: Path) -> None:
    write_notes([Entry(Paper(id="2401.00002", title=title))], tmp_path, {"2401.00002": "k"})
    head = (tmp_path / "@k.md").read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")[0]
    keys = [line.partition(":")[0] for line in head.split("\n") if not line.startswith(" ")]
    assert keys == [*(key for key in OUR_KEYS if key in keys), "aliases"]
    assert "starred: false" in head
