"""What README, docs and the repository's pages say is true: every command, key, setting, variable and view exists."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from paperdeck.storage.digest.delivery.mail import Mailer
from paperdeck.storage.search.query import parse
from paperdeck.storage.settings.commands import OwnCommand
from paperdeck.storage.settings.rules import load_rules
from paperdeck.storage.settings.settings import MailSettings, Settings, load_settings, setting_values
from paperdeck.tui.cli.parser import COMMANDS
from paperdeck.tui.cli.parser import parse as parse_words
from paperdeck.tui.keys import ACTIONS
from paperdeck.tui.keys.own import check_keymap, own_actions
from tests.support.environment import ENVIRONMENT
from tests.support.reference import COMPLETIONS, ROOT, code, key_sign, parsers, reference

PAGES = sorted(
    path.relative_to(ROOT)
    for pattern in ("README.md", ".docs/pages/**/*.md", ".github/**/*.md", ".github/**/*.yml")
    for path in ROOT.glob(pattern)
)
_FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"(?<!`)(?:``(.+?)``|`([^`\n]+)`)(?!`)")
_OUTSIDE = re.compile(r"\s(?:[|;&<>]|&&|\d?>>?).*|<(?=\S+>).*")
_VARIABLE = re.compile(r"\b(?:PAPERDECK|HF|HUGGING_FACE|TRANSFORMERS)_[A-Z_]+\b")
_CHORD = re.compile(r"(?:ctrl|shift|alt)\+\S+")
_NAMED_KEYS = frozenset({"space", "enter", "escape", "tab", "delete", "backspace", "home", "end", "up", "down"})
_OTHER_SIGNS = frozenset("-_,=>0<")
"""Signs that stand for themselves in the docs, as in a query; some are keys too."""


class Said(NamedTuple):
    """Something that a page says in code."""

    page: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}: {self.text}"


def _read(page: Path) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def _blocks(language: str) -> Iterator[Said]:
    for page in PAGES:
        yield from (Said(str(page), found[2]) for found in _FENCED.finditer(_read(page)) if found[1] == language)


def _inline() -> Iterator[Said]:
    for page in PAGES:
        for found in _INLINE.finditer(_FENCED.sub("", _read(page))):
            yield Said(str(page), (found[1] or found[2]).replace("\\|", "|").strip())


def _commands() -> list[Said]:
    """Every call of paperdeck that a page shows, from the program's name on."""
    lines = [Said(page, line) for page, text in _blocks("sh") for line in text.splitlines()]
    words = [said for said in _inline() if re.match(r"(?:\w+=\S+ )?paperdeck\b(?![.-])", said.text)]
    found = []
    for page, text in [*lines, *words]:
        for part in re.split(r"&& |\| |\$\(", text):
            call = re.match(r"(?:\w+=\S+ )*(?:\S*/)?paperdeck(?: .*)?$", part.strip().rstrip(')"'))
            if call:
                found.append(Said(page, call[0][call[0].index("paperdeck") :]))
    return sorted(set(found))


def _words_of(command: str) -> list[str]:
    """The words behind the program's name, without what the shell does to its streams."""
    own = _OUTSIDE.sub("", command.replace("…", "").replace(" COMMAND", " list"))
    words = shlex.split(own, comments=True)[1:]
    return [*words, "--help"] if len(words) == 1 and words[0] in COMMANDS else words  # named only, not shown in use


# -- written from the code -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(reference()), ids=lambda path: path.name)
def test_what_is_written_from_the_code_is_current(path: Path) -> None:
    why = "run `python -m tests.support.reference`"
    assert path.read_text(encoding="utf-8") == reference()[path], why


@pytest.mark.parametrize("shell", COMPLETIONS)
def test_completions_know_every_command_and_option(shell: str) -> None:
    script = COMPLETIONS[shell].read_text(encoding="utf-8")
    options = {
        option.lstrip("-")
        for parser in parsers().values()
        for action in parser._actions
        if action.help != "==SUPPRESS=="
        for option in action.option_strings
    }
    assert [word for word in (*COMMANDS, *options) if word not in script] == []


def test_the_completion_of_bash_is_a_script_that_bash_reads() -> None:
    bash = shutil.which("bash")
    if not bash:
        pytest.skip("there is no bash here")
    assert subprocess.run([bash, "-n", str(COMPLETIONS["bash"])], check=False).returncode == 0


def test_every_variable_that_the_code_reads_is_in_the_reference() -> None:
    source = "".join(
        path.read_text(encoding="utf-8") for top in ("tui", "storage") for path in (ROOT / top).rglob("*.py")
    )
    ours = {name for name in ENVIRONMENT if _VARIABLE.fullmatch(name)}
    assert ours == set(re.findall(rf'(?<="){_VARIABLE.pattern}(?=")', source))
    assert [name for name in ENVIRONMENT if name not in source and not name.startswith("TEXTUAL")] == []


