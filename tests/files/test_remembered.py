"""What is remembered between two starts: no harm if it is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from paperdeck.storage.files.small import (
    recall,
    recall_all,
    remember,
    remember_all,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "visit.json"


def test_what_cannot_be_saved_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file in the way")
    remember(tmp_path / "state" / "x.json", "form", "apa")
    assert recall(tmp_path / "state" / "x.json", "form") is None


def test_several_values_are_remembered_together(path: Path) -> None:
    remember_all(path, {"a": [1, 2], "b": "c"})
    assert recall_all(path) == {"a": [1, 2], "b": "c"}
    assert recall(path, "b") == "c"
    assert recall(path, "a") is None
