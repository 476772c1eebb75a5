"""Checks the reader's own keys: unknown actions, and keys with two meanings in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from paperdeck.storage.text.words import did_you_mean

from . import ACTIONS, keys_of
from .action import LAYERS, Action
from .table import RENAMED


def check_keymap(keymap: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The valid part of a keymap (keys by action, separated by commas), and a sentence for each invalid part."""
    known = {action.id: action for action in ACTIONS}
    usable: dict[str, str] = {}
    complaints: list[str] = []
    for written, keys in keymap.items():
        name = RENAMED.get(written, written)
        if name in known:
            usable[name] = keys
        else:
            hint = did_you_mean(written, known) or "; “paperdeck keys” lists them."
            complaints.append(f"keys: there is no action “{written}”{hint}")
    for layer in LAYERS if usable else ():
        there = [action for action in known.values() if not set(layer).isdisjoint(action.where)]
        complaints += [clash for clash in clashes(there, usable) if clash not in complaints]
    return usable, complaints


def clashes(actions: Iterable[Action], keymap: Mapping[str, str]) -> list[str]:
    """A sentence for each key that a keymap assigns to two of these actions, which work in one place."""
    found: list[str] = []
    taken: dict[str, str] = {}
    for action in actions:
        for key in keys_of(action, keymap):
            other = taken.setdefault(key, action.id)
            if other != action.id and not keymap.keys().isdisjoint((other, action.id)):
                found.append(f"keys: “{key}” is both “{other}” and “{action.id}”.")
    return found
