"""The doctor looks at every file, repairs what it can, and says so."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from paperdeck.storage.library.library import DayRecord, DayState, Library
from paperdeck.storage.library.maintenance import check
from paperdeck.storage.paper import Marks, Paper
from paperdeck.storage.settings.settings import Places

MakePaper = Callable[..., Paper]
A = "2611.00001"


@pytest.fixture
def library(places: Places, make_paper: MakePaper) -> Library:
    """A library with a file of each kind."""
    library = Library(places)
    library.add([make_paper(1), make_paper(id="2411.00001")], "hf")
    library.ledger.record(
        DayRecord(source="hf", day=date(2026, 11, 20), state=DayState.COMPLETE, fetched_at="", ids=(A,))
    )
    library.mark([A], starred=True)
    library.mark([A], read=True)
    library.undo()
    return library


def files_of(places: Places) -> list[Path]:
    return [path for path in places.data.parent.rglob("*.json") if path.is_file()]


def test_a_sound_library_is_left_alone(library: Library, places: Places) -> None:
    before = {path: path.stat().st_mtime_ns for path in files_of(places) if "backups" not in path.parts}
    report = check(places)
    assert (report.state, report.repaired, report.left) == ("ok", (), ())
    assert (report.papers, report.marks, report.days) == (2, 1, 1)
    assert report.files >= 8
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_an_editors_lock_beside_a_file_is_not_a_file_of_ours(library: Library, places: Places) -> None:
    (places.data / "keys").mkdir()
    (places.data / "keys" / "x.json").write_text("{}")
    sound = check(places)
    for path in files_of(places):
        path.with_name(f".#{path.name}").symlink_to("ada@laptop.4711:1795392000")
    assert check(places) == sound
    assert sound.state == "ok"


def test_an_empty_library_is_sound(places: Places) -> None:
    assert check(places).as_json() == {
        "state": "ok", "files": 0, "papers": 0, "marks": 0, "days": 0, "repaired": (), "left": ()
    }  # fmt: skip


def test_every_damaged_file_is_repaired_or_set_aside(library: Library, places: Places) -> None:
    for path in files_of(places):
        data = path.read_bytes()
        if path.name != "latest.json":
            path.write_bytes(data[: len(data) // 2])
    report = check(places)
    assert report.state == "repaired"
    assert report.left == ()
    assert report.marks == 1
    assert json.dumps(report.as_json())
    assert check(places).state == "ok"
    assert len(list(places.data.parent.rglob("*.damaged-*"))) >= 6


def test_a_single_damaged_file_costs_nothing_else(library: Library, places: Places) -> None:
    for path in files_of(places):
        copy = path.read_bytes()
        path.write_bytes(copy[:-1])
        report = check(places)
        assert report.state == "repaired", path
        assert Library(places).marks(A) == Marks(starred=True), path
        path.write_bytes(copy)


def test_a_lost_folder_of_marks_is_built_again(library: Library, places: Places) -> None:
    shutil.rmtree(places.data)
    report = check(places)
    assert report.state == "repaired"
    assert Library(places).marks(A) == Marks(starred=True)
    Library(places).mark([A], note="goes on")


def test_files_of_other_formats_are_written_again(library: Library, places: Places) -> None:
    path = places.papers / "2611" / "00.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()), indent=2))
    report = check(places)
    assert [sentence for sentence in report.repaired if "was rewritten in the current format" in sentence]
    assert check(places).state == "ok"


def test_a_damaged_file_of_another_device_is_reported_and_left(library: Library, places: Places) -> None:
    theirs = places.marks / "desk-1a2b3c" / "2026-05.json"
    theirs.parent.mkdir()
    theirs.write_bytes(b"")
    report = check(places)
    assert (report.state, report.repaired) == ("damaged", ())
    assert report.left[0].startswith("The marks of desk-1a2b3c in 2026-05.json can't be read, as the file is empty;")
    assert theirs.exists()


def test_marks_in_a_set_aside_file_that_reads_again_are_taken_in(library: Library, places: Places) -> None:
    [path] = places.marks.glob("*/2026-11.json")
    path.with_name("2026-11.json.damaged-20261120-101010").write_bytes(
        path.read_bytes().replace(b"2611.00001", b"2611.00007").replace(b"261100001", b"261100007")
    )
    assert "2611.00007" not in Library(places).all_marks()  # its checksum no longer fits
    assert check(places).state == "ok"
    tables = json.loads(path.read_bytes().replace(b"2611.00001", b"2611.00007").replace(b"261100001", b"261100007"))
    path.with_name("2026-11.json.damaged-20261120-101010").write_text(json.dumps(tables))
    assert check(places).state == "repaired"
    assert Library(places).marks("2611.00007") == Marks(starred=True)
    assert check(places).state == "ok"


def test_a_file_that_was_put_back_to_an_older_state_catches_up(library: Library, places: Places) -> None:
    [path] = places.marks.glob("*/2026-11.json")
    older = path.read_bytes()
    library.mark([A], note="later")
    path.write_bytes(older)
    report = check(places)
    assert "was older than its backup; the marks of 1 paper were restored" in report.repaired[0]
    assert Library(places).marks(A) == Marks(starred=True, note="later")


def test_what_killed_processes_left_is_cleared(library: Library, places: Places) -> None:
    (places.papers / ".2026-11.json.1-ffffffff.tmp").write_text("half")
    [own] = places.marks.iterdir()
    (own / ".2026-11.json.1-ffffffff.tmp").write_text("half")
    (other := own.with_name("desk-1a2b3c")).mkdir()
    (other / "2026-05.json").write_text("{}")
    theirs = [folder / ".syncthing.2026-05.json.tmp" for folder in (own, other)]
    for path in (*theirs, arriving := other / ".2026-05.json.1-ffffffff.tmp"):
        path.write_text("arriving")
    assert check(places).repaired == ("Removed 2 half-written files of stopped processes.",)
    assert all(path.exists() for path in (*theirs, arriving))


@pytest.mark.parametrize("text", ["[[view", 'unknown = "x"', '[[view]]\nname = "x"\nquery = "auther:y"'])
def test_settings_that_cannot_be_used_are_not_ok(library: Library, places: Places, text: str) -> None:
    places.config_file.parent.mkdir(parents=True)
    places.config_file.write_text(text, encoding="utf-8")
    report = check(places)
    assert report.state == "damaged"
    assert len(report.left) == 1
    assert "config.toml" in report.left[0]


@pytest.mark.parametrize("name", ["visit.json", "positions.json", "exports.json", "digests.json"])
def test_small_files_that_make_no_sense_are_set_aside(library: Library, places: Places, name: str) -> None:
    (places.state / name).write_bytes(b"[" * 100_000)
    assert f"{name} is not complete JSON and is kept as {name}.damaged-" in check(places).repaired[0]
    assert check(places).state == "ok"
