"""Changing the reader's rules in the settings file, which a person may edit by hand and keep under version control.

Every change reads the file, changes only what it is about, and writes the file as a whole: comments, blank lines and
unknown keys stay. Values are changed through tomlkit. Whole `[[view]]` blocks are moved as text, with the comment above
them, since tomlkit counts that comment to the block before.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paperdeck.storage.errors import InvalidInput, StoreError
from paperdeck.storage.search.query import parse

from .rules import FollowKind

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_HEADER = re.compile(r"[ \t]*(\[\[?)\s*([^\[\]#]+?)\s*\]\]?[ \t]*(?:#.*)?")
_WIDTH = 80


class RulesFile:
    """The rules in a settings file. All methods raise StoreError when the file can't be changed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def save_view(self, name: str, query: str) -> None:
        """Add a view at the end, or give an existing one another query.

        Raises:
            InvalidInput: the name is empty, or the query can't be understood.
        """
        name = _name(name)
        parse(query)

        def change(text: str) -> str:
            if any(view.get("name") == name for view in _views(text)):
                return _with_document(text, lambda document: _set(document, name, "query", query))
            return _with_view(text, name, query)

        self._change(change)

    def rename_view(self, name: str, new: str) -> None:
        """Give a view another name.

        Raises:
            InvalidInput: there is no such view, or the new name is empty or taken.
        """
        new = _name(new)

        def change(text: str) -> str:
            if new != name and any(view.get("name") == new for view in _views(text)):
                raise InvalidInput(f"There is a view “{new}” already; choose another name.")
            return _with_document(text, lambda document: _set(document, name, "name", new))

        self._change(change)

    def delete_view(self, name: str) -> None:
        """Forget a view, with the comment above it.

        Raises:
            InvalidInput: there is no such view.
        """
        self._change(lambda text: _without_view(text, _place(text, name)))

    def move_view(self, name: str, by: int) -> None:
        """Move a view up (negative) or down in the pane; at an end it stays.

        Raises:
            InvalidInput: there is no such view.
        """
        self._change(lambda text: _with_view_moved(text, _place(text, name), by))

    def mute(self, query: str) -> None:
        """Mute what a query finds; nothing happens if it is muted already.

        Raises:
            InvalidInput: the query can't be understood, or finds everything.
        """
        if not parse(query):
            raise InvalidInput("An empty query would mute everything; say what to mute.")
        self._change(lambda text: _with_text(text, "mute", "queries", query))

    def unmute(self, query: str) -> None:
        """Take back a mute rule."""
        self._change(lambda text: _without_text(text, "mute", "queries", query))

    def follow(self, kind: FollowKind, name: str) -> None:
        """Follow an author, an organization or a keyword.

        Raises:
            InvalidInput: the name is empty.
        """
        name = _name(name)
        self._change(lambda text: _with_text(text, "follow", kind, name))

    def unfollow(self, kind: FollowKind, name: str) -> None:
        """Stop following."""
        self._change(lambda text: _without_text(text, "follow", kind, name))

    def choose(self, table: str, key: str, value: str | int | float | bool) -> None:
        """Store one setting, such as the theme that was chosen in the app."""

        def change(document: TOMLDocument) -> None:
            settings: Any = document[table]
            settings[key] = value

        def changed(text: str) -> str:
            if _table(text, table) is None:
                text = _appended(text, f"[{table}]\n")
            return _with_document(text, change)

        self._change(changed)

    def _change(self, change: Callable[[str], str]) -> None:
        from paperdeck.storage.files.atomic import write_file

        path = self.path.resolve()  # it may be a link into a folder under version control
        try:
            before = path.read_text(encoding="utf-8") if path.exists() else ""
            tomllib.loads(before)
            after = change(before)
            tomllib.loads(after)
            content = after.encode()
            path.parent.mkdir(parents=True, exist_ok=True)
        except (OSError, ValueError) as error:
            raise StoreError(f"{self.path} can't be changed ({error}); correct it and try again.") from error
        if after != before:
            write_file(path, content)


# -- values --------------------------------------------------------------------------------------------------------


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidInput("A name is needed; type one.")
    return name


def _views(text: str) -> list[dict[str, Any]]:
    value = tomllib.loads(text).get("view", [])
    if not isinstance(value, list) or not all(isinstance(view, dict) for view in value):
        raise ValueError("its views are not written as [[view]]")
    return value


