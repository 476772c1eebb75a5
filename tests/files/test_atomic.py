"""Files are whole or not there, and memory never disagrees with the disk."""

from __future__ import annotations

import errno
import json
import os
import stat
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tinydb import TinyDB, where
from tinydb.table import Document

from paperdeck.storage.digest.delivery.sent import Sent, SentLog
from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.disk import make_folder, remove_leftovers, write_file
from paperdeck.storage.files.documents import DocumentFiles, Troubles
from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.files.output import write_output
from paperdeck.storage.files.sealed import Damaged, DocumentFile, FileKind, SealedStorage
from paperdeck.storage.files.small import read_json, write_json
from paperdeck.storage.settings.places import Places

LINE = {"text": "a line"}
LINES = FileKind("lines", lambda document: isinstance(document.get("text"), str))


@pytest.fixture
def files(tmp_path: Path) -> DocumentFiles:
    return DocumentFiles(LINES, 1_000_000, WriterLock(tmp_path / "lock"), time.time, Troubles())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "x.json"


def put(files: DocumentFiles, path: Path, number: int, **changes: Any) -> None:
    with files.writing(path) as (file,):
        file.replace([(number, LINE | changes)])


def texts(files: DocumentFiles, path: Path) -> list[str]:
    return [document["text"] for document in files.take(path, DocumentFile.documents)]


def test_the_stock_tinydb_reads_what_we_write(files: DocumentFiles, path: Path) -> None:
    put(files, path, 1, text="ours")
    with TinyDB(path) as stock:
        assert stock.table("lines").all() == [{"text": "ours"}]


def test_we_read_what_the_stock_tinydb_writes(files: DocumentFiles, path: Path) -> None:
    put(files, path, 1)
    with TinyDB(path) as stock:
        stock.table("lines").update({"text": "theirs"}, doc_ids=[1])
        stock.table("lines").insert(Document(LINE, 2))
    assert texts(files, path) == ["theirs", "a line"]


def test_the_storage_serves_any_query_of_tinydb(path: Path) -> None:
    with TinyDB(path, LINES, storage=SealedStorage) as database:
        table = database.table("lines")
        table.insert_multiple([{"text": "one"}, {"text": "two"}])
        table.update({"more": "x"}, where("text") == "one")
        assert table.get(where("text") == "one") == {"text": "one", "more": "x"}
        assert table.remove(where("text") == "one") == [1]
        assert len(table) == 1


def test_a_file_is_parsed_once_while_it_stays_the_same(
    files: DocumentFiles, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(files, path, 1)
    monkeypatch.setattr("paperdeck.storage.files.sealed.decode", lambda *_: pytest.fail("it was parsed again"))
    assert texts(files, path) == ["a line"]


def test_a_change_by_another_process_is_seen(files: DocumentFiles, path: Path, tmp_path: Path) -> None:
    put(files, path, 1)
    other = DocumentFiles(LINES, 1_000_000, WriterLock(tmp_path / "lock"), time.time, Troubles())
    assert texts(other, path) == ["a line"]
    put(files, path, 1, text="new")
    assert texts(other, path) == ["new"]


def test_a_file_that_is_gone_is_empty(files: DocumentFiles, path: Path) -> None:
    put(files, path, 1)
    path.unlink()
    assert texts(files, path) == []


def test_a_damaged_file_is_told_apart_from_an_empty_one(files: DocumentFiles, path: Path) -> None:
    put(files, path, 1)
    path.write_bytes(b"")
    with pytest.raises(Damaged, match="is empty"):
        texts(files, path)
    assert path in files.unreadable
    put(files, path, 1)
    assert not files.unreadable


def test_several_operations_are_one_write(files: DocumentFiles, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr("os.fsync", synced.append)
    put(files, path, 1)
    assert len(synced) == 2  # the file and its folder


def test_an_error_within_a_change_leaves_all_as_it_was(files: DocumentFiles, path: Path) -> None:
    put(files, path, 1)
    with pytest.raises(ZeroDivisionError), files.writing(path) as (file,):
        file.replace([(1, {"text": "half"})])
        raise ZeroDivisionError
    assert texts(files, path) == ["a line"]


def test_documents_of_a_wrong_shape_are_left_out_and_named_once(files: DocumentFiles, path: Path) -> None:
    put(files, path, 1)
    with files.writing(path) as (file,):
        file.replace([(2, {"text": 5}), (3, {})])
    other = DocumentFiles(LINES, 1_000_000, files.lock, time.time, Troubles())
    assert [texts(other, path) for _ in range(2)] == [["a line"]] * 2
    assert other.troubles == [f"{path} has 2 malformed entries, left out here."]


CODES = [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO, errno.EDQUOT, errno.EFBIG, 9999]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("call", ["fsync", "replace", "open"])
def test_a_refused_write_changes_nothing_and_says_why(
    files: DocumentFiles, path: Path, monkeypatch: pytest.MonkeyPatch, code: int, call: str
) -> None:
    put(files, path, 1)
    with monkeypatch.context() as patch:
        patch.setattr("paperdeck.storage.files.disk._RETRY_SECONDS", 0.0)
        refuse(patch, call, code)
        with pytest.raises(StoreError, match="was not saved: "):
            put(files, path, 1, text="refused")
    assert texts(files, path) == ["a line"]
    assert [found.name for found in path.parent.iterdir()] == ["x.json"]


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


def test_two_files_change_together_or_not_at_all(
    files: DocumentFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "x" / "a.json", tmp_path / "x" / "b.json"
    synced = iter([None, OSError(errno.ENOSPC, "No space left on device")])
    with pytest.raises(StoreError, match="disk is full"), files.writing(first, second) as drafts:
        for draft in drafts:
            draft.replace([(1, LINE)])
        monkeypatch.setattr("os.fsync", lambda _: raise_if(next(synced)))
    assert texts(files, first) == texts(files, second) == []
    assert list(first.parent.iterdir()) == []


def raise_if(error: OSError | None) -> None:
    if error:
        raise error


@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM])
@pytest.mark.parametrize("call", ["open", "fsync"])
def test_a_folder_that_cannot_be_synced_is_not_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, call: str
) -> None:
    """Windows and some network folders refuse it, after the rename has worked."""
    original, folders = getattr(os, call), set[int]()

    def refused(what: Any, *rest: Any, **more: Any) -> Any:
        is_folder = Path(what).is_dir() if call == "open" else stat.S_ISDIR(os.fstat(what).st_mode)
        if is_folder:
            folders.add(code)
            raise OSError(code, os.strerror(code))
        return original(what, *rest, **more)

    monkeypatch.setattr(os, call, refused)
    write_file(tmp_path / "x", b"one")
    assert ((tmp_path / "x").read_bytes(), folders) == (b"one", {code})


