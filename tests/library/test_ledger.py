"""The ledger knows what was asked of each source for each day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tinydb import TinyDB

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.library.library import DayRecord, DayState, Library
from paperdeck.storage.settings.settings import Places

DAY = date(2026, 11, 20)
RECORD = DayRecord(
    source="hf",
    day=DAY,
    state=DayState.COMPLETE,
    fetched_at="2026-11-21T06:00:00Z",
    ids=("2611.00002", "2611.00001"),
    etag="x",
)


@pytest.fixture
def library(places: Places) -> Library:
    return Library(places)


def test_a_day_comes_back_as_it_was_recorded(library: Library, places: Places) -> None:
    library.ledger.record(RECORD)
    assert Library(places).ledger.day("hf", DAY) == RECORD
    assert library.ledger.day("hf", DAY - timedelta(1)) is None
    assert library.ledger.day("arxiv:cs.CL", DAY) is None


def test_days_come_oldest_first_over_all_years(library: Library) -> None:
    days = [date(2027, 1, 1), date(2025, 3, 4), DAY]
    for day in days:
        library.ledger.record(replace(RECORD, day=day))
    assert list(library.ledger.days("hf")) == sorted(days)
    assert library.ledger.days("nobody") == {}


def test_many_days_are_recorded_at_once_and_the_last_word_on_one_holds(library: Library) -> None:
    library.ledger.record(RECORD)
    lines = [replace(RECORD, day=DAY - timedelta(n), ids=("2611.00003",)) for n in range(400)]
    library.ledger.record(*lines, replace(RECORD, state=DayState.PARTIAL, ids=()))
    assert len(library.ledger.days("hf")) == 400
    assert library.ledger.day("hf", DAY) == replace(RECORD, state=DayState.PARTIAL)


@pytest.mark.parametrize("source", ["hf", "arxiv:cs.CL", "arxiv:q-bio.NC", "../../x", "a b/c%2026-", "hf-2025"])
def test_any_name_of_a_source_is_safe(library: Library, places: Places, source: str) -> None:
    library.ledger.record(replace(RECORD, source=source))
    assert library.ledger.sources() == [source]
    assert list(library.ledger.days(source)) == [DAY]
    [path] = places.ledger.iterdir()
    assert path.suffix == ".json"


@pytest.mark.parametrize("source", ["", "x" * 101])
def test_a_source_has_a_name(library: Library, source: str) -> None:
    with pytest.raises(InvalidInput):
        library.ledger.record(replace(RECORD, source=source))


def test_sources_whose_names_begin_alike_are_kept_apart(library: Library) -> None:
    library.ledger.record(RECORD)
    library.ledger.record(replace(RECORD, source="hf-2026", day=DAY + timedelta(1)))
    assert list(library.ledger.days("hf")) == [DAY]
    assert library.ledger.sources() == ["hf", "hf-2026"]


def test_fewer_results_delete_nothing(library: Library) -> None:
    library.ledger.record(RECORD)
    library.ledger.record(
        replace(RECORD, ids=("2611.00003", "2611.00001"), state=DayState.PARTIAL, error="It stopped.")
    )
    record = library.ledger.day("hf", DAY)
    assert record is not None
    assert record.ids == ("2611.00003", "2611.00001", "2611.00002")
    assert (record.state, record.error) == (DayState.PARTIAL, "It stopped.")


def test_a_damaged_year_is_set_aside_and_asked_for_again(library: Library, places: Places) -> None:
    library.ledger.record(RECORD)
    path = places.ledger / "hf-2026.json"
    path.write_bytes(bytes(path.stat().st_size))
    assert library.ledger.days("hf") == {}
    assert "its days are fetched again" in library.troubles[0]
    assert len(list(path.parent.glob("*.damaged-*"))) == 1
    library.ledger.record(RECORD)
    assert library.ledger.day("hf", DAY) == RECORD


def test_the_stock_tinydb_shows_the_same_days(library: Library, places: Places) -> None:
    library.ledger.record(RECORD)
    with TinyDB(places.ledger / "hf-2026.json") as stock:
        assert stock.table("ledger").get(doc_id=20261120)["ids"] == list(RECORD.ids)  # type: ignore[index, call-overload]


def test_the_newest_day_is_answered_from_memory_between_polls(
    library: Library, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each star and each key in the filter box read the ledger."""
    library.ledger.record(RECORD)
    library.poll()
    assert (library.ledger.newest("hf"), library.ledger.sources()) == (RECORD, ["hf"])
    with monkeypatch.context() as patch:
        patch.setattr("os.scandir", lambda _: pytest.fail("a folder was looked at"))
        patch.setattr(Path, "stat", lambda _: pytest.fail("a file was looked at"))
        found = library.ledger.newest("hf"), library.ledger.sources()
    assert found == (RECORD, ["hf"])
    later = [replace(RECORD, day=DAY + timedelta(days)) for days in (1, 2)]
    Library(places).ledger.record(later[0])
    library.poll()
    assert library.ledger.newest("hf") == later[0]
    library.ledger.record(later[1])
    assert library.ledger.newest("hf") == later[1]
