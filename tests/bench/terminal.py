"""A program in a pseudo-terminal, with the time of every byte that it writes.

The live loop only reads and notes the time, so that the emulator never slows down the program under test (a pty holds
about 4 KiB); afterwards the bytes are played through pyte to see when something was on the screen.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pyte

_DROPPED = ("NO_COLOR", "TMUX", "COLUMNS", "LINES", "PYTHONDONTWRITEBYTECODE", "SSH_CONNECTION", "DISPLAY")


class Terminal:
    """Runs one command on a screen of its own; a context manager that ends it."""

    def __init__(
        self, command: Sequence[str], env: Mapping[str, str] | None = None, columns: int = 120, rows: int = 40
    ) -> None:
        self.columns, self.rows = columns, rows
        self.output: list[tuple[float, bytes]] = []
        self.ended = self._waited_for = False
        environment = {name: value for name, value in os.environ.items() if name not in _DROPPED}
        environment |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", **(env or {})}
        self.started = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execvpe(command[0], list(command), environment)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.end()

    def send(self, keys: str) -> float:
        """Type something; returns when."""
        at = time.perf_counter()
        os.write(self._fd, keys.encode())
        return at

    def read_for(self, seconds: float, until: Callable[[bytes], bool] = lambda _: False) -> bool:
        """Read for a time, or until a chunk satisfies `until`; returns whether one did."""
        end = time.perf_counter() + seconds
        poll = select.poll()
        poll.register(self._fd, select.POLLIN)
        while not self.ended and (left := end - time.perf_counter()) > 0:
            if not poll.poll(1000 * left):
                break
            try:
                data = os.read(self._fd, 65536)
            except OSError:
                data = b""
            if not data:
                self.ended = True
                break
            self.output.append((time.perf_counter(), data))
            if until(data):
                return True
        return False

    def read_until(self, text: str, seconds: float = 30) -> bool:
        """Read until a text was written in one run of bytes; only a hint of what the screen shows."""
        wanted, tail = text.encode(), bytearray()

        def seen(data: bytes) -> bool:
            tail.extend(data)
            return wanted in tail

        return self.read_for(seconds, seen)

    def shows(self, text: str, seconds: float = 30) -> bool:
        """Read until a line of the screen contains a text; returns whether one did."""
        end = time.perf_counter() + seconds
        while not any(text in line for line in self.final_screen()):
            if self.ended or time.perf_counter() > end:
                return False
            self.read_for(0.2)
        return True

    def read_until_quiet(self, quiet: float = 0.4, seconds: float = 20) -> None:
        """Read until nothing was written for a while."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end and not self.ended:
            before = len(self.output)
            self.read_for(quiet)
            if len(self.output) == before:
                return

    def memory_mb(self) -> float:
        """The program's resident memory, in MB."""
        return self._memory("VmRSS")

    def peak_memory_mb(self) -> float:
        """The most memory the program has had, in MB."""
        return self._memory("VmHWM")

    def _memory(self, name: str) -> float:
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith(name)).split()[1]) / 1024

    def end(self, sign: int = signal.SIGKILL) -> None:
        """End the program and close its terminal."""
        if not self._waited_for:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, sign)
            os.waitpid(self.pid, 0)
            self._waited_for = True
        self._close()

    def hang_up(self, seconds: float) -> bool:
        """Close the terminal under the program; returns whether it ends within a time."""
        self._close()
        end = time.perf_counter() + seconds
        while not self._waited_for and time.perf_counter() < end:
            self._waited_for = os.waitpid(self.pid, os.WNOHANG) != (0, 0)
            time.sleep(0.05)
        return self._waited_for

    def _close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    # Afterwards

    def screens(self, on_screen: Callable[[float, list[str]], bool]) -> list[str]:
        """Play the output again; `on_screen(time, lines)` is called after each chunk, and stops it by True."""
        screen = pyte.Screen(self.columns, self.rows)
        stream = pyte.ByteStream(screen)
        lines = [""] * self.rows
        for at, data in self.output:
            stream.feed(_without_unknown(data))
            for y in screen.dirty:
                row = screen.buffer[y]
                lines[y] = "".join(row[x].data for x in range(self.columns))
            screen.dirty.clear()
            if on_screen(at, lines):
                break
        return lines

    def final_screen(self) -> list[str]:
        """What is on the screen at the end."""
        return self.screens(lambda *_: False)

    def first_seen(self, pattern: str, since: float | None = None) -> float | None:
        """Seconds from the start (or from a time) until a line of the screen matched."""
        expression, found = re.compile(pattern), []

        def look(at: float, lines: list[str]) -> bool:
            if (since is None or at >= since) and any(map(expression.search, lines)):
                found.append(at - (self.started if since is None else since))
            return bool(found)

        self.screens(look)
        return found[0] if found else None


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which a share (0 to 100) of the values lies."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share / 100
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


_UNKNOWN = re.compile(rb"\x1b\[[<>=?][0-9;]*[a-zA-Z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-9;]*\$p")


def _without_unknown(data: bytes) -> bytes:
    """Without sequences that pyte would print: private modes it doesn't know, titles and pointer shapes."""
    return _UNKNOWN.sub(b"", data)
