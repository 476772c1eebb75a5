"""Every budget of the design in one run: `python -m tests.bench`; ratios are of the same run.

Each figure stands beside its bound, with a `!` where it is above; see `tests.bench.budgets` for those in milliseconds.

The individual benchmarks say more: `python -m tests.bench.reader`, `.scale`, `.store`, `.store_crash`, `.fetch`,
`.cite`, `.reading`.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from paperdeck.storage.cite.formats import cite
from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import Places
from tests.bench import corpus, fetch, reader, reading
from tests.bench.budgets import Budgets, timed
from tests.bench.terminal import percentile

ROUNDS = {1_000: 9, 10_000: 5, 100_000: 5}
"""How often the first paint is measured, by the number of papers."""
MAX_MARKS = 20_000
REST_SECONDS = 20.0
"""How long until the reader has collected its garbage, which it does only while no key is pressed."""


def starts(budgets: Budgets, homes: dict[int, Path]) -> None:
    """The first paint against a bare app, at each size; sets the factor."""
    first: dict[int, float] = {}
    bares = []
    for size, home in homes.items():
        bare, first[size], ratio = reader.start_ratio(home, ROUNDS[size])
        bares.append(bare)
        budgets.say(f"first paint at {size:,}, × a bare app", ratio, 1.35, note=f"{first[size]:.0f} / {bare:.0f} ms")
    budgets.say("first paint at 100,000, × at 1,000", first[100_000] / first[1_000], 1.15)
    budgets.set_factor(bares)


def at_rest(budgets: Budgets, home: Path, size: int, max_mb: float) -> None:
    """Keys, filter and memory of a reader that has loaded everything."""
    with reader.open_reader(home) as terminal:
        budgets.say(f"memory at {size:,}", terminal.memory_mb(), max_mb, "MB")
        keys = reader.held_key(terminal, reader.titles_in_order(home))
        median = f"p50 {percentile(keys, 50):.0f}"
        budgets.say(f"j held, p95 at {size:,}", percentile(keys, 95), 40, "ms", median)
        if size == max(ROUNDS):
            times = [time for kind in reader.filter_latencies(terminal).values() for time in kind]
            budgets.say(
                f"filter key to page, p95 at {size:,}", percentile(times, 95), 40, "ms", reader.figures_of(times)
            )
            budgets.say(f"another view at {size:,}", reader.view_change(terminal), 40, "ms")
            budgets.say(f"memory at {size:,}, while searching", terminal.memory_mb(), max_mb, "MB")
            terminal.read_for(REST_SECONDS)
            budgets.say(f"memory at {size:,}, after a rest", terminal.memory_mb(), max_mb, "MB")


def keys_while_fetching(budgets: Budgets, home: Path) -> None:
    """The key `j` held while history is fetched from a hub with 8,500 papers."""
    with fetch.serving(datetime.now(UTC).date()) as hub:
        env = {"HF_ENDPOINT": hub, "PAPERDECK_ARXIV_ENDPOINT": hub}
        with reader.open_reader(home, env) as terminal:
            titles = reader.titles_in_order(home)
            terminal.send("R")
            terminal.read_until_quiet(0.3)
            terminal.send("everything\r")
            terminal.read_for(0.5)
            keys = reader.held_key(terminal, titles)
    budgets.say("j held while fetching, p95", percentile(keys, 95), 40, "ms", f"p50 {percentile(keys, 50):.0f}")


def star(budgets: Budgets, home: Path) -> None:
    """A durable star at 20,000 marks, less the time that the disk takes."""
    library = Library(Places.find({"PAPERDECK_HOME": str(home)}))
    ids = [paper.id for paper in library.month(library.months()[0])][:60]
    library.mark(ids[:1], starred=True)
    times = [timed(partial(library.mark, [paper_id], starred=True)) for paper_id in ids[1:]]
    disk = statistics.median(timed(partial(_synced, home)) for _ in range(30))
    median = statistics.median(times)
    note = f"{median:.1f} with two fsyncs of {disk:.1f} ms each"
    budgets.say("star at 20,000 marks, less the disk", max(0.0, median - 2 * disk), 5, "ms", note)


def _synced(home: Path) -> None:
    """Write and fsync a small file, rename it, fsync its folder: the least that a durable change takes."""
    part, target = home / "fsync.part", home / "fsync"
    with part.open("wb") as file:
        file.write(b"x" * 4096)
        os.fsync(file.fileno())
    part.replace(target)
    folder = os.open(home, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def listing(budgets: Budgets, homes: dict[int, Path], empty: Path) -> None:
    """`paperdeck list WORD` as a whole process, against `list` in an empty library."""
    word = next(word for word in reversed(corpus.vocabulary()) if len(word) > len("syllable"))
    bare = statistics.median(_listed(empty) for _ in range(7))
    for size, home in homes.items():
        took = statistics.median(_listed(home, word) for _ in range(7))
        note = f"{took:.0f} / {bare:.0f} ms"
        budgets.say(f"list WORD at {size:,}, × list of an empty library", took / bare, 1.6, note=note)


def _listed(home: Path, *words: str) -> float:
    command = [sys.executable, "-m", "paperdeck.tui", "list", *words]
    return timed(
        partial(subprocess.run, command, env=os.environ | reader.environment(home), capture_output=True, check=False)
    )


def copying(budgets: Budgets) -> None:
    """Making BibTeX entries."""
    papers = list(corpus.papers(500))
    cite([papers[0]], "bibtex")
    each = timed(lambda: [cite([paper], "bibtex") for paper in papers]) / len(papers)
    budgets.say("a BibTeX entry", each, 1, "ms")


def long_paper(budgets: Budgets) -> None:
    """A full text of 300 kB: opening it, and the key `j` held in it."""
    opening, keys = reading.summary(300)
    budgets.say("a full text of 300 kB opens", opening, 300, "ms")
    budgets.say("j held in it, p95", keys, 40, "ms")


def main() -> None:
    """Print the figures beside their bounds."""
    budgets = Budgets()
    with tempfile.TemporaryDirectory() as folder:
        homes = {size: Path(folder) / str(size) for size in ROUNDS}
        for size, home in homes.items():
            corpus.fill(home, size, marks=min(size // 5, MAX_MARKS))
        starts(budgets, homes)
        at_rest(budgets, homes[10_000], 10_000, 95)
        at_rest(budgets, homes[100_000], 100_000, 120)
        star(budgets, homes[100_000])
        listing(budgets, homes, Path(folder) / "empty")
        fetched = Path(folder) / "fetched"
        corpus.fill(fetched, 2_000)
        keys_while_fetching(budgets, fetched)
    copying(budgets)
    long_paper(budgets)
    for what, figure in fetch.run():
        print(f"  ingest, {what}: {figure}  (8,500 papers in ≤ {20 * budgets.factor:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
