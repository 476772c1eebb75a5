"""The command line: plain data on stdout, messages on stderr, and an exit code that a script can trust."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import paperdeck.tui as tui
from paperdeck.storage.errors import Unreachable
from paperdeck.storage.fetch.fetcher import Fetcher
from paperdeck.storage.fetch.http.lanes import Waiting
from paperdeck.storage.fetch.run import Progress
from paperdeck.storage.fetch.single_papers import LookupResult
from paperdeck.storage.library.library import Library
from paperdeck.storage.library.maintenance import write_backup
from paperdeck.storage.paper import Paper
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.__main__ import _options, main
from paperdeck.tui.cli.fetch import Bar
from paperdeck.tui.cli.parser import build_parser
from tests.support.app_tools import fill
from tests.support.hub import FakeHub, item
from tests.test_paper import DOCUMENTED_KEYS

MakePaper = Callable[..., Paper]
Capture = pytest.CaptureFixture[str]

ONE, TWO, THREE = "2611.00001", "2611.00002", "2611.00003"
SHELF_PAPER = "2407.01449"


@pytest.fixture
def library(places: Places, make_paper: MakePaper) -> Library:
    """A library of three papers; the second one is a day older."""
    papers = [make_paper(1), make_paper(2, listed=date(2026, 11, 19), upvotes=50), make_paper(3)]
    return fill(places, papers)


def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with Python's usual buffering."""
    root = str(Path(tui.__file__).parent.parent)
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    environ |= {"PYTHONPATH": root, **options.pop("environ", {})}
    return subprocess.run(
        [sys.executable, "-m", "paperdeck.tui", *arguments], env=environ, stderr=subprocess.PIPE, text=True, **options
    )


def printed(capsys: Capture, *arguments: str) -> str:
    """The output of a command that succeeds."""
    assert main(arguments) == 0
    return capsys.readouterr().out


def as_json(*arguments: str) -> Any:
    """What a command prints as JSON."""
    ran = run(*arguments, "--json", stdout=subprocess.PIPE)
    assert (ran.returncode, ran.stderr) == (0, "")
    return json.loads(ran.stdout)


def refused(capsys: Capture, *arguments: str) -> tuple[int, str]:
    """The exit code and the one sentence of a command that fails; no data is printed."""
    code = main(arguments)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("paperdeck: ")
    assert captured.err.count("\n") == 1
    return code, captured.err.removeprefix("paperdeck: ").strip()


def set_up(places: Places, settings: str) -> None:
    """Write the settings file."""
    places.config.mkdir(parents=True)
    places.config_file.write_text(settings, encoding="utf-8")


# -- list ------------------------------------------------------------------------------------------------------------


def test_the_newest_papers_come_first(library: Library, capsys: Capture) -> None:
    lines = printed(capsys, "list").splitlines()
    assert [line.split("\t")[0] for line in lines] == [THREE, ONE, TWO]


def test_a_pipe_gets_columns_between_tabs_and_no_colour(library: Library) -> None:
    ran = run("list", "--limit", "1", stdout=subprocess.PIPE)
    assert ran.stdout == f"{THREE}\t2026-11-20\t3\t\t深度学习 for Bibliographies 3\tAda Lovelace et al.\n"
    assert "\x1b" not in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (["bibliographies"], [THREE]),
        (["sort:upvotes"], [TWO, THREE, ONE]),
        (["sort:upvotes", "--limit", "1"], [TWO]),
        (["is:starred"], [TWO]),
        (["-is:starred", "author:lovelace"], [THREE, ONE]),
        (["lovelace", "-bibliographies"], [ONE, TWO]),
        (["lovelace", "--limit", "1", "sort:upvotes"], [TWO]),
        (["lovelace", "--limit", "2", "-bibliographies", "sort:-upvotes"], [ONE, TWO]),
        (["nothing", "of", "the", "kind"], []),
    ],
)
def test_a_query_chooses_and_orders(library: Library, capsys: Capture, arguments: list[str], ids: list[str]) -> None:
    library.mark([TWO], starred=True)
    lines = printed(capsys, "list", *arguments).splitlines()
    assert [line.split("\t")[0] for line in lines] == ids


