"""The library in bad times: damage, full and read-only disks, folders that vanish, many writers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from paperdeck.storage.errors import StoreError
from paperdeck.storage.library.library import DayRecord, DayState, Library
from paperdeck.storage.library.maintenance import check
from paperdeck.storage.paper import Marks, Paper
from paperdeck.storage.settings.settings import Places

MakePaper = Callable[..., Paper]
A, B = "2605.00001", "2605.00002"


@pytest.fixture
def library(places: Places) -> Library:
    return Library(places)


def own_file(places: Places) -> Path:
    return next(places.marks.glob("*/2026-05.json"))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:40])


# -- damage ----------------------------------------------------------------------------------------------------------


def test_a_library_that_is_only_looked_at_makes_no_file(library: Library, places: Places) -> None:
    assert library.all_marks() == {}
    assert library.months() == library.ledger.sources() == []
    assert library.paper(A) is None
    assert not library.poll()
    assert not places.data.parent.exists()


def test_damaged_marks_come_back_from_the_backup(library: Library, places: Places) -> None:
    library.mark([A, B], starred=True)
    library.mark([A], note="the last change")
    cut(own_file(places))
    fresh = Library(places)
    assert fresh.all_marks() == {A: Marks(starred=True, note="the last change"), B: Marks(starred=True)}
    [sentence] = fresh.troubles
    assert "2026-05.json of your marks does not match its checksum and is kept as 2026-05.json.damaged-" in sentence
    assert "the marks of 2 papers were restored from the newest good backup" in sentence
    assert len(list(own_file(places).parent.glob("*.damaged-*"))) == 1


def test_a_damaged_backup_gives_way_to_an_older_one(places: Places) -> None:
    now = [1_800_000_000.0]
    library = Library(places, clock=lambda: now[0])
    for number in range(1, 6):
        library.mark([f"2605.{number:05}"], starred=True)
        now[0] += 700
    [newest] = (places.state / "backups").glob("*/2026-05/latest.json")
    cut(newest)
    cut(own_file(places))
    assert set(Library(places).all_marks()) == {f"2605.{number:05}" for number in range(1, 5)}


def test_backups_are_rotated_and_one_a_day_stays(places: Places) -> None:
    now = [1_800_000_000.0]
    library = Library(places, clock=lambda: now[0])
    for number in range(1, 60):
        library.mark([A], note=str(number))
        now[0] += 6 * 3600
    [folder] = (places.state / "backups").glob("*/2026-05")
    kept = sorted(path.name for path in folder.iterdir())
    assert len(kept) <= 1 + 3 + 7
    assert len({name[:8] for name in kept}) >= 7


def test_damage_that_is_found_while_marking_is_mended_first(library: Library, places: Places) -> None:
    library.mark([A], starred=True)
    cut(own_file(places))
    library.mark([B], starred=True)
    assert set(Library(places).all_marks()) == {A, B}


def test_marks_that_were_deleted_come_back(library: Library, places: Places) -> None:
    library.mark([A], starred=True)
    own_file(places).unlink()
    fresh = Library(places)
    assert fresh.marks(A).starred
    assert "was gone; the marks of 1 paper were restored" in fresh.troubles[0]


def test_a_damaged_file_of_another_device_is_left_for_it_to_mend(library: Library, places: Places) -> None:
    theirs = places.marks / "desk-1a2b3c" / "2026-05.json"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"{")
    library.mark([A], starred=True)
    assert library.all_marks() == {A: Marks(starred=True)}
    assert theirs.read_bytes() == b"{"
    assert "The marks of desk-1a2b3c in 2026-05.json can't be read" in library.troubles[0]


def test_a_trouble_is_reported_once(library: Library, places: Places) -> None:
    theirs = places.marks / "desk-1a2b3c" / "2026-05.json"
    theirs.parent.mkdir(parents=True)
    for content in (b"{", b"{}}", b"{{"):
        theirs.write_bytes(content)
        library.all_marks()
        library.poll()
    assert len(library.troubles) == 1


NEWER = '{"_meta": {"1": {"checksum": "", "kind": "%s", "schema": 3, "more": 1}}, "%s": {"1": {"what": "ever"}}}'


def test_files_of_a_newer_version_are_left_alone(library: Library, places: Places, make_paper: MakePaper) -> None:
    """An old cron job beside a new reader renamed the whole cache away."""
    library.add([make_paper(1), make_paper(id="2411.00001")], "hf")
    day = DayRecord(source="hf", day=date(2026, 11, 20), state=DayState.COMPLETE, fetched_at="", ids=("2611.00001",))
    library.ledger.record(day)
    library.mark([A], starred=True)
    library.mark(["2611.00001"], starred=True)
    library.mute("keyword:x")
    newer = [(own_file(places), "marks"), (places.state / "device.json", "device")]
    newer += [(path, "papers") for path in places.papers.rglob("2611/*.json")]
    newer += [(path, "ledger") for path in places.ledger.glob("*.json")]
    newer += [(path, "history") for path in places.history.glob("*.json")]
    for path, kind in newer:
        path.write_text(NEWER % (kind, kind))
    fresh = Library(places)
    assert fresh.marks("2611.00001").starred
    assert not fresh.marks(A).starred
    assert fresh.rules().mute == ("keyword:x",)
    assert list(fresh.papers(["2611.00001", "2411.00001"])) == ["2411.00001"]
    assert fresh.ledger.day("hf", date(2026, 11, 20)) is None
    assert fresh.history.deeds() == []
    assert len(fresh.unreadable_files()) == 3
    for refused in (
        lambda: fresh.mark([A], read=True),
        lambda: fresh.add([make_paper(2)], "hf"),
        lambda: fresh.ledger.record(day),
    ):
        with pytest.raises(StoreError, match="was written by a newer paperdeck; update paperdeck to change it"):
            refused()
    fresh.mark(["2611.00001"], read=True)
    check(places)
    assert [path.read_text() for path, _ in newer] == [NEWER % (kind, kind) for _, kind in newer]
    assert not list(places.data.parent.rglob("*.damaged-*"))


# -- refusals --------------------------------------------------------------------------------------------------------


def test_a_full_disk_refuses_the_change_and_keeps_what_was_there(places: Places) -> None:
    library = Library(places)
    library.mark([A], starred=True)
    before = own_file(places).read_bytes()
    assert in_a_full_disk(places) == ["refused", "still there", "goes on"]
    assert own_file(places).read_bytes() != before
    assert Library(places).all_marks() == {A: Marks(starred=True), B: Marks(starred=True)}
    assert not list(places.data.rglob("*.tmp"))


FULL_DISK = """
import resource, signal, sys
from paperdeck.storage.library.maintenance import check
from paperdeck.storage.library.library import DayRecord, DayState, Library
from paperdeck.storage.settings.settings import Places
from paperdeck.storage.errors import StoreError

