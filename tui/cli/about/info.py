"""`completion`, `keys`, `paths`: about paperdeck itself."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from paperdeck.storage.settings.places import Places

from ..command import Command, json_option
from ..common import print_json, print_row, print_rows, reader_settings, tell


def completion_options(parser: ArgumentParser) -> None:
    import shtab

    parser.add_argument("shell", choices=shtab.SUPPORTED_SHELLS, help="the shell that runs the script")


def print_completion(options: Namespace) -> int:
    """Print a script that completes commands, options and file names in a shell."""
    print(completion_of(options.shell))
    return 0


def completion_of(shell: str) -> str:
    import shtab

    from ..parser import build_parser

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
    "completion": Command(
        print_completion,
        completion_options,
        ('eval "$(paperdeck completion bash)"', 'eval "$(paperdeck completion zsh)"'),
    ),
    "keys": Command(print_keys, lambda parser: json_option(parser, "a JSON array"), ("paperdeck keys",)),
    "paths": Command(print_paths, lambda parser: json_option(parser, "a JSON object"), ("paperdeck paths --json",)),
}
