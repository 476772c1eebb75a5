"""`paperdeck config`: what is set, where, and a file with every setting in comments that only people write."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

from paperdeck.storage.settings.rules import load_rules
from paperdeck.storage.settings.settings import Places, Settings, load_settings, setting_values
from paperdeck.storage.settings.template import setting_descriptions, template
from paperdeck.tui.__main__ import main

Capture = pytest.CaptureFixture[str]


def write(places: Places, text: str) -> None:
    places.config.mkdir(parents=True, exist_ok=True)
    places.config_file.write_text(text, encoding="utf-8")


def test_the_template_as_it_stands_changes_nothing(places: Places) -> None:
    write(places, template())
    assert load_settings(places.config_file) == (Settings(), [])
    assert load_rules(places.config_file).complaints == ()


def test_every_setting_of_the_template_is_its_default(places: Places) -> None:
    """Removing the # before every setting changes nothing."""
    sections = template().split("\n# Keys by the id")[0]
    write(places, re.sub(r"(?m)^#(?! )", "", sections))
    assert load_settings(places.config_file) == (Settings(), [])
    named = {
        f"{section}.{key}" for section, table in tomllib.loads(places.config_file.read_text()).items() for key in table
    }
    assert named == {name for name, _, _ in setting_values(Settings())}


def test_what_the_template_has_commented_out_can_be_used(places: Places) -> None:
    write(places, re.sub(r"(?m)^#(?! )", "", template()))
    assert load_settings(places.config_file)[1] == []
    assert load_rules(places.config_file).complaints == ()


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, words in setting_descriptions().items() if not words] == []


def test_init_never_overwrites(places: Places, capsys: Capture) -> None:
    assert main(["config", "init"]) == 0
    assert str(places.config_file) in capsys.readouterr().err
    write(places, "[look]\nascii = true\n")
    assert main(["config", "init"]) == 1
    assert capsys.readouterr().err == (
        f"paperdeck: {places.config_file} already exists and is left unchanged; “paperdeck config edit” opens it.\n"
    )
    assert places.config_file.read_text() == "[look]\nascii = true\n"


def test_the_path_is_printed_even_of_a_file_that_is_not_there(places: Places, capsys: Capture) -> None:
    assert main(["config", "path"]) == 0
    assert capsys.readouterr().out == f"{places.config_file}\n"


@pytest.mark.parametrize(
    ("key", "printed"),
    [
        ("look.theme", "nord\n"),
        ("look.motion", "false\n"),
        ("fetch.days", "7\n"),
        ("fetch.categories", "cs.CL\nstat.ML\n"),
        ("mail.host", "\n"),
    ],
)
def test_one_setting_is_printed_as_scripts_want_it(key: str, printed: str, places: Places, capsys: Capture) -> None:
    write(places, '[look]\ntheme = "nord"\nmotion = false\n[fetch]\ncategories = ["cs.CL", "stat.ML"]\n')
    assert main(["config", "get", key]) == 0
    assert capsys.readouterr().out == printed


def test_one_setting_as_json(places: Places, capsys: Capture) -> None:
    write(places, '[fetch]\ncategories = ["cs.CL"]\n')
    assert main(["config", "get", "fetch.categories", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == ["cs.CL"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["get", "look.them"], "There is no setting “look.them”; did you mean “look.theme”?"),
        (["get", "zzz"], "There is no setting “zzz”; “paperdeck config” lists them."),
        (["get"], "“config get” needs the name of a setting, such as look.theme."),
        (["path", "look.theme"], "“config path” takes no further arguments."),
    ],
)
def test_what_cannot_be_told_is_one_sentence(words: list[str], says: str, capsys: Capture) -> None:
    assert main(["config", *words]) == 2
    assert capsys.readouterr() == ("", f"paperdeck: {says}\n")


def test_edit_makes_the_file_and_opens_it(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", 'sh -c \'printf "[look]\\nascii = true\\n" >> "$0"\'')
    assert (
        main(["config", "edit"]) == 1
    )  # the template has a [look] already: the file is wrong now, and that is reported
    assert places.config_file.read_text().startswith("# Settings for paperdeck.")
    write(places, "")
    assert main(["config", "edit"]) == 0
    assert load_settings(places.config_file)[0].look.ascii


def test_edit_says_at_once_what_cannot_be_used(
    places: Places, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "true")
    write(places, '[look]\nthem = "nord"\n[keys]\nstar = "m"\n')
    assert main(["config", "edit"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert main(["config"]) == 0
    assert capsys.readouterr().err.splitlines() == said
    assert said == [
        "paperdeck: config.toml: unknown setting “look.them”; did you mean “look.theme”?",
        "paperdeck: keys: “m” is both “star” and “mark-read”.",
    ]


def test_edit_without_an_editor_names_the_file(
    places: Places, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "/nonexistent/ed")
    assert main(["config", "edit"]) == 1
    assert f"edit {places.config_file} by other means" in capsys.readouterr().err