def test_upvotes_that_no_source_gave_are_not_zero(places: Places, make_paper: MakePaper, capsys: Capture) -> None:
    fill(places, [make_paper(number, upvotes=upvotes) for number, upvotes in enumerate((None, 0, 1), 1)])
    lines = printed(capsys, "list", "sort:upvotes").splitlines()
    assert [line.split("\t")[2] for line in lines] == ["1", "0", ""]


def test_a_list_says_which_papers_were_withdrawn(places: Places, make_paper: MakePaper, capsys: Capture) -> None:
    fill(places, [make_paper(number, title="A title", withdrawn=number == 2) for number in (1, 2)])
    lines = printed(capsys, "list").splitlines()
    assert {line.split("\t")[4] for line in lines} == {"A title", "(withdrawn) A title"}


def test_hidden_papers_are_left_out_unless_asked_for(library: Library, capsys: Capture) -> None:
    library.mark([THREE], hidden=True)
    assert THREE not in printed(capsys, "list")
    assert THREE not in printed(capsys, "list", "lovelace")
    assert THREE in printed(capsys, "list", "is:hidden")


@pytest.mark.parametrize("words", [[], ["--limit", "2"], ["lovelace"]])
def test_muted_papers_are_left_out(library: Library, places: Places, capsys: Capture, words: list[str]) -> None:
    set_up(places, '[mute]\nqueries = ["bibliographies"]')
    lines = printed(capsys, "list", *words).splitlines()
    assert [line.split("\t")[0] for line in lines] == [ONE, TWO]


def test_json_is_an_array_with_every_promised_key(library: Library) -> None:
    library.mark([ONE], starred=True, add_tags=["later"], note="a note")
    listed = as_json("list")
    assert [entry["id"] for entry in listed] == [THREE, ONE, TWO]
    assert all(entry.keys() >= DOCUMENTED_KEYS for entry in listed)
    one = listed[1]
    assert (one["published"], one["listed"]) == ("2026-11-18", "2026-11-20")
    assert (one["starred"], one["read"], one["tags"], one["note"]) == (True, False, ["later"], "a note")
    assert (one["submitter"], one["code_url"]) == (None, None)


def test_an_empty_library_is_an_empty_list(capsys: Capture) -> None:
    assert printed(capsys, "list") == ""
    assert as_json("list") == []


# -- show and cite ---------------------------------------------------------------------------------------------------


def test_a_paper_is_shown_as_plain_text(library: Library, capsys: Capture) -> None:
    library.mark([TWO], starred=True, add_tags=["later"])
    text = printed(capsys, "show", "https://arxiv.org/abs/2611.00002v1")
    assert text.startswith("Learning to Rank Cats by O(n²) Comparisons 2\n")
    for words in ("Ada Lovelace, Author Number2", "2026-11-19", "starred", "later", "find that it behaves."):
        assert words in text


def test_a_shown_paper_as_json_is_an_object(library: Library) -> None:
    shown = as_json("show", ONE)
    assert shown["id"] == ONE
    assert shown.keys() >= DOCUMENTED_KEYS


def test_citing_gives_each_paper_an_entry_with_a_key_of_its_own(library: Library, capsys: Capture) -> None:
    text = printed(capsys, "cite", ONE, TWO, THREE)
    keys = [line.split("{")[1].rstrip(",") for line in text.splitlines() if line.startswith("@")]
    assert len(set(keys)) == 3
    assert text.count("eprint") == 3


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(("form", "keys"), [("apa", 0), ("link", 0), ("csl-json", 1), ("bibtex-ascii", 1)])
def test_a_paper_gets_a_key_when_it_is_cited_by_one(places: Places, capsys: Capture, form: str, keys: int) -> None:
    printed(capsys, "cite", ONE, "--to", form)
    assert len(Library(places).given_keys()) == keys


def test_the_starter_shelf_can_be_shown_and_cited(capsys: Capture) -> None:
    assert "ColPali" in printed(capsys, "show", SHELF_PAPER)
    assert SHELF_PAPER in printed(capsys, "cite", SHELF_PAPER)