def _table(text: str, name: str) -> dict[str, Any] | None:
    """A table of the file; None if it is not there."""
    value = tomllib.loads(text).get(name)
    if value is not None and not isinstance(value, dict):
        raise ValueError(f"“{name}” is not written as [{name}]")
    return value


def _check_texts(text: str, table: str, key: str) -> None:
    value = (_table(text, table) or {}).get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"“{table}.{key}” is not a list of texts")


def _place(text: str, name: str) -> int:
    for place, view in enumerate(_views(text)):
        if view.get("name") == name:
            return place
    raise InvalidInput(f"There is no view “{name}”; it may have been renamed or deleted elsewhere.")


def _with_document(text: str, change: Callable[[TOMLDocument], None]) -> str:
    import tomlkit

    document = tomlkit.parse(text)
    change(document)
    return tomlkit.dumps(document)


def _set(document: TOMLDocument, name: str, key: str, value: str) -> None:
    place = _place(document.as_string(), name)
    views: Any = document["view"]
    views[place][key] = value


def _with_text(text: str, table: str, key: str, value: str) -> str:
    import tomlkit

    _check_texts(text, table, key)
    if _table(text, table) is None:
        text = _appended(text, f"[{table}]\n{key} = []\n")

    def change(document: TOMLDocument) -> None:
        rules: Any = document[table]
        texts = rules.setdefault(key, tomlkit.array())
        if value not in texts:
            texts.append(value)
            if sum(map(len, texts)) > _WIDTH:
                texts.multiline(True)

    return _with_document(text, change)


def _without_text(text: str, table: str, key: str, value: str) -> str:
    _check_texts(text, table, key)

    def change(document: TOMLDocument) -> None:
        texts: Any = document.get(table, {}).get(key, [])
        while value in texts:
            texts.remove(value)

    return _with_document(text, change)


# -- blocks of text ------------------------------------------------------------------------------------------------


def _blocks(text: str) -> tuple[list[str], list[int]]:
    """The text in blocks, one before the first table and one for each, and which of them are views.

    A block begins with the comment right above its header, and ends with the blank lines before the next one.
    """
    blocks: list[list[str]] = [[]]
    views: list[int] = []
    for line in text.splitlines(keepends=True):
        header = _HEADER.fullmatch(line.rstrip("\r\n"))
        if header:
            blocks.append(_comment_above(blocks[-1]))
            if header[1] == "[[" and header[2] == "view":
                views.append(len(blocks) - 1)
        blocks[-1].append(line)
    if len(views) != len(_views(text)):
        raise ValueError("its views are not written as [[view]]")
    return ["".join(block) for block in blocks], views


def _comment_above(lines: list[str]) -> list[str]:
    """Take the comment at the end away from a block."""
    start = len(lines)
    while start and lines[start - 1].lstrip().startswith("#"):
        start -= 1
    comment = lines[start:]
    del lines[start:]
    return comment


def _with_view(text: str, name: str, query: str) -> str:
    import tomlkit

    view = f"[[view]]\nname = {tomlkit.item(name).as_string()}\nquery = {tomlkit.item(query).as_string()}\n"
    blocks, views = _blocks(text)
    if not views:
        return _appended(text, view)
    after = views[-1] + 1
    rest = "".join(blocks[after:])
    return _appended("".join(blocks[:after]), view) + ("\n" + rest if rest else "")


def _without_view(text: str, place: int) -> str:
    blocks, views = _blocks(text)
    del blocks[views[place]]
    return "".join(blocks)


def _with_view_moved(text: str, place: int, by: int) -> str:
    """The views change places; the blank lines between them stay where they are."""
    blocks, views = _blocks(text)
    bodies = [blocks[view].rstrip() for view in views]
    gaps = [blocks[view][len(body) :] or "\n" for view, body in zip(views, bodies, strict=True)]
    bodies.insert(max(0, min(len(bodies) - 1, place + by)), bodies.pop(place))
    for view, body, gap in zip(views, bodies, gaps, strict=True):
        blocks[view] = body + gap
    return "".join(blocks)


def _appended(text: str, block: str) -> str:
    """The text with a block at its end, one blank line between them."""
    return f"{text.rstrip()}\n\n{block}" if text.strip() else block
