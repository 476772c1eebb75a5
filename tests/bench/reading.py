"""A long paper on a screen: how soon it is there, how it scrolls, how soon a word is found.

python -m tests.bench.reading [KILOBYTES ...]        (default: 30 300)
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from paperdeck.storage.fetch.full_text import text_file, text_folder
from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.cli.list import select
from paperdeck.tui.reading.layout import LazyLayout
from paperdeck.tui.reading.markdown import read_markdown
from tests.bench.corpus import fill, vocabulary
from tests.bench.reader import latencies, open_reader
from tests.bench.terminal import Terminal, percentile

FIRST_WORDS, LAST_WORD = "The very first words", "zyzzyva"
ROUNDS, KEYS, KEYS_PER_SECOND = 5, 90, 30
COLUMNS = 120 - 1 - 4
"""The columns left for the text in a window of 120."""


@dataclass(frozen=True)
class Row:
    """One figure."""

    what: str
    milliseconds: float
    bound: float | None = None


def paper(size: int) -> str:
    """A made-up paper in Markdown of about that many characters."""
    chance = random.Random(3)
    words = [*vocabulary(4_000), *["$O(n^{2})$", "$\\mathcal{L}_{t}=x^{2}$", "**bold words**", "`code`"] * 40]
    parts, length, number = [f"# A Title\n\n{FIRST_WORDS}."], 0, 0
    while length < size:
        number += 1
        part = [f"## {number} Section", *(" ".join(chance.choices(words, k=90)) for _ in range(8))]
        part += ["- one item\n- and [a link](https://example.org/a)\n- three", "$$\na+b\n= c\n$$"]
        part += [
            "| Model | A | B |\n|---|---:|---:|\n" + "\n".join(f"| m{row} | {row} | 9.{row} |" for row in range(8))
        ]
        parts += part
        length += sum(map(len, part))
    return "\n\n".join([*parts, f"The last word is {LAST_WORD}."])


def layout_rows(text: str) -> list[Row]:
    """What the parts of opening cost, without a screen."""
    started = perf_counter()
    blocks = read_markdown(text)
    read = perf_counter()
    layout = LazyLayout(blocks, COLUMNS)
    layout.lay_window(layout.height // 2, 40)
    window = perf_counter()
    layout.lay_all(0)
    end = perf_counter()
    return [
        Row("read Markdown", (read - started) * 1000),
        Row("lay out one window", (window - read) * 1000),
        Row("lay out all (between keys)", (end - window) * 1000),
    ]


def screen_rows(home: Path, text: str, rounds: int = ROUNDS) -> list[Row]:
    """What a reader sees."""
    places = Places.find({"PAPERDECK_HOME": str(home)})
    paper_id = select(Library(places), "", 1)[0].paper.id
    text_folder(places).mkdir(parents=True, exist_ok=True)
    text_file(text_folder(places), paper_id).write_text(text, encoding="utf-8")
    opens, middles, finds, keys = [], [], [], []
    for _ in range(rounds):
        _leave_at(places, paper_id, 0)
        with open_reader(home) as terminal:
            opens.append(_until(terminal, "f", FIRST_WORDS))
            keys += _held_key(terminal, text)
            for key in f"/{LAST_WORD}":
                terminal.send(key)
                terminal.read_until_quiet(0.05)
            finds.append(_until(terminal, "\r", "The last word"))
        _leave_at(places, paper_id, len(read_markdown(text)) // 2)
        with open_reader(home) as terminal:
            middles.append(_until(terminal, "f", "space.*on"))
    return [
        Row("f: from the key to the text", median(opens), 300),
        Row("f: to where it was left", median(middles), 300),
        Row(f"j held at {KEYS_PER_SECOND}/s, p95", percentile(keys, 95), 40),
        Row("j held, the slowest", max(keys)),
        Row("/: to the last word of the text", median(finds)),
    ]


def _until(terminal: Terminal, key: str, pattern: str) -> float:
    """Milliseconds from a key until a line of the screen matches."""
    at = terminal.send(key)
    terminal.read_until_quiet(0.6, 5)
    seen = terminal.first_seen(pattern, at)
    assert seen is not None, f"{pattern} was never on the screen"
    return seen * 1000


def _held_key(terminal: Terminal, text: str) -> list[float]:
    """Milliseconds from each `j` to the text that far down."""
    tops = _tops(text)
    sent, at = [], perf_counter()
    for _ in range(KEYS):
        sent.append(terminal.send("j"))
        at += 1 / KEYS_PER_SECOND
        terminal.read_for(at - perf_counter())
    terminal.read_until_quiet(0.5)
    shown: list[tuple[float, int]] = []

    def look(when: float, lines: list[str]) -> bool:
        top = tuple(line[:118].strip() for line in lines[1:5])
        if top in tops:
            shown.append((when, tops[top]))
        return False

    terminal.screens(look)
    return [latency * 1000 for latency in latencies(sent, shown)]


def _tops(text: str) -> dict[tuple[str, ...], int]:
    """For each four lines at the top of the window, how far down the text they are."""
    layout = LazyLayout(read_markdown(text), COLUMNS)
    shown = []
    for y in range(KEYS + 10):
        block, number = layout.at(layout.lay_window(y, 40))
        laid = layout.laid(block)
        line = laid.lines[number - laid.gap] if number >= laid.gap else None
        shown.append((line.prefix + laid.text[line.start : line.end]).strip() if line else "")
    return {tuple(shown[y : y + 4]): y for y in range(KEYS + 5)}


def _leave_at(places: Places, paper_id: str, block: int) -> None:
    places.state.mkdir(parents=True, exist_ok=True)
    (places.state / "positions.json").write_text(json.dumps({paper_id: [block, 0]}))


def run(kilobytes: int) -> list[Row]:
    """All figures for a paper of one size."""
    text = paper(kilobytes * 1000)
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), 300)
        return [*layout_rows(text), *screen_rows(Path(folder), text)]


def summary(kilobytes: int) -> tuple[float, float]:
    """Milliseconds from `f` to the text, and the 95th percentile for the key `j`."""
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), 300)
        opening, _, keys, *_ = screen_rows(Path(folder), paper(kilobytes * 1000), rounds=2)
        return opening.milliseconds, keys.milliseconds


def main(sizes: list[int]) -> None:
    """Print every figure."""
    for size in sizes:
        for row in run(size):
            bound = f"  (at most {row.bound:.0f})" if row.bound else ""
            print(f"{size:>5} kB  {row.what:<36} {row.milliseconds:>7.1f} ms{bound}", flush=True)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [30, 300])