# -- marks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "opposite", "mark"),
    [("star", "unstar", "starred"), ("read", "unread", "read"), ("hide", "unhide", "hidden")],
)
def test_a_mark_is_set_and_removed(
    library: Library, places: Places, capsys: Capture, command: str, opposite: str, mark: str
) -> None:
    assert main([command, ONE, f"https://huggingface.co/papers/{TWO}", ONE]) == 0
    assert capsys.readouterr() == ("", f"{command}: 2 changed\n")
    assert getattr(Library(places).marks(TWO), mark)
    assert main([opposite, ONE, TWO, THREE]) == 0
    assert capsys.readouterr().err == f"{opposite}: 2 changed\n"
    assert not Library(places).all_marks()


def test_one_unknown_paper_and_nothing_is_changed(library: Library, places: Places, capsys: Capture) -> None:
    assert refused(capsys, "star", ONE, "2611.09999")[0] == 1
    assert not Library(places).all_marks()


def test_tags_are_added_and_removed(library: Library, places: Places, capsys: Capture) -> None:
    assert main(["tag", ONE, "later", "#to read"]) == 0
    assert Library(places).marks(ONE).tags == {"later", "to-read"}
    assert main(["tag", ONE, "-later"]) == 0
    assert Library(places).marks(ONE).tags == {"to-read"}


@pytest.mark.parametrize("words", [["star", SHELF_PAPER], ["tag", SHELF_PAPER, "later"]])
def test_a_paper_of_the_shelf_that_is_marked_stays(words: list[str], places: Places, capsys: Capture) -> None:
    assert main(words) == 0
    assert Library(places).paper(SHELF_PAPER)
    assert Library(places).marks(SHELF_PAPER)


# -- exports that are kept up to date ----------------------------------------------------------------------------------


@pytest.fixture
def kept(library: Library, tmp_path: Path, capsys: Capture) -> Path:
    """A file that is kept up to date with the stars."""
    path = tmp_path / "starred.bib"
    assert main(["export", "is:starred", "-o", str(path), "--keep"]) == 0
    capsys.readouterr()
    return path


def test_a_kept_export_follows_every_change_of_marks(kept: Path, tmp_path: Path, capsys: Capture) -> None:
    assert main(["star", ONE]) == 0
    assert ONE in kept.read_text(encoding="utf-8")
    assert main(["unstar", ONE]) == 0
    assert ONE not in kept.read_text(encoding="utf-8")
    (tmp_path / "ids.txt").write_text(TWO)
    assert main(["import", str(tmp_path / "ids.txt"), "--star", "--offline"]) == 0
    assert TWO in kept.read_text(encoding="utf-8")


def test_an_import_without_a_network_marks_what_is_there(
    library: Library, places: Places, tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "ids.txt").write_text(f"{TWO}\n2611.09999\n")
    assert main(["import", str(tmp_path / "ids.txt"), "--star", "--offline"]) == 0
    assert "1 to be completed at the next connection" in capsys.readouterr().err
    assert Library(places).marks(TWO).starred
    assert Library(places).marks("2611.09999").starred


def test_restored_stars_are_in_a_kept_export(library: Library, places: Places, kept: Path, tmp_path: Path) -> None:
    elsewhere = Library(Places.find({"PAPERDECK_HOME": str(tmp_path / "elsewhere")}))
    elsewhere.mark([THREE], starred=True)
    write_backup(elsewhere, tmp_path / "marks.json")
    assert main(["restore", str(tmp_path / "marks.json")]) == 0
    assert THREE in kept.read_text(encoding="utf-8")


def test_a_kept_export_lacks_what_an_undone_import_brought(library: Library, tmp_path: Path, capsys: Capture) -> None:
    """The papers were said to be missing, and the file was left as it was for good."""
    library.mark([ONE], add_tags=["thesis"])
    path, more = tmp_path / "thesis.bib", tmp_path / "more.bib"
    more.write_text("@book{k, author={Roe, Ann}, title={On the growth of things}, year={2019}}")
    assert main(["export", "tag:thesis", "-o", str(path), "--keep"]) == 0
    assert main(["import", str(more), "--tag", "thesis", "--offline"]) == 0
    assert "On the growth of things" in path.read_text(encoding="utf-8")
    capsys.readouterr()
    assert main(["undo", "--yes"]) == 0
    assert "missing" not in capsys.readouterr().err
    assert path.read_text(encoding="utf-8").count("@") == 1


