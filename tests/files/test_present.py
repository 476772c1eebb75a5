"""What is at a path is answered without exceptions, and the reason is said by whoever opens the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.disk import files_in, is_file, is_folder, is_link, is_missing, is_there, read_file
from paperdeck.storage.files.documents import scan
from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.places import Places
from paperdeck.tui.__main__ import main
from tests.conftest import MakePaper
from tests.support.app_tools import fill
from tests.support.locked import locked

LONG = "x" * 300
"""A name that no file can have; asking for one fails as asking in a locked folder does."""


@pytest.fixture
def library(places: Places, make_paper: MakePaper) -> Library:
    library = fill(places, [make_paper(1)])
    library.mark(["2611.00001"], starred=True)
    return library


def test_what_cannot_be_known_is_neither_there_nor_missing(tmp_path: Path) -> None:
    assert is_missing(tmp_path / "none")
    assert not is_missing(tmp_path)

    with locked(tmp_path):
        found = [ask(tmp_path / "any") for ask in (is_there, is_missing, is_folder, is_file, is_link)]
        files = files_in(tmp_path, "*")
    assert (found, files) == ([False] * 5, [])


def test_a_broken_link_hides_none_of_the_files_beside_it(tmp_path: Path) -> None:
    for name in "abcdefgh":
        (tmp_path / name).touch()
    for name in "xyz":
        (tmp_path / name).symlink_to(tmp_path / "none" / name)
    (tmp_path / "round").symlink_to(tmp_path / "round")
    assert set(scan(tmp_path, lambda name: name != "home")) == {*"abcdefghxyz", "round"}
    for name in ("x", "round"):
        with pytest.raises(StoreError, match=f"{name} can't be read"):
            read_file(tmp_path / name)


def test_a_file_that_goes_while_a_folder_is_listed_hides_none_of_the_others(tmp_path: Path) -> None:
    for name in "abcdefgh":
        (tmp_path / name).touch()

    def first_removes_another(name: str) -> bool:
        if name in "abcdefgh" and not gone:
            gone.append(next(other for other in "ah" if other != name))
            (tmp_path / gone[0]).unlink()
        return len(name) == 1

    gone: list[str] = []
    assert set(scan(tmp_path, first_removes_another)) == {*"abcdefgh"} - {*gone}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["export", "is:starred", "-o", f"{LONG}.bib", "--keep"], f"{LONG}.bib was not saved: its name is too long."),
        (
            ["digest", "--until", "2026-11-22", "--send", f"maildir:/tmp/{LONG}"],
            f"The digest was not put into /tmp/{LONG}: File name too long.",
        ),
        (["notes", f"tag:{LONG}"], f"“tag:{LONG}” is a query; name a folder first: paperdeck notes FOLDER tag:{LONG}"),
        (["import", f"{LONG}.json"], f"{LONG}.json can't be read (File name too long)."),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_name_that_no_file_can_have_is_refused_in_a_sentence(
    library: Library, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(words) in (1, 2)
    assert capsys.readouterr().err.endswith(f"{said}\n")


def test_a_home_that_cannot_be_read_is_reported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PAPERDECK_HOME", f"/tmp/{LONG}")
    assert main(["list"]) == 1
    told = capsys.readouterr().err
    assert f"/tmp/{LONG}/data/marks can't be read: the system says “File name too long”.\n" in told
    assert "config.toml can't be read" in told
