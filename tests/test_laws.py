"""The laws of the layout, checked against the source: who may import whom, no circles, nothing too large, no mixins."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.support.source import ROOT, SOURCES, nodes_of

SCREEN = {"textual", "rich", "pyperclip", "paperdeck.tui"}
"""Packages that the storage must not import."""

MAX_METHODS, MAX_MODULES, MAX_LINES, MAX_FUNCTION_LINES = 35, 20, 400, 40

TUI = {
    "look": set[str](),
    "keys": set[str](),
    "run": set[str](),
    "model": set[str](),
    "actions": {"model", "look", "run"},
    "background": {"model", "look", "run"},
    "panes": {"model", "look", "keys", "run"},
    "dialogs": {"model", "look", "keys", "run", "panes"},
    "reading": {"model", "look", "keys", "run", "panes", "dialogs"},
    "context": {"model", "look", "keys", "run", "panes", "dialogs", "reading", "actions", "background", "desktop"},
    "desktop": set[str](),
    "app": {"model", "look", "keys", "run", "panes", "context", "background", "desktop"},
    "cli": {"look", "keys", "desktop"},
    "start": {"cli"},
}
"""The rooms of tui, and which others each may import."""
SINGLE_FILES = {
    "key_queue": "desktop",
    "clipboard": "desktop",
    "browser": "desktop",
    "editor": "desktop",
    "job_control": "desktop",
    "child": "desktop",
    "notification": "desktop",
    "__main__": "start",
}
"""The files at the top of tui that belong to a room by another name."""
EXEMPT = ("paperdeck.tui.cli.app", {"paperdeck.tui.app", "paperdeck.tui.model.session"})
"""The one exception: the command that opens the app puts it together."""

STORAGE = (
    {"exchange"},
    {"digest", "fetch"},
    {"library"},
    {"settings", "search", "taste", "cite"},
    {"shelf", "facts", "identity", "identity_index", "kinds", "files", "paper"},
    {"text", "identifiers"},
    {"errors"},
)
"""The floors of storage, from the top down; a room imports from its own floor or below."""


def name_of(path: Path) -> str:
    """The full name by which a module is installed."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(("paperdeck", *parts)).removesuffix(".__init__")


MODULES = {name_of(path): path for path in SOURCES}
IN_ONE_PROCESS = True
"""The source is parsed only once for all these tests."""


@cache
def imports_of(module: str) -> frozenset[str]:
    """The modules that a module imports anywhere in it, for types alone too."""
    return frozenset(_imports(module))


def _imports(module: str) -> Iterator[str]:
    package = module if MODULES[module].name == "__init__.py" else module.rpartition(".")[0]
    for node in nodes_of(MODULES[module]):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            target = ".".join([*above, *([node.module] if node.module else [])])
            for name in node.names:
                inner = f"{target}.{name.name}"
                yield inner if inner in MODULES else target


def room_of(module: str) -> str:
    """The room of a module, such as `panes` or `library`; empty for the two packages themselves."""
    parts = module.split(".")
    name = parts[2] if len(parts) > 2 else ""
    return SINGLE_FILES.get(name, name) if parts[1] == "tui" else name


def arrows(side: str) -> Iterator[tuple[str, str]]:
    """Which module of a side imports which other module of the same side."""
    for module in MODULES:
        for target in imports_of(module) & MODULES.keys():
            if all(name.startswith(f"paperdeck.{side}.") for name in (module, target)):
                yield module, target


def test_the_storage_knows_no_screen() -> None:
    found = {
        (module, target)
        for module in MODULES
        if module.startswith("paperdeck.storage")
        for target in imports_of(module)
        if any(target == name or target.startswith(f"{name}.") for name in SCREEN)
    }
    assert not found


def test_the_rooms_of_the_app_import_downward() -> None:
    upward = {
        (module, target)
        for module, target in arrows("tui")
        if room_of(module) != room_of(target)
        and room_of(target) not in TUI[room_of(module)]
        and not (module == EXEMPT[0] and target in EXEMPT[1])
    }
    assert not upward


def test_the_rooms_of_the_storage_import_downward() -> None:
    floors = {room: number for number, rooms in enumerate(STORAGE) for room in rooms}
    upward = {
        (module, target) for module, target in arrows("storage") if floors[room_of(target)] < floors[room_of(module)]
    }
    assert not upward


