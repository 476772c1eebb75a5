"""Runs a program for the reader, without a shell: finds it, feeds it, watches it, and ends it with all its children.

Its input and output are temporary files, not pipes, so that neither a program that never reads nor children that keep
its output open can block us.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple

from paperdeck.storage.errors import ActionFailed
from paperdeck.storage.text.command_line import words_of

Suspend = Callable[[], AbstractContextManager[None]]
"""A context that gives the terminal away. Nothing may raise inside it, or Textual never takes the terminal back."""
MAX_BYTES = 1_000_000
"""Bytes of output after which a program is ended."""
_NO_ROOM = "No program can be run, as no temporary folder has room for its input and output; free some space there."
_POLL_SECONDS = 0.02
LOOK_SECONDS = 0.5
"""Time during which a started program is watched for immediate failure."""
_PATIENCE_SECONDS = 0.5
"""Time between asking a program to end and killing it."""
_NEW_GROUP = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)


def find_program(command: str, environ: Mapping[str, str]) -> list[str] | None:
    """The path of a command's program, then its arguments; None if there is no such program.

    If the whole text is a program's path, it is used as that, as paths may contain spaces:
    `C:\\Program Files\\…\\editor.exe`.

    Raises:
        ValueError: a quote is never closed.
    """
    path = environ.get("PATH")
    if found := shutil.which(command.strip(), path=path):
        return [found]
    words = words_of(command)
    program = shutil.which(words[0], path=path) if words else None
    return [program, *words[1:]] if program else None


class Ended(NamedTuple):
    """The result of a program."""

    code: int
    """Its exit code; negative: the number of the signal that ended it."""
    output: bytes = b""
    """Its standard output."""
    errors: bytes = b""
    """Its standard error."""


async def run(command: Sequence[str], data: bytes = b"", *, seconds: float, max_bytes: int = MAX_BYTES) -> Ended:
    """Run a program and wait until it ends. If this is cancelled, the program is ended.

    Args:
        command: The program and its arguments.
        data: Its standard input.
        seconds: The time limit, in seconds.
        max_bytes: The maximum output, in bytes.

    Raises:
        ActionFailed: it can't be started, took too long, or printed too much.
    """
    name = Path(command[0]).name
    with _holding(data) as given, _temporary_file() as output, _temporary_file() as errors:
        process = _start(command, given, output, errors)
        try:
            why = await _watch(process, seconds, (output, errors), max_bytes)
        finally:
            if process.poll() is None:
                await asyncio.shield(_end(process))
        if why:
            raise ActionFailed(f"{name} {why} and was stopped.")
        return Ended(process.returncode, _first(output, max_bytes), _first(errors, max_bytes))


class Started:
    """A program started without waiting for it."""

    def __init__(self, name: str, process: subprocess.Popen[bytes] | None) -> None:
        """A program with its name in messages; no process if the platform doesn't reveal it."""
        self.process = process
        self._name = name

    async def check(self, seconds: float = LOOK_SECONDS) -> None:
        """Watch it for a moment.

        Raises:
            ActionFailed: it ended with an error in that time.
        """
        if self.process:
            await _watch(self.process, seconds)
            if self.process.poll():
                raise ActionFailed(f"{self._name} failed (code {self.process.returncode}).")


def start(command: Sequence[str], data: bytes = b"", name: str = "") -> Started:
    """Start a program without waiting for it or showing its output.

    Args:
        command: The program and its arguments.
        data: Its standard input.
        name: Its name in messages, by default that of its file.

    Raises:
        ActionFailed: it can't be started.
    """
    with _holding(data) as given:
        process = _start(command, given, subprocess.DEVNULL, subprocess.DEVNULL)
    _waiting_for(process)  # so that it doesn't stay a zombie once it has ended
    return Started(name or Path(command[0]).name, process)


