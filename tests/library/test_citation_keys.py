"""A key is given once and remembered, whoever asks; two papers never have the same (B10 and D1 of truth)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paperdeck.storage.files.small import write_json
from paperdeck.storage.library.citation_keys import citation_keys
from paperdeck.storage.library.library import Library
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


def test_devices_that_share_a_folder_agree_when_they_meet(places: Places) -> None:
    folder = places.data / "keys"
    write_json(folder / "one.json", {"2401.00001": ["lovelace2024sheep", 5.0]})
    write_json(folder / "two.json", {"2401.00002": ["lovelace2024sheep", 4.0], "no id": 7, "2401.00003": ["x", "y"]})
    keys = citation_keys(Library(places), PAPERS)
    assert keys["2401.00002"] == "lovelace2024sheep"
    assert len(set(keys.values())) == 5


def test_the_key_of_an_imported_record_is_the_papers(places: Places) -> None:
    own = Paper(id="2401.00009", title="T", record=(("@key", "vaswani18"),))
    assert citation_keys(Library(places), [own]) == {"2401.00009": "vaswani18"}


def test_the_real_paper_has_the_key_that_the_local_one_had(places: Places) -> None:
    local = Paper(id="local-undated-0123456789ab", title="Sheep", authors=("Ada Lovelace",))
    before = citation_keys(Library(places), [local])[local.id]
    real = Paper(id="2401.00001", title="Sheep", authors=("Ada Lovelace",), same_as=(local.id,))
    assert citation_keys(Library(places), [real])[real.id] == before


def test_a_damaged_file_or_a_read_only_folder_stops_no_citation(places: Places, tmp_path: Path) -> None:
    (places.data / "keys").mkdir(parents=True)
    (places.data / "keys" / "one.json").write_text("{")
    assert citation_keys(Library(places), PAPERS[:1]) == {"2401.00001": "lovelace2024sheep"}
