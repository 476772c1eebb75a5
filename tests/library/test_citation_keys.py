"""A key is given once and remembered, whoever asks; two papers never have the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.sealed import write_sealed
from paperdeck.storage.files.small import write_json
from paperdeck.storage.library.citation_keys import citation_keys
from paperdeck.storage.library.journal.registers import KEYS, MARKS
from paperdeck.storage.library.library import Library
from paperdeck.storage.library.maintenance import check, restore_backup, write_backup
from paperdeck.storage.paper import Paper
from paperdeck.storage.settings.places import Places
from tests.support.examples import examples

PAPERS = [
    Paper(id=f"2401.0000{number}", title="Sheep", authors=("Ada Lovelace",), published=date(2024, 1, 1))
    for number in range(1, 6)
]


def test_entries_that_are_copied_one_by_one_do_not_collide(places: Places) -> None:
    keys = [citation_keys(Library(places), [paper])[paper.id] for paper in reversed(PAPERS)]
    assert keys[0] == "lovelace2024sheep"
    assert len(set(keys)) == 5
    together = citation_keys(Library(places), PAPERS)
    assert [together[paper.id] for paper in reversed(PAPERS)] == keys


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(20))
@given(calls=st.lists(st.lists(st.sampled_from(range(5)), min_size=1, max_size=3), max_size=6))
def test_no_order_of_calls_gives_one_key_to_two_papers(
    tmp_path_factory: pytest.TempPathFactory, calls: list[list[int]]
) -> None:
    places = Places.find({"PAPERDECK_HOME": str(tmp_path_factory.mktemp("keys"))})
    given_before: dict[str, str] = {}
    for call in calls:
        keys = citation_keys(Library(places), [PAPERS[number] for number in call])
        assert all(given_before.get(paper_id, key) == key for paper_id, key in keys.items())
        given_before |= keys
    assert len(set(given_before.values())) == len(given_before)


def key_file(places: Places) -> Path:
    """The file of keys of this device."""
    (path,) = places.marks.glob("*/keys.json")
    return path


def from_device(places: Places, device: str, keys: Mapping[str, tuple[str, int]]) -> Path:
    """Put another device's file of keys, with the second of each, into the folder."""
    stamps = {f"{paper_id} {key}": f"{1000 * at:015}.000000.{device}" for paper_id, (key, at) in keys.items()}
    path = places.marks / device / "keys.json"
    write_sealed(path, MARKS, {"2": {"id": KEYS, "key": {name: [True, at] for name, at in stamps.items()}}})
    return path


def test_devices_that_share_a_folder_agree_when_they_meet(places: Places) -> None:
    from_device(places, "one", {"2401.00001": ("lovelace2024sheep", 5)})
    from_device(places, "two", {"2401.00002": ("lovelace2024sheep", 4)})
    keys = citation_keys(Library(places), PAPERS)
    assert keys["2401.00002"] == "lovelace2024sheep"
    assert len(set(keys.values())) == 5


def test_keys_of_an_earlier_version_are_taken_over(places: Places) -> None:
    folder = places.data / "keys"
    library = Library(places)
    own, others = folder / f"{library.files.device.name(library.files.clock())}.json", folder / "two.json"
    write_json(own, {"2401.00001": ["lovelace2024sheep", 5.0], "2401.00004": ["a,b", 1], "x": 10**400})
    write_json(others, {"2401.00002": ["lovelace2024sheep", 4.0], "2401.00003": ["x", 10**400]})
    keys = citation_keys(library, PAPERS)
    assert (keys["2401.00002"], keys["2401.00001"]) == ("lovelace2024sheep", "lovelace2024sheepb")
    assert (own.exists(), others.exists()) == (False, True), "no device deletes another's file"
    others.unlink()
    assert citation_keys(Library(places), PAPERS) == keys
    from_device(places, "three", {"2401.00009": ("lovelace2024sheep", 5)})
    assert citation_keys(Library(places), PAPERS) == keys, "taken over with the time at which it was given"


def test_a_damaged_file_of_an_earlier_version_changes_no_key_and_is_named(places: Places) -> None:
    """`cite` printed another key while it was there, and the doctor said “ok”."""
    others = places.data / "keys" / "two.json"
    keys = citation_keys(Library(places), [PAPERS[1]]) | citation_keys(Library(places), [PAPERS[0]])
    others.parent.mkdir()
    others.write_text("{")
    library = Library(places)
    assert citation_keys(library, PAPERS[:2]) == keys
    assert not library.troubles
    assert keys.items() <= citation_keys(library, PAPERS).items()
    complaint = f"{others} is not complete JSON; put it back or delete it."
    assert library.troubles == [f"New citation keys are not remembered: {complaint}"]
    report = check(places)
    assert (report.state, report.left) == ("damaged", (complaint,))
    others.write_text('{"form": 99}')
    assert check(places).left == (f"{others} was written by a newer paperdeck; update paperdeck.",)
    others.unlink()
    assert len(set(citation_keys(Library(places), PAPERS).values())) == 5


@pytest.mark.parametrize("cut", [0, 60, -1])
def test_a_damaged_file_is_set_aside_and_restored_with_a_message(places: Places, cut: int) -> None:
    before = citation_keys(Library(places), [PAPERS[2]]) | citation_keys(Library(places), [PAPERS[0]])
    key_file(places).write_bytes(key_file(places).read_bytes()[:cut])
    library = Library(places)
    after = citation_keys(library, PAPERS)
    assert before.items() <= after.items()
    assert "your citation keys were restored from the newest good backup" in " ".join(library.troubles)
    assert list(key_file(places).parent.glob("keys.json.damaged-*"))


