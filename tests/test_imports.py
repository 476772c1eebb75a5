"""What may import what: the storage knows no screen, and a command waits for nothing that it does not use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import paperdeck.tui as tui

SCREEN = {"textual", "rich", "pyperclip"}
NETWORK = {"httpx", "httpcore", "anyio"}


def top_modules(code: str, home: Path) -> set[str]:
    """The packages that a fresh Python holds after it ran some code."""
    ending = "\nimport json, sys\nprint('\\n' + json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    root = str(Path(tui.__file__).parent.parent)
    environ = os.environ | {"PAPERDECK_HOME": str(home), "PYTHONPATH": root, "HF_ENDPOINT": "http://127.0.0.1:9"}
    ran = subprocess.run([sys.executable, "-c", code + ending], env=environ, capture_output=True, text=True, check=True)
    return set(json.loads(ran.stdout.splitlines()[-1]))


def after_command(arguments: list[str], home: Path) -> set[str]:
    """The packages that a command needed."""
    return top_modules(f"import paperdeck.tui.__main__ as start\nassert start.main({arguments!r}) == 0", home)


@pytest.mark.parametrize("arguments", [["list"], ["list", "--json"], ["list", "is:unread cats"], ["paths"]])
def test_listing_waits_for_neither_screen_nor_network(arguments: list[str], tmp_path: Path) -> None:
    assert not after_command(arguments, tmp_path) & ({"textual", "pyperclip"} | NETWORK)


def test_opening_the_library_imports_little(tmp_path: Path) -> None:
    heavy = SCREEN | NETWORK | {"tomlkit", "xml"}
    code = (
        "from paperdeck.storage.library.library import Library\n"
        "from paperdeck.storage.settings.settings import Places\n"
        "Library(Places.find()).months()"
    )
    assert not top_modules(code, tmp_path) & heavy


def test_neither_the_start_of_the_reader_nor_a_plain_list_imports_taste_or_citations(tmp_path: Path) -> None:
    begin = "import paperdeck.tui.app, paperdeck.tui.model.session, paperdeck.tui.__main__ as start\n"
    unwanted = "print([n for n in sys.modules if n.startswith(('paperdeck.storage.taste', 'paperdeck.storage.cite'))])"
    code = f"{begin}assert start.main(['list']) == 0\n{unwanted}"
    root = str(Path(tui.__file__).parent.parent)
    environ = os.environ | {"PAPERDECK_HOME": str(tmp_path), "PYTHONPATH": root}
    ran = subprocess.run([sys.executable, "-c", f"import sys\n{code}"], env=environ, capture_output=True, check=True)
    assert ran.stdout.splitlines()[-1] == b"[]"


def test_the_app_itself_does_not_wait_for_the_network(tmp_path: Path) -> None:
    modules = top_modules("import paperdeck.tui.app, paperdeck.tui.model.session", tmp_path)
    assert "textual" in modules
    assert not modules & (NETWORK | {"pyperclip", "tomlkit"})
