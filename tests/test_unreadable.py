"""Folders that can't be read: the reader goes on with what it has, and one sentence says why."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from paperdeck.storage.fetch.endpoints import Endpoints
from paperdeck.storage.fetch.full_text import stored_text, text_file, text_folder
from paperdeck.storage.fetch.http.download import is_pdf
from paperdeck.storage.library.citation_keys import citation_keys
from paperdeck.storage.library.library import Library
from paperdeck.storage.library.maintenance import check
from paperdeck.storage.paper import Paper
from paperdeck.storage.search.glance import last_fetch
from paperdeck.storage.settings.rules import load_rules
from paperdeck.storage.settings.settings import Places, load_settings
from paperdeck.tui.__main__ import main
from tests.conftest import MakePaper
from tests.support.app_tools import eventually, fill, reading, settled
from tests.support.locked import locked

PAPERS = ("2611.00001", "2611.00002", "2611.00003")


@pytest.fixture
def filled(places: Places, make_paper: MakePaper) -> Places:
    library = fill(places, [make_paper(number) for number in (1, 2, 3)])
    library.mark(PAPERS[:1], starred=True)
    return places


@pytest.mark.parametrize("inside", ["cache", "cache/papers", "state", "data"])
async def test_the_reader_goes_on_at_the_start_and_later(filled: Places, inside: str) -> None:
    folder = filled.data.parent / inside
    async with reading(filled) as (app, pilot):
        app.session.papers.read_rows(PAPERS)
        with locked(folder):
            app.session.papers.load()
            await pilot.press("j", "k", "3")
            await settled(pilot)
            assert len(app.session.results.ids) == len(PAPERS)
            assert app.session.marks.of(PAPERS[0]).starred
            assert app.session.papers.row(PAPERS[1]), "what was read before stays on the screen"
    with locked(folder):
        async with reading(filled) as (app, pilot):
            await eventually(lambda: app.main.footline.severe)
            await pilot.press("j", "k")
            await settled(pilot)
            assert app.main.papers.ids


@pytest.fixture
def promptly() -> Iterator[None]:
    """Break off what waits for a pipe."""

    def break_off(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, break_off)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def pipe_at(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    os.mkfifo(file)


def test_nothing_waits_for_a_pipe_in_place_of_a_file_of_ours(filled: Places, promptly: None) -> None:
    library = Library(filled)
    library.indexing.catch_up()
    [ledger] = (filled.cache / "ledger").iterdir()
    text = text_file(text_folder(filled), PAPERS[0])
    token = filled.data / "token"
    for file in (filled.config_file, filled.cache / "papers" / "2611" / "00.json", ledger, text, token):
        pipe_at(file)
    assert load_settings(filled.config_file)[1] == [
        f"The settings in {filled.config_file} can't be read (not a file); the defaults are used."
    ]
    assert load_rules(filled.config_file).complaints == ()
    assert library.papers(PAPERS) == {}
    assert last_fetch(filled.cache / "ledger") is None
    assert stored_text(text_folder(filled), PAPERS[0]) == ""
    assert not is_pdf(text)
    assert Endpoints.find({"HF_TOKEN_PATH": str(token)}).token is None
    library.indexing.close()


def test_marks_are_shown_though_their_backups_cannot_be_read(filled: Places) -> None:
    with locked(filled.state):
        assert Library(filled).marks(PAPERS[0]).starred


@pytest.mark.parametrize("name", ["keys", "rules", "2026-11"])
def test_a_file_of_the_journal_that_cannot_be_read_hides_nothing_of_the_others(places: Places, name: str) -> None:
    library = Library(places)
    for paper_id in ("2505.00001", "2611.00001"):
        library.mark([paper_id], starred=True)
    library.mute("org:x")
    citation_keys(library, [Paper(id="2505.00001", title="Sheep")])
    [path] = places.marks.glob(f"*/{name}.json")
    path.unlink()
    path.mkdir()
    library = Library(places)
    starred = {paper_id for paper_id, marks in library.all_marks().items() if marks.starred}
    assert starred == {"2505.00001"} | ({"2611.00001"} if name != "2026-11" else set())
    assert (library.rules().mute == ("org:x",)) == (name != "rules")
    library.given_keys()
    assert any(path.name in sentence for sentence in library.troubles)
    assert [sentence.count(path.name) for sentence in library.unreadable_files()] == [1]
    assert check(places).marks == len(starred)


@pytest.mark.parametrize("of", ["this device", "another"])
def test_marks_behind_a_broken_link_hide_no_others_and_leave_kept_files(filled: Places, of: str) -> None:
    """As git-annex leaves them, or an archived month on a disk that is not connected."""
    bib = filled.data.parent / "thesis.bib"
    assert main(["export", "is:starred", "-o", str(bib), "--keep"]) == 0
    before = bib.read_bytes()
    [own] = (filled.data / "marks").glob("*/2026-11.json")
    folder = own.parent if of == "this device" else filled.data / "marks" / "desk-1a2b3c"
    folder.mkdir(exist_ok=True)
    (link := folder / "2022-01.json").symlink_to("/nowhere/2022-01.json")
    library = Library(filled)
    assert library.marks(PAPERS[0]).starred
    assert set(library.all_marks()) == {PAPERS[0]}
    assert [str(link) in sentence for sentence in library.unreadable_files()] == [True]
    library.mark(PAPERS[1:2], starred=True)
    assert main(["exports", "--refresh"]) == 1
    assert bib.read_bytes() == before
    assert [main(["list", "is:starred"]) for _ in range(2)] == [1, 1], "not only the first time"
    report = check(filled)
    assert (report.repaired, len(report.left), report.marks) == ((), 1, 2)
    assert link.is_symlink()


def test_settings_behind_a_broken_link_do_not_silently_become_the_defaults(
    places: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    """As where the disk with the configuration is not connected."""
    places.config.mkdir(parents=True)
    places.config_file.symlink_to("/nowhere/config.toml")
    [reason] = load_settings(places.config_file)[1]
    assert reason.endswith("can't be read (a link to a file that is gone); the defaults are used.")
    assert check(places).left == (reason,)
    for words in (["list"], ["config"]):
        main(words)
        assert capsys.readouterr().err == f"paperdeck: {reason}\n"


def test_papers_behind_a_broken_link_hide_no_others(filled: Places) -> None:
    (link := filled.cache / "papers" / "2611" / "01.json").symlink_to("/nowhere/01.json")
    library = Library(filled)
    assert set(library.papers(PAPERS)) == set(PAPERS)
    library.indexing.catch_up()
    assert library.indexing.index.has_all(PAPERS)
    library.indexing.close()
    assert [main(["list"]) for _ in range(2)] == [1, 1]
    assert check(filled).left == (
        f"{link} can't be read: it is a link to a file that is gone; bring that back, or remove the link.",
    )


@pytest.mark.parametrize("place", ["cache", "cache/papers", "cache/ledger", "data", "data/marks"])
def test_a_file_in_place_of_a_folder_is_named(filled: Places, capsys: pytest.CaptureFixture[str], place: str) -> None:
    folder = filled.data.parent / place
    folder.rename(folder.with_name("away"))
    folder.write_text("")
    reason = f"{folder} can't be read: it is not a folder; move away what is there."
    for command in (["list", "is:starred"], ["status"], ["doctor"]):
        assert main(command) == 1
        told = capsys.readouterr()
        assert reason in told.err + told.out


def test_a_stray_file_among_the_folders_of_devices_is_harmless(filled: Places) -> None:
    (filled.data / "marks" / "README.txt").write_text("Do not delete.")
    assert (check(filled).state, Library(filled).unreadable_files()) == ("ok", [])


@pytest.fixture(params=["marks of this device", "ledger", "papers"])
def missing(request: pytest.FixtureRequest, filled: Places) -> Path:
    """A folder that will be locked."""
    if request.param.startswith("marks"):
        [device] = (filled.data / "marks").iterdir()
        return device
    return filled.cache / str(request.param)


def test_no_file_and_no_mail_is_written_from_what_is_left(
    filled: Places, missing: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = filled.data.parent
    monkeypatch.chdir(folder)
    commands = (
        ["feed", "is:starred", "-o", "f.xml", "--force"],
        ["digest", "is:starred", "-o", "d.md", "--period", "month", "--force"],
        ["digest", "is:starred", "--send", f"maildir:{folder / 'mail'}", "--force"],
    )
    assert main(commands[0]) == main(commands[1]) == 0
    before = {file: file.read_bytes() for file in (folder / "f.xml", folder / "d.md")}
    with locked(missing):
        for command in commands:
            capsys.readouterr()
            assert main(command) == 1
            assert "doctor" in capsys.readouterr().err
    assert {file: file.read_bytes() for file in before} == before
    assert not list((folder / "mail").rglob("*.*"))


def test_a_status_line_marks_the_numbers_that_may_be_wrong(
    filled: Places, missing: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = ["status", "--format", "{starred} {papers}"]
    assert main(shown) == 0
    assert capsys.readouterr().out == "1 3\n"
    with locked(missing):
        for _ in range(2):  # nothing is stored that would still be shown later
            assert main(shown) == 1
            first, second = capsys.readouterr().out.split()
            assert first.endswith("?")
            assert second.endswith("?")
        assert main(["status", "--json"]) == 1
        assert '"complete": false' in capsys.readouterr().out
    assert main(shown) == 0
    assert capsys.readouterr().out == "1 3\n"


def test_interests_that_cannot_be_read_are_not_reported_as_none(
    filled: Places, capsys: pytest.CaptureFixture[str]
) -> None:
    Library(filled).set_interest("world models")
    [device] = (filled.data / "marks").iterdir()
    with locked(device):
        assert main(["interests"]) == 1
    told = capsys.readouterr().err
    assert "can't be read" in told
    assert "There is no interest" not in told


def test_a_folder_is_reported_once_whatever_is_read_in_it(filled: Places) -> None:
    library = Library(filled)
    with locked(filled.cache):
        assert library.papers([*PAPERS, "2501.00001"]) == {}
        assert library.months() == []
        assert library.ledger.days("hf") == {}
    assert library.troubles == [f"{filled.cache} can't be read: permission is denied; check its permissions."]
    assert library.unreadable_files()
    assert list(library.papers(PAPERS)) == [*PAPERS]
