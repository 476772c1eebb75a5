"""The reader's own commands and `|`, with small real programs: success, a missing program, hostile titles."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.fetch.full_text import text_file, text_folder
from paperdeck.storage.settings.commands import OwnCommand
from paperdeck.storage.settings.settings import FileSettings, OpenSettings, Places, Settings
from paperdeck.tui.__main__ import main
from paperdeck.tui.actions.download import pdf_name
from paperdeck.tui.actions.open import typed_command
from paperdeck.tui.app import Reader
from paperdeck.tui.dialogs.choice_list import ChoiceList
from tests.conftest import MakePaper
from tests.support.app_tools import QUIET, eventually, fill, reading, screen_text, settled

FIRST, SECOND = "2611.00002", "2611.00001"
HOSTILE = "--output=/tmp/x; $(touch owned) `touch owned` | 'touch' \"owned\" {id}"


@pytest.fixture
def filled(places: Places, make_paper: MakePaper) -> Places:
    """Two papers, the first with a hostile title and with its full text."""
    first = make_paper(2, title=HOSTILE, abstract="Words of it.")
    fill(places, [make_paper(1), first])
    file = text_file(text_folder(places), FIRST)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("# A Paper\n\nIts text.\n", encoding="utf-8")
    return places


@pytest.fixture
def noted(tmp_path: Path) -> Path:
    """Where `noting` writes what it got."""
    return tmp_path / "noted.json"


def noting(noted: Path) -> tuple[str, ...]:
    """A program that writes down its words and its input."""
    script = noted.with_suffix(".py")
    script.write_text(
        "import json, pathlib, sys\n"
        f"path = pathlib.Path({str(noted)!r})\n"
        "text = json.dumps([sys.argv[1:], sys.stdin.read()])\n"
        "path.with_suffix('.part').write_text(text)\n"
        "path.with_suffix('.part').replace(path)\n"
    )
    return (sys.executable, str(script))


def printing(script: str) -> tuple[str, ...]:
    return (sys.executable, "-c", script)


def with_commands(*commands: OwnCommand, **others: object) -> Settings:
    return QUIET._replace(commands=commands, **others)  # type: ignore[arg-type]


async def got(noted: Path) -> tuple[list[str], str]:
    """What the program got."""
    await eventually(noted.exists)
    words, given = json.loads(await asyncio.to_thread(noted.read_text))
    await asyncio.to_thread(noted.unlink)
    return words, given


async def test_a_key_of_ones_own_works_wherever_a_paper_is_shown(
    filled: Places, noted: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    mine = OwnCommand("Zz", (*noting(noted), "{id}", "{title}", "--t={title}"), "ctrl+o", "json")
    async with reading(filled, with_commands(mine)) as (app, pilot):
        await pilot.press("ctrl+o")
        words, given = await got(noted)
        assert words == [FIRST, f" {HOSTILE}", f"--t={HOSTILE}"]
        assert [paper["id"] for paper in json.loads(given)] == [FIRST]
        await eventually(lambda: "“Zz” is done." in screen_text(app))
        await pilot.press("A", "ctrl+o")
        words, given = await got(noted)
        assert words[:2] == [FIRST, SECOND]
        assert [paper["id"] for paper in json.loads(given)] == [FIRST, SECOND]
        await eventually(lambda: not app.main.papers.selection)  # what they were selected for is done
        await pilot.press("f")
        await eventually(lambda: type(app.screen).__name__ == "ReadingScreen")
        await pilot.press("ctrl+o")
        assert (await got(noted))[0][0] == FIRST
        await pilot.press("escape", "question_mark", *"zz")
        await eventually(lambda: app.screen.query_one(ChoiceList).highlighted_choice is not None)
        assert str(app.screen.query_one(ChoiceList).highlighted_choice).count("Zz")
        await pilot.press("escape", "ctrl+p", *"zz", "enter")
        assert (await got(noted))[0][0] == FIRST
    assert not (tmp_path / "owned").exists()


SHOWN = {
    "a line is said": ("print('\\x1b[31mred\\x1b[0m and \\x07done')", "P: red and done"),
    "more is a page": ("print('first line\\n\\x1b]0;title\\x07second')", "first line"),
    "a failure": (
        "import sys; print('no such thing', file=sys.stderr); sys.exit(4)",
        "“P” failed (code 4): no such thing",
    ),
    "a program that ends itself": ("import os; os.kill(os.getpid(), 9)", "“P” failed (code -9)"),
    "too much": ("print('x' * 3_000_000)\nimport time; time.sleep(60)", "printed more than 1 MB and was stopped."),
    "too long": ("import time; time.sleep(60)", "took longer than 1 seconds and was stopped."),
}


async def test_what_a_program_prints_is_shown_clean_and_what_fails_is_one_sentence(filled: Places) -> None:
    commands = [
        OwnCommand("P", printing(script), f"f{place}", seconds=1) for place, (script, _) in enumerate(SHOWN.values(), 5)
    ]
    commands[0] = commands[0]._replace(seconds=30)
    commands[1] = commands[1]._replace(seconds=30)
    commands.append(OwnCommand("Gone", ("no-such-program-here",), "f3"))
    says = [
        *(said for _, said in SHOWN.values()),
        "“Gone” needs the program “no-such-program-here”, which was not found.",
    ]
    async with reading(filled, with_commands(*commands)) as (app, pilot):
        for command, said in zip(commands, says, strict=True):
            await pilot.press(command.key)
            await eventually(lambda said=said: said in screen_text(app))
            if command.key == "f6":
                assert [line.strip() for line in screen_text(app).splitlines()[:3]] == ["P", "first line", "second"]
                await pilot.press("escape")


async def test_a_program_that_is_waited_for_stops_nothing_and_is_stopped_by_a_key(filled: Places) -> None:
    mine = OwnCommand("Slow", printing("import time; time.sleep(600)"), "ctrl+o")
    async with reading(filled, with_commands(mine)) as (app, pilot):
        await pilot.press("ctrl+o")
        await eventually(lambda: "“Slow” is running; ^x stops it." in screen_text(app))
        await pilot.press("j")
        assert app.main.papers.current == SECOND
        await pilot.press("ctrl+x")
        await eventually(lambda: "Stopped the command." in screen_text(app))


async def test_programs_in_the_background_and_in_the_terminal(
    filled: Places, noted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Reader, "suspend", lambda _: nullcontext())
    program = noting(noted)
    commands = (
        OwnCommand("Away", (*program, "{key}"), "f5", "bibtex", "background"),
        OwnCommand("Here", (*program, "{year}"), "f6", "text", "suspend"),
        OwnCommand("Bad", printing("import sys; sys.exit(2)"), "f7", "none", "suspend"),
        OwnCommand("Worse", printing("import sys; sys.exit(2)"), "f8", "none", "background"),
    )
    async with reading(filled, with_commands(*commands)) as (app, pilot):
        await pilot.press("f5")
        (key,), given = await got(noted)
        assert given.startswith(f"@misc{{{key},")
        await eventually(lambda: "“Away” was started." in screen_text(app))
        await pilot.press("f6")
        words, given = await got(noted)
        assert (words, given.splitlines()[0], given.splitlines()[-1]) == (["2026"], HOSTILE, "Words of it.")
        await pilot.press("f7")
        await eventually(lambda: "“Bad” ended with code 2." in screen_text(app))
        await pilot.press("f8")
        await eventually(lambda: "“Worse” failed (code 2)." in screen_text(app))


async def test_the_pdf_is_given_by_its_path(filled: Places, noted: Path, tmp_path: Path, make_paper: MakePaper) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    file = folder / f"{pdf_name(make_paper(2, title=HOSTILE))}.pdf"
    file.write_bytes(b"%PDF-1.7\n")
    settings = with_commands(
        OwnCommand("Read", (*noting(noted), "{pdf}"), "f5", "path"),
        files=FileSettings(downloads=str(folder)),
        open=OpenSettings(pdf=(*noting(noted), "-p", "{pdf}"), browser=noting(noted)),
    )
    async with reading(filled, settings) as (_app, pilot):
        await pilot.press("f5")
        assert await got(noted) == ([str(file)], f"{file}\n")
        await pilot.press("O")
        assert (await got(noted))[0] == ["-p", str(file)]
        await pilot.press("o")
        assert (await got(noted))[0] == [f"https://huggingface.co/papers/{FIRST}"]
        await pilot.press("l", "f")
        assert (await got(noted))[0] == ["-p", str(file)]


async def test_a_key_that_is_taken_is_reported_at_the_start(filled: Places) -> None:
    async with reading(filled, with_commands(OwnCommand("Mine", ("true",), "s"))) as (app, pilot):
        await eventually(lambda: "command “Mine”: the key “s” is “star” already" in screen_text(app))
        await pilot.press("s")
        await eventually(lambda: app.session.library.marks(FIRST).starred)


def test_the_command_line_lists_them_with_the_other_keys(places: Places, capsys: pytest.CaptureFixture[str]) -> None:
    places.config.mkdir(parents=True)
    places.config_file.write_text('[[commands]]\nkey = "ctrl+o"\ntitle = "Mine"\nprogram = ["x"]\n')
    assert main(["keys"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "command-1\tctrl+o\tMine\tmain screen, full text or discussion"


# -- a command that is typed ---------------------------------------------------------------------------------------


async def test_a_typed_command_gets_the_text_and_is_recalled(filled: Places, noted: Path) -> None:
    program = noting(noted)
    async with reading(filled, size=(200, 40)) as (app, pilot):
        app.session.last_pipe = f"json: {program[0]} {program[1]} 'two words'"
        await pilot.press("vertical_line")
        await eventually(lambda: "Pass the paper to a command" in screen_text(app))
        await pilot.press("enter")
        words, given = await got(noted)
        assert (words, json.loads(given)[0]["id"]) == (["two words"], FIRST)
        await settled(pilot)
        await pilot.press("vertical_line", "ctrl+u", "vertical_line", "enter")
        await eventually(lambda: "No shell reads this, so “|” has no effect" in screen_text(app))
        await pilot.press("escape")
        assert app.session.last_pipe.endswith("'two words'")


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("wc -w", OwnCommand("wc", ("wc", "-w"), input="text")),
        ("json: jq '.[] | .title'", OwnCommand("jq", ("jq", ".[] | .title"), input="json")),
        ("bibtex:tee -a refs.bib", OwnCommand("tee", ("tee", "-a", "refs.bib"), input="bibtex")),
        ("/usr/bin/x {url}", OwnCommand("x", ("/usr/bin/x", "{url}"), input="text")),
    ],
)
def test_a_line_is_words_and_what_they_get(line: str, command: OwnCommand) -> None:
    assert typed_command(line) == command


@pytest.mark.parametrize("line", ["'open", "sh -c 'echo {title}'", "json:", "bash", "a && b", "x > file", "{title}"])
def test_a_line_that_cannot_be_read_is_refused(line: str) -> None:
    with pytest.raises(InvalidInput):
        typed_command(line)


# -- the settings --------------------------------------------------------------------------------------------------


async def test_the_settings_are_edited_from_the_palette(filled: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", 'sh -c \'printf "star = 3\\n" >> "$0"\'')
    monkeypatch.setattr(Reader, "suspend", lambda _: nullcontext())
    async with reading(filled) as (app, pilot):
        await pilot.press("ctrl+p", *"toml")
        await eventually(lambda: "Edit the settings file" in screen_text(app))
        assert "edit-settings" in str(app.screen.query_one(ChoiceList).highlighted_choice)
        await pilot.press("enter")
        await eventually(lambda: filled.config_file.exists() and "star = 3" in filled.config_file.read_text())
        await eventually(lambda: "config.toml" in screen_text(app))


async def test_the_palette_says_where_things_are(filled: Places) -> None:
    """A stranger looks for “data” or “backup”, and need not know the command `paths`."""
    async with reading(filled) as (app, pilot):
        await pilot.press("ctrl+p", *"backup")
        await eventually(lambda: "folders" in str(app.screen.query_one(ChoiceList).highlighted_choice))
        await pilot.press("enter")
        await eventually(lambda: "Where your things are" in screen_text(app))
        assert all(
            name in screen_text(app).replace("\n", "") for name in (filled.data.name, "config.toml", "paperdeck backup")
        )


async def test_the_palette_says_what_the_shell_can_do(filled: Places) -> None:
    """“import” and “rss” found nothing in the reader, which can't do them itself."""
    async with reading(filled) as (app, pilot):
        await pilot.press("ctrl+p", *"import")
        await eventually(lambda: "command-line" in str(app.screen.query_one(ChoiceList).highlighted_choice))
        await pilot.press("enter")
        await eventually(lambda: "In the shell" in screen_text(app))
        assert "paperdeck COMMAND --help" in screen_text(app) or "commands:" in screen_text(app)


async def test_a_batch_file_gets_no_words_that_its_shell_would_act_on(
    filled: Places, tmp_path: Path, make_paper: MakePaper
) -> None:
    """Windows runs it with `cmd`, whatever is asked for."""
    batch = tmp_path / "note.bat"
    batch.write_text("#!/bin/sh\necho ran\n")
    batch.chmod(0o755)
    commands = [OwnCommand("Note", (str(batch), word), key) for word, key in (("{authors}", "f5"), ("{url}&x", "f6"))]
    async with reading(filled, with_commands(*commands)) as (app, pilot):
        await pilot.press("f5")
        await eventually(lambda: "Note: ran" in screen_text(app))
        await pilot.press("f6")
        await eventually(lambda: "“Note” is a batch file" in screen_text(app))
