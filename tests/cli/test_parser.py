"""The grammar of the command line: every command has help with examples, and slips get a hint."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import shtab

from paperdeck.tui.__main__ import main
from paperdeck.tui.cli.about import completion_of
from paperdeck.tui.cli.parser import COMMANDS, build_parser, command_in, parse

Capture = pytest.CaptureFixture[str]


def fails(capsys: Capture, *words: str) -> str:
    """What a wrong call prints."""
    with pytest.raises(SystemExit) as leaving:
        parse(words)
    assert leaving.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_help_ends_with_examples_that_the_grammar_takes(name: str, capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        parse([name, "--help"])
    text = capsys.readouterr().out
    examples = [line.strip() for line in text.rpartition("Examples:\n")[2].splitlines()]
    assert examples
    for example in examples:
        start = example.index(f"paperdeck {name}")
        words = shlex.split(example[start:].replace('"$(', "").replace(')"', "").partition(" >")[0].partition(" |")[0])
        assert parse(words[1:]).command == name


def test_the_list_of_commands_loads_none_of_them(capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        parse(["--help"])
    text = capsys.readouterr().out
    assert [name for name in COMMANDS if not re.search(rf"^ +{name}\s+\w", text, re.MULTILINE)] == []


def test_an_option_of_the_reader_is_not_proposed_for_itself(capsys: Capture) -> None:
    assert fails(capsys, "cite", "2405.00001", "--offline").endswith("unrecognized arguments: --offline\n")


def test_only_what_must_be_there_is_called_missing(capsys: Capture) -> None:
    """`notes` said that its query was missing too."""
    assert fails(capsys, "notes").endswith("the following arguments are required: FOLDER\n")


@pytest.mark.parametrize("words", [("export", "x", "-o"), ("digest", "-o"), ("backup",)])
def test_a_folder_is_not_a_file_to_write(words: tuple[str, ...], capsys: Capture) -> None:
    assert "“new/” is a folder; name a file in it" in fails(capsys, *words, "new/")


@pytest.mark.parametrize("word", ["--version", "-V"])
def test_the_version_has_a_short_name(word: str, capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        main([word])
    assert capsys.readouterr().out.startswith("paperdeck ")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["lst"], "“lst” is not a command; did you mean “list”?\n"),
        (["search", "agents"], "“search” is not a command; did you mean “list”?\n"),
        (["help"], "“help” is not a command; did you mean “--help”?\n"),
        (["--debug", "exprot"], "did you mean “export”?"),
        (["list", "--limt", "3"], "did you mean “--limit”?"),
        (["qqq"], "“qqq” is not a command; “paperdeck --help” lists them"),
    ],
)
def test_a_slip_gets_a_hint(words: list[str], hint: str, capsys: Capture) -> None:
    assert hint in fails(capsys, *words)


@pytest.mark.parametrize("shell", shtab.SUPPORTED_SHELLS)
def test_completion_knows_every_shell_of_shtab(shell: str, capsys: Capture) -> None:
    assert main(["completion", shell]) == 0
    assert "subscriptions" in capsys.readouterr().out


_COMPLETE = """
source "$1"
COMP_WORDS=(paperdeck $2 "$3") COMP_CWORD=$(($(wc -w <<< "$2") + 1))
"$(complete -p paperdeck | sed 's/.*-F \\([^ ]*\\).*/\\1/')" paperdeck "$3" "${2##* }"
printf '%s\n' "${COMPREPLY[@]}"
"""


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
@pytest.mark.parametrize("words", ["import", "export -o", "--log"])
def test_bash_completes_names_of_files(words: str, tmp_path: Path) -> None:
    script, file = tmp_path / "completion", tmp_path / "refs.bib"
    script.write_text(completion_of("bash"), encoding="utf-8")
    file.touch()
    command = ["bash", "-c", _COMPLETE, "bash", str(script), words, str(tmp_path / "re")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines() == [str(file)]


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ([], None),
        (["--offline"], None),
        (["--log", "list", "show"], "show"),
        (["--debug", "list", "x"], "list"),
        (["--log"], None),
    ],
)
def test_the_command_is_the_first_word_that_is_not_an_option(words: list[str], command: str | None) -> None:
    assert command_in(words) == command


def test_options_for_the_whole_program_may_follow_the_command() -> None:
    assert parse(["list", "--debug"]).debug
    assert not parse(["list"]).debug
    assert str(parse(["--log", "a", "list"]).log) == str(parse(["list", "--log", "a"]).log) == "a"


@pytest.mark.parametrize("value", ["0", "-1", "x", "1e3", "9" * 5000, "²", ""])
def test_a_number_is_a_whole_number_within_reason(value: str, capsys: Capture) -> None:
    assert len(fails(capsys, "list", f"--limit={value}").splitlines()[-1]) < 200


@pytest.mark.parametrize("value", ["2026-02-30", "0000-01-01", "10000-01-01", "today", ""])
def test_a_day_is_one_of_the_calendar(value: str, capsys: Capture) -> None:
    assert "is not a day such as 2026-11-20" in fails(capsys, "digest", f"--until={value}")


def test_all_commands_can_be_loaded_at_once() -> None:
    assert build_parser().parse_args(["list"]).command == "list"
