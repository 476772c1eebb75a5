"""Rows of `breaking` about our own files: damaged, replaced, missing, from other devices, without permissions."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.places import Places
from tests.bench.breaking_tools import Outcome, Result, call, stocked

STARRED = "2611.00001"
TAGGED = "2611.00002"

_MAX_FILES = 17
"""How many of our own files are damaged, one after the other."""


def furnished(home: Path) -> Library:
    """A library with marks, rules, a kept export, a digest that was printed, and settings."""
    library = stocked(home, 30)
    library.mark([STARRED], starred=True, note="a note", label="star")
    library.mark([TAGGED], add_tags=["x"], label="tag")
    library.mute("keyword:cats")
    call(home, "export", "is:starred", "-o", str(home / "kept.bib"), "--keep")
    call(home, "digest", "--period", "since-last", "--until", "2026-11-22")
    places = library.places
    places.visits.write_text('{"at": "2026-11-20T00:00:00+00:00"}')
    places.config.mkdir(parents=True, exist_ok=True)
    places.config_file.write_text('[look]\ntheme = "paperdeck-dark"\n')
    return library


def _deep(opening: str) -> Callable[[bytes, random.Random], bytes]:
    return lambda data, dice: opening.encode() * 100_000


DAMAGES: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "empty": lambda data, dice: b"",
    "cut in half": lambda data, dice: data[: len(data) // 2],
    "cut by a byte": lambda data, dice: data[:-1],
    "500 bytes": lambda data, dice: data[:500],
    "zeros": lambda data, dice: bytes(len(data)),
    "a zeroed end": lambda data, dice: data[: len(data) // 2] + bytes(len(data) - len(data) // 2),
    "a flipped bit": lambda data, dice: _flipped(data, dice),
    "random bytes": lambda data, dice: dice.randbytes(len(data)),
    "twice": lambda data, dice: data + data,
    "an object": lambda data, dice: b"{}",
    "a list": lambda data, dice: b"[]",
    "a list of lists": lambda data, dice: b"[[],[{}]]",
    "null": lambda data, dice: b"null",
    "a number": lambda data, dice: b"7",
    "a text": lambda data, dice: b'"x"',
    "deep lists": _deep("["),
    "deep objects": _deep('{"a":'),
    "deep in a table": lambda data, dice: b'{"sent":' + b"[" * 100_000,
    "HTML": lambda data, dice: b"<!DOCTYPE html><title>sign in</title>",
    "UTF-16": lambda data, dice: data.decode(errors="replace").encode("utf-16"),
    "Latin-1": lambda data, dice: b'{"a": "\xe9"}',
    "large numbers": lambda data, dice: b'{"form": 1e400, "a": ' + b"9" * 5000 + b"}",
    "line ends": lambda data, dice: data.replace(b",", b",\r\n"),
}


def _flipped(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(max(1, len(data)))
    return data[:at] + bytes([data[at] ^ (1 << dice.randrange(8))]) + data[at + 1 :] if data else data


def corrupted_files(home: Path) -> Result:
    """Each of our files damaged in 23 ways, then 4 commands.

    Lost: the star is gone and neither a message nor the exit code says so, or the kept file lost its paper.
    """
    result, dice = Result(), random.Random(4)
    model = home / "model"
    furnished(model)
    names = sorted(path.relative_to(model) for path in model.rglob("*") if path.is_file() and path.suffix != ".lock")
    for name in [name for name in names if name.name != "kept.bib"][:_MAX_FILES]:
        for damage in DAMAGES.values():
            copy = _copied(model, home / "copy")
            (copy / name).write_bytes(damage((copy / name).read_bytes(), dice))
            for words in (
                ["list", "is:starred"],
                ["tag", TAGGED, "y"],
                ["digest", "--period", "since-last"],
                ["doctor"],
            ):
                outcome = call(copy, *words)
                silent = words[0] == "list" and STARRED.encode() not in outcome.out and not _tells(outcome)
                result.add(outcome, lost=silent)
            result.check(STARRED in (copy / "kept.bib").read_text(), f"the kept export, {name}")
    return result


def _tells(outcome: Outcome) -> bool:
    return bool(outcome.code) or bool(outcome.err.strip())


def _copied(model: Path, copy: Path) -> Path:
    """A copy of a home, with the kept export where the copy has it."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(model, copy)
    record = copy / "state" / "exports.json"
    record.write_text(record.read_text().replace(str(model), str(copy)))
    return copy


# -- marks ---------------------------------------------------------------------------------------------------------


def _document(**fields: object) -> dict[str, object]:
    return {"id": TAGGED, "starred": [True, "2026-11-20T00:00:00.000-000000-other"], "tags": {}} | fields


