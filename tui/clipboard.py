"""Copies to the system's clipboard, else the terminal's (OSC 52 or tmux), else a file, and reports which.

pyperclip talks to a clipboard program and knows whether that worked, but there is none on a bare server, and under
Wayland it has been seen to hang, so it runs in its own thread with a time limit. OSC 52 asks the terminal emulator,
which works over SSH, but no terminal confirms it, so the text is also left in a file.
"""

from __future__ import annotations

import asyncio
import base64
import os
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Final, NamedTuple

from paperdeck.storage.errors import ActionFailed, StoreError
from paperdeck.storage.files.disk import make_folder, write_file
from paperdeck.storage.settings.places import short_path

TIME_LIMIT_SECONDS: Final = 1.5
"""Time limit of a clipboard program, in seconds."""
OSC52_LIMIT: Final = 74_000
"""Bytes of text that common terminals take in one OSC 52 sequence."""
_SCREEN_CHUNK_BYTES: Final = 700  # GNU screen drops longer control strings


class Way(Enum):
    """How a text was copied, as a message: the way comes first, as a narrow line cuts the end."""

    PROGRAM = "Copied {what}"
    TERMINAL = "Sent to the terminal, unconfirmed; also in {where}: {what}"
    BLOCKED = "Not copied: tmux needs “set -g set-clipboard on”; saved in {where}: {what}"
    TMUX = "Copied into tmux’s buffer, prefix ] pastes it; also in {where}: {what}"
    TOO_LONG = "Too long for the terminal’s clipboard; saved in {where}: {what}"
    FILE = "No clipboard found; saved in {where}: {what}"


class Copied(NamedTuple):
    """How a text was copied."""

    way: Way
    file: Path | None = None
    """The file in which the text was also left, if any."""

    def sentence(self, what: str) -> str:
        """The message about the copied thing."""
        return self.way.value.format(what=what, where=short_path(self.file) if self.file else "")


async def copy(
    text: str, write: Callable[[str], None] | None, fallback: Path, environ: Mapping[str, str] = os.environ
) -> Copied:
    """Copy a text by the first method that works.

    Args:
        text: What to copy.
        write: Writes a sequence to the terminal; None without a terminal.
        fallback: The file for the text if no clipboard confirms it.
        environ: The environment, to detect SSH, tmux and screen.

    Raises:
        ActionFailed: not even the file could be written.
    """
    if _is_local(environ) and await _by_program(text):
        return Copied(Way.PROGRAM)
    file = _by_file(text, fallback)
    if not write or not _takes_sequences(environ):
        return Copied(Way.FILE, file)
    sequence = osc52(text, environ)
    if sequence:
        write(sequence)
    blocked = await asyncio.to_thread(tmux_blocks, environ)
    if (blocked or not sequence) and await asyncio.to_thread(_by_tmux, text, environ):
        return Copied(Way.TMUX, file)
    if not sequence:
        return Copied(Way.TOO_LONG, file)
    return Copied(Way.BLOCKED if blocked else Way.TERMINAL, file)


def _takes_sequences(environ: Mapping[str, str]) -> bool:
    """Whether the terminal may have a clipboard."""
    return environ.get("TERM", "") not in ("linux", "dumb", "vt100", "vt220")


def osc52(text: str, environ: Mapping[str, str] = os.environ) -> str:
    """The sequence that asks a terminal to set its clipboard, wrapped for tmux or screen; empty if it can't work."""
    data = text.encode("utf-8", "replace")
    if len(data) > OSC52_LIMIT or not _takes_sequences(environ):
        return ""
    sequence = f"\x1b]52;c;{base64.b64encode(data).decode()}\x07"
    if environ.get("TMUX"):
        # tmux accepts the plain one if `set-clipboard` is on, and passes on the wrapped one if passthrough is allowed.
        escaped = sequence.replace("\x1b", "\x1b\x1b")
        return f"{sequence}\x1bPtmux;{escaped}\x1b\\"
    if environ.get("STY") or environ.get("TERM", "").startswith("screen"):
        chunks = (sequence[i : i + _SCREEN_CHUNK_BYTES] for i in range(0, len(sequence), _SCREEN_CHUNK_BYTES))
        return "".join(f"\x1bP{chunk}\x1b\\" for chunk in chunks)
    return sequence


def tmux_blocks(environ: Mapping[str, str]) -> bool:
    """Whether tmux is configured to block clipboard sequences. Call in a thread."""
    if not environ.get("TMUX"):
        return False
    return _tmux_option("-gs", "set-clipboard", environ) in ("off", "external") and _tmux_option(
        "-gw", "allow-passthrough", environ
    ) not in ("on", "all")


def _tmux_option(scope: str, name: str, environ: Mapping[str, str]) -> str:
    """The value of a tmux option; empty if unknown."""
    ran = _tmux(["show-options", f"{scope}v", name], "", environ)
    return ran.stdout.strip() if ran else ""


def _by_tmux(text: str, environ: Mapping[str, str]) -> bool:
    """Whether tmux accepted the text into its buffer, which has no limit; does nothing outside tmux.

    `-w` (tmux 3.2 or later) also sends a text that fits to the outer terminal.
    """
    if not environ.get("TMUX"):
        return False
    onward = ["-w"] if osc52(text, environ) else []
    ran = _tmux(["load-buffer", *onward, "-"], text, environ)
    return ran is not None and ran.returncode == 0


def _tmux(words: Sequence[str], typed: str, environ: Mapping[str, str]) -> subprocess.CompletedProcess[str] | None:
    """Run a tmux command; None if it can't be run."""
    try:
        return subprocess.run(
            ["tmux", *words],
            input=typed,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=TIME_LIMIT_SECONDS,
            env=dict(environ),
            check=False,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def _is_local(environ: Mapping[str, str]) -> bool:
    """Whether a clipboard program would reach the reader's own clipboard."""
    remote = environ.get("SSH_CONNECTION") or environ.get("SSH_TTY")
    return not remote or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


async def _by_program(text: str) -> bool:
    """Whether pyperclip copied the text in time."""
    import pyperclip

    loop = asyncio.get_running_loop()
    done: asyncio.Future[bool] = loop.create_future()

    def tell(worked: bool) -> None:
        if not done.done():
            done.set_result(worked)

    def work() -> None:
        try:
            pyperclip.copy(text)
            worked = True
        except (pyperclip.PyperclipException, OSError, ValueError):
            worked = False
        if not loop.is_closed():
            loop.call_soon_threadsafe(tell, worked)

    # A daemon thread: a clipboard program that hangs must not hold up the exit.
    threading.Thread(target=work, daemon=True).start()
    try:
        return await asyncio.wait_for(done, TIME_LIMIT_SECONDS)
    except TimeoutError:
        return False


def _by_file(text: str, path: Path) -> Path:
    try:
        make_folder(path.parent, private=True)
        write_file(path, text.encode(errors="replace"), private=True, durable=False)
    except StoreError as error:
        raise ActionFailed(f"Nothing was copied, as no clipboard answers and {error}") from error
    return path
