"""What commands write, where, and how they say that an answer isn't whole."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shutil
import sys
import threading
from importlib.metadata import version
from pathlib import Path

import pytest

from paperdeck.storage.identifiers import is_paper_id
from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.places import Places
from paperdeck.tui.__main__ import main
from tests.conftest import MakePaper
from tests.support.app_tools import fill

Capture = pytest.CaptureFixture[str]
ONE = "2611.00001"
WRITERS = {
    "export": ["export", "--to", "bibtex", "-o"],
    "digest": ["digest", "--until", "2026-11-22", "-o"],
    "feed": ["feed", "-o"],
    "backup": ["backup"],
}


@pytest.fixture
def library(places: Places, make_paper: MakePaper) -> Library:
    library = fill(places, [make_paper(number) for number in (1, 2, 3)])
    library.mark([ONE], starred=True)
    return library


@pytest.mark.parametrize("words", WRITERS.values(), ids=WRITERS)
def test_a_foreign_file_is_replaced_only_by_force(
    library: Library, tmp_path: Path, capsys: Capture, words: list[str]
) -> None:
    file = tmp_path / "mine.txt"
    file.write_text("mine")
    file.chmod(0o600)
    assert main([*words, str(file)]) == 2
    assert capsys.readouterr().err == f"paperdeck: {file} already exists; choose another name or add --force.\n"
    assert file.read_text() == "mine"
    assert main([*words, str(file), "--force"]) == 0
    assert file.read_text() != "mine"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.with_name("mine.txt~").read_text() == "mine"


@pytest.mark.parametrize("words", WRITERS.values(), ids=WRITERS)
def test_a_pipe_is_written_into(library: Library, tmp_path: Path, words: list[str]) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    assert main([*words, str(pipe)]) == 0
    reader.join(10)
    assert got[0]
    assert pipe.is_fifo()


@pytest.mark.parametrize("words", WRITERS.values(), ids=WRITERS)
def test_our_own_files_are_not_a_place_to_write(library: Library, capsys: Capture, words: list[str]) -> None:
    marks, *_ = sorted(library.places.marks.rglob("*.json"))
    before = marks.read_bytes()
    assert main([*words, str(marks), "--force"]) == 2
    assert "paperdeck's own folder" in capsys.readouterr().err
    assert marks.read_bytes() == before


def test_a_tilde_before_a_file_name_is_the_home_folder(library: Library, tmp_path: Path) -> None:
    for words in WRITERS.values():
        assert main([*words, f"~/{words[0]}.out"]) == 0
        assert (tmp_path / "home" / f"{words[0]}.out").exists()


def test_a_backup_goes_in_place_of_the_one_before(library: Library, tmp_path: Path) -> None:
    for _ in range(2):
        assert main(["backup", str(tmp_path / "marks.json")]) == 0
    assert not (tmp_path / "marks.json~").exists()


# -- answers that aren't whole -----------------------------------------------------------------------------------------


@pytest.fixture
def half(library: Library) -> Library:
    """A library whose papers are gone while the marks are there."""
    shutil.rmtree(library.places.cache)
    return library


def test_a_list_of_starred_papers_says_which_are_missing(half: Library, capsys: Capture) -> None:
    assert main(["list", "is:starred"]) == 1
    assert capsys.readouterr().err == (
        f"paperdeck: 1 paper is missing from the library; “paperdeck add {ONE}” fetches it.\n"
    )
    assert main(["list"]) == 0


def test_a_feed_of_starred_papers_replaces_the_one_before_though_some_are_missing(
    half: Library, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "starred.xml"
    file.write_text("before", encoding="utf-8")
    assert main(["feed", "is:starred", "-o", str(file), "--force"]) == 1
    assert f"“paperdeck add {ONE}” fetches it" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8").startswith("<?xml")


def test_an_export_is_not_written_in_part(half: Library, tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "new.bib"
    assert main(["export", "is:starred", "-o", str(file)]) == 1
    assert not file.exists()
    assert main(["export", "is:starred", "-o", str(file), "--force"]) == 1
    assert file.exists()


@pytest.fixture
def unreadable(library: Library, monkeypatch: pytest.MonkeyPatch) -> Library:
    """A library whose marks can't be read."""
    real = os.scandir

    def refuse(path: object) -> object:
        if "marks" in str(path):
            raise PermissionError(13, "Permission denied")
        return real(path)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "scandir", refuse)
    monkeypatch.setattr(Path, "iterdir", lambda self: refuse(self))
    return library


@pytest.mark.parametrize("words", [["list"], ["list", "agents"], ["export", "--to", "json"], ["digest"], ["feed"]])
def test_an_answer_without_the_marks_is_a_failure(unreadable: Library, capsys: Capture, words: list[str]) -> None:
    assert main(words) == 1
    assert "can't be read" in capsys.readouterr().err


