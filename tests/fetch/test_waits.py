"""What the reader is told while a source keeps us waiting."""

from __future__ import annotations

from paperdeck.storage.fetch.http.waits import Waits
from tests.fetch.test_http import FakeTime


async def test_an_answer_that_is_quick_is_not_worth_a_word() -> None:
    time = FakeTime()
    waits = Waits(time.timing)
    with waits.answer("the Hub"):
        assert waits.sentence() == ""
        await time.sleep(3)
        assert waits.sentence() == "waiting for the Hub, 3 s"
    assert waits.sentence() == ""


async def test_a_failure_is_told_with_the_time_of_the_next_attempt() -> None:
    time = FakeTime()
    waits = Waits(time.timing)
    with waits.pause("the Hub", "it answered 503", 5):
        await time.sleep(1)
        assert waits.sentence() == "the Hub: it answered 503, again in 4 s"


async def test_a_source_that_answers_others_meanwhile_is_well() -> None:
    time = FakeTime()
    waits = Waits(time.timing)
    with waits.pause("the Hub", "it answered 503", 5), waits.answer("arXiv"):
        await time.sleep(1)
        waits.answered("the Hub")
        assert waits.sentence() == "waiting for arXiv, 1 s"
