"""What is installed is the whole of the two folders, and all of it below one name."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.__main__ import as_installed
from tests.support.source import ROOT, SOURCES, nodes_of

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT, SETUPTOOLS = PYPROJECT["project"], PYPROJECT["tool"]["setuptools"]


def test_every_folder_with_modules_is_installed() -> None:
    folders = {path.parent.relative_to(ROOT) for top in ("tui", "storage") for path in (ROOT / top).rglob("*.py")}
    assert sorted(SETUPTOOLS["packages"]) == sorted(
        ["paperdeck", *(".".join(("paperdeck", *folder.parts)) for folder in folders)]
    )


def test_python_m_paperdeck_is_the_command() -> None:
    with as_installed() as environ:
        path = {"PYTHONPATH": environ["MYPYPATH"]}
        said = subprocess.run(
            [sys.executable, "-c", "import runpy, paperdeck; runpy.run_module('paperdeck', run_name='__main__')", "-V"],
            env=os.environ | path,
            capture_output=True,
            text=True,
            check=False,
        )
    assert said.stdout == f"paperdeck {PROJECT['version']}\n", said.stderr


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


def test_every_file_that_is_shared_with_the_system_is_there() -> None:
    files = [file for group in SETUPTOOLS["data-files"].values() for file in group]
    assert [file for file in files if not (ROOT / file).is_file()] == []


def test_every_package_that_is_imported_is_declared() -> None:
    lines = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["mcp"]]
    declared = {re.split(r"[^\w-]", line)[0].replace("-", "_").removesuffix("_py") for line in lines}
    imported = {name for path in SOURCES for name in _imports(path)}
    assert imported - sys.stdlib_module_names - {"paperdeck"} == declared


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(str(node.module).partition(".")[0])
    return found


def test_the_sdist_holds_the_tests_and_all_that_they_read() -> None:
    (backend_path,) = PYPROJECT["build-system"]["backend-path"]
    tree = ast.parse((ROOT / backend_path / "backend.py").read_text(encoding="utf-8"))
    assigned = {ast.unparse(node.targets[0]): node.value for node in tree.body if isinstance(node, ast.Assign)}
    folders = set(ast.literal_eval(assigned["FOLDERS"]))
    assert {"tests", backend_path, ".docs", ".github", *SETUPTOOLS["package-dir"].values()} - {
        "tui",
        "storage",
    } <= folders
    assert [folder for folder in folders if not (ROOT / folder).is_dir()] == []


def test_the_changelog_begins_with_the_version_of_the_package() -> None:
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == PROJECT["version"]
