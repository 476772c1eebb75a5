"""Subscriptions as lines of the reader's crontab (crontab(5)); all other lines stay as they are."""

from __future__ import annotations

import logging
import os
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext

from paperdeck.storage.errors import ActionFailed
from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.settings.places import Places
from paperdeck.storage.text.clean import clean_line

from .subscription import Call, Subscription, as_comment, from_comment, shell_line

_MARK = "# paperdeck: "
_TIMEOUT_SECONDS = 30.0
_log = logging.getLogger(__name__)
_LONGEST_BYTES = 900
"""Of a command; cron itself cuts or refuses lines longer than 998 bytes."""

Run = Callable[[Sequence[str], str], "subprocess.CompletedProcess[str]"]
"""Runs a program with a text as its input. Tests pass one that only records its calls."""


class Crontab:
    """The reader's crontab. Each subscription is a comment that describes it, and the command below it."""

    def __init__(self, call: Call, run: Run, lock: AbstractContextManager[None] | None = None) -> None:
        """A crontab that is read and written by the program of that name.

        Args:
            call: How a run calls paperdeck.
            run: Runs crontab.
            lock: Held from reading to writing it, so that no other paperdeck changes it in between.
        """
        self._lock = lock or nullcontext()
        self._call = call
        self._run = run

    def plan(self, subscription: Subscription) -> str:
        """The two lines to add to the crontab."""
        return "\n".join(["These lines in the crontab:", *self._lines(subscription)])

    def install(self, subscription: Subscription) -> bool:
        """Install a subscription in the place of an older one with its id. Returns False if it was installed already.

        Raises:
            ActionFailed: it did not work; the crontab is as it was.
            StoreError: another paperdeck is changing it.
        """
        with self._lock:
            before, lines = self._read(), self._lines(subscription)
            if any(before[place : place + len(lines)] == lines for place in range(len(before))):
                return False
            self._write([*self._without(before, subscription), *lines])
            return True

    def installed(self) -> list[Subscription]:
        """The installed subscriptions, by id.

        Raises:
            ActionFailed: the crontab can't be read.
        """
        return sorted(filter(None, map(_marked, self._read())), key=lambda subscription: subscription.id)

    def remove(self, subscription_id: str) -> bool:
        """Remove a subscription. Returns False if there is none.

        Raises:
            ActionFailed: it did not work.
            StoreError: another paperdeck is changing it.
        """
        with self._lock:
            before = self._read()
            found = next((known for known in map(_marked, before) if known and known.id == subscription_id), None)
            if found:
                self._write(self._without(before, found))
            return found is not None

    def others(self, subscription: Subscription) -> list[str]:
        """The lines that run it too but that are not ours, as somebody wrote or changed them.

        Raises:
            ActionFailed: the crontab can't be read.
        """
        return [line for line in self._without(self._read(), subscription) if subscription.is_run_by(_words(line))]

    def _without(self, lines: Iterable[str], subscription: Subscription) -> Iterator[str]:
        """The lines without its comment, the command below that, and those that are only a schedule and its command."""
        ours = shlex.split(shell_line(subscription, self._call))
        start = ours[: ours.index("since-last")]
        above = None
        for line in lines:
            marked, words = _marked(line), _words(line)
            command = words[1 if line.lstrip().startswith("@") else 5 :]
            is_ours = above == subscription.id or (command[: len(start)] == start and len(command) == len(ours))
            above = marked.id if marked else None
            if not (above == subscription.id or (is_ours and subscription.is_run_by(words))):
                yield line

    def _lines(self, subscription: Subscription) -> list[str]:
        when = subscription.schedule
        day = "*" if when.weekday is None else str((when.weekday + 1) % 7)  # cron's week begins with Sunday, 0
        command = shell_line(subscription, self._call).replace("%", r"\%")  # otherwise cron turns it into a line feed
        if len(command.encode(errors="replace")) > _LONGEST_BYTES:
            length = f"{len(command.encode(errors='replace'))} bytes, {_LONGEST_BYTES} are allowed"
            raise ActionFailed(f"The command is too long for the crontab ({length}); shorten the query.")
        return [_MARK + as_comment(subscription), f"{when.minute} {when.hour} * * {day} {command}"]

    def _read(self) -> list[str]:
        """The lines of the crontab. A failure to read it must not look like an empty one."""
        done = self._run(["crontab", "-l"], "")
        if done.returncode == 0:
            return done.stdout.removesuffix("\n").split("\n") if done.stdout else []  # nothing else ends a line there
        if any(words in done.stderr.lower() for words in ("no crontab", "can't open")):
            return []
        raise ActionFailed(f"The crontab can't be read: {clean_line(done.stderr)[:200] or done.returncode}.")

    def _write(self, lines: Iterable[str]) -> None:
        checked(self._run, ["crontab", "-"], "".join(f"{line}\n" for line in lines))


def _marked(line: str) -> Subscription | None:
    return from_comment(line.removeprefix(_MARK)) if line.startswith(_MARK) else None


def _words(line: str) -> list[str]:
    """The words of a line with a schedule and a command; a comment has none."""
    try:
        return [] if line.lstrip().startswith("#") else shlex.split(line.replace(r"\%", "%"))
    except ValueError:  # a quotation mark is not closed
        return []


def run_program(words: Sequence[str], text: str) -> subprocess.CompletedProcess[str]:
    """Run a program; the caller checks the exit code. Ends of lines and file names that aren't UTF-8 pass unchanged.

    Raises:
        ActionFailed: it can't be run, or does not end.
    """
    try:
        given = text.encode("utf-8", "surrogateescape")
        done = subprocess.run(list(words), input=given, capture_output=True, timeout=_TIMEOUT_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise ActionFailed(f"{words[0]} did not end within {_TIMEOUT_SECONDS:.0f} seconds.") from error
    except (OSError, ValueError) as error:
        raise ActionFailed(f"{words[0]} can't be run: {error}.") from error
    out, err = (stream.decode("utf-8", "surrogateescape") for stream in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def checked(run: Run, words: Sequence[str], text: str = "") -> None:
    """Run a program that must succeed.

    Raises:
        ActionFailed: it failed.
    """
    done = run(words, text)
    _log.info("%s ended with %d", shlex.join(words), done.returncode)
    if done.returncode:
        reason = clean_line(done.stderr or done.stdout)[:200] or f"code {done.returncode}"
        raise ActionFailed(f"“{shlex.join(words)}” failed: {reason}.")


def find_crontab(call: Call, *, environ: Mapping[str, str] = os.environ, run: Run = run_program) -> Crontab | None:
    """The reader's crontab; None if there is no cron.

    Args:
        call: The command that calls paperdeck.
        environ: The environment, to find the program and the folder of the lock.
        run: Runs programs.
    """
    if not shutil.which("crontab", path=environ.get("PATH")):
        return None
    return Crontab(call, run, WriterLock(Places.find(environ).locks / "crontab.lock"))
