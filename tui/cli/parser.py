"""The command-line parser and the list of commands. Each command's options and code are in its own module."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Collection, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from paperdeck.storage.text.clean import for_screen
from paperdeck.storage.text.words import did_you_mean

from .command import Command

COMMANDS = {
    "fetch": ("fetch", "fetch new papers into the library"),
    "add": ("fetch", "add individual papers to the library"),
    "pack": ("fetch", "fetch full texts to read offline"),
    "list": ("list", "list papers, newest first"),
    "status": ("status", "print how many papers are unread, for a status line"),
    "show": ("show", "show one paper"),
    "related": ("taste", "list the papers most like a paper, and those by the same people"),
    "cite": ("cite", "print citations"),
    "venue": ("cite", "show where papers appeared, and choose the form to cite"),
    "export": ("export", "write papers for other programs"),
    "exports": ("export", "list the kept exports, or refresh them"),
    "notes": ("export", "write a Markdown note for each paper, for Obsidian and the like"),
    "zotero": ("export", "send papers to the Zotero on this machine"),
    "mcp": ("mcp", "serve the library to an assistant that speaks MCP"),
    "import": ("importing", "import papers from another program"),
    "star": ("marks", "star papers"),
    "unstar": ("marks", "unstar papers"),
    "read": ("marks", "mark papers read"),
    "unread": ("marks", "mark papers unread"),
    "hide": ("marks", "hide papers"),
    "unhide": ("marks", "show hidden papers again"),
    "tag": ("marks", "add tags to a paper, or remove them"),
    "remove": ("marks", "remove papers that a search or an import brought"),
    "interests": ("taste", "say what interests you, for the order “for you”"),
    "undo": ("undo", "undo the last change"),
    "redo": ("undo", "redo the change that was undone last"),
    "history": ("undo", "list the changes that can be undone"),
    "digest": ("digest", "show or send the best papers of a period"),
    "subscribe": ("digest", "schedule digests by mail"),
    "subscriptions": ("digest", "list the subscriptions"),
    "unsubscribe": ("digest", "end subscriptions"),
    "feed": ("export", "write an Atom feed of papers"),
    "doctor": ("doctor", "check every file and repair what can be repaired"),
    "backup": ("doctor", "write all marks to one file"),
    "restore": ("doctor", "merge the marks of a backup into the library"),
    "completion": ("about", "print a completion script for a shell"),
    "keys": ("about", "list the keys of the reader"),
    "config": ("about", "list the settings, print one, or edit the file"),
    "paths": ("about", "list the folders that paperdeck uses"),
}
"""By command: its module, whose COMMANDS has it too, and its description."""

_EPILOG = """\
With a screen reader: “paperdeck list --plain” and “paperdeck show --plain ID”.
PAPERDECK_HOME=DIR keeps everything below DIR. HF_ENDPOINT and HF_TOKEN are honoured.

Examples:
  paperdeck
  paperdeck list is:starred
  paperdeck COMMAND --help"""
_LOOKS_LIKE_FLAGS = re.compile(r"-[^-].+", re.DOTALL)
_WITH_VALUE = ("--log",)
"""Options before the command that take a value."""
_SYNONYMS = {
    "bibtex": "cite",
    "bookmark": "star",
    "find": "list",
    "get": "fetch",
    "help": "--help",
    "query": "list",
    "search": "list",
    "settings": "config",
    "sync": "fetch",
    "update": "fetch",
    "version": "--version",
}
"""Words that newcomers may try, and the command that they look for."""


def parse(words: Sequence[str]) -> argparse.Namespace:
    """Parse the arguments; invalid ones end the program with code 2.

    Words of a query may also follow an option, as in `list agents --limit 9 -survey`.
    """
    name = command_in(words)
    parser = build_parser([name] if name in COMMANDS else ())
    if name is not None and name not in COMMANDS:
        hint = did_you_mean(_SYNONYMS.get(name, name), [*COMMANDS, *_SYNONYMS.values()])
        parser.error(f"“{name[:40]}” is not a command{hint or '; “paperdeck --help” lists them'}")
    options, rest = parser.parse_known_args(_with_spaces(words))
    if rest and ("query" not in options or any(word.startswith("-") for word in rest)):
        others = [option for option in options_of(parser, name) if option != rest[0]]  # one of the reader's own
        parser.error(f"unrecognized arguments: {' '.join(rest)}{did_you_mean(rest[0], others)}")
    if rest:
        options.query = [*options.query, *rest]
    return options


def command_in(words: Sequence[str]) -> str | None:
    """The first word that is neither an option nor the value of one: the command, if there is any."""
    rest = iter(words)
    for word in rest:
        if word in _WITH_VALUE:
            next(rest, None)
        elif not word.startswith("-"):
            return word
    return None


def build_parser(load: Collection[str] | None = None) -> argparse.ArgumentParser:
    """The grammar of the command line.

    Args:
        load: The commands to load with their options; None: all of them. If empty, all are listed with their
            descriptions only; otherwise, the others are left out.
    """
    parser = _Parser(
        "paperdeck",
        "Read Hugging Face Daily Papers and arXiv in the terminal. Without a command, the reader opens.",
        _EPILOG,
    )
    parser.add_argument("-V", "--version", action=_ShowVersion, help="print the version")
    parser.add_argument("--offline", action="store_true", help="open the reader without fetching anything by itself")
    parser.add_argument("--ascii", action="store_true", help="open the reader without symbols outside ASCII")
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    parser.add_argument("--log", type=Path, metavar="FILE", help="log to FILE")
    parser.set_defaults(run=_open_reader)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    wanted = COMMANDS if load is None else load
    for name in wanted or COMMANDS:
        module, does = COMMANDS[name]
        command = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.")
        if name in wanted:
            _load(command, name, module)
    return parser


def _load(parser: argparse.ArgumentParser, name: str, module: str) -> None:
    command: Command = import_module(f".{module}", __package__).COMMANDS[name]
    command.options(parser)
    parser.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    parser.add_argument("--log", type=Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    parser.set_defaults(run=command.run, command=name)
    examples = "\n".join(f"  {line}" for line in command.examples)
    parser.epilog = "\n\n".join(filter(None, (command.notes, f"Examples:\n{examples}")))


def _open_reader(options: argparse.Namespace) -> int:
    from .app import run_app

    return run_app(options)


def _with_spaces(words: Sequence[str]) -> list[str]:
    """The words, with a space before those like `-survey`, which argparse would take for options."""
    return [f" {word}" if _LOOKS_LIKE_FLAGS.fullmatch(word) else word for word in words]


def options_of(parser: argparse.ArgumentParser, name: str | None) -> list[str]:
    """The options that a command takes."""
    actions: list[Any] = list(parser._actions)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction) and name in action.choices:
            actions += action.choices[name]._actions
    return [option for action in actions for option in action.option_strings if option.startswith("--")]


class _Parser(argparse.ArgumentParser):
    """A parser whose help keeps the lines of its examples, and whose errors are one line below the usage."""

    def __init__(
        self, prog: str | None = None, description: str | None = None, epilog: str | None = None, **options: Any
    ) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(prog, description=description, epilog=epilog, **options)

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {for_screen(message)}\n")


class _ShowVersion(argparse.Action):
    """Print the version; importlib.metadata is only imported when needed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(nargs=0, **options)

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import version

        print(f"paperdeck {version('paperdeck')}")
        parser.exit()
