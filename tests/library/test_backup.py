"""A backup of the marks is one file, and restoring it takes nothing back."""

from __future__ import annotations

from pathlib import Path

import pytest
from tinydb import TinyDB

from paperdeck.storage.errors import ActionFailed, FileInTheWay, InvalidInput, StoreError
from paperdeck.storage.library.library import Deed, Library
from paperdeck.storage.library.maintenance import restore_backup, write_backup
from paperdeck.storage.paper import Marks
from paperdeck.storage.settings.settings import Places

A, B, C = "2605.00001", "2605.00002", "2411.00003"


def summary(deed: Deed | None) -> tuple[str, tuple[str, ...]] | None:
    """What a deed says that it was."""
    return (deed.label, deed.ids) if deed else None


@pytest.fixture
def library(places: Places) -> Library:
    return Library(places)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Library:
    return Library(Places.find({"PAPERDECK_HOME": str(tmp_path / "new machine")}))


def test_a_backup_brings_all_marks_to_another_machine(library: Library, elsewhere: Library, tmp_path: Path) -> None:
    library.mark([A, C], starred=True, note="n", add_tags=["x"])
    library.mark([B], read=True)
    assert write_backup(library, tmp_path / "marks.json") == 3
    assert restore_backup(elsewhere, tmp_path / "marks.json").ids == (C, A, B)
    assert elsewhere.all_marks() == library.all_marks()


def test_restoring_merges_and_the_newer_value_stays(library: Library, tmp_path: Path) -> None:
    library.mark([A], starred=True, note="old")
    write_backup(library, tmp_path / "marks.json")
    library.mark([A], note="new", read=True)
    assert restore_backup(library, tmp_path / "marks.json").ids == ()
    assert library.marks(A) == Marks(starred=True, read=True, note="new")


def test_restoring_can_be_undone_and_redone(library: Library, elsewhere: Library, tmp_path: Path) -> None:
    library.mark([A, B], starred=True)
    write_backup(library, tmp_path / "marks.json")
    elsewhere.mark([C], read=True)
    step = restore_backup(elsewhere, tmp_path / "marks.json")
    assert step.label == "restore"
    assert summary(elsewhere.undo()) == summary(step)
    assert elsewhere.all_marks() == {C: Marks(read=True)}
    assert summary(elsewhere.redo()) == summary(step)
    assert elsewhere.all_marks() == library.all_marks() | {C: Marks(read=True)}


def test_a_backup_holds_the_marks_of_all_devices(library: Library, places: Places, tmp_path: Path) -> None:
    library.mark([A], starred=True)
    Library(places._replace(state=tmp_path / "other state")).mark([A], read=True)
    write_backup(library, tmp_path / "marks.json")
    with TinyDB(tmp_path / "marks.json") as stock:
        [document] = stock.table("marks").all()
    assert document["starred"][0] is document["read"][0] is True


def test_what_is_not_a_backup_is_refused(library: Library, places: Places, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"title": "a paper"}')
    with pytest.raises(InvalidInput, match=r"x\.json can't be restored, as it holds something other than tables"):
        restore_backup(library, tmp_path / "x.json")
    with pytest.raises(StoreError, match="can't be read"):
        restore_backup(library, tmp_path / "nowhere.json")
    with pytest.raises(ActionFailed, match="there is no folder"):
        write_backup(library, tmp_path / "nowhere" / "x.json")
    assert library.all_marks() == {}


def test_a_damaged_backup_is_refused(library: Library, tmp_path: Path) -> None:
    library.mark([A], starred=True)
    write_backup(library, tmp_path / "marks.json")
    data = (tmp_path / "marks.json").read_bytes()
    (tmp_path / "marks.json").write_bytes(data.replace(b"true", b"null"))
    with pytest.raises(InvalidInput, match="does not match its checksum; nothing was changed"):
        restore_backup(library, tmp_path / "marks.json")


def test_only_a_backup_is_replaced_by_a_backup(library: Library, tmp_path: Path) -> None:
    """A bibliography in the place of the backup was replaced without a word."""
    file = tmp_path / "references.bib"
    file.write_text("@misc{mine}")
    file.chmod(0o600)
    with pytest.raises(FileInTheWay):
        write_backup(library, file)
    assert file.read_text() == "@misc{mine}"
    write_backup(library, file, force=True)
    assert (tmp_path / "references.bib~").read_text() == "@misc{mine}"
    library.mark([A], starred=True)
    assert write_backup(library, file) == 1
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_new_backup_is_for_its_owner_only(library: Library, tmp_path: Path) -> None:
    write_backup(library, tmp_path / "marks.json")
    assert (tmp_path / "marks.json").stat().st_mode & 0o777 == 0o600
