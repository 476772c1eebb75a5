"""What is installed is the whole of the two folders, and all of it below one name."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]


def test_every_folder_with_modules_is_installed() -> None:
    folders = {path.parent.relative_to(ROOT) for top in ("tui", "storage") for path in (ROOT / top).rglob("*.py")}
    assert sorted(SETUPTOOLS["packages"]) == sorted(".".join(("paperdeck", *folder.parts)) for folder in folders)


def test_every_file_beside_the_modules_is_installed() -> None:
    beside = {
        path.relative_to(ROOT)
        for top in ("tui", "storage")
        for path in (ROOT / top).rglob("*.*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    packed = {
        path
        for package, patterns in SETUPTOOLS["package-data"].items()
        for pattern in patterns
        for path in beside
        if path.parent == Path(*package.split(".")[1:]) and path.match(pattern)
    }
    assert packed == beside
