"""A command of the command line, and the options shared by several."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from paperdeck.storage.errors import InvalidInput

_ID = "an arXiv id or a link"


class Command(NamedTuple):
    """One command of `paperdeck`."""

    run: Callable[[argparse.Namespace], int]
    """Runs it with its options and returns the exit code."""
    options: Callable[[argparse.ArgumentParser], None]
    """Adds its options to its parser."""
    examples: tuple[str, ...]
    """Examples at the end of its help."""
    notes: str = ""
    """A sentence or two above the examples."""


def json_option(parser: argparse.ArgumentParser, kind: str) -> None:
    """Add `--json`; `kind` describes the output, such as `a JSON array`."""
    parser.add_argument("--json", action="store_true", help=f"print {kind}")


def id_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help=_ID)


def ids_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ids", nargs="+", metavar="ID", help=_ID)


def limit_option(parser: argparse.ArgumentParser, what: str = "", default: int | None = None) -> None:
    """Add `--limit`; `what` names what is limited, such as ` papers`."""
    about = f"at most N{what}" + (f" (default: {default})" if default else "")
    parser.add_argument("--limit", type=count, default=default, metavar="N", help=about)


def query_argument(parser: argparse.ArgumentParser, default: str) -> None:
    """Add the words of a query; `default` describes the papers without one."""
    parser.add_argument("query", nargs="*", default=[], metavar="QUERY", help=f"which papers (default: {default})")


def file_to_write(text: str) -> Path:
    """The file that an option names.

    Raises:
        argparse.ArgumentTypeError: it names a folder.
    """
    if text.endswith("/"):  # which a path forgets
        raise argparse.ArgumentTypeError(f"“{text}” is a folder; name a file in it")
    return Path(text)


def output_option(parser: argparse.ArgumentParser) -> None:
    about = "write to FILE instead of standard output"
    parser.add_argument("-o", "--output", type=file_to_write, metavar="FILE", help=about)


def output_options(parser: argparse.ArgumentParser) -> None:
    output_option(parser)
    parser.add_argument("--force", action="store_true", help="replace FILE if it exists; the old one stays as FILE~")


def marking_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--star", action="store_true", help="star the papers")
    parser.add_argument("--tag", action="append", type=tag, metavar="NAME", help="tag the papers; can be repeated")


# -- kinds of values -----------------------------------------------------------------------------------------------


def count(text: str) -> int:
    """A whole number above 0."""
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text[:10]) < 10**9:
        raise argparse.ArgumentTypeError(f"“{text[:40]}” is not a whole number from 1 to 999999999")
    return int(text)


def day(text: str) -> date:
    """A day as ISO 8601 writes it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text[:40]}” is not a day such as 2026-11-20") from None


def tag(text: str) -> str:
    from paperdeck.storage.text.clean import clean_tag

    try:
        return clean_tag(text)
    except InvalidInput as error:
        raise argparse.ArgumentTypeError(str(error)) from None
