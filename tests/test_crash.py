"""Killed processes lose nothing acknowledged, and damage shows nothing wrong; bench/store_crash has the full counts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.bench.store_crash import DAMAGES, damage_marks, damage_papers, kill_writers, two_writers

Damage = Callable[[bytes, Random], bytes]


@pytest.mark.parametrize("writers", [1, 2])
def test_killed_writers_lose_no_acknowledged_change(tmp_path: Path, writers: int) -> None:
    losses = kill_writers(tmp_path, 4, writers)
    assert losses.acknowledged >= 4
    assert (losses.lost, losses.wrong, losses.unreadable) == (0, 0, 0)


def test_two_writers_of_one_file_lose_no_change(tmp_path: Path) -> None:
    losses = two_writers(tmp_path, 50)
    assert len(list((tmp_path / "data" / "marks").iterdir())) == 1, "both started with the same device name"
    assert (losses.acknowledged, losses.lost, losses.wrong, losses.unreadable) == (100, 0, 0, 0)


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_marks_come_back_whole(tmp_path: Path, damage: Damage) -> None:
    losses = damage_marks(tmp_path, 6, damage)
    assert (losses.rounds, losses.lost, losses.wrong) == (6, 0, 0)


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_papers_are_shown_right_or_not_at_all(tmp_path: Path, damage: Damage) -> None:
    losses = damage_papers(tmp_path, 6, damage)
    assert (losses.rounds, losses.wrong, losses.unreadable) == (6, 0, 0)
