"""What the reader chose for the look holds on every screen: nothing but ASCII, nothing that moves by itself."""

from __future__ import annotations

import asyncio

import pytest
from rich.style import Style
from textual.strip import Strip

from paperdeck.storage.fetch.full_text import text_folder
from paperdeck.storage.settings.settings import LookSettings, Places, Settings
from paperdeck.tui.app import Reader
from paperdeck.tui.look.text import ASCII, UNICODE
from paperdeck.tui.look.themes import complaints_about_theme
from paperdeck.tui.panes import footline
from paperdeck.tui.panes.arrangement import VIEWS_COLUMNS, VIEWS_COLUMNS_ROOMY
from tests.conftest import MakePaper
from tests.support.app_tools import QUIET, fill, reading, screen_lines, settled

IN_ASCII = QUIET._replace(look=LookSettings(ascii=True))
STILL = QUIET._replace(look=LookSettings(motion=False))

FULL_TEXT = """# A Title

## Section

Some *words* with a [link](https://example.org) and more of them, so that a line breaks somewhere in between.

- an item
- another

> a quotation

| a | b |
| --- | --- |
| 1 | 2 |

```
code
```
---

## End
"""


@pytest.fixture
def library(places: Places, make_paper: MakePaper) -> Places:
    """Papers in ASCII, so that whatever is not comes from us; enough of them to scroll."""
    papers = [
        make_paper(
            number,
            title=f"A title of paper number {number} that is long enough to be cut wherever the window is narrow",
            abstract="We look at it. " * 60,
            code_url="https://github.com/example/code",
            code_stars=number * 400,
            comments=3,
            organization="An Organization With a Long Name",
            keywords=("search", "reading", "a keyword of several words that is long"),
            categories=("cs.CL", "cs.LG"),
            submitter="somebody",
            comment="12 pages",
            version=2,
            ai_summary="A summary in one sentence.",
        )
        for number in range(1, 40)
    ]
    library = fill(places, papers)
    library.mark([papers[-1].id], read=True, starred=True, add_tags=["to-read"], note="Look at this again.")
    for paper in papers:
        file = text_folder(places) / f"{paper.id}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(FULL_TEXT, encoding="utf-8")
    return places


@pytest.mark.parametrize(
    ("ours", "typed"),
    [
        ("Nothing in “Today” matches …", 'Nothing in "Today" matches ...'),
        ("fetching Fri · 3 of 7 · 2 new", "fetching Fri - 3 of 7 - 2 new"),
        ("Mon ··▁▄█· Sun", "Mon --.=#- Sun"),
        ("▲ 76 · code ★ 12", "+76 - code * 12"),
        ("Undid: star · Über a·b in ℝ, naïvely", "Undid: star - Über a·b in ℝ, naïvely"),
    ],
)
def test_our_sentences_are_typed_and_names_in_them_stay(ours: str, typed: str) -> None:
    assert ASCII.words(ours) == typed
    assert UNICODE.words(ours) == ours


def test_signs_that_mean_different_things_look_different() -> None:
    for symbols in (UNICODE, ASCII):
        for group in (
            ("star", "followed", "selected"),
            ("upvotes", "comments", "followed", "star"),
            ("bar", "resting"),
            ("complete", "partial", "failed", "missing", "empty"),
            ("note", "tag"),
        ):
            assert len({getattr(symbols, name) for name in group}) == len(group)


def test_every_sign_in_ascii_is_ascii() -> None:
    assert all(sign.isascii() for sign in ASCII if isinstance(sign, str))


@pytest.mark.parametrize(
    ("theme", "says"),
    [
        ("paperdeck-light", []),
        ("nord", []),
        (
            "drakula",
            ["config.toml: there is no theme “drakula”; did you mean “dracula”? paperdeck-dark is used."],
        ),
        ("x\x07", ["config.toml: there is no theme “x”; paperdeck-dark is used."]),
    ],
)
def test_a_theme_that_does_not_exist_is_reported(theme: str, says: list[str]) -> None:
    """A misspelt theme was passed over in silence, by the reader and by the doctor."""
    assert complaints_about_theme(QUIET._replace(look=LookSettings(theme=theme))) == says


async def test_titles_keep_their_letters_in_ascii(places: Places, make_paper: MakePaper) -> None:
    fill(places, [make_paper(1, title="Größe “α·β” in $\\mathbb{R}$")])
    async with reading(places, IN_ASCII) as (app, pilot):
        await settled(pilot)
        assert "Größe “α·β” in ℝ" in "".join(screen_lines(app))


