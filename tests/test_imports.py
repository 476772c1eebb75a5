"""What may import what: the storage knows no screen, and a command waits for nothing that it does not use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import storage
import tui

SCREEN = {"textual", "rich", "pyperclip"}
NETWORK = {"httpx", "httpcore", "anyio"}
STORAGE_MODULES = sorted(
    ".".join(path.relative_to(Path(storage.__file__).parent.parent).with_suffix("").parts).removesuffix(".__init__")
    for path in Path(storage.__file__).parent.rglob("*.py")
)


def top_modules(code: str, home: Path) -> set[str]:
    """The packages that a fresh Python holds after it ran some code."""
    ending = "\nimport json, sys\nprint('\\n' + json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    root = str(Path(tui.__file__).parent.parent)
    environ = os.environ | {"PAPERDECK_HOME": str(home), "PYTHONPATH": root, "HF_ENDPOINT": "http://127.0.0.1:9"}
    ran = subprocess.run([sys.executable, "-c", code + ending], env=environ, capture_output=True, text=True, check=True)
    return set(json.loads(ran.stdout.splitlines()[-1]))


def after_command(arguments: list[str], home: Path) -> set[str]:
    """The packages that a command needed."""
    return top_modules(f"import tui.__main__\nassert tui.__main__.main({arguments!r}) == 0", home)


def test_the_storage_knows_no_screen(tmp_path: Path) -> None:
    imports = "\n".join(f"import {name}" for name in STORAGE_MODULES)
    assert not top_modules(imports, tmp_path) & (SCREEN | {"tui"})


def test_every_module_of_the_storage_can_be_imported_first(tmp_path: Path) -> None:
    """A circle of imports shows only from some of its points, so each begins in an empty interpreter's modules."""
    code = f"""
import sys
for name in {STORAGE_MODULES!r}:
    for known in [known for known in sys.modules if known.partition(".")[0] == "storage"]:
        del sys.modules[known]
    __import__(name)
"""
    assert "storage" in top_modules(code, tmp_path)


@pytest.mark.parametrize("arguments", [["list"], ["list", "--json"], ["list", "is:unread cats"], ["paths"]])
def test_listing_waits_for_neither_screen_nor_network(arguments: list[str], tmp_path: Path) -> None:
    assert not after_command(arguments, tmp_path) & ({"textual", "pyperclip"} | NETWORK)


def test_opening_the_library_imports_little(tmp_path: Path) -> None:
    heavy = SCREEN | NETWORK | {"pylatexenc", "stringzilla", "tomlkit", "xml"}
    code = (
        "from storage.cache.library import Library\nfrom storage.config import Places\nLibrary(Places.find()).months()"
    )
    assert not top_modules(code, tmp_path) & heavy


def test_the_app_itself_does_not_wait_for_the_network(tmp_path: Path) -> None:
    modules = top_modules("import tui.app, tui.session", tmp_path)
    assert "textual" in modules
    assert not modules & (NETWORK | {"pyperclip", "tomlkit", "pylatexenc"})
