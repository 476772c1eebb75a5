"""What this machine marked comes back from its backups, register by register, whatever happens to the files."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.files.sealed import write_sealed
from paperdeck.storage.library.journal import device as device_module
from paperdeck.storage.library.journal.registers import MARKS
from paperdeck.storage.library.library import Library
from paperdeck.storage.library.maintenance import check, restore_backup, write_backup
from paperdeck.storage.paper import NO_MARKS, Marks
from paperdeck.storage.settings.settings import Places

A, B, C = "2605.00001", "2605.00002", "2605.00003"
IDS = [f"2605.{number:05}" for number in range(1, 31)]
NOW = 1_795_392_000.0
DAY = 86_400.0


@pytest.fixture
def library(places: Places) -> Library:
    return Library(places)


def own_file(places: Places) -> Path:
    return next(places.marks.glob("*/2026-05.json"))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


DAMAGES: dict[str, Callable[[Path], object]] = {
    "gone": Path.unlink,
    "cut": cut,
    "empty": lambda path: path.write_bytes(b""),
    "no tables": lambda path: path.write_bytes(b"{}"),
    "no documents": lambda path: path.write_bytes(b'{"marks": {}}'),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("first", ["list", "show", "star", "doctor"])
def test_a_file_comes_back_and_that_is_reported(library: Library, places: Places, damage: str, first: str) -> None:
    library.mark(IDS, starred=True)
    DAMAGES[damage](own_file(places))
    fresh = Library(places)
    match first:
        case "list":
            fresh.all_marks()
        case "show":
            fresh.marks_among([A])
        case "star":
            fresh.mark([A], read=True)
    said = list(check(places).repaired) if first == "doctor" else fresh.troubles
    assert {paper_id for paper_id, marks in Library(places).all_marks().items() if marks.starred} == set(IDS)
    assert len(said) == 1
    assert "the marks of 30 papers were restored" in said[0]


@pytest.mark.parametrize("first", ["list", "show", "star", "doctor"])
def test_an_older_copy_that_was_put_back_catches_up(library: Library, places: Places, first: str) -> None:
    """The next star copied it over the newest backup."""
    library.mark(IDS[:5], starred=True)
    older = own_file(places).read_bytes()
    library.mark(IDS[5:], starred=True)
    library.mark([A], starred=False)
    own_file(places).write_bytes(older)
    fresh = Library(places)
    if first == "star":
        fresh.mark([B], read=True)
    if first == "show":
        assert fresh.marks_among([A, B]) == {A: NO_MARKS, B: Marks(starred=True)}
    said = list(check(places).repaired) if first == "doctor" else (fresh.all_marks() and fresh.troubles)
    assert "was older than its backup" in said[0]
    assert {paper_id for paper_id, marks in Library(places).all_marks().items() if marks.starred} == set(IDS[1:])


def test_an_older_copy_is_noticed_by_a_reader_that_is_running(library: Library, places: Places) -> None:
    library.mark([A], starred=True)
    older = own_file(places).read_bytes()
    library.mark([B], starred=True)
    library.all_marks()
    library.poll()
    own_file(places).write_bytes(older)
    library.poll()
    assert library.marks(B).starred
    assert "was older than its backup" in library.troubles[0]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("by_doctor", [True, False])
def test_a_former_device_of_this_machine_comes_back(
    places: Places, monkeypatch: pytest.MonkeyPatch, damage: str, by_doctor: bool
) -> None:
    """Its marks were lost although the backup was whole."""
    monkeypatch.setattr(device_module, "system_id", lambda: "one")
    Library(places).mark(IDS, starred=True)
    damaged = own_file(places)
    monkeypatch.setattr(device_module, "system_id", lambda: "two")
    monkeypatch.setattr("socket.gethostname", lambda: "new")
    Library(places).mark(["2411.00001"], starred=True)
    DAMAGES[damage](damaged)
    said = check(places).repaired if by_doctor else ()
    fresh = Library(places)
    assert set(fresh.all_marks()) == {*IDS, "2411.00001"}
    assert len([*said, *fresh.troubles]) == 1
    assert check(places).state == "ok"


def test_all_backups_together_know_the_most(places: Places) -> None:
    """What an older version copied over the newest backup is in a dated one."""
    now = [NOW]
    library = Library(places, clock=lambda: now[0])
    for paper_id in IDS[:5]:
        library.mark([paper_id], starred=True)
        now[0] += 700
    [newest] = (places.state / "backups").glob("*/2026-05/latest.json")
    write_sealed(newest, MARKS, {})
    own_file(places).write_bytes(newest.read_bytes())
    assert check(places).state == "repaired"
    assert len(Library(places).all_marks()) >= 4


def test_a_clock_that_was_ahead_does_not_end_dated_backups(places: Places) -> None:
    now = [NOW + 365 * DAY]
    library = Library(places, clock=lambda: now[0])
    for number in range(3):
        library.mark([A], note=f"ahead {number}")
        now[0] += 700
    now[0] = NOW
    for number in range(40):
        library.mark([A], note=f"right {number}")
        now[0] += DAY / 4
    [folder] = (places.state / "backups").glob("*/2026-05")
    days = {path.name[:8] for path in folder.glob("2026*.json")}
    assert len(days) >= 7
    assert len(list(folder.iterdir())) <= 1 + 3 + 7 + 3


def test_files_of_marks_are_for_the_user_alone(library: Library, places: Places) -> None:
    library.mark([A], note="private")
    files = [path for root in (places.data, places.state) for path in root.rglob("*.json")]
    assert len(files) >= 4
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    folders = {parent for path in files for parent in path.parents if parent.is_relative_to(places.data.parent)}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders - {places.data.parent}} == {0o700}


# -- other devices -----------------------------------------------------------------------------------------------------

STAMP = "001795398295382.000000.other-abcdef"
WRONG: list[Any] = [
    {"id": B, "tags": ["a"]},
    {"id": B, "starred": "yes"},
    {"id": B, "starred": ["yes", STAMP]},
    {"id": B, "starred": [True]},
    {"id": B, "starred": [True, "zzz"]},
    {"id": B, "starred": [True, STAMP, 5]},
    {"id": B, "note": [None, STAMP]},
    {"id": B, "more": [True, STAMP]},
    {"id": ["x"]},
    {"id": "rules", "mute": {"x": ["yes", STAMP]}},
    {},
]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_shape_of_another_device_stops_nothing(library: Library, places: Places, wrong: Any) -> None:
    """A sealed file of another device ended every command with a traceback."""
    theirs = places.marks / "other-abcdef" / "2026-05.json"
    write_sealed(theirs, MARKS, {"1": wrong, "2": {"id": C, "starred": [True, STAMP]}})
    before = theirs.read_bytes()
    for _ in range(2):
        library.mark([A, B], starred=True)
        library.mark([A], starred=False)
        library.undo()
        library.poll()
    fresh = Library(places)
    assert fresh.all_marks() == library.all_marks() == {paper: Marks(starred=True) for paper in (A, B, C)}
    assert [sentence for sentence in library.troubles if "malformed" in sentence] == [
        "2026-05.json of other-abcdef has 1 malformed entry, left out here; update paperdeck on that device."
    ]
    assert theirs.read_bytes() == before
    assert check(places).state == "damaged"


@pytest.mark.parametrize("place", ["file", "folder"])
def test_what_cannot_be_read_of_another_device_stops_nothing(library: Library, places: Places, place: str) -> None:
    """A folder in the place of a file, or a file in the place of a folder."""
    theirs = places.marks / "other-abcdef"
    theirs.parent.mkdir(parents=True)
    if place == "file":
        (theirs / "2026-05.json").mkdir(parents=True)
    else:
        theirs.symlink_to(theirs)
    library.mark([A], starred=True)
    library.undo()
    library.mark([B], starred=True)
    assert Library(places).all_marks() == {B: Marks(starred=True)}
    library.all_marks()
    library.poll()
    assert len(library.unreadable_files()) == 1
    assert len(library.troubles) == 1


def test_what_another_device_wrote_is_safe_to_show(library: Library, places: Places) -> None:
    theirs = places.marks / "other-abcdef"
    escape = "\x1b[31m"
    documents = {"1": {"id": A, "note": [f"n{escape}", STAMP], "tags": {f"t{escape}": [True, STAMP]}}}
    write_sealed(theirs / "2026-05.json", MARKS, documents)
    rules = {"id": "rules", "view": {f"v{escape}": ["x", STAMP], "bad": ["auther:x", STAMP]}}
    rules |= {"follow": {f"authors a{escape}": [True, STAMP]}, "preference": {"theme": ["nord", STAMP]}}
    write_sealed(theirs / "rules.json", MARKS, {"1": rules})
    assert library.marks(A) == Marks(note="n", tags=frozenset({"t"}))
    found = library.rules()
    assert ([view.name for view in found.views], found.authors) == (["v"], ("a",))
    assert len(found.complaints) == 1
    library.mark([A], note="mine", expected_note="n")


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_shape_of_ours_is_kept_aside_and_costs_nothing_else(
    library: Library, places: Places, wrong: Any
) -> None:
    library.mark([A], starred=True)
    tables = json.loads(own_file(places).read_bytes())
    write_sealed(own_file(places), MARKS, tables["marks"] | {"7": wrong, "8": {"id": C, "read": [True, STAMP]}})
    fresh = Library(places)
    assert fresh.all_marks() == {A: Marks(starred=True), C: Marks(read=True)}
    assert "malformed" in fresh.troubles[0]
    assert len(list(own_file(places).parent.glob("*.damaged-*"))) == 1


@pytest.mark.parametrize("wrong", WRONG)
def test_restoring_leaves_out_what_has_a_wrong_shape(
    library: Library, places: Places, tmp_path: Path, wrong: Any
) -> None:
    write_sealed(tmp_path / "x.json", MARKS, {"1": wrong, "2": {"id": C, "starred": [True, STAMP]}})
    assert restore_backup(library, tmp_path / "x.json").ids == (C,)
    assert "1 malformed entry," in library.troubles[0]
    assert library.all_marks() == {C: Marks(starred=True)}


def test_a_backup_counts_the_papers_that_have_marks_now(library: Library, tmp_path: Path) -> None:
    library.mark([A, C], starred=True)
    library.mark([C], starred=False)
    assert write_backup(library, tmp_path / "x.json") == 1


def test_restoring_marks_that_had_been_undone_can_be_undone(library: Library, places: Places, tmp_path: Path) -> None:
    """The record of such a change was taken for damaged, set aside, and could be neither undone nor seen."""
    later = "001900000000000.000000.desk-1a2b3c"
    library.mark([A], starred=True)
    undone = {"1": {"id": A, "starred": [False, later, ""]}, "2": {"id": C, "read": [False, later, ""]}}
    write_sealed(tmp_path / "x.json", MARKS, undone)
    assert restore_backup(library, tmp_path / "x.json").ids == (A,), "C was unread before, too"
    assert library.marks(A) == NO_MARKS
    fresh = Library(places)
    restored = fresh.history.deeds()[0]
    assert restored.label == "restore"
    assert fresh.undo(restored)
    assert fresh.marks(A) == Marks(starred=True)


def test_a_backup_of_a_newer_version_is_refused(library: Library, tmp_path: Path) -> None:
    about = {"checksum": "", "kind": "marks", "schema": 99}
    (tmp_path / "x.json").write_text(json.dumps({"_meta": {"1": about}, "marks": {}}))
    with pytest.raises(InvalidInput, match="was written by a newer paperdeck; update paperdeck to restore it"):
        restore_backup(library, tmp_path / "x.json")


@pytest.mark.parametrize("time", ["253402300799999.999999", "999999999999999.999999"])
def test_a_mark_of_the_far_future_can_be_changed(library: Library, places: Places, tmp_path: Path, time: str) -> None:
    far = f"{time}.desk-1a2b3c"
    write_sealed(tmp_path / "x.json", MARKS, {"1": {"id": A, "starred": [True, far], "note": ["theirs", far]}})
    restore_backup(library, tmp_path / "x.json")
    assert library.marks(A) == Marks(starred=True, note="theirs")
    library.mark([A], starred=False, note="")
    assert library.marks(A) == NO_MARKS
    own_file(places).write_text(json.dumps(json.loads(own_file(places).read_bytes()), indent=1))  # by a script
    fresh = Library(places)
    assert fresh.marks(A) == NO_MARKS
    assert fresh.troubles == []
    fresh.mark([A], starred=True)
    assert Library(places).marks(A).starred


def test_a_clock_that_is_ahead_is_named(library: Library, places: Places, tmp_path: Path) -> None:
    """When its marks arrive, and by the doctor."""
    library.mark([A], starred=True)
    library.all_marks()
    now = library.files.clock()
    ahead = Library(places._replace(state=tmp_path / "ahead"), clock=lambda: now + 365 * DAY)
    ahead.mark([B], starred=True)
    library.poll()
    [sentence] = library.troubles
    assert "is 365 days ahead of this one's" in sentence
    assert sentence in check(places).left
    assert library.unreadable_files() == []


def test_a_stamp_that_only_answers_one_from_the_future_says_nothing_of_its_clock(
    places: Places, tmp_path: Path
) -> None:
    """The device that answers has the right clock."""
    ahead = Library(places._replace(state=tmp_path / "ahead"), clock=lambda: NOW + 365 * DAY)
    ahead.mark([A], starred=True)
    right = Library(places._replace(state=tmp_path / "right"), clock=lambda: NOW)
    right.mark([A], starred=False)
    library = Library(places, clock=lambda: NOW)
    library.all_marks()
    assert len(library.troubles) == 1