def test_the_doctor_checks_and_mends_the_file(places: Places) -> None:
    before = citation_keys(Library(places), PAPERS[:2])
    key_file(places).write_bytes(b"{")
    report = check(places)
    assert (report.state, report.marks) == ("repaired", 0)
    assert "your citation keys were restored" in report.repaired[0]
    assert check(places).state == "ok"
    assert citation_keys(Library(places), PAPERS[:2]) == before


def test_no_key_is_stored_while_those_of_another_device_cannot_be_read(places: Places) -> None:
    own = citation_keys(Library(places), [PAPERS[0]])
    ours = key_file(places)
    theirs = from_device(places, "two", {"2401.00002": ("lovelace2024sheepb", 4)})
    whole, stored = theirs.read_bytes(), ours.read_bytes()
    theirs.write_bytes(whole[:-9])
    library = Library(places)
    assert citation_keys(library, [PAPERS[0]]) == own
    citation_keys(library, [PAPERS[2]])
    assert library.unreadable_files()
    assert "new keys are not remembered" in " ".join(library.troubles)
    assert (ours.read_bytes(), theirs.read_bytes()) == (stored, whole[:-9])
    theirs.write_bytes(whole)
    assert citation_keys(Library(places), PAPERS[1:3])["2401.00002"] == "lovelace2024sheepb"


@pytest.mark.parametrize(
    "key", ["a,title={\\immediate\\write18{x}}}", "b\x1b]0;pwn\x07", "", "a\u202eb", "\nb", "k" * 1000, "a b"]
)
def test_text_of_another_device_that_is_not_a_key_reaches_nothing(places: Places, key: str) -> None:
    from_device(places, "two", {"2401.00001": (key, 4)})
    write_json(places.data / "keys" / "old.json", {"2401.00001": [key, 1.0]})
    assert citation_keys(Library(places), PAPERS[:1]) == {"2401.00001": "lovelace2024sheep"}


def test_known_keys_need_no_writable_disk(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise StoreError("X was not saved: the disk is full.")

    before = citation_keys(Library(places), PAPERS[1:2]) | citation_keys(Library(places), PAPERS[:1])
    monkeypatch.setattr("paperdeck.storage.files.documents.write_files", full)
    library = Library(places)
    assert citation_keys(library, PAPERS[:2]) == before
    assert not library.troubles
    assert len(set(citation_keys(library, PAPERS).values())) == 5
    assert library.troubles == ["New citation keys are not remembered: X was not saved: the disk is full."]


def test_a_backup_holds_the_keys_and_undoing_its_restoration_harms_none(
    places: Places, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = citation_keys(Library(places), PAPERS[1:2]) | citation_keys(Library(places), PAPERS[:1])
    Library(places).record_follow_starts({"hf": date(2026, 11, 14)})
    assert write_backup(Library(places), tmp_path / "marks.json") == 0
    elsewhere = Library(Places.find({"PAPERDECK_HOME": str(tmp_path_factory.mktemp("elsewhere"))}))
    assert restore_backup(elsewhere, tmp_path / "marks.json").ids == ()
    assert citation_keys(elsewhere, PAPERS[:2]) == before
    elsewhere.undo()
    assert not elsewhere.follow_starts()
    after = Library(elsewhere.places)
    assert before.items() <= citation_keys(after, PAPERS).items(), "a document may have them by now"
    assert not (after.follow_starts() or after.troubles)


def test_the_key_of_an_imported_record_is_the_papers(places: Places) -> None:
    own = Paper(id="2401.00009", title="T", record=(("@key", "vaswani18"),))
    assert citation_keys(Library(places), [own]) == {"2401.00009": "vaswani18"}


def test_the_overlong_key_of_a_record_is_shortened_and_stays_with_the_paper(places: Places) -> None:
    own = [Paper(id=f"2401.0000{number}", title="T", record=(("@key", "k" * 1000),)) for number in (8, 9)]
    assert citation_keys(Library(places), own) == {"2401.00008": "k" * 200, "2401.00009": "k" * 200 + "b"}
    stored = key_file(places).read_bytes()
    citation_keys(Library(places), own)
    assert key_file(places).read_bytes() == stored


def test_the_real_paper_has_the_key_that_the_local_one_had(places: Places) -> None:
    local = Paper(id="local-undated-0123456789ab", title="Sheep", authors=("Ada Lovelace",))
    before = citation_keys(Library(places), [local])[local.id]
    real = Paper(id="2401.00001", title="Sheep", authors=("Ada Lovelace",), same_as=(local.id,))
    assert citation_keys(Library(places), [real])[real.id] == before


def test_a_damaged_file_of_an_earlier_version_stops_no_citation_and_stays(places: Places) -> None:
    (places.data / "keys").mkdir(parents=True)
    (places.data / "keys" / "one.json").write_text("{")
    library = Library(places)
    assert citation_keys(library, PAPERS[:1]) == {"2401.00001": "lovelace2024sheep"}
    assert "one.json is not complete JSON; put it back or delete it." in library.troubles[0]
    assert (places.data / "keys" / "one.json").read_text() == "{"
