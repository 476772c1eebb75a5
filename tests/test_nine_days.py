"""Nine days away: what arrived meanwhile, its count, ten minutes of triage, one key for the rest, and undo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest

from paperdeck.storage.files.small import remember
from paperdeck.storage.library.library import DayRecord, DayState, Library
from paperdeck.storage.paper import Paper
from paperdeck.storage.settings.settings import Places
from tests.support.app_tools import TODAY, eventually, reading, screen_lines, settled
from tests.support.dialog_app import lines_of
from tests.support.hub import FakeHub, item

LEFT = TODAY - timedelta(9)
OLD = "2611.09001"


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    """Two papers on each of the nine days, and one of the day on which the reader left."""
    hub = FakeHub(TODAY)
    hub.list_day(LEFT, item(OLD, "Read Long Ago"))
    for day in range(9):
        ids = (f"2611.{100 * day + number:05}" for number in (1, 2))
        hub.list_day(TODAY - timedelta(day), *(item(paper_id, f"Meanwhile {paper_id}") for paper_id in ids))
    hub.start()
    yield hub
    hub.stop()


@pytest.fixture
def left(places: Places) -> Places:
    """A library as the reader left it nine days ago, after the first visit."""
    library = Library(places, clock=lambda: datetime.combine(LEFT, time(18, 30), UTC).timestamp())
    library.record_follow_starts({"hf": LEFT})
    at = f"{LEFT}T18:30:00+00:00"
    library.add([Paper(id=OLD, title="Read Long Ago", listed=LEFT)], "hf")
    library.ledger.record(DayRecord(source="hf", day=LEFT, state=DayState.COMPLETE, fetched_at=at, ids=(OLD,)))
    remember(places.visits, "at", at)
    return places


async def test_after_nine_days_what_arrived_is_shown_and_cleared_with_one_key(left: Places, hub: FakeHub) -> None:
    """The 141 papers of nine days had no place."""
    async with reading(left, hub=hub.url) as (app, pilot):
        session = app.session
        await eventually(lambda: session.results.view.key == "visit" and len(session.results.ids) == 18)
        await settled(pilot)
        top = screen_lines(app)[0]
        assert f"Since your last visit, {LEFT:%a} {LEFT.day} {LEFT:%b}" in top
        assert "18 papers · 18 unread" in top
        assert "H mark all read" in screen_lines(app)[-1]
        assert OLD not in session.results.ids
        # another window stars one and reads another, while this one is in use
        other = Library(left)
        other.mark([session.results.ids[5]], starred=True)
        other.mark([session.results.ids[6]], read=True)
        await pilot.press("j", "s", "j", "m", "j", "x")
        await eventually(lambda: session.marks.of(session.results.ids[6]).read)
        triaged = {session.results.ids[2], session.results.ids[6]}
        await pilot.press("H")
        marks = session.marks.of
        await eventually(lambda: all(marks(paper).read or marks(paper).hidden for paper in session.results.ids))
        await settled(pilot)
        assert app.main.footline.message.startswith("Marked 15 papers in “Since last visit” as read"), "as the top line"
        await eventually(lambda: "unread" not in screen_lines(app)[0])  # the other window's marks come within a second
        await pilot.press("u")
        await eventually(lambda: "Undid" in app.main.footline.message)
        assert "mark read · 15 papers in “Since last visit”" in app.main.footline.message
        read = {paper_id for paper_id in session.results.ids if session.marks.of(paper_id).read}
        assert read == triaged, "undo takes back this deed alone"
        await pilot.press("3")
        await eventually(lambda: "0 since last visit" in screen_lines(app)[-1])
        await pilot.press("0")
        await settled(pilot)
        assert len(session.results.ids) == 17, "without the one that was hidden"
        assert [session.views.showing(key) for key in ("visit", "all", "no view")] == ["view-visit", "view-3", ""]
        await pilot.press("ctrl+p")
        await settled(pilot)
        offered = [line for line in lines_of(app) if line.endswith("  view")]
        assert offered[:2] == ["0  Since last visit  view", "1  Today  view"], "each with the key that shows it"


async def test_the_list_is_cleared_while_a_fetch_goes_on(left: Places, hub: FakeHub) -> None:
    async with reading(left, hub=hub.url) as (app, pilot):
        session = app.session
        await eventually(lambda: session.results.view.key == "visit" and len(session.results.ids) == 18)
        await settled(pilot)
        hub.list_day(TODAY, *hub.days[TODAY], item("2611.00003", "Late"))
        hub.always = "hang"
        await pilot.press("r")
        await eventually(lambda: session.status.progress)
        assert "18 unread" in screen_lines(app)[0]
        await pilot.press("H")
        await eventually(lambda: all(session.marks.of(paper_id).read for paper_id in session.results.ids))
        await pilot.press("ctrl+x")
        hub.always = ""
        await settled(pilot)
        await pilot.press("r")
        await settled(pilot)
        assert not session.marks.of("2611.00003").read, "what came later is not cleared with it"
        assert session.waiting or "2611.00003" in session.results.ids
