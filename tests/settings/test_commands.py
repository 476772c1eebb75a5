"""`[[commands]]`: what is read, what is refused, and how text of papers gets into the words of a program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.settings.commands import OwnCommand, check_program, filled, own_commands, with_target
from paperdeck.storage.settings.settings import OpenSettings, load_settings
from paperdeck.tui.keys.own import own_actions


def read(tmp_path: Path, text: str) -> tuple[tuple[OwnCommand, ...], list[str]]:
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    settings, complaints = load_settings(file)
    return settings.commands, complaints


def test_a_command_with_everything(tmp_path: Path) -> None:
    text = """
    [[commands]]
    key = "ctrl+o"
    title = "Ask a model"
    program = ["llm", "-s", "Explain {title}"]
    input = "text"
    mode = "wait"
    seconds = 300
    [[commands]]
    program = ["zathura", "{pdf}"]
    """
    assert read(tmp_path, text) == (
        (
            OwnCommand("Ask a model", ("llm", "-s", "Explain {title}"), "ctrl+o", "text", "wait", 300.0),
            OwnCommand("zathura", ("zathura", "{pdf}")),
        ),
        [],
    )


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('program = "zathura {pdf}"', "“program” must be a list of arguments"),
        ("program = []", "“program” must be a list of arguments"),
        ('program = ["", "x"]', "a command needs a program"),
        ('program = ["{title}"]', "“{title}” can't be the program"),
        ('program = ["x"]\ninput = "yaml"', "“input” can't be 'yaml'; it is one of none, json, bibtex, text, path."),
        ('program = ["x"]\nmode = "now"', "“mode” can't be 'now'; it is one of wait, background, suspend."),
        ('program = ["x"]\nseconds = 0', "“seconds” can't be 0"),
        ('program = ["x"]\nkey = "a,b"', "“key” can't be 'a,b'; it is one key"),
    ],
)
def test_a_command_that_cannot_be_used_is_left_out_and_said(line: str, says: str, tmp_path: Path) -> None:
    commands, complaints = read(tmp_path, f'[[commands]]\ntitle = "Mine"\n{line}\n[[commands]]\nprogram = ["good"]\n')
    assert [command.title for command in commands] == ["good"]
    assert len(complaints) == 1
    assert complaints[0].startswith(f"config.toml: command “Mine”: {says}")


def test_slips_are_reported_and_the_command_is_kept(tmp_path: Path) -> None:
    commands, complaints = read(tmp_path, '[[commands]]\nprogram = ["x", "{titel}", "{print}"]\nimput = "json"\n')
    assert [command.title for command in commands] == ["x"]
    assert complaints == [
        "config.toml: command 1: unknown setting “imput”; did you mean “input”?",
        "config.toml: command 1: unknown placeholder “titel”; did you mean “title”?",
    ]


@pytest.mark.parametrize("value", ["commands = 3", 'commands = ["x"]', "[commands]\nx = 1"])
def test_another_shape_is_one_sentence(value: str, tmp_path: Path) -> None:
    assert read(tmp_path, value) == (
        (),
        ["config.toml: “commands” is a list of tables, each with [[commands]] above it."],
    )


SCRIPTS = [
    ["sh", "-c", "echo {title}"],
    ["bash", "-lc", "{title}"],
    ["/bin/sh", "-ec", "cat '{pdf}'"],
    ["env", "A=1", "bash", "-c", "x {url}"],
    ["python3", "-c", "print('{title}')"],
    ["python3.12", "-c", "print('{title}')"],
    ["perl", "-e", "{title}"],
    ["osascript", "-e", 'display dialog "{title}"'],
    ["vim", "-c", "echo '{title}'"],
    ["vim", "+{title}"],
    ["emacsclient", "--eval", '(message "{title}")'],
    ["emacsclient", '--eval=(message "{title}")'],
    ["ssh", "host", "note", "{title}"],
    ["tmux", "display-message", "{title}"],
    ["cmd.exe", "/c", "echo", "{title}"],
    ["powershell", "-Command", "echo {title}"],
    ["note.bat", "{title}"],
    ["awk", "/{title}/"],
    ["xterm", "-e", "less {pdf}"],
    ["gnome-terminal", "-e", "less {pdf}"],
    ["xfce4-terminal", "--command", "less {pdf}"],
    ["node", "-p", "{title}"],
    ["php", "-r", "{title}"],
    ["pypy3", "-c", "{title}"],
    ["Rscript", "-e", "{title}"],
    ["psql", "--command={title}"],
    ["mysql", "-e", "select '{title}'"],
    ["sqlite3", "papers.db", "insert into paper values ('{title}')"],
    ["mawk", "{title}"],
    ["gdb", "-ex", "{title}"],
    ["script", "-qc", "less {title}", "/dev/null"],
    ["flock", "lock", "-c", "{title}"],
    ["hyperfine", "{title}"],
    ["wsl", "note", "{title}"],
    ["nix-shell", "--run", "{title}"],
    ["less", "+{title}"],
    ["git", "-c", "alias.note=!{title}", "note"],
    ["terminal-notifier", "-execute", "{title}"],
    ["python3", "-Ic", "{title}"],
    ["python3", "-X", "dev", "-Ic", "{title}"],
    ["perl", "-0pe", "{title}"],
    ["perl", "-0777ne", "{title}"],
    ["ruby", "-W0e", "{title}"],
    ["ruby", "-x{title}"],
    ["node", "--any-new-option", "{title}"],
    ["sudo", "-n", "python3", "--no-list-knows-this", "{title}"],
    ["python3", "{pdf}"],
    ["mksh", "-c", "{title}"],
    ["anysh", "-ic", "{title}"],
    ["nu", "-c", "{title}"],
    ["sg", "group", "{title}"],
    ["nodejs", "-p", "{title}"],
    ["gvim", "-c", "{title}"],
    ["make", "note", "TITLE={title}"],
    ["pdflatex", "{title}"],
    ["qutebrowser", ":spawn {title}"],
    ["swaymsg", "exec", "{title}"],
]


@pytest.mark.parametrize("program", SCRIPTS, ids=" ".join)
def test_text_of_papers_may_not_be_where_a_program_takes_a_script(program: list[str]) -> None:
    with pytest.raises(InvalidInput, match="can't be part of a script for"):
        check_program(program)


@pytest.mark.parametrize(
    "program",
    [
        ["sh", "-c", 'echo "$1" >> notes', "sh", "{title}"],
        ["bash", "note.sh", "{title}"],
        ["python3", "note.py", "--title={title}", "{bibtex}"],
        ["ssh", "host", "fetch", "{id}"],
        ["notify-send", "Paper: {title}"],
        ["grep", "-e", "{title}"],
        ["open", "-e", "{pdf}"],
        ["wget", "-c", "{pdf_url}"],
        ["konsole", "-e", "less", "{pdf}"],
        ["vim", "-R", "{pdf}"],
        ["awk", "-f", "note.awk", "{pdf}"],
        ["bash"],
        ["sudo", "python3"],
        ["zathura", "{pdf}"],
        ["trash", "{pdf}"],
        ["perl", "-w", "note.pl", "{title}"],
        ["notes", "python", "{title}"],
        ["qutebrowser", "{url}"],
        ["R", "--vanilla", "-f", "note.R", "--args", "{title}"],
    ],
    ids=" ".join,
)
def test_text_of_papers_may_be_words_of_its_own(program: list[str]) -> None:
    check_program(program)


@pytest.mark.parametrize("words", [["bash"], ["python3", "-"], ["/bin/sh", "-s"], ["sudo", "perl", "-w"]], ids=" ".join)
def test_text_of_papers_may_not_be_the_input_that_a_program_runs(words: list[str]) -> None:
    check_program(words)
    with pytest.raises(InvalidInput, match="would run its input as a script; name a script of your own"):
        check_program(words, takes_input=True)


def test_a_script_may_read_text_of_papers() -> None:
    for words in (["bash", "note.sh"], ["python3", "-c", "import sys; sys.stdin.read()"], ["wc", "-w"]):
        check_program(words, takes_input=True)


def test_a_word_with_a_placeholder_is_there_once_for_each_paper() -> None:
    papers = [{"id": "1", "title": "A"}, {"id": "2", "title": "B"}]
    assert filled(["x", "-n", "--t={title}", "{id}", "end"], papers) == ["x", "-n", "--t=A", "--t=B", "1", "2", "end"]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_title_becomes_an_option_or_a_second_word(title: str) -> None:
    words = filled(["prog", "{title}", "-t", "--title={title}"], [{"title": title}])
    assert len(words) == 4
    assert words[1][:1] not in ("-", "+", "@", ":")
    assert words[1].strip() == title.replace("\0", "").strip()
    assert words[3].startswith("--title=")


def test_what_fills_a_placeholder_is_not_filled_again() -> None:
    assert filled(["x", "{title}"], [{"title": "{id} {bibtex}", "id": "7"}]) == ["x", "{id} {bibtex}"]


@pytest.mark.parametrize(
    ("words", "becomes"),
    [(["a"], ["a", "T"]), (["a", "{url}", "b"], ["a", "T", "b"]), (["a", "--x={pdf_url}"], ["a", "--x=T"])],
)
def test_what_opens_something_gets_it_where_it_says_else_last(words: list[str], becomes: list[str]) -> None:
    assert with_target(words, {"url": "T", "pdf_url": "T"}) == becomes


def test_programs_that_open_are_checked_too(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[open]\nbrowser = ["sh", "-c", "firefox {url}"]\npdf = ["zathura"]\n', encoding="utf-8")
    settings, complaints = load_settings(file)
    assert settings.open == OpenSettings(pdf=("zathura",))
    assert complaints == [
        "config.toml: open.browser: “{url}” can't be part of a script for sh; take it from standard input."
    ]


def keyed(*keys: str) -> list[OwnCommand]:
    return [OwnCommand(f"Number {number}", ("x",), key) for number, key in enumerate(keys, 1)]


def test_a_free_key_is_taken_under_the_name_that_textual_gives_it() -> None:
    actions, complaints = own_actions(keyed("ctrl+o", "*", ""), {})
    assert ([action.keys for action in actions], complaints) == (["ctrl+o", "asterisk", ""], [])


@pytest.mark.parametrize(
    ("keys", "keymap", "taken"),
    [
        (("s",), {}, [("1", "s", "star")]),
        (("/",), {}, [("1", "/", "filter")]),
        (("C",), {}, [("1", "C", "contents")]),  # in the full text, where a paper is shown too
        (("s",), {"star": "f5"}, []),
        (("f5",), {"star": "f5"}, [("1", "f5", "star")]),
        (("ctrl+o", "ctrl+o"), {}, [("2", "ctrl+o", "Number 1")]),
    ],
)
def test_a_key_that_is_taken_is_reported_in_one_sentence(
    keys: tuple[str, ...], keymap: dict[str, str], taken: list[tuple[str, str, str]]
) -> None:
    actions, complaints = own_actions(keyed(*keys), keymap)
    assert complaints == [
        f"command “Number {number}”: the key “{key}” is “{who}” already; choose another one."
        for number, key, who in taken
    ]
    lost = {int(number) for number, _, _ in taken}
    assert [bool(action.keys) for action in actions] == [number not in lost for number in range(1, len(keys) + 1)]


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_whatever_is_there_is_at_most_reported(value: Any) -> None:
    complaints: list[str] = []
    for command in own_commands(value, complaints) + own_commands([{"program": value, "key": value}], complaints):
        assert command.program
