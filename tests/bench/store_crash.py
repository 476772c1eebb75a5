"""What the store promises when processes are killed, power is cut and disks go bad; run it, and it prints its figures.

    python -m tests.bench.store_crash [KILLS] [PAIRS] [DAMAGES]

The defaults are 200 kills of one writer, 100 kills of two writers together, and 100 of each kind of damage; the test
suite runs the same with fewer.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from paperdeck.storage.library.library import Library
from paperdeck.storage.library.maintenance import check
from paperdeck.storage.paper import Marks, Paper
from paperdeck.storage.settings.settings import Places

_PAGE = 4096

WRITER = """
import sys
from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import Places

library = Library(Places.find({"PAPERDECK_HOME": sys.argv[1]}))
first = int(sys.argv[2])
for number in range(first, first + int(sys.argv[3])):
    paper_id = f"{2601 + number % 6}.{number:05}"
    library.mark([paper_id], starred=True, note=f"note {number}", label="star")
    print(paper_id, flush=True)
"""


@dataclass
class Losses:
    """What a run cost."""

    rounds: int = 0
    """How often it was tried."""
    acknowledged: int = 0
    """Changes that the store said were durable."""
    lost: int = 0
    """Of these, how many were not there afterwards."""
    wrong: int = 0
    """How many values were shown that were never written."""
    unreadable: int = 0
    """Files that had to be set aside although nobody damaged them, or libraries that could not be opened."""


def start_writer(home: Path, first: int, count: int = 10_000) -> subprocess.Popen[str]:
    """Start a process that stars as fast as it can, and prints each id when its star is durable."""
    command = [sys.executable, "-c", WRITER, str(home), str(first), str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def kill_writers(home: Path, rounds: int, writers: int, seed: int = 1) -> Losses:
    """Kill writers (all at once) at random times, and count what is missing afterwards."""
    dice, losses, acknowledged, first = random.Random(seed), Losses(), set[str](), 1
    for _ in range(rounds):
        running = [start_writer(home, first + 10_000 * number) for number in range(writers)]
        for process in running:  # what was printed before the first line is read stays in the pipe
            assert process.stdout
            acknowledged.add(process.stdout.readline().strip())
        time.sleep(dice.uniform(0, 0.06))
        for process in running:
            process.send_signal(signal.SIGKILL)
        for process in running:
            lines = process.communicate()[0].splitlines(keepends=True)
            acknowledged.update(line.strip() for line in lines if line.endswith("\n"))
        first = max(int(paper_id[5:]) for paper_id in acknowledged) % 10_000 + 1
        losses.rounds += 1
        _count(home, acknowledged, losses)
    losses.acknowledged = len(acknowledged)
    return losses


def _count(home: Path, acknowledged: set[str], losses: Losses) -> None:
    library = Library(Places.find({"PAPERDECK_HOME": str(home)}))
    shown = library.all_marks()
    losses.unreadable += len(library.troubles)
    losses.lost += sum(paper_id not in shown for paper_id in acknowledged)
    losses.wrong += sum(marks != _expected(paper_id) for paper_id, marks in shown.items())


def _expected(paper_id: str) -> Marks:
    return Marks(starred=True, note=f"note {int(paper_id[5:])}")


def two_writers(home: Path, changes: int) -> Losses:
    """Let two processes make changes in the same files at the same time."""
    running = [start_writer(home, first, changes) for first in (1, 10_001)]
    acknowledged = {line for process in running for line in process.communicate()[0].split()}
    losses = Losses(rounds=1, acknowledged=len(acknowledged))
    _count(home, acknowledged, losses)
    return losses


# -- damage ----------------------------------------------------------------------------------------------------------


def flip_bit(data: bytes, dice: random.Random) -> bytes:
    """One flipped bit."""
    at = dice.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << dice.randrange(8)]) + data[at + 1 :]


def zero_sector(data: bytes, dice: random.Random) -> bytes:
    """512 zeroed bytes."""
    at = dice.randrange(max(len(data) - 512, 1))
    return (data[:at] + bytes(512) + data[at + 512 :])[: len(data)]


def cut_anywhere(data: bytes, dice: random.Random) -> bytes:
    """A cut at any place."""
    return data[: dice.randrange(len(data))]


def lose_pages(data: bytes, dice: random.Random) -> bytes:
    """A power cut: of the pages of a write, only some reached the disk."""
    pages = [data[at : at + _PAGE] for at in range(0, len(data), _PAGE)]
    lost = dice.sample(range(len(pages)), dice.randint(1, len(pages)))
    return b"".join(bytes(len(page)) if number in lost else page for number, page in enumerate(pages))


DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (flip_bit, zero_sector, cut_anywhere, lose_pages)


def damage_marks(home: Path, rounds: int, damage: Callable[[bytes, random.Random], bytes], seed: int = 1) -> Losses:
    """Damage a file of marks again and again; every mark must come back from the backup."""
    places, dice = Places.find({"PAPERDECK_HOME": str(home)}), random.Random(seed)
    library = Library(places)
    for number in range(1, 61):
        library.mark([f"2605.{number:05}"], starred=True, note=f"note {number}")
    known = set(library.all_marks())
    [path] = places.marks.glob("*/2026-05.json")
    losses = Losses(acknowledged=len(known))
    for _ in range(rounds):
        path.write_bytes(damage(path.read_bytes(), dice))
        shown = Library(places).all_marks()
        losses.rounds += 1
        losses.lost += len(known - shown.keys())
        losses.wrong += sum(marks != _expected(paper_id) for paper_id, marks in shown.items())
    return losses


def damage_papers(home: Path, rounds: int, damage: Callable[[bytes, random.Random], bytes], seed: int = 1) -> Losses:
    """Damage a file of papers again and again; it must be shown right or not at all, and be filled again."""
    places, dice = Places.find({"PAPERDECK_HOME": str(home)}), random.Random(seed)
    papers = {paper.id: paper for paper in sample_papers(100)}
    path = places.papers / "2605" / "00.json"
    losses = Losses()
    for _ in range(rounds):
        Library(places).add(papers.values(), "hf")
        path.write_bytes(damage(path.read_bytes(), dice))
        library = Library(places)
        shown = library.month("2026-05")
        losses.rounds += 1
        losses.acknowledged += len(papers)
        losses.lost += len(papers) - len(shown)
        losses.wrong += sum(
            (paper.title, paper.abstract) != (papers[paper.id].title, papers[paper.id].abstract) for paper in shown
        )
        losses.unreadable += not library.troubles and len(shown) != len(papers)
    return losses


def sample_papers(count: int) -> Iterator[Paper]:
    """Papers of one month."""
    for number in range(1, count + 1):
        yield Paper(id=f"2605.{number:05}", title=f"Paper {number}", abstract=f"What number {number} does. " * 40)


def main(kills: int = 200, pairs: int = 100, damages: int = 100) -> None:
    """Run everything and print the figures."""
    print(f"{'experiment':<44} {'rounds':>6} {'acknowledged':>12} {'lost':>6} {'wrong':>6} {'unreadable':>10}")
    _line(f"{kills} kills of one writer", lambda home: kill_writers(home, kills, 1))
    _line(f"{pairs} kills of two writers together", lambda home: kill_writers(home, pairs, 2))
    _line("two writers of 200 changes each", lambda home: two_writers(home, 200))
    for damage in DAMAGES:
        name = damage.__name__.replace("_", " ")
        _line(f"marks: {name}", lambda home, damage=damage: damage_marks(home, damages, damage))  # type: ignore[misc]
        _line(f"papers: {name} (lost: fetched again)", lambda home, damage=damage: damage_papers(home, damages, damage))  # type: ignore[misc]


def _line(name: str, experiment: Callable[[Path], Losses]) -> None:
    home = Path(tempfile.mkdtemp(prefix="paperdeck-"))
    try:
        losses = experiment(home)
        state = check(Places.find({"PAPERDECK_HOME": str(home)})).state
    finally:
        shutil.rmtree(home, ignore_errors=True)
    figures = f"{losses.rounds:>6} {losses.acknowledged:>12} {losses.lost:>6} {losses.wrong:>6} {losses.unreadable:>10}"
    print(f"{name:<44} {figures}  doctor: {state}", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONPATH", str(Path(__file__).parents[2]))
    main(*map(int, sys.argv[1:]))
