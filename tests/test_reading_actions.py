"""Full text, PDF and discussion of the paper under the cursor, from a Hub that may fail."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from storage.config import FileSettings, Places, Settings
from storage.errors import ActionFailed, Unreachable
from storage.fetch.fetcher import Fetcher
from storage.fetch.huggingface import Comment, Details, Repository
from storage.fetch.stored import StoredTexts, stored_text, text_folder
from storage.paper import Paper
from tests.app_tools import QUIET, eventually, reading, screen_text, settled
from tests.hub import FakeHub, item
from tui import opening
from tui.discussion import discussion_blocks
from tui.opening import open_file
from tui.reading import ReadingScreen
from tui.reading_actions import pdf_name, progress_words
from tui.symbols import ASCII, UNICODE

FIRST, SECOND = "2611.00002", "2611.00001"
TEXT = "# A Paper\n\n" + "\n\n".join(f"## Part {number}\n\n{'Many words. ' * 150}" for number in range(5))
PDF = b"%PDF-1.7\n" + b"x" * 700_000


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    """A Hub with two papers; nothing more is there of the second."""
    hub = FakeHub()
    hub.list_day(date(2026, 11, 20), item(FIRST, "First: A/B Paper", upvotes=5), item(SECOND, "Second", upvotes=1))
    hub.markdown[FIRST], hub.pdfs[FIRST] = TEXT, PDF
    hub.comments[FIRST] = [
        {
            "id": "c1",
            "type": "comment",
            "author": {"fullname": "Ada"},
            "createdAt": "2026-11-20T10:00:00.000Z",
            "data": {"latest": {"raw": "Well **done**, see https://note.example/1"}},
        }
    ]
    hub.start()
    yield hub
    hub.stop()


@pytest.fixture
def opened_files(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What is opened, in place of the programs for it."""
    files: list[Path] = []
    monkeypatch.setattr(opening, "open_file", files.append)
    return files


@pytest.fixture
def downloads(tmp_path: Path) -> Settings:
    """Settings with a folder for PDFs."""
    return Settings(reading=QUIET.reading, fetch=QUIET.fetch, files=FileSettings(downloads=str(tmp_path / "papers")))


# Full text


async def test_f_fetches_the_text_once_and_keeps_it(hub: FakeHub, places: Places) -> None:
    async with reading(places, hub=hub.url) as (app, pilot):
        await eventually(lambda: app.papers.current == FIRST)
        await settled(pilot)
        for _ in range(2):
            await pilot.press("f")
            await settled(pilot)
            assert isinstance(app.screen, ReadingScreen)
            assert "Many words." in screen_text(app)
            await pilot.press("q")
        assert len(hub.asked(".md")) == 1
        assert app.session.marks(FIRST).read


async def test_a_stored_text_can_be_searched_for(hub: FakeHub, places: Places) -> None:
    async with reading(places, hub=hub.url) as (app, pilot):
        await eventually(lambda: app.papers.current == FIRST)
        await settled(pilot)
        await pilot.press("f")
        await settled(pilot)
        await pilot.press("q")
        app.set_filter("has:fulltext")
        await settled(pilot)
        assert list(app.papers.ids) == [FIRST]


async def test_without_a_text_it_says_so_and_the_list_stays(hub: FakeHub, places: Places) -> None:
    async with reading(places, hub=hub.url) as (app, pilot):
        await eventually(lambda: app.papers.current == FIRST)
        await settled(pilot)
        await pilot.press("j", "f")
        await settled(pilot)
        assert app.screen is app.main_screen
        assert app.papers.current == SECOND
        assert "Neither the Hub nor arXiv has this paper as text" in screen_text(app)


async def test_who_has_gone_on_is_not_interrupted(hub: FakeHub, places: Places) -> None:
    gone_on = threading.Event()
    async with reading(places, hub=hub.url) as (app, pilot):
        await eventually(lambda: app.papers.current == FIRST)
        await settled(pilot)
        hub.on_request = lambda path: gone_on.wait(5)
        await pilot.press("f", "j")
        gone_on.set()
        await settled(pilot)
        assert app.screen is app.main_screen
        assert "is here; go back to it" in screen_text(app)


