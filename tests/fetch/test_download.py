"""Downloads that are stopped, cut off or refused by the disk: nothing broken is left, and what arrived is used."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from paperdeck.storage.errors import PaperdeckError, SourceError, StoreError
from paperdeck.storage.fetch.endpoints import Endpoints
from paperdeck.storage.fetch.fetcher import Fetcher
from paperdeck.storage.fetch.http import download
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


async def test_what_is_stopped_keeps_what_arrived_and_goes_on_from_there(
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


async def test_a_connection_that_breaks_costs_nothing_that_has_arrived(
    fetcher: Fetcher, hub: FakeHub, tmp_path: Path
) -> None:
    hub.faults = ["cut"]
    assert (await fetcher.pdf(PAPER, tmp_path)).read_bytes() == PDF
    assert [status for _, status in hub.log] == [200, 206]


async def test_a_folder_that_cannot_be_written_is_reported_with_a_remedy(fetcher: Fetcher, tmp_path: Path) -> None:
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


# -- what is refused -----------------------------------------------------------------------------------------------


def left(folder: Path) -> list[str]:
    """The files of downloads in a folder."""
    return sorted(file.name for file in folder.iterdir() if file.is_file())


@pytest.mark.parametrize(
    "body",
    [b"<html>Please log in</html>" * 100, b"<html>%PDF-</html>" * 100, b" %PDF-1.4", b"", b"%PD"],
    ids=["html", "html-with-magic", "not-at-the-start", "empty", "half-a-magic"],
)
async def test_only_what_begins_as_a_pdf_is_kept(fetcher: Fetcher, hub: FakeHub, tmp_path: Path, body: bytes) -> None:
    hub.pdfs[PAPER] = body
    with pytest.raises(SourceError, match="not a PDF"):
        await fetcher.pdf(PAPER, tmp_path)
    assert left(tmp_path) == []
    assert len(hub.log) <= 2, "asking more often does not make it one"


async def test_too_large_is_seen_at_the_header(
    fetcher: Fetcher, hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not a byte of the body is stored."""
    monkeypatch.setattr(download, "LARGEST_PDF_BYTES", len(PDF) - 1)
    told: list[int] = []
    with pytest.raises(SourceError, match="more than"):
        await fetcher.pdf(PAPER, tmp_path, lambda done, total: told.append(done))
    assert (told, left(tmp_path), len(hub.log)) == ([], [], 1)


