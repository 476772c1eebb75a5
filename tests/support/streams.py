"""Runs every command with streams that are closed, full or gone; each in a child that starts as a new process would.

`python -m tests.support.streams FOLDER…` runs them in folders that have the names of `VARIANTS`, each with a library in
`deck`, and writes what became of each command to a file `result.json` in each, as JSON.
"""

from __future__ import annotations

import gc
import io
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import NoReturn

from paperdeck import storage
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Paper
from paperdeck.storage.settings.places import Places
from paperdeck.tui import cli
from paperdeck.tui.__main__ import main

ONE = "2611.00001"
Results = dict[str, tuple[int, str]]
"""The exit code of each call, and what it wrote to standard error."""

LINES: dict[str, list[str]] = {
    "fetch": ["--days", "1"],
    "add": [ONE],
    "pack": ["--limit", "1", "no-such-paper"],
    "list": [],
    "status": [],
    "show": [ONE],
    "related": [ONE],
    "cite": [ONE],
    "venue": [ONE],
    "export": ["--to", "json"],
    "exports": [],
    "notes": ["notes"],
    "zotero": [ONE],
    "mcp": ["--help"],  # the SDK takes long to load; what it does with its streams is in test_mcp
    "import": ["-", "--offline"],
    "star": [ONE],
    "unstar": [ONE],
    "read": [ONE],
    "unread": [ONE],
    "hide": [ONE],
    "unhide": [ONE],
    "tag": [ONE, "later"],
    "remove": [ONE],
    "interests": [],
    "undo": [],
    "redo": [],
    "history": [],
    "digest": ["--until", "2026-11-22"],
    "subscribe": ["--daily", "07:30", "--send", "maildir:~/Mail", "--dry-run"],
    "subscriptions": [],
    "unsubscribe": ["--all"],
    "feed": [],
    "doctor": [],
    "backup": ["backup.json"],
    "restore": ["backup.json"],
    "completion": ["bash"],
    "keys": [],
    "config": [],
    "paths": [],
}
"""Words for every command, to be run in an empty folder with a small library."""
CALLS = {name: [name, *words] for name, words in LINES.items()} | {
    "": [],
    "--help": ["--help"],
    "--version": ["--version"],
    "list --json": ["list", "--json"],
    "list --help": ["list", "--help"],
    "no-such-command": ["no-such-command"],
}

PRINTS_DATA = {
    *(
        "list",
        "show",
        "cite",
        "export",
        "digest",
        "subscribe",
        "feed",
        "doctor",
        "completion",
        "keys",
        "config",
        "paths",
    ),
    *("--help", "--version", "list --json", "list --help"),
}
"""Calls that print to standard output whatever the library holds."""


def _close(number: int) -> Callable[[], None]:
    return lambda: os.close(number)


def _full(number: int) -> Callable[[], None]:
    """A file on a disk that is full: nothing can be written to any file, but pipes work."""

    def fill() -> None:
        file = tempfile.TemporaryFile()  # noqa: SIM115
        os.dup2(file.fileno(), number)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))

    return fill


def _gone() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    os.dup2(writing, 1)
    os.close(writing)


def _all_closed() -> None:
    for number in (0, 1, 2):
        os.close(number)


VARIANTS: dict[str, Callable[[], None]] = {
    "intact": lambda: None,
    "stdout closed": _close(1),
    "stdout full": _full(1),
    "stdout gone": _gone,
    "stderr closed": _close(2),
    "stderr full": _full(2),
    "stdin closed": _close(0),
    "all closed": _all_closed,
}


def _open_streams() -> None:
    """Make the streams that Python makes when it starts."""
    sys.stdin = _opened(0, "r")
    sys.stdout = _opened(1, "w")
    sys.stderr = _opened(2, "w")


def _opened(number: int, mode: str) -> io.TextIOWrapper:
    try:
        os.fstat(number)
        return open(number, mode, encoding="utf-8", closefd=False)
    except OSError:
        return None  # type: ignore[return-value]


def _child(words: list[str], variant: str, err: int) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    os.dup2(err, 2)
    for number in (null, err):
        os.close(number)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    VARIANTS[variant]()
    _open_streams()
    sys.argv = ["paperdeck", *words]
    _end_as_python_does(main)


def _end_as_python_does(run: Callable[[], int]) -> NoReturn:
    """Run the program and end this child, without taking down all the modules that its parent has imported."""
    try:
        code: object = run()
    except SystemExit as ended:
        code = ended.code
    except BaseException:  # noqa: BLE001 - Python would print whatever it is
        traceback.print_exc()
        code = 1
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError) as error:
            os.write(2, f"Exception ignored: {error!r}".encode())
            code = 120
        except AttributeError:  # there is no such stream
            pass
    os._exit(code if isinstance(code, int) else 1 if code else 0)


IMPORTED_LATE = ("httpx", "shtab", "textual.app", "paperdeck.tui.keys")
"""What commands import only when they need it; imported once here, and not by each child."""

SLOW = ("fetch", "add")
"""Calls that wait for a network, so the others run beside them."""
REPRESENTATIVE = {*PRINTS_DATA, "", "star", "import", "undo", "status", "exports", "no-such-command"}
"""Calls that use the streams in every way: data, messages, both, neither, input, and words that aren't understood."""
WITH_ALL_CALLS = {"stdout full", "all closed"}
"""Variants that every call is tried with; in the others, calls that use the streams alike behave alike."""


def calls_with(variant: str) -> dict[str, list[str]]:
    """The calls that are tried with a variant."""
    return CALLS if variant in WITH_ALL_CALLS else {name: CALLS[name] for name in CALLS if name in REPRESENTATIVE}


def run_all(variant: str) -> Results:
    """The exit code of every call that is tried with a variant, and what it wrote to standard error."""
    calls = calls_with(variant)
    slow = {name: _begin(calls[name], variant) for name in SLOW if name in calls}
    results = {name: _end(*_begin(words, variant)) for name, words in calls.items() if name not in SLOW}
    return results | {name: _end(*begun) for name, begun in slow.items()}


def _begin(words: list[str], variant: str) -> tuple[int, int]:
    """The child that runs a call, and the pipe from its standard error."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _child(words, variant, writing)
    os.close(writing)
    return pid, reading


def _end(pid: int, reading: int) -> tuple[int, str]:
    with open(reading, "rb") as file:
        said = file.read().decode(errors="replace")
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said


def try_all(folder: Path) -> dict[str, Results]:
    """What became of every call with each kind of streams, in a process that imports everything once."""
    papers = [Paper(id=f"2611.0000{number}", title=f"Paper {number}", sources=("hf",)) for number in (1, 2)]
    folders = [folder / variant for variant in VARIANTS]
    for one in folders:
        Library(Places.find({"PAPERDECK_HOME": str(one / "deck")})).add(papers, "hf")
    environ = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent.parent), "HF_HUB_OFFLINE": "1"}
    subprocess.run([sys.executable, "-m", "tests.support.streams", *folders], env=environ, check=True)
    return {one.name: json.loads((one / "result.json").read_bytes()) for one in folders}


if __name__ == "__main__":
    for package in (storage, cli):  # imported once, and not by each child
        for found in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(found.name)
    for name in IMPORTED_LATE:
        import_module(name)
    gc.freeze()
    for folder in map(Path, sys.argv[1:]):
        os.chdir(folder)
        os.environ["PAPERDECK_HOME"] = str(folder / "deck")
        (folder / "result.json").write_text(json.dumps(run_all(folder.name)), encoding="utf-8")
