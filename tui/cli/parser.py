"""The command line's grammar; what each command does is in the modules of `commands`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.text.clean import clean_tag

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
    from .parser_publishing import add_publishing

    parser = argparse.ArgumentParser(
        prog="paperdeck",
        description="Read Hugging Face Daily Papers and arXiv in the terminal. Without a command, the reader opens.",
        epilog="With a screen reader: “paperdeck list --plain” and “paperdeck show --plain ID”. "
        "PAPERDECK_HOME=DIR keeps everything under DIR; HF_ENDPOINT and HF_TOKEN are honoured.",
    )
    parser.add_argument("--version", action=_ShowVersion, help="print the version and leave")
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    parser.add_argument("--offline", action="store_true", help="open the reader without fetching anything by itself")
    parser.add_argument("--ascii", action="store_true", help="open the reader without symbols outside ASCII")
    parser.set_defaults(run=_lazily("app_command", "run_app"))
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _fetching(commands)
    _looking(commands)
    _marking(commands)
    _keeping(commands)
    add_publishing(commands)
    return parser


def _fetching(commands: Any) -> None:
    fetch = _command(commands, "fetch", "fetch_command", "fetch", "fetch papers into the library")
    fetch.add_argument("--days", type=_days, metavar="N", help="the last N days (default: the setting, 7)")
    fetch.add_argument("--since", type=_day, metavar="DATE", help="all days from DATE on that are not complete")
    fetch.add_argument("--until", type=_day, metavar="DATE", help="with --since: no day after DATE")
    fetch.add_argument("--force", action="store_true", help="ask again for what is fresh, too")
    pack = _command(commands, "pack", "pack_command", "pack", "fetch full texts to read without a network")
    pack.add_argument("query", nargs="*", metavar="QUERY", help="which papers (default: since:7d)")
    pack.add_argument("--limit", type=_count, default=None, metavar="N", help="at most N papers")
    add = _command(commands, "add", "fetch_command", "add", "bring single papers into the library")
    add.add_argument("ids", nargs="+", metavar="ID|URL", help="an arXiv id or a link to arXiv, the Hub or alphaXiv")
    _marking_options(add)


def _marking_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--star", action="store_true", help="star the papers")
    command.add_argument("--tag", action="append", type=_tag, metavar="NAME", help="tag the papers; can be repeated")


def _looking(commands: Any) -> None:
    listing = _command(commands, "list", "look_commands", "list_papers", "list papers, newest first")
    listing.add_argument("query", nargs="*", metavar="QUERY", help="a query, such as: is:unread author:bengio -survey")
    listing.add_argument("--limit", type=_count, default=None, metavar="N", help="at most N papers")
    _forms(listing, "print a JSON array")
    show = _command(commands, "show", "look_commands", "show_paper", "show one paper")
    show.add_argument("id", metavar="ID", help="an arXiv id or a link")
    _forms(show, "print a JSON object")
    cite = _command(commands, "cite", "look_commands", "cite_papers", "print citations")
    cite.add_argument("ids", nargs="+", metavar="ID", help="an arXiv id or a link")
    cite.add_argument(
        "--to", default="bibtex", metavar="FORM", help="bibtex (default), biblatex, ris, apa, mla, ieee, …"
    )
    cite.add_argument("--published", action="store_true", help="cite the published form where one is known")
    cite.add_argument("--complete", action="store_true", help="ask arXiv first for what only it knows, and keep it")
    export = _command(commands, "export", "exchange_commands", "export", "write papers for other programs")
    export.add_argument("query", nargs="*", metavar="QUERY", help="which papers (default: all)")
    export.add_argument("--to", metavar="FORM", help="bibtex, biblatex, ris, csl-json, csv, markdown, json or jsonl")
    export.add_argument("-o", "--output", type=Path, metavar="FILE", help="the file (default: standard output)")
    export.add_argument("--force", action="store_true", help="replace the file if it exists")
    export.add_argument("--keep", action="store_true", help="keep the file in step with stars and tags from now on")
    exports = _command(commands, "exports", "exchange_commands", "exports", "list the files that are kept in step")
    exports.add_argument("--refresh", action="store_true", help="write again what is no longer right")
    exports.add_argument(
        "--force", action="store_true", help="refresh even files that would get worse; FILE~ keeps the old"
    )
    exports.add_argument("--stop", metavar="FILE", help="leave FILE as it is from now on")


def _forms(command: argparse.ArgumentParser, json_help: str) -> None:
    forms = command.add_mutually_exclusive_group()
    forms.add_argument("--plain", action="store_true", help="one fact a line in words, for a screen reader or braille")
    forms.add_argument("--json", action="store_true", help=json_help)
    command.add_argument("--tex", action="store_true", help="leave mathematics as its TeX source")


def _marking(commands: Any) -> None:
    for name, does in MARK_COMMANDS.items():
        command = _command(commands, name, "mark_commands", "mark_papers", does)
        command.add_argument("ids", nargs="+", metavar="ID", help="an arXiv id or a link")
        command.set_defaults(mark=name)
    tag = _command(commands, "tag", "mark_commands", "tag_paper", "put tags on a paper")
    tag.add_argument("id", metavar="ID", help="an arXiv id or a link")
    tag.add_argument("names", nargs="+", metavar="NAME", help="a tag; one that begins with “-” is taken off")


def _keeping(commands: Any) -> None:
    bring = _command(commands, "import", "exchange_commands", "import_papers", "bring in papers from another program")
    bring.add_argument(
        "file", metavar="FILE", help="BibTeX, RIS, CSL-JSON, ids, a mail of arXiv, a saved page; - for stdin"
    )
    bring.add_argument("--offline", action="store_true", help="look nothing up")
    only = "of arXiv's metadata snapshot (FILE.jsonl) only this category, such as cs.CL or 'cs.*'"
    bring.add_argument("--category", action="append", metavar="PATTERN", help=only)
    fields = ("keywords", "groups")
    bring.add_argument("--tags-from", action="append", choices=fields, help="a field whose words become tags")
    _marking_options(bring)
    doctor = _command(commands, "doctor", "store_commands", "doctor", "check every file, and repair what can be")
    doctor.add_argument("--json", action="store_true", help="print a JSON object")
    backup = _command(commands, "backup", "store_commands", "backup", "write all marks to one file")
    backup.add_argument("file", type=Path, metavar="FILE", help="the file to write; an older backup is replaced")
    backup.add_argument("--force", action="store_true", help="replace a file that is no backup; it stays as FILE~")
    restore = _command(commands, "restore", "store_commands", "restore", "merge the marks of a file into the library")
    restore.add_argument("file", type=Path, metavar="FILE", help="a file that backup wrote")
    completion = _command(commands, "completion", "look_commands", "print_completion", "print a completion script")
    completion.add_argument("shell", choices=("bash", "zsh", "tcsh"), help="the shell to print it for")
    keys = _command(commands, "keys", "look_commands", "print_keys", "print the table of keys")
    keys.add_argument("--json", action="store_true", help="print a JSON array")
    config = _command(commands, "config", "look_commands", "print_settings", "print the settings and their defaults")
    config.add_argument("--json", action="store_true", help="print a JSON object")
    paths = _command(commands, "paths", "look_commands", "print_paths", "print where files live")
    paths.add_argument("--json", action="store_true", help="print a JSON object")


def _command(commands: Any, name: str, module: str, function: str, does: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.")
    command.set_defaults(run=_lazily(module, function))
    return command


def _lazily(module: str, function: str) -> Callable[[argparse.Namespace], int]:
    """The function of a commands module, imported when it runs."""

    def run(options: argparse.Namespace) -> int:
        result: int = getattr(import_module(f".{module}", __package__), function)(options)
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


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a day such as 2026-11-20") from None


def _tag(text: str) -> str:
    try:
        return clean_tag(text)
    except InvalidInput as error:
        raise argparse.ArgumentTypeError(str(error)) from None


class _ShowVersion(argparse.Action):
    """Print the version; importlib.metadata is only imported when asked."""

    def __init__(self, **options: Any) -> None:
        super().__init__(nargs=0, **options)

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from importlib.metadata import version

        print(f"paperdeck {version('paperdeck')}")
        parser.exit()
