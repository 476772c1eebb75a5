"""A process that is killed while it fetches, marks or indexes leaves nothing that a person has to mend."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import NO_MARKS, Entry
from paperdeck.storage.search.plain import select
from paperdeck.storage.search.query import parse
from paperdeck.storage.search.tree import QueryContext
from paperdeck.storage.settings.settings import Places

KILLS = int(os.environ.get("PAPERDECK_TEST_KILLS", "4"))
"""How many kills; a larger number tries more."""
NOW = QueryContext(today=date(2026, 11, 20))
QUERIES = ("", "case", "title:one", "is:starred", "is:unread two", "tag:later", "upvotes:>5 sort:upvotes", "-three")

WRITER = """
import random, sys
from datetime import date
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Paper
from paperdeck.storage.settings.settings import Places
library, chance = Library(Places.find()), random.Random(int(sys.argv[1]))
print("ready", flush=True)
while True:
    ids = [f"2611.{chance.randrange(1, 4000):05}" for _ in range(40)]
    words = ("one", "two", "three")
    papers = [
        Paper(id=i, title=f"Case {chance.choice(words)}", abstract="A case " * 40, upvotes=chance.randrange(9),
              published=date(2026, 11, chance.randrange(1, 20)))
        for i in ids
    ]
    library.add(papers, "hf")
    library.indexing.catch_up(ids)
    library.mark(ids[:3], starred=chance.random() < 0.5, add_tags=["later"])
    library.indexing.index.set_marks({i: library.marks(i) for i in ids[:3]})
    library.poll()
    library.indexing.catch_up()
"""

READER = """
from datetime import date
from paperdeck.storage.errors import StoreError
from paperdeck.storage.library.library import Library
from paperdeck.storage.search.tree import QueryContext
from paperdeck.storage.search.query import parse
from paperdeck.storage.settings.settings import Places
library = Library(Places.find())
print("ready", flush=True)
while True:
    found = library.indexing.index.find(parse("case"), context=QueryContext(today=date(2026, 11, 20)), limit=60)
    papers = library.papers(found)
    assert len(set(found)) == len(found)
    assert all("Case" in paper.title for paper in papers.values()), "a wrong document"
"""


def start(code: str, home: Path, seed: int = 0) -> subprocess.Popen[str]:
    environ = os.environ | {"PAPERDECK_HOME": str(home)}
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(seed)], env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n", process.communicate()[1]
    return process


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "deck"


def test_after_a_kill_every_answer_is_right(home: Path) -> None:
    chance = random.Random(1)
    reader = start(READER, home)
    for number in range(KILLS):
        writer = start(WRITER, home, number)
        time.sleep(chance.uniform(0.05, 0.8))
        writer.kill()
        writer.communicate()
        assert reader.poll() is None, reader.communicate()[1]
        _check(home)
    reader.kill()
    reader.communicate()


def _check(home: Path) -> None:
    """Compare what the index says after the next start with what the files say."""
    library = Library(Places.find({"PAPERDECK_HOME": str(home)}))
    library.indexing.catch_up()
    marks = library.all_marks()
    entries = [
        Entry(paper, marks.get(paper.id, NO_MARKS)) for month in library.months() for paper in library.month(month)
    ]
    for text in QUERIES:
        expected = [entry.paper.id for entry in select(entries, parse(text), NOW)]
        assert list(library.indexing.index.find(parse(text), context=NOW, everything=True)) == expected
    assert library.troubles == []
