"""The reader's rules: saved views, mutes and follows.

They are stored in the journal. Rules in the settings file, which we never write, apply too unless the journal overrides
them:

    [[view]]
    name = "Agents"
    query = "agent -survey since:30d"

    [mute]
    queries = ["keyword:=\\"image generation\\""]

    [follow]
    authors = ["Yoshua Bengio"]
    organizations = []
    keywords = ["interpretability"]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.search.query import Query, QueryError, field_query, parse
from paperdeck.storage.text.clean import clean_line
from paperdeck.storage.text.words import did_you_mean, list_in_words

from .settings import read_toml

FollowKind = Literal["authors", "organizations", "keywords"]
"""The kinds of things to follow; the keys of the table."""

FOLLOW_FIELDS: Mapping[FollowKind, str] = {"authors": "author", "organizations": "org", "keywords": "keyword"}
"""The query field for each kind."""


LESS, MORE = "less", "more"
"""The journal values for wanting less or more of something."""


class SavedView(NamedTuple):
    """A named query."""

    name: str
    query: str


ReasonKind = Literal["words", "author", "organization"]
"""The kinds of reasons that the reader can give more or less weight."""

REASON_KINDS: tuple[ReasonKind, ...] = ("words", "author", "organization")


class Adjusted(NamedTuple):
    """A request for more or less of something."""

    kind: ReasonKind
    name: str
    """One or two words, or a name."""
    more: bool
    """True for more, False for less."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """All rules of the reader. Their queries are parsed once, on first use."""

    views: tuple[SavedView, ...] = ()
    """Saved views, in the order of the pane."""
    mute: tuple[str, ...] = ()
    """Queries whose papers are left out of every view but “Muted”."""
    authors: tuple[str, ...] = ()
    """Followed authors."""
    organizations: tuple[str, ...] = ()
    """Followed organizations."""
    keywords: tuple[str, ...] = ()
    """Followed keywords."""
    interests: tuple[str, ...] = ()
    """Typed interests, words or phrases, in order of entry."""
    adjusted: tuple[Adjusted, ...] = ()
    """Requests for more or less of something, oldest first."""
    complaints: tuple[str, ...] = field(default=(), compare=False)
    """A sentence for each rule of the settings file that can't be used."""

    @cached_property
    def muted_queries(self) -> tuple[Query, ...]:
        """The queries of the mute rules; invalid ones are left out."""
        return tuple(query for text in self.mute if (query := _understood(text)))

    @cached_property
    def followed_queries(self) -> tuple[Query, ...]:
        """A query for each followed author, organization and keyword."""
        return tuple(
            field_query(field, name) for kind, field in FOLLOW_FIELDS.items() for name in getattr(self, kind) if name
        )


def load_rules(path: Path) -> Rules:
    """The rules in a settings file. A file that can't be read has none; `load_settings` says why."""
    try:
        table = read_toml(path)
    except InvalidInput:
        return Rules()
    complaints: list[str] = []
    views = tuple(_saved_views(table.get("view", []), complaints))
    mute = _table(table, "mute", ("queries",), complaints)
    follow = _table(table, "follow", tuple(FOLLOW_FIELDS), complaints)
    muted = _texts(mute, "mute", "queries", complaints)
    for text in muted:
        _check_query(f"mute rule “{text}”", text, complaints)
    followed = {kind: _texts(follow, "follow", kind, complaints) for kind in FOLLOW_FIELDS}
    return Rules(
        views=views,
        mute=muted,
        authors=followed["authors"],
        organizations=followed["organizations"],
        keywords=followed["keywords"],
        complaints=tuple(f"{path.name}: {complaint}" for complaint in complaints),
    )