async def test_a_failing_source_is_told_in_one_sentence(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> str:
        raise Unreachable("Nobody answers.")

    monkeypatch.setattr(Fetcher, "full_text", fail)
    async with reading(places) as (app, pilot):
        await pilot.press("f")
        await settled(pilot)
        assert app.screen is app.main_screen
        assert (app.footline.message, app.footline.severe) == ("Nobody answers.", True)


# PDF


async def test_d_downloads_the_pdf_under_a_readable_name_and_opens_it(
    hub: FakeHub,
    places: Places,
    downloads: Settings,
    opened_files: list[Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    async with reading(places, downloads, hub=hub.url) as (app, pilot):
        await eventually(lambda: app.papers.current == FIRST)
        await settled(pilot)
        monkeypatch.setattr(app, "say", lambda message, **_: (said.append(message), app.footline.say(message)))
        await pilot.press("D")
        await settled(pilot)
        assert any("0.7 MB of 0.7 MB" in message for message in said)
        assert opened_files == [tmp_path / "papers" / f"{FIRST} First A B Paper.pdf"]
        assert opened_files[0].read_bytes() == PDF
        assert "Opened from" in screen_text(app)


async def test_where_nothing_opens_a_pdf_it_says_where_the_file_is(
    hub: FakeHub, places: Places, downloads: Settings
) -> None:
    async with reading(places, downloads, hub=hub.url) as (app, pilot):
        await eventually(lambda: app.papers.current == FIRST)
        await settled(pilot)
        await pilot.press("D")
        await settled(pilot)
        assert "Saved in" in app.footline.message
        assert "First A B Paper.pdf" in app.footline.message


async def test_a_download_that_fails_is_told_in_one_sentence(hub: FakeHub, places: Places, downloads: Settings) -> None:
    async with reading(places, downloads, hub=hub.url) as (app, pilot):
        await eventually(lambda: app.papers.current == FIRST)
        await settled(pilot)
        await pilot.press("j", "D")
        await settled(pilot)
        assert app.footline.severe
        assert not app._downloading


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


def test_progress_is_told_in_megabytes() -> None:
    assert progress_words(500_000, 2_000_000, ASCII) == "#####--------------- 0.5 MB of 2.0 MB"
    assert progress_words(500_000, None, UNICODE) == "0.5 MB"
    assert progress_words(3, 2, ASCII).startswith("#" * 20 + " ")


def test_a_file_is_not_opened_where_nothing_can_show_it() -> None:
    with pytest.raises(ActionFailed):
        open_file(Path("x.pdf"), {"PATH": ""})


# Discussion


async def test_k_shows_comments_and_what_is_linked(hub: FakeHub, places: Places) -> None:
    async with reading(places, hub=hub.url) as (app, pilot):
        await eventually(lambda: app.papers.current == FIRST)
        await settled(pilot)
        await pilot.press("K")
        await settled(pilot)
        text = screen_text(app)
        assert all(words in text for words in ("1 comment", "Ada", "Well done", "1 of 9 models", "lab/model"))
        await pilot.press("o")
        assert "https://huggingface.co/lab/model" in screen_text(app)


async def test_a_paper_that_the_hub_does_not_know_has_no_discussion(hub: FakeHub, places: Places) -> None:
    async with reading(places, hub=hub.url) as (app, pilot):
        await eventually(lambda: app.papers.current == FIRST)
        await settled(pilot)
        hub.days.clear()
        await pilot.press("K")
        await settled(pilot)
        assert "does not know this paper" in screen_text(app)


def comment(name: str, parent: str | None = None) -> Comment:
    """A comment."""
    return Comment(id=name, author=f"Author {name}", text=f"```\nopen {name}", parent=parent)


def test_answers_stand_below_what_they_answer_even_in_a_circle() -> None:
    comments = [comment("a"), comment("b", "c"), comment("c", "b"), comment("d", "a"), comment("e", "gone")]
    blocks = discussion_blocks(Details(Paper(id="2611.00001")), comments, UNICODE)
    bylines = [(block.first, block.made[0].text) for block in blocks if block.made][1:]
    assert bylines == [("", "Author a"), ("│ ", "Author d"), ("", "Author e"), ("", "Author b"), ("│ ", "Author c")]


def test_a_comment_cannot_swallow_the_next_one() -> None:
    comments = [comment("a"), comment("b")]
    blocks = discussion_blocks(Details(Paper(id="2611.00001")), comments, UNICODE)
    assert [block.source for block in blocks if not block.made] == ["open a", "open b"]


def test_a_comment_has_its_day_and_its_reactions() -> None:
    said = Comment(
        id="a", author="Ada", text="x", written=datetime(2026, 11, 3, tzinfo=UTC), reactions=(("👍", 2), ("❤️", 1))
    )
    space = Repository("lab/demo", "https://huggingface.co/spaces/lab/demo", likes=1)
    blocks = discussion_blocks(Details(Paper(id="2611.00001"), spaces=(space,), totals=(0, 0, 1)), [said], UNICODE)
    texts = ["".join(piece.text for piece in block.pieces()) for block in blocks]
    assert texts == ["1 comment", "Ada  3 Nov 2026 · 👍 2 ❤️ 1", "x", "1 space on the Hub", "lab/demo  1 like"]


# Stored texts


def test_stored_texts_are_listed_by_id(places: Places) -> None:
    folder = text_folder(places)
    texts = StoredTexts(folder)
    assert texts.ids() == frozenset()
    folder.mkdir(parents=True)
    for name in ("2611.00001.md", "hep-th_9901001.md", "2611.00002.md.7.tmp", "notes.md"):
        (folder / name).write_text("x")
    assert texts.ids() == {"2611.00001", "hep-th/9901001"}
    (folder / "2611.00001.md").unlink()
    assert texts.ids() == {"hep-th/9901001"}
    assert stored_text(folder, "2611.00001") == ""
