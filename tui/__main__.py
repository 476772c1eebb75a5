"""`paperdeck`: without a command the reader itself, else one of the commands; each imports only what it needs."""

from __future__ import annotations

import gc
import os
import re
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from types import SimpleNamespace
from typing import Any

from paperdeck.storage.errors import InvalidInput, PaperdeckError

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run paperdeck.

    Args:
        arguments: The words after the program's name; None for those of this process.

    Returns:
        The exit code: 0, 1 when something failed, 2 when it was called wrongly.
    """
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a title in a locale that can't spell it
    try:
        try:
            return _run(arguments)
        finally:
            sys.stdout.flush()  # here, as a broken pipe that shows at Python's exit can't be caught
    except BrokenPipeError:
        # The reader of our output has gone (`| head`): end quietly, and keep Python's exit from trying to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def _run(arguments: Sequence[str] | None) -> int:
    """Run the command that the arguments name, and say in one sentence why it failed."""
    words = sys.argv[1:] if arguments is None else arguments
    options = _parsed(words) if words else _plain_start()
    try:
        return int(options.run(options) or 0)
    except PaperdeckError as error:
        if options.debug:
            raise
        print(f"paperdeck: {error}", file=sys.stderr)
        return EXIT_USAGE if isinstance(error, InvalidInput) else EXIT_FAILED


def _parsed(words: Sequence[str]) -> Any:
    """The options; words of a query may also stand behind an option, as in `list agents --limit 9 -survey`."""
    from paperdeck.tui.cli.parser import build_parser

    parser = build_parser()
    options, rest = parser.parse_known_args(_words(words))
    if rest and ("query" not in options or any(word.startswith("-") for word in rest)):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if rest:
        options.query = [*options.query, *rest]
    return options


def _plain_start() -> Any:
    """What the parser makes of no words at all, without the time that building it takes."""
    gc.disable()  # nothing of what start-up builds is garbage; it is collected once the library is loaded
    from paperdeck.tui.cli.app_command import run_app

    return SimpleNamespace(run=run_app, debug=False, offline=False, ascii=False)


def _words(arguments: Sequence[str]) -> list[str]:
    """The arguments with a blank before words such as `-survey`, which argparse would else take for options."""
    return [f" {word}" if re.fullmatch(r"-[^-].+", word, re.DOTALL) else word for word in arguments]


if __name__ == "__main__":
    sys.exit(main())
