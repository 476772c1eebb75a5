"""A newer day comes while the list shows the newest one: the two are never mixed under one name."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import cast

import pytest

from paperdeck.storage.library.library import DayRecord, DayState, Library
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.actions.context import Context
from paperdeck.tui.actions.marks import mark_list_read
from paperdeck.tui.model.arrivals import Where
from paperdeck.tui.model.session import Session
from paperdeck.tui.model.views import UNREAD, View
from tests.actions.test_without_a_screen import Desk
from tests.conftest import MakePaper
from tests.support.app_tools import QUIET, TODAY, fill

YESTERDAY = TODAY - timedelta(1)
OLD = {"2611.00001", "2611.00002", "2611.00003"}
NEW = {"2611.00011", "2611.00012"}


@pytest.fixture
def session(places: Places, make_paper: MakePaper) -> Session:
    """A session that shows the papers of yesterday, the newest ones yet, in a window with room for more."""
    fill(places, [make_paper(number, listed=YESTERDAY, upvotes=50) for number in (1, 2, 3)])
    session = Session(Library(places), QUIET, places, today=TODAY)
    session.open_first_view()
    session.load()
    session.results.where = lambda: Where(0, 9, 0, 0)
    session.results.untouched = False
    assert shown(session) == ("Latest day", YESTERDAY, OLD)
    return session


def shown(session: Session) -> tuple[str, date | None, set[str]]:
    view = session.results.view
    return view.title, view.day, set(session.results.ids)


def follow(session: Session) -> None:
    """Do what the screen does after the library changed."""
    find = session.results.refresh if session.follow_library() else session.results.find
    asyncio.run(find())


def fetch(session: Session, make_paper: MakePaper, *numbers: int, day: date = TODAY) -> None:
    """Let papers of a day arrive."""
    papers = [make_paper(number, listed=day, title=f"Paper {number}", upvotes=number) for number in numbers]
    session.library.add(papers, "hf")
    ids = (*session.days.ids(day), *(paper.id for paper in papers))
    at = f"{TODAY}T09:00:00+00:00"
    session.library.ledger.record(DayRecord(source="hf", day=day, state=DayState.COMPLETE, fetched_at=at, ids=ids))
    session.papers.take(ids)
    session.arrived(ids)
    follow(session)


def press_show_new(session: Session) -> None:
    if asyncio.run(session.show_waiting()):
        asyncio.run(session.results.find())


def test_the_day_in_the_list_keeps_its_name_and_its_papers_and_the_newer_ones_wait(
    session: Session, make_paper: MakePaper
) -> None:
    """“Today, Thu 19 Nov” stood above the papers of both days, and `H` marked both."""
    fetch(session, make_paper, 11, 12)
    assert (shown(session), session.waiting) == (("Thu 19 Nov 2026", YESTERDAY, OLD), 2)
    assert "Thu 19 Nov 2026" in [view.title for view in session.views.all()], "it has its row"
    fetch(session, make_paper, 4, day=YESTERDAY)
    assert shown(session)[2] == {*OLD, "2611.00004"}, "what comes late is of the same day"
    desk = Desk(session)
    asyncio.run(mark_list_read(cast(Context, desk)))
    assert desk.said == "Marked 4 papers in “Thu 19 Nov 2026” as read; <undo> undoes it."
    press_show_new(session)
    assert (shown(session), session.waiting) == (("Today", TODAY, NEW), 0)
    assert session.days.shown is None, "only the newest day has a row"
    assert not any(session.marks.of(paper_id).read for paper_id in NEW)


def test_the_number_key_shows_the_newer_day_alone(session: Session, make_paper: MakePaper) -> None:
    fetch(session, make_paper, 11, 12)
    newest = session.views.by_number(1)
    assert newest
    session.show(newest)
    asyncio.run(session.results.find())
    assert (shown(session), session.waiting) == (("Today", TODAY, NEW), 0)


def test_the_waiting_papers_are_those_that_match_the_filter(session: Session, make_paper: MakePaper) -> None:
    fetch(session, make_paper, 11, 12)
    session.results.set_filter("id:2611.00012")
    assert session.waiting == 1
    press_show_new(session)
    assert shown(session) == ("Today", TODAY, {"2611.00012"})


def test_the_newer_day_is_shown_alone_at_once_before_the_first_key(session: Session, make_paper: MakePaper) -> None:
    session.results.untouched = True
    fetch(session, make_paper, 11, 12)
    assert (shown(session), session.waiting) == (("Today", TODAY, NEW), 0)


def test_papers_that_the_reader_asked_for_are_shown_if_no_key_came_since(
    session: Session, make_paper: MakePaper
) -> None:
    """The key “Fetch” showed only what had waited before it."""
    session.results.awaits_papers = True
    fetch(session, make_paper, 11, 12)
    assert (shown(session), session.waiting) == (("Today", TODAY, NEW), 0)
    session.show(UNREAD)
    asyncio.run(session.results.find())
    fetch(session, make_paper, 13)
    assert "2611.00013" in session.results.ids
    session.acted()
    fetch(session, make_paper, 14)
    assert "2611.00014" not in session.results.ids
    assert session.waiting == 1


def test_a_fetch_that_comes_before_the_chosen_list_was_found_mixes_no_two_lists(
    session: Session, make_paper: MakePaper
) -> None:
    fetch(session, make_paper, 11, 12)
    session.show(session.views.day())
    fetch(session, make_paper, 13)
    assert shown(session) == ("Today", TODAY, {*NEW, "2611.00013"})


def test_going_back_leads_to_the_same_day_as_before(session: Session, make_paper: MakePaper) -> None:
    session.results.show(View("related", "Related", within=lambda: (), aside=True))
    fetch(session, make_paper, 11, 12)
    assert session.waiting == 0, "they are not of this list"
    assert session.results.go_back()
    asyncio.run(session.results.find())
    assert (shown(session), session.waiting) == (("Thu 19 Nov 2026", YESTERDAY, OLD), 2)
    assert session.days.neighbour(1) == TODAY


def test_nothing_waits_for_the_day_that_was_chosen(session: Session, make_paper: MakePaper) -> None:
    fetch(session, make_paper, 11, 12)
    session.days.go_to(YESTERDAY)
    session.show(session.views.other_day(YESTERDAY))
    asyncio.run(session.results.find())
    assert (shown(session), session.waiting) == (("Thu 19 Nov 2026", YESTERDAY, OLD), 0)
    session.show(UNREAD)
    assert session.waiting == 0
