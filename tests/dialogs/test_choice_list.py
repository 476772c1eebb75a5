"""The list of choices: headings, columns where there is room, and no more work than the screen needs."""

from __future__ import annotations

import pytest

from paperdeck.tui.dialogs import choice_list
from paperdeck.tui.dialogs.choice_list import ChoiceList, natural_size
from paperdeck.tui.dialogs.picker import Picker
from paperdeck.tui.model.choice import Choice, with_words
from tests.support.app_tools import eventually
from tests.support.dialog_app import DialogApp
from tests.support.widgets import shown_lines, shown_text

GROUPED = [
    *(
        Choice(f"move {number}", f"Move number {number} with a few words behind it", "j", group="Move")
        for number in range(6)
    ),
    *(
        Choice(f"mark {number}", f"Mark number {number} with a few words behind it", "s", group="Mark")
        for number in range(6)
    ),
    Choice("star", "starred by you", "*", group="Signs", fixed=True),
]


def test_a_heading_counts_towards_the_width() -> None:
    choices = [Choice("a", "a", group="A heading that is longer than each of its choices")]
    assert natural_size(choices).width == len(choices[0].group)


@pytest.mark.parametrize(("width", "columns"), [(60, 1), (120, 2), (200, 2)])
async def test_groups_are_side_by_side_where_there_is_room(width: int, columns: int) -> None:
    app = DialogApp()
    async with app.run_test(size=(width, 40)) as pilot:
        await app.push_screen(Picker("Keys", GROUPED, columns=2))
        await pilot.pause()
        assert app.screen.query_one(ChoiceList).columns == columns
        headings = [line.split() for line in shown_lines(app) if "Move" in line.split() and "number" not in line]
        assert headings == ([["Move", "Mark"]] if columns == 2 else [["Move"]])


async def test_the_cursor_skips_what_is_only_to_be_read_and_wraps_round_the_end() -> None:
    app, answers = DialogApp(), list[str | None]()
    async with app.run_test() as pilot:
        await app.push_screen(Picker("Keys", GROUPED), answers.append)
        await pilot.press("up")
        assert app.screen.query_one(ChoiceList).highlighted == 11
        await pilot.press("down", "enter")
        await pilot.pause()
    assert answers == ["move 0"]


async def test_typing_narrows_without_headings_and_finds_what_is_only_to_be_read_too() -> None:
    app = DialogApp()
    async with app.run_test() as pilot:
        await app.push_screen(Picker("Keys", GROUPED))
        await pilot.press(*"starred")
        await pilot.pause()
        assert "starred by you" in shown_text(app)
        assert app.screen.query_one(ChoiceList).highlighted is None
        await pilot.press("ctrl+u", *"mark")
        await pilot.pause()
        assert "Move" not in shown_text(app)


async def test_a_text_is_aligned_beside_its_bullet() -> None:
    app = DialogApp()
    async with app.run_test(size=(30, 20)) as pilot:
        await app.push_screen(Picker("Send", [Choice("a", "alpha beta gamma delta epsilon zeta", bullet="•")]))
        await pilot.pause()
        first, second = (line for line in shown_lines(app) if "alpha" in line or "zeta" in line)
    assert first.index("alpha") == len(second) - len(second.lstrip())


async def test_a_click_chooses() -> None:
    app, answers = DialogApp(), list[str | None]()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(Picker("Letters", [Choice(letter, letter * 3) for letter in "abc"]), answers.append)
        await pilot.pause()
        await pilot.click(ChoiceList, offset=(1, 1))
        await pilot.pause()
    assert answers == ["b"]


async def test_of_ten_thousand_choices_only_those_on_the_screen_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """The dialog of 10,000 tags took a second."""
    made: list[str] = []
    original = choice_list._line

    def counted(choice: Choice, width: int) -> object:
        made.append(choice.value)
        return original(choice, width)

    monkeypatch.setattr(choice_list, "_line", counted)
    app = DialogApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(Picker("Tags", [Choice(f"tag-{number}", f"tag-{number}") for number in range(10_000)]))
        await pilot.press("up", "9")
        await pilot.pause()
    assert 0 < len(made) < 200


async def test_the_box_is_as_wide_as_what_is_in_it() -> None:
    app = DialogApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.push_screen(Picker("Letters", [Choice(letter, letter * 30) for letter in "abc"], instant=True))
        await pilot.pause()
        assert app.screen.query_one(".dialog-box").size.width < 40
        app.pop_screen()
        await app.push_screen(Picker("Long", [Choice("x", "word " * 60)]))
        await pilot.pause()
        assert app.screen.query_one(".dialog-box").outer_size.width == int(120 * 0.96)


@pytest.mark.parametrize(("width", "beside"), [(60, False), (120, True)])
async def test_the_preview_is_beside_the_choices_where_there_is_room(width: int, beside: bool) -> None:
    app = DialogApp()
    async with app.run_test(size=(width, 30)) as pilot:
        choices = [Choice(letter, letter * 3) for letter in "abc"]
        await app.push_screen(Picker("Copy", choices, instant=True, preview=lambda value: f"preview of {value}"))
        await pilot.pause()
        line = next(line for line in shown_lines(app) if "preview of a" in line)
        assert ("aaa" in line) == beside


def test_choices_with_that_name_come_before_merely_related_ones() -> None:
    choices = [Choice("1", "Sort by stars"), Choice("2", "Undo", synonyms="take back star"), Choice("3", "Star")]
    assert [choice.value for choice in with_words(choices, "star")] == ["3", "1", "2"]
    assert [choice.value for choice in with_words(choices, "take")] == ["2"]


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (10, 3), (23, 6)])
async def test_no_screen_is_too_small(size: tuple[int, int]) -> None:
    app = DialogApp()
    async with app.run_test(size=size) as pilot:
        await app.push_screen(Picker("Keys", GROUPED, columns=2, preview=lambda value: value))
        await pilot.press("down", "pagedown", "up")
        await pilot.resize_terminal(80, 24)
        await eventually(lambda: "Move number" in shown_text(app))