def lend_terminal(
    name: str,
    command: Sequence[str],
    suspend: Suspend,
    data: bytes | None = None,
    *,
    instead: str = "",
    failed: str = "",
) -> None:
    """Run a program in the terminal and wait until it ends.

    Args:
        name: Its name in messages.
        command: The program and its arguments.
        suspend: Gives it the terminal.
        data: Its standard input; None for the keyboard.
        instead: What to do if it can't use the terminal, as the end of a sentence.
        failed: The consequence of its failure, likewise.

    Raises:
        ActionFailed: it can't use the terminal, can't be started, or failed; the terminal is ours again.
    """
    failure: Exception | None = None
    code = 0
    try:
        with suspend(), _interrupts_left_to_it():
            try:
                code = _run_here(command, data)
            except Exception as error:  # noqa: BLE001 - whatever it is, the terminal comes back first
                failure = error
    except Exception as error:
        raise ActionFailed(_sentence(f"{name} can't use this terminal", instead)) from error
    if failure:
        raise ActionFailed(f"{name} can't be started ({failure}).") from failure
    if code:
        raise ActionFailed(_sentence(f"{name} ended with code {code}", failed))


def _sentence(*parts: str) -> str:
    return f"{'; '.join(filter(None, parts))}."


def _run_here(command: Sequence[str], data: bytes | None) -> int:
    """The exit code of a program that uses our terminal."""
    if data is None:
        return _ended(subprocess.Popen(command))
    with _holding(data) as given:
        return _ended(subprocess.Popen(command, stdin=given))


def _ended(process: subprocess.Popen[bytes]) -> int:
    """The exit code of a program, once it has ended.

    Waits in short steps: a signal that arrives in another thread, such as SIGHUP, doesn't interrupt a wait of the main
    thread, but only the main thread can handle it.
    """
    waiting = _waiting_for(process)
    while waiting.is_alive():
        waiting.join(LOOK_SECONDS)
    return process.returncode


def _waiting_for(process: subprocess.Popen[bytes]) -> threading.Thread:
    """A thread that waits until a program has ended, and records its exit code."""
    waiting = threading.Thread(target=process.wait, daemon=True)
    waiting.start()
    return waiting


@contextmanager
def _holding(data: bytes) -> Iterator[IO[bytes] | int]:
    """A temporary file with some data; the null device if there is none."""
    if not data:
        yield subprocess.DEVNULL
        return
    with _temporary_file() as file:
        try:
            file.write(data)
            file.seek(0)
        except OSError as error:
            raise ActionFailed(_NO_ROOM) from error
        yield file


def _temporary_file() -> IO[bytes]:
    """A file that is gone once it is closed.

    Raises:
        ActionFailed: no temporary folder can be used.
    """
    try:
        return tempfile.TemporaryFile()
    except OSError as error:
        raise ActionFailed(_NO_ROOM) from error


def _start(
    command: Sequence[str], given: IO[bytes] | int, output: IO[bytes] | int, errors: IO[bytes] | int
) -> subprocess.Popen[bytes]:
    """Start a program in its own process group, so that it can be ended with all its children.

    Raises:
        ActionFailed: it can't be started.
    """
    try:
        return subprocess.Popen(
            command, stdin=given, stdout=output, stderr=errors, start_new_session=True, creationflags=_NEW_GROUP
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ActionFailed(f"{Path(command[0]).name} can't be started ({reason}).") from error


async def _watch(
    process: subprocess.Popen[bytes], seconds: float, files: Sequence[IO[bytes]] = (), max_bytes: int = MAX_BYTES
) -> str:
    """Wait until a program ends, or for some seconds. Returns why it must be stopped, else an empty text."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while process.poll() is None:
        if sum(os.fstat(file.fileno()).st_size for file in files) > max_bytes:
            return f"printed more than {max_bytes / 1e6:g} MB"
        if loop.time() > end:
            return f"took longer than {seconds:g} seconds"
        await asyncio.sleep(_POLL_SECONDS)
    return ""


async def _end(process: subprocess.Popen[bytes]) -> None:
    """Terminate a program and its children, then kill them."""
    _signal(process, signal.SIGTERM)
    try:
        await _watch(process, _PATIENCE_SECONDS)
    finally:  # also if the reader itself ends meanwhile
        _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))
        process.wait()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    with suppress(OSError):
        if sys.platform == "win32":
            subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
        else:
            os.killpg(process.pid, number)


def _first(file: IO[bytes], max_bytes: int) -> bytes:
    file.seek(0)
    return file.read(max_bytes)


@contextmanager
def _interrupts_left_to_it() -> Iterator[None]:
    """Survive a ctrl+c meant for the program; a handler of ours, unlike SIG_IGN, is not inherited by the program."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
