"""The command line's grammar; what each command does is in the modules of `commands`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from typing import Any

MARK_COMMANDS = {
    "star": "star papers",
    "unstar": "take the star from papers",
    "read": "mark papers read",
    "unread": "mark papers unread",
    "hide": "put papers out of sight",
    "unhide": "bring hidden papers back",
}


def build_parser() -> argparse.ArgumentParser:
    """The whole grammar of the command line."""
    parser = argparse.ArgumentParser(
        prog="paperdeck",
        description="Read Hugging Face Daily Papers and arXiv in the terminal. Without a command, the reader opens.",
        epilog="PAPERDECK_HOME=DIR keeps everything under DIR; HF_ENDPOINT and HF_TOKEN are honoured.",
    )
    parser.add_argument("--version", action=_ShowVersion, help="print the version and leave")
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    parser.add_argument("--offline", action="store_true", help="open the reader without fetching anything by itself")
    parser.set_defaults(run=_lazily("app_command", "run_app"))
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _fetching(commands)
    _looking(commands)
    _marking(commands)
    _keeping(commands)
    return parser


def _fetching(commands: Any) -> None:
    fetch = _command(commands, "fetch", "fetch_command", "fetch", "fetch Daily Papers into the library")
    fetch.add_argument("--days", type=_days, metavar="N", help="the last N days (default: the setting, 7)")


def _looking(commands: Any) -> None:
    listing = _command(commands, "list", "look_commands", "list_papers", "list papers, newest first")
    listing.add_argument("query", nargs="*", metavar="QUERY", help="a query, such as: is:unread author:bengio -survey")
    listing.add_argument("--limit", type=_count, default=None, metavar="N", help="at most N papers")
    listing.add_argument("--json", action="store_true", help="print a JSON array")
    show = _command(commands, "show", "look_commands", "show_paper", "show one paper")
    show.add_argument("id", metavar="ID", help="an arXiv id or a link")
    show.add_argument("--json", action="store_true", help="print a JSON object")
    cite = _command(commands, "cite", "look_commands", "cite_papers", "print BibTeX entries")
    cite.add_argument("ids", nargs="+", metavar="ID", help="an arXiv id or a link")


def _marking(commands: Any) -> None:
    for name, does in MARK_COMMANDS.items():
        command = _command(commands, name, "mark_commands", "mark_papers", does)
        command.add_argument("ids", nargs="+", metavar="ID", help="an arXiv id or a link")
        command.set_defaults(mark=name)
    tag = _command(commands, "tag", "mark_commands", "tag_paper", "put tags on a paper")
    tag.add_argument("id", metavar="ID", help="an arXiv id or a link")
    tag.add_argument("names", nargs="+", metavar="NAME", help="a tag; one that begins with “-” is taken off (after --)")


def _keeping(commands: Any) -> None:
    paths = _command(commands, "paths", "look_commands", "print_paths", "print where files live")
    paths.add_argument("--json", action="store_true", help="print a JSON object")


def _command(commands: Any, name: str, module: str, function: str, does: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.")
    command.set_defaults(run=_lazily(module, function))
    return command


def _lazily(module: str, function: str) -> Callable[[argparse.Namespace], int]:
    """The function of a commands module, imported when it runs."""

    def run(options: argparse.Namespace) -> int:
        result: int = getattr(import_module(f".commands.{module}", __package__), function)(options)
        return result

    return run


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 10**9:
        raise argparse.ArgumentTypeError(f"“{text}” is not a whole number above 0")
    return int(text)


def _days(text: str) -> int:
    days = _count(text)
    if days > 3660:
        raise argparse.ArgumentTypeError("at most 3660 days")
    return days


class _ShowVersion(argparse.Action):
    """Print the version; importlib.metadata is only imported when asked."""

    def __init__(self, **options: Any) -> None:
        super().__init__(nargs=0, **options)

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import version

        print(f"paperdeck {version('paperdeck')}")
        parser.exit()
