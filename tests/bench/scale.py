"""The library at 100,000 and at a million papers: importing them, searching, the reader on its screen, one command.

    python -m tests.bench.scale --papers 100000 [--from FILE.jsonl] [--home FOLDER]

The papers are recombined from sentences, so that words are as frequent as in real ones: from those of a file with a
JSON object a line (`title`, `abstract`, `authors`), or from made-up ones. A library is made once for each size and kept
in the folder. Each figure stands beside its bound, with a `!` where it is above.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from paperdeck.storage.library.library import DayRecord, DayState, Library
from paperdeck.storage.paper import Marks, Paper
from paperdeck.storage.search.query import parse
from paperdeck.storage.search.tree import QueryContext
from paperdeck.storage.settings.settings import Places
from tests.bench import corpus, reader
from tests.bench.budgets import Budgets, timed
from tests.bench.terminal import Terminal, percentile

PER_MONTH = 25_000
"""Papers a month, about as many as arXiv gets."""
LISTED = 8_500
"""How many of the newest papers the Hub knows something about too."""
FEW = 1_000
"""The size of the library that the start with many papers is compared with."""
PAINTS = 5
"""How often each first paint is measured."""
WORD = "bengio"
"""A word that some papers have."""
FILTERS = {
    "one letter": "k",
    "common word": "attention",
    "rare word": "hypernetwork",
    "absent word": "zzkangaroo",
    "two words": "mamba vision",
    "fielded": "author:bengio",
    "negated": "-attention",
}
"""What is typed in the filter, letter by letter."""


@dataclass(frozen=True)
class Bounds:
    """What the design allows at a size."""

    page_ms: float
    """Most milliseconds (p95) to the first page."""
    count_ms: float
    """Most milliseconds (p95) to an exact count."""
    memory_mb: float
    """Most memory of the reader."""


BOUNDS = {100_000: Bounds(40, 300, 120), 1_000_000: Bounds(60, 3_000, 180)}
_CATEGORIES = ("cs.LG", "cs.CL", "cs.CV", "math.CO", "hep-th", "astro-ph.GA", "cond-mat.mes-hall", "q-bio.SC")


class Pool:
    """Sentences, halves of titles and authors, to make papers of."""

    def __init__(self, source: Path | None) -> None:
        if source:
            known = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
            texts = [(item["title"], item["abstract"], item["authors"]) for item in known]
        else:
            texts = [(paper.title, paper.abstract, paper.authors) for paper in corpus.papers(5_000)]
        self.sentences = [part for _, text, _ in texts for part in _sentences(text)]
        self.titles = [half for title, _, _ in texts for half in _halves(title)]
        self.authors = [name for _, _, authors in texts for name in authors]

    def line(self, chance: random.Random, number: int, month: date) -> str:
        """A paper as a line of arXiv's snapshot."""
        day = month + timedelta(days=number * 28 // PER_MONTH)
        names = [chance.choice(self.authors).rsplit(" ", 1) for _ in range(chance.randint(1, 9))]
        return json.dumps(
            {
                "id": f"{month:%y%m}.{number + 1:05}",
                "title": f"{chance.choice(self.titles)} {chance.choice(self.titles)}",
                "abstract": " ".join(chance.choices(self.sentences, k=chance.randint(5, 10))),
                "authors_parsed": [[name[-1], name[0] if len(name) > 1 else "", ""] for name in names],
                "categories": " ".join(chance.sample(_CATEGORIES, chance.randint(1, 3))),
                "versions": [{"version": "v1", "created": f"{day:%a, %d %b %Y} 10:00:00 GMT"}],
                "comments": None,
                "journal-ref": None,
                "doi": None,
                "license": None,
                "update_date": day.isoformat(),
            }
        )


def _sentences(text: str) -> Iterator[str]:
    words = text.split()
    for start in range(0, len(words), 25):
        yield " ".join(words[start : start + 25])


def _halves(title: str) -> tuple[str, str]:
    words = title.split()
    return " ".join(words[: len(words) // 2 + 1]), " ".join(words[len(words) // 2 :])


def write_snapshot(path: Path, count: int, pool: Pool) -> None:
    """Write a snapshot of that many papers, the oldest first, as in arXiv's own."""
    chance, months = random.Random(3), []
    month = datetime.now(UTC).date().replace(day=1)
    for _ in range(-(-count // PER_MONTH)):
        month = (month - timedelta(days=1)).replace(day=1)
        months.append(month)
    with path.open("w", encoding="utf-8") as file:
        for made in range(count):
            file.write(pool.line(chance, made % PER_MONTH, months[-1 - made // PER_MONTH]) + "\n")


def run(home: Path, *arguments: str) -> tuple[float, float, str]:
    """Run the command in a process of its own: seconds, peak megabytes of memory, and what it printed."""
    code = (
        "import re, sys; from paperdeck.tui.__main__ import main; code = main(sys.argv[1:]); "
        "peak = re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]; "
        "sys.stderr.write(f'\\nrss {peak}'); sys.exit(code)"
    )
    began = time.perf_counter()
    environ = os.environ | {"PAPERDECK_HOME": str(home)}
    ran = subprocess.run([sys.executable, "-c", code, *arguments], env=environ, capture_output=True, text=True)
    spent = time.perf_counter() - began
    told, _, memory = ran.stderr.rpartition("rss ")
    if ran.returncode:
        raise SystemExit(f"paperdeck {' '.join(arguments)} failed: {told}")
    return spent, int(memory or 0) / 1024, ran.stdout


def fill(budgets: Budgets, home: Path, snapshot: Path, count: int, pool: Pool) -> None:
    """Make the library once, and say what that took."""
    if (home / "filled").exists():
        return
    write_snapshot(snapshot, count, pool)
    seconds, memory, _ = run(home, "import", str(snapshot))
    budgets.say("import", seconds / 60, 40, "min")
    budgets.say("import, most memory", memory, 400, "MB")
    snapshot.unlink()
    library = Library(Places.find({"PAPERDECK_HOME": str(home)}))
    _let_the_hub_know(library)
    library.indexing.catch_up()
    (home / "filled").touch()


def _let_the_hub_know(library: Library) -> None:
    """Give some of the newest papers upvotes, keywords and a day on which they were listed."""
    newest = [paper for month in library.months()[:1] for paper in library.month(month)][-LISTED:]
    chance, days = random.Random(4), dict[date, list[str]]()
    listed = []
    for paper in newest:
        day = (paper.published or date.min) + timedelta(days=2)
        days.setdefault(day, []).append(paper.id)
        words = paper.abstract.split()
        listed.append(
            Paper(
                id=paper.id,
                title=paper.title,
                listed=day,
                upvotes=int(chance.paretovariate(1)),
                comments=chance.randrange(4),
                code_url="https://github.com/example/code" if chance.random() < 0.5 else None,
                keywords=tuple(" ".join(words[n : n + 2]) for n in range(0, min(12, len(words)), 2)),
                organization=f"{chance.choice(words)} Lab",
            )
        )
    library.add(listed, "hf")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    for day, ids in days.items():
        library.ledger.record(DayRecord(source="hf", day=day, state=DayState.COMPLETE, fetched_at=now, ids=tuple(ids)))
    marked = [paper.id for paper in newest[:5_000]]
    library.mark(marked, read=True, label="bench")
    library.mark(marked[::20], starred=True, label="bench")


def queries(library: Library) -> list[str]:
    """150 queries of every kind: pieces of existing texts, fields, brackets, marks, dates."""
    chance = random.Random(5)
    index = library.indexing.index
    ids = index.find(parse(""), context=_context(), everything=True)
    papers = list(library.papers([ids[chance.randrange(len(ids))] for _ in range(150)]).values())
    found: list[str] = []
    for paper in papers:
        words = [word.strip('.,:;()"') for word in paper.abstract.split()]
        word, other = (chance.choice([word for word in words if word]) for _ in range(2))
        kinds = (
            *(f'"{word}"', f'"{word[: chance.randint(2, 5)]}"', f'"{word}" "{other}"', f'"{word} {other[:4]}"'),
            *(
                f'author:"{paper.authors[0].split()[-1]}"',
                f'title:"{word}"',
                f'"{word}" -"{other}"',
                "is:unread has:code",
            ),
            *(f'"{word}" is:unread', f'"{word}" OR "{other}"', f'("{word}" OR "{other}") category:cs.CL', "is:starred"),
            *(f'"{word}" since:1y', f'"{word}" upvotes:>20', f'"{word}" sort:upvotes', "category:q-bio.SC", "深度"),
        )
        found.append(chance.choice(kinds))
    return found


def _context() -> QueryContext:
    return QueryContext(today=datetime.now(UTC).date())


def search(budgets: Budgets, library: Library, bounds: Bounds) -> None:
    """Time the first page and the count of each query."""
    index, context = library.indexing.index, _context()
    pages, counts, frequent = [], [], []
    for text in queries(library):
        query = parse(text)
        page = timed(lambda query=query: index.find(query, context=context, limit=60))  # type: ignore[misc]
        total = timed(lambda query=query: index.count(query, context=context))  # type: ignore[misc]
        pages.append((page, text))
        counts.append((total, text))
        if index.count(query, context=context) >= 100:
            frequent.append((page, text))
    budgets.say("first page of a query, p95", _p95(pages), bounds.page_ms, "ms", _slowest(pages))
    budgets.say("first page of 100 papers or more, slowest", max(frequent)[0], 120, "ms", _slowest(frequent))
    budgets.say("exact count, p95", _p95(counts), bounds.count_ms, "ms", _slowest(counts))


def small_things(budgets: Budgets, library: Library) -> None:
    """Opening, reading rows, a star, a catch-up without news."""
    index, context = library.indexing.index, _context()
    index.close()
    budgets.say("open and first page", timed(lambda: index.find(parse(""), context=context, limit=60)), 40, "ms")
    ids = list(index.find(parse(""), context=context, limit=60))
    places = min(timed(lambda: library.indexing.documents(ids)) for _ in range(5))
    budgets.say("60 papers by their place", places, 2, "ms")
    starred = {ids[0]: Marks(starred=True)}
    budgets.say("a star in the index", timed(lambda: index.set_marks(starred)), 5, "ms")
    budgets.say("nothing changed", timed(library.indexing.catch_up), 300, "ms")


def starts(budgets: Budgets, home: Path, few: Path) -> None:
    """The first paint against a bare app and against few papers, and the first answer after it; sets the factor."""
    bare, _, ratio = reader.start_ratio(home, PAINTS)
    other_bare, _, other_ratio = reader.start_ratio(few, PAINTS)
    budgets.set_factor([bare, other_bare])
    budgets.say("first paint, × a bare app", ratio, 1.35, note=f"bare {bare:.0f} ms")
    budgets.say(f"first paint, × the same with {FEW:,}", ratio / other_ratio, 1.15)
    budgets.say("an answer to a word, after the first paint", _first_answer(home), 300, "ms")


def _first_answer(home: Path) -> float:
    """Milliseconds from the first paint until a word that is typed at once has its answer."""
    with Terminal(reader.reader(), reader.environment(home)) as terminal:
        terminal.read_until(reader.READY)
        terminal.send(f"/{FILTERS['absent word']}")
        terminal.read_until_quiet(1)
        painted, answered = (terminal.first_seen(text) for text in (reader.READY, "Nothing in"))
    if painted is None or answered is None:
        raise SystemExit("The reader showed no answer.")
    return (answered - painted) * 1000


def on_screen(budgets: Budgets, home: Path, bounds: Bounds) -> None:
    """Keys, filter and memory of a reader that has loaded everything."""
    with reader.open_reader(home) as terminal:
        budgets.say("memory", terminal.memory_mb(), bounds.memory_mb, "MB")
        keys = reader.held_key(terminal, reader.titles_in_order(home))
        budgets.say("j held, p95", percentile(keys, 95), 40, "ms", reader.figures_of(keys))
        kinds = reader.filter_latencies(terminal, FILTERS)
        times = [time for kind in kinds.values() for time in kind]
        slowest = max((max(times, default=0), name) for name, times in kinds.items())[1]
        note = f"{reader.figures_of(times)} ({slowest})"
        budgets.say("filter key to page, p95", percentile(times, 95), bounds.page_ms, "ms", note)
        budgets.say("another view", reader.view_change(terminal), 40, "ms")
        budgets.say("memory while searching", terminal.memory_mb(), bounds.memory_mb, "MB")


def commands(budgets: Budgets, home: Path) -> None:
    """`list WORD` against `list` of an empty library, for a word that some papers have and for one that none has."""
    with tempfile.TemporaryDirectory() as empty:
        bare = min(run(Path(empty), "list")[0] for _ in range(5))
    for word in (WORD, FILTERS["absent word"]):
        runs = [run(home, "list", word) for _ in range(5)]
        best = min(seconds for seconds, _, _ in runs)
        note = f"{best * 1000:.0f} / {bare * 1000:.0f} ms"
        budgets.say(f"list {word}, × list of an empty library", best / bare, 1.6, note=note)
        budgets.say(f"list {word}, most memory", runs[0][1], 150, "MB")


def _p95(times: list[tuple[float, str]]) -> float:
    return percentile([milliseconds for milliseconds, _ in times], 95)


def _slowest(times: list[tuple[float, str]]) -> str:
    milliseconds, text = max(times)
    return f"p50 {percentile([each for each, _ in times], 50):.0f}, worst {milliseconds:.0f} ms: {text[:50]}"


def main() -> None:
    """Make the library and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=100_000, choices=sorted(BOUNDS))
    parser.add_argument("--from", dest="source", type=Path, help="JSON lines with title, abstract and authors")
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "paperdeck-scale")
    options = parser.parse_args()
    home, few = options.home / str(options.papers), options.home / str(FEW)
    home.mkdir(parents=True, exist_ok=True)
    print(f"\nscale, {options.papers:,} papers")
    budgets, bounds = Budgets(), BOUNDS[options.papers]
    fill(budgets, home, home / "snapshot.jsonl", options.papers, Pool(options.source))
    corpus.fill(few, FEW)
    starts(budgets, home, few)
    on_screen(budgets, home, bounds)
    library = Library(Places.find({"PAPERDECK_HOME": str(home)}))
    small_things(budgets, library)
    search(budgets, library, bounds)
    commands(budgets, home)
    index = home / "cache" / "index.sqlite"
    size = sum(path.stat().st_size for path in (home / "cache").rglob("*") if path.is_file())
    print(f"  disk {size / 1e6:,.0f} MB, of which index {index.stat().st_size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
