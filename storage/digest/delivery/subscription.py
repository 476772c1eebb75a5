"""A subscription: a digest sent automatically, every day or every week."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.text import words

WEEKDAYS = tuple(name[:3] for name in words.WEEKDAYS)

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
