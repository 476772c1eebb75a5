"""What is remembered between two starts: no harm if it is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from paperdeck.storage.settings.remembered import (
    last_visit,
    note_visit,
    recall,
    recall_all,
    remember,
    remember_all,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "visit.json"


def test_a_visit_is_remembered(path: Path) -> None:
    assert last_visit(path) is None
    note_visit(path)
    assert last_visit(path)
    assert [found.name for found in path.parent.iterdir()] == ["visit.json"]


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
def test_a_file_that_makes_no_sense_counts_as_empty(path: Path, content: bytes) -> None:
    """B21: JSON nested without end ended every command with a traceback."""
    path.parent.mkdir()
    path.write_bytes(content)
    assert last_visit(path) is None
    note_visit(path)
    assert last_visit(path)


def test_a_file_of_a_newer_version_counts_as_empty_and_stays(path: Path) -> None:
    """B29."""
    path.parent.mkdir()
    path.write_text('{"form": 99, "at": "2026-11-20T00:00:00+00:00"}')
    assert last_visit(path) is None
    note_visit(path)
    assert '"form": 99' in path.read_text()


def test_what_can_not_be_saved_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file in the way")
    remember(tmp_path / "state" / "x.json", "form", "apa")
    assert recall(tmp_path / "state" / "x.json", "form") is None


def test_several_values_are_remembered_together(path: Path) -> None:
    remember_all(path, {"a": [1, 2], "b": "c"})
    assert recall_all(path) == {"a": [1, 2], "b": "c"}
    assert recall(path, "b") == "c"
    assert recall(path, "a") is None
