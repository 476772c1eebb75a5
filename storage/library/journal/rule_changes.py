"""Turns a change of views, rules or preferences into journal fields, given the current rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.text.clean import clean_line

if TYPE_CHECKING:
    from paperdeck.storage.settings.rules import FollowKind, ReasonKind, Rules


class RuleState(NamedTuple):
    """The current rules."""

    rules: Rules
    """The effective rules."""
    places: Mapping[str, float]
    """The sort value of each view."""
    values: Mapping[str, Any]
    """The values in the journal, by field."""


class RuleChange(NamedTuple):
    """A deed to carry out."""

    label: str
    subject: str
    values: Mapping[str, Any]
    """New values by field; empty if nothing changes."""


def save_view(state: RuleState, name: str, query: str) -> RuleChange:
    """Add a view at the end, or change an existing one's query.

    Raises:
        InvalidInput: the name is empty, or the query can't be understood.
    """
    from paperdeck.storage.search.query import parse

    name = _name(name)
    parse(query)
    known = {view.name: view.query for view in state.rules.views}
    if name in known:
        return RuleChange("replace view", name, {f"view {name}": query} if known[name] != query else {})
    last = max((state.places[view] for view in known), default=-1.0)
    return RuleChange("save view", name, {f"view {name}": query, f"place {name}": last + 1})


def rename_view(state: RuleState, old: str, new: str) -> RuleChange:
    """Rename a view, keeping its position.

    Raises:
        InvalidInput: there is no such view, or the new name is empty or taken.
    """
    query, new = _query(state, old), _name(new)
    subject = f"{old} to {new}"
    if new == old:
        return RuleChange("rename view", subject, {})
    if any(view.name == new for view in state.rules.views):
        raise InvalidInput(f"There is a view “{new}” already; choose another name.")
    values = {f"view {old}": None, f"view {new}": query, f"place {new}": state.places[old]}
    return RuleChange("rename view", subject, values)


def delete_view(state: RuleState, name: str) -> RuleChange:
    """Delete a view.

    Raises:
        InvalidInput: there is no such view.
    """
    _query(state, name)
    return RuleChange("delete view", name, {f"view {name}": None})


def move_view(state: RuleState, name: str, by: int) -> RuleChange:
    """Move a view up (negative) or down among the saved views; nothing changes at either end.

    Raises:
        InvalidInput: there is no such view.
    """
    _query(state, name)
    others = [view.name for view in state.rules.views]
    at = others.index(name)
    others.remove(name)
    to = max(0, min(len(others), at + by))
    return RuleChange("move view", name, _moved(state.places, others, name, to) if to != at else {})


def _moved(places: Mapping[str, float], others: list[str], name: str, to: int) -> dict[str, Any]:
    """The sort value between two other views; new values for all views if those two have the same one."""
    before = places[others[to - 1]] if to else None
    after = places[others[to]] if to < len(others) else None
    if before is None or after is None:
        place = (after or 0.0) - 1 if before is None else before + 1
    else:
        place = (before + after) / 2
    if place in (before, after):
        return {f"place {view}": float(at) for at, view in enumerate([*others[:to], name, *others[to:]])}
    return {f"place {name}": place}


def mute(state: RuleState, query: str, *, on: bool = True) -> RuleChange:
    """Mute the papers of a query, or unmute them.

    Raises:
        InvalidInput: the query can't be understood, or finds everything.
    """
    from paperdeck.storage.search.query import parse

    query = clean_line(query)
    if on and not parse(query):
        raise InvalidInput("An empty query would mute everything; say what to mute.")
    name = muted_in_words(query)
    same = [rule for rule in state.rules.mute if rule == query or (name != query and _is_same(rule, query))]
    return RuleChange("mute" if on else "unmute", name, _switch(query, same, "mute", on=on))


def muted_in_words(query: str) -> str:
    """The one name that a query mutes, without the syntax; other queries as they are written."""
    from paperdeck.storage.search.query import parse
    from paperdeck.storage.search.tree import Text

    try:
        node = parse(query).node
    except InvalidInput:  # it can still be unmuted
        return query
    return node.text if isinstance(node, Text) and node.whole else query


def follow(state: RuleState, kind: FollowKind, name: str, *, on: bool = True) -> RuleChange:
    """Follow an author, an organization or a keyword, or stop following; case doesn't matter.

    Raises:
        InvalidInput: the name is empty.
    """
    name = _name(name)
    same = [rule for rule in getattr(state.rules, kind) if _is_same(rule, name)]
    return RuleChange("follow" if on else "unfollow", name, _switch(name, same, f"follow {kind}", on=on))


def _switch(rule: str, same: Sequence[str], group: str, *, on: bool) -> dict[str, Any]:
    """Switch a rule on, unless the same one is on, or all that are the same off."""
    if on:
        return {} if same else {f"{group} {rule}": True}
    return {f"{group} {other}": False for other in same}


def _is_same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def set_interest(state: RuleState, phrase: str, *, on: bool = True) -> RuleChange:
    """Add or remove an interest; case doesn't matter.

    Raises:
        InvalidInput: there are no words.
    """
    phrase = clean_line(phrase)
    if not phrase:
        raise InvalidInput("An interest needs words, such as “world models”; type some.")
    known = next((interest for interest in state.rules.interests if interest.casefold() == phrase.casefold()), None)
    label = "add interest" if on else "remove interest"
    return RuleChange(label, known or phrase, {f"interest {known or phrase}": on} if on != (known is not None) else {})


def adjust_taste(state: RuleState, kind: ReasonKind, name: str, *, more: bool | None) -> RuleChange:
    """Give a reason more or less weight in the taste; None: its usual weight.

    Raises:
        InvalidInput: the name is empty.
    """
    from paperdeck.storage.settings.rules import LESS, MORE

    name = _name(name)
    known = next((rule for rule in state.rules.adjusted if rule[:2] == (kind, name)), None)
    label = "say no more of" if more is None else "more of" if more else "less of"
    value = None if more is None else MORE if more else LESS
    already = (known.more if known else None) is more
    return RuleChange(label, name, {} if already else {f"taste {kind} {name}": value})


def set_preference(state: RuleState, name: str, value: str) -> RuleChange:
    """Set a preference, such as `theme` or `order`."""
    field = f"preference {name}"
    return RuleChange(name, value, {field: value} if state.values.get(field) != value else {})


def follow_start_field(source: str, day: date) -> str:
    """The field that records the day from which a source is followed.

    The day is part of the name, so that devices that started independently don't overwrite each other's days.
    """
    return f"begin {source} {day}"


def follow_start_in(field: str) -> tuple[str, date] | None:
    """The source and the day in such a field; None for other fields."""
    group, _, key = field.partition(" ")
    source, _, day = key.rpartition(" ")
    try:
        return (source, date.fromisoformat(day)) if group == "begin" else None
    except ValueError:
        return None


def _query(state: RuleState, name: str) -> str:
    for view in state.rules.views:
        if view.name == name:
            return view.query
    raise InvalidInput(f"There is no view “{name}”; it may have been renamed or deleted elsewhere.")


def _name(name: str) -> str:
    name = clean_line(name)
    if not name:
        raise InvalidInput("A name is needed; type one.")
    return name
