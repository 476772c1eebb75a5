"""Marks merge to the same whatever the order in which devices' files arrive."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from paperdeck.storage.errors import StoreError
from paperdeck.storage.library.journal.registers import (
    BEFORE_ALL,
    document_of,
    is_stamp,
    marks_of,
    merge,
    next_stamp,
    origin_of,
    registers_of,
    value_of,
)
from paperdeck.storage.paper import Marks
from paperdeck.storage.text.clean import clean_tag

stamps = some.builds("{:015}.{:06}.{}".format, some.integers(0, 3), some.integers(0, 1), some.sampled_from(["a", "b"]))
flags = some.lists(some.booleans(), min_size=1, max_size=1)
registers = some.builds(lambda value, stamp: [value, stamp], some.booleans(), stamps) | some.builds(
    lambda value, stamp, origin: [value, stamp, origin], some.booleans(), stamps, stamps | some.just("")
)
papers = some.dictionaries(some.sampled_from(["read", "starred", "hidden", "#thesis", "#to-read"]), registers)


@given(papers, papers)
def test_merging_is_commutative(one: dict, other: dict) -> None:  # type: ignore[type-arg]
    assert merge([one, other]) == merge([other, one])


@given(papers, papers, papers)
def test_merging_is_associative(one: dict, two: dict, three: dict) -> None:  # type: ignore[type-arg]
    assert merge([merge([one, two]), three]) == merge([one, merge([two, three])])


@given(papers, papers)
def test_merging_twice_changes_nothing(one: dict, other: dict) -> None:  # type: ignore[type-arg]
    assert merge([merge([one, other]), other, one]) == merge([one, other])


@given(papers)
def test_a_document_holds_all_registers(paper: dict) -> None:  # type: ignore[type-arg]
    assert registers_of(document_of("2605.00001", paper)) == paper


def test_the_later_value_wins() -> None:
    early, late = [True, next_stamp(1, "b")], [False, next_stamp(2, "a")]
    assert merge([{"read": late}, {"read": early}]) == {"read": late}


@given(some.dictionaries(some.text(some.sampled_from(" #-ab\x1b[m\u00a0\u200b\u202e")), registers, max_size=4))
def test_names_that_look_alike_are_one_name(tags: dict) -> None:  # type: ignore[type-arg]
    """Another device may have written any name; the one that is shown can be changed."""
    shown = registers_of({"id": "2605.00001", "tags": tags})
    assert all(f"#{clean_tag(field[1:])}" == field for field in shown)
    assert registers_of(document_of("2605.00001", shown)) == shown
    removed = {field: [False, next_stamp(4, "z")] for field in shown}
    assert marks_of(merge([registers_of({"id": "2605.00001", "tags": tags}), removed])) == Marks()


def test_among_names_that_look_alike_the_newer_counts() -> None:
    old, new = [True, next_stamp(1, "a")], [False, next_stamp(2, "a")]
    for views in ({"A\u00a0b": old, "A b": new}, {"A b": new, "A\u00a0b": old}):
        assert registers_of({"id": "rules", "mute": views}) == {"mute A b": new}


def test_fields_are_merged_one_by_one() -> None:
    one = {"read": [True, next_stamp(1, "a")], "#x": [True, next_stamp(9, "a")]}
    other = {"read": [False, next_stamp(2, "b")], "note": ["n", next_stamp(1, "b")], "#x": [False, next_stamp(3, "b")]}
    assert marks_of(merge([one, other])) == Marks(note="n", tags=frozenset({"x"}))


def test_a_new_stamp_is_greater_than_those_it_replaces() -> None:
    ahead = next_stamp(4_000_000_000, "wrong-clock")
    answer = next_stamp(1_800_000_000, "a", [ahead, next_stamp(1, "b")])
    assert answer > ahead
    assert next_stamp(1_800_000_000, "b", [answer]) > answer


@given(some.floats(0, 2e11), some.lists(stamps, max_size=3))
def test_every_stamp_is_well_formed_and_the_greatest(now: float, seen: list[str]) -> None:
    stamp = next_stamp(now, "laptop-1a2b3c", seen)
    assert is_stamp(stamp)
    assert all(stamp > other for other in seen)


def test_a_full_counter_goes_on_with_the_next_millisecond() -> None:
    assert next_stamp(0, "a", ["000000000000005.999999.b"]) == "000000000000006.000000.a"


def test_stamps_that_no_device_made_are_refused() -> None:
    assert is_stamp(BEFORE_ALL)
    for text in ("", "yesterday", "zzz", "٠٠٠٠٠٠٠٠٠٠٠٠٠٠٥.000000.a", "000000000000005.000000.", 5, None):
        assert not is_stamp(text)


@pytest.mark.parametrize("time", ["253402300799999.999999", "999999999999999.999999", "007258118400000.000001"])
def test_a_stamp_that_no_clock_made_cannot_lock_a_field(time: str) -> None:
    """The value is shown until somebody changes it."""
    known = registers_of({"id": "2605.00001", "starred": [True, f"{time}.desk-1a2b3c"]})
    assert value_of(known, "starred") is True
    stamp = next_stamp(1_800_000_000, "laptop-1a2b3c", [known["starred"][1]])
    assert is_stamp(stamp)
    changed = registers_of({"id": "2605.00001", "starred": [False, stamp]})
    assert merge([known, changed]) == changed


late = some.integers(7_226_496_000_000, 7_258_118_400_001) | some.just(7_258_118_399_999)
counts = some.integers(0, 999_999) | some.just(999_999)


@given(some.builds("{:015}.{:06}.desk-1a2b3c".format, late, counts))
@example("007258118399999.999999.desk-1a2b3c")
def test_a_change_counts_or_is_refused(stamp: str) -> None:
    """The last stamp of all has none after it."""
    known = registers_of({"id": "2605.00001", "note": ["theirs", stamp]})
    try:
        answer = next_stamp(1_800_000_000, "laptop-1a2b3c", [known["note"][1]])
    except StoreError as error:
        assert "desk-1a2b3c" in str(error)
        assert stamp == "007258118399999.999999.desk-1a2b3c"
    else:
        mine = registers_of({"id": "2605.00001", "note": ["mine", answer]})
        assert merge([known, mine]) == mine


@given(some.floats(0, 1e18))
def test_whatever_a_clock_says_its_stamps_count(now: float) -> None:
    """Also those that are made to replace them."""
    first = next_stamp(now, "laptop-1a2b3c")
    second = next_stamp(0, "desk-1a2b3c", [first])
    assert registers_of({"id": "2605.00001", "read": [True, second]}) == {"read": [True, second]}
    assert second > first


def test_what_was_never_set_has_a_value_and_no_origin() -> None:
    assert value_of({}, "read") is False
    assert value_of({}, "note") == ""
    assert value_of({}, "#x") is False
    assert origin_of(None) == ""
    assert origin_of([True, "now", "then"]) == "then"
