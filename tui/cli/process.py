"""Prepares the process for a command: streams, interrupts, the log.

Standard input and output may be closed, full, or a pipe whose other end is gone. None of that causes a traceback:
messages on standard error are dropped silently, data that can't be written ends in one sentence and code 1, and a
closed pipe (`| head`) is not an error.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    import logging
    from pathlib import Path

EXIT_FAILED = 1
EXIT_INTERRUPTED = 130
"""128 and the number of SIGINT, as shells report it."""

LOG_BEGINS = "paperdeck log"
"""The first words of a log file."""


class OutputFailed(Exception):
    """Data could not be written to standard output. Not a PaperdeckError, so that no command handles it."""


def run_guarded(run: Callable[[Sequence[str]], int], words: Sequence[str] | None) -> int:
    """Run the program and convert failures of its streams to an exit code.

    Args:
        run: Runs a command line; returns its exit code.
        words: The words after the program's name; None: those of this process, whose streams and signals are ours.
    """
    if words is None:
        _open_streams()
    try:
        try:
            return run(sys.argv[1:] if words is None else words)
        finally:
            sys.stdout.flush()  # a failure that shows only at Python's exit can't be caught
    except BrokenPipeError:
        _drop_output()
        return 0
    except OutputFailed as error:
        _drop_output()
        from .common import warn

        warn(error)
        return EXIT_FAILED
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    finally:
        if words is None:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # from here on Python would only print a traceback


# -- streams -------------------------------------------------------------------------------------------------------


class _Output(io.FileIO):
    """Standard output that reports failures as sentences."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            from paperdeck.storage.files.disk import reason_for

            why = "it is closed" if error.errno == 9 else reason_for(error)  # EBADF
            raise OutputFailed(f"Standard output can't be written: {why}.") from error


class _Words(io.FileIO):
    """Standard error that drops messages if it can't be written."""

    def write(self, data: Any) -> int:
        with contextlib.suppress(OSError):
            return super().write(data)
        return len(data)


def _open_streams() -> None:
    """Make sure that the process has three streams that fail in an orderly way.

    A closed descriptor is opened on the null device in the wrong direction, so that using it still fails. If it stayed
    closed, the next opened file would get its number, and the output.
    """
    for number, direction in enumerate((os.O_WRONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, direction)
    if sys.platform == "win32":
        write_utf8(sys.stdout)
        return
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", errors="replace", closefd=False)  # noqa: SIM115
    sys.stdout = _stream(_Output(1, "w", closefd=False), sys.stdout, "replace")
    sys.stderr = _stream(_Words(2, "w", closefd=False), sys.stderr, "backslashreplace")


def write_utf8(stream: TextIO | None) -> None:
    """Write UTF-8 to a pipe or a file, even on Windows, whose code pages lack many letters in names."""
    if not isinstance(stream, io.TextIOWrapper) or "PYTHONIOENCODING" in os.environ:
        return
    if not stream.isatty():
        stream.reconfigure(encoding="utf-8", errors="replace")


def _stream(raw: io.FileIO, before: TextIO | None, errors: str) -> TextIO:
    """A text stream like Python's own, if there is one."""
    encoding = before.encoding if before else "utf-8"
    by_line = errors != "replace" or raw.isatty()
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding, errors, line_buffering=by_line)


def _drop_output() -> None:
    """Discard the buffers, as Python flushes them once more at exit."""
    with contextlib.suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)


# -- the log -------------------------------------------------------------------------------------------------------


def start_log(path: Path, words: Sequence[str]) -> None:
    """Append to a log file from now on.

    Args:
        path: The file; only its owner can read a new one, as it names papers and queries.
        words: The words of the command line, for the first line.

    Raises:
        InvalidInput: there is a file that isn't a log of ours.
        ActionFailed: it can't be written.
    """
    import logging
    import platform

    logging.raiseExceptions = False  # a full disk must not draw over the screen
    descriptor = _open_log(path)
    file = open(descriptor, "a", encoding="utf-8", errors="backslashreplace")  # noqa: PTH123, SIM115
    handler = logging.StreamHandler(file)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(threadName)s: %(message)s"))
    handler.addFilter(_clean)
    logger = logging.getLogger("paperdeck")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    file.write(f"{LOG_BEGINS}, process {os.getpid()}, Python {platform.python_version()}, {sys.platform}\n")
    logger.info("called with %s", " ".join(words) or "no words")


def _clean(record: logging.LogRecord) -> bool:
    """A log filter that lets every record pass, with its message made one clean line; a traceback may follow."""
    from paperdeck.storage.text.clean import for_screen

    record.msg, record.args = for_screen(record.getMessage()), ()
    return True


def _open_log(path: Path) -> int:
    """A descriptor that appends to the log."""
    from paperdeck.storage.errors import ActionFailed, InvalidInput
    from paperdeck.storage.files.disk import is_file, reason_for

    try:
        if is_file(path):
            with path.open("rb") as file:
                if file.read(len(LOG_BEGINS)) not in (b"", LOG_BEGINS.encode()):
                    raise InvalidInput(f"{path} is not a log of paperdeck; choose another name.")
        return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError as error:
        raise ActionFailed(f"The log {path} can't be written: {reason_for(error)}.") from error
    except ValueError as error:  # a null character in the name
        raise ActionFailed(f"{path!r} is not a file name.") from error
