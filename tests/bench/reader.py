"""The reader on a screen: first paint against a bare Textual app, the key `j`, the filter, new arrivals, memory.

python -m tests.bench.reader [SIZE ...]        (default: 1000 10000 100000)
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.cli.list import select
from paperdeck.tui.model.completing import MAX_OFFERS
from tests.bench.corpus import fill
from tests.bench.terminal import Terminal, percentile

READY = "▲"
BARE_READY = "READY"
ROUNDS = 9
KEYS, KEYS_PER_SECOND = 100, 30
LIST_COLUMN = 31
"""Where the rows of the list begin."""
FIRST_LINE_BELOW_OFFERS = 3 + MAX_OFFERS
"""The first line of the screen that completions of the filter never cover."""
TITLE_CHARACTERS = 24
"""How much of a title is certain to be on its first line."""
NOBODY = "http://127.0.0.1:9"

Waited = tuple[float, float]
"""When a key was sent, and until when its effect was waited for."""

FILTERS = {
    "one letter": "k",
    "common word": "ba",
    "rare word": "bobebobe",
    "absent word": "qqqqq",
    "two words": "ba ko",
    "fielded": "author:lama",
    "negated": "-ba",
}


def reader() -> list[str]:
    """The command that opens the reader."""
    return [sys.executable, "-m", "paperdeck.tui"]


def environment(home: Path) -> dict[str, str]:
    """A reader without a network, in which nothing blinks: a screen is complete when nothing more is written."""
    return {
        "PAPERDECK_HOME": str(home),
        "HF_ENDPOINT": NOBODY,
        "PAPERDECK_ARXIV_ENDPOINT": NOBODY,
        "TEXTUAL_ANIMATIONS": "none",
    }


def first_paint(command: list[str], env: dict[str, str], marker: str) -> float:
    """Milliseconds from the start of the process until the marker is on the screen."""
    with Terminal(command, env) as terminal:
        terminal.read_until(marker)
        terminal.read_for(0.1)
        seen = terminal.first_seen(marker)
    assert seen is not None, "the marker was never on the screen"
    return seen * 1000


def start_ratio(home: Path, rounds: int = ROUNDS) -> tuple[float, float, float]:
    """Median first paint of the bare app and of ours, and the median of the ratios pair by pair."""
    env = environment(home)
    bare, ours = [], []
    for _ in range(rounds):
        bare.append(first_paint([sys.executable, "-m", "tests.bench.bare_app"], env, BARE_READY))
        ours.append(first_paint(reader(), env, READY))
    ratios = [mine / other for mine, other in zip(ours, bare, strict=True)]
    return statistics.median(bare), statistics.median(ours), statistics.median(ratios)


WHOLE_LIST_SECONDS = 5
"""How long the reader may show nothing new while it loads the list of a million papers behind its first page."""


def open_reader(home: Path, env: dict[str, str] | None = None) -> Terminal:
    """A reader that has loaded everything and shows the view of all papers."""
    terminal = Terminal(reader(), environment(home) | (env or {}))
    terminal.read_until(READY)
    terminal.read_until_quiet(2.5, 90)
    terminal.send("3")
    terminal.read_until_quiet(WHOLE_LIST_SECONDS)
    return terminal


def held_key(terminal: Terminal, titles: list[str]) -> list[float]:
    """Milliseconds from each `j`, held down, to the cursor on its row."""
    sent = []
    at = time.perf_counter()
    for _ in range(KEYS):
        sent.append(terminal.send("j"))
        at += 1 / KEYS_PER_SECOND
        terminal.read_for(at - time.perf_counter())
    terminal.read_until_quiet(0.5)
    shown = rows_under_cursor(terminal, titles, sent[0])
    terminal.send("g")
    terminal.read_until_quiet(0.5)
    return [latency * 1000 for latency in latencies(sent, shown)]


def titles_in_order(home: Path) -> list[str]:
    """The beginnings of the first titles in the view of all papers."""
    library = Library(Places.find({"PAPERDECK_HOME": str(home)}))
    return [entry.paper.title[:TITLE_CHARACTERS] for entry in select(library, "", KEYS + 20)]


def rows_under_cursor(terminal: Terminal, titles: list[str], since: float) -> list[tuple[float, int]]:
    """When the cursor was seen at which place in the list; it only moves down, as titles may be alike."""
    shown: list[tuple[float, int]] = []
    row = re.compile(f"^.{{{LIST_COLUMN}}}▌...(.{{{TITLE_CHARACTERS}}})")

    def look(at: float, lines: list[str]) -> bool:
        for line in lines[2:-1] if at >= since else ():
            last = shown[-1][1] if shown else 0
            if (found := row.search(line)) and found[1] in titles[last:]:
                shown.append((at, titles.index(found[1], last)))
                break
        return False

    terminal.screens(look)
    return shown


def latencies(sent: list[float], shown: list[tuple[float, int]]) -> Iterator[float]:
    """For each key the seconds until the cursor was on the screen at least as far down as that key moves it."""
    for number, at in enumerate(sent, start=1):
        yield next((when - at for when, place in shown if when >= at and place >= number), float("inf"))


def filter_latencies(terminal: Terminal, filters: Mapping[str, str] = FILTERS) -> dict[str, list[float]]:
    """For each kind of filter the milliseconds from each key to the first page that answers it.

    Completions cover the first lines of the list, so only the lines below them count.
    A key whose answer is the page already shown changes nothing in the list, and is not counted.
    """
    waited: dict[str, list[Waited]] = {name: [] for name in filters}
    for name, text in filters.items():
        terminal.send("/")
        terminal.read_until_quiet(0.3)
        for letter in text:
            at = terminal.send(letter)
            terminal.read_until_quiet(0.4, 1.2)
            waited[name].append((at, time.perf_counter()))
        terminal.send("\x1b")
        terminal.read_until_quiet(0.7)
    changes = list_changes(terminal)
    return {name: until_changed(changes, times) for name, times in waited.items()}


def figures_of(times: list[float]) -> str:
    """A summary of latencies in milliseconds."""
    if not times:
        return "nothing in the list changes"
    return f"p50 {percentile(times, 50):.0f}, p95 {percentile(times, 95):.0f}, worst {max(times):.0f} ms"


def view_change(terminal: Terminal) -> float:
    """Milliseconds from the key of another view to its first page, the median of five."""
    waited: list[Waited] = []
    for key in "45345":
        at = terminal.send(key)
        terminal.read_until_quiet(0.7)
        waited.append((at, time.perf_counter()))
    terminal.send("3")
    terminal.read_until_quiet(0.7)
    return statistics.median(until_changed(list_changes(terminal), waited))


def live_insertion(terminal: Terminal, home: Path) -> tuple[float, list[float]]:
    """Another process adds 100 papers while `j` is held: seconds until the top line announces them, and the keys."""
    library, titles = Library(Places.find({"PAPERDECK_HOME": str(home)})), titles_in_order(home)
    newest_papers = library.month(library.months()[0])[:100]
    come = [replace(paper, id=f"{paper.id[:5]}{90_000 + n}") for n, paper in enumerate(newest_papers)]
    adding = threading.Timer(0.5, library.add, (come, "hf"))
    began = time.perf_counter() + 0.5
    adding.start()
    keys = held_key(terminal, titles)
    adding.join()
    terminal.read_for(max(0.0, began + 8 - time.perf_counter()))
    return terminal.first_seen(f"{len(come)} arrived", began) or float("inf"), keys


def list_changes(terminal: Terminal) -> list[float]:
    """When the rows of the list's first page changed."""
    previous: list[str] = []
    changes: list[float] = []

    def look(at: float, lines: list[str]) -> bool:
        nonlocal previous
        page = [line[LIST_COLUMN + 1 : LIST_COLUMN + 36] for line in lines[FIRST_LINE_BELOW_OFFERS:-1]]
        if page != previous:
            changes.append(at)
            previous = page
        return False

    terminal.screens(look)
    return changes