# -- what pages say ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", _commands(), ids=str)
def test_every_command_can_be_called_so(said: Said, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        options = parse_words(_words_of(said.text))
    except SystemExit as end:
        assert not end.code, capsys.readouterr().err
    else:
        if getattr(options, "query", None):
            parse(" ".join(options.query))


def test_every_option_exists() -> None:
    known = {option for parser in parsers().values() for action in parser._actions for option in action.option_strings}
    known |= {"--offline", "--ascii", "--debug", "--log", "--version"}
    ours = [said for said in _inline() if "hypothesis" not in said.text and "snapshot" not in said.text]
    assert [
        str(said)
        for said in ours
        if re.fullmatch(r"--[a-z-]+", said.text.split(" ")[0]) and said.text.split(" ")[0] not in known
    ] == []


def test_every_key_does_something() -> None:
    known = {key_sign(key) for action in ACTIONS for key in action.keys.split(",")}
    keys = [
        said for said in _inline() if len(said.text) == 1 or said.text in _NAMED_KEYS or _CHORD.fullmatch(said.text)
    ]
    assert [str(said) for said in keys if said.text not in known | _OTHER_SIGNS] == []


def test_every_setting_exists() -> None:
    known = {name for name, _, _ in setting_values(Settings())}
    sections = "|".join({name.partition(".")[0] for name in known})
    names = [said for said in _inline() if re.fullmatch(rf"(?:{sections})\.\w+", said.text)]
    assert [str(said) for said in names if said.text not in known] == []


def test_every_setting_that_is_shown_with_a_value_exists() -> None:
    """As in `motion = false` and `star = "asterisk"`: the last part of a setting's name, or the id of an action."""
    known = {name.rpartition(".")[2] for name, _, _ in setting_values(Settings())} | set(OwnCommand._fields)
    known |= {action.id for action in ACTIONS}
    shown = [(said, found[1]) for said in _inline() if (found := re.match(r"([\w-]+) = \S", said.text))]
    assert shown
    assert [str(said) for said, name in shown if name not in known] == []


def test_every_option_that_is_shown_after_a_command_exists() -> None:
    """As in `list --plain`, without the name of the program."""
    ours = {
        name: {option for action in parser._actions for option in action.option_strings}
        for name, parser in parsers().items()
    }
    shown = [(said, said.text.split()) for said in _inline() if said.text.split(" ")[0] in COMMANDS]
    options = [(said, words[0], word) for said, words in shown for word in words[1:] if word.startswith("--")]
    assert options
    assert [str(said) for said, name, option in options if option.partition("=")[0] not in ours[name]] == []


@pytest.mark.parametrize("said", list(_blocks("toml")), ids=lambda said: said.page)
def test_every_settings_file_is_understood(said: Said, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(said.text, encoding="utf-8")
    settings, complaints = load_settings(path)
    complaints += [*load_rules(path).complaints, *check_keymap(settings.keys)[1]]
    assert complaints + own_actions(settings.commands, settings.keys)[1] == []
    if settings.mail != MailSettings():
        Mailer(settings.mail).check("you@example.org")


def test_every_variable_is_read() -> None:
    named = {(page, name) for page in map(str, PAGES) for name in _VARIABLE.findall(_read(Path(page)))}
    assert {found for found in named if found[1] not in ENVIRONMENT} == set()


def test_every_view_exists() -> None:
    """Views are in italics."""
    views = (ROOT / "tui" / "model" / "views.py").read_text(encoding="utf-8")
    names = {
        name for page in PAGES if page.match("queries.md") for name in re.findall(r"(?<!\*)\*([A-Z]\w+)\*", _read(page))
    }
    assert names
    assert [name for name in names if f'"{name}"' not in views] == []


def test_every_page_is_in_the_navigation() -> None:
    listed = re.findall(r"[\w/-]+\.md", (ROOT / ".docs" / "mkdocs.yml").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(str(page.relative_to(".docs/pages")) for page in PAGES if page.parts[0] == ".docs")


def test_links_between_files_of_the_repository_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#\s]+)", _FENCED.sub("", _read(page))):
            if "://" not in target:
                assert (ROOT / page.parent / target).exists(), f"{page}: {target}"


def test_code_is_not_broken_across_lines() -> None:
    """Otherwise none of these tests would see it."""
    texts = {page: _FENCED.sub("", _read(page)) for page in PAGES if page.suffix == ".md"}
    odd = [f"{page}: {line}" for page, text in texts.items() for line in text.splitlines() if line.count("`") % 2]
    assert odd == []


def test_every_file_that_contributors_are_sent_to_exists() -> None:
    names = [said.text for said in _inline() if re.fullmatch(r"(?:tui|storage|tests)/[\w/.-]*", said.text)]
    assert names
    assert [name for name in names if not (ROOT / name).exists()] == []


def test_the_python_versions_of_ci_are_those_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = [name.rpartition(" ")[2] for name in project["classifiers"] if re.search(r":: 3\.\d+$", name)]
    matrix = re.search(r"python: \[(.*?)\]", _read(Path(".github/workflows/ci.yml")))
    assert matrix
    assert re.findall(r"[\d.]+", matrix[1]) == versions


def test_inline_code_with_a_backtick_is_fenced_twice() -> None:
    assert code("a`b") == "``a`b``"


def test_the_page_for_contributors_shows_the_tree_as_it_is() -> None:
    page = _read(Path(".github/CONTRIBUTING.md"))
    [tree] = [found[2] for found in _FENCED.finditer(page) if found[2].startswith("tui/")]
    listed, top = [], ""
    for line in tree.splitlines():
        name = line.split()[0]
        top = top if line.startswith(" ") else name
        listed.append(top + name if line.startswith(" ") else name)
    rooms = {
        f"{path.parent.name}/{path.name}/" for side in ("tui", "storage") for path in (ROOT / side).glob("[a-z]*/")
    }
    assert sorted(listed) == sorted(set(listed))
    assert not {name for name in listed if not (ROOT / name).exists()}
    assert not rooms - set(listed)


def test_every_path_on_the_page_for_contributors_exists() -> None:
    page = _read(Path(".github/CONTRIBUTING.md"))
    paths = {
        text for _, text in _INLINE.findall(page) if re.fullmatch(r"[\w./]+(?:/|\.py|\.toml)|[\w.]+(?:/[\w.]+)+", text)
    }
    assert len(paths) > 15
    assert not {path for path in paths if not (ROOT / path).exists() and not any(ROOT.glob(f"[st]*/**/{path}"))}
