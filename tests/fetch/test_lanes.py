"""Politeness, as properties: never more requests at once, or in a period, than the source allows."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperdeck.storage.errors import RateLimited, StoreError
from paperdeck.storage.fetch.http.lanes import (
    ARXIV_INTERVAL_SECONDS,
    HUB_CONCURRENT_REQUESTS,
    Budget,
    SlowLane,
    Timing,
    Waiting,
    Waits,
    hub_lanes,
)
from tests.fetch.test_http import FakeTime
from tests.support.examples import examples


async def test_at_most_four_requests_go_to_the_hub_at_a_time() -> None:
    api, pages = hub_lanes(Timing())
    under_way = maximum = 0

    async def one(number: int) -> None:
        nonlocal under_way, maximum
        async with (api, pages)[number % 2].turn(60):
            under_way += 1
            maximum = max(maximum, under_way)
            await asyncio.sleep(0)
            under_way -= 1

    await asyncio.gather(*(one(number) for number in range(40)))
    assert maximum == HUB_CONCURRENT_REQUESTS


@settings(max_examples=examples(60))
@given(
    quota=st.integers(1, 8),
    window=st.integers(1, 30),
    steps=st.lists(st.floats(0, 10), min_size=1, max_size=60),
)
def test_the_declared_budget_is_never_exceeded(quota: int, window: int, steps: list[float]) -> None:
    budget, now = Budget("api", 500, 300), 0.0
    budget.note_limits({"ratelimit-policy": f'"fixed window";"api";q={quota};w={window}'}, now)
    sent: list[float] = []
    for step in steps:
        now += step
        while (delay := budget.delay(now)) > 0:
            now += delay
        budget.take(now)
        budget.done()
        sent.append(now)
    for first, later in zip(sent, sent[quota:], strict=False):
        assert later - first >= window * (1 - 1e-9)


@settings(max_examples=examples(60))
@given(left=st.integers(0, 10), others=st.integers(0, 4))
def test_what_the_source_says_is_left_is_not_overdrawn(left: int, others: int) -> None:
    budget = Budget("api", 500, 300)
    for _ in range(others + 1):
        budget.take(0.0)
    budget.note_limits({"ratelimit": f'"api";r={left};t=60'}, 0.0)
    more = 0
    while budget.delay(1.0) == 0 and more < 20:
        budget.take(1.0)
        more += 1
    assert more == max(0, left - others)
    assert budget.delay(62.0) == 0


def test_headers_of_another_budget_and_nonsense_change_nothing() -> None:
    budget = Budget("api", 500, 300)
    for text in ('"pages";r=0;t=60', '"api";r=-1;t=5', "", '"api";r=0', "r=0;t=60"):
        budget.note_limits({"ratelimit": text, "ratelimit-policy": '"api";q=0;w=0'}, 0.0)
    assert budget.delay(0.0) == 0
    assert (budget.quota, budget.window) == (500, 300)


async def test_a_budget_used_up_for_longer_than_our_patience_is_reported() -> None:
    clock = FakeTime()
    api, _ = hub_lanes(clock.timing)
    api.note_limits({"ratelimit": '"api";r=0;t=200'})
    with pytest.raises(RateLimited):
        async with api.turn(20):
            pass
    async with api.turn(300):
        assert clock.seconds >= 200


async def test_arxiv_is_asked_once_in_three_seconds_and_once_at_a_time(tmp_path: Path) -> None:
    clock = FakeTime()
    lane, started, under_way = SlowLane(tmp_path, clock.timing), [], 0

    async def one() -> None:
        nonlocal under_way
        async with lane.turn(600):
            started.append(clock.seconds)
            under_way += 1
            assert under_way == 1
            await asyncio.sleep(0)
            under_way -= 1

    await asyncio.gather(*(one() for _ in range(5)))
    assert all(later - first >= 3 for first, later in pairwise(started))


_OTHER = """
import asyncio, sys, time
from pathlib import Path
from paperdeck.storage.fetch.http.lanes import SlowLane, Timing
async def main():
    lane = SlowLane(Path(sys.argv[1]), Timing(), 0.1)
    for _ in range(3):
        async with lane.turn(60):
            print(time.time(), flush=True)
            await asyncio.sleep(0.02)
            print(time.time(), flush=True)
asyncio.run(main())
"""


def test_processes_take_turns_towards_arxiv(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _OTHER, str(tmp_path)]
    others = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    turns = []
    for other in others:
        times = [float(line) for line in other.communicate()[0].split()]
        turns += list(zip(times[::2], times[1::2], strict=True))
    turns.sort()
    assert len(turns) == 6
    for (_, end), (later, _) in pairwise(turns):
        assert later >= end, "two at a time"


async def test_a_lane_of_another_process_keeps_the_interval_too(tmp_path: Path) -> None:
    clock = FakeTime()
    await _take(SlowLane(tmp_path, clock.timing))
    first = clock.seconds
    await _take(SlowLane(tmp_path, clock.timing))
    assert clock.seconds - first == pytest.approx(ARXIV_INTERVAL_SECONDS)


async def test_a_clock_that_was_set_back_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "arxiv.stamp").write_text(repr(time.time() + 10**6))
    clock = FakeTime()
    async with SlowLane(tmp_path, clock.timing).turn(10):
        assert clock.seconds <= ARXIV_INTERVAL_SECONDS


async def test_a_folder_that_cannot_be_written_is_reported_and_nobody_is_asked(tmp_path: Path) -> None:
    (tmp_path / "arxiv.stamp").mkdir()
    with pytest.raises(StoreError, match="arXiv is not queried"):
        await _take(SlowLane(tmp_path, FakeTime().timing))


async def test_a_pipe_in_place_of_the_stamp_holds_nobody_up(tmp_path: Path) -> None:
    stamp = tmp_path / "arxiv.stamp"
    os.mkfifo(stamp)
    await _take(SlowLane(tmp_path, FakeTime().timing))
    assert float(stamp.read_text())


async def test_who_gives_up_waiting_for_arxiv_leaves_the_lane_free(tmp_path: Path) -> None:
    lane, other = SlowLane(tmp_path, Timing(), 0.0), SlowLane(tmp_path, Timing(), 0.0)
    async with lane.turn(10):
        waiting = asyncio.create_task(_take(other))
        await asyncio.sleep(0.01)
        waiting.cancel()
    await _take(other)


async def _take(lane: SlowLane) -> None:
    async with lane.turn(10):
        pass


# -- what is being waited for ---------------------------------------------------------------------------------------


async def test_an_answer_that_is_quick_is_not_worth_a_word() -> None:
    time = FakeTime()
    waits = Waits(time.timing)
    with waits.awaiting_answer("the Hub", "fetch the text"):
        assert waits.current is None
        await time.sleep(3)
        assert waits.current == Waiting("fetch the text", "the Hub", 3)
    assert waits.current is None


async def test_a_failure_is_reported_with_the_time_of_the_next_attempt() -> None:
    time = FakeTime()
    waits = Waits(time.timing)
    with waits.before_retry("the Hub", "the Hub answered 503", 5):
        await time.sleep(1)
        assert str(waits.current) == "the Hub answered 503, again in 4 s"


async def test_a_source_that_answers_others_meanwhile_is_well() -> None:
    time = FakeTime()
    waits = Waits(time.timing)
    with waits.before_retry("the Hub", "the Hub answered 503", 5), waits.awaiting_answer("arXiv"):
        await time.sleep(1)
        waits.answered("the Hub")
        assert str(waits.current) == "waiting for arXiv, 1 s"
