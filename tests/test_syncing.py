"""What a fetch brings is shown about a second after it arrived, even if the fetch goes no further."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

import pytest

from paperdeck.storage.errors import StoreError
from paperdeck.storage.fetch.endpoints import Endpoints
from paperdeck.storage.fetch.run import Progress
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Paper
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.background.running import Idle
from paperdeck.tui.background.syncing import Syncing, outcome
from paperdeck.tui.model.session import Session
from paperdeck.tui.model.status import STOPPING
from paperdeck.tui.run import Tell
from tests.conftest import MakePaper
from tests.support.app_tools import QUIET, TODAY, eventually


class StuckFetcher:
    """Brings a day without papers, one with a paper, and then nothing more."""

    def __init__(self, library: Library, paper: Paper) -> None:
        self._library, self._paper = library, paper
        self.stuck = asyncio.Event()

    async def refresh(self, _days: int, *, force: bool) -> AsyncGenerator[Progress, None]:
        """Fetch the last few days."""
        assert not force
        yield Progress(source="hf", label="Sun 15 Nov", done=1, total=3)
        self._library.add([self._paper], "hf")
        yield Progress(source="hf", label="Fri 20 Nov", done=2, total=3, new=(self._paper.id,))
        self.stuck.set()
        await asyncio.Event().wait()


@pytest.fixture
def session(places: Places) -> Session:
    """A session of an empty library."""
    session = Session(Library(places), QUIET, places, today=TODAY)
    session.open_first_view()
    session.load()
    return session


@pytest.mark.parametrize("seconds", [0.05, 60.0])
async def test_what_arrived_is_shown_while_a_fetch_hangs_or_when_it_is_stopped(
    session: Session, make_paper: MakePaper, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    monkeypatch.setattr("paperdeck.tui.background.syncing.SHOW_SECONDS", seconds)
    fetcher = StuckFetcher(session.library, make_paper(1))
    syncing = Syncing(session, Endpoints(), Idle().wait, lambda _: None)
    monkeypatch.setattr(syncing, "fetcher", lambda: asyncio.sleep(0, fetcher))
    assert session.papers.shelf
    fetch = asyncio.create_task(syncing.refresh(asked=False))
    await fetcher.stuck.wait()
    if seconds < 1:
        await eventually(lambda: session.papers.past_shelf == 1)
    fetch.cancel()
    with suppress(asyncio.CancelledError):
        await fetch
    assert session.papers.past_shelf == 1
    session.papers.close()


async def test_a_stopped_fetch_says_so_until_all_that_arrived_is_stored(
    session: Session, make_paper: MakePaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For seconds, the top line went on with “fetching 2026-09 · 64 of 537”."""
    monkeypatch.setattr("paperdeck.tui.background.syncing.SHOW_SECONDS", 60.0)
    fetcher = StuckFetcher(session.library, make_paper(1))
    syncing = Syncing(session, Endpoints(), Idle().wait, lambda _: None)
    monkeypatch.setattr(syncing, "fetcher", lambda: asyncio.sleep(0, fetcher))
    syncing.stopping()
    assert session.status.progress == "", "nothing is fetched yet"
    fetch = asyncio.create_task(syncing.refresh(asked=False))
    await fetcher.stuck.wait()
    said = list[str]()
    session.publisher.listen(lambda _: said.append(session.status.progress))
    syncing.stopping()
    fetch.cancel()
    with suppress(asyncio.CancelledError):
        await fetch
    assert session.papers.past_shelf == 1
    assert list(dict.fromkeys(said)) == [STOPPING, ""]
    session.papers.close()


async def test_what_could_not_be_indexed_is_tried_again(
    session: Session, make_paper: MakePaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("paperdeck.tui.background.syncing.SHOW_SECONDS", 0.05)
    fetcher = StuckFetcher(session.library, make_paper(1))
    syncing = Syncing(session, Endpoints(), Idle().wait, lambda _: None)
    monkeypatch.setattr(syncing, "fetcher", lambda: asyncio.sleep(0, fetcher))
    take, failed = session.papers.take, asyncio.Event()
    loop = asyncio.get_running_loop()

    def fail(_ids: object) -> None:
        loop.call_soon_threadsafe(failed.set)
        raise StoreError("The index can't be written.")

    monkeypatch.setattr(session.papers, "take", fail)
    fetch = asyncio.create_task(syncing.refresh(asked=False))
    await failed.wait()
    monkeypatch.setattr(session.papers, "take", take)
    fetch.cancel()
    with suppress(asyncio.CancelledError):
        await fetch
    assert session.papers.past_shelf == 1
    session.papers.close()


async def test_a_fetch_that_is_asked_for_comes_after_the_one_that_runs(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was refused as “Already fetching”, while only starred papers were asked about."""
    begun = list[bool]()
    goes_on = asyncio.Event()

    class Slow:
        async def refresh(self, _days: int, *, force: bool) -> AsyncGenerator[Progress, None]:
            begun.append(force)
            await goes_on.wait()
            yield Progress(source="hf", label="starred papers")

    posted = list[object]()
    syncing = Syncing(session, Endpoints(), Idle().wait, posted.append)
    monkeypatch.setattr(syncing, "fetcher", lambda: asyncio.sleep(0, Slow()))
    first = asyncio.create_task(syncing.refresh(asked=False))
    await eventually(lambda: begun)
    second = asyncio.create_task(syncing.refresh(asked=True))
    await asyncio.sleep(0)
    assert (begun, syncing.busy, syncing.asked) == ([False], True, True)
    goes_on.set()
    await asyncio.gather(first, second)
    assert (begun, syncing.busy, syncing.asked) == ([False, True], False, False)
    assert [said.sentence for said in posted if isinstance(said, Tell)][-1] == "Up to date: no more papers arrived."
    session.papers.close()


@pytest.mark.parametrize(
    ("waiting", "said"),
    [
        (0, "Up to date: 21 papers arrived."),
        (7, "Up to date: 21 papers arrived; {show-new} shows 7 of them."),
        (30, "Up to date: 30 papers arrived; {show-new} shows them."),
    ],
)
def test_what_arrived_and_what_waits_for_the_list_are_told_apart(waiting: int, said: str) -> None:
    assert outcome(21, waiting) == said
