"""Where the reader was in each long text, so that a paper opens where it was left."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

from paperdeck.tui.reading.galley import BEGINNING, Place

MOST = 500
"""Papers whose place is remembered; the ones that were read longest ago are forgotten."""


class Positions:
    """A small file of places, the newest last. It is no harm if it is lost: papers open at their beginning."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, paper_id: str) -> Place:
        """Where a paper was left."""
        return self._read().get(paper_id, BEGINNING)

    def keep(self, paper_id: str, place: Place) -> None:
        """Remember where a paper was left."""
        places = self._read()
        if places.get(paper_id) == place:
            return
        places.pop(paper_id, None)
        if place != BEGINNING:
            places[paper_id] = place
        newest = dict(list(places.items())[-MOST:])
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside = self._path.with_name(f"{self._path.name}.{os.getpid()}.tmp")
            beside.write_text(json.dumps(newest), encoding="utf-8")
            beside.replace(self._path)

    def _read(self) -> dict[str, Place]:
        try:
            known = json.loads(self._path.read_text(encoding="utf-8"))
            return {str(paper_id): Place(int(block), int(offset)) for paper_id, (block, offset) in known.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}
