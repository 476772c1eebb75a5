"""The reader's place in each long text, so that a paper opens where it was left."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import NamedTuple

from paperdeck.storage.files.small import recall_all, remember_all


class Place(NamedTuple):
    """A place in a text, independent of the width."""

    block: int = 0
    """The number of the block."""
    offset: int = 0
    """The characters of the block before it."""


BEGINNING = Place()
"""The beginning of a text."""
MOST = 500
"""Papers whose place is remembered, the most recently read."""


class Positions:
    """A small file of places, the newest last. Without it, papers open at their beginning."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, paper_id: str) -> Place:
        return self._read().get(paper_id, BEGINNING)

    def keep(self, paper_id: str, place: Place) -> None:
        places = self._read()
        if places.get(paper_id) == place:
            return
        places.pop(paper_id, None)
        if place != BEGINNING:
            places[paper_id] = place
        remember_all(self._path, dict(list(places.items())[-MOST:]))

    def _read(self) -> dict[str, Place]:
        places: dict[str, Place] = {}
        for paper_id, place in recall_all(self._path).items():
            with contextlib.suppress(ValueError, TypeError, OverflowError):
                block, offset = place
                places[paper_id] = Place(int(block), int(offset))
        return places
