"""The full texts that are kept in the cache folder; listing and reading them takes no network and no heavy import."""

from __future__ import annotations

import os
from pathlib import Path

from paperdeck.storage.identifiers import file_stem, is_paper_id
from paperdeck.storage.settings.settings import Places

_SUFFIX = ".md"


def text_folder(places: Places) -> Path:
    """The folder of the full texts."""
    return places.cache / "fulltext"


def text_file(folder: Path, paper_id: str) -> Path:
    """The file of a paper's text."""
    return folder / f"{file_stem(paper_id)}{_SUFFIX}"


def stored_text(folder: Path, paper_id: str) -> str:
    """A paper's text if it is kept, else an empty text."""
    try:
        return text_file(folder, paper_id).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


class StoredTexts:
    """Which papers' texts are kept; the folder is only read again when it has changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._changed: int | None = None
        self._ids: frozenset[str] = frozenset()

    def ids(self) -> frozenset[str]:
        """The ids of the papers whose text is kept."""
        try:
            changed = self._folder.stat().st_mtime_ns
            if changed != self._changed:
                names = (entry.name for entry in os.scandir(self._folder))
                ids = (name.removesuffix(_SUFFIX).replace("_", "/") for name in names if name.endswith(_SUFFIX))
                self._ids = frozenset(filter(is_paper_id, ids))
                self._changed = changed
        except OSError:
            return frozenset()
        return self._ids
