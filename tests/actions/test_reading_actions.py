"""Full text and discussion of the paper under the cursor, from a Hub that may fail."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from paperdeck.storage.errors import Unreachable
from paperdeck.storage.fetch.fetcher import Fetcher
from paperdeck.storage.fetch.full_text import StoredTexts, stored_text, text_folder
from paperdeck.storage.fetch.hub.parser import Comment, Details, Repository
from paperdeck.storage.paper import Paper
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.look.text import UNICODE
from paperdeck.tui.reading.discussion import discussion_blocks
from paperdeck.tui.reading.screen import ReadingScreen
from tests.support.app_tools import eventually, reading, screen_text, settled
from tests.support.hub import FakeHub, item

FIRST, SECOND = "2611.00002", "2611.00001"
TEXT = "# A Paper\n\n" + "\n\n".join(f"## Part {number}\n\n{'Many words. ' * 150}" for number in range(5))


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    """A Hub with two papers; it has nothing more of the second."""
    hub = FakeHub()
    hub.list_day(date(2026, 11, 20), item(FIRST, "First: A/B Paper", upvotes=5), item(SECOND, "Second", upvotes=1))
    hub.markdown[FIRST] = TEXT
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


# Full text


async def test_f_fetches_the_text_once_and_keeps_it(hub: FakeHub, places: Places) -> None:
    async with reading(places, hub=hub.url) as (app, pilot):
        await eventually(lambda: app.main.papers.current == FIRST)
        await settled(pilot)
        for _ in range(2):
            await pilot.press("f")
            await settled(pilot)
            assert isinstance(app.screen, ReadingScreen)
            assert "Many words." in screen_text(app)
            await pilot.press("q")
        assert len(hub.asked(".md")) == 1
        assert app.session.marks.of(FIRST).read


async def test_a_stored_text_can_be_searched_for(hub: FakeHub, places: Places) -> None:
    async with reading(places, hub=hub.url) as (app, pilot):
        await eventually(lambda: app.main.papers.current == FIRST)
        await settled(pilot)
        await pilot.press("f")
        await settled(pilot)
        await pilot.press("q")
        app.session.results.set_filter("has:fulltext")
        await settled(pilot)
        assert list(app.main.papers.ids) == [FIRST]


async def test_without_a_text_it_says_so_and_the_list_stays(hub: FakeHub, places: Places) -> None:
    async with reading(places, hub=hub.url) as (app, pilot):
        await eventually(lambda: app.main.papers.current == FIRST)
        await settled(pilot)
        await pilot.press("j", "f")
        await settled(pilot)
        assert app.screen is app.main
        assert app.main.papers.current == SECOND
        assert "Could not fetch the text: neither the Hub nor arXiv has it" in screen_text(app)


async def test_a_reader_who_has_gone_on_is_not_interrupted(hub: FakeHub, places: Places) -> None:
    gone_on = threading.Event()
    async with reading(places, hub=hub.url) as (app, pilot):
        await eventually(lambda: app.main.papers.current == FIRST)
        await settled(pilot)
        hub.on_request = lambda path: gone_on.wait(5)
        await pilot.press("f", "j")
        gone_on.set()
        await settled(pilot)
        assert app.screen is app.main
        assert "has arrived; go back to it" in screen_text(app)


async def test_a_failing_source_is_reported_in_one_sentence(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object, **__: object) -> str:
        raise Unreachable("Nobody answers.")

    monkeypatch.setattr(Fetcher, "full_text", fail)
    async with reading(places) as (app, pilot):
        await pilot.press("f")
        await settled(pilot)
        assert app.screen is app.main
        assert (app.main.footline.message, app.main.footline.severe) == ("Nobody answers.", True)


async def test_a_silent_hub_is_reported_and_escape_stops_the_waiting(hub: FakeHub, places: Places) -> None:
    async with reading(places, hub=hub.url) as (app, pilot):
        await eventually(lambda: app.main.papers.current == FIRST)
        await settled(pilot)
        hub.always = "hang"
        await pilot.press("f")
        await eventually(lambda: "Waiting for the text" in app.main.footline.waiting)
        assert "stops" in screen_text(app)
        await pilot.press("escape")
        await settled(pilot)
        assert app.main.footline.message == "Stopped waiting for the text."
        assert app.main.headline.source_wait == ""


async def test_without_a_network_the_text_is_given_up_soon_in_one_sentence(hub: FakeHub, places: Places) -> None:
    async with reading(places, hub=hub.url) as (app, pilot):
        await eventually(lambda: app.main.papers.current == FIRST)
        await settled(pilot)
        hub.always = "reset"
        await pilot.press("f")
        await settled(pilot)
        assert app.screen is app.main
        assert app.main.footline.message.startswith("Could not fetch the text: the connection to 127.0.0.1")
        assert app.main.footline.message.count("127.0.0.1") == 1
        assert len(hub.asked(FIRST)) == 2, "one host stands for both sources here"


# Discussion


async def test_k_shows_comments_models_and_datasets(hub: FakeHub, places: Places) -> None:
    async with reading(places, hub=hub.url) as (app, pilot):
        await eventually(lambda: app.main.papers.current == FIRST)
        await settled(pilot)
        await pilot.press("K")
        await settled(pilot)
        text = screen_text(app)
        assert all(words in text for words in ("1 comment", "Ada", "Well done", "1 of 9 models", "lab/model"))
        await pilot.press("L")
        assert "https://huggingface.co/lab/model" in screen_text(app)


async def test_a_paper_that_the_hub_does_not_know_has_no_discussion(hub: FakeHub, places: Places) -> None:
    async with reading(places, hub=hub.url) as (app, pilot):
        await eventually(lambda: app.main.papers.current == FIRST)
        await settled(pilot)
        hub.days.clear()
        await pilot.press("K")
        await settled(pilot)
        assert "doesn't have this paper" in screen_text(app)
        app.session.library.add([Paper(id="local-undated-538992ee82a3", title="Imported")], "local")
        app.session.papers.take(["local-undated-538992ee82a3"])
        app.session.show_query("title:imported")
        for key in "Kf":  # it said “the Hub doesn't have it” of a paper that nobody could ask it for
            await settled(pilot)
            await pilot.press(key)
            await settled(pilot)
            assert "no arXiv id is known" in screen_text(app)
            assert "Importing its file again" in " ".join(screen_text(app).split())


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