library = Library(Places.find({"PAPERDECK_HOME": sys.argv[1]}))
before = dict(library.all_marks())
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
try:
    library.mark(["2605.00002"], starred=True)
except StoreError as error:
    assert "was not saved: the disk or a limit leaves no room for it; free some space" in str(error), error
    print("refused")
if library.all_marks() == before and not library.poll() and library.undo is not None:
    print("still there")
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
if library.mark(["2605.00002"], starred=True).ids:
    print("goes on")
"""


def in_a_full_disk(places: Places) -> list[str]:
    command = [sys.executable, "-c", FULL_DISK, str(places.data.parent)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.fixture
def read_only(places: Places) -> Iterator[Callable[[Path], None]]:
    if os.geteuid() == 0:
        pytest.skip("nothing is read-only for the administrator")
    locked: list[Path] = []

    def lock(folder: Path) -> None:
        folder.chmod(0o500)
        locked.append(folder)

    yield lock
    for folder in locked:
        folder.chmod(0o700)


def test_a_read_only_folder_refuses_the_change(
    library: Library, places: Places, read_only: Callable[[Path], None]
) -> None:
    library.mark([A], starred=True)
    read_only(own_file(places).parent)
    with pytest.raises(StoreError, match="permission is denied"):
        library.mark([B], starred=True)
    assert library.all_marks() == {A: Marks(starred=True)}
    assert library.undo is not None


def test_a_vanished_folder_refuses_the_change_and_keeps_showing_the_marks(library: Library, places: Places) -> None:
    library.mark([A], starred=True)
    assert library.all_marks()
    away = places.data.with_name("unmounted")
    places.data.rename(away)
    with pytest.raises(StoreError, match=r"The folder of your marks, .* is gone; restore it"):
        library.mark([B], starred=True)
    assert not library.poll()
    assert library.all_marks() == {A: Marks(starred=True)}
    away.rename(places.data)
    library.mark([B], starred=True)
    assert set(Library(places).all_marks()) == {A, B}


def test_a_folder_that_is_missing_at_the_start_is_not_quietly_replaced(library: Library, places: Places) -> None:
    library.mark([A], starred=True)
    shutil.rmtree(places.data)
    fresh = Library(places)
    assert fresh.all_marks() == {A: Marks(starred=True)}
    assert "is gone" in fresh.troubles[0]
    with pytest.raises(StoreError, match="is gone"):
        fresh.mark([B], starred=True)
    assert not places.data.exists()


def test_a_refused_bulk_change_changes_no_month(
    library: Library, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = ["2605.00001", "2604.00001", "2603.00001"]
    library.mark(ids, note="before")
    replace = Path.replace

    def fail(path: Path, target: Path) -> Path:
        if "2604" in str(target) or "2026-04" in target.name:
            raise PermissionError(13, "Permission denied")
        return replace(path, target)

    writes = iter(range(100))

    def full(number: int) -> None:
        if next(writes) == 3:  # the history's file and folder, the first month, then no room for the second
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreError, match="disk is full"):
        library.mark(ids, note="after")
    monkeypatch.undo()
    assert {marks.note for marks in library.all_marks().values()} == {"before"}
    assert {marks.note for marks in Library(places).all_marks().values()} == {"before"}
    assert library.undo() is not None
    assert library.all_marks() == {}


# -- many at once ----------------------------------------------------------------------------------------------------


def test_threads_do_not_lose_each_others_changes(
    library: Library, places: Places, make_paper: MakePaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)

    def work(worker: int) -> None:
        for number in range(10):
            paper = make_paper(worker * 100 + number + 1)
            library.add([paper], "hf")
            library.mark([paper.id], starred=True, add_tags=[str(worker)])
            assert library.marks(paper.id).starred
            library.all_marks()
            library.poll()
            library.month("2026-11")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert len(library.all_marks()) == len(library.month("2026-11")) == 40
    assert Library(places).all_marks() == library.all_marks()


def test_a_star_does_not_wait_for_a_fetch(library: Library, places: Places) -> None:
    library.mark([A], starred=True)
    from filelock import FileLock

    with FileLock(str(places.locks / "papers.lock")):
        library.mark([B], starred=True)
    assert library.marks(B).starred


def test_a_lock_that_is_never_given_back_is_named(
    library: Library, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("paperdeck.storage.files.locks.PATIENCE_SECONDS", 0.05)
    places.locks.mkdir(parents=True)
    from filelock import FileLock

    with (
        FileLock(str(places.locks / "marks.lock")),
        pytest.raises(StoreError, match=r"Another paperdeck has held .*marks\.lock"),
    ):
        library.mark([A], starred=True)
    library.mark([A], starred=True)


def test_a_poll_of_a_quiet_library_opens_no_file(
    library: Library, make_paper: MakePaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add([make_paper(1)], "hf")
    library.mark([A], starred=True)
    library.all_marks()
    library.poll()
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("a file was opened"))
    assert not library.poll()


def test_a_file_that_another_program_is_writing_in_place_is_not_set_aside(
    library: Library, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.mark([A], starred=True)
    path, whole = own_file(places), own_file(places).read_bytes()
    path.write_bytes(whole[:50])
    monkeypatch.setattr(time, "sleep", lambda _: path.write_bytes(whole))
    assert Library(places).marks(A).starred
    assert not list(path.parent.glob("*.damaged-*"))
