"""Reading at length: keys in, the text on the screen out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from paperdeck.storage.fetch.full_text import text_file, text_folder
from paperdeck.storage.paper import Paper
from paperdeck.storage.settings.settings import LookSettings, Places, Settings
from paperdeck.tui import browser as opening
from paperdeck.tui.app import Reader
from paperdeck.tui.dialogs.picker import Picker
from paperdeck.tui.model.positions import BEGINNING, MOST, Place, Positions
from paperdeck.tui.reading.screen import ReadingScreen
from tests.conftest import MakePaper
from tests.support.app_tools import QUIET, fill, reading, recording_opener, screen_lines, screen_text, settled
from tests.support.torture import MARKUP, SEQUENCES

SECTIONS = "\n\n".join(
    f"## Section {number}\n\n" + f"Line about number{number} of the paper. " * 30 for number in range(1, 21)
)
LINKS = "See [the code](https://code.example/x) and [the data](https://data.example/y).\n\n"
PAPER = f"# The Paper\n\n{LINKS}{SECTIONS}\n\nThe very last words."

Open = Callable[..., AbstractAsyncContextManager[tuple[Reader, Pilot[None]]]]


@pytest.fixture
def opened(places: Places, make_paper: MakePaper) -> Open:
    """An app that shows the text of a paper: `async with opened(text) as (app, pilot)`."""

    @asynccontextmanager
    async def open_text(
        text: str = PAPER, settings: Settings = QUIET, size: tuple[int, int] = (100, 30)
    ) -> AsyncIterator[tuple[Reader, Pilot[None]]]:
        papers: list[Paper] = [make_paper(number) for number in (1, 2, 3)]
        fill(places, papers)
        text_folder(places).mkdir(parents=True, exist_ok=True)
        text_file(text_folder(places), "2611.00003").write_text(text, encoding="utf-8")
        async with reading(places, settings, size=size) as (app, pilot):
            await pilot.press("f")
            await settled(pilot)
            assert isinstance(app.screen, ReadingScreen)
            yield app, pilot

    return open_text


def screen_of(app: Reader) -> ReadingScreen:
    """The screen for reading."""
    assert isinstance(app.screen, ReadingScreen)
    return app.screen


def first_line(app: Reader) -> str:
    """The first line of text that is not empty."""
    text = screen_of(app).text
    return next(line for y in range(text.size.height) if (line := text.render_line(y).text.strip()))


async def test_a_stored_text_opens_without_a_network(opened: Open) -> None:
    async with opened() as (app, _):
        assert first_line(app) == "The Paper"
        assert "Line about number1 of" in screen_text(app)


async def test_going_back_returns_to_the_same_row(opened: Open) -> None:
    async with opened() as (app, pilot):
        row = app.main.papers.current
        await pilot.press("space", "q")
        assert (app.screen, app.main.papers.current) == (app.main, row)


async def test_keys_of_the_list_do_nothing_while_reading(opened: Open) -> None:
    async with opened() as (app, pilot):
        view = app.session.results.view
        await pilot.press("3", "v", "left_square_bracket", "tab", "j")
        assert app.session.results.view == view
        assert not app.main.papers.selection


async def test_the_end_is_reached_and_left(opened: Open) -> None:
    async with opened() as (app, pilot):
        await pilot.press("G")
        assert "The very last words." in screen_text(app)
        assert screen_of(app).head.percent == 100
        await pilot.press("g")
        assert first_line(app) == "The Paper"


async def test_the_wheel_scrolls(opened: Open) -> None:
    async with opened() as (app, pilot):
        screen_of(app).text.scroll_to(y=20, animate=False)
        await pilot.pause()
        assert screen_of(app).text.place != BEGINNING


async def test_the_top_line_names_the_section_and_the_percentage_read(opened: Open) -> None:
    async with opened() as (app, pilot):
        await pilot.press("C", *"section 7", "enter")
        await pilot.pause()
        assert first_line(app) == "Section 7"
        assert "Section 7" in screen_lines(app)[0]
        assert "%" in screen_lines(app)[0]


async def test_a_search_goes_from_match_to_match(opened: Open) -> None:
    async with opened() as (app, pilot):
        await pilot.press("slash", *"NUMBER7 OF", "enter")
        assert "number7 of" in screen_text(app)
        assert "Match 1 of 30" in screen_text(app)
        await pilot.press("n", "n")
        assert "Match 3 of 30" in screen_text(app)
        await pilot.press("N", "N", "N")
        assert "Match 30 of 30" in screen_text(app)


async def test_a_phrase_missing_from_the_text_is_reported(opened: Open) -> None:
    async with opened(settings=QUIET._replace(keys={"search-text": "f5"})) as (app, pilot):
        await pilot.press("f5", *"unicorn", "enter")
        assert "“unicorn” is not in the text" in screen_text(app)
        await pilot.press("n")
        assert "Nothing to repeat; f5 searches." in screen_text(app), "the reader's own key"


async def test_a_phrase_is_found_across_a_line_break(opened: Open) -> None:
    async with opened() as (app, _):
        assert screen_of(app).text.search("paper. line about") == 20 * 29


async def test_escape_closes_the_search_before_the_text(opened: Open) -> None:
    async with opened() as (app, pilot):
        await pilot.press("slash", "a", "escape")
        assert isinstance(app.screen, ReadingScreen)
        await pilot.press("escape")
        assert app.screen is app.main


@pytest.mark.parametrize("word", ["unicorn", "line"])
async def test_escape_ends_a_finished_search_before_it_leaves_the_text(opened: Open, word: str) -> None:
    async with opened() as (app, pilot):
        await pilot.press("slash", *word, "enter", "escape")
        assert screen_of(app).text.phrase == ""
        await pilot.press("escape")
        assert app.screen is app.main


async def test_the_top_line_says_where_the_reader_is_and_how_much_time_is_left(opened: Open) -> None:
    async with opened() as (app, pilot):
        await pilot.press("G", "ctrl+u")
        await settled(pilot)
        top = screen_lines(app)[0]
        assert screen_of(app).head.section in top
        assert f"{screen_of(app).head.percent} %" in top
        assert screen_of(app).head.section
        await pilot.press("g")
        await settled(pilot)
        assert "min left" in screen_lines(app)[0]


async def test_links_on_the_screen_are_opened_by_letters(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    links: list[str] = []
    monkeypatch.setattr(opening, "open_link", recording_opener(links))
    async with opened() as (app, pilot):
        await pilot.press("L")
        assert "https://data.example/y" in screen_text(app)
        await pilot.press("b")
        await settled(pilot)
        assert links == ["https://data.example/y"]
        assert "Opened https://data.example/y" in screen_text(app)


async def test_a_link_is_opened_by_a_click(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    links: list[str] = []
    monkeypatch.setattr(opening, "open_link", recording_opener(links))
    async with opened() as (app, pilot):
        line = next(y for y, text in enumerate(screen_lines(app)) if "the code" in text)
        await pilot.click(offset=(screen_lines(app)[line].index("the code") + 3, line))
        await pilot.click(offset=(screen_lines(app)[line].index(" and "), line))
        await settled(pilot)
        assert links == ["https://code.example/x"]


async def test_where_there_is_no_link_it_says_so(opened: Open) -> None:
    async with opened() as (app, pilot):
        await pilot.press("G", "L")
        assert "no link on the screen" in screen_text(app)


@pytest.mark.parametrize(
    ("keys", "marks", "said"),
    [
        ("s", {"starred": True}, "Starred."),
        ("x", {"hidden": True}, "Hidden,"),
        ("t o w n enter", {"tags": {"own"}}, "Tagged own."),
        ("t o w n enter t o w n enter", {"tags": set()}, "Removed the tag own."),
        ("e h i escape", {"note": "hi"}, "Note saved."),
        ("e h i escape e ctrl+u escape", {"note": ""}, "Note removed."),
    ],
)
async def test_actions_on_the_paper_work_in_its_text_and_say_so(
    opened: Open, keys: str, marks: dict[str, object], said: str
) -> None:
    """The text was a dead end. Nothing else on the screen shows tags and notes."""
    async with opened() as (app, pilot):
        await pilot.press(*keys.split())
        await settled(pilot)
        assert isinstance(app.screen, ReadingScreen)
        found = app.session.marks.of("2611.00003")
        assert {name: getattr(found, name) for name in marks} == marks
        assert said in screen_lines(app)[-1]


async def test_the_keys_are_shown_and_run(opened: Open) -> None:
    async with opened() as (app, pilot):
        await pilot.press("question_mark")
        assert isinstance(app.screen, Picker)
        await pilot.press(*"go to the end", "enter")
        await pilot.pause()
        assert "The very last words." in screen_text(app)


# Places


async def test_a_paper_opens_where_it_was_left(opened: Open) -> None:
    async with opened() as (app, pilot):
        await pilot.press("C", *"section 9", "enter", "q", "f")
        await settled(pilot)
        assert first_line(app) == "Section 9"


async def test_the_place_is_kept_when_the_app_ends(opened: Open, places: Places) -> None:
    async with opened() as (_, pilot):
        await pilot.press("space", "space")
    assert Positions(places.state / "positions.json").get("2611.00003") != BEGINNING


async def test_a_resize_keeps_the_place(opened: Open) -> None:
    async with opened() as (app, pilot):
        await pilot.press("C", *"section 9", "enter")
        for width in (40, 160, 1, 100):
            await pilot.resize_terminal(width, 30)
            await settled(pilot)
        assert first_line(app) == "Section 9"


def test_places_are_remembered_and_the_oldest_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "state" / "positions.json"
    for number in range(MOST + 2):
        Positions(file).keep(f"id{number}", Place(number, 3))
    Positions(file).keep("id2", Place(7, 7))
    positions = Positions(file)
    assert positions.get("id1") == BEGINNING
    assert positions.get("id2") == Place(7, 7)
    assert len(positions._read()) == MOST
    assert [path.name for path in file.parent.iterdir()] == ["positions.json"]


@pytest.mark.parametrize("damage", ["", "[]", "{", '{"a": 3}', '{"a": ["x", "y"]}', '{"a": [1, 2, 3]}'])
def test_a_damaged_file_of_places_is_harmless(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "positions.json"
    file.write_text(damage)
    assert Positions(file).get("a") == BEGINNING
    Positions(file).keep("a", Place(1, 2))
    assert Positions(file).get("a") == Place(1, 2)


# Hostile text and sizes


async def test_hostile_text_is_shown_and_does_nothing(opened: Open) -> None:
    text = "# [/] [@click=app.quit]x[/]\n\n" + "\n\n".join([*MARKUP, *SEQUENCES.values()]) + "\n\n&#x202e;abc"
    text = text.encode(errors="replace").decode()
    async with opened(text, size=(100, 120)) as (app, pilot):
        shown = screen_text(app)
        assert "[@click=app.quit]x[/]" in shown
        assert all(line.isprintable() for line in shown.splitlines())
        await pilot.press("C", "escape", "o", "escape")


@pytest.mark.parametrize("size", [(250, 70), (80, 24), (40, 10), (20, 5), (1, 1)])
async def test_every_size_can_be_read(opened: Open, size: tuple[int, int]) -> None:
    async with opened(size=size) as (app, pilot):
        await pilot.press("space", "G", "g", "slash", *"words", "enter", "n", "C", "escape", "L", "escape", "q")
        assert app.screen is app.main


async def test_an_empty_text_can_be_opened_and_left(opened: Open) -> None:
    async with opened("---\n") as (app, pilot):
        await pilot.press("C", "G", "slash", "x", "enter", "n", "q", "q")
        assert app.screen is app.main


async def test_in_ascii_only_ascii_is_drawn(opened: Open) -> None:
    settings = Settings(reading=QUIET.reading, fetch=QUIET.fetch, look=LookSettings(ascii=True))
    async with opened("# T\n\n> quote\n\n- item\n\n---\n\n| a |\n|---|\n| b |", settings) as (app, _):
        text = screen_of(app).text
        lines = [text.render_line(y).text for y in range(text.size.height)]
        assert all(line.isascii() for line in lines)