def test_a_kept_export_survives_the_loss_of_the_cache_and_says_so(
    library: Library, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "thesis.bib"
    assert main(["export", "is:starred", "-o", str(file), "--keep"]) == 0
    before = file.read_bytes()
    shutil.rmtree(library.places.cache)
    assert main(["exports", "--refresh"]) == 1
    assert f"{file} was left as it is: 1 paper is missing" in capsys.readouterr().err
    assert file.read_bytes() == before
    assert main(["exports", "--force"]) == 0
    assert file.with_name("thesis.bib~").read_bytes() == before


# -- how much is printed -----------------------------------------------------------------------------------------------


@pytest.fixture
def many(places: Places, make_paper: MakePaper) -> None:
    fill(places, [make_paper(number) for number in range(1, 71)])


def test_json_has_no_limit_unless_one_is_given(many: None, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["list", "--json"]) == 0
    assert len(json.loads(capfdbinary.readouterr().out)) == 70
    assert main(["list", "--json", "--limit", "3"]) == 0
    assert len(json.loads(capfdbinary.readouterr().out)) == 3


def test_a_list_that_was_cut_says_so_unless_it_is_quiet(many: None, capsys: Capture) -> None:
    assert main(["list"]) == 0
    assert capsys.readouterr().err == "50 papers, 50 unread, 0 starred. --limit N shows more or fewer.\n"


def test_a_quiet_list_is_all_ids_and_nothing_else(many: None, capsys: Capture) -> None:
    """For xargs."""
    assert main(["list", "--quiet"]) == 0
    captured = capsys.readouterr()
    ids = captured.out.splitlines()
    assert (len(ids), captured.err) == (70, "")
    assert all(is_paper_id(line) for line in ids)
    assert main(["list", "--plain", "-q", "--limit", "2"]) == 0
    assert capsys.readouterr().out.splitlines() == ids[:2]


def test_an_import_of_nothing_is_a_failure(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "x.txt").write_text("nothing that names a paper")
    assert main(["import", "--offline", str(tmp_path / "x.txt")]) == 1


def test_a_snapshot_of_one_paper_is_reported_in_the_singular(
    places: Places, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    paper = {"id": "0704.0001", "title": "T", "categories": "cs.CL", "versions": []}
    (tmp_path / "snap.jsonl").write_text(json.dumps(paper) + "\n")
    assert main(["import", "snap.jsonl"]) == 0
    estimate, progress, summary = capsys.readouterr().err.splitlines()
    assert estimate.startswith("About 1 paper. Disk space: 1 MB needed, ")
    assert (progress, summary) == ("1 of 1 MB, 1 new paper", "1 new paper from snap.jsonl.")


def test_the_doctor_names_what_a_bug_report_needs(library: Library, capsys: Capture) -> None:
    assert main(["doctor"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith(f"program: paperdeck {version('paperdeck')}, Python {platform.python_version()}, Textual ")
    assert main(["doctor", "--json"]) == 0
    assert ", ".join(json.loads(capsys.readouterr().out)["program"]) in last


@pytest.mark.parametrize(
    "settings",
    [
        *("[look\n", '[look]\nteme = "x"\n', '[look]\ntheme = "drakula"\n'),
        *('[mute]\nqueries = ["is:nothing"]\n', '[keys]\nfoo = "x"\n'),
    ],
)
def test_the_doctor_looks_at_the_settings(library: Library, capsys: Capture, settings: str) -> None:
    library.places.config.mkdir(parents=True)
    library.places.config_file.write_text(settings)
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "left: " in said
    assert said.startswith("problems remain: "), "“damaged: 212 files” sounded as if all of them were"


# -- the log -----------------------------------------------------------------------------------------------------------


def test_a_log_says_what_was_called_and_why_it_failed(library: Library, tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert main(["--log", str(log), "show", "2611.09999"]) == 1
    assert main(["list", "--log", str(log)]) == 0
    text = log.read_text(encoding="utf-8")
    assert text.count("paperdeck log, process ") == 2
    assert "NotFound: 2611.09999 is not in the library" in text
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_name_forges_no_line_of_a_log(library: Library, tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert main(["--log", str(log), "list", f"title:{HOSTILE}"]) == 0
    lines = log.read_text(encoding="utf-8").splitlines()
    assert all(line.isprintable() and not line.startswith("forged") for line in lines)
    assert any("called with" in line and "forged.bib" in line for line in lines)


def test_only_a_log_is_written_to(library: Library, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "mine").write_text("mine")
    assert main(["--log", str(tmp_path / "mine"), "list"]) == 2
    assert main(["--log", str(tmp_path), "list"]) == 1
    assert (tmp_path / "mine").read_text() == "mine"
    assert "Traceback" not in capsys.readouterr().err


# -- undo --------------------------------------------------------------------------------------------------------------


def test_the_newest_change_is_undone_and_redone(library: Library, places: Places, capsys: Capture) -> None:
    assert main(["star", "2611.00002"]) == 0
    assert main(["undo"]) == 1
    assert "add --yes" in capsys.readouterr().err
    assert Library(places).marks("2611.00002").starred
    assert main(["undo", "--yes"]) == 0
    assert "Undone: star" in capsys.readouterr().err
    assert not Library(places).marks("2611.00002").starred
    assert main(["redo", "--yes"]) == 0
    assert "Redone: star" in capsys.readouterr().err
    assert Library(places).marks("2611.00002").starred


def test_what_was_undone_last_is_redone_whatever_was_undone_before(library: Library, capsys: Capture) -> None:
    """A tag that was undone before the star was made again instead of the star."""
    for words in (["tag", "2611.00001", "t1"], ["undo", "-y"], ["star", "2611.00002"], ["undo", "-y"]):
        assert main(words) == 0
    assert main(["redo", "-y"]) == 0
    assert "Redone: star" in capsys.readouterr().err
    assert main(["redo", "-y"]) == 1, "the tag was undone before a later change"


def test_an_import_is_undone_with_the_papers_that_only_it_brought(
    library: Library, places: Places, tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "x.bib").write_text("@misc{a, title={A Paper of My Own}, author={Roe, Ann}, year=2020}")
    assert main(["import", "--offline", "--star", str(tmp_path / "x.bib")]) == 0
    (paper_id,) = capsys.readouterr().out.split()
    assert Library(places).paper(paper_id)
    assert main(["undo", "--yes"]) == 0
    assert Library(places).paper(paper_id) is None
    assert not Library(places).marks(paper_id).starred


def test_a_change_by_the_reader_is_called_one(library: Library, capsys: Capture) -> None:
    assert main(["undo"]) == 1
    assert ", by the reader, process " in capsys.readouterr().err


def test_without_a_change_there_is_nothing_to_undo(places: Places, capsys: Capture) -> None:
    assert main(["undo", "--yes"]) == 1
    assert main(["redo"]) == 1
    assert capsys.readouterr().err == "There is nothing to undo.\nThere is nothing to redo.\n"


def test_an_unknown_number_is_refused(library: Library, capsys: Capture) -> None:
    assert main(["undo", "999999"]) == 2


def test_the_history_lists_what_was_done(library: Library, capsys: Capture) -> None:
    assert main(["tag", ONE, "later", "thesis"]) == 0
    assert main(["tag", ONE, "new", "-later"]) == 0
    capsys.readouterr()
    assert main(["history"]) == 0
    lines = capsys.readouterr().out.splitlines()
    labels = "tag new and untag later", "tag later thesis"
    assert all(label in line for label, line in zip(labels, lines, strict=False)), "each change of tags names them"
    assert all(len(line.split("\t")) == 5 for line in lines)


# -- names of files can hold anything ----------------------------------------------------------------------------------

HOSTILE = "x\x1b]0;PWN\x07\x1b[31m\u202e\t\nforged.bib"
CALLS = [
    *(["import", HOSTILE], ["restore", HOSTILE], ["export", "-o", HOSTILE], ["backup", HOSTILE], ["exports"]),
    *(["exports", "--refresh"], ["exports", "--stop", HOSTILE], ["list", "--log", f"/no/{HOSTILE}"], ["doctor"]),
    *(["digest", "--until", "2026-11-22", "--send", f"maildir:{HOSTILE}"], ["unsubscribe", HOSTILE], ["paths"]),
    *(["config", "get", HOSTILE], ["venue", ONE, "--choose", HOSTILE], ["list"], ["undo"], ["history"], ["config"]),
    *(["config", "path"], [HOSTILE], ["list", f"--{HOSTILE}"]),
]


@pytest.mark.skipif(sys.platform == "win32", reason="such names are refused there")
@pytest.mark.parametrize("words", CALLS, ids=lambda words: " ".join(words)[:20].partition(" x")[0])
def test_no_name_reaches_the_terminal_as_a_command(
    library: Library,
    places: Places,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
    words: list[str],
) -> None:
    """Neither one of a folder that machines share, nor one of a file that somebody sent, nor one in the settings."""
    device = places.marks / f"{HOSTILE}dev-abcdef"
    device.mkdir(parents=True)
    (device / "2026-11.json").write_text("broken")
    (tmp_path / HOSTILE).write_text(f'@misc{{a\x1b]0;PWN\x07, title="A", eprint="{ONE}"}}')
    main(["import", str(tmp_path / HOSTILE), "--offline"])
    main(["export", "-o", str(tmp_path / f"kept{HOSTILE}"), "--keep"])
    monkeypatch.setenv("PAPERDECK_HOME", str(shutil.move(places.data.parent, tmp_path / f"home{HOSTILE}")))
    config = Places.find().config_file
    config.parent.mkdir(exist_ok=True)
    config.write_text('[[view]]\nname = "\\u001b[31mA"\nquery = "auther:\\u001b[31m"', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with contextlib.suppress(SystemExit):
        main(words)
    lines = "".join(capsys.readouterr()).split("\n")
    assert [line for line in lines if any(not char.isprintable() and char != "\t" for char in line)] == []
    assert [line for line in lines if line.startswith("forged")] == []
