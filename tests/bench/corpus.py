"""Made-up papers by the thousand: the same ones every time, from no one's text."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from paperdeck.storage.identifiers import month_of
from paperdeck.storage.library.library import DayRecord, DayState, Library
from paperdeck.storage.paper import Paper
from paperdeck.storage.settings.settings import Places

_SYLLABLES = [
    "ba",
    "be",
    "bi",
    "co",
    "da",
    "de",
    "fa",
    "gu",
    "ha",
    "ki",
    "la",
    "le",
    "lo",
    "ma",
    "me",
    "mo",
    "na",
    "ne",
    "no",
    "pa",
    "po",
    "ra",
    "re",
    "ri",
    "ro",
    "sa",
    "se",
    "su",
    "ta",
    "te",
    "ti",
    "to",
    "va",
    "vo",
]
_PER_MONTH = 1_700


@lru_cache
def vocabulary(size: int = 40_000) -> list[str]:
    """Made-up words, the frequent ones first."""
    chance = random.Random(7)
    words: dict[str, None] = {}
    while len(words) < size:
        words["".join(chance.choice(_SYLLABLES) for _ in range(chance.choice((1, 2, 2, 3, 3, 4))))] = None
        if len(words) > size // 2:
            words["".join(chance.choice(_SYLLABLES) for _ in range(5))] = None
    return list(words)


def papers(count: int, newest: date | None = None) -> Iterator[Paper]:
    """That many papers, newest first, about 80 a weekday; abstracts of some 1,600 characters."""
    chance = random.Random(11)
    words = vocabulary()
    weights = [1 / (rank + 3) for rank in range(len(words))]
    pool = chance.choices(words, weights, k=200_000)
    day = newest or datetime.now(UTC).date()
    number = 0
    month = ""
    for made in range(count):
        if made % 80 == 79:
            day -= timedelta(days=3 if day.weekday() == 0 else 1)
        if f"{day:%y%m}" != month:
            month, number = f"{day:%y%m}", _PER_MONTH * 3
        number -= 1
        start = chance.randrange(len(pool) - 400)
        yield Paper(
            id=f"{month}.{number:05}",
            title=" ".join(pool[start : start + 9]).title(),
            abstract=" ".join(pool[start + 10 : start + 242]),
            authors=tuple(
                f"{w.title()} {v.title()}" for w, v in zip(pool[start : start + 5], pool[start + 5 :], strict=False)
            ),
            published=day - timedelta(days=2),
            listed=day,
            submitter=pool[start].title(),
            organization=f"{pool[start + 7].title()} Lab" if made % 3 else None,
            upvotes=chance.randrange(120),
            comments=chance.randrange(5),
            code_url="https://github.com/example/code" if made % 2 else None,
            code_stars=chance.randrange(3000) if made % 2 else None,
            ai_summary=" ".join(pool[start + 20 : start + 50]),
            keywords=tuple(pool[start + 3 : start + 9]),
        )


def fill(home: Path, count: int, marks: int = 0) -> None:
    """Make a library with that many papers, its ledger, its index and some read papers, unless it is there already."""
    done = home / "filled"
    if done.exists():
        return
    library = Library(Places.find({"PAPERDECK_HOME": str(home)}))
    days: dict[date, list[str]] = {}
    batch: list[Paper] = []
    made = list(papers(count))
    for paper in made:
        assert paper.listed
        days.setdefault(paper.listed, []).append(paper.id)
    for paper in made:
        if batch and month_of(batch[-1].id) != month_of(paper.id):
            library.add(batch, "hf")
            batch = []
        batch.append(paper)
    library.add(batch, "hf")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    for day, ids in days.items():
        library.ledger.record(DayRecord(source="hf", day=day, state=DayState.COMPLETE, fetched_at=now, ids=tuple(ids)))
    if marks:
        library.mark([paper.id for paper in made[200 : 200 + marks]], read=True, label="bench")
    library.indexing.catch_up()
    done.touch()
