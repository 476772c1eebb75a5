"""What the tests of fetching share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.venues import FakeVenues


@pytest.fixture
def server() -> Iterator[FakeVenues]:
    """The services that know where papers were published."""
    server = FakeVenues()
    yield server.start()
    server.stop()
