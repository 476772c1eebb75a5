"""Programs that the reader asks for: fed, bounded in time and in what they print, ended with all that they began."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest

from paperdeck.storage.errors import ActionFailed
from paperdeck.tui.child import Ended, run, start
from tests.support.app_tools import eventually

PYTHON = sys.executable


def python(script: str) -> list[str]:
    """A command that runs a little program."""
    return [PYTHON, "-c", script]


async def test_a_program_gets_its_input_and_its_output_comes_back() -> None:
    script = "import sys; print(sys.stdin.read()[::-1]); print('oh', file=sys.stderr); sys.exit(3)"
    assert await run(python(script), b"abc", seconds=30) == Ended(3, b"cba\n", b"oh\n")


async def test_without_a_temporary_folder_no_program_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise FileNotFoundError("no usable temporary directory")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    with pytest.raises(ActionFailed, match="no temporary folder has room"):
        await run(python(""), seconds=30)
    with pytest.raises(ActionFailed, match="no temporary folder has room"):
        start(python(""), b"data")


async def test_a_program_that_never_reads_is_harmless() -> None:
    assert await run(python("print('done')"), b"x" * 5_000_000, seconds=30) == Ended(0, b"done\n")


async def test_a_program_that_waits_for_ever_is_ended_with_what_it_began(tmp_path: Path) -> None:
    """It ignores being asked politely, and its child does too."""
    noted = tmp_path / "pids"
    script = (
        "import os, signal, time, pathlib\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = os.fork()\n"
        f"child and pathlib.Path({str(noted)!r}).write_text(f'{{os.getpid()}} {{child}}')\n"
        "time.sleep(600)\n"
    )
    with pytest.raises(ActionFailed, match=r"took longer than 1 seconds and was stopped"):
        await run(python(script), seconds=1)
    for pid in map(int, noted.read_text().split()):
        await eventually(lambda pid=pid: not _runs(pid))  # the system takes a moment


def _runs(pid: int) -> bool:
    """Whether a process exists and is not a zombie."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


async def test_a_program_that_prints_without_end_is_ended() -> None:
    script = "import sys\nwhile True: sys.stdout.write('x' * 10_000)"
    with pytest.raises(ActionFailed, match=r"printed more than 0\.1 MB and was stopped"):
        await run(python(script), seconds=30, max_bytes=100_000)


async def test_a_program_that_leaves_another_running_is_not_waited_for() -> None:
    script = (
        "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(5)']); print('I go')"
    )
    began = time.monotonic()
    assert (await run(python(script), seconds=30)).output == b"I go\n"
    assert time.monotonic() - began < 5


async def test_a_program_that_is_not_wanted_any_more_is_ended(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    script = f"import os, time, pathlib; pathlib.Path({str(noted)!r}).write_text(str(os.getpid())); time.sleep(600)"
    running = asyncio.create_task(run(python(script), seconds=60))
    await eventually(lambda: noted.exists() and noted.read_text())
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not _runs(int(noted.read_text()))


def test_a_program_ends_with_the_reader_even_if_it_ignores_being_asked(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    script = (
        "import os, pathlib, signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"pathlib.Path({str(noted)!r}).write_text(str(os.getpid()))\n"
        "time.sleep(600)\n"
    )

    async def leave() -> None:
        running = asyncio.create_task(run(python(script), seconds=60))
        await eventually(lambda: noted.exists() and noted.read_text())
        running.cancel()
        await asyncio.sleep(0.05)  # it is being ended, and nobody waits for that

    asyncio.run(leave())
    assert not _runs(int(noted.read_text()))


@pytest.mark.parametrize("command", [["/nonexistent/program"], [str(Path(__file__))], ["a\0b"]])
async def test_a_program_that_cannot_be_started_is_one_sentence(command: list[str]) -> None:
    with pytest.raises(ActionFailed, match=r"can't be started \("):
        await run(command, seconds=1)


def test_a_program_in_the_background_gets_its_input(tmp_path: Path) -> None:
    out = tmp_path / "out"
    script = f"import sys, pathlib; pathlib.Path({str(out)!r}).write_text(sys.stdin.read())"
    process = start(python(script), b"given").process
    assert process and process.wait(30) == 0
    assert out.read_text() == "given"
    assert os.getpgid(0) != process.pid
