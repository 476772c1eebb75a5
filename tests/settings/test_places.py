"""Paths that a person wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from paperdeck.storage.digest.delivery.mail import Post
from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.exchange.kept_exports import stop_keeping
from paperdeck.storage.settings.places import expanded
from paperdeck.storage.settings.settings import MailSettings, Places
from paperdeck.tui.__main__ import main

NOBODYS = "~nobody-has-this-name/papers.bib"


def test_a_tilde_is_the_home_and_other_paths_stay() -> None:
    assert expanded("~/papers.bib") == Path.home() / "papers.bib"
    assert expanded(Path("a/~b")) == Path("a/~b")


def test_the_home_of_nobody_is_named() -> None:
    with pytest.raises(InvalidInput, match="no home folder “~nobody-has-this-name”"):
        expanded(NOBODYS)


def test_the_home_of_nobody_is_no_crash_wherever_a_path_is_written(places: Places) -> None:
    for use in (
        lambda: Places.find({"PAPERDECK_HOME": NOBODYS}),
        lambda: Post(MailSettings()).check(f"maildir:{NOBODYS}"),
        lambda: stop_keeping(places, Path(NOBODYS)),
    ):
        with pytest.raises(InvalidInput):
            use()


@pytest.mark.parametrize("command", ["import", "backup", "restore"])
def test_the_home_of_nobody_is_a_usage_error_of_a_command(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, NOBODYS]) == 2
    assert capsys.readouterr().err.startswith("paperdeck: There is no home folder")
