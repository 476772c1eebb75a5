"""No command ends in a traceback, whatever its streams are: closed, full, or a pipe that nobody reads."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest

from paperdeck.tui.cli.parser import COMMANDS
from tests.support.streams import LINES, PRINTS_DATA, Results, calls_with, try_all

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="closes descriptors")


def test_every_command_is_tried() -> None:
    assert LINES.keys() == COMMANDS.keys()


def test_no_call_ends_in_a_traceback(tmp_path: Path) -> None:
    for variant, results in try_all(tmp_path).items():
        assert results.keys() == calls_with(variant).keys()
        for name, (code, said) in results.items():
            assert "Traceback" not in said, f"{variant}, {name}: {said}"
            assert "Exception ignored" not in said, f"{variant}, {name}: {said}"
            assert code in (0, 1, 2), f"{variant}, {name}"
        EXPECTED[variant](results)


def data_is_lost(results: Results) -> None:
    """Data that can't be written is a failure, and the reason is said once."""
    for name in PRINTS_DATA:
        code, said = results[name]
        assert code == 1, f"{name}: {said}"
        assert "can't be" in said or "was not saved" in said, f"{name}: {said}"
        assert said.count("Standard output") <= 1, said


def all_is_well(results: Results) -> None:
    """Neither messages that nobody reads nor a reader of the output who has gone is a failure."""
    assert {name: results[name] for name in PRINTS_DATA if results[name][0]} == {}
    assert results["star"][0] == 0
    assert results["no-such-command"][0] == 2


def input_is_missing(results: Results) -> None:
    """An import from a closed stream says so."""
    all_is_well(results)
    code, said = results["import"]
    assert code == 2
    assert said.startswith("paperdeck: Standard input can't be read")


def nothing_more(_results: Results) -> None:
    """There is no more to expect."""


EXPECTED = {
    "intact": all_is_well,
    "stdout closed": data_is_lost,
    "stdout full": data_is_lost,
    "stdout gone": all_is_well,
    "stderr closed": all_is_well,
    "stderr full": nothing_more,  # the disk of the library is full as well
    "stdin closed": input_is_missing,
    "all closed": nothing_more,
}


def test_an_endless_stream_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from paperdeck.tui.__main__ import main

    monkeypatch.setattr("paperdeck.tui.cli.importing.LARGEST_BYTES", 100)
    (tmp_path / "x.bib").write_bytes(b"x" * 101)
    assert main(["import", str(tmp_path / "x.bib")]) == 2


@cache
def _start_seconds() -> float:
    """How long a command takes on this machine."""
    begun = time.monotonic()
    subprocess.run([sys.executable, "-m", "paperdeck.tui", "paths"], capture_output=True, check=True)
    return time.monotonic() - begun


@pytest.mark.parametrize("part", [0.2, 0.4, 0.6, 0.8])
def test_an_interrupt_during_the_imports_says_nothing(part: float) -> None:
    """The code of the interpreter itself runs before ours, so the interrupt is sent once `main` has begun."""
    begin = "import os, sys; from paperdeck.tui.__main__ import main; print(flush=True); sys.exit(main())"
    process = subprocess.Popen(
        [sys.executable, "-c", begin, "list", "sort:foryou"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout  # the first line is printed once the handler of interrupts is in its place
    process.stdout.readline()
    time.sleep(_start_seconds() * part * 0.5)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert not re.search(rb'File "(?!<string>)', said), said.decode()
    assert process.returncode in (0, 130, -signal.SIGINT)


def test_main_imports_nothing_before_it_can_be_interrupted() -> None:
    code = "import sys; old = set(sys.modules); import paperdeck.tui.__main__; print(*sorted(set(sys.modules) - old))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(ran.stdout.split()) <= {"__future__", "paperdeck", "paperdeck.tui", "paperdeck.tui.__main__"}
