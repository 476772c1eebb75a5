"""The entry point of `paperdeck`: without a command, the reader opens.

Nothing is imported before `main` runs, so that ctrl+c during imports ends quietly. Until a command runs, ctrl+c ends
the process at once, as an exception, Python's default, would crash extension modules that are being loaded.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run paperdeck, by default with the words of this process.

    Returns:
        The exit code: 0, 1 after a failure, 2 for wrong usage, 130 after ctrl+c.
    """
    try:
        if arguments is None:
            import signal

            sys.unraisablehook = _report_unraisable
            if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
                signal.signal(signal.SIGINT, signal.SIG_DFL)
        from paperdeck.tui.cli.process import run_guarded

        return run_guarded(_run, arguments)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def _report_unraisable(found: sys.UnraisableHookArgs) -> None:
    """Interrupt again if ctrl+c came in a place that can't raise, where Python would print a traceback and continue."""
    if issubclass(found.exc_type, KeyboardInterrupt):
        import _thread

        _thread.interrupt_main()
    else:
        sys.__unraisablehook__(found)


def _run(words: Sequence[str]) -> int:
    """Run the command given by the arguments; if it fails, print the reason in one sentence."""
    from paperdeck.storage.errors import InvalidInput, PaperdeckError

    options = _options(words)
    _allow_interrupts()
    try:
        if options.log:
            from paperdeck.tui.cli.process import start_log

            start_log(options.log, words)
        return int(options.run(options) or 0)
    except PaperdeckError as error:
        if options.debug:
            raise
        if options.log:
            import logging

            logging.getLogger("paperdeck").info("failed", exc_info=True)
        from paperdeck.tui.cli.common import tell, warn

        first, *lines = _words(error)
        warn(first)
        for line in lines:
            tell(line)
        return EXIT_USAGE if isinstance(error, InvalidInput) else EXIT_FAILED


def _allow_interrupts() -> None:
    """Make ctrl+c raise KeyboardInterrupt from now on, so that a command can clean up."""
    import signal

    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _words(error: Exception) -> list[str]:
    """The message of an error in one line, and lines to copy from below it."""
    from paperdeck.storage.errors import FileInTheWay, SettingsNeeded

    if isinstance(error, SettingsNeeded):
        return [error.sentence, *error.lines.splitlines()]
    return [f"{str(error).removesuffix('.')} or add --force." if isinstance(error, FileInTheWay) else str(error)]


def _options(words: Sequence[str]) -> Namespace:
    """What the parser makes of the arguments; without any, the same without the cost of building it."""
    if words:
        from paperdeck.tui.cli.parser import parse

        return parse(words)
    import gc
    from types import SimpleNamespace

    gc.disable()  # startup creates no garbage; the first collection runs once the library is loaded
    from paperdeck.tui.cli.app import run_app

    return SimpleNamespace(run=run_app, debug=False, log=None, offline=False, ascii=False)  # type: ignore[return-value]


if __name__ == "__main__":
    sys.exit(main())
