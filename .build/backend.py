"""The build backend: that of setuptools, with an sdist that holds the tests, the documentation and the workflows.

Setuptools takes from `tests/` only the modules at its top, unless a `MANIFEST.in` stands beside `pyproject.toml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from setuptools.build_meta import *  # noqa: F403  (the hooks)
from setuptools.command.sdist import sdist

FOLDERS = ("tests", ".build", ".docs", ".github", ".paperdeck")
"""What the tests are, and what they read."""
_LEFT_OUT = frozenset({"__pycache__", ".pytest_cache", ".hypothesis"})
_add_usual_files = sdist.add_defaults


def files() -> Iterator[str]:
    """Every file of those folders; the build runs where `pyproject.toml` is."""
    for folder in FOLDERS:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file() and not _LEFT_OUT.intersection(path.parts):
                yield str(path)


def _add_files(command: sdist) -> None:
    _add_usual_files(command)
    command.filelist.extend(files())


sdist.add_defaults = _add_files
