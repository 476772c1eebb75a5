"""Papers known only by id, because the reader added them while offline.

Their ids are kept in `awaited.json` in the state folder until a source describes them; they can be marked before that.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.files.sealed import Unreadable
from paperdeck.storage.files.small import read_json, write_json
from paperdeck.storage.identifiers import is_paper_id


class Awaited:
    """The ids of papers still to be fetched. Safe with several processes."""

    def __init__(self, state: Path) -> None:
        self._path = state / "awaited.json"
        self._lock = WriterLock(state / "locks" / "awaited.lock")

    def ids(self) -> list[str]:
        """The ids, in the order in which they were added; none if the file is damaged.

        Raises:
            StoreError: the file can't be read.
        """
        try:
            ids = read_json(self._path)
        except Unreadable:
            return []
        listed = ids if isinstance(ids, list) else []
        return [paper_id for paper_id in listed if isinstance(paper_id, str) and is_paper_id(paper_id)]

    def add(self, ids: Iterable[str]) -> None:
        """Add ids.

        Raises:
            StoreError: the file can't be written.
        """
        with self._lock:
            known = self.ids()
            self._write(dict.fromkeys([*known, *ids]), known)

    def arrived(self, ids: Iterable[str]) -> None:
        """Drop papers from the list.

        Raises:
            StoreError: the file can't be written.
        """
        gone = set(ids)
        with self._lock:
            known = self.ids()
            self._write((paper_id for paper_id in known if paper_id not in gone), known)

    def _write(self, ids: Iterable[str], before: list[str]) -> None:
        wanted = list(ids)
        if wanted != before:
            write_json(self._path, wanted)
