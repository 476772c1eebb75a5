"""`config`, `keys`, `completion`, `paths`: about paperdeck itself, and its settings."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.files.disk import is_missing
from paperdeck.storage.settings.places import Places
from paperdeck.storage.settings.settings import Settings, setting_values
from paperdeck.storage.text.words import did_you_mean

from .command import Command, json_option
from .common import complaints_about, print_json, print_row, print_rows, reader_settings, tell, warn

DOES = {
    "edit": "opens the settings file in your editor, and creates it first if there is none",
    "path": "prints where the file is, whether or not it exists",
    "get": "prints the value of one setting, such as look.theme",
    "init": "creates the file, with every setting in comments; an existing file is left unchanged",
}


def config_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "what", nargs="?", choices=list(DOES), help="; ".join(f"{name} {does}" for name, does in DOES.items())
    )
    parser.add_argument("key", nargs="?", metavar="KEY", help="with get: the setting")
    json_option(parser, "JSON")


def config(options: Namespace) -> int:
    if (options.what == "get") != bool(options.key):
        raise InvalidInput(
            "“config get” needs the name of a setting, such as look.theme."
            if options.what == "get"
            else f"“config {options.what}” takes no further arguments."
        )
    from paperdeck.storage.settings.template import make_settings_file

    places = Places.find()
    match options.what:
        case "path":
            return _print_path(places.config_file, as_json=options.json)
        case "init":
            make_settings_file(places.config_file)
            tell(f"Created {places.config_file}; “paperdeck config edit” opens it.")
            return 0
        case "edit":
            return edit(places)
        case "get":
            return _print_one(places, options.key, as_json=options.json)
        case _:
            return _print_all(places, as_json=options.json)


# -- printing ------------------------------------------------------------------------------------------------------


def _print_path(file: Path, *, as_json: bool) -> int:
    if as_json:
        print_json(str(file))
    else:
        print_row(file)
    return 0


def _print_all(places: Places, *, as_json: bool) -> int:
    """Print each setting with its value and default in TOML, and the path of the file."""
    settings, complaints = _checked(places)
    warn(*complaints)
    rows = [{"name": name, "value": value, "default": default} for name, value, default in setting_values(settings)]
    if as_json:
        print_json({"file": str(places.config_file), "settings": rows})
        return 0
    print_row("file", places.config_file)
    for name, *values in map(dict.values, rows):
        print_row(name, *(json.dumps(value, ensure_ascii=False) for value in values))
    return 0


def _print_one(places: Places, key: str, *, as_json: bool) -> int:
    """Print the value of a setting for scripts: text without quotes, lists one item per line."""
    values = {name: value for name, value, _ in setting_values(reader_settings(places))}
    if key not in values:
        hint = did_you_mean(key, values) or "; “paperdeck config” lists them."
        raise InvalidInput(f"There is no setting “{key[:40]}”{hint}")
    if as_json:
        print_json(values[key])
    else:
        for line in _in_lines(values[key]):
            print_row(line)
    return 0


def _in_lines(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, tuple) else (value,):
        yield item if isinstance(item, str) else json.dumps(item)


# -- the file ------------------------------------------------------------------------------------------------------


def edit(places: Places) -> int:
    """Edit the settings file, then report invalid settings; returns 1 if there are any."""
    from paperdeck.storage.settings.template import make_settings_file
    from paperdeck.tui.editor import edit as edit_file

    file = places.config_file
    if is_missing(file):
        make_settings_file(file)
    edit_file(
        file, nullcontext, instead=f"edit {file} by other means", failed="its changes take effect at the next start"
    )
    _, complaints = _checked(places)
    warn(*complaints)
    return 1 if complaints else 0


def _checked(places: Places) -> tuple[Settings, list[str]]:
    """The settings, and a sentence for everything in their file that can't be used."""
    from paperdeck.storage.settings.rules import load_rules
    from paperdeck.storage.settings.settings import load_settings

    settings, complaints = load_settings(places.config_file)
    return settings, [*complaints, *load_rules(places.config_file).complaints, *complaints_about(settings)]


# -- keys, completion, folders -------------------------------------------------------------------------------------


def completion_options(parser: ArgumentParser) -> None:
    import shtab

    parser.add_argument("shell", choices=shtab.SUPPORTED_SHELLS, help="the shell that runs the script")


def print_completion(options: Namespace) -> int:
    """Print a script that completes commands, options and file names in a shell."""
    print(completion_of(options.shell))
    return 0


def completion_of(shell: str) -> str:
    import shtab

    from .parser import build_parser

    parser = build_parser()
    _complete_files(parser)
    return str(shtab.complete(parser, shell))


def _complete_files(parser: ArgumentParser) -> None:
    """Mark for shtab the arguments that name a file or a folder, including those of commands."""
    import shtab

    for action in parser._actions:
        if isinstance(action.choices, dict):
            for command in action.choices.values():
                _complete_files(command)
        elif action.metavar in ("FILE", "FOLDER"):
            action.complete = shtab.FILE if action.metavar == "FILE" else shtab.DIRECTORY  # type: ignore[attr-defined]


def print_keys(options: Namespace) -> int:
    """Print all keys with the reader's changes: the id for the settings, the key, its effect, where it works."""
    from paperdeck.tui.keys import ACTIONS
    from paperdeck.tui.keys.own import check_keymap, own_actions

    settings = reader_settings(Places.find())
    keymap, complaints = check_keymap(settings.keys)
    own, taken = own_actions(settings.commands, keymap)
    for complaint in (*complaints, *taken):
        tell(complaint)
    rows = [
        {"id": action.id, "key": keymap.get(action.id, action.keys), "does": action.help, "where": action.place_names}
        for action in (*ACTIONS, *own)
    ]
    print_rows(rows, as_json=options.json)
    return 0


def print_paths(options: Namespace) -> int:
    places = {name: str(path) for name, path in Places.find()._asdict().items()}
    if options.json:
        print_json(places)
    else:
        for name, path in places.items():
            print_row(name, path)
    return 0


COMMANDS = {
    "config": Command(
        config,
        config_options,
        ("paperdeck config", "paperdeck config edit", "paperdeck config get look.theme", "paperdeck config path"),
        "paperdeck never changes this file by itself.",
    ),
    "completion": Command(
        print_completion,
        completion_options,
        ('eval "$(paperdeck completion bash)"', 'eval "$(paperdeck completion zsh)"'),
    ),
    "keys": Command(print_keys, lambda parser: json_option(parser, "a JSON array"), ("paperdeck keys",)),
    "paths": Command(print_paths, lambda parser: json_option(parser, "a JSON object"), ("paperdeck paths --json",)),
}
