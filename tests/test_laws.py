"""The laws of the house, read from the source: which room may import which, and that no imports go round in circles."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCREEN = {"textual", "rich", "pyperclip", "paperdeck.tui"}
"""What the storage knows nothing of."""


def modules() -> dict[str, Path]:
    """Every module that is installed, by its full name."""
    found = {}
    for top in ("tui", "storage"):
        for path in (ROOT / top).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(("paperdeck", *parts)).removesuffix(".__init__")] = path
    return found


MODULES = modules()


def imports_of(module: str) -> Iterator[str]:
    """The modules that a module imports anywhere in it, for types alone too."""
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            target = ".".join([*above, *([node.module] if node.module else [])])
            for name in node.names:
                inner = f"{target}.{name.name}"
                yield inner if inner in MODULES else target


def test_the_storage_knows_no_screen() -> None:
    found = {
        (module, target)
        for module in MODULES
        if module.startswith("paperdeck.storage")
        for target in imports_of(module)
        if any(target == name or target.startswith(f"{name}.") for name in SCREEN)
    }
    assert not found


def test_no_imports_of_the_storage_go_round_in_circles() -> None:
    ahead = {
        module: {target for target in imports_of(module) if target in MODULES and target != module}
        for module in MODULES
        if module.startswith("paperdeck.storage")
    }
    while leaves := {module for module, targets in ahead.items() if not targets & ahead.keys()}:
        ahead = {module: targets for module, targets in ahead.items() if module not in leaves}
    assert not ahead, f"these import each other: {sorted(ahead)}"
