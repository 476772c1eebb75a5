"""What the filter box offers, without a screen: values of the library, true counts, earlier filters."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.model.completing import MAX_FILTERS, Completing, EarlierFilters
from paperdeck.tui.model.finder import ORDER_NAMES
from paperdeck.tui.model.session import Session
from paperdeck.tui.model.views import ALL
from tests.conftest import MakePaper
from tests.support.app_tools import QUIET, TODAY, fill


@pytest.fixture(autouse=True)
def no_pause() -> Iterator[None]:
    """Nobody types here."""
    with patch("paperdeck.tui.model.completing.PAUSE_SECONDS", 0):
        yield


@pytest.fixture
def session(places: Places, make_paper: MakePaper) -> Session:
    """Three papers of today, of which the first is starred and tagged, and one of the day before."""
    papers = [make_paper(n, authors=("Ada Lovelace",) if n < 3 else ("Alan Turing",)) for n in (1, 2, 3)]
    earlier = make_paper(4, authors=("Grace Hopper",), listed=TODAY.replace(day=19))
    library = fill(places, [*papers, earlier])
    library.mark(["2611.00001"], starred=True, add_tags=["thesis"])
    session = Session(Library(places), QUIET, places, today=TODAY)
    session.open_first_view()
    session.load()
    return session


def offered(session: Session, text: str, cursor: int | None = None) -> list[tuple[str, int | None]]:
    """What is offered for a text, with what each would find, after all was looked up."""
    completing = session.completing
    completing.typed(text, len(text) if cursor is None else cursor)
    if completing.wants_more:
        asyncio.run(completing.look_up())
    return [(offer.text, completing.count_of(offer)) for offer in completing.offers]


def test_states_are_offered_with_how_many_papers_the_list_would_have(session: Session) -> None:
    session.results.show(ALL)
    counts = dict(offered(session, "is:"))
    assert (counts["is:starred"], counts["is:unread"], counts["is:hidden"]) == (1, 4, 0)
    assert dict(offered(session, "author:ada is:"))["is:unread"] == 2


def test_what_was_closed_stays_closed(session: Session) -> None:
    completing = session.completing
    assert offered(session, "author:ada")
    completing.close()
    completing.forget()  # the list changed
    assert not completing.wants_more, "looking up would show the completions again, over the list"

    async def closed_meanwhile() -> None:
        completing.typed("author:alan", len("author:alan"))
        looking = asyncio.create_task(completing.look_up())
        await asyncio.sleep(0)
        completing.close()
        await looking

    asyncio.run(closed_meanwhile())
    assert not completing.offers


def test_values_come_from_the_list_or_else_from_the_library(session: Session) -> None:
    assert offered(session, "author:") == [('author:"Ada Lovelace"', 2), ('author:"Alan Turing"', 1)]
    assert offered(session, "is:starred author:") == [('author:"Ada Lovelace"', 1)]
    assert offered(session, "author:hop") == [('author:"Grace Hopper"', 0)]
    assert offered(session, "tag:the") == [("tag:thesis", 1)]
    assert offered(session, "tag:zz") == []


def test_values_that_are_known_are_narrowed_at_once(session: Session) -> None:
    offered(session, "author:")
    session.completing.typed("author:tur", len("author:tur"))
    assert [offer.text for offer in session.completing.offers] == ['author:"Alan Turing"']


def test_what_was_counted_is_counted_again_after_a_change(session: Session) -> None:
    assert dict(offered(session, "is:s"))["is:starred"] == 1
    session.marks.mark(["2611.00002"], "star", starred=True)
    assert dict(offered(session, "is:s"))["is:starred"] == 2


def test_a_name_in_quotation_marks_is_completed_at_each_letter(session: Session) -> None:
    assert offered(session, 'author:"Ada L') == [('author:"Ada Lovelace"', 2)]
    assert offered(session, 'is:starred (-author:"Ada L') == [('author:"Ada Lovelace"', None)]
    assert offered(session, 'is:starred author:"Grace H')[0][0] == 'author:"Grace Hopper"'


@pytest.mark.parametrize(("text", "count"), [("a", 0), ("cats a", 0), ("au", 1), ("is:unread", 0), ("cats is:unr", 1)])
def test_a_word_is_a_word_until_it_may_be_a_field(session: Session, text: str, count: int) -> None:
    assert len(offered(session, text)) == count


def test_a_completion_takes_the_place_of_the_word_and_the_rest_stays(session: Session) -> None:
    completing = session.completing
    offered(session, "is:st cats", 5)
    assert completing.take() == ("is:starred cats", 10)
    offered(session, "cats is:st")
    assert completing.take() == ("cats is:starred ", 16)
    offered(session, "cats au")
    assert completing.take() == ("cats author:", 12)


def test_the_offers_are_gone_through_and_back_to_none(session: Session) -> None:
    completing = session.completing
    offered(session, "has:")
    completing.move(1)
    completing.move(1)
    assert completing.take() == (f"{completing.offers[1].text} ", len(completing.offers[1].text) + 1)
    completing.move(-1)
    completing.move(-1)
    assert completing.chosen is None
    assert completing.close()
    assert (completing.take(), completing.close()) == (None, False)


def test_each_order_says_what_it_sorts_by(session: Session) -> None:
    offered(session, "sort:ri")
    assert [(offer.text, offer.about) for offer in session.completing.offers] == [
        ("sort:rising", ORDER_NAMES["rising"])
    ]


@given(st.text(max_size=12), st.integers(0, 12))
def test_whatever_is_typed_is_taken(text: str, cursor: int) -> None:
    completing = Completing.__new__(Completing)
    completing.offers, completing.chosen, completing.counts = (), None, {}
    completing._values, completing._publish = {}, lambda _: None
    completing.typed(text, min(cursor, len(text)))
    taken = completing.take()
    assert taken is None or taken[0].endswith(text[min(cursor, len(text)) :])


# Earlier filters


@pytest.fixture
def earlier(tmp_path: Path) -> EarlierFilters:
    """Three filters were used, the second twice."""
    filters = EarlierFilters(tmp_path / "filters.json")
    for used in ("cats", "is:unread", "dogs ", "is:unread"):
        filters.use(used)
        filters.save()
    return EarlierFilters(tmp_path / "filters.json")


def test_filters_come_back_the_newest_first_and_then_what_was_typed(earlier: EarlierFilters) -> None:
    seen, text = [], "birds"
    for step in (-1, -1, -1, -1, 1, 1, 1, 1):
        found = earlier.step(step, text)
        seen.append(found)
        text = text if found is None else found
    assert seen == ["is:unread", "dogs", "cats", None, "dogs", "is:unread", "birds", None]


def test_a_recalled_filter_that_is_changed_is_what_was_typed(earlier: EarlierFilters) -> None:
    assert earlier.step(-1, "") == "is:unread"
    assert earlier.is_recalled("is:unread")
    assert not earlier.is_recalled("is:unread c")
    assert earlier.step(-1, "is:unread c") == "is:unread"
    assert earlier.step(1, "is:unread") == "is:unread c"


def test_the_oldest_are_forgotten_and_a_damaged_file_is_harmless(tmp_path: Path) -> None:
    filters = EarlierFilters(tmp_path / "filters.json")
    for number in range(MAX_FILTERS + 5):
        filters.use(f"word{number}")
        filters.save()
    text = ""
    while (found := filters.step(-1, text)) is not None:
        text = found
    assert text == "word5"
    (tmp_path / "filters.json").write_text('{"filters": [1, {}]}', encoding="utf-8")
    assert EarlierFilters(tmp_path / "filters.json").step(-1, "") is None


def test_a_used_filter_comes_back_before_it_is_saved(earlier: EarlierFilters) -> None:
    earlier.use(" agents ")
    assert earlier.step(-1, "") == "agents"
