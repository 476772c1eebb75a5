"""When the reader was here last."""

from __future__ import annotations

from pathlib import Path

import pytest

from paperdeck.storage.library.queue import AWAY, Visits

HOUR = 3600.0
AWAY_SECONDS = AWAY.total_seconds()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "visit.json"


def visit(path: Path, at: float) -> Visits:
    """Be here for a moment."""
    visits = Visits(path, lambda: at)
    visits.note()
    return visits


def test_on_the_first_visit_nothing_is_new(path: Path) -> None:
    first = visit(path, 0)
    assert (first.is_first, first.returned, first.since) == (True, False, None)
    assert [found.name for found in path.parent.iterdir()] == ["visit.json"]


def test_after_an_absence_what_arrived_since_the_last_visit_is_new(path: Path) -> None:
    visit(path, 0)
    again = visit(path, 9 * 24 * HOUR)
    assert (again.is_first, again.returned, again.since) == (False, True, "1970-01-01T00:00:00+00:00")


def test_coming_back_soon_continues_the_same_visit(path: Path) -> None:
    visit(path, 0)
    visit(path, AWAY_SECONDS)
    again = visit(path, AWAY_SECONDS + HOUR)
    assert (again.returned, again.since) == (False, "1970-01-01T00:00:00+00:00")
    assert visit(path, 2 * AWAY_SECONDS + HOUR).since == "1970-01-01T05:00:00+00:00"


def test_a_visit_ends_when_the_reader_does_something_for_the_last_time(path: Path) -> None:
    """A terminal that stays open overnight is not a visit of twelve hours."""
    now = 0.0
    visits = Visits(path, lambda: now)
    now = HOUR
    assert not visits.acted()
    now = HOUR + AWAY_SECONDS
    visits.note()
    assert Visits(path, lambda: now).since == "1970-01-01T01:00:00+00:00"
    assert visits.acted()
    assert visits.since == "1970-01-01T01:00:00+00:00"
    assert not visits.acted()


def test_a_clock_that_was_ahead_makes_nothing_new(path: Path) -> None:
    visit(path, 10 * AWAY_SECONDS)
    assert (visit(path, 0).returned, visit(path, 0).since) == (False, None)


DAMAGES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"x"',
    b'{"at": 5}',
    b'{"at": "soon"}',
    b"\xff",
    b"[" * 100_000,
    b'{"at":' * 100_000,
]


@pytest.mark.parametrize("content", DAMAGES)
def test_a_note_that_makes_no_sense_counts_as_none(path: Path, content: bytes) -> None:
    """JSON nested without end ended every command with a traceback."""
    path.parent.mkdir()
    path.write_bytes(content)
    assert visit(path, 0).is_first
    assert not visit(path, HOUR).is_first


def test_a_note_of_a_newer_version_counts_as_none_and_stays(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"form": 99, "at": "2026-11-20T00:00:00+00:00"}')
    assert visit(path, 0).is_first
    assert '"form": 99' in path.read_text()
