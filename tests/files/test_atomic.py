"""Files are whole or not there, and memory never disagrees with the disk."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tinydb import TinyDB, where
from tinydb.table import Document

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.atomic import AtomicJSONStorage, remove_leftovers, transaction, write_file
from paperdeck.storage.files.documents import DocumentFile
from paperdeck.storage.files.sealed import Damaged

LINE = {"source": "hf", "day": "2026-11-20", "state": "empty", "fetched_at": "", "ids": [], "etag": None, "error": None}


@pytest.fixture
def file(tmp_path: Path) -> DocumentFile:
    return DocumentFile(tmp_path / "folder" / "hf-2026.json", "ledger")


def put(file: DocumentFile, number: int, **changes: Any) -> None:
    with transaction(file.storage):
        file.replace([(number, LINE | changes)])


def test_the_stock_tinydb_reads_what_we_write(file: DocumentFile) -> None:
    put(file, 1, error="ours")
    with TinyDB(file.storage.path) as stock:
        assert stock.table("ledger").all() == [LINE | {"error": "ours"}]


def test_we_read_what_the_stock_tinydb_writes(file: DocumentFile) -> None:
    put(file, 1)
    with TinyDB(file.storage.path) as stock:
        stock.table("ledger").update({"error": "theirs"}, doc_ids=[1])
        stock.table("ledger").insert(Document(LINE, 2))
    assert [document["error"] for document in file] == ["theirs", None]


def test_the_storage_serves_any_query_of_tinydb(tmp_path: Path) -> None:
    with TinyDB(tmp_path / "hf-2026.json", "ledger", storage=AtomicJSONStorage) as database:
        table = database.table("ledger")
        table.insert_multiple([LINE | {"source": "hf"}, LINE | {"source": "arxiv:cs.CL"}])
        table.update({"etag": "x"}, where("source") == "hf")
        assert table.get(where("source") == "hf") == LINE | {"etag": "x"}
        assert table.remove(where("source") == "hf") == [1]
        assert len(table) == 1


def test_a_file_is_parsed_once_while_it_stays_the_same(file: DocumentFile, monkeypatch: pytest.MonkeyPatch) -> None:
    put(file, 1)
    other = DocumentFile(file.storage.path, "ledger")
    assert other.get(1) == LINE
    monkeypatch.setattr("paperdeck.storage.files.atomic.decode", lambda *_: pytest.fail("it was parsed again"))
    assert other.get(1) == LINE


def test_a_change_by_another_process_is_seen(file: DocumentFile) -> None:
    put(file, 1)
    other = DocumentFile(file.storage.path, "ledger")
    assert other.get(1) == LINE
    put(file, 1, error="new")
    document = other.get(1)
    assert document is not None
    assert document["error"] == "new"


def test_a_file_that_is_gone_is_empty(file: DocumentFile) -> None:
    put(file, 1)
    file.storage.path.unlink()
    assert list(file) == []


def test_a_damaged_file_is_told_apart_from_an_empty_one(file: DocumentFile) -> None:
    put(file, 1)
    file.storage.path.write_bytes(b"")
    with pytest.raises(Damaged, match="is empty"):
        list(file)


def test_several_operations_are_one_write(file: DocumentFile, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr("os.fsync", synced.append)
    put(file, 1)
    assert len(synced) == 2  # the file and its folder


def test_an_error_within_a_transaction_leaves_all_as_it_was(file: DocumentFile) -> None:
    put(file, 1)
    with pytest.raises(ZeroDivisionError), transaction(file.storage):
        file.replace([(1, LINE | {"error": "half"})])
        raise ZeroDivisionError
    assert file.get(1) == LINE


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO, errno.EDQUOT, errno.EFBIG, 9999])
@pytest.mark.parametrize("call", ["fsync", "replace", "open"])
def test_a_refused_write_changes_nothing_and_says_why(
    file: DocumentFile, monkeypatch: pytest.MonkeyPatch, code: int, call: str
) -> None:
    put(file, 1)
    with monkeypatch.context() as patch:
        refuse(patch, call, code)
        with pytest.raises(StoreError, match="was not saved: "):
            put(file, 1, error="refused")
    assert file.get(1) == LINE
    assert [path.name for path in file.storage.path.parent.iterdir()] == ["hf-2026.json"]


def refuse(patch: pytest.MonkeyPatch, call: str, code: int) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise OSError(code, os.strerror(code))

    only_for: dict[str, tuple[Any, str]] = {
        "fsync": (os, "fsync"),
        "replace": (Path, "replace"),
        "open": (Path, "open"),
    }
    target, name = only_for[call]
    original: Callable[..., Any] = getattr(target, name)
    reads = call == "open"
    patch.setattr(target, name, lambda *a, **k: original(*a, **k) if reads and "rb" in a else fail())


def test_two_files_change_together_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = DocumentFile(tmp_path / "a.json", "ledger"), DocumentFile(tmp_path / "b.json", "ledger")
    synced = iter([None, OSError(errno.ENOSPC, "No space left on device")])
    with pytest.raises(StoreError, match="disk is full"), transaction(first.storage, second.storage):
        first.replace([(1, LINE)])
        second.replace([(1, LINE)])
        monkeypatch.setattr("os.fsync", lambda _: raise_if(next(synced)))
    assert list(first) == list(second) == []
    assert list(tmp_path.iterdir()) == [tmp_path / "home"]


def raise_if(error: OSError | None) -> None:
    if error:
        raise error


def test_what_killed_writers_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".a.json.1-ffff.tmp").write_text("half")
    (tmp_path / "a.json").write_text("whole")
    assert remove_leftovers(tmp_path) == 1
    assert (tmp_path / "a.json").exists()


def test_a_whole_file_is_replaced_durably(tmp_path: Path) -> None:
    write_file(tmp_path / "x", b"one")
    write_file(tmp_path / "x", b"two")
    assert (tmp_path / "x").read_bytes() == b"two"
    with pytest.raises(StoreError, match="its folder is gone"):
        write_file(tmp_path / "nowhere" / "x", b"three")


def test_a_file_begins_with_what_it_is(file: DocumentFile) -> None:
    put(file, 1)
    tables = json.loads(file.storage.path.read_bytes())
    assert list(tables) == ["_meta", "ledger"]
    assert tables["_meta"]["1"].keys() == {"checksum", "kind", "schema"}
