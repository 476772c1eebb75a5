"""`D`: how far a download is can be seen, one key stops it, and nothing broken is left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from paperdeck.storage.errors import ActionFailed
from paperdeck.storage.paper import Paper
from paperdeck.storage.settings.settings import FileSettings, Places, Settings
from paperdeck.tui import browser as opening
from paperdeck.tui.actions.download import Amount, downloads_in_words, pdf_name
from paperdeck.tui.browser import open_file
from paperdeck.tui.look.text import ASCII
from tests.support.app_tools import QUIET, eventually, reading, recording_opener, screen_text, settled
from tests.support.hub import FakeHub, item

FIRST, SECOND = "2611.00002", "2611.00001"
PDF = b"%PDF-1.7\n" + b"x" * 700_000


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    """A Hub with two papers; of the second there is no PDF."""
    hub = FakeHub()
    hub.list_day(date(2026, 11, 20), item(FIRST, "First: A/B Paper", upvotes=5), item(SECOND, "Second", upvotes=1))
    hub.pdfs[FIRST] = PDF
    yield hub.start()
    hub.stop()


@pytest.fixture
def opened_files(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What is opened, in place of the programs for it."""
    files: list[Path] = []
    monkeypatch.setattr(opening, "open_file", recording_opener(files))
    return files


@pytest.fixture
def downloads(tmp_path: Path) -> Settings:
    """Settings with a folder for PDFs."""
    return Settings(reading=QUIET.reading, fetch=QUIET.fetch, files=FileSettings(downloads=str(tmp_path / "papers")))


async def test_d_downloads_the_pdf_under_a_readable_name_and_opens_it(
    hub: FakeHub, places: Places, downloads: Settings, opened_files: list[Path], tmp_path: Path
) -> None:
    async with reading(places, downloads, hub=hub.url) as (app, pilot):
        await eventually(lambda: app.main.papers.current == FIRST)
        await settled(pilot)
        await pilot.press("D")
        await settled(pilot)
        assert opened_files == [tmp_path / "papers" / f"{FIRST} First A B Paper.pdf"]
        assert opened_files[0].read_bytes() == PDF
        assert "Opened from" in screen_text(app)
        assert app.main.headline.downloads == ""


async def test_a_download_shows_how_far_it_is_until_it_is_stopped_and_then_goes_on(
    hub: FakeHub, places: Places, downloads: Settings, opened_files: list[Path]
) -> None:
    async with reading(places, downloads, hub=hub.url) as (app, pilot):
        await eventually(lambda: app.main.papers.current == FIRST)
        await settled(pilot)
        hub.faults = ["stall"]
        await pilot.press("D")
        await eventually(lambda: "PDF: 0.3 of 0.7 MB" in screen_text(app))
        await pilot.press("D")
        assert "already" in app.main.footline.message
        await pilot.press("ctrl+x")
        await settled(pilot)
        assert app.main.footline.message == "Stopped downloading. D resumes it."
        assert app.main.headline.downloads == ""
        await pilot.press("D")
        await settled(pilot)
        assert opened_files[0].read_bytes() == PDF
        assert [status for path, status in hub.log if "/pdf/" in path] == [200, 206]


async def test_two_downloads_are_shown_as_one_and_stopped_with_one_key(
    hub: FakeHub, places: Places, downloads: Settings, tmp_path: Path
) -> None:
    hub.pdfs[SECOND] = PDF
    async with reading(places, downloads, hub=hub.url) as (app, pilot):
        await eventually(lambda: app.main.papers.current == FIRST)
        await settled(pilot)
        hub.always = "stall"
        await pilot.press("D", "j", "D")
        await eventually(lambda: "2 PDFs" in screen_text(app))
        await pilot.press("slash", "ctrl+x")  # in the filter box, where the key cuts only what is selected
        await settled(pilot)
        assert app.main.footline.message.startswith("Stopped downloading")
        assert not list((tmp_path / "papers").glob("*.pdf"))


async def test_quitting_during_a_download_leaves_no_broken_file(
    hub: FakeHub, places: Places, downloads: Settings, tmp_path: Path
) -> None:
    async with reading(places, downloads, hub=hub.url) as (app, pilot):
        await eventually(lambda: app.main.papers.current == FIRST)
        await settled(pilot)
        hub.faults = ["stall"]
        await pilot.press("D")
        await eventually(lambda: "PDF: 0.3 of" in app.main.headline.downloads)
        await pilot.press("q")
    [part] = (tmp_path / "papers").glob("*.part")
    assert part.read_bytes() == PDF[: len(part.read_bytes())]
    assert not list((tmp_path / "papers").glob("*.pdf"))


async def test_where_nothing_opens_a_pdf_it_says_where_the_file_is(
    hub: FakeHub, places: Places, downloads: Settings
) -> None:
    async with reading(places, downloads, hub=hub.url) as (app, pilot):
        await eventually(lambda: app.main.papers.current == FIRST)
        await settled(pilot)
        await pilot.press("D")
        await settled(pilot)
        assert "Saved in" in app.main.footline.message
        assert "First A B Paper.pdf" in app.main.footline.message


async def test_a_download_that_fails_is_reported_in_one_sentence(
    hub: FakeHub, places: Places, downloads: Settings
) -> None:
    async with reading(places, downloads, hub=hub.url) as (app, pilot):
        await eventually(lambda: app.main.papers.current == FIRST)
        await settled(pilot)
        await pilot.press("j", "D")
        await settled(pilot)
        assert app.main.footline.severe
        assert app.main.headline.downloads == ""


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("A: B/C? <D>", "2611.00001 A B C D"),
        ("On $O(n^2)$ ...", "2611.00001 On O(n²)"),
        ("", "2611.00001"),
        ("../../etc/passwd", "2611.00001 .. .. etc passwd"),
        ("x\x1b]0;y\x07\nz", "2611.00001 x z"),
    ],
)
def test_the_name_of_a_pdf_is_safe(title: str, name: str) -> None:
    assert pdf_name(Paper(id="2611.00001", title=title)) == name


def test_the_name_of_a_pdf_fits_into_every_file_system() -> None:
    name = pdf_name(Paper(id="hep-th/9901001", title="深" * 300))
    assert name.startswith("hep-th_9901001 深")
    assert len(f"{name}.pdf.part.etag".encode()) < 200


@pytest.mark.parametrize(
    ("amounts", "words"),
    [
        ([], ""),
        ([(0, None)], "PDF asked for"),
        ([(500_000, None)], "PDF: 0.5 MB"),
        ([(500_000, 2_000_000)], "PDF: 0.5 of 2.0 MB  ##--------"),
        ([(500_000, 2_000_000), (1_500_000, 2_000_000)], "2 PDFs: 2.0 of 4.0 MB  #####-----"),
        ([(500_000, 2_000_000), (0, None)], "2 PDFs: 0.5 MB"),
        ([(3, 2)], "PDF: 0.0 of 0.0 MB  ##########"),
    ],
)
def test_progress_is_shown_in_megabytes(amounts: list[Amount], words: str) -> None:
    assert downloads_in_words(amounts, ASCII._replace(complete="#", dot="-")) == words


def test_a_file_is_not_opened_where_nothing_can_show_it() -> None:
    with pytest.raises(ActionFailed):
        open_file(Path("x.pdf"), {"PATH": ""})
