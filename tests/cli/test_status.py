"""`paperdeck status`: what a status line shows, always right, and without slow imports."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from paperdeck.storage.files.small import remember
from paperdeck.storage.library.library import DayRecord, DayState, Library
from paperdeck.storage.search.glance import known_counts
from paperdeck.storage.settings.places import Places
from paperdeck.tui.__main__ import main
from paperdeck.tui.model.session import Session
from tests.conftest import MakePaper
from tests.support.app_tools import QUIET, fill

Capture = pytest.CaptureFixture[str]
ONE, TWO, THREE = "2611.00001", "2611.00002", "2611.00003"
NUMBERS = "{unread} {new} {starred} {papers}"


@pytest.fixture
def library(places: Places, make_paper: MakePaper) -> Library:
    """Three papers, which arrived since the last visit."""
    remember(places.visits, "at", "2026-01-01T00:00:00+00:00")
    return fill(places, [make_paper(number) for number in (1, 2, 3)])


def status(capsys: Capture, text: str = NUMBERS) -> str:
    code = main(["status", "--format", text])
    shown = capsys.readouterr().out.rstrip("\n")
    assert code == ("?" in shown)
    return shown


def test_the_numbers_follow_whatever_changes(library: Library, places: Places, capsys: Capture) -> None:
    """Twice each time: counted again, and from what was kept."""

    def now() -> str:
        first = status(capsys)
        assert status(capsys) == first
        return first

    assert now() == "3 3 0 3"
    library.mark([ONE], read=True, starred=True)
    assert now() == "2 3 1 3"
    [device] = places.marks.iterdir()
    links = [device / f"2022-0{month}.json" for month in range(1, 9)]
    for link in links:  # they hide no change beside them
        link.symlink_to("/nowhere")
    library.mark([TWO], hidden=True)
    assert now() == "1? 2? 1? 2?"
    for link in links:
        link.unlink()
    assert now() == "1 2 1 2"
    library.mute("id:2611.00003")
    assert now() == "0 1 1 1"
    places.config.mkdir(parents=True, exist_ok=True)
    places.config_file.write_text('[mute]\nqueries = ["id:2611"]\n')
    assert now() == "0 0 1 0"  # a starred paper is among the starred ones, muted or not
    places.config_file.unlink()
    places.index_file.unlink()
    assert now().split()[2] == "1"


def test_the_numbers_are_those_of_the_views(library: Library, capsys: Capture) -> None:
    library.mark([ONE], read=True, starred=True)
    library.mark([TWO], hidden=True, starred=True)
    library.mute("id:2611.00003")
    counted = [int(number) for number in status(capsys).split()]
    for number, query in zip(counted, ("is:unread", "is:new", "is:starred", ""), strict=True):
        assert main(["list", "--json", *([query] if query else [])]) == 0
        assert len(json.loads(capsys.readouterr().out)) == number, query


def test_what_was_kept_is_not_used_when_the_day_is_another(library: Library, places: Places, capsys: Capture) -> None:
    assert status(capsys) == "3 3 0 3"
    assert known_counts(places.index_file, "another day") is None
    places.index_file.write_bytes(b"no index")
    assert known_counts(places.index_file, "any") is None
    assert status(capsys) == "3 3 0 3"


def test_nothing_slow_is_imported_when_nothing_has_changed(library: Library, capsys: Capture) -> None:
    assert status(capsys, "{unread}") == "3"
    script = (
        "import sys; from paperdeck.tui.__main__ import main; main(['status', '--format', '{unread}']);"
        "print(*sorted({name.partition('.')[0] for name in sys.modules} & "
        "{'tinydb', 'orjson', 'httpx', 'textual', 'rich', 'filelock', 'platformdirs', 'asyncio', 'logging',"
        " 'dataclasses', 'difflib'}));"
        "print(*sorted(name for name in sys.modules if name.startswith('paperdeck.storage.')))"
    )
    ran = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)
    unread, libraries, ours = ran.stdout.splitlines()
    assert (unread, libraries) == ("3", "")
    assert not [name for name in ours.split() if "library" in name or "query" in name or "index" in name]


@pytest.mark.parametrize(
    ("minutes", "age"), [(0, "0m"), (59, "59m"), (61, "1h"), (47 * 60 + 5, "47h"), (49 * 60, "2d"), (-90, "0m")]
)
def test_the_last_fetch_is_shown_by_its_age(minutes: int, age: str, library: Library, capsys: Capture) -> None:
    at = (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat(timespec="seconds")
    library.ledger.record(
        DayRecord(source="arxiv:cs.CL", day=datetime.now(UTC).date(), state=DayState.EMPTY, fetched_at=at)
    )
    assert status(capsys, "{age}") == age


def test_a_fetch_that_failed_does_not_count(library: Library, places: Places, capsys: Capture) -> None:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    day = datetime.now(UTC).date()
    library.ledger.record(DayRecord(source="hf", day=day, state=DayState.FAILED, fetched_at=at, error="No connection."))
    assert main(["status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["fetched"] == "2026-11-20T09:00:00+00:00"


def test_an_empty_library_has_no_fetch_and_no_papers(places: Places, capsys: Capture) -> None:
    assert status(capsys, "{unread}|{new}|{foryou}|{fetched}|{age}") == "0|0|||"


def test_all_fields_and_json(library: Library, capsys: Capture) -> None:
    assert main(["status"]) == 0
    rows = dict(line.split("\t") for line in capsys.readouterr().out.splitlines())
    assert list(rows) == ["unread", "new", "foryou", "starred", "papers", "fetched", "age"]
    assert main(["status", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == {
        "unread": 3, "new": 3, "foryou": None, "starred": 0, "papers": 3, "fetched": "2026-11-20T09:00:00+00:00",
        "complete": True,
    }  # fmt: skip


def test_what_is_for_you_are_the_unread_papers_that_fit_as_in_the_row_of_the_view(
    places: Places, make_paper: MakePaper, capsys: Capture
) -> None:
    """It was all of For you, which is nearly all that is unread."""
    today, robots = datetime.now(UTC).date(), "Grasping robots with soft fingers"
    papers = [make_paper(number, listed=today) for number in range(1, 41)]
    ages = {41: 0, 42: 0, 43: 5, 44: 9}
    papers += [make_paper(number, title=robots, listed=today - timedelta(days=age)) for number, age in ages.items()]
    library = fill(places, papers)
    assert status(capsys, "{foryou}") == ""
    library.mark(["2611.00041"], starred=True)
    assert [status(capsys, "{foryou} {starred}") for _ in range(2)] == ["2 1"] * 2
    session = Session(library, QUIET, places)
    session.tasting.follow()
    view = session.views.by_key("foryou")
    assert view and session.finder.count_picked(view) == 2
    library.mark(["2611.00042"], read=True)
    library.mark(["2611.00041"], starred=False)
    library.set_interest("robots")
    assert status(capsys, "{foryou} {starred}") == "2 0", "an interest is a taste too"


def test_braces_and_unknown_fields(library: Library, capsys: Capture) -> None:
    assert status(capsys, "{{unread}} {unread}") == "{unread} 3"
    assert main(["status", "--format", "{unred}"]) == 2
    assert "There is no field “{unred}”; there are unread, new, foryou" in capsys.readouterr().err
