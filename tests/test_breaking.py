"""The quick rows of the benchmark that tries to break paperdeck: nothing lost, no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.breaking import ROWS

QUICK = (
    *("wrong shapes of other devices", "conflict copies", "older and empty marks put back"),
    *("kept exports", "clocks", "places to write", "hostile items in every output", "hostile formulas"),
)


@pytest.mark.parametrize("row", QUICK)
def test_nothing_is_lost(row: str, tmp_path: Path) -> None:
    home = tmp_path / "broken"
    home.mkdir()
    result = ROWS[row](home)
    assert (result.lost, result.tracebacks, result.examples) == (0, 0, [])
    assert result.tried