def with_values(base: Rules, values: Mapping[str, Any]) -> Rules:
    """Rules merged with those of the journal.

    Args:
        base: The rules of the settings file.
        values: The journal's values by field: a query or None for `view Agents`, a number for `place Agents`, a bool
            for `mute keyword:x` and `follow authors Yi Li`. Names are clean, here and there.
    """
    queries: dict[str, Any] = {view.name: view.query for view in base.views}
    queries |= {name: query for key, query in values.items() if (name := _key(key, "view")) is not None}
    complaints = list(base.complaints)
    views = [
        SavedView(name, clean_line(query))
        for name, query in queries.items()
        if query is not None and _check_query(f"view “{name}”", query, complaints)
    ]
    places = places_of(base, values)
    return Rules(
        views=tuple(sorted(views, key=lambda view: places.get(view.name, (0.0, "")))),
        mute=_switched(base.mute, values, "mute"),
        authors=_switched(base.authors, values, "follow authors"),
        organizations=_switched(base.organizations, values, "follow organizations"),
        keywords=_switched(base.keywords, values, "follow keywords"),
        interests=_switched((), values, "interest"),
        adjusted=tuple(_adjusted(values)),
        complaints=tuple(complaints),
    )


def _adjusted(values: Mapping[str, Any]) -> Iterator[Adjusted]:
    """The requests for more or less; unknown kinds, from a newer version, are left out."""
    for field_name, value in values.items():
        for kind in REASON_KINDS:
            name = _key(field_name, f"taste {kind}")
            if name is not None and value in (LESS, MORE):
                yield Adjusted(kind, name, value == MORE)


def places_of(base: Rules, values: Mapping[str, Any]) -> dict[str, tuple[float, str]]:
    """The sort value of each view, by name; for equal values (from two devices) the name decides."""
    places: dict[str, float] = {view.name: float(place) for place, view in enumerate(base.views)}
    for key in values:
        if (name := _key(key, "view")) is not None:
            places.setdefault(name, len(places))
    places |= {
        name: at for field, at in values.items() if (name := _key(field, "place")) is not None and at is not None
    }
    return {name: (place, name) for name, place in places.items()}


def _switched(base: Iterable[str], values: Mapping[str, Any], group: str) -> tuple[str, ...]:
    """The active texts of a list: those of the settings file, then those of the journal, which can switch off both."""
    switches = dict.fromkeys(base, True)
    switches |= {text: on for field, on in values.items() if (text := _key(field, group)) is not None}
    return tuple(text for text, on in switches.items() if on)


def _key(field: str, group: str) -> str | None:
    """The name in a field of this group; None for fields of other groups."""
    return field[len(group) + 1 :] if field.startswith(f"{group} ") else None


def _saved_views(value: Any, complaints: list[str]) -> list[SavedView]:
    views: dict[str, SavedView] = {}
    for item in value if isinstance(value, list) else [value]:
        name, query = (item.get("name"), item.get("query")) if isinstance(item, Mapping) else (None, None)
        if not isinstance(name, str) or not isinstance(query, str) or not (name := clean_line(name)):
            complaints.append("a [[view]] needs a name and a query, both as text; it is left out.")
        elif name in views:
            complaints.append(f"there are two views “{name}”; the first is used.")
        elif _check_query(f"view “{name}”", query, complaints):
            views[name] = SavedView(name, clean_line(query))
    return list(views.values())


def _table(table: Mapping[str, Any], name: str, known: Sequence[str], complaints: list[str]) -> Mapping[str, Any]:
    value = table.get(name, {})
    if isinstance(value, Mapping):
        for key in [clean_line(key) for key in value if key not in known]:
            hint = did_you_mean(key, known, f"{name}.") or f"; [{name}] has {list_in_words(known)}."
            complaints.append(f"unknown setting “{name}.{key}”{hint}")
        return value
    complaints.append(f"“{name}” is a table, written as [{name}]; it is left out.")
    return {}


def _texts(table: Mapping[str, Any], name: str, key: str, complaints: list[str]) -> tuple[str, ...]:
    value = table.get(key, [])
    if isinstance(value, list) and all(isinstance(text, str) for text in value):
        return tuple(filter(None, map(clean_line, value)))
    complaints.append(f"“{name}.{key}” is a list of strings; it is left out.")
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
