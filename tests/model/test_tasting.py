"""What the screen asks of the reader's taste: the view For you, which papers fit, and why."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from paperdeck.storage.library.library import Library
from paperdeck.storage.search.rank import Sort
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.model.arrivals import Where
from paperdeck.tui.model.changed import Changed
from paperdeck.tui.model.finder import Wanted
from paperdeck.tui.model.session import Session
from paperdeck.tui.model.views import ALL, View
from paperdeck.tui.panes.cursor_follower import CursorFollower
from paperdeck.tui.panes.detail import Detail
from paperdeck.tui.panes.paper_list import PaperList
from tests.conftest import MakePaper
from tests.support.app_tools import QUIET, TODAY, fill


@pytest.fixture
def session(places: Places, make_paper: MakePaper) -> Session:
    """A hundred papers of the last ten days; every twentieth is about robots."""
    fill(places, [_paper(make_paper, number) for number in range(1, 101)])
    made = Session(Library(places), QUIET, places, today=TODAY)
    made.rules.load()
    made.load()
    return made


def _paper(make_paper: MakePaper, number: int) -> object:
    title = "A robot gripper policy" if number % 20 == 0 else f"On subject{number} and method{number % 7}"
    return make_paper(number, title=title, listed=TODAY - timedelta(days=number % 10))


def for_you(session: Session) -> View:
    found = session.views.by_key("foryou")
    assert found is not None
    return found


def listed(session: Session) -> list[str]:
    return list(session.finder.find(Wanted(for_you(session), session.results.query)))


def test_for_you_begins_with_what_fits(session: Session) -> None:
    session.tasting.add_interest("robot gripper")
    session.tasting.follow()
    assert for_you(session).sort == Sort("foryou")
    fitting = [session.tasting.fits(paper_id) for paper_id in listed(session)]
    assert fitting[0]
    assert fitting == sorted(fitting, reverse=True)
    assert session.finder.count_picked(for_you(session)) == sum(fitting)


async def test_for_you_begins_at_the_top_once_it_is_sorted_by_taste(session: Session) -> None:
    session.tasting.follow()
    results = session.results
    results.show(for_you(session))
    await results.find()
    results.where = lambda: Where(cursor=30, line=4, first=20, last=40)
    results.show(ALL)
    results.show(for_you(session))
    await results.find()
    assert results.place == (results.ids[30], 4), "the same order resumes where it was left"
    results.show(ALL)
    session.tasting.add_interest("robot gripper")
    session.tasting.follow()
    results.show(for_you(session))
    await results.find()
    assert results.place == (None, 0)


def test_while_for_you_is_shown_its_remark_follows_the_taste_and_its_order_waits(session: Session) -> None:
    session.tasting.follow()
    results = session.results
    results.show(for_you(session))
    session.tasting.add_interest("robot gripper")
    session.tasting.follow()
    assert (results.view.sort, results.view.remark) == (Sort("upvotes"), "by upvotes until you show it again")
    results.show(for_you(session))
    assert (results.view.sort, results.view.remark) == (Sort("foryou"), "")
    session.tasting.remove_interest("robot gripper")
    session.tasting.follow()
    assert (results.view.sort, results.view.remark) == (Sort("foryou"), "nothing is starred yet")
    assert session.finder.count_picked(results.view) == 0, "nothing fits a taste that isn't known"


def test_for_you_holds_what_is_unread_of_seven_days_and_all_of_today(session: Session) -> None:
    today, recent, old = "2611.00020", "2611.00041", "2611.00009"
    assert {today, recent} <= set(listed(session))
    assert old not in listed(session)
    session.marks.mark([today, recent], "read", read=True)
    assert today in listed(session)
    assert recent not in listed(session)


def test_too_little_to_go_by_is_reported_and_upvotes_are_shown(session: Session) -> None:
    session.tasting.follow()
    assert for_you(session).sort == Sort("upvotes")
    assert "nothing is starred yet" in for_you(session).remark
    assert listed(session)[0] == "2611.00100"


def test_each_change_of_the_taste_is_published_once(session: Session) -> None:
    told: list[Changed] = []
    session.publisher.listen(told.append)
    session.marks.mark(["2611.00020"], "star", starred=True)
    session.tasting.follow()
    session.tasting.follow()
    assert [changed.taste for changed in told].count(True) == 1


def test_a_reason_is_given_only_where_a_paper_is_near(session: Session) -> None:
    session.marks.mark(["2611.00020", "2611.00040"], "star", starred=True)
    session.tasting.follow()
    [near, far] = session.papers.facts(["2611.00060", "2611.00061"])
    assert session.tasting.why(near).startswith("because ★ A robot gripper policy")
    assert session.tasting.why(far) == ""


def test_a_reason_that_the_list_gives_is_not_given_twice(session: Session) -> None:
    session.marks.mark(["2611.00020", "2611.00040"], "star", starred=True)
    session.tasting.follow()
    [near] = session.papers.facts(["2611.00060"])
    assert session.tasting.why(near, shown=f"{session.tasting.why(near)} · 4th of 45 that day") == ""
    assert session.tasting.why(near, shown="4th of 45 that day")
    shown: list[tuple[object, ...]] = []
    papers = cast(PaperList, SimpleNamespace(current=near.id))
    detail = cast(Detail, SimpleNamespace(show=lambda *said: shown.append(said)))
    follower = CursorFollower(session, papers, detail, lambda: False)
    for caption in ("4th of 45 that day", f"{session.tasting.why(near)} · 4th of 45 that day"):
        session.results.view = ALL._replace(captions={near.id: caption})
        follower.show()
    session.marks.mark([near.id], "star", starred=True)
    session.results.view = ALL
    follower.show()
    assert [bool(why) for _, _, _, why in shown] == [True, False, False], "a star needs no reason"


def test_right_after_the_start_it_learns_before_it_says_that_nothing_is_known(session: Session) -> None:
    session.marks.mark(["2611.00020", "2611.00040"], "star", starred=True)
    [near] = session.papers.facts(["2611.00060"])
    assert session.tasting.reasons(near) is None
    assert session.tasting.reasons_learned(near)


def test_what_was_learned_is_learned_before_it_is_listed(session: Session) -> None:
    session.marks.mark(["2611.00020", "2611.00040"], "star", starred=True)
    assert "robot gripper" in {one.name for one in session.tasting.learned()}


def test_what_was_stated_goes_before_what_was_learned_and_is_listed_once(session: Session) -> None:
    session.marks.mark(["2611.00020", "2611.00040"], "star", starred=True)
    session.tasting.follow()
    assert "robot gripper" in {one.name for one in session.tasting.learned()}
    session.tasting.adjust("words", "robot gripper", more=False)
    session.tasting.add_interest("gripper")
    assert [(item.kind, item.name, item.more) for item in session.tasting.stated()] == [
        ("interest", "gripper", None),
        ("words", "robot gripper", False),
    ]
    assert "robot gripper" not in {one.name for one in session.tasting.learned()}
