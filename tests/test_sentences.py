"""No sentence names a key or a command that does not do what it says: the texts are read from the source."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from paperdeck.tui.cli.parser import COMMANDS, build_parser, options_of
from paperdeck.tui.keys import ACTIONS, action_of
from tests.support.source import ROOT, SOURCES, nodes_of

IN_ONE_PROCESS = True
"""The source is parsed only once for all these tests."""
COMMAND = re.compile(r"“(paperdeck(?: [^”]*)?)”")
TEMPLATE = re.compile(r"\{([a-z]+(?:-[a-z0-9]+)*)\}")
KEYS_OF_CODE = frozenset({"key_of", "action_of"})
OF_FORMATS = frozenset({"new", "unread", "id", "title", "what", "where"})
"""Names in braces that are not actions: those of `paperdeck status --format`, of the settings, of a copy …"""


def texts(path: Path) -> Iterator[str]:
    """The texts in a module; of an f-string, what is filled in is a NUL."""
    inner: set[ast.AST] = set()
    for node in nodes_of(path):
        if isinstance(node, ast.JoinedStr):
            inner |= set(node.values)
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "\0" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in inner:
            yield node.value


def test_every_command_that_is_named_is_understood() -> None:
    commands = {found[1] for path in SOURCES for text in texts(path) for found in COMMAND.finditer(text)}
    assert commands
    for command in sorted(commands):
        words = shlex.split(command)[1:]
        named = [word for word in words[:1] if not word.startswith(("\0", "-"))]
        assert set(named) <= set(COMMANDS), command
        known = options_of(build_parser(named), named[0] if named else None)
        assert [word for word in words if word.startswith("--") and word not in known] == [], command


def named_actions() -> Iterator[tuple[str, str]]:
    """Every action that the code or a sentence names, with the module."""
    for path in (path for path in SOURCES if "tui" in path.relative_to(ROOT).parts):
        for node in nodes_of(path):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in KEYS_OF_CODE:
                    yield str(node.args[0].value), path.name
        for text in texts(path):
            yield from ((name, path.name) for name in TEMPLATE.findall(text) if name not in OF_FORMATS)


def test_every_key_that_is_named_is_that_of_an_action() -> None:
    known = {action.id for action in ACTIONS}
    assert sorted({named for named in named_actions() if named[0] not in known}) == []


@pytest.mark.parametrize(
    ("action", "keys"), [("back", "escape"), ("read", "enter"), ("stop-fetching", "ctrl+x"), ("quit", "q")]
)
def test_keys_that_sentences_spell_out_are_those_of_the_registry(action: str, keys: str) -> None:
    assert keys in action_of(action).keys.split(",")
