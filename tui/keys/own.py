"""The reader's own keys and commands, from the settings: keys are checked, and commands become actions like ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from string import punctuation
from typing import TYPE_CHECKING

from textual.binding import Binding

from paperdeck.storage.settings.commands import MODES, OwnCommand
from paperdeck.storage.settings.settings import Settings
from paperdeck.storage.text.clean import clean_line
from paperdeck.storage.text.words import did_you_mean

from . import ACTIONS, keys_of, listed
from .action import LAYERS, OWN, PAPER, Action, Place
from .table import RENAMED

if TYPE_CHECKING:
    from textual.screen import Screen

_NO_KEY = "no_key"
"""What Textual gets for an action without keys, as it ignores an empty text."""
_KEYS_ARE = "a key is “s”, “Z”, “f5”, “asterisk” or “ctrl+n”."
_MODIFIERS = frozenset({"ctrl", "shift", "alt", "meta", "super", "hyper"})
_SYNONYMS = "command, program, run, external, hook, macro, own"


def check_keymap(keymap: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The valid part of a keymap (keys by action, separated by commas), and a sentence for each invalid part."""
    known = {action.id: action for action in ACTIONS}
    usable: dict[str, str] = {}
    written_as: dict[str, str] = {}  # the ids in the settings, which may be old ones
    complaints: list[str] = []
    for written, keys in keymap.items():
        name, given = RENAMED.get(written, written), listed(keys)
        if name not in known:
            hint = did_you_mean(written, known) or "; “paperdeck keys” lists them."
            complaints.append(f"keys: there is no action “{written}”{hint}")
        elif wrong := next((key for key in given if not _is_key(key)), ""):
            complaints.append(f"keys: “{written}” can't be “{clean_line(wrong)}”; {_KEYS_ARE}")
        else:
            usable[name], written_as[name] = ",".join(map(_as_named, given)), written
    for layer in LAYERS if usable else ():
        there = [action for action in known.values() if not set(layer).isdisjoint(action.where)]
        complaints += [clash for clash in _clashes(there, usable, written_as) if clash not in complaints]
    return usable, complaints


def for_textual(keymap: Mapping[str, str]) -> dict[str, str]:
    """A valid keymap as Textual takes it; an action without keys has none in Textual either."""
    return {name: keys or _NO_KEY for name, keys in keymap.items()}


def _is_key(name: str) -> bool:
    """Whether this is Textual's name of a key, such as `s`, `Z`, `f5`, `asterisk` or `ctrl+n`."""
    *modifiers, key = name.split("+") if name != "+" else [name]
    if not _MODIFIERS.issuperset(modifiers) or not key:
        return False
    if len(key) == 1:
        return not (modifiers and key.isupper())
    return key in _named_keys()


@cache
def _named_keys() -> frozenset[str]:
    """The keys with a name: those of no character, and those of signs."""
    from textual.keys import Keys

    signs = {_as_named(sign) for sign in punctuation if sign != ","}
    return frozenset({key.value.rpartition("+")[2] for key in Keys} | signs | {"comma"})


def _clashes(actions: Iterable[Action], keymap: Mapping[str, str], written_as: Mapping[str, str]) -> list[str]:
    """A sentence for each key that a keymap assigns to two of these actions, which work in one place."""
    found: list[str] = []
    taken: dict[str, str] = {}
    for action in actions:
        for key in keys_of(action, keymap):
            other = taken.setdefault(key, action.id)
            if other != action.id and not keymap.keys().isdisjoint((other, action.id)):
                first, second = (written_as.get(name, name) for name in (other, action.id))
                found.append(f"keys: “{key}” is both “{first}” and “{second}”.")
    return found


# Commands


def own_actions(commands: Sequence[OwnCommand], keymap: Mapping[str, str]) -> tuple[list[Action], list[str]]:
    """The reader's own commands as actions, and a sentence for each whose key is taken, which loses its key."""
    actions: list[Action] = []
    complaints: list[str] = []
    for number, command in enumerate(commands, 1):
        action = _action(number, command)
        if command.key and not _is_key(command.key):
            complaints.append(f"command “{command.title}”: the key can't be “{command.key}”; {_KEYS_ARE}")
            action = action._replace(keys="")
        elif taken := _who_has(action.keys, [*ACTIONS, *actions], keymap):
            complaints.append(
                f"command “{command.title}”: the key “{command.key}” is “{taken}” already; choose another one."
            )
            action = action._replace(keys="")
        actions.append(action)
    return actions, complaints


def complaints_about_keys(settings: Settings) -> list[str]:
    """A sentence for each key in the settings that does not do what they say."""
    return [*check_keymap(settings.keys)[1], *own_actions(settings.commands, settings.keys)[1]]


def _action(number: int, command: OwnCommand) -> Action:
    does = command.title if command.title != command.program[0] else f"Run {command.title}"
    return Action(
        f"command-{number}",
        _as_named(command.key),
        command.title,
        does,
        own=f"app.run_command({number - 1})",
        where=PAPER,
        group=OWN,
        synonyms=f"{_SYNONYMS}, {' '.join(command.program)}, {MODES[command.mode]}",
    )


def _as_named(key: str) -> str:
    """Textual's name of a key: `asterisk` for `*`."""
    return next((binding.key for binding in Binding.make_bindings([Binding(key, "")])), "") if key else ""


def _who_has(key: str, actions: Iterable[Action], keymap: Mapping[str, str]) -> str:
    """The action that a key already runs on a screen with papers; empty if the key is free."""
    layers = [set(layer) for layer in LAYERS if not set(layer).isdisjoint(PAPER)]
    for action in actions:
        together = any(not layer.isdisjoint(action.where) for layer in layers)
        if key and together and key in map(_as_named, keys_of(action, keymap)):
            return action.id if action.group != OWN else action.name
    return ""


def bind_own(screen: Screen[None], place: Place, actions: Iterable[Action]) -> None:
    """Add the keys of the reader's own commands to a new screen, as its class has only ours."""
    for action in actions:
        if action.keys and place in action.where:
            screen._bindings.bind(action.keys, action.textual, action.name, show=False)
