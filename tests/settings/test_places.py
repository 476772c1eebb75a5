"""Where things are, platform by platform, and paths that a person wrote."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import platformdirs
import pytest

from paperdeck.storage.digest.delivery.mail import Mailer
from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.exchange.kept_exports import stop_keeping
from paperdeck.storage.settings.places import absolute, expanded
from paperdeck.storage.settings.settings import MailSettings, Places
from paperdeck.tui.__main__ import main

Machine = Callable[..., Path]
"""Makes this a machine of a platform whose custom is one folder for settings, data and state; returns that folder."""
NOBODYS = "~nobody-has-this-name/papers.bib"


def test_a_tilde_is_the_home_and_other_paths_stay() -> None:
    assert expanded("~/papers.bib") == Path.home() / "papers.bib"
    assert expanded(Path("a/~b")) == Path("a/~b")


def test_the_home_of_nobody_is_named() -> None:
    with pytest.raises(InvalidInput, match="no home folder “~nobody-has-this-name”"):
        expanded(NOBODYS)


def test_a_deleted_working_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(InvalidInput, match="The folder that you are in was deleted"):
        absolute("papers.bib")


@pytest.mark.parametrize("variable", ["PAPERDECK_HOME", "XDG_DATA_HOME"])
def test_a_file_in_place_of_our_folders_is_refused(variable: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(InvalidInput, match=f"{variable} is .*file, which is not a folder"):
        Places.find({variable: str(file)})


def test_the_home_of_nobody_does_not_crash_wherever_a_path_is_written(places: Places) -> None:
    for use in (
        lambda: Places.find({"PAPERDECK_HOME": NOBODYS}),
        lambda: Mailer(MailSettings()).check(f"maildir:{NOBODYS}"),
        lambda: stop_keeping(places, Path(NOBODYS)),
    ):
        with pytest.raises(InvalidInput):
            use()


@pytest.mark.parametrize("command", ["import", "backup", "restore"])
def test_the_home_of_nobody_is_a_usage_error_of_a_command(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, NOBODYS]) == 2
    assert capsys.readouterr().err.startswith("paperdeck: There is no home folder")


# -- platforms -----------------------------------------------------------------------------------------------------


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Machine:
    def make(platform: str) -> Path:
        monkeypatch.setattr(sys, "platform", platform)
        support = tmp_path / "Application Support" / "paperdeck"
        folders = {"config": support, "data": support, "state": support, "cache": tmp_path / "Caches" / "paperdeck"}
        for name, folder in folders.items():
            monkeypatch.setattr(platformdirs.PlatformDirs, f"user_{name}_path", folder)
        return support

    return make


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_where_the_custom_is_one_folder_there_are_four(machine: Machine, tmp_path: Path, platform: str) -> None:
    """On macOS people shared their settings, device name and locks together with their marks."""
    support = machine(platform)
    assert Places.find({}) == Places(support, support / "data", tmp_path / "Caches" / "paperdeck", support / "state")


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_marks_stay_where_an_earlier_version_put_them(machine: Machine, platform: str) -> None:
    support = machine(platform)
    (support / "marks").mkdir(parents=True)
    assert Places.find({}).data == support
    assert Places.find({}).state == support / "state"


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_the_xdg_variables_count_on_every_platform(machine: Machine, tmp_path: Path, platform: str) -> None:
    machine(platform)
    folders = {f"XDG_{name}_HOME": tmp_path / name.lower() for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    places = Places.find({name: str(folder) for name, folder in folders.items()})
    assert places == Places(*(folder / "paperdeck" for folder in folders.values()))


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_settings_may_stand_in_dot_config_and_move_no_marks(machine: Machine, tmp_path: Path, platform: str) -> None:
    machine(platform)
    before = Places.find({})
    dotted = Path.home() / ".config" / "paperdeck"
    dotted.mkdir(parents=True)
    assert Places.find({}) == Places(dotted, before.data, before.cache, before.state)
    elsewhere = Places.find({"XDG_CONFIG_HOME": str(tmp_path / "xdg")})
    assert elsewhere == Places(tmp_path / "xdg" / "paperdeck", before.data, before.cache, before.state)


def test_a_relative_variable_of_xdg_is_ignored(machine: Machine) -> None:
    support = machine("darwin")
    assert Places.find({"XDG_DATA_HOME": "share"}).data == support / "data"


def test_one_folder_for_several_variables_is_divided(tmp_path: Path) -> None:
    one = {f"XDG_{name}_HOME": str(tmp_path) for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    root = tmp_path / "paperdeck"
    assert Places.find(one) == Places(root, root / "data", root / "cache", root / "state")
