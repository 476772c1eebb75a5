"""The registry of keys and actions: bindings, help, palette, `paperdeck keys` and the keymap all come from it.

A pane, screen or dialog takes its keys with `BINDINGS = bindings(place)`. The `own` of an entry names an action of that
widget: scrolling widgets have `action_move(lines)`, `action_page(pages)`, `action_first()` and `action_last()`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from textual.binding import Binding, BindingType

from .action import GROUPS, OWN, Action, Place
from .table import ACTIONS, HINTS, RENAMED

__all__ = [
    "ACTIONS",
    "GROUPS",
    "HINTS",
    "OWN",
    "Action",
    "Place",
    "action_of",
    "bindings",
    "grouped",
    "keys_of",
    "with_keys",
]

_NAMED = re.compile(r"\{([a-z0-9-]+)\}")
_BY_ID = {action.id: action for action in ACTIONS}


def action_of(action_id: str) -> Action:
    """The action with an id.

    Raises:
        KeyError: there is none.
    """
    return _BY_ID[RENAMED.get(action_id, action_id)]


def bindings(*places: Place) -> list[BindingType]:
    """The bindings of a pane, screen or dialog, given its places, such as `"rows"`."""
    return [
        Binding(
            action.keys,
            action.textual,
            action.name,
            id=action.id,
            tooltip=action.help,
            show=False,
            priority=action.first,
        )
        for action in ACTIONS
        if action.keys and not set(places).isdisjoint(action.where)
    ]


def grouped(places: Iterable[Place], own: Iterable[Action] = ()) -> list[tuple[str, list[Action]]]:
    """The actions that work in some places, including the reader's own, by heading."""
    wanted = set(places)
    there = [action for action in (*ACTIONS, *own) if not wanted.isdisjoint(action.where)]
    groups = [(group, [action for action in there if action.group == group]) for group in GROUPS]
    return [(group, actions) for group, actions in groups if actions]


def keys_of(action: Action, keymap: Mapping[str, str]) -> list[str]:
    """Textual's names of an action's keys, after the reader's changes, which are given by the action's id."""
    return listed(keymap.get(action.id, action.keys))


def listed(keys: str) -> list[str]:
    """The keys in a text, which has commas between them."""
    return [key for part in keys.split(",") if (key := part.strip())]


def with_keys(text: str, key_of: Callable[[str], str]) -> str:
    """A sentence with `{star}` replaced by the displayed key of that action, or by its name if it has no key."""
    return _NAMED.sub(lambda named: spoken_key(named[1], key_of), text)


def spoken_key(action_id: str, key_of: Callable[[str], str]) -> str:
    """The displayed key of an action, or where it is found if it has none."""
    return key_of(action_id) or f"“{action_of(action_id).name}” in the palette"
