"""Moments as files write them and as the reader's clock shows them."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from paperdeck.storage.text.times import local

MOMENT = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(params=["XXX-25", "XXX24", "XXX-99:99"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(sys.platform == "win32", reason="has no such zones")
def test_a_zone_a_day_away_counts_as_utc(zone: None) -> None:
    assert f"{local(MOMENT):%H:%M}" == "12:00"
