"""`paperdeck digest` prints every format, and sends a period once and never half of it."""

import mailbox
from argparse import Namespace
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from paperdeck.storage.errors import ActionFailed
from paperdeck.storage.library.library import DayRecord, DayState, Library
from paperdeck.storage.search.query import QueryError
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.cli import fetch
from paperdeck.tui.cli.parser import build_parser
from tests.conftest import MakePaper
from tests.support.digests import parsed

UNTIL = ("--until", "2026-11-22")


def paperdeck(*words: str) -> int:
    options = build_parser(["digest", "fetch"]).parse_args(["digest", *UNTIL, *words])
    return int(options.run(options))


def no_fetch(monkeypatch: pytest.MonkeyPatch, run: Callable[[Namespace], int]) -> None:
    """Let another function run in place of `paperdeck fetch`."""
    monkeypatch.setitem(fetch.COMMANDS, "fetch", fetch.COMMANDS["fetch"]._replace(run=run))


@pytest.fixture
def stocked(places: Places, make_paper: MakePaper) -> Places:
    Library(places).add([make_paper(number) for number in range(1, 4)], "hf")
    return places


def test_the_command_sends_a_period_once(stocked: Places, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in ("was sent to", "before; --force sends it again"):
        assert paperdeck("--send", f"maildir:{tmp_path}/m") == 0
        assert words in capsys.readouterr().err
    assert len(mailbox.Maildir(tmp_path / "m")) == 1


def test_the_command_sends_nothing_where_nothing_matches(stocked: Places, tmp_path: Path) -> None:
    assert paperdeck("--send", f"maildir:{tmp_path}/m", "nothing-like-this") == 0
    assert not (tmp_path / "m").exists()


def test_the_command_sends_nothing_of_days_that_could_not_be_fetched(
    stocked: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = DayRecord(source="hf", day=date(2026, 11, 20), state=DayState.FAILED, fetched_at="2026-11-23T00:00:00Z")
    Library(stocked).ledger.record(day)
    no_fetch(monkeypatch, lambda options: 1)
    with pytest.raises(ActionFailed, match="Some days could not be fetched, so nothing was sent"):
        paperdeck("--fetch", "--quiet", "--send", f"maildir:{tmp_path}/m")
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize(
    ("form", "start"), [("text", b"Papers of"), ("markdown", b"# P"), ("html", b"<!DOC"), ("eml", b"Subject")]
)
def test_the_command_prints_every_form(
    stocked: Places, capfdbinary: pytest.CaptureFixture[bytes], form: str, start: bytes
) -> None:
    assert paperdeck("--to", form) == 0
    assert capfdbinary.readouterr().out.startswith(start)


def test_the_printed_mail_is_one_that_can_be_opened(stocked: Places, tmp_path: Path) -> None:
    assert paperdeck("--to", "eml", "-o", str(tmp_path / "digest.eml")) == 0
    raw = (tmp_path / "digest.eml").read_bytes()
    assert "behaves" in parsed(raw).get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_since_last_goes_on_where_it_stopped(stocked: Places, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    for until, heading in (
        ("2026-11-20", b"14 to 20 Nov"),
        ("2026-11-22", b"21 to 22 Nov"),
        ("2026-11-22", b"21 to 22"),
    ):
        paperdeck("--period", "since-last", "--until", until)
        assert capfdbinary.readouterr().out.startswith(b"Papers of " + heading)


def test_a_wrong_query_is_refused_before_anything_is_fetched(stocked: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    no_fetch(monkeypatch, lambda options: pytest.fail("fetched"))
    with pytest.raises(QueryError):
        paperdeck("--fetch", "is:nothing")
