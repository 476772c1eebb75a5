"""The template of the settings file: every setting with its meaning and its default, in comments.

The texts are the docstrings of the settings, so that file, reference and code agree.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

from paperdeck.storage.errors import ActionFailed, FileInTheWay

from . import settings as module
from .settings import Settings, as_toml, setting_values

_HEAD = """\
# Settings for paperdeck. It reads this file when it starts and never writes it.
# Lines that begin with # are comments: remove the # in front of a setting to change it.
# The values shown are the defaults. An invalid value is reported, and the default is used.
"""
_REST = """
# Keys by the id of their action; “paperdeck keys” lists the ids.
[keys]
#star = "s"

# Your own commands, for the paper or the selection.
#[[commands]]
#key = "ctrl+o"
#title = "Open in zathura"
#program = ["zathura", "{pdf}"]
#mode = "background"

# Views, mutes and follows; those that you make in the app are kept with your stars.
#[[view]]
#name = "Agents"
#query = "agent -survey since:30d"

#[mute]
#queries = ["keyword:=\\"image generation\\""]

#[follow]
#authors = ["Yoshua Bengio"]
#organizations = ["Mila"]
#keywords = ["interpretability"]
"""
_WIDTH_CHARACTERS = 110


def template() -> str:
    """The text of a new settings file; it changes nothing until edited."""
    sections: dict[str, list[str]] = {}
    words = setting_descriptions()
    for name, _, default in setting_values(Settings()):
        section, _, key = name.partition(".")
        sections.setdefault(section, []).append(f"{_comment(words[name])}\n#{key} = {as_toml(default)}\n")
    parts = [f"\n{_comment(words[name])}\n[{name}]\n" + "\n".join(items) for name, items in sections.items()]
    return _HEAD + "".join(parts) + _REST


def make_settings_file(file: Path) -> None:
    """Create the settings file.

    Raises:
        ActionFailed: it already exists, and is left unchanged, or it can't be written.
    """
    from paperdeck.storage.files.output import write_output

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ActionFailed(f"The folder {file.parent} can't be made ({error.strerror}).") from error
    try:
        write_output(file, template().encode())
    except FileInTheWay as error:
        raise ActionFailed(f"{file} already exists and is left unchanged; “paperdeck config edit” opens it.") from error


def setting_descriptions() -> dict[str, str]:
    """The description of each setting by full name, and of each section by name; one line each."""
    classes = {node.name: node for node in ast.parse(inspect.getsource(module)).body if isinstance(node, ast.ClassDef)}
    found = {}
    for section, _ in _documented(classes["Settings"]):
        kind = type(getattr(Settings(), section)).__name__
        if kind in classes:
            found[section] = _docstring(classes[kind])
            found |= {f"{section}.{name}": words for name, words in _documented(classes[kind])}
    return found


def _docstring(node: ast.ClassDef) -> str:
    return " ".join((ast.get_docstring(node) or "").split())


def _documented(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """The fields of a class, each with the docstring below it."""
    for item, below in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            yield item.target.id, " ".join(_words(below).split())


def _words(node: ast.stmt | None) -> str:
    """The text of a docstring; empty for other nodes."""
    return str(node.value.value) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) else ""


def _comment(words: str) -> str:
    from textwrap import fill

    return fill(words.replace("`", ""), _WIDTH_CHARACTERS, initial_indent="# ", subsequent_indent="# ")