def test_a_kept_export_that_cannot_be_written_is_reported_and_the_mark_stays(
    places: Places, kept: Path, capsys: Capture
) -> None:
    kept.write_text("somebody else's")
    assert main(["star", ONE]) == 0
    assert "was left alone" in capsys.readouterr().err
    assert Library(places).marks(ONE).starred


# -- the rest --------------------------------------------------------------------------------------------------------


def test_paths_are_printed(places: Places, capsys: Capture) -> None:
    lines = dict(line.split("\t") for line in printed(capsys, "paths").splitlines())
    assert lines["data"] == str(places.data)
    assert as_json("paths") == lines


def test_keys_are_printed_as_the_reader_set_them(places: Places, capsys: Capture) -> None:
    set_up(places, '[keys]\nstar = "asterisk"\nstarr = "z"')
    assert main(["keys"]) == 0
    captured = capsys.readouterr()
    assert "star\tasterisk\tStar the paper, or remove the star\tmain screen, full text or discussion\n" in captured.out
    assert captured.err == "keys: there is no action “starr”; did you mean “star”?\n"


def test_each_key_is_printed_with_the_places_where_it_works(capsys: Capture) -> None:
    """`y`, “copy the text of the page”, stood beside the digest's keys, and did nothing there."""
    lines = printed(capsys, "keys").splitlines()
    assert "copy-page\ty\tCopy the text of the page\tother page of text" in lines
    assert all(len(line.split("\t")) == 4 and line[-1] != "\t" for line in lines)


def test_settings_are_printed_with_their_defaults(places: Places, capsys: Capture) -> None:
    set_up(places, '[look]\ntheme = "nord"\nteme = "x"')
    assert main(["config"]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith(f"file\t{places.config_file}\n")
    assert 'look.theme\t"nord"\t"paperdeck-dark"\n' in captured.out
    assert "look.ascii\tfalse\tfalse\n" in captured.out
    assert "did you mean “look.theme”?" in captured.err


def test_settings_as_json_are_an_object(places: Places) -> None:
    found = as_json("config")
    assert found["file"] == str(places.config_file)
    assert {"name": "fetch.days", "value": 7, "default": 7} in found["settings"]


def test_the_bar_shows_a_rate_once_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 0.5, 3.0])
    monkeypatch.setattr("paperdeck.tui.cli.fetch.monotonic", lambda: next(clock))
    bar = Bar()
    assert bar.counted(100) == "100 papers"
    assert bar.counted(1200) == "1,200 papers (400/s)"


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize(
    "command", ["add 2611.00001", "fetch --days 1", "cite --complete 2611.00001", "pack since:2020", "import refs.bib"]
)
def test_a_wait_for_a_source_is_shown_in_place_on_a_terminal_alone(
    command: str,
    terminal: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
    places: Places,
    make_paper: MakePaper,
    tmp_path: Path,
) -> None:
    """A hub that hung or answered 503 left the terminal empty for a minute."""
    Library(places).add([make_paper(1)], "hf")
    monkeypatch.chdir(tmp_path)
    Path("refs.bib").write_text("@misc{a, title={One}, eprint={2611.00002}}")
    waits = iter([Waiting("", "hub.test", 4.0, "hub.test answered 503"), None, Waiting("", "hub.test", 2.0), None])
    monkeypatch.setattr(Fetcher, "waiting", property(lambda _: next(waits, None)))
    monkeypatch.setattr("paperdeck.tui.cli.fetch.WAIT_SECONDS", 0.0, raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)

    async def some_time(*_: object, **__: object) -> LookupResult:
        for _turn in range(9):
            await asyncio.sleep(0)
        return LookupResult((), (), (), ())

    async def events(*_: object, **__: object) -> AsyncGenerator[Progress, None]:
        await some_time()
        yield Progress(source="hf", label="today")

    for slow in ("add", "full_text", "fetch_awaited"):
        monkeypatch.setattr(Fetcher, slow, some_time)
    monkeypatch.setattr(Fetcher, "refresh", events)
    main(command.split())
    said = capsys.readouterr().err
    drawn = [words for words in said.split("\r\x1b[K") if "hub.test" in words]
    waits_shown = ["hub.test answered 503, again in 4 s; ctrl+c stops", "waiting for hub.test, 2 s; ctrl+c stops"]
    assert drawn == (waits_shown if terminal else [])


