"""The program can be cited, too."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import pytest

from paperdeck.storage.cite.formats import FORMATS, cite
from paperdeck.storage.cite.own_citation import RELEASE_YEAR, own_work
from paperdeck.tui.__main__ import main

CHANGELOG = Path(__file__).resolve().parents[2] / "CHANGELOG.md"


def test_the_program_is_cited_with_the_version_that_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cite", "paperdeck"]) == 0
    entry = capsys.readouterr().out
    assert entry.startswith("@misc{paperdeck,\n")
    assert f"{{{version('paperdeck')}}}" in entry


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_can_cite_the_program(form: str) -> None:
    assert cite([own_work()], form).strip() or form in ("link", "abstract")


def test_reference_managers_take_it_for_software() -> None:
    assert "TY  - COMP\n" in cite([own_work()], "ris")
    assert '"type": "software"' in cite([own_work()], "csl-json")


def test_the_year_is_that_of_the_newest_release() -> None:
    newest = re.search(r"^## [\d.]+ – (\d{4})", CHANGELOG.read_text(encoding="utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == RELEASE_YEAR