def _as_a_file(folder: Path, text: str) -> None:
    write_file(folder / "x", text.encode())


def _as_an_export(folder: Path, text: str) -> None:
    write_output(folder / "x", text.encode(), force=True)


def _as_what_was_sent(folder: Path, text: str) -> None:
    """Otherwise the same digest would be sent again."""
    day = date(2026, 11, 20)
    log = SentLog(Places(folder, folder, folder, folder))
    log.remember(Sent(text, "you@example.org", day, day, "2026-11-20T09:00:00Z", ()))
    assert log.series(text, "you@example.org")


@pytest.mark.parametrize("write", [_as_a_file, _as_an_export, _as_what_was_sent])
def test_a_file_that_another_program_has_open_is_replaced_a_moment_later(
    write: Callable[[Path, str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows a virus scanner or another window may hold it."""
    write(tmp_path, "one")
    refused, replace = Counter[Path](), Path.replace

    def busy(source: Path, target: Path) -> Path:
        refused[target] += 1
        if refused[target] <= 2:
            raise PermissionError(13, "it is in use")
        return replace(source, target)

    monkeypatch.setattr(Path, "replace", busy)
    write(tmp_path, "two")
    assert refused


def test_what_killed_writers_left_is_removed(tmp_path: Path) -> None:
    """What other programs leave there stays; Syncthing writes into `.syncthing.NAME.tmp` what is arriving."""
    others = {"a.json", ".syncthing.2026-05.json.tmp", ".foo.tmp", ".a.json.12-34.tmp", "a.json.1-0badcafe.tmp"}
    for name in (*others, ".a.json.1-0badcafe.tmp"):
        (tmp_path / name).write_text("half")
    assert remove_leftovers(tmp_path) == 1
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} == others


def test_a_killed_write_leaves_a_name_that_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, "replace", errno.EIO)
    monkeypatch.setattr(Path, "unlink", lambda path: None)
    with pytest.raises(StoreError):
        write_file(tmp_path / "a.json", b"whole")
    monkeypatch.undo()
    assert remove_leftovers(tmp_path) == 1


def test_a_whole_file_is_replaced_durably(tmp_path: Path) -> None:
    write_file(tmp_path / "x", b"one")
    write_file(tmp_path / "x", b"two")
    assert (tmp_path / "x").read_bytes() == b"two"
    with pytest.raises(StoreError, match="its folder is gone"):
        write_file(tmp_path / "nowhere" / "x", b"three")


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_keeps_the_mode_that_somebody_gave_it(tmp_path: Path) -> None:
    write_file(tmp_path / "x", b"one")
    (tmp_path / "x").chmod(0o640)
    write_file(tmp_path / "x", b"two")
    assert mode_of(tmp_path / "x") == 0o640


def test_private_files_and_folders_are_for_the_user_alone(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b", private=True)
    write_file(tmp_path / "a" / "b" / "x", b"one", private=True)
    assert [mode_of(path) for path in (tmp_path / "a", tmp_path / "a" / "b")] == [0o700, 0o700]
    assert mode_of(tmp_path / "a" / "b" / "x") == 0o600


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "x")
    write_file(tmp_path / "link", b"one")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "x").read_bytes() == b"one"


def test_a_file_begins_with_what_it_is(files: DocumentFiles, path: Path) -> None:
    put(files, path, 1)
    tables = json.loads(path.read_bytes())
    assert list(tables) == ["_meta", "lines"]
    assert tables["_meta"]["1"].keys() == {"checksum", "kind", "schema"}


# -- small files -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [{"at": "now"}, ["a", 1], {"name": "\udcff"}])
def test_a_small_file_holds_any_json(path: Path, value: object) -> None:
    write_json(path, value)
    assert read_json(path) == value
    assert mode_of(path) == 0o600


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000, b'{"a":' * 100_000])
def test_a_small_file_that_makes_no_sense_is_damaged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(Damaged):
        read_json(tmp_path / "x.json")
    write_json(tmp_path / "x.json", {})
    (aside,) = tmp_path.glob("x.json.damaged-*")
    assert (read_json(tmp_path / "x.json"), aside.read_bytes()) == ({}, content)


def test_a_small_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"form": 99}')
    with pytest.raises(StoreError, match="was written by a newer paperdeck; update paperdeck to change it"):
        write_json(tmp_path / "x.json", {})
    assert (tmp_path / "x.json").read_text() == '{"form": 99}'


def test_a_file_in_place_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.bib").write_text("")
    with pytest.raises(StoreError, match="a file is in the place of its folder; choose another name"):
        write_file(tmp_path / "a.bib" / "x.bib", b"one")
