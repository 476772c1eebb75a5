"""The library at 100,000 and at a million papers: importing them, searching, one command, memory.

    python -m tests.bench.scale --papers 100000 [--from FILE.jsonl] [--home FOLDER]

The papers are recombined from sentences, so that words are as frequent as in real ones: from those of a file with a
JSON object a line (`title`, `abstract`, `authors`), or from made-up ones. A library is made once for each size and kept
in the folder. What the reader sees on its screen is measured by `tests.bench.reader`.
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
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from paperdeck.storage.library.library import DayRecord, DayState, Library
from paperdeck.storage.paper import Marks, Paper
from paperdeck.storage.search.context import QueryContext
from paperdeck.storage.search.query import parse
from paperdeck.storage.settings.settings import Places
from tests.bench.corpus import papers as made_papers

PER_MONTH = 25_000
"""Papers a month, about as many as arXiv gets."""
LISTED = 8_500
"""Of so many of the newest the Hub knows something too."""
BARE_APP_MS = 190
"""What the budgets assume that a bare Textual app takes to paint."""
PAGE_MS = {100_000: 40, 1_000_000: 60}
"""Most milliseconds (p95) to the first page."""
COUNT_MS = {100_000: 300, 1_000_000: 3_000}
"""Most milliseconds (p95) to an exact count."""
_CATEGORIES = ("cs.LG", "cs.CL", "cs.CV", "math.CO", "hep-th", "astro-ph.GA", "cond-mat.mes-hall", "q-bio.SC")


class Pool:
    """Sentences, halves of titles and authors, to make papers of."""

    def __init__(self, source: Path | None) -> None:
        if source:
            known = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
            texts = [(item["title"], item["abstract"], item["authors"]) for item in known]
        else:
            texts = [(paper.title, paper.abstract, paper.authors) for paper in made_papers(5_000)]
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
    """Write a snapshot of so many papers, the oldest first, as arXiv's is."""
    chance, months = random.Random(3), []
    month = datetime.now(UTC).date().replace(day=1)
    for _ in range(-(-count // PER_MONTH)):
        month = (month - timedelta(days=1)).replace(day=1)
        months.append(month)
    with path.open("w", encoding="utf-8") as file:
        for made in range(count):
            file.write(pool.line(chance, made % PER_MONTH, months[-1 - made // PER_MONTH]) + "\n")


def run(home: Path, *arguments: str) -> tuple[float, float, str]:
    """Run the command in a process of its own: seconds, most megabytes of memory, and what it printed."""
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


def fill(home: Path, snapshot: Path, count: int, pool: Pool) -> None:
    """Make the library once, and say what that took."""
    if (home / "filled").exists():
        return
    write_snapshot(snapshot, count, pool)
    seconds, memory, _ = run(home, "import", str(snapshot))
    say("import", f"{seconds / 60:.1f} min, {memory:.0f} MB", "≤ 40 min and ≤ 400 MB at a million")
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
        library.record(DayRecord(source="hf", day=day, state=DayState.COMPLETE, fetched_at=now, ids=tuple(ids)))
    marked = [paper.id for paper in newest[:5_000]]
    library.mark(marked, read=True, label="bench")
    library.mark(marked[::20], starred=True, label="bench")


def queries(library: Library) -> list[str]:
    """Some hundred queries of every kind: pieces of texts that are there, fields, brackets, marks, dates."""
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


def search(library: Library, count: int) -> None:
    """Time the first page and the count of each query."""
    index, context = library.indexing.index, _context()
    pages, counts, rare = [], [], []
    for text in queries(library):
        query = parse(text)
        page = _timed(lambda query=query: index.find(query, context=context, limit=60))  # type: ignore[misc]
        total = _timed(lambda query=query: index.count(query, context=context))  # type: ignore[misc]
        pages.append((page, text))
        counts.append((total, text))
        if index.count(query, context=context) >= 100:
            rare.append((page, text))
    say("first page", _percentiles(pages), f"p95 ≤ {PAGE_MS.get(count, '?')} ms")
    say("what occurs in 100 papers", _percentiles(rare), "at most 120 ms")
    say("exact count", _percentiles(counts), f"p95 ≤ {COUNT_MS.get(count, '?')} ms")


def small_things(library: Library) -> None:
    """Opening, reading rows, a star, the marks of a reader who stars."""
    index, context = library.indexing.index, _context()
    index.close()
    say("open and first page", f"{_timed(lambda: index.find(parse(''), context=context, limit=60)):.1f} ms")
    ids = list(index.find(parse(""), context=context, limit=60))
    say(
        "60 papers by their place",
        f"{min(_timed(lambda: library.indexing.documents(ids)) for _ in range(5)):.1f} ms",
        "< 2 ms",
    )
    say("a star in the index", f"{_timed(lambda: index.set_marks({ids[0]: Marks(starred=True)})):.1f} ms", "≤ 5 ms")
    say("nothing changed", f"{_timed(library.indexing.catch_up):.0f} ms", "≤ 300 ms")
    shown = index.find(parse(""), context=context)
    say("everything, in order", f"{_timed(lambda: index.find(parse(''), context=context)):.0f} ms")
    say("facets of everything", f"{_timed(lambda: index.facets(shown)):.0f} ms")


def commands(home: Path, word: str) -> None:
    """Time `list WORD` against `list` of an empty library."""
    with tempfile.TemporaryDirectory() as empty:
        bare = min(run(Path(empty), "list")[0] for _ in range(5))
    times = [run(home, "list", word) for _ in range(5)]
    best = min(seconds for seconds, _, _ in times)
    figures = f"{best * 1000:.0f} ms, {best / bare:.2f} × an empty one ({bare * 1000:.0f} ms), {times[0][1]:.0f} MB"
    say(f"list {word}", figures, "≤ 1.6 ×, ≤ 150 MB")


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _percentiles(times: list[tuple[float, str]]) -> str:
    times = sorted(times)
    at = {part: times[min(len(times) - 1, int(len(times) * part))] for part in (0.5, 0.95, 1)}
    return f"p50 {at[0.5][0]:.1f}, p95 {at[0.95][0]:.1f}, worst {at[1][0]:.1f} ms ({at[1][1][:50]})"


def say(name: str, figures: str, bound: str = "") -> None:
    """Print a line of the table."""
    print(f"  {name:28} {figures}" + (f"   [{bound}]" if bound else ""), flush=True)


def main() -> None:
    """Make the library and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=100_000)
    parser.add_argument("--from", dest="source", type=Path, help="JSON lines with title, abstract and authors")
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "paperdeck-scale")
    options = parser.parse_args()
    home = options.home / str(options.papers)
    home.mkdir(parents=True, exist_ok=True)
    pool = Pool(options.source)
    print(f"\nscale, {options.papers:,} papers")
    fill(home, home / "snapshot.jsonl", options.papers, pool)
    library = Library(Places.find({"PAPERDECK_HOME": str(home)}))
    size = sum(path.stat().st_size for path in (home / "cache").rglob("*") if path.is_file())
    say(
        "disk", f"{size / 1e6:,.0f} MB, of which index {(home / 'cache' / 'index.sqlite').stat().st_size / 1e6:,.0f} MB"
    )
    small_things(library)
    search(library, options.papers)
    commands(home, "bengio")


if __name__ == "__main__":
    main()
