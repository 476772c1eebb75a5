"""What the rows of `breaking` share: results that are counted, commands that are called in this process."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple, TypeVar

from paperdeck.storage.library.library import DayRecord, DayState, Library
from paperdeck.storage.paper import Paper
from paperdeck.storage.settings.places import Places
from paperdeck.tui.__main__ import main

ROOT = Path(__file__).parents[2]
T = TypeVar("T")

_MAX_EXAMPLES = 5


class Outcome(NamedTuple):
    """What became of one call."""

    words: tuple[str, ...]
    code: int
    """The exit code; -1 after a crash."""
    out: bytes
    err: str
    crash: str
    """The traceback, if it ended in one."""


@dataclass
class Result:
    """What became of a row."""

    tried: int = 0
    lost: int = 0
    tracebacks: int = 0
    examples: list[str] = field(default_factory=list)
    """The first things that went wrong."""

    def add(self, outcome: Outcome, *, lost: bool = False) -> None:
        """Count a call."""
        self.tried += 1
        if outcome.crash:
            self.tracebacks += 1
            self.note(f"{' '.join(outcome.words)[:100]!r}: {outcome.crash.strip().splitlines()[-1][:150]}")
        elif lost:
            self.lost += 1
            self.note(f"{' '.join(outcome.words)[:100]!r}: code {outcome.code}, {outcome.err.strip()[-150:]!r}")

    def count(self, items: Iterable[T], is_there: Callable[[T], bool]) -> None:
        """Count things that must be there."""
        for item in items:
            self.check(is_there(item), f"{item!r} is not there")

    def check(self, held: bool, message: str) -> None:
        """Count one thing that must hold."""
        self.tried += 1
        if not held:
            self.lost += 1
            self.note(message)

    def note(self, message: str) -> None:
        """Keep an example of what went wrong, among the first few."""
        if len(self.examples) < _MAX_EXAMPLES:
            self.examples.append(message)


def call(home: Path, *words: str) -> Outcome:
    """Call a command in this process, with its streams caught."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8", "replace"), io.StringIO()
    before, os.environ["PAPERDECK_HOME"] = os.environ.get("PAPERDECK_HOME", ""), str(home)
    stdin, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(b""))
    code, crash = -1, ""
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(words)
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    except BaseException:  # noqa: BLE001, the point of it
        crash = traceback.format_exc()
    finally:
        os.environ["PAPERDECK_HOME"], sys.stdin = before, stdin
    out.flush()
    return Outcome(words, code, out.buffer.getvalue(), err.getvalue(), crash)  # type: ignore[attr-defined]


def stocked(home: Path, papers: int) -> Library:
    """A library with some papers, all listed on one day."""
    library = Library(Places.find({"PAPERDECK_HOME": str(home)}))
    made = [a_paper(number) for number in range(1, papers + 1)]
    library.add(made, "hf")
    day, fetched_at = date(2026, 11, 20), "2026-11-20T09:00:00Z"
    ids = tuple(paper.id for paper in made)
    library.ledger.record(DayRecord(source="hf", day=day, state=DayState.COMPLETE, fetched_at=fetched_at, ids=ids))
    return library


def a_paper(number: int, **facts: object) -> Paper:
    """A harmless paper."""
    known = {
        "id": f"2611.{number:05}",
        "title": f"Paper {number}",
        "abstract": f"What number {number} does.",
        "authors": ("Ada Lovelace", "Bo Li"),
        "published": date(2026, 11, 18),
        "listed": date(2026, 11, 20),
        "upvotes": number,
    }
    return Paper(**(known | facts))  # type: ignore[arg-type]
