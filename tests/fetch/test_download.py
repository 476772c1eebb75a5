"""Downloads that are stopped, cut off or refused by the disk: nothing broken is left, and what came is of use."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from paperdeck.storage.errors import StoreError
from paperdeck.storage.fetch.endpoints import Endpoints
from paperdeck.storage.fetch.fetcher import Fetcher
from paperdeck.storage.fetch.http.client import HttpClient
from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import Places
from tests.fetch.test_http import FakeTime
from tests.support.hub import FakeHub

PAPER = "2611.00001"
PDF = b"%PDF-1.4\n" + bytes(range(256)) * 4000


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    hub = FakeHub()
    hub.pdfs[PAPER] = PDF
    yield hub.start()
    hub.stop()


@pytest.fixture
async def fetcher(hub: FakeHub, places: Places) -> AsyncIterator[Fetcher]:
    client = HttpClient(timing=FakeTime().timing)
    fetcher = Fetcher(Library(places), Endpoints(hub=hub.url, arxiv=hub.url), client=client)
    yield fetcher
    await fetcher.close()


async def test_what_is_stopped_keeps_what_came_and_goes_on_from_there(
    fetcher: Fetcher, hub: FakeHub, tmp_path: Path
) -> None:
    hub.faults = ["stall"]
    half_is_there = asyncio.Event()

    def told(done: int, total: int | None) -> None:
        if done > len(PDF) // 4:
            half_is_there.set()

    task = asyncio.create_task(fetcher.pdf(PAPER, tmp_path, told))
    await half_is_there.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    there = (tmp_path / f"{PAPER}.pdf.part").stat().st_size
    assert PDF[:there] == (tmp_path / f"{PAPER}.pdf.part").read_bytes()
    assert (await fetcher.pdf(PAPER, tmp_path)).read_bytes() == PDF
    assert [status for _, status in hub.log] == [200, 206]


async def test_a_connection_that_breaks_costs_nothing_of_what_came(
    fetcher: Fetcher, hub: FakeHub, tmp_path: Path
) -> None:
    hub.faults = ["cut"]
    assert (await fetcher.pdf(PAPER, tmp_path)).read_bytes() == PDF
    assert [status for _, status in hub.log] == [200, 206]


async def test_a_folder_that_cannot_be_written_is_told_with_a_way_out(fetcher: Fetcher, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="choose another folder"):
        await fetcher.pdf(PAPER, tmp_path / "file" / "papers")


async def test_after_a_full_disk_the_download_can_be_had(
    fetcher: Fetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("paperdeck.storage.fetch.http.download._Part.append", full)
        with pytest.raises(StoreError, match="No space left on device"):
            await fetcher.pdf(PAPER, tmp_path)
    assert not (tmp_path / f"{PAPER}.pdf").exists()
    assert (await fetcher.pdf(PAPER, tmp_path)).read_bytes() == PDF