SHAPES: tuple[object, ...] = (
    {"marks": {"1": _document(tags=["a"])}},
    {"marks": {"1": _document(tags={"a": "yes"})}},
    {"marks": {"1": _document(starred="yes")}},
    {"marks": {"1": _document(starred=[True, "zzz"])}},
    {"marks": {"1": _document(starred=[True, "9999-12-31T23:59:59.999-999999-other"])}},
    {"marks": {"1": _document(note=[7, 7])}},
    {"marks": {"1": _document(id=7)}},
    {"marks": {"1": _document(id="../../x")}},
    {"marks": {"1": {}}},
    {"marks": {"x": _document()}},
    {"marks": []},
    {"other": {}},
    [],
)


def _sealed(tables: object, schema: int = 2) -> bytes:
    """Any tables in a file with a valid checksum, as a buggy or hostile device could write it."""
    body = json.dumps(tables, separators=(",", ":")).encode()
    rest = b'","kind":"marks","schema":%d}}' % schema
    rest += (b"," + body[1:]) if isinstance(tables, dict) and tables else b"}"
    head = b'{"_meta":{"1":{"checksum":"'
    return head + b"%08x" % crc32(rest) + rest


def wrong_shapes(home: Path) -> Result:
    """Wrong files of another device: sealed, unsealed and newer; lost: a mark of ours that is not shown."""
    result = Result()
    furnished(home)
    folder = home / "data" / "marks" / "other-abcdef"
    folder.mkdir()
    for shape in SHAPES:
        for content in (_sealed(shape), json.dumps(shape).encode(), _sealed(shape, schema=99)):
            (folder / "2026-11.json").write_bytes(content)
            (home / "restored.json").write_bytes(content)
            outcome = call(home, "list", "is:starred")
            result.add(outcome, lost=STARRED.encode() not in outcome.out)
            for words in (["star", TAGGED], ["doctor"]):
                result.add(call(home, *words))
            result.add(call(home, "restore", str(home / "restored.json")))
    result.check(STARRED.encode() in call(home, "list", "is:starred").out, "the star")
    return result


def conflict_copies(home: Path) -> Result:
    """Names that synchronisers give to copies; lost: the marks in the copy are neither shown nor mentioned."""
    result = Result()
    elsewhere = Library(Places.find({"PAPERDECK_HOME": str(home / "elsewhere")}))
    elsewhere.mark([TAGGED], starred=True)
    [copy] = elsewhere.places.data.glob("marks/*/2026-11.json")
    for name in (
        "2026-11.sync-conflict-20261120-101010-ABCDEFG.json",
        "2026-11 (conflicted copy 2026-11-20).json",
        "2026-11 (Ada's conflicted copy).json",
        "2026-11 2.json",
        "2026-11 (1).json",
        "2026-11_conflict.json",
        "2026-11-laptop.json",
    ):
        library = stocked(home / name, 5)
        library.mark([STARRED], starred=True)
        [own] = library.places.data.glob("marks/*/2026-11.json")
        own.with_name(name).write_bytes(copy.read_bytes())
        outcome = call(home / name, "list", "is:starred")
        result.add(outcome, lost=TAGGED.encode() not in outcome.out and not _tells(outcome))
    return result


def old_and_empty_marks(home: Path) -> Result:
    """30 stars, then our file as it was at 5, empty, `{}`, cut or gone; lost: stars that don't come back."""
    result = Result()
    model = home / "model"
    library = stocked(model, 30)
    ids = [f"2611.{number:05}" for number in range(1, 31)]
    for paper_id in ids[:5]:
        library.mark([paper_id], starred=True)
    [path] = library.places.data.glob("marks/*/2026-11.json")
    old = path.read_bytes()
    for paper_id in ids[5:]:
        library.mark([paper_id], starred=True)
    for content in (old, b"", b"{}", b'{"marks": {}}', old[:200], None):
        copy = home / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(model, copy)
        place = copy / path.relative_to(model)
        place.unlink() if content is None else place.write_bytes(content)
        call(copy, "list", "is:starred")
        call(copy, "tag", ids[0], "y")
        shown = Library(Places.find({"PAPERDECK_HOME": str(copy)})).all_marks()
        result.count(ids, lambda paper_id, shown=shown: paper_id in shown and shown[paper_id].starred)  # type: ignore[misc]
    return result


