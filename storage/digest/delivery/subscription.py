"""A subscription: a digest sent automatically, every day or every week, and the command that does it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.files.disk import is_file
from paperdeck.storage.settings.places import absolute
from paperdeck.storage.text import words

WEEKDAYS = tuple(name[:3] for name in words.WEEKDAYS)

PASSED_ON = (
    *("PAPERDECK_HOME", "HF_ENDPOINT", "PAPERDECK_ARXIV_ENDPOINT", "HF_HOME", "HF_TOKEN_PATH"),
    *("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "SSL_CERT_FILE", "SSL_CERT_DIR"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"),
)
"""Variables that a run needs to find the same library and the same network. cron doesn't pass on the shell's."""
_PATHS = frozenset({"PAPERDECK_HOME", "HF_HOME", "HF_TOKEN_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR"})
"""Those with paths, which are passed on from the root on, as cron works in another folder. Relative paths in XDG
variables are passed on as they are: they are ignored, here and there."""
_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Schedule:
    """When it runs, in the local time of the machine."""

    hour: int
    minute: int
    weekday: int | None = None
    """0 is Monday; None: every day."""

    def __post_init__(self) -> None:
        weekday = 0 if self.weekday is None else self.weekday
        for value, end in ((self.hour, 24), (self.minute, 60), (weekday, 7)):
            if type(value) is not int or not 0 <= value < end:
                raise ValueError("not a time of a day")

    def __str__(self) -> str:
        day = "daily" if self.weekday is None else f"every {WEEKDAYS[self.weekday]}"
        return f"{day} at {self.hour:02}:{self.minute:02}"


def parse_schedule(time: str, weekday: str | None = None) -> Schedule:
    """Parse a typed schedule: `07:30`, and perhaps a day such as `mon`.

    Raises:
        InvalidInput: the time or the day can't be understood.
    """
    found = _TIME.fullmatch(time.strip())
    if not found:
        raise InvalidInput(f"“{time[:20]}” is not a time of day such as 07:30.")
    if weekday is None:
        return Schedule(int(found[1]), int(found[2]))
    name = weekday.strip()[:3].capitalize()
    if name not in WEEKDAYS or not weekday.strip().isalpha():
        raise InvalidInput(f"“{weekday[:20]}” is not a day of the week. Choose from {', '.join(WEEKDAYS)}.")
    return Schedule(int(found[1]), int(found[2]), WEEKDAYS.index(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A digest with its schedule and destination."""

    schedule: Schedule
    send: str
    """The destination: an address, or `maildir:` and a folder."""
    query: str = ""
    top: int = 10
    """Maximum number of papers shown per group."""
    sort: str = "upvotes"

    def __post_init__(self) -> None:
        if type(self.top) is not int or not all(isinstance(text, str) for text in (self.query, self.send, self.sort)):
            raise TypeError("not a subscription")
        if not all(map(is_one_line, (self.query, self.send, self.sort))):
            raise InvalidInput("A subscription's query and destination are one line of text each.")

    @property
    def id(self) -> str:
        """Its id: the same query to the same place is the same subscription, whatever its time."""
        return hashlib.blake2b(f"{self.query}\0{self.send}".encode(errors="surrogateescape"), digest_size=4).hexdigest()

    def command(self, program: Sequence[str]) -> list[str]:
        """The command line of a run.

        Args:
            program: The words that call paperdeck.
        """
        command = [*program, "digest", "--quiet", "--fetch", "--period", "since-last", "--top", str(self.top)]
        command += [f"--sort={self.sort}", f"--send={self.send}"]
        return [*command, "--", self.query] if self.query else command

    def is_run_by(self, words: Sequence[str]) -> bool:
        """Whether a command line, perhaps edited by hand, runs this subscription.

        Args:
            words: The words of the line; others, such as a schedule, may precede and follow the command.
        """
        run = list(words[words.index("digest") :]) if "digest" in words else []
        query = run[run.index("--") + 1 :][:1] if "--" in run else [""]
        return run[:5] == self.command(())[:5] and f"--send={self.send}" in run and query == [self.query]


def is_one_line(text: str) -> bool:
    """Whether a text has no control characters; it may contain a path that isn't UTF-8."""
    return text.encode(errors="replace").decode().isprintable()


def as_comment(subscription: Subscription) -> str:
    """The subscription on one line of ASCII, to be read back from where it was installed."""
    return json.dumps(asdict(subscription))


def from_comment(text: str) -> Subscription | None:
    """The subscription written by `as_comment`, or None if the text isn't one."""
    try:
        values = json.loads(text)
        return Subscription(**values | {"schedule": Schedule(**values["schedule"])})
    except (ValueError, TypeError, KeyError, RecursionError, InvalidInput):
        return None


# -- how it is run -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Call:
    """The command of a scheduled run."""

    program: tuple[str, ...]
    """The words before the command's name; the first is an absolute path."""
    environ: Mapping[str, str]
    """Its environment variables."""


def own_call(environ: Mapping[str, str] = os.environ) -> Call:
    """The command that calls this installation of paperdeck."""
    script = Path(sys.argv[0])
    named = script.stem == "paperdeck" and is_file(script) and os.access(script, os.X_OK)
    program = (str(script.absolute()),) if named else (sys.executable, "-m", "paperdeck.tui")
    return Call(program, passed_on(environ))


def passed_on(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment variables that a run needs and that are not secret.

    Raises:
        InvalidInput: a path among them can't be made absolute.
    """
    secret = withheld(environ)
    values = {name: environ[name] for name in _set_in(environ) if name not in secret}
    return {name: _rooted(name, value) for name, value in values.items()}


def _rooted(name: str, value: str) -> str:
    """The value of a variable, with paths from the root on."""
    if name not in _PATHS:
        return value
    paths = value.split(os.pathsep) if name == "SSL_CERT_DIR" else [value]
    return os.pathsep.join(str(absolute(path)) if path else "" for path in paths)


def withheld(environ: Mapping[str, str]) -> list[str]:
    """The variables that a run would need but that hold a password, as other users can see a command line."""
    addresses = (name for name in _set_in(environ) if name.lower().endswith(("_proxy", "_endpoint")))
    return [name for name in addresses if "@" in environ[name]]


def _set_in(environ: Mapping[str, str]) -> list[str]:
    return [name for name in PASSED_ON if environ.get(name, "").strip() and is_one_line(environ[name])]


def shell_line(subscription: Subscription, call: Call) -> str:
    """The command of a run for a shell."""
    variables = [f"{name}={value}" for name, value in call.environ.items()]
    return shlex.join([*(["env", *variables] if variables else []), *subscription.command(call.program)])


def without_crontab(subscription: Subscription, call: Call, platform: str = sys.platform) -> str:
    """The exact command for the platform's own scheduler or, where we know none, the command to be scheduled."""
    if platform != "win32":
        return shell_line(subscription, call)
    when = subscription.schedule
    days = ["/SC", "DAILY"] if when.weekday is None else ["/SC", "WEEKLY", "/D", WEEKDAYS[when.weekday].upper()]
    task = subprocess.list2cmdline(subscription.command(call.program))
    time = f"{when.hour:02}:{when.minute:02}"
    return subprocess.list2cmdline(
        ["schtasks", "/Create", "/TN", f"paperdeck-{subscription.id}", *days, "/ST", time, "/TR", task]
    )
