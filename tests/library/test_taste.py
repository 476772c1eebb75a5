"""The taste of a library: learned from its stars and interests, the same after a restart and in every process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from paperdeck.storage.library import ranked as ranked_module
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Paper
from paperdeck.storage.search.query import parse
from paperdeck.storage.search.tree import QueryContext
from paperdeck.storage.settings.settings import Places

MakePaper = Callable[..., Paper]
NOW = QueryContext(today=date(2026, 11, 20))
TOPICS = ("speech accent phoneme recognition", "robot gripper policy arm", "theorem prover lemma tactic")


@pytest.fixture
def library(places: Places, make_paper: MakePaper) -> Library:
    made = Library(places)
    made.add(map(_paper_maker(make_paper), range(1, 31)), "hf")
    return made


def _paper_maker(make_paper: MakePaper) -> Callable[[int], Paper]:
    """Papers of three topics by turns."""

    def make(number: int) -> Paper:
        words = TOPICS[number % 3].split()
        title = f"A {words[number % 4]} study"
        return make_paper(number, title=title, abstract=f"We study {' and '.join(words)}.", upvotes=1)

    return make


def order(library: Library, query: str = "sort:foryou -is:starred") -> list[str]:
    library.indexing.catch_up()
    return list(library.indexing.index.find(parse(query), context=NOW))


def topics(ids: list[str]) -> list[int]:
    return [int(paper_id[-5:]) % 3 for paper_id in ids]


def star(library: Library, *numbers: int) -> None:
    library.mark([f"2611.{number:05}" for number in numbers], starred=True)


def test_what_is_like_the_stars_comes_first(library: Library) -> None:
    star(library, 1, 4, 7)
    assert topics(order(library))[:7] == [1] * 7


def test_one_star_says_something(library: Library) -> None:
    star(library, 3)
    assert topics(order(library))[:9] == [0] * 9


def test_a_typed_interest_is_enough(library: Library) -> None:
    library.set_interest("theorem proving lemma")
    assert topics(order(library))[:10] == [2] * 10


def test_without_a_star_and_an_interest_the_order_is_that_of_upvotes(library: Library, make_paper: MakePaper) -> None:
    library.add([make_paper(50, upvotes=9, listed=date(2026, 1, 2))], "hf")
    assert order(library) == order(library, "sort:upvotes")
    assert order(library)[0] == "2611.00050"
    assert order(library, "sort:-foryou") == order(library, "sort:-upvotes")
    assert library.taste.current().profile is None
    assert not library.taste.current().likely


def test_nothing_is_learned_from_reading_hiding_and_tagging(library: Library) -> None:
    library.mark(["2611.00001"], read=True, hidden=True, add_tags=["x"], note="y")
    assert order(library, "sort:foryou is:hidden OR -is:hidden") == order(
        library, "sort:upvotes is:hidden OR -is:hidden"
    )
    assert library.taste.current().profile is None


def test_the_order_follows_each_star_paper_and_interest(library: Library, make_paper: MakePaper) -> None:
    star(library, 1)
    assert topics(order(library))[0] == 1
    deed = library.mark(["2611.00002"], starred=True)
    library.mark(["2611.00001"], starred=False)
    assert topics(order(library))[0] == 2
    library.add([make_paper(40, title="Prover and lemma tactic: a theorem prover lemma")], "hf")
    assert "2611.00040" in order(library)[:12]
    library.undo(deed)
    library.set_interest("robot gripper")
    assert topics(order(library))[0] == 1


def test_a_paper_that_is_gone_or_rewritten_is_ranked_by_what_it_says_now(
    library: Library, make_paper: MakePaper
) -> None:
    star(library, 1)
    assert "2611.00004" in order(library)[:9]
    library.add([make_paper(4, title="Lemma lemma", abstract="A theorem prover.", upvotes=1)], "hf")
    assert "2611.00004" not in order(library)[:9]
    with library.taste.ranked() as (corpus, pool):
        assert corpus.papers == len(list(filter(None, pool.ids))) == 30


def test_a_restart_gives_the_same_order_whether_or_not_the_papers_were_kept(
    library: Library, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranked_module, "MAX_UNSAVED", 1)
    star(library, 1, 5)
    first = order(library)
    assert (places.cache / "ranked.bin").exists()
    assert order(Library(places)) == first
    (places.cache / "ranked.bin").unlink()
    assert order(Library(places)) == first
    (places.cache / "ranked.bin").write_bytes(b"something else")
    assert order(Library(places)) == first


def test_papers_that_came_since_they_were_kept_are_ranked(
    library: Library, places: Places, make_paper: MakePaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranked_module, "MAX_UNSAVED", 10)
    star(library, 1)
    order(library)
    library.add([make_paper(40, title="Gripper policy", abstract="A robot arm.")], "hf")
    assert "2611.00040" in order(Library(places))[:10]


def test_a_new_index_forgets_what_was_kept_of_the_old_one(
    library: Library, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranked_module, "MAX_UNSAVED", 1)
    star(library, 1)
    first = order(library)
    library.indexing.close()
    places.index_file.unlink()
    again = Library(places)
    assert order(again) == first
    with again.taste.ranked() as (corpus, _):
        assert corpus.papers == 30


def test_of_a_large_library_the_newest_papers_are_ranked(
    library: Library, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranked_module, "MAX_RANKED", 20)
    star(library, 1)
    order(library)
    with library.taste.ranked() as (corpus, pool):
        assert corpus.papers == len(list(filter(None, pool.ids))) == 16


_PRINT_ORDER = """
import sys
from datetime import date
from paperdeck.storage.library.library import Library
from paperdeck.storage.search.tree import QueryContext
from paperdeck.storage.search.query import parse
from paperdeck.storage.settings.settings import Places
library = Library(Places.find())
library.indexing.catch_up()
print(*library.indexing.index.find(parse("sort:foryou"), context=QueryContext(today=date(2026, 11, 20))))
paper = library.paper("2611.00004")
print(library.taste.related(paper), library.taste.same_people(paper))
missed = library.indexing.index.find(parse("is:unread"), context=QueryContext(today=date(2026, 11, 20)))
print(library.taste.best_missed(list(missed), 15))
print(*(f"{library.taste.score(paper)!r}" for paper in library.papers(["2611.00004", "2611.00005"]).values()))
"""


def test_the_order_is_the_same_under_another_hash_seed(library: Library, places: Places, tmp_path: Path) -> None:
    star(library, 1, 5, 8)
    library.set_interest("robot arm")
    library.adjust_taste("words", "gripper", more=False)
    printed = [
        subprocess.run(
            [sys.executable, "-c", _PRINT_ORDER],
            env={**os.environ, "PYTHONHASHSEED": seed, "PAPERDECK_HOME": str(places.cache.parent)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert printed[0] == printed[1]
    assert printed[0].split("\n")[0].split() == order(library, "sort:foryou")


# -- what the reader says ------------------------------------------------------------------------------------------


def test_interests_are_deeds(library: Library) -> None:
    library.set_interest("world models")
    deed = library.set_interest("robot arm")
    assert library.rules().interests == ("world models", "robot arm")
    assert (deed.label, deed.subject, deed.rules) == ("add interest", "robot arm", True)
    library.set_interest("World Models", on=False)
    assert library.rules().interests == ("robot arm",)
    library.undo()
    library.undo()
    assert library.rules().interests == ("world models",)


def test_less_of_a_reason_takes_its_part_and_can_be_undone(library: Library) -> None:
    star(library, 1, 4, 7)
    order(library)
    [paper] = library.papers(["2611.00010"]).values()
    before = library.taste.reasons(paper)
    assert before is not None
    largest = before.parts[0]
    assert library.adjust_taste("words", largest.words, more=False).label == "less of"
    library.taste.current()
    assert library.taste.score(paper) == before.score - largest.part
    library.undo()
    library.taste.current()
    assert library.taste.score(paper) == before.score


def test_a_star_keeps_the_time_at_which_it_was_set(places: Places, make_paper: MakePaper) -> None:
    times = iter(range(1_700_000_000, 1_800_000_000, 1000))
    library = Library(places, clock=lambda: float(next(times)))
    library.add([make_paper(1)], "hf")
    library.mark(["2611.00001"], starred=True)
    first = library.marks("2611.00001").starred_at
    assert first is not None
    assert 1_700_000_000 <= first < 1_800_000_000
    library.mark(["2611.00001"], starred=False)
    assert library.marks("2611.00001").starred_at is None
    library.undo()
    assert library.marks("2611.00001").starred_at == Library(places).marks("2611.00001").starred_at == first
