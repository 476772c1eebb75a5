"""The reader's own rules: saved views, what is muted and what is followed. They live in the settings file.

    [[view]]
    name = "Agents"
    query = "agent -survey since:30d"

    [mute]
    queries = ["keyword:=\\"image generation\\""]

    [follow]
    authors = ["Yoshua Bengio"]
    organizations = []
    keywords = ["interpretability"]

`rules_file.py` changes them there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from paperdeck.storage.search.query import Query, QueryError, field_query, parse

FollowKind = Literal["authors", "organizations", "keywords"]
"""What can be followed; the keys of the table."""

FOLLOW_FIELDS: Mapping[FollowKind, str] = {"authors": "author", "organizations": "org", "keywords": "keyword"}
"""The field of the query language for each kind that can be followed."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A query with a name."""

    name: str
    query: str


@dataclass(frozen=True, kw_only=True)
class Rules:
    """All rules of the reader, as the settings file has them."""

    views: tuple[SavedView, ...] = ()
    """In the order of the pane."""
    mute: tuple[str, ...] = ()
    """Queries whose papers are kept out of every view but “Muted”."""
    authors: tuple[str, ...] = ()
    """Authors that are followed."""
    organizations: tuple[str, ...] = ()
    """Organizations that are followed."""
    keywords: tuple[str, ...] = ()
    """Keywords that are followed."""

    def muted_queries(self) -> tuple[Query, ...]:
        """The queries of the mute rules; those that can't be understood are left out."""
        return self._muted

    def followed_queries(self) -> tuple[Query, ...]:
        """A query for each author, organization and keyword that is followed."""
        return self._followed

    @cached_property
    def _muted(self) -> tuple[Query, ...]:
        return tuple(query for text in self.mute if (query := _understood(text)))

    @cached_property
    def _followed(self) -> tuple[Query, ...]:
        return tuple(
            field_query(field, name) for kind, field in FOLLOW_FIELDS.items() for name in getattr(self, kind) if name
        )


def load_rules(path: Path) -> tuple[Rules, list[str]]:
    """The rules in a settings file, and a sentence for each that can't be used.

    A file that can't be read has no rules; `storage.config` says why.
    """
    try:
        text = path.read_text(encoding="utf-8")
        import tomllib  # only who has rules pays for reading them

        table = tomllib.loads(text)
    except (OSError, ValueError):
        return Rules(), []
    complaints: list[str] = []
    views = tuple(_saved_views(table.get("view", []), complaints))
    mute, follow = _table(table, "mute", complaints), _table(table, "follow", complaints)
    muted = _texts(mute, "mute", "queries", complaints)
    for text in muted:
        _check_query(f"mute rule “{text}”", text, complaints)
    followed = {kind: _texts(follow, "follow", kind, complaints) for kind in FOLLOW_FIELDS}
    return Rules(views=views, mute=muted, **followed), [f"{path.name}: {complaint}" for complaint in complaints]


def _saved_views(value: Any, complaints: list[str]) -> list[SavedView]:
    views: dict[str, SavedView] = {}
    for item in value if isinstance(value, list) else [value]:
        name, query = (item.get("name"), item.get("query")) if isinstance(item, Mapping) else (None, None)
        if not isinstance(name, str) or not isinstance(query, str) or not name.strip():
            complaints.append("a [[view]] needs a name and a query, both as text; it is left out.")
        elif name in views:
            complaints.append(f"there are two views “{name}”; the first is used.")
        elif _check_query(f"view “{name}”", query, complaints):
            views[name] = SavedView(name, query)
    return list(views.values())


def _table(table: Mapping[str, Any], name: str, complaints: list[str]) -> Mapping[str, Any]:
    value = table.get(name, {})
    if isinstance(value, Mapping):
        return value
    complaints.append(f"“{name}” is a table, written as [{name}]; it is left out.")
    return {}


def _texts(table: Mapping[str, Any], name: str, key: str, complaints: list[str]) -> tuple[str, ...]:
    value = table.get(key, [])
    if isinstance(value, list) and all(isinstance(text, str) for text in value):
        return tuple(value)
    complaints.append(f"“{name}.{key}” is a list of texts; it is left out.")
    return ()


def _check_query(what: str, text: str, complaints: list[str]) -> bool:
    try:
        parse(text)
    except QueryError as error:
        complaints.append(f"the {what} is left out: {error.reason}")
        return False
    return True


def _understood(text: str) -> Query | None:
    try:
        return parse(text)
    except QueryError:
        return None
