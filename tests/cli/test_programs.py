"""Papers handed to other programs: a folder of notes, Zotero."""

from __future__ import annotations

from pathlib import Path

import pytest

from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.__main__ import main
from tests.conftest import MakePaper
from tests.support.app_tools import fill
from tests.support.zotero import zotero_running

Capture = pytest.CaptureFixture[str]
ONE, TWO = "2611.00001", "2611.00002"


@pytest.fixture
def library(places: Places, make_paper: MakePaper) -> Library:
    return fill(places, [make_paper(1), make_paper(2, title="../../x\n---\nstarred: true")])


# -- notes -----------------------------------------------------------------------------------------------------------


def test_starred_papers_become_notes_that_follow_every_later_star(
    library: Library, tmp_path: Path, capsys: Capture
) -> None:
    vault = tmp_path / "vault"
    library.mark([ONE], starred=True)
    assert main(["notes", str(vault), "--keep"]) == 0
    assert "1 note in" in capsys.readouterr().err
    assert main(["star", TWO]) == 0
    assert main(["unstar", ONE]) == 0
    texts = "".join(path.read_text(encoding="utf-8") for path in sorted(vault.glob("*.md")))
    assert texts.count("\nstarred: true\n") == 1
    assert f'paperdeck: "{TWO}"' in texts
    assert sorted(path.suffix for path in vault.iterdir()) == [".md", ".md"]
    assert main(["exports"]) == 0
    assert capsys.readouterr().out == f"{vault}\tnotes\tis:starred\n"


def test_notes_can_be_written_once(library: Library, tmp_path: Path, capsys: Capture) -> None:
    assert main(["notes", str(tmp_path / "vault"), "lovelace"]) == 0
    assert "2 new, 0 updated, 0 up to date" in capsys.readouterr().err
    assert main(["exports"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "words", [["{deck}/data"], ["{tmp}/none/vault"], ["{tmp}/file"], ["{tmp}/is:starred", "{tmp}/vault"]]
)
def test_a_folder_that_cannot_hold_notes_is_one_sentence(
    library: Library, tmp_path: Path, capsys: Capture, words: list[str]
) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    deck = library.places.data.parent
    assert main(["notes", *(word.format(deck=deck, tmp=tmp_path) for word in words)]) in (1, 2)
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert captured.err.startswith("paperdeck: ")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "is:starred").exists(), "`notes is:starred vault` wrote a folder of this name"


# -- Zotero ----------------------------------------------------------------------------------------------------------


def test_papers_go_to_zotero_once(library: Library, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    with zotero_running() as zotero:
        monkeypatch.setenv("PAPERDECK_ZOTERO_ENDPOINT", zotero.address)
        assert main(["zotero", ONE, f"https://arxiv.org/abs/{TWO}"]) == 0
        assert "2 papers sent to Zotero" in capsys.readouterr().err
        assert main(["zotero", ONE]) == 0
        assert "1 paper sent before; --again" in capsys.readouterr().err
        assert main(["zotero", ONE, "2611.99999"]) == 1
    assert [item["id"] for item in zotero.items] == [ONE, TWO]


def test_without_zotero_the_command_fails_in_one_sentence(
    library: Library, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERDECK_ZOTERO_ENDPOINT", "http://127.0.0.1:9")
    assert main(["zotero", ONE]) == 1
    said = "paperdeck: Nothing was sent: Zotero isn't running here. Start Zotero and try again.\n"
    assert capsys.readouterr() == ("", said)
