"""What the list shows is decided without a screen: what is found, what is let in, what is held back."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdeck.storage.library.ledger import Ledger
from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.model import results
from paperdeck.tui.model.arrivals import Where, arrivals_of, keep_in_place, moves_nothing, place_of
from paperdeck.tui.model.changed import Changed, ListChange
from paperdeck.tui.model.finder import at_once
from paperdeck.tui.model.session import Session
from paperdeck.tui.model.views import ALL, DIGEST, RESULTS, STARRED, UNREAD, View
from tests.conftest import MakePaper
from tests.support.app_tools import QUIET, TODAY, fill

IDS = st.lists(st.sampled_from([f"p{number}" for number in range(12)]), unique=True)


@pytest.fixture
def session(places: Places, make_paper: MakePaper) -> Session:
    """A session with seventy papers, all loaded, that shows all of them."""
    fill(places, [make_paper(number) for number in range(1, 71)])
    session = Session(Library(places), QUIET, places, today=TODAY)
    session.open_first_view()
    session.load()
    session.results.show(ALL)
    asyncio.run(session.results.find())
    session.results.untouched = False
    return session


def changes_of(session: Session) -> list[Changed]:
    """Everything that the session says from now on."""
    heard: list[Changed] = []
    session.publisher.listen(heard.append)
    return heard


def add(session: Session, make_paper: MakePaper, *numbers: int) -> None:
    """Let papers arrive."""
    papers = [make_paper(number, listed=TODAY) for number in numbers]
    session.library.add(papers, "hf")
    session.papers.take([paper.id for paper in papers])
    asyncio.run(session.results.refresh())


# Going back


def test_going_back_from_views_without_a_row_goes_one_by_one(session: Session) -> None:
    beside = [View(name, name, within=lambda: (), aside=True) for name in ("related 1", "related 2")]
    for view in (UNREAD, *beside, beside[1]):
        session.results.show(view)
    shown = []
    while session.results.go_back():
        shown.append(session.results.view.key)
    assert shown == ["related 1", UNREAD.key]
    for view in (UNREAD, *beside, beside[0]):
        session.results.show(view)
    assert session.results.go_back()
    assert session.results.view == UNREAD, "a view that was gone back to by another key is not shown again"
    session.results.show(beside[0])
    session.results.show(ALL)
    assert not session.results.go_back(), "a view with a row is a place of its own"


@pytest.mark.parametrize("key", [DIGEST, RESULTS])
def test_going_back_works_from_a_digest_and_from_a_search_too(session: Session, key: str) -> None:
    """Escape did nothing there, though their rows are gone with the session."""
    session.results.show(UNREAD)
    for _ in range(2):
        session.results.show(View(key, "Made by a key", within=lambda: ()))
    assert session.results.go_back()
    assert session.results.view == UNREAD


PAPER = "2611.00003"


@pytest.mark.parametrize("typed", ["2611.00003", "https://arxiv.org/abs/2611.00003v2", ""])
def test_going_back_from_a_paper_that_was_named_leads_to_the_place_before(session: Session, typed: str) -> None:
    """Escape emptied the box, and left the reader in All."""
    session.results.show(UNREAD)
    asyncio.run(session.results.find())
    session.results.where = lambda: Where(first=10, last=20, cursor=12, line=4)
    left = session.results.ids[12]
    session.results.set_filter(typed)
    asyncio.run(session.results.find())
    session.show_query(PAPER)
    asyncio.run(session.results.find())
    assert (session.results.view, list(session.results.ids), session.results.filter_set_by_key) == (ALL, [PAPER], True)
    session.results.where = Where
    assert session.results.go_back()
    asyncio.run(session.results.find())
    assert (session.results.view, session.results.text, session.results.place) == (UNREAD, "", (left, 4))


def test_going_back_leads_to_the_filter_that_led_to_others(session: Session) -> None:
    session.results.show(UNREAD)
    session.results.set_filter("number")
    for query in ("author:li", PAPER):
        session.show_query(query)
    assert session.results.filter_set_by_key
    shown = []
    while session.results.go_back():
        shown.append((session.results.view.key, session.results.text))
    assert shown == [(ALL.key, "author:li"), (UNREAD.key, "number")]


def test_going_back_from_the_second_of_two_pasted_links_takes_one_key(session: Session) -> None:
    session.results.show(UNREAD)
    for paper in (PAPER, "2611.00004"):
        session.results.set_filter(paper)
        session.show_query(paper)
    assert session.results.filter_set_by_key
    assert session.results.go_back()
    assert session.results.view == UNREAD


def test_a_filter_that_was_changed_is_cleared_before_one_goes_back(session: Session) -> None:
    session.results.show(UNREAD)
    session.show_query(PAPER)
    session.results.set_filter("something else")
    assert not session.results.filter_set_by_key


# Finding


def test_the_first_page_is_published_before_the_rest(session: Session) -> None:
    heard = changes_of(session)
    session.results.show(UNREAD)
    asyncio.run(session.results.find())
    assert [changed.results for changed in heard if changed.results] == [ListChange.REPLACED, ListChange.COMPLETED]
    assert (len(session.results.ids), session.results.complete) == (70, True)


def test_numbers_that_are_not_known_yet_are_not_zero(session: Session) -> None:
    """The first page has no tally; none is shown for it."""
    tallies: list[object] = []
    session.publisher.listen(lambda changed: tallies.append(session.results.tally) if changed.results else None)
    session.results.show(UNREAD)
    asyncio.run(session.results.find())
    assert tallies[0] is None
    assert session.results.tally is not None
    assert session.results.tally.unread == 70


def test_a_wrong_query_keeps_the_last_good_list(session: Session) -> None:
    session.results.set_filter("id:2611.00003")
    asyncio.run(session.results.find())
    session.results.set_filter("id:2611.00003 auther:x")
    asyncio.run(session.results.find())
    assert list(session.results.ids) == ["2611.00003"]
    assert "auther" in session.results.wrong


@pytest.mark.parametrize(
    ("good", "unfinished", "marked"),
    [
        ("is", "is:", []),
        ("cats is", "cats is:un", ["cats"]),
        ("cats", '"cats', []),
        ("cats tag", "cats tag:", ["cats"]),
    ],
)
def test_of_an_unfinished_filter_the_words_before_the_error_are_highlighted(
    session: Session, good: str, unfinished: str, marked: list[str]
) -> None:
    """“is” stayed underlined in all titles while “is:unread” was being typed."""
    session.results.set_filter(good)
    asyncio.run(session.results.find())
    session.results.set_filter(unfinished)
    assert [word for word, _ in session.results.words] == marked
    session.results.set_filter(good)
    asyncio.run(session.results.find())
    assert [word for word, _ in session.results.words] == good.split()


def test_a_view_opens_where_it_was_left(session: Session) -> None:
    session.results.where = lambda: Where(first=10, last=20, cursor=12, line=4)
    left = session.results.ids[12]
    session.results.show(STARRED)
    session.results.show(ALL)
    asyncio.run(session.results.find())
    assert session.results.place == (left, 4)


def test_a_filter_that_is_left_at_once_loses_no_place(session: Session) -> None:
    """A search on the Hub empties the box and shows its view before the list is found anew."""
    session.results.where = lambda: Where(first=10, last=20, cursor=12, line=4)
    left = session.results.ids[12]
    session.results.set_filter("id:2611.00003")
    asyncio.run(session.results.find())
    session.results.where = Where
    session.results.set_filter("")
    session.results.show(STARRED)
    session.results.show(ALL)
    asyncio.run(session.results.find())
    assert session.results.place == (left, 4)


def test_rows_that_were_read_are_counted_as_long_as_they_are_in_the_list(session: Session) -> None:
    """“116 papers” stood above 118 rows."""
    session.results.show(UNREAD)
    asyncio.run(session.results.find())
    rows = list(session.results.ids)
    session.marks.mark(rows[:3], "read", read=True)
    at(session, 0, 9)
    asyncio.run(session.results.refresh())
    assert session.results.tally == (len(rows), len(rows) - 3, 0)


async def test_all_rows_are_those_of_the_wanted_list_whatever_is_displayed(session: Session) -> None:
    """`A` and `X` right behind the key of a view took the first page of it, or the view before."""
    everything = list(session.results.ids)
    session.results.set_first(everything[:60], complete=False)
    assert list(await session.listed()) == everything
    session.marks.mark([everything[7]], "star", starred=True)
    session.results.show(STARRED)
    assert list(await session.listed()) == [everything[7]]


def test_papers_that_come_while_another_order_is_found_are_in_that_order(
    session: Session, make_paper: MakePaper
) -> None:
    """They merged with the list of the order before, and keys waited for a list that never came."""
    session.results.order_by("upvotes")
    session.library.add([make_paper(901, upvotes=0)], "hf")
    session.papers.take(["2611.00901"])
    asyncio.run(session.results.refresh())
    assert not session.results.is_behind
    upvotes = [session.papers.facts([paper_id])[0].upvotes for paper_id in session.results.ids]
    assert upvotes == sorted(upvotes, key=lambda number: -(number or 0))


# Letting in


def at(session: Session, first: int, last: int) -> None:
    session.results.where = lambda: Where(first, last, first, 0)


def test_papers_that_come_below_what_is_in_sight_are_let_in(session: Session, make_paper: MakePaper) -> None:
    at(session, 0, 9)
    before = list(session.results.ids[:10])
    papers = [make_paper(900, listed=TODAY.replace(day=1))]
    session.library.add(papers, "hf")
    session.papers.take([papers[0].id])
    asyncio.run(session.results.refresh())
    assert list(session.results.ids[:10]) == before
    assert session.results.ids[-1] == "2611.00900"
    assert session.results.waiting == 0


def test_papers_that_would_move_what_is_in_sight_wait_until_they_are_let_in(
    session: Session, make_paper: MakePaper
) -> None:
    at(session, 0, 99)  # the whole list is in sight, and new papers come on top
    shown = list(session.results.ids)
    add(session, make_paper, 901, 902)
    assert (list(session.results.ids), session.results.waiting) == (shown, 2)
    assert session.results.tally == (len(shown), len(shown), 0), "they are not counted before they are in the list"
    asyncio.run(session.results.show_waiting())
    assert set(session.results.ids) - set(shown) == {"2611.00901", "2611.00902"}
    assert session.results.waiting == 0
    assert session.results.tally
    assert session.results.tally.papers == len(shown) + 2


def test_waiting_papers_do_not_enter_a_list_that_was_shown_meanwhile(
    session: Session, make_paper: MakePaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(session, 0, 99)
    add(session, make_paper, 901)
    is_shown = threading.Event()

    def merge_late(shown: Sequence[str], found: Sequence[str]) -> Sequence[str]:
        assert is_shown.wait(10)
        return keep_in_place(shown, found)

    monkeypatch.setattr(results, "keep_in_place", merge_late)

    async def show_waiting_and_another_view() -> None:
        showing = asyncio.create_task(session.results.show_waiting())
        await asyncio.sleep(0)
        session.results.show(STARRED)
        await session.results.find()
        is_shown.set()
        await showing

    asyncio.run(show_waiting_and_another_view())
    assert list(session.results.ids) == []


def test_a_removed_paper_that_undo_brings_back_does_not_wait(session: Session, make_paper: MakePaper) -> None:
    add(session, make_paper, 901)
    asyncio.run(session.results.show_waiting())
    at(session, 0, 99)
    session.remove(["2611.00901"])
    assert "2611.00901" not in session.results.ids
    session.deeds.undo()
    asyncio.run(session.results.refresh())
    assert ("2611.00901" in session.results.ids, session.results.waiting) == (True, 0)


def test_a_paper_that_undo_makes_unread_again_does_not_wait(session: Session) -> None:
    session.results.show(UNREAD)
    asyncio.run(session.results.find())
    first = session.results.ids[0]
    session.marks.mark([first], "read", read=True)
    asyncio.run(session.results.find())  # as when the view is left and shown again
    assert first not in session.results.ids
    at(session, 0, 99)
    heard = changes_of(session)
    session.deeds.undo()
    assert any(changed.back for changed in heard), "the list looks again"
    asyncio.run(session.results.refresh())
    assert (first in session.results.ids, session.results.waiting) == (True, 0)


def test_papers_that_two_undos_bring_back_at_once_do_not_wait(session: Session) -> None:
    """The second undo forgot the paper of the first, which then counted as arrived."""
    first, second = session.results.ids[:2]
    for paper_id in (first, second):
        session.marks.mark([paper_id], "hide", hidden=True)
    asyncio.run(session.results.find())
    at(session, 0, 99)
    session.deeds.undo()
    session.deeds.undo()
    asyncio.run(session.results.refresh())
    assert {first, second} <= set(session.results.ids)
    assert session.results.waiting == 0


def test_the_next_unread_paper_is_not_one_that_was_hidden_meanwhile(session: Session) -> None:
    """Its row stays until the list is found again, and `n` stopped there."""
    finder, results = session.finder, session.results
    session.marks.mark(results.ids[1:3], "hide", hidden=True)
    assert finder.next_unread(results.wanted, results.ids, 0, 1) == 3
    assert finder.next_unread(results.wanted, results.ids, 3, -1) == 0
    assert finder.next_unread(results.wanted._replace(view=ALL._replace(everything=True)), results.ids, 0, 1) == 1


def test_nothing_waits_above_the_cursor_before_the_first_key(session: Session, make_paper: MakePaper) -> None:
    session.results.untouched = True
    at(session, 0, 9)
    add(session, make_paper, 901)
    assert "2611.00901" in session.results.ids
    assert session.results.place == (None, 0)


@given(IDS, IDS, st.integers(0, 12), st.integers(0, 12))
def test_new_papers_move_nothing_in_sight(shown: list[str], found: list[str], first: int, rows: int) -> None:
    first = min(first, max(0, len(shown) - 1))
    merged = keep_in_place(shown, found)
    if shown and moves_nothing(shown, merged, Where(first, first + rows)):
        visible = shown[first : first + rows + 1]
        start = merged.index(visible[0])
        assert merged[start : start + len(visible)] == visible


@given(IDS, IDS)
def test_merging_loses_nothing_and_keeps_the_order_of_what_is_found(shown: list[str], found: list[str]) -> None:
    merged = keep_in_place(shown, found)
    assert sorted(merged) == sorted({*shown, *found})
    assert [paper for paper in merged if paper in found] == found
    arrivals = arrivals_of(shown, found)
    assert (arrivals is None) == (merged == shown)


class Lazy(Sequence[str]):
    """Ids that are made when they are asked for, as the index hands them out."""

    def __init__(self, ids: list[str]) -> None:
        self._ids = ids

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, place):  # type: ignore[no-untyped-def]
        return self._ids[place]


@given(IDS, st.integers(0, 12))
def test_a_paper_is_found_in_any_sequence(ids: list[str], near: int) -> None:
    for place, paper_id in enumerate(ids):
        assert place_of(Lazy(ids), paper_id, near) == place
    assert place_of(Lazy(ids), "elsewhere", near) is None
    assert place_of(Lazy(ids), None, near) is None


# What a key costs


def test_a_filter_key_and_a_star_read_no_ledger(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Coverage and days change when a fetch ends, and are not read in between."""
    session.results.show(session.views.day())
    asyncio.run(session.results.find())
    asyncio.run(session.counts.count())

    def forbidden(*_: object) -> None:
        raise AssertionError("the ledger was read")

    for name in ("day", "days", "newest", "sources"):
        monkeypatch.setattr(Ledger, name, forbidden)
    session.marks.toggle([session.results.ids[0]], "starred", ("star", "unstar"))
    session.results.set_filter("cats")
    asyncio.run(session.results.find())
    asyncio.run(session.counts.count())
    assert session.results.text == "cats"


