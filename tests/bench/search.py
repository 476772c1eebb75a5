"""Search at 1,000 to 100,000 papers: building the index, queries, hostile ones, insertion, other threads' waits.

What of it the reader sees (a keystroke to its first page, a change of view, papers that come in) is measured through a
pseudo-terminal by `tests.bench.reader`. Run this with `python -m tests.bench.search [papers ...]`.
"""

from __future__ import annotations

import gc
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from paperdeck.storage.paper import Marks, Paper
from paperdeck.storage.search.index import Context, Index
from paperdeck.storage.search.query import QueryError, parse
from tests.bench.corpus import papers, vocabulary
from tests.support.torture import MARKUP, SEQUENCES, WIDE

Row = tuple[str, str]
"""What was measured, and the figures."""

_REPEATS = 7


def _queries() -> dict[str, str]:
    """One query of each kind; words by how common they are."""
    words = [word for word in vocabulary() if len(word) > 4]
    common, middle, rare = words[20], words[2_000], max(words[-500:], key=len)
    return {
        "one letter": "a",
        "common word": common,
        "middling word": middle,
        "rare word": rare,
        "absent word": "qqzzq",
        "two common words": f"{common} {words[30]}",
        "common and absent": f"{common} qqzzq",
        "phrase": f'"{common} {words[30]}"',
        "author:": f"author:{words[400]}",
        "author:, in no author": f"author:{rare}",
        "org:=": f'org:="{words[50].title()} Lab"',
        "keyword:": f"keyword:{common}",
        "negated": f"-{common}",
        "either of two rare words": f"{rare} OR qqzzq",
        "unread with code": "is:unread has:code",
        "starred": "is:starred",
        "many upvotes": "upvotes:>118",
        "mixed": f"{middle} -{common} since:1y upvotes:>50",
        "common, by upvotes": f"{common} sort:upvotes",
        "rare, by upvotes": f"{rare} sort:upvotes",
        "for you": "sort:foryou",
        "any of 200 words": " OR ".join(vocabulary()[1000:1200]),
    }


@contextmanager
def _longest_wait(waits: list[float]) -> Iterator[None]:
    """How long a thread that wants to run every millisecond was kept waiting at most, in seconds."""
    done = threading.Event()

    def tick() -> None:
        worst, last = 0.0, time.perf_counter()
        while not done.is_set():
            time.sleep(0.001)
            now = time.perf_counter()
            worst, last = max(worst, now - last), now
        waits.append(worst)

    thread = threading.Thread(target=tick)
    thread.start()
    yield
    done.set()
    thread.join()


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def _resident() -> float:
    """Megabytes of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def _build(made: list[Paper]) -> tuple[Index, list[Row]]:
    """Build month by month, newest first, as the app does."""
    index, waits = Index(), list[float]()
    before = _resident()
    gc.disable()  # as the app does while it loads
    with _longest_wait(waits):
        took = _timed(lambda: [index.add(month) for _, month in groupby(made, key=lambda paper: paper.month)])
    gc.enable()
    text = f"{took / 1000:.2f} s, +{_resident() - before:.0f} MB, others waited at most {waits[0] * 1000:.0f} ms"
    return index, [("build", text)]


def _search(index: Index, context: Context) -> Iterator[Row]:
    firsts = []
    for name, text in _queries().items():
        query, waits = parse(text), list[float]()
        cold = _timed(lambda query=query: index.find(query, context=context, limit=60))
        pages = sorted(
            _timed(lambda query=query: index.find(query, context=context, limit=60)) for _ in range(_REPEATS)
        )
        with _longest_wait(waits):
            count = min(_timed(lambda query=query: index.count(query, context=context)) for _ in range(3))
            whole = _timed(lambda query=query: index.find(query, context=context))
        found = index.count(query, context=context)
        firsts += pages
        yield (
            name,
            f"first page {pages[len(pages) // 2]:6.1f} ms (cold {cold:6.1f}), count {count:6.1f} ms, "
            f"whole list {whole:6.1f} ms, waited {waits[0] * 1000:3.0f} ms, {found:,} found",
        )
    firsts.sort()
    yield "all first pages", f"p50 {firsts[len(firsts) // 2]:.1f} ms, p95 {firsts[len(firsts) * 95 // 100]:.1f} ms"


def _tortures() -> list[str]:
    """Queries that nobody types on purpose: hostile text, wide text, and what makes matching work hard."""
    words = vocabulary()
    return [
        *SEQUENCES.values(),
        *MARKUP,
        *WIDE,
        "a " * 1000,
        "-" * 40 + "a",
        "(" * 40 + "a",
        "a" * 2000,
        "ab" * 1000,
        "e OR " * 399 + "t",
        " ".join(f"-{word}" for word in words[:200])[:2000],
        " ".join(words[:300])[:2000],
        '"' + "the " * 400 + '"',
        "author:(" + " OR ".join("abcdefghij") + ")",
    ]


def _torture(index: Index, context: Context) -> Iterator[Row]:
    """Parsing, the first page and the count of each; the worst one is to stay below 150 ms at 10,000 papers.

    Only hundreds of different words with OR between them take longer, as each is a pass over all text.
    """
    took: list[tuple[float, str]] = []
    for text in _tortures():

        def ask(text: str = text) -> None:
            with suppress(QueryError):  # an answer as well
                query = parse(text)
                index.find(query, context=context, limit=60)
                index.count(query, context=context)

        took.append((_timed(ask), text))
    slowest, text = max(took)
    yield "torture", f"{len(took)} queries, the worst {slowest:.1f} ms: {text[:40]!a}"


def _changes(index: Index, context: Context, made: list[Paper]) -> Iterator[Row]:
    new = [replace(paper, id=f"2612.{number:05}") for number, paper in enumerate(made[:100], 1)]
    yield "insert 100 papers", f"{_timed(lambda: index.add(new)):.1f} ms"
    more = [replace(paper, upvotes=(paper.upvotes or 0) + 1) for paper in new]
    yield "100 papers with more upvotes", f"{_timed(lambda: index.add(more)):.1f} ms"
    yield "a star", f"{_timed(lambda: index.set_marks({new[0].id: Marks(starred=True)})):.2f} ms"
    ids = index.find(parse(""), context=context)
    yield "facets of everything", f"{_timed(lambda: index.facets(ids)):.1f} ms"
    rules = tuple(parse(f"keyword:={word}") for word in vocabulary()[100:120])
    muting = replace(context, muted=rules)
    first = _timed(lambda: index.count(parse("is:muted"), context=muting))
    yield "20 mute rules", f"first {first:.1f} ms, then {_timed(lambda: index.count(parse(''), context=muting)):.1f} ms"


def run(size: int) -> list[Row]:
    """Measure an index of that many papers."""
    made = list(papers(size))
    gc.collect()
    gc.freeze()
    index, rows = _build(made)
    context = Context(today=datetime.now(UTC).date(), last_visit=None)
    marked = made[200 : 200 + size // 5]
    index.set_marks({p.id: Marks(read=True, starred=n % 40 == 0, hidden=n % 50 == 0) for n, p in enumerate(marked)})
    index.set_marks({p.id: Marks(tags=frozenset({"thesis"}), note="look again") for p in made[:200]})
    gc.collect()
    gc.freeze()
    rows += _search(index, context)
    rows += _torture(index, context)
    rows += _changes(index, context, made)
    return rows


def main(sizes: list[int]) -> None:
    """Print a table for each size."""
    for size in sizes:
        print(f"\nsearch, {size:,} papers")
        for name, figures in run(size):
            print(f"  {name:28} {figures}")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1_000, 10_000, 100_000])
