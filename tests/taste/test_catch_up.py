"""The best of what was missed: by taste and by its day, unlike each other, each with a reason."""

from __future__ import annotations

import pytest

from paperdeck.storage.taste.catch_up import Listed, Missed, Standing, catch_up, ordinal, papers_in, standings
from paperdeck.storage.taste.profile import learn

from .made_library import library

MADE = library()
DAYS = {key: f"2026-01-{1 + number // 20:02}" for number, key in enumerate(MADE.papers)}
UPVOTES = {key: number * 7 % 20 for number, key in enumerate(MADE.papers)}
STANDINGS = standings(Listed(key, DAYS[key], UPVOTES[key]) for key in MADE.papers)
NINE_DAYS = [
    Missed(paper, MADE.terms[key], STANDINGS[key]) for key, paper in MADE.papers.items() if DAYS[key] > "2026-01-01"
]
TASTE = learn([MADE.star(key) for key in MADE.topic("robots")[:5]], MADE.corpus, candidates=MADE.candidates)


def test_fifteen_minutes_are_ten_papers() -> None:
    assert papers_in(15) == len(catch_up(NINE_DAYS, 15, MADE.corpus, TASTE)) == 10


def test_almost_no_time_is_enough_for_one_paper() -> None:
    assert papers_in(0.1) == papers_in(0) == 1


def test_all_papers_are_returned_if_they_are_few() -> None:
    assert len(catch_up(NINE_DAYS[:3], 60, MADE.corpus, TASTE)) == 3
    assert catch_up([], 60, MADE.corpus, TASTE) == []


def test_the_picks_are_to_the_readers_taste_and_say_why() -> None:
    picks = catch_up(NINE_DAYS, 15, MADE.corpus, TASTE)
    assert sum(pick.id in MADE.topic("robots") for pick in picks) >= 8
    assert all(pick.reason.startswith("because ★ ") for pick in picks if pick.id in MADE.topic("robots"))
    assert all(0 <= pick.worth <= 1 for pick in picks)


def test_without_a_taste_upvotes_of_their_own_days_decide() -> None:
    picks = catch_up(NINE_DAYS, 12, MADE.corpus)
    assert all(STANDINGS[pick.id].place <= 3 for pick in picks)
    assert picks[0].reason.startswith("1st of 20 that day, ▲ 19")


def test_the_same_paper_twice_is_not_picked_twice_in_a_row() -> None:
    twin = NINE_DAYS[0]._replace(paper=NINE_DAYS[0].paper._replace(id="twin"))
    picks = catch_up([NINE_DAYS[0], twin, *NINE_DAYS[1:]], 6, MADE.corpus)
    assert len({"twin", NINE_DAYS[0].paper.id} & {pick.id for pick in picks}) <= 1


def test_standing_is_within_a_papers_own_day_and_shared_among_equals() -> None:
    days = standings([Listed("a", "mon", 3), Listed("b", "mon", 9), Listed("c", "mon", 3), Listed("d", "tue", 1)])
    assert days == {
        "a": Standing(2, 3, 3),
        "b": Standing(1, 3, 9),
        "c": Standing(2, 3, 3),
        "d": Standing(1, 1, 1),
    }


def test_without_votes_a_rank_is_worth_nothing() -> None:
    assert Standing(1, 40, 0).worth == 0
    assert not Standing(1, 40, 0).is_good
    assert Standing(1, 40, 5).worth == 1


@pytest.mark.parametrize(
    ("number", "shown"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (22, "22nd")]
)
def test_places_are_shown_as_english_has_them(number: int, shown: str) -> None:
    assert ordinal(number) == shown