# -- motion ----------------------------------------------------------------------------------------------------------


def cursors_blink(app: Reader) -> list[bool]:
    """For each box on the screen that is typed into, whether its cursor blinks."""
    return [widget.cursor_blink for widget in app.screen.query("Input, TextArea") if widget.has_focus]


@pytest.mark.parametrize("keys", [("slash",), ("question_mark",), ("e",), ("f", "slash")])
@pytest.mark.parametrize("moves", [True, False])
async def test_a_cursor_blinks_only_with_motion(library: Places, keys: tuple[str, ...], moves: bool) -> None:
    async with reading(library, QUIET if moves else STILL) as (app, pilot):
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        assert cursors_blink(app) == [moves]


async def test_a_message_stays_until_a_key(library: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(footline, "MESSAGE_SECONDS", 0.01)
    monkeypatch.setattr(footline, "MIN_MESSAGE_SECONDS", 0.0)
    monkeypatch.setattr("paperdeck.tui.context.voice.MIN_MESSAGE_SECONDS", 0.0)
    monkeypatch.setattr(Reader, "NOTIFICATION_TIMEOUT", 0.01)
    async with reading(library, STILL, notices=True) as (app, pilot):
        app.context.say("Something that is longer than the line. " * 9, severe=True)
        await asyncio.sleep(0.1)
        await pilot.pause()
        assert app.main.footline.message
        await pilot.press("j")
        await settled(pilot)
        assert not app.main.footline.message


async def test_with_motion_a_message_goes_by_itself(library: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(footline, "MESSAGE_SECONDS", 0.01)
    async with reading(library) as (app, pilot):
        app.context.say("Something.")
        await asyncio.sleep(0.1)
        await pilot.pause()
        assert not app.main.footline.message


@pytest.mark.parametrize("settings", [QUIET, STILL])
async def test_nothing_ever_slides(library: Places, settings: Settings) -> None:
    async with reading(library, settings) as (app, _):
        assert app.animation_level == "none"


async def test_the_environment_can_ask_for_stillness(library: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textual.constants.TEXTUAL_ANIMATIONS", "none")
    async with reading(library) as (app, _):
        assert not app.motion


# -- not by colour alone -----------------------------------------------------------------------------------------------


def line_with(app: Reader, text: str) -> str:
    """The first line of the screen that has a text."""
    return next(line for line in screen_lines(app) if text in line)


async def test_the_pane_that_has_the_focus_is_marked_by_a_sign(library: Places) -> None:
    async with reading(library) as (app, pilot):
        assert f"{UNICODE.bar}{UNICODE.read}{UNICODE.star} A title of paper number 39" in "".join(screen_lines(app))
        await pilot.press("tab")
        await settled(pilot)
        assert UNICODE.bar not in "".join(screen_lines(app))
        assert f"{UNICODE.resting}{UNICODE.read}{UNICODE.star} A title of paper number 39" in "".join(screen_lines(app))
        await pilot.press("tab", "j")
        await settled(pilot)
        assert line_with(app, "For you").startswith(UNICODE.bar)
        assert line_with(app, "Today  ").startswith(UNICODE.bullet)


async def test_a_failure_is_shown_by_a_sign(library: Places) -> None:
    async with reading(library, notices=True) as (app, pilot):
        app.context.say("It failed.", severe=True)
        await pilot.pause()
        assert screen_lines(app)[-1].startswith(" ! It failed.")
        app.context.say("It worked.")
        await pilot.pause()
        assert screen_lines(app)[-1].startswith(" It worked.")
        app.context.say("It failed at length. " * 9, severe=True)
        await settled(pilot)
        assert "! It failed at length" in "".join(screen_lines(app)[:-1])


def looks(app: Reader, text: str) -> Style:
    """How the piece of the screen looks that holds a text, without its colours."""
    strips = app.screen._compositor.render_strips(app.screen.size)
    return next(piece.style or Style() for strip in strips for piece in strip if text in piece.text).without_color


async def test_a_wrong_query_is_underlined(library: Places) -> None:
    async with reading(library) as (app, pilot):
        await pilot.press("slash", *"is:x")
        await settled(pilot)
        assert looks(app, "is:x").underline
        await pilot.press("ctrl+u", *"paper")
        await settled(pilot)
        assert not looks(app, " paper").underline


async def test_unread_and_read_differ_without_colour(library: Places) -> None:
    async with reading(library, size=(70, 30)) as (app, pilot):
        await pilot.press("j", "m", "j")
        await settled(pilot)
        assert f"{UNICODE.read}  A title of paper number 38" in "".join(screen_lines(app))
        assert "   A title of paper number 36" in "".join(screen_lines(app))


async def test_a_chosen_line_of_a_dialog_differs_without_colour(library: Places) -> None:
    async with reading(library) as (app, pilot):
        await pilot.press("question_mark")
        await settled(pilot)
        assert looks(app, "Move to the next row").bold
        assert not looks(app, "Move to the previous row").bold


async def test_without_any_colour_the_reader_is_whole(library: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with reading(library) as (app, pilot):
        assert UNICODE.star in line_with(app, f"{UNICODE.read}{UNICODE.star} A title of paper number 39")
        await pilot.press("question_mark")
        await settled(pilot)
        assert looks(app, "Move to the next row").underline
        strips = app.screen._compositor.render_strips(app.screen.size)
        colours = {
            piece.style.color.triplet for strip in strips for piece in strip if piece.style and piece.style.color
        }
        assert all(colour is None or max(colour) - min(colour) <= 1 for colour in colours)


# -- colour, where it helps --------------------------------------------------------------------------------------------


def shown(app: Reader) -> list[Strip]:
    """What is on the screen, with its colours."""
    return app.screen._compositor.render_strips(app.screen.size)


def colours(app: Reader, text: str) -> tuple[str, str]:
    """The colours of the piece of the screen that holds a text, and of what is below it."""
    style = next(piece.style for strip in shown(app) for piece in strip if text in piece.text)
    assert style
    assert style.color
    assert style.bgcolor
    return style.color.name, style.bgcolor.name


async def test_the_row_under_the_cursor_has_a_background_of_its_own(library: Places) -> None:
    async with reading(library, size=(70, 30)) as (app, pilot):
        panel, background = app.theme_variables["panel"].lower(), app.theme_variables["background"].lower()
        assert colours(app, "number 39")[1] == panel
        assert colours(app, "number 38")[1] == background
        await pilot.press("j")
        await settled(pilot)
        assert colours(app, "number 39")[1] == background
        assert colours(app, "number 38")[1] == panel


async def test_the_view_that_is_shown_has_the_accent_wherever_the_cursor_is(library: Places) -> None:
    async with reading(library) as (app, pilot):
        accent = app.theme_variables["accent"].lower()
        assert colours(app, "Today  ")[0] == accent
        await pilot.press("tab", "tab")
        await settled(pilot)
        assert colours(app, "Today  ")[0] == accent
        await pilot.press("j")
        await settled(pilot)
        assert colours(app, "Today  ")[0] == accent


async def test_the_pane_of_the_paper_shows_that_it_has_the_focus(library: Places) -> None:
    async with reading(library) as (app, pilot):
        before = app.main.detail.styles.border_left
        await pilot.press("enter")
        await settled(pilot)
        assert (
            app.main.detail.styles.border_left[1].hex.lower() == app.theme_variables["accent"].lower() != before[1].hex
        )


@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light"])
async def test_a_theme_of_the_terminal_takes_its_colours_from_the_start(library: Places, theme: str) -> None:
    async with reading(library, QUIET._replace(look=LookSettings(theme=theme))) as (app, _):
        pieces = [piece.style for strip in shown(app) for piece in strip if piece.style]
        assert any(style.color for style in pieces)
        assert all(style.color is None or style.color.triplet is None for style in pieces)
        assert all(style.bgcolor is None or style.bgcolor.triplet is None for style in pieces)


@pytest.mark.parametrize(("width", "columns"), [(120, VIEWS_COLUMNS), (200, VIEWS_COLUMNS_ROOMY)])
async def test_names_of_keywords_have_more_room_on_a_wide_screen(library: Places, width: int, columns: int) -> None:
    async with reading(library, size=(width, 30)) as (app, _):
        assert app.main.views_pane.outer_size.width == columns


@pytest.mark.parametrize("height", [8, 10, 24])
async def test_the_note_says_how_to_leave_it_at_every_height(library: Places, height: int) -> None:
    async with reading(library, size=(40, height)) as (app, pilot):
        await pilot.press("e", *"word")
        await settled(pilot)
        assert "word" in "".join(screen_lines(app))
        assert "esc saves, ctrl+g discards" in "".join(screen_lines(app))