def test_the_model_knows_no_screen() -> None:
    assert not {
        module
        for module in MODULES
        if module.startswith("paperdeck.tui.model")
        and any(target.split(".")[0] in ("textual", "rich") for target in imports_of(module))
    }


def test_no_imports_go_round_in_circles() -> None:
    ahead = {module: imports_of(module) & MODULES.keys() - {module} for module in MODULES}
    while leaves := {module for module, targets in ahead.items() if not targets & ahead.keys()}:
        ahead = {module: targets for module, targets in ahead.items() if module not in leaves}
    while roots := {module for module in ahead if not any(module in targets for targets in ahead.values())}:
        ahead = {module: targets for module, targets in ahead.items() if module not in roots}
    assert not ahead, f"these import each other: {sorted(ahead)}"


def classes() -> Iterator[tuple[str, ast.ClassDef]]:
    for module in MODULES:
        yield from ((module, node) for node in nodes_of(MODULES[module]) if isinstance(node, ast.ClassDef))


def test_a_class_of_the_app_has_at_most_one_ancestor_of_ours() -> None:
    bases = {
        node.name: {ast.unparse(base).partition("[")[0] for base in node.bases}
        for module, node in classes()
        if module.startswith("paperdeck.tui")
    }

    def ancestors(name: str) -> set[str]:
        ours = bases.get(name, set()) & bases.keys()
        return ours.union(*map(ancestors, ours))

    assert not {name: found for name in bases if len(found := ancestors(name)) > 1}


def test_no_class_has_too_many_methods() -> None:
    functions = ast.FunctionDef, ast.AsyncFunctionDef
    counted = {
        f"{module}.{node.name}": sum(isinstance(child, functions) for child in node.body) for module, node in classes()
    }
    assert not {name: number for name, number in counted.items() if number > MAX_METHODS}


def test_no_folder_has_too_many_modules() -> None:
    counted: dict[Path, int] = {}
    for path in MODULES.values():
        counted[path.parent] = counted.get(path.parent, 0) + (path.name != "__init__.py")
    assert not {folder: number for folder, number in counted.items() if number > MAX_MODULES}


def test_no_module_is_too_long() -> None:
    counted = {module: len(path.read_text(encoding="utf-8").splitlines()) for module, path in MODULES.items()}
    assert not {module: lines for module, lines in counted.items() if lines > MAX_LINES}


def test_no_function_is_too_long() -> None:
    counted = {
        f"{module}.{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module in MODULES
        for node in nodes_of(MODULES[module])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert not {name: lines for name, lines in counted.items() if lines > MAX_FUNCTION_LINES}


def test_nobody_asks_a_path_what_is_there() -> None:
    """These methods raise for a locked folder or a long name; `storage/files/disk.py` answers in their place."""
    asking = {"exists", "is_dir", "is_file", "is_symlink", "glob", "rglob"}
    found = {
        (module, node.lineno)
        for module in MODULES
        if module != "paperdeck.storage.files.disk"
        for node in nodes_of(MODULES[module])
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in asking
        and not node.keywords  # those of `os.scandir`
    }
    assert not found


@pytest.mark.parametrize("room", sorted(TUI))
def test_every_room_of_the_app_is_there(room: str) -> None:
    assert room in {room_of(module) for module in MODULES if module.startswith("paperdeck.tui")}


def test_actions_and_the_background_show_views_through_the_session() -> None:
    """It leaves the starter shelf for the library; whoever asked the results themselves showed 0 papers."""
    rooms = ("paperdeck.tui.actions.", "paperdeck.tui.background.", "paperdeck.tui.context.")
    asking = [
        module
        for module in MODULES
        if module.startswith(rooms) and "results.show(" in MODULES[module].read_text("utf-8")
    ]
    assert asking == []


def test_messages_reach_standard_error_through_one_door() -> None:
    """`common` cleans them there; the bar of `fetch` draws over itself and cleans its words itself."""
    doors = {"paperdeck.tui.cli.common", "paperdeck.tui.cli.fetch"}
    written = {
        module
        for module, path in MODULES.items()
        for node in nodes_of(path)
        if (isinstance(node, ast.keyword) and node.arg == "file" and ast.unparse(node.value) == "sys.stderr")
        or (isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.stderr.write")
    }
    assert written <= doors
