"""Catching up by keys: what is asked and said, and that the rest is swept when everything offered is read."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest
from textual.message import Message

from paperdeck.storage.fetch.endpoints import Endpoints
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.actions import lists, marks
from paperdeck.tui.actions.context import Context
from paperdeck.tui.background.running import Background
from paperdeck.tui.model.session import Session
from paperdeck.tui.run import RunAction
from tests.actions.test_without_a_screen import Desk
from tests.support.absence import PAPERS, session_after_nine_days


@pytest.fixture
def desk(places: Places) -> Desk:
    session = session_after_nine_days(places)
    session.results.set_first([PAPERS[0].id])
    return Desk(session)


async def begin(desk: Desk, minutes: str | None) -> None:
    desk.answer = minutes
    await lists.catch_up(cast(Context, desk))


async def test_the_budgets_say_how_many_papers_they_are(desk: Desk) -> None:
    await begin(desk, None)
    assert [(choice.text, choice.more) for choice in desk.offered] == [
        ("5 minutes", "3 papers"),
        ("15 minutes", "10 papers"),
        ("30 minutes", "20 papers"),
    ]
    assert desk.session.catch_up.offered == ()


async def test_a_filter_does_not_narrow_what_is_offered_and_comes_back(desk: Desk) -> None:
    """An empty list stood below “The best 10”, and the key marked the other papers as read."""
    results = desk.session.results
    results.set_filter("kangaroo")
    await begin(desk, "15")
    await results.find()
    assert (results.text, len(results.ids)) == ("", 10)
    assert results.go_back()
    assert results.text == "kangaroo"


async def test_the_same_key_stops_and_sweeps_the_rest_which_undo_brings_back(desk: Desk) -> None:
    await begin(desk, "15")
    assert desk.said == "The best 10. Once they are read, or you press <catch-up>, the other 164 are marked as read."
    assert desk.session.results.view.title == "15 minutes"
    await begin(desk, None)
    assert desk.said == "Caught up: 164 other papers marked as read; <undo> undoes it."
    assert len(desk.session.catch_up.missed()) == 10
    desk.session.deeds.undo()
    assert len(desk.session.catch_up.missed()) == 174


async def test_marking_the_best_read_is_one_deed_with_marking_the_rest(desk: Desk) -> None:
    await begin(desk, "15")
    await desk.session.results.find()
    await marks.mark_list_read(cast(Context, desk))
    assert desk.said == "Marked 10 papers in “15 minutes” and the other 164 as read; <undo> undoes it."
    assert len(desk.session.catch_up.missed()) == 0
    desk.session.deeds.undo()
    assert len(desk.session.catch_up.missed()) == 174


async def test_who_left_the_best_is_asked_again_and_nothing_is_swept(desk: Desk) -> None:
    """`B`, escape, `B` marked 118 papers read, though the list that was offered had been left."""
    await begin(desk, "15")
    assert desk.session.results.go_back()
    await begin(desk, None)
    assert [choice.more for choice in desk.offered] == ["3 papers", "10 papers", "20 papers"]
    assert len(desk.session.catch_up.missed()) == 174
    await begin(desk, "5")
    assert desk.said == "The best 3. Once they are read, or you press <catch-up>, the other 171 are marked as read."


async def in_topics(desk: Desk) -> None:
    await begin(desk, "15")
    results = desk.session.results
    results.show(await asyncio.to_thread(desk.session.topics.fold, results.view, desk.session.catch_up.offered))
    await results.find()


async def test_it_ends_in_topics_too(desk: Desk) -> None:
    await in_topics(desk)
    await begin(desk, None)
    assert desk.said == "Caught up: 164 other papers marked as read; <undo> undoes it."


async def test_reading_all_topics_is_one_deed_with_marking_the_rest(desk: Desk) -> None:
    await in_topics(desk)
    await marks.mark_list_read(cast(Context, desk))
    assert desk.said == "Marked 10 papers in “15 minutes in topics” and the other 164 as read; <undo> undoes it."


async def test_marking_a_part_of_the_best_read_leaves_the_rest(desk: Desk) -> None:
    await begin(desk, "15")
    desk.session.results.set_filter(desk.session.catch_up.offered[0])
    await desk.session.results.find()
    await marks.mark_list_read(cast(Context, desk))
    assert desk.said == "Marked 1 paper in “15 minutes” as read; <undo> undoes it."
    assert len(desk.session.catch_up.missed()) == 173


async def test_it_says_so_if_nothing_was_missed(desk: Desk) -> None:
    desk.session.marks.mark([paper.id for paper in PAPERS], "read", read=True)
    await begin(desk, "15")
    assert desk.said == "Nothing was missed: everything from the last two weeks is read."
    assert desk.offered == []


def nothing(*_: object, **__: object) -> None:
    """Runs nothing beside the keys."""


async def test_reading_the_last_paper_that_is_offered_ends_it(desk: Desk) -> None:
    session: Session = desk.session
    posted: list[Message] = []
    background = Background(session, Endpoints(), posted.append, run=nothing, refresh=nothing, show_waits=nothing)
    background.start(lambda *_: None, offline=True)
    await begin(desk, "5")
    *first, last = session.catch_up.offered
    offer = session.results.view
    assert session.results.go_back()
    session.marks.mark([*first, last], "read", read=True)
    assert not any(isinstance(message, RunAction) for message in posted), "who left the list has declined the offer"
    session.deeds.undo()
    session.results.show(offer)
    session.marks.mark(first, "read", read=True)
    assert not any(isinstance(message, RunAction) for message in posted)
    session.marks.mark([last], "hide", hidden=True)
    assert [message.name for message in posted if isinstance(message, RunAction)] == ["lists.finish_catching_up"]