async def test_too_large_without_a_length_is_stopped_and_not_kept(
    fetcher: Fetcher, hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.lengths = False
    monkeypatch.setattr(download, "LARGEST_PDF_BYTES", len(PDF) - 1)
    with pytest.raises(SourceError, match="more than"):
        await fetcher.pdf(PAPER, tmp_path)
    assert left(tmp_path) == []


async def test_a_part_that_cannot_be_resumed_does_not_stay(fetcher: Fetcher, hub: FakeHub, tmp_path: Path) -> None:
    """Without an ETag or a date nobody knows what it is a part of."""
    hub.etags = False
    hub.always = "cut"
    with pytest.raises(SourceError, match="broke"):
        await fetcher.pdf(PAPER, tmp_path)
    assert left(tmp_path) == []


async def test_a_part_with_a_date_is_resumed(fetcher: Fetcher, hub: FakeHub, tmp_path: Path) -> None:
    hub.dates = True
    hub.etags = False
    hub.faults = ["cut"]
    assert (await fetcher.pdf(PAPER, tmp_path)).read_bytes() == PDF
    assert [status for _, status in hub.log] == [200, 206]
    assert left(tmp_path) == [f"{PAPER}.pdf"]


async def test_a_redirect_into_the_readers_network_is_refused(fetcher: Fetcher, hub: FakeHub, tmp_path: Path) -> None:
    hub.redirects[f"/pdf/{PAPER}"] = "https://127.0.0.1:1/secret.pdf"
    with pytest.raises(SourceError, match=r"redirects to https://127\.0\.0\.1, which is not safe"):
        await fetcher.pdf(PAPER, tmp_path)
    assert (left(tmp_path), len(hub.log)) == ([], 1)


async def test_a_failed_download_names_task_and_reason_and_takes_the_callers_remedy(
    places: Places, tmp_path: Path
) -> None:
    client = HttpClient(timing=FakeTime().timing)
    nobody = Fetcher(Library(places), Endpoints(arxiv="http://127.0.0.1:9"), client=client, arxiv_interval=0.0)
    with pytest.raises(SourceError) as caught:
        await nobody.pdf(PAPER, tmp_path / "Papers")
    assert not (tmp_path / "Papers").exists(), "a folder for nothing"
    sentence = caught.value.sentence(again="D tries again")
    assert sentence == "Could not download the PDF: no connection (127.0.0.1:9). D tries again."


async def test_two_downloads_of_one_file_do_not_mix(fetcher: Fetcher, hub: FakeHub, tmp_path: Path) -> None:
    hub.faults = ["stall"]
    begun = asyncio.Event()
    first = asyncio.create_task(fetcher.pdf(PAPER, tmp_path, lambda *now: begun.set()))
    await begun.wait()
    with pytest.raises(StoreError, match="already being downloaded"):
        await fetcher.pdf(PAPER, tmp_path)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert (await fetcher.pdf(PAPER, tmp_path)).read_bytes() == PDF


async def test_a_part_file_that_is_something_else_is_not_written_into(fetcher: Fetcher, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("mine")
    (tmp_path / f"{PAPER}.pdf.part").symlink_to(tmp_path / "other")
    with pytest.raises(StoreError, match="not saved"):
        await fetcher.pdf(PAPER, tmp_path)
    assert (tmp_path / "other").read_text() == "mine"


@pytest.mark.parametrize("kind", ["link", "pipe"])
async def test_what_is_in_place_of_the_validator_is_replaced_and_not_written_into(
    fetcher: Fetcher, hub: FakeHub, tmp_path: Path, kind: str
) -> None:
    """A shared folder of downloads: anybody can put a link there."""
    edition = tmp_path / f"{PAPER}.pdf.part.edition"
    (tmp_path / "other").write_text("mine")
    if kind == "link":
        edition.symlink_to(tmp_path / "other")
    else:
        os.mkfifo(edition)
    hub.faults = ["cut"]
    async with asyncio.timeout(20):
        assert (await fetcher.pdf(PAPER, tmp_path)).read_bytes() == PDF
    assert [status for _, status in hub.log] == [200, 206]
    assert (tmp_path / "other").read_text() == "mine"
    assert left(tmp_path) == [f"{PAPER}.pdf", "other"]


@pytest.mark.parametrize("content", ["secret of a link", "two\nlines", "\x1b[31m", ""])
async def test_only_a_validator_is_sent_to_the_source(
    fetcher: Fetcher, hub: FakeHub, tmp_path: Path, content: str
) -> None:
    (tmp_path / f"{PAPER}.pdf.part").write_bytes(PDF[:100])
    edition = tmp_path / f"{PAPER}.pdf.part.edition"
    if "link" in content:
        (tmp_path / "other").write_text(content)
        edition.symlink_to(tmp_path / "other")
    else:
        edition.write_text(content)
    assert (await fetcher.pdf(PAPER, tmp_path)).read_bytes() == PDF
    assert [headers.get("If-Range") for headers in hub.headers] == [None]


async def test_a_file_of_the_same_name_is_not_replaced(fetcher: Fetcher, hub: FakeHub, tmp_path: Path) -> None:
    (tmp_path / f"{PAPER}.pdf").write_text("mine")
    with pytest.raises(PaperdeckError, match=f"{PAPER}"):
        await fetcher.pdf(PAPER, tmp_path)
    assert (tmp_path / f"{PAPER}.pdf").read_text() == "mine"
    assert hub.log == []