def renamed_hosts(home: Path) -> Result:
    """50 stars, a new host name, then the file cut or gone; lost: stars that don't come back."""
    result = Result()
    for cut in (None, 0.5):
        place = home / str(cut)
        library = stocked(place, 51)
        ids = [f"2611.{number:05}" for number in range(1, 52)]
        for paper_id in ids[:50]:
            library.mark([paper_id], starred=True)
        with _host_name("new-name.example"):
            Library(library.places).mark([ids[50]], starred=True)
            for path in library.places.data.glob("marks/*/2026-11.json"):
                data = path.read_bytes()
                path.unlink() if cut is None else path.write_bytes(data[: int(len(data) * cut)])
            call(place, "list", "is:starred")
            call(place, "doctor")
            shown = Library(library.places).all_marks()
        result.count(ids, lambda paper_id, shown=shown: paper_id in shown)  # type: ignore[misc]
    return result


@contextmanager
def _host_name(name: str) -> Iterator[None]:
    before = socket.gethostname
    socket.gethostname = lambda: name
    try:
        yield
    finally:
        socket.gethostname = before


def extreme_clocks(home: Path) -> Result:
    """Marks made while the clock is far off; lost: a mark that is not there, or that can't be changed afterwards."""
    result = Result()
    for number, now in enumerate((0.0, -5.0, 978_307_200.0, 4e9, 253_402_300_799.0, 1e12, 1e18)):
        place = home / str(number)
        stocked(place, 2)
        places = Places.find({"PAPERDECK_HOME": str(place)})
        try:
            Library(places, clock=lambda now=now: now).mark([STARRED], starred=True)  # type: ignore[misc]
            result.check(Library(places).marks(STARRED).starred, f"the star at {now:g}")
            Library(places, clock=time.time).mark([STARRED], starred=False)
            result.check(not Library(places).marks(STARRED).starred, f"a later change than at {now:g}")
        except Exception as error:  # noqa: BLE001, that is what is counted
            result.tracebacks += 1
            result.note(f"clock at {now:g}: {error!r}")
        result.add(call(place, "list", "is:starred"))
    return result


# -- kept exports and permissions ---------------------------------------------------------------------------------


def _cut_papers(home: Path) -> None:
    for path in (home / "cache" / "papers").rglob("*.json"):
        path.write_bytes(path.read_bytes()[:500])


def _half_of_another(home: Path) -> None:
    folder = home / "data" / "marks" / "other-abcdef"
    folder.mkdir()
    (folder / "2026-11.json").write_bytes(_sealed({"marks": {}})[:-10])


TAKEN_AWAY: dict[str, Callable[[Path], object]] = {
    "cache deleted": lambda home: shutil.rmtree(home / "cache"),
    "papers deleted": lambda home: shutil.rmtree(home / "cache" / "papers"),
    "papers cut": _cut_papers,
    "marks is a file": lambda home: (shutil.rmtree(home / "data" / "marks"), (home / "data" / "marks").touch()),
    "half a file of another device": _half_of_another,
}


def kept_exports(home: Path) -> Result:
    """A kept export while something is missing; lost: the paper is no longer in the file."""
    result = Result()
    model = home / "model"
    furnished(model)
    for name, take_away in TAKEN_AWAY.items():
        for words in (["exports", "--refresh"], ["tag", STARRED, "z"], ["list"], ["star", TAGGED]):
            copy = _copied(model, home / "copy")
            take_away(copy)
            result.add(call(copy, *words))
            result.check(STARRED in (copy / "kept.bib").read_text(), f"the kept export: {name}, {words[0]}")
    return result


def folders_without_permissions(home: Path) -> Result:
    """Folders of mode 555 and 000 for a user who is not root; only tracebacks, and silence of `list`, count."""
    result = Result()
    model = home / "model"
    furnished(model)
    folders = sorted(path.relative_to(model) for path in model.rglob("*") if path.is_dir())
    for name in folders:
        for mode in (0o555, 0o000):
            copy = _copied(model, home / "copy")
            (copy / name).chmod(mode)
            for words in (["list", "is:starred"], ["star", TAGGED], ["doctor"]):
                outcome = _as_somebody(home, copy, words)
                silent = words[0] == "list" and STARRED.encode() not in outcome.out and not _tells(outcome)
                result.add(outcome, lost=silent)
            (copy / name).chmod(0o755)
    return result


def _as_somebody(home: Path, copy: Path, words: list[str]) -> Outcome:
    """Call a command in a child process that is not root, even if we are."""
    import pickle

    if os.geteuid() == 0:
        home.chmod(stat.S_IRWXU | stat.S_IXGRP | stat.S_IXOTH)
        for path in (copy, *copy.rglob("*")):
            os.chown(path, 65534, 65534)
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        if os.geteuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(tuple(call(copy, *words)), pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        outcome = Outcome(*pickle.load(pipe))
    os.waitpid(pid, 0)
    return outcome