@pytest.mark.parametrize("options", [[], ["--star", "--tag", "later"]])
def test_a_paper_that_was_added_goes_when_that_is_undone(
    options: list[str], monkeypatch: pytest.MonkeyPatch, capsys: Capture, places: Places, make_paper: MakePaper
) -> None:
    Library(places).add([make_paper(2)], "hf")

    async def look_up(fetcher: Fetcher, _: object) -> LookupResult:
        added = Library(places).add([make_paper(1), make_paper(2)], "arxiv")
        return LookupResult(added.new, added.changed, (), ())

    monkeypatch.setattr(Fetcher, "add", look_up)
    assert main(["add", "2611.00001", "2611.00002", *options]) == 0
    assert Library(places).paper("2611.00001")
    assert main(["undo", "--yes"]) == 0
    assert list(Library(places).papers(["2611.00001", "2611.00002"])) == ["2611.00002"]
    assert Library(places).all_marks() == {}
    assert main(["redo", "--yes"]) == 0
    assert Library(places).paper("2611.00001")
    assert bool(Library(places).all_marks()) == bool(options)
    capsys.readouterr()


@pytest.mark.parametrize("known", [True, False])
def test_a_paper_is_added_while_the_marks_are_gone(
    known: bool, monkeypatch: pytest.MonkeyPatch, capsys: Capture, places: Places, make_paper: MakePaper
) -> None:
    Library(places).mark(["2611.00009"], starred=True)
    places.marks.rename(places.data / "elsewhere")

    async def look_up(fetcher: Fetcher, _: object) -> LookupResult:
        added = Library(places).add([make_paper(1)], "arxiv")
        return LookupResult(added.new, added.changed, (), ())

    monkeypatch.setattr(Fetcher, "add", look_up)
    if known:
        Library(places).add([make_paper(1)], "arxiv")
    assert main(["add", "2611.00001"]) == (0 if known else 1)
    printed = capsys.readouterr()
    assert printed.out == "2611.00001\n"
    assert ("is gone; restore it" in printed.err) != known


@pytest.mark.parametrize("terminal", [True, False])
def test_a_failure_is_reported_once_all_else_was_tried(
    terminal: bool, monkeypatch: pytest.MonkeyPatch, capsys: Capture, places: Places
) -> None:
    """“Could not fetch …: answered 503” after the first day of six looked like the end, a minute before it."""
    error = Unreachable("hub.test answered 503", task="fetch Daily Papers")
    tried: list[str] = []

    async def events(*_: object, **__: object) -> AsyncGenerator[Progress, None]:
        for label in ("today", "yesterday"):
            assert "Could not" not in capsys.readouterr().err
            tried.append(label)
            yield Progress(source="hf", label=label, error=error)

    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    monkeypatch.setattr(Fetcher, "refresh", events)
    assert main(["fetch"]) == 1
    said = capsys.readouterr().err
    assert tried == ["today", "yesterday"]
    assert said.count(str(error)) == 1
    assert "Nothing new" not in said


