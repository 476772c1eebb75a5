"""Write every export format, import it into an empty home and compare papers, facts and marks.

    python -m tests.bench.round_trips [FORM ...] [--papers 2000] [--from ANSWERS]

Without ANSWERS the papers are made up. ANSWERS is a file of recorded answers of Daily Papers, one a line, as
`{"date": …, "items": […]}`, possibly compressed (`.jsonl.xz`). The exit code is 1 if anything was lost.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import lzma
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path

from paperdeck.storage.cite.rest import rest_of
from paperdeck.storage.exchange.adding import ImportOptions, add_imported
from paperdeck.storage.exchange.export import EXPORTS, CitationOptions, export_text
from paperdeck.storage.exchange.importing import read_papers
from paperdeck.storage.fetch.hub.parser import parse_daily
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Entry, Marks, Paper
from paperdeck.storage.settings.places import Places
from tests.bench import corpus


def main() -> int:
    """Compare each format; returns 1 if one of them loses anything."""
    options = _options()
    papers = list(
        islice(_recorded(options.answers) if options.answers else corpus.papers(options.papers), options.papers)
    )
    entries = [_marked(paper, number) for number, paper in enumerate(papers)]
    print(f"{len(entries):,} papers, {sum(bool(entry.marks) for entry in entries):,} of them with marks")
    lost = [name for name in options.forms or EXPORTS if not _comes_back(name, entries)]
    return 1 if lost else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("forms", nargs="*", metavar="FORM")
    parser.add_argument("--papers", type=int, default=2000)
    parser.add_argument("--from", dest="answers", type=Path)
    return parser.parse_args()


def _recorded(path: Path) -> Iterator[Paper]:
    with lzma.open(path, "rt") if path.suffix == ".xz" else path.open() as lines:
        days = sorted((json.loads(line) for line in lines), key=lambda day: day["date"])
    seen: set[str] = set()
    for day in days:
        for paper in parse_daily(day["items"], asked=date.fromisoformat(day["date"])).papers:
            if paper.id not in seen:
                seen.add(paper.id)
                yield paper


def _marked(paper: Paper, number: int) -> Entry:
    """Every seventh paper is read, every eleventh starred, and so on, so that all marks occur together."""
    marks = Marks(
        read=not number % 7,
        starred=not number % 11,
        hidden=not number % 31,
        tags=frozenset({"to read", "θ"} if not number % 13 else ()),
        note=f"Note {number}:\n\n= “a” <b> & -->" if not number % 17 else "",
    )
    return Entry(paper, marks)


def _comes_back(name: str, entries: list[Entry]) -> bool:
    """Write, read and compare; print what is missing, by fact."""
    with tempfile.TemporaryDirectory() as home:
        began = time.perf_counter()
        text = export_text(entries, name, citation=CitationOptions(with_marks=True))
        written = time.perf_counter()
        library = Library(Places.find({"PAPERDECK_HOME": home}))
        outcome = asyncio.run(add_imported(read_papers(text), library, ImportOptions()))
        read = time.perf_counter()
        found = library.papers([entry.paper.id for entry in entries])
        differing = Counter[str](fact for entry in entries for fact in _differing(entry, found, library))
        strangers = len(outcome.ids) - len(found)
    times = f"{written - began:.1f} s out, {read - written:.1f} s in"
    print(f"{name:<9} {len(found):,} papers, {strangers} strangers, {times}: {dict(differing) or 'the same'}")
    return not differing and not strangers and len(found) == len(entries)


def _differing(entry: Entry, found: dict[str, Paper], library: Library) -> list[str]:
    if entry.paper.id not in found:
        return ["paper"]
    wanted = rest_of(entry)
    there = rest_of(Entry(found[entry.paper.id], library.marks(entry.paper.id)))
    return [name for name in wanted | there if wanted.get(name) != there.get(name)]


if __name__ == "__main__":
    sys.exit(main())
