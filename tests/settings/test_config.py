"""Settings: a slip in the file is reported and never locks anybody out; the token never shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import platformdirs
import pytest

from paperdeck.storage.settings.rules import load_rules
from paperdeck.storage.settings.settings import (
    FetchSettings,
    Places,
    Settings,
    load_settings,
    setting_values,
)

Load = Callable[[str], tuple[Settings, list[str]]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """A function that loads settings from a text."""

    def load(text: str) -> tuple[Settings, list[str]]:
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return load_settings(path)

    return load


# -- settings --------------------------------------------------------------------------------------------------------


def test_without_a_file_all_settings_have_their_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.toml") == (Settings(), [])


def test_an_empty_file_is_not_a_mistake(load: Load) -> None:
    assert load("") == (Settings(), [])


def test_the_byte_order_mark_of_an_editor_is_not_a_mistake(load: Load, tmp_path: Path) -> None:
    settings, complaints = load('\ufeff[look]\nascii = true\n[mute]\nqueries = ["cats"]')
    assert (settings.look.ascii, complaints) == (True, [])
    assert load_rules(tmp_path / "config.toml").mute == ("cats",)


def test_a_port_has_a_limit_of_its_own(load: Load) -> None:
    assert load("[mail]\nport = 65535")[0].mail.port == 65_535
    assert len(load("[mail]\nport = 65536")[1]) == 1


def test_text_with_a_null_character_is_refused(load: Load) -> None:
    settings, complaints = load('[files]\ndownloads = "\\u0000x"\n[fetch]\ncategories = ["cs\\u0000"]')
    assert (settings, len(complaints)) == (Settings(), 2)


def test_settings_are_read_and_the_others_keep_their_defaults(load: Load) -> None:
    settings, complaints = load(
        """
        [reading]
        read_after = 0
        [fetch]
        days = 14
        categories = ["cs.CL", "stat.ML"]
        [look]
        ascii = true
        [keys]
        star = "s,asterisk"
        """
    )
    assert complaints == []
    assert settings.reading.read_after == 0
    assert (settings.fetch.days, settings.fetch.categories) == (14, ("cs.CL", "stat.ML"))
    assert settings.fetch.every_minutes == Settings().fetch.every_minutes
    assert settings.look.ascii
    assert settings.keys == {"star": "s,asterisk"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[look]\nthem = 'x'", "unknown setting “look.them”; did you mean “look.theme”?"),
        ("[reeding]\nread_after = 1", "unknown setting “reeding”; did you mean “reading”?"),
        ("qqq = 1", "unknown setting “qqq”."),
        ('"\\u001b[31mred" = 1', "unknown setting “red”."),
        ("[fetch]\ndays = '7'", '“fetch.days” can\'t be "7"; 7 is used.'),
        ("[fetch]\ndays = 1.5", "“fetch.days” can't be 1.5; 7 is used."),
        ("[fetch]\ndays = -1", "“fetch.days” can't be -1; 7 is used."),
        ("[fetch]\ndays = 999999", "“fetch.days” can't be 999999; 7 is used."),
        ("[fetch]\nevery_minutes = inf", "“fetch.every_minutes” can't be inf; 30.0 is used."),
        ("[fetch]\nevery_minutes = nan", "“fetch.every_minutes” can't be nan; 30.0 is used."),
        (
            "[fetch]\ncategories = 'cs.CL'",
            '“fetch.categories” can\'t be "cs.CL"; it must be a list, such as ["cs.CL"].',
        ),
        (
            "[fetch]\ncategories = [1]",
            '“fetch.categories” can\'t be [1]; it must be a list, such as ["one", "two"].',
        ),
        ("[reading]\nread_after = true", "“reading.read_after” can't be true; 2.0 is used."),
        ("[look]\nascii = 1", "“look.ascii” can't be 1; false is used."),
        ("[look]\ntheme = 1", '“look.theme” can\'t be 1; "paperdeck-dark" is used.'),
        ("[keys]\nstar = 1", "“keys.star” can't be 1; it must be text in quotes."),
        ("[look]\ndensity = 9", "“look.density” can't be 9; 0 is used."),
        ("[mail]\nsecurity = 'ssl'", '“mail.security” can\'t be "ssl"; "starttls" is used.'),
        ("[files]\ndownloads = ''", '“files.downloads” can\'t be ""; "~/Papers" is used.'),
        ("[mail]\nca_file = 'ca.pem'", '“mail.ca_file” can\'t be "ca.pem"; "" is used.'),
        ("[files]\ndownloads = 'papers'", '“files.downloads” can\'t be "papers"; "~/Papers" is used.'),
        (
            "[open]\npdf = ['zathura', '{pdff}']",
            "open.pdf: “{pdff}” is not filled in here, only {pdf}, {pdf_url} and {url}.",
        ),
        ("[open]\nbrowser = ['x', '{title}']", "open.browser: “{title}” is not filled in here, only {url}."),
        ("reading = 3", "“reading” can't be 3; it must be a table, [reading]."),
    ],
)
def test_a_slip_is_reported_and_its_default_used(load: Load, text: str, complaint: str) -> None:
    assert load(text) == (Settings(), [f"config.toml: {complaint}"])


def test_a_slip_spoils_nothing_else(load: Load) -> None:
    settings, complaints = load("[fetch]\ndays = 'x'\nevery_minutes = 5\n[look]\nascii = true")
    assert (settings.fetch.days, settings.fetch.every_minutes, settings.look.ascii) == (7, 5.0, True)
    assert len(complaints) == 1


def test_one_wrong_key_spoils_no_other(load: Load) -> None:
    settings, complaints = load("[keys]\nstar = 5\nnext = 'J'")
    assert settings.keys == {"next": "J"}
    assert complaints == ["config.toml: “keys.star” can't be 5; it must be text in quotes."]


def test_tables_of_rules_are_left_to_the_rules(load: Load) -> None:
    assert load("[view]\ncats = 'title:cat'\n[mute]\nkeywords = ['x']\n[follow]\nauthors = ['y']") == (Settings(), [])


@pytest.mark.parametrize("content", [b"days = [", b"\xff\xfe\x00", b"a = 1\na = 2"])
def test_a_file_that_is_not_toml_gives_the_defaults_and_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    settings, [complaint] = load_settings(path)
    assert settings == Settings()
    assert str(path) in complaint
    assert "the defaults are used" in complaint


def test_a_folder_in_place_of_the_file_does_not_crash(tmp_path: Path) -> None:
    settings, complaints = load_settings(tmp_path)
    assert settings == Settings()
    assert len(complaints) == 1


def test_every_described_setting_can_be_set_to_its_default(load: Load) -> None:
    for name, value, default in setting_values(Settings()):
        section, key = name.split(".")
        assert value == default
        assert load(f"[{section}]\n{key} = {json.dumps(default)}") == (Settings(), []), name


def test_a_setting_is_described_with_its_value_and_its_default() -> None:
    settings = Settings(fetch=FetchSettings(days=3))
    assert ("fetch.days", 3, 7) in list(setting_values(settings))


# -- places ----------------------------------------------------------------------------------------------------------


def test_one_variable_puts_everything_under_one_folder(tmp_path: Path) -> None:
    places = Places.find({"PAPERDECK_HOME": str(tmp_path)})
    assert places == Places(tmp_path / "config", tmp_path / "data", tmp_path / "cache", tmp_path / "state")
    assert places.config_file == tmp_path / "config" / "config.toml"


def test_the_variable_may_be_relative_or_begin_with_a_tilde(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert Places.find({"PAPERDECK_HOME": "deck"}).data == tmp_path / "deck" / "data"
    assert Places.find({"PAPERDECK_HOME": "~/deck"}).data == Path.home() / "deck" / "data"


def test_without_it_the_platform_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(Path.home() / "elsewhere"))
    places = Places.find({"PAPERDECK_HOME": ""})
    assert places.data == platformdirs.user_data_path("paperdeck", appauthor=False)
    assert len({places.config, places.data, places.cache, places.state}) >= 3
    assert len({places.data, places.cache, places.state}) == 3