def until_changed(changes: list[float], waited: list[Waited]) -> list[float]:
    """Milliseconds from each key to the last change before the next; keys that changed nothing are left out."""
    times = ((at, max((change for change in changes if at <= change <= end), default=None)) for at, end in waited)
    return [(change - at) * 1000 for at, change in times if change is not None]


def measure(size: int, home: Path, rounds: int = ROUNDS) -> Iterator[str]:
    """Every figure at one size, as lines of text."""
    fill(home, size, marks=min(size // 5, 20_000))
    bare, ours, ratio = start_ratio(home, rounds)
    yield f"{size:>7} papers  first paint {ours:4.0f} ms; bare app {bare:4.0f} ms; ratio {ratio:.2f}"
    with open_reader(home) as terminal:
        yield f"{size:>7} papers  memory {terminal.memory_mb():.0f} MB"
        keys = held_key(terminal, titles_in_order(home))
        yield f"{size:>7} papers  key j at {KEYS_PER_SECOND}/s: {figures_of(keys)}"
        yield from searching(terminal, size)
        told, keys = live_insertion(terminal, home)
        yield f"{size:>7} papers  100 papers arrive: announced after {told:.1f} s, key j meanwhile: {figures_of(keys)}"


def searching(terminal: Terminal, size: int) -> Iterator[str]:
    """How long the filter and the views take, as lines of text."""
    everything: list[float] = []
    for name, times in filter_latencies(terminal).items():
        everything += times
        yield f"{size:>7} papers  filter, {name:<12} {figures_of(times)}"
    yield f"{size:>7} papers  filter, all kinds    {figures_of(everything)}"
    yield f"{size:>7} papers  change of view {view_change(terminal):.0f} ms"
    yield f"{size:>7} papers  memory {terminal.memory_mb():.0f} MB after searching"


def main(sizes: list[int]) -> None:
    """Print every figure."""
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            for line in measure(size, Path(folder) / str(size)):
                print(line, flush=True)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [1_000, 10_000, 100_000])
