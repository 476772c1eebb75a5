"""Every bound of the design in one run: `python -m tests.bench`, in under five minutes; ratios are of the same run.

The single benchmarks say more: `python -m tests.bench.reader`, `.scale`, `.store`, `.store_crash`, `.fetch`, `.cite`,
`.reading`.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from paperdeck.storage.cite import bibtex
from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import Places
from tests.bench import corpus, reader, reading
from tests.bench.terminal import percentile

BOUNDS = {
    "first paint": "≤ 1.35 × a bare app, 100k ≤ 1.15 × 1k",
    "key": "p95 ≤ 40 ms, also while fetching",
    "filter": "p95 ≤ 60 ms, worst ≤ 150 ms at 100k",
    "memory": "≤ 110 MB at 10k, ≤ 330 MB at 100k",
    "star": "≤ 5 ms beside the disk's fsync, at 20k marks",
    "reading": "a long paper open in ≤ 300 ms, p95 of j ≤ 40 ms",
    "ingest": "8,500 papers from a loopback hub in ≤ 20 s",
    "list": "≤ 0.2 s at 10k",
    "copy": "≤ 1 ms an entry",
}


def star(home: Path) -> str:
    """A star at 20,000 marks, durable, and what of it is the disk's."""
    library = Library(Places.find({"PAPERDECK_HOME": str(home)}))
    ids = [paper.id for paper in library.month(library.months()[0])][:60]
    library.mark(ids[:1], starred=True)
    times = [_timed(partial(library.mark, [paper_id], starred=True)) for paper_id in ids[1:]]
    disk = statistics.median(_timed(partial(_synced, home)) for _ in range(30))
    median = statistics.median(times)
    beside = max(0.0, median - 2 * disk)
    return f"star        {median:.1f} ms; {beside:.1f} ms beside two fsyncs of this disk, {disk:.1f} ms each"


def _timed(work: Callable[[], object]) -> float:
    """Milliseconds that something takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


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


def listing(home: Path) -> str:
    """`paperdeck list` as a whole process."""
    env = os.environ | reader.environment(home)
    command = [sys.executable, "-m", "paperdeck.tui", "list"]
    run = partial(subprocess.run, command, env=env, capture_output=True, check=True)
    times = [_timed(run) for _ in range(7)]
    return f"list        {statistics.median(times):.0f} ms for the newest 50 of 10,000 papers, the whole process"


def copying() -> str:
    """Making BibTeX entries."""
    papers = list(corpus.papers(500))
    bibtex.entry(papers[0])
    return f"copy        {_timed(lambda: [bibtex.entry(paper) for paper in papers]) / len(papers):.3f} ms an entry"


def keys_while_fetching(home: Path) -> str:
    """The key `j` held while history is fetched from a hub with 8,500 papers."""
    from tests.bench.fetch import serving

    with serving(datetime.now(UTC).date()) as hub:
        env = {"HF_ENDPOINT": hub, "PAPERDECK_ARXIV_ENDPOINT": hub}
        with reader.open_reader(home, env) as terminal:
            places = reader.titles_in_order(home)
            terminal.send("R")
            terminal.read_until_quiet(0.3)
            terminal.send("everything\r")
            terminal.read_for(0.5)
            keys = reader.held_key(terminal, places)
    return f"key         while fetching: p50 {percentile(keys, 50):.0f}, p95 {percentile(keys, 95):.0f} ms"


def figures() -> Iterator[str]:
    """All figures, line by line."""
    with tempfile.TemporaryDirectory() as folder:
        first: dict[int, float] = {}
        for size, rounds in ((1_000, 5), (10_000, 7), (100_000, 5)):
            home = Path(folder) / str(size)
            corpus.fill(home, size, marks=min(size // 5, 20_000))
            bare, first[size], ratio = reader.start_ratio(home, rounds)
            yield f"first paint {first[size]:.0f} ms at {size:,}; bare app {bare:.0f} ms; ratio {ratio:.2f}"
        yield f"first paint 100k is {first[100_000] / first[1_000]:.2f} × 1k"
        for size in (10_000, 100_000):
            yield from at_rest(Path(folder) / str(size), size)
        yield star(Path(folder) / "100000")
        yield listing(Path(folder) / "10000")
        yield copying()


def at_rest(home: Path, size: int) -> Iterator[str]:
    """Keys, filter and memory of a reader that has loaded everything."""
    with reader.open_reader(home) as terminal:
        yield f"memory      {terminal.memory_mb():.0f} MB at {size:,}"
        keys = reader.held_key(terminal, reader.titles_in_order(home))
        yield f"key         p50 {percentile(keys, 50):.0f}, p95 {percentile(keys, 95):.0f} ms at {size:,}"
        if size == 100_000:
            times = [time for kind in reader.filter_latencies(terminal).values() for time in kind]
            yield f"filter      {reader.figures_of(times)} at {size:,}"
            yield f"view        {reader.view_change(terminal):.0f} ms at {size:,}"
            yield f"memory      {terminal.memory_mb():.0f} MB at {size:,}, after searching"


def long_paper() -> str:
    """A full text of 300 kB: opening it, and the key `j` held in it."""
    opening, keys = reading.summary(300)
    return f"reading     opens in {opening:.0f} ms; key p95 {keys:.0f} ms"


def main() -> None:
    """Print the bounds and the figures."""
    from tests.bench import fetch

    for name, bound in BOUNDS.items():
        print(f"bound       {name}: {bound}")
    for line in figures():
        print(line, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        corpus.fill(home, 2_000)
        print(keys_while_fetching(home), flush=True)
    print(long_paper(), flush=True)
    for what, figure in fetch.run():
        print(f"ingest      {what}: {figure}", flush=True)


if __name__ == "__main__":
    main()
