"""The reader's marks: durable, shared by processes and devices, undone and redone."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tinydb import TinyDB

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.files.sealed import read_sealed, write_sealed
from paperdeck.storage.library.journal import device as device_module
from paperdeck.storage.library.journal.registers import MARKS, next_stamp, number_of
from paperdeck.storage.library.library import Deed, Library
from paperdeck.storage.paper import NO_MARKS, Marks
from paperdeck.storage.settings.settings import Places
from tests.support.examples import examples

A, B, C = "2605.00001", "2605.00002", "2411.00003"


@pytest.fixture
def library(places: Places) -> Library:
    return Library(places)


def other_device(places: Places, name: str, clock: Iterator[float] | None = None) -> Library:
    """A library on another device that shares the folder with the marks."""
    ticks = clock or count(1_800_000_000.0)
    return Library(places._replace(state=places.state.parent / name), clock=lambda: next(ticks))


def summary(deed: Deed | None) -> tuple[str, tuple[str, ...]] | None:
    """What a deed says that it was."""
    return (deed.label, deed.ids) if deed else None


def own_file(places: Places, month: str = "2026-05") -> Path:
    return next(places.marks.glob(f"*/{month}.json"))


# -- marking ---------------------------------------------------------------------------------------------------------


def test_a_mark_is_there_after_a_restart(library: Library, places: Places) -> None:
    library.mark([A], starred=True, read=True, note="why", add_tags=["thesis"])
    assert Library(places).marks(A) == Marks(starred=True, read=True, note="why", tags=frozenset({"thesis"}))


def test_a_program_that_shows_few_papers_checks_no_marks_of_others(library: Library, places: Places) -> None:
    library.mark([f"2605.{number:05}" for number in range(1, 50)], read=True)
    library.mark([A], note="why")
    fresh, checked = Library(places), list[str]()
    fresh.files.kind = MARKS._replace(is_valid=lambda document: not checked.append(document["id"]))
    assert fresh.marks_among([A, B, C, "2605.00999"]) == {
        A: Marks(read=True, note="why"),
        B: Marks(read=True),
        C: NO_MARKS,
        "2605.00999": NO_MARKS,
    }
    assert checked == [A, B]


def test_marks_that_are_not_named_stay(library: Library) -> None:
    library.mark([A], starred=True, note="why", add_tags=["x", "y"])
    library.mark([A], read=True, remove_tags=["x"])
    assert library.marks(A) == Marks(starred=True, read=True, note="why", tags=frozenset({"y"}))


def test_only_papers_that_change_are_in_the_step(library: Library) -> None:
    library.mark([A], starred=True)
    assert summary(library.mark([A, B, C, B], starred=True, label="star")) == ("star", (B, C))
    assert summary(library.mark([A], starred=True, label="star")) == ("star", ())
    assert library.mark([A], read=False, note="", remove_tags=["never there"]).ids == ()


def test_unmarking_all_leaves_no_mark(library: Library) -> None:
    library.mark([A, B], starred=True)
    library.mark([A], starred=False)
    assert library.marks(A) is NO_MARKS or library.marks(A) == NO_MARKS
    assert set(library.all_marks()) == {B}


def test_a_mapping_that_was_given_out_never_changes(library: Library) -> None:
    before = library.all_marks()
    library.mark([A], starred=True)
    assert A not in before
    assert A in library.all_marks()


@pytest.mark.parametrize("wrong", ["", "../../x", "2605.00001v2", "arXiv:2605.00001"])
def test_only_papers_can_be_marked(library: Library, wrong: str) -> None:
    with pytest.raises(InvalidInput, match="is not the id of a paper"):
        library.mark([wrong], starred=True)


@pytest.mark.parametrize("wrong", ["", "  ", "#"])
def test_a_tag_has_a_name(library: Library, wrong: str) -> None:
    with pytest.raises(InvalidInput, match="can't be a tag"):
        library.mark([A], add_tags=[wrong])


def test_notes_and_tags_hold_nothing_that_a_terminal_obeys(library: Library) -> None:
    library.mark([A], note="two\nlines\x1b[31m\ud800", add_tags=["red\x1b[31m tag"])
    assert library.marks(A) == Marks(note="two\nlines�", tags=frozenset({"red-tag"}))


@pytest.mark.parametrize("name", ["A\u00a0B", "A B", "#A\u200b\x1b[31m B"])
def test_a_tag_that_another_device_wrote_can_be_removed_as_it_is_shown(
    library: Library, places: Places, name: str
) -> None:
    register = [True, next_stamp(1_700_000_000, "desk-1a2b3c")]
    document = {"id": A, "tags": {name: register}}
    write_sealed(places.data / "marks/desk-1a2b3c/2026-05.json", MARKS, {str(number_of(A)): document})
    assert library.marks(A).tags == {"A-B"}
    assert library.mark([A], remove_tags=["A-B"]).ids == (A,)
    assert library.marks(A) == Library(places).marks(A) == NO_MARKS


def test_tags_from_a_file_are_stored_as_typed_ones(library: Library, places: Places) -> None:
    library.mark_each({A: Marks(tags=frozenset({"to\u00a0read"}))}, label="import")
    assert library.marks(A).tags == Library(places).marks(A).tags == {"to-read"}


def test_the_stock_tinydb_shows_the_same_marks(library: Library, places: Places) -> None:
    library.mark([A], starred=True)
    with TinyDB(own_file(places)) as stock:
        [document] = stock.table("marks").all()
    assert document["id"] == A
    assert document["starred"][0] is True


# -- processes and devices -------------------------------------------------------------------------------------------


def test_two_processes_do_not_lose_each_others_marks(places: Places) -> None:
    one, two = Library(places), Library(places)
    assert one.all_marks() == two.all_marks() == {}
    one.mark([A], starred=True)
    two.mark([A], read=True)
    one.mark([B], starred=True)
    assert two.poll().marks == {A, B}
    assert one.poll().marks == {A}
    assert one.all_marks() == two.all_marks() == {A: Marks(starred=True, read=True), B: Marks(starred=True)}


def test_own_changes_are_not_news(library: Library) -> None:
    library.all_marks()
    library.mark([A], starred=True)
    library.undo()
    assert not library.poll()


def test_another_devices_marks_are_shown(library: Library, places: Places) -> None:
    library.mark([A], starred=True)
    library.all_marks()
    other_device(places, "desk").mark([A, C], read=True)
    assert library.poll().marks == {A, C}
    assert library.all_marks() == {A: Marks(starred=True, read=True), C: Marks(read=True)}


def test_a_device_writes_only_its_own_files(library: Library, places: Places) -> None:
    library.mark([A], starred=True)
    before = own_file(places).read_bytes()
    desk = other_device(places, "desk")
    desk.mark([A], starred=False)
    assert own_file(places).read_bytes() == before or len(list(places.marks.iterdir())) == 2
    assert Library(places).marks(A) == NO_MARKS


def test_a_clock_that_is_ahead_does_not_win_for_ever(places: Places) -> None:
    ahead = other_device(places, "ahead", count(4_000_000_000.0))
    ahead.mark([A], starred=True)
    here = other_device(places, "here", count(1_800_000_000.0))
    here.mark([A], starred=False)
    assert Library(places).marks(A) == NO_MARKS


def test_a_new_host_name_is_not_a_new_device(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    """macOS takes the host name from the network."""
    monkeypatch.setattr(device_module, "system_id", lambda: "machine one")
    Library(places).mark([A], starred=True)
    monkeypatch.setattr("socket.gethostname", lambda: "dhcp-10-2.example.edu")
    Library(places).mark([A], read=True)
    assert len(list(places.marks.iterdir())) == 1


def test_a_copied_state_folder_gives_another_machine_another_name(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device_module, "system_id", lambda: "machine one")
    Library(places).mark([A], starred=True)
    monkeypatch.setattr(device_module, "system_id", lambda: "machine two")
    monkeypatch.setattr("socket.gethostname", lambda: "Desk.Example")
    Library(places).mark([A], read=True)
    names = sorted(path.name for path in places.marks.iterdir())
    assert len(names) == 2
    assert any(name.startswith("desk-example-") for name in names)
    assert Library(places).marks(A) == Marks(starred=True, read=True)


def test_a_machine_without_an_id_keeps_its_name(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_module, "system_id", lambda: "")
    Library(places).mark([A], starred=True)
    monkeypatch.setattr("socket.gethostname", lambda: "renamed")
    Library(places).mark([A], read=True)
    assert len(list(places.marks.iterdir())) == 1


def test_the_name_that_an_older_version_gave_stays(places: Places) -> None:
    """Older versions knew a device by its host name."""
    known = {"host": socket.gethostname(), "name": "an-old-name-1a2b3c"}
    write_sealed(places.state / "device.json", device_module.DEVICE, {"1": known})
    Library(places).mark([A], starred=True)
    assert [path.name for path in places.marks.iterdir()] == ["an-old-name-1a2b3c"]
    [noted] = read_sealed(places.state / "device.json", device_module.DEVICE).values()
    assert noted.keys() == {"host", "machine", "name"}


@pytest.mark.parametrize(
    "name", ["2026-05.sync-conflict-20261120-101010-ABCDEFG.json", "2026-05 (conflicted copy).json", "2026-05-1.json"]
)
def test_conflict_copies_are_merged_and_then_folded_in(library: Library, places: Places, name: str) -> None:
    library.mark([A], starred=True)
    copy = own_file(places).with_name(name)
    shutil.copy(own_file(places), copy)
    library.mark([A], starred=False)
    library.mark([A, B], read=True)
    tables = json.loads(copy.read_text())
    tables["marks"]["260500003"] = {"id": "2605.00003", "note": ["only in the copy", "001795398295382.000000.desk-1"]}
    copy.write_text(json.dumps(tables))
    expected = {A: Marks(read=True), B: Marks(read=True), "2605.00003": Marks(note="only in the copy")}
    assert Library(places).all_marks() == expected
    assert not copy.exists()
    assert Library(places).all_marks() == expected


def test_conflict_copies_of_other_devices_are_merged_and_left_alone(library: Library, places: Places) -> None:
    other_device(places, "desk").mark([A], starred=True)
    theirs = own_file(places)
    copy = theirs.with_name("2026-05.sync-conflict-20261120-101010-ABCDEFG.json")
    theirs.rename(copy)
    library.mark([B], read=True)
    assert library.all_marks() == {A: Marks(starred=True), B: Marks(read=True)}
    assert copy.exists()


devices = some.lists(
    some.tuples(
        some.integers(0, 2), some.sampled_from(["star", "unstar", "note", "undo", "send"]), some.integers(0, 2)
    ),
    max_size=14,
)


@given(steps=devices, order=some.permutations([(0, 1), (1, 2), (2, 0), (1, 0), (2, 1), (0, 2)]))
@settings(max_examples=examples(20))
def test_devices_that_send_each_other_files_converge(
    steps: list[tuple[int, str, int]],
    order: list[tuple[int, int]],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)
    root = tmp_path_factory.mktemp("devices")
    homes = [Places.find({"PAPERDECK_HOME": str(root / name)}) for name in ("a", "b", "c")]
    fast, slow, right = count(2_000_000_000.0), count(1_000_000_000.0), count(1_800_000_000.0)
    libraries = [Library(home, clock=ticks.__next__) for home, ticks in zip(homes, (fast, slow, right), strict=True)]
    for device, command, other in steps:
        if command == "undo":
            libraries[device].undo()
        elif command == "send":
            send(homes[device], homes[(device + 1 + other % 2) % 3])
        else:
            changes = {"star": {"starred": True}, "unstar": {"starred": False}, "note": {"note": str(device)}}[command]
            libraries[device].mark([(A, B, C)[other]], **changes)  # type: ignore[arg-type]
    for device, other in [*order, *order]:
        send(homes[device], homes[other])
    shown = [dict(Library(home).all_marks()) for home in homes]
    picked = [Library(home).marks_among([A, B, C]) for home in homes]
    assert picked == [{paper_id: shown[0].get(paper_id, NO_MARKS) for paper_id in (A, B, C)}] * 3
    for library in libraries:
        library.poll()
    assert shown == [shown[0]] * 3 == [library.all_marks() for library in libraries]


def send(sender: Places, receiver: Places) -> None:
    """What a synchroniser does: copy the files that the sender wrote itself."""
    for folder in (sender.state / "backups").glob("*"):
        own = sender.data / "marks" / folder.name
        shutil.copytree(own, receiver.data / "marks" / folder.name, dirs_exist_ok=True)


# -- undo ------------------------------------------------------------------------------------------------------------


def test_undo_and_redo_go_back_and_forth(library: Library) -> None:
    library.mark([A], starred=True, label="star")
    library.mark([A, B], read=True, note="n", label="read")
    assert summary(library.undo()) == ("read", (A, B))
    assert library.all_marks() == {A: Marks(starred=True)}
    assert summary(library.undo()) == ("star", (A,))
    assert library.undo() is None
    assert summary(library.redo()) == ("star", (A,))
    assert summary(library.redo()) == ("read", (A, B))
    assert library.redo() is None
    assert library.all_marks() == {A: Marks(starred=True, read=True, note="n"), B: Marks(read=True, note="n")}


def test_undo_survives_a_restart(library: Library, places: Places) -> None:
    library.mark([A, C], starred=True, label="star")
    later = Library(places)
    assert later.undo() is None
    deed = later.history.newest_of_others()
    assert summary(deed) == ("star", (A, C))
    assert summary(later.undo(deed)) == ("star", (A, C))
    assert later.history.newest_of_others() is None
    assert summary(Library(places).redo(Library(places).history.newest_undone())) == ("star", (A, C))
    assert summary(library.undo()) == ("star", (A, C))


def test_several_changes_of_one_field_are_undone_one_by_one(library: Library) -> None:
    for note in ("one", "two", "three"):
        library.mark([A], note=note)
    seen = []
    while library.undo():
        seen.append(library.marks(A).note)
    while library.redo():
        seen.append(library.marks(A).note)
    assert seen == ["two", "one", "", "one", "two", "three"]


def test_a_new_change_ends_redo(library: Library) -> None:
    library.mark([A], starred=True)
    library.undo()
    library.mark([B], starred=True)
    assert library.redo() is None
    library.undo()
    assert summary(library.redo()) == ("", (B,))


def test_undo_leaves_alone_what_another_device_changed_since(library: Library, places: Places) -> None:
    library.mark([A, B], starred=True, note="mine", label="star")
    other_device(places, "desk", count(1_900_000_000.0)).mark([A], note="theirs")
    assert summary(library.undo()) == ("star", (A, B))
    assert library.all_marks() == {A: Marks(note="theirs")}


def test_undo_passes_over_a_step_of_which_nothing_is_left(library: Library, places: Places) -> None:
    library.mark([B], starred=True, label="first")
    library.mark([A], note="mine", label="second")
    other_device(places, "desk", count(1_900_000_000.0)).mark([A], note="theirs")
    assert summary(library.undo()) == ("first", (B,))
    assert library.all_marks() == {A: Marks(note="theirs")}


def test_a_change_that_changed_nothing_is_not_a_step(library: Library) -> None:
    library.mark([A], starred=True, label="star")
    library.mark([A], starred=True, label="again")
    assert summary(library.undo()) == ("star", (A,))


def test_two_hundred_steps_can_be_undone(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)
    monkeypatch.setattr("paperdeck.storage.library.journal.history._KEPT_DEEDS", 210)
    monkeypatch.setattr("paperdeck.storage.library.journal.history._SLACK_DEEDS", 5)
    for number in range(1, 241):
        library.mark([f"2605.{number:05}"], starred=True)
    undone = [step.ids[0] for step in iter(library.undo, None)]
    assert len(undone) >= 200
    assert undone == [f"2605.{number:05}" for number in range(240, 240 - len(undone), -1)]


def test_a_damaged_step_ends_the_history_without_harm(library: Library, places: Places) -> None:
    library.mark([A], starred=True)
    library.mark([B], starred=True)
    (places.history / "00000001.json").write_bytes(b"{")
    assert summary(library.undo()) == ("", (B,))
    assert library.undo() is None
    assert library.marks(A).starred


commands = some.lists(
    some.tuples(some.sampled_from(["star", "unstar", "note"]), some.sampled_from([A, B, C])) | some.sampled_from("ur"),
    max_size=12,
)


@given(commands=commands)
@settings(max_examples=examples(25))
def test_undo_and_redo_are_those_of_a_plain_list(
    commands: list[str | tuple[str, str]], tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)
    library = Library(Places.find({"PAPERDECK_HOME": str(tmp_path_factory.mktemp("deck"))}))
    states: list[dict[str, Marks]] = [{}]
    at = 0
    for number, command in enumerate(commands):
        if command == "u":
            assert (library.undo() is None) == (at == 0)
            at = max(at - 1, 0)
        elif command == "r":
            assert (library.redo() is None) == (at == len(states) - 1)
            at = min(at + 1, len(states) - 1)
        else:
            changes = {"star": {"starred": True}, "unstar": {"starred": False}, "note": {"note": str(number)}}[
                command[0]
            ]
            if library.mark([command[1]], **changes).ids:  # type: ignore[arg-type]
                states[at + 1 :] = [dict(library.all_marks())]
                at += 1
        assert library.all_marks() == states[at]


def test_a_lost_device_name_is_found_again_in_the_backups(library: Library, places: Places) -> None:
    library.mark([A], starred=True)
    (places.state / "device.json").write_bytes(b"{")
    Library(places).mark([A], read=True)
    assert len(list(places.marks.iterdir())) == 1