def test_the_bar_comes_back_after_a_wait_that_is_cut_at_the_edge(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    bar = Bar()
    bar.is_shown = True
    bar.show(1, 2, "today")
    bar.wait("waiting for hub.test, 2 s")
    bar.wait("")
    shown, wait, again = capsys.readouterr().err.split("\r\x1b[K")[1:]
    assert (wait, again) == ("waiting for hub.tes", shown)
    assert len(shown) == len(wait), "a wider line would leave a part of itself behind"


def test_the_version_is_printed(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(["--version"])
    assert leaving.value.code == 0
    assert capsys.readouterr().out.startswith("paperdeck ")


def test_fetching_prints_a_line_a_day_in_a_pipe(
    monkeypatch: pytest.MonkeyPatch, places: Places, capsys: Capture
) -> None:
    today = datetime.now(UTC).date()
    hub = FakeHub(today)
    hub.list_day(today, item("2611.00007", "Fresh"))
    hub.start()
    try:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        lines = printed(capsys, "fetch", "--days", "1").splitlines()
    finally:
        hub.stop()
    assert [today.isoformat() in line for line in lines] == [True]
    assert Library(places).paper("2611.00007")


def test_a_fetch_that_fails_says_so(capsys: Capture) -> None:
    assert main(["fetch", "--days", "1"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("paperdeck: ")


# -- mistakes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [[], ["--category", "cs.*"]])
def test_a_file_that_is_not_there_is_called_missing(capsys: Capture, tmp_path: Path, more: list[str]) -> None:
    """With `--category`, the folder was said to be gone."""
    file = tmp_path / "refs.bib"
    assert refused(capsys, "import", str(file), *more) == (2, f"There is no file {file}; check its name.")


@pytest.mark.parametrize("command", ["show", "cite", "star", "unhide"])
def test_an_unknown_paper_is_named_with_a_remedy(library: Library, capsys: Capture, command: str) -> None:
    code, sentence = refused(capsys, command, "2611.09999")
    assert code == 1
    assert sentence.startswith("2611.09999 is not in the library; “paperdeck add 2611.09999” adds it.")


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "nonsense"],
        ["star", ONE, "\x1b[31m"],
        ["list", "nofield:x"],
        ["tag", ONE, "#"],
        ["fetch", "--until", "2026-11-01"],
        ["digest", "--until", "2999-12-22"],
    ],
)
def test_what_cannot_be_understood_is_a_usage_error(library: Library, capsys: Capture, arguments: list[str]) -> None:
    code, sentence = refused(capsys, *arguments)
    assert code == 2
    assert sentence.isprintable()


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["list", "--limit", "0"],
        ["list", "--limit", "1", "--frobnicate"],
        ["fetch", "--days", "x"],
        ["fetch", "--days", "1", "agents"],
        ["show"],
    ],
)
def test_a_wrong_call_is_a_usage_error(capsys: Capture, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(arguments)
    assert leaving.value.code == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("usage: paperdeck")


def test_debug_shows_where_it_failed(library: Library) -> None:
    ran = run("--debug", "show", "2611.09999", stdout=subprocess.PIPE)
    assert ran.returncode == 1
    assert "Traceback" in ran.stderr


def test_without_a_terminal_the_reader_says_one_sentence(capsys: Capture) -> None:
    code, sentence = refused(capsys)
    assert code == 2
    assert "needs a terminal" in sentence


# -- pipes and locales -----------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise on Windows")
@pytest.mark.parametrize("arguments", [["list"], ["list", "--json"], ["show", ONE], ["--version"], ["--help"]])
def test_a_reader_who_has_gone_is_not_an_error(library: Library, arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ran = run(*arguments, stdout=writing)
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_locale_that_cannot_spell_a_title_does_not_crash(library: Library) -> None:
    ran = run("list", "bibliographies", stdout=subprocess.PIPE, environ={"PYTHONIOENCODING": "ascii"})
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "???? for Bibliographies 3" in ran.stdout


def test_json_is_utf8_in_any_locale(library: Library) -> None:
    root = str(Path(tui.__file__).parent.parent)
    environ = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONPATH": root}
    ran = subprocess.run(
        [sys.executable, "-m", "paperdeck.tui", "list", "--json"], env=environ, capture_output=True, check=True
    )
    assert "深度学习 for Bibliographies 3" in ran.stdout.decode("utf-8")


def test_no_words_mean_what_the_parser_makes_of_them() -> None:
    parsed, plain = vars(build_parser(()).parse_args([])), vars(_options(()))
    assert {name: parsed[name] for name in plain if name != "run"} == {n: v for n, v in plain.items() if n != "run"}
