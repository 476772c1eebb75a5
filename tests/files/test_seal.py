"""A file that is not whole is never taken for one that is."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from paperdeck.storage.files.sealed import SCHEMA, Damaged, Newer, Tables, decode, encode, is_current
from paperdeck.storage.library.journal.registers import MARKS
from paperdeck.storage.library.paper_documents import PAPERS
from tests.support.examples import examples

STAMP = "001795398295382.000000.laptop-1a2b3c"


def marks(*numbers: int) -> Tables:
    documents = {f"2605{n:05}": {"id": f"2605.{n:05}", "starred": [True, STAMP], "note": ["é", STAMP]} for n in numbers}
    return {"marks": documents}


def sealed(tables: Tables) -> bytes:
    return b"".join(encode(MARKS, tables.get("marks", {})))


WHOLE = sealed(marks(*range(1, 30)))


def content(data: bytes) -> Any:
    return decode(MARKS, data).documents


def test_what_was_written_is_read() -> None:
    assert content(sealed(marks(1, 2))) == marks(1, 2)["marks"]
    assert content(sealed({})) == {}


@given(some.integers(0, len(WHOLE) - 1), some.integers(0, 7))
@settings(max_examples=examples(300))
def test_a_flipped_bit_never_shows_anything_wrong(at: int, bit: int) -> None:
    damaged = bytearray(WHOLE)
    damaged[at] ^= 1 << bit
    with suppress(Damaged):
        assert content(bytes(damaged)) == content(WHOLE)


@given(some.integers(0, len(WHOLE) - 1))
def test_a_truncated_file_is_damaged(at: int) -> None:
    with pytest.raises(Damaged):
        decode(MARKS, WHOLE[:at])


@given(some.integers(0, len(WHOLE) - 512))
def test_a_zeroed_sector_counts_as_damage(at: int) -> None:
    with pytest.raises(Damaged):
        decode(MARKS, WHOLE[:at] + bytes(512) + WHOLE[at + 512 :])


@pytest.mark.parametrize(
    "tables",
    [
        [],
        "text",
        {"marks": []},
        {"marks": {"1": 5}},
        {"marks": {"x": {"id": "2605.00001"}}},
        {"marks": {"1": {"id": "2605.00001", "starred": True}}, "other": {"1": {}}},
        {"_meta": {"1": {"checksum": "", "kind": "papers", "schema": 2}}, "marks": {}},
        {"_meta": {"1": {"checksum": "", "kind": "marks"}}, "marks": {}},
        {"_meta": {"1": {"checksum": "", "kind": "marks", "schema": "2"}}, "marks": {}},
    ],
)
@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
def test_another_shape_is_damage(tables: Any, separators: tuple[str, str]) -> None:
    with pytest.raises(Damaged):
        decode(MARKS, json.dumps(tables, separators=separators).encode())


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "../../etc"},
        {"id": "2605.00001", "read": 1},
        {"id": "2605.00001", "tags": ["a"]},
        {"id": "2605.00001", "starred": ["yes", STAMP]},
        {"id": "2605.00001", "starred": [True, "zzz"]},
        {"id": ["2605.00001"]},
        {"read": [True, STAMP]},
        {},
    ],
)
@pytest.mark.parametrize("is_sealed", [True, False])
def test_a_document_of_a_wrong_shape_is_left_out(wrong: dict[str, Any], is_sealed: bool) -> None:
    """A seal says that the bytes are whole, not that they make sense."""
    data = sealed({"marks": {"1": wrong} | marks(2)["marks"]})
    found = decode(MARKS, data if is_sealed else json.dumps(json.loads(data)).encode())
    assert (found.left_out, list(found.documents)) == (1, ["260500002"])


def test_json_nested_without_end_is_damage() -> None:
    with pytest.raises(Damaged):
        decode(MARKS, b'{"marks":' * 100_000)


def test_a_newer_version_is_not_read() -> None:
    about = {"checksum": "", "kind": "marks", "schema": SCHEMA + 1}
    with pytest.raises(Newer, match="update paperdeck"):
        decode(MARKS, json.dumps({"_meta": {"1": about}, "marks": {}}).encode())


def test_a_file_of_another_kind_is_not_read() -> None:
    with pytest.raises(Damaged, match="is not a file of papers"):
        decode(PAPERS, WHOLE)


def test_what_another_program_wrote_is_read_if_its_shape_is_right() -> None:
    tables = json.loads(WHOLE)
    tables["marks"]["260500001"]["starred"][0] = False
    written = json.dumps(tables).encode()
    assert content(written)["260500001"]["starred"] == [False, STAMP]
    assert is_current(WHOLE)
    assert not is_current(written)


def test_a_script_that_lets_tinydb_count_ends_up_under_the_right_number() -> None:
    tables = marks(1)
    tables["marks"]["1"] = {"id": "2605.00001", "read": [True, STAMP]}
    found = content(json.dumps(tables).encode())
    assert found == {"260500001": marks(1)["marks"]["260500001"] | {"read": [True, STAMP]}}
