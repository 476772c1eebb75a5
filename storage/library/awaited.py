"""Papers known by id alone, because the reader named them while offline.

Their ids are kept in `awaited.json` of the state folder until a source tells what they are; marks don't wait for that.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.files.sealed import Unreadable
from paperdeck.storage.files.small import read_json, write_json
from paperdeck.storage.identifiers import is_paper_id


class Awaited:
    """The ids waiting for a connection. Safe with several processes."""

    def __init__(self, state: Path) -> None:
        self._path = state / "awaited.json"
        self._lock = WriterLock(state / "locks" / "awaited.lock")

    def ids(self) -> list[str]:
        """The ids, in the order in which they came; a damaged file has none.

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
        """Wait for papers.

        Raises:
            StoreError: it can't be written down.
        """
        with self._lock:
            known = self.ids()
            self._write(dict.fromkeys([*known, *ids]), known)

    def arrived(self, ids: Iterable[str]) -> None:
        """Drop papers from the list.

        Raises:
            StoreError: it can't be written down.
        """
        gone = set(ids)
        with self._lock:
            known = self.ids()
            self._write((paper_id for paper_id in known if paper_id not in gone), known)

    def _write(self, ids: Iterable[str], before: list[str]) -> None:
        wanted = list(ids)
        if wanted != before:
            write_json(self._path, wanted)
