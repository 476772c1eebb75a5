"""Try to break paperdeck as somebody once did by hand, with fixed seeds; print how much was tried and lost in each row.

    python -m tests.bench.breaking [ROW …]

It takes less than ten minutes. Nothing may be lost and nothing may end in a traceback; the exit code is 1 otherwise.
The name of a row, or part of it, runs that row alone. The docstring of each row says what counts as lost.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.places import Places
from paperdeck.tui.cli.parser import build_parser, options_of
from tests.bench.breaking_files import (
    conflict_copies,
    corrupted_files,
    extreme_clocks,
    folders_without_permissions,
    kept_exports,
    old_and_empty_marks,
    renamed_hosts,
    wrong_shapes,
)
from tests.bench.breaking_outputs import formulas, hostile_items, write_targets
from tests.bench.breaking_tools import ROOT, Result, call, stocked
from tests.bench.store_crash import kill_writers
from tests.support.streams import CALLS, PRINTS_DATA, try_all

STARTED_SECONDS = 0.25
"""About how long a command takes; interrupts come at fractions and multiples of it."""


def writers_of_marks(home: Path) -> Result:
    """Three processes star 60 papers each at the same time; a star that was acknowledged and is gone is lost."""
    result = Result()
    code = (
        "import sys; from paperdeck.storage.library.library import Library; "
        "from paperdeck.storage.settings.places import Places; library = Library(Places.find())\n"
        "for n in range(60): library.mark([f'2401.{int(sys.argv[1]) * 100 + n + 1:05}'], starred=True, label='star')"
    )
    _together([[sys.executable, "-c", code, str(number)] for number in range(3)], home, result)
    marks = Library(Places.find({"PAPERDECK_HOME": str(home)})).all_marks()
    wanted = [f"2401.{number * 100 + n + 1:05}" for number in range(3) for n in range(60)]
    result.count(wanted, lambda paper_id: paper_id in marks and marks[paper_id].starred)
    return result


def writers_of_rules(home: Path) -> Result:
    """Two processes mute 40 queries each at the same time, three times; a rule that is gone is lost."""
    result = Result()
    code = (
        "import sys; from paperdeck.storage.library.library import Library; "
        "from paperdeck.storage.settings.places import Places; library = Library(Places.find())\n"
        "for n in range(40): library.mute(f'keyword:k{sys.argv[1]}x{n}')"
    )
    for turn in range(3):
        _together([[sys.executable, "-c", code, f"{turn}{number}"] for number in range(2)], home, result)
    muted = Library(Places.find({"PAPERDECK_HOME": str(home)})).rules().mute
    wanted = [f"keyword:k{turn}{number}x{n}" for turn in range(3) for number in range(2) for n in range(40)]
    result.count(wanted, lambda query: query in muted)
    return result


def killed_writers(home: Path) -> Result:
    """20 kills of a process that stars; lost as above."""
    losses = kill_writers(home, 20, 1)
    return Result(losses.rounds, losses.lost + losses.wrong + losses.unreadable)


def everything_at_once(home: Path) -> Result:
    """21 imports, tags and stars on the command line at the same time; a mark that is gone is lost."""
    result = Result()
    stocked(home, 12)
    ids = [f"2611.{number:05}" for number in range(1, 13)]
    (home / "ids.txt").write_text("\n".join(ids))
    calls = [["tag", paper_id, f"t{number}"] for number, paper_id in enumerate(ids)]
    calls += [["star", paper_id] for paper_id in ids[:6]]
    calls += [["import", "--offline", "--tag", f"i{number}", str(home / "ids.txt")] for number in range(3)]
    random.Random(1).shuffle(calls)
    _together([[sys.executable, "-m", "paperdeck.tui", *words] for words in calls], home, result)
    marks = Library(Places.find({"PAPERDECK_HOME": str(home)})).all_marks()
    wanted = [(paper_id, f"t{number}") for number, paper_id in enumerate(ids)]
    wanted += [(paper_id, f"i{number}") for paper_id in ids for number in range(3)]
    result.count(wanted, lambda pair: pair[1] in marks[pair[0]].tags)
    result.count(ids[:6], lambda paper_id: marks[paper_id].starred)
    return result


def _together(commands: list[list[str]], home: Path, result: Result) -> None:
    environ = os.environ | {"PAPERDECK_HOME": str(home), "PYTHONPATH": str(ROOT)}
    running = [subprocess.Popen(words, env=environ, stdout=-1, stderr=-1) for words in commands]
    for process in running:
        said = process.communicate()[1].decode(errors="replace")
        result.tracebacks += "Traceback" in said


# -- the command line ----------------------------------------------------------------------------------------------

_WORDS = (
    *("", " ", "-", "--", "---", "-x", "--limit", "--json", "0", "-1", "1e999", "9" * 400, "²", "٣", "\0", "\x1b[2J"),
    *(
        "is:starred",
        "is:",
        ":",
        "(((",
        ")",
        '"',
        "OR",
        "NOT",
        "sort:",
        "sort:nothing",
        "upvotes:>",
        "since:9999999999d",
    ),
    *("date:0001-01-01", "date:9999-12-31", "0001-01-01", "9999-12-31", "2026-02-30", "before:0001-01-01", "../../x"),
    *(
        "2611.00001",
        "2611.99999",
        "https://arxiv.org/abs/2611.00001",
        "javascript:x",
        "maildir:",
        "maildir:/",
        "\udcff",
    ),
    *(
        "深度学习",
        "é" * 300,
        "a" * 5000,
        "tag:=x",
        "-survey",
        "%s%n",
        "$(id)",
        "~nobody/x",
        "~",
        ".",
        "/",
        "mon",
        "24:00",
    ),
)
_COMMANDS = (
    *("list", "show", "cite", "export", "exports", "import", "star", "unstar", "read", "hide", "tag", "undo", "redo"),
    *("history", "digest", "subscriptions", "unsubscribe", "feed", "doctor", "restore", "completion", "keys", "config"),
)


def fuzzed_words(home: Path) -> Result:
    """1,500 calls of random words; only tracebacks count."""
    result, dice = Result(), random.Random(2)
    stocked(home, 20)
    os.chdir(home)  # no word may name a file of somebody else
    for _ in range(1500):
        name = dice.choice(_COMMANDS)
        options = [word for word in options_of(build_parser([name]), name) if word not in ("--debug", "--log")]
        words = [dice.choice(options if dice.random() < 0.3 else _WORDS) for _ in range(dice.randint(0, 4))]
        result.add(call(home, name, *words))
    return result


def streams(home: Path) -> Result:
    """Every command with streams that are closed, full or gone; lost: a wrong exit code."""
    result = Result()
    for variant, ended in try_all(home).items():
        for name, (code, said) in ended.items():
            wrong = code not in (0, 1, 2) or (variant == "stdout gone" and name in PRINTS_DATA and code != 0)
            result.tried += 1
            result.lost += wrong
            result.tracebacks += "Traceback" in said or "Exception ignored" in said
    return result


def interrupts(home: Path) -> Result:
    """Ctrl+c in 9 commands at 6 moments of their lives; only tracebacks count."""
    result, dice = Result(), random.Random(3)
    stocked(home, 300)
    environ = os.environ | {"PAPERDECK_HOME": str(home), "PYTHONPATH": str(ROOT)}
    for name in ("list", "export", "digest", "feed", "doctor", "star", "completion", "keys", "fetch"):
        for _ in range(6):
            words = [sys.executable, "-m", "paperdeck.tui", *CALLS[name]]
            process = subprocess.Popen(words, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=home)
            time.sleep(STARTED_SECONDS * dice.uniform(0.3, 2))
            process.send_signal(signal.SIGINT)
            said = process.communicate()[1]
            result.tried += 1
            result.tracebacks += b"Traceback" in said and b"paperdeck" in said
    return result


def environments(home: Path) -> Result:
    """Commands in odd environments; only tracebacks count."""
    result = Result()
    stocked(home, 3)
    odd: tuple[dict[str, str], ...] = (
        {"HOME": "/proc", "PAPERDECK_HOME": ""},
        {"HOME": "", "PAPERDECK_HOME": ""},
        {"PAPERDECK_HOME": "/proc/nowhere"},
        {"PAPERDECK_HOME": "~nobody-at-all/x"},
        {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
        {"TERM": ""},
        {"TERM": "nosuchterm"},
        {"COLUMNS": "0", "LINES": "0"},
        {"COLUMNS": "x"},
        {"SSL_CERT_FILE": "/nowhere"},
        {"NO_PROXY": "[::1],fd07::/64", "HTTPS_PROXY": "nonsense://"},
        {"HF_ENDPOINT": "not a url"},
        {"HF_TOKEN": "a\nb"},
        {"TZ": "Nowhere/Nothing"},
    )
    for extra in odd:
        environ = os.environ | {"PAPERDECK_HOME": str(home), "PYTHONPATH": str(ROOT)} | extra
        for words in ([], ["list"], ["paths", "--json"], ["fetch", "--days", "1"]):
            ran = subprocess.run(
                [sys.executable, "-m", "paperdeck.tui", *words], env=environ, capture_output=True, check=False
            )
            result.tried += 1
            result.tracebacks += b"Traceback" in ran.stderr
            result.lost += ran.returncode not in (0, 1, 2)
    return result


ROWS: dict[str, Callable[[Path], Result]] = {
    "three writers of marks": writers_of_marks,
    "two writers of rules": writers_of_rules,
    "kill -9 while marking": killed_writers,
    "commands at the same time": everything_at_once,
    "random words": fuzzed_words,
    "streams": streams,
    "ctrl+c": interrupts,
    "environments": environments,
    "corrupted files": corrupted_files,
    "wrong shapes of other devices": wrong_shapes,
    "folders without permissions": folders_without_permissions,
    "conflict copies": conflict_copies,
    "older and empty marks put back": old_and_empty_marks,
    "host renamed, marks damaged": renamed_hosts,
    "kept exports": kept_exports,
    "clocks": extreme_clocks,
    "places to write": write_targets,
    "hostile items in every output": hostile_items,
    "hostile formulas": formulas,
}


def main(wanted: list[str]) -> int:
    """Run the rows and print tried, lost and tracebacks of each; 1 if anything was lost."""
    os.environ |= {"HF_ENDPOINT": "http://127.0.0.1:9", "PAPERDECK_ARXIV_ENDPOINT": "http://127.0.0.1:9"}
    start, bad = Path.cwd(), 0
    print(f"{'row':<32} {'tried':>6} {'lost':>6} {'tracebacks':>10} {'seconds':>8}")
    for name, row in _chosen(wanted):
        home, began = Path(tempfile.mkdtemp(prefix="paperdeck-")), time.monotonic()
        try:
            result = row(home)
        finally:
            os.chdir(start)
            shutil.rmtree(home, ignore_errors=True)
        seconds = time.monotonic() - began
        print(f"{name:<32} {result.tried:>6} {result.lost:>6} {result.tracebacks:>10} {seconds:>8.1f}", flush=True)
        for sentence in result.examples:
            print(f"    {sentence}")
        bad += result.lost + result.tracebacks
    return 1 if bad else 0


def _chosen(wanted: list[str]) -> Iterator[tuple[str, Callable[[Path], Result]]]:
    for name, row in ROWS.items():
        if not wanted or any(part in name for part in wanted):
            yield name, row


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