def test_asking_for_each_row_whether_it_is_followed_parses_no_rule(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Painting asked for each row, and parsed every rule each time."""
    session.rules.toggle("keywords", "search", mute=False)
    session.rules.toggle("keywords", "hype", mute=True)
    assert not session.finder.is_followed(session.results.ids[0])

    def forbidden(*_: object) -> None:
        raise AssertionError("a rule was parsed")

    monkeypatch.setattr("paperdeck.storage.settings.rules.parse", forbidden)
    monkeypatch.setattr("paperdeck.storage.settings.rules.field_query", forbidden)
    assert not any(map(session.finder.is_followed, session.results.ids))


def test_after_one_deed_the_views_are_counted_at_once_and_after_several_once(session: Session) -> None:
    """The counts of the views followed `H` half a second late."""

    async def count_after_star(paper: str, seconds: float) -> int:
        session.marks.mark([paper], "star", starred=True)
        with suppress(TimeoutError):
            await asyncio.wait_for(session.counts.count(), seconds)
        return session.counts.papers.get(STARRED.key, 0)

    with patch("paperdeck.tui.model.counts.PAUSE_SECONDS", 60):
        for starred, paper in enumerate(("2611.00001", "2611.00002"), 1):
            assert asyncio.run(count_after_star(paper, 5)) == starred
        session.counts.pause = partial(asyncio.sleep, 60)  # more keys come
        assert asyncio.run(count_after_star("2611.00003", 0.01)) == 2
        session.counts.pause = at_once
        assert asyncio.run(count_after_star("2611.00004", 0.01)) == 2, "it waits for what else comes"
    with patch("paperdeck.tui.model.counts.PAUSE_SECONDS", 0):
        assert asyncio.run(count_after_star("2611.00005", 5)) == 5
