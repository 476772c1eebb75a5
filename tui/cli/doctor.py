"""`doctor`, `backup`, `restore`: maintenance of the library's files."""

from __future__ import annotations

import os
import platform
from argparse import ArgumentParser, Namespace
from importlib.metadata import version
from pathlib import Path

from paperdeck.storage.library.maintenance import Report, check, restore_backup, write_backup
from paperdeck.storage.settings.places import Places, absolute
from paperdeck.storage.text.clean import clean_line
from paperdeck.storage.text.words import count_of

from .command import Command, file_to_write, json_option
from .common import complaints_about, open_library, output_path, print_json, print_row, tell, tell_troubles
from .list import refresh_kept


def doctor(options: Namespace) -> int:
    """Check every file and the settings, and repair what can be repaired; 1 if problems remain."""
    report = check(Places.find(), complaints_about=complaints_about)
    program = describe_program()
    if options.json:
        print_json(report.as_json() | {"program": program})
    else:
        _print(report)
        print(f"program: {', '.join(program)}")
    return 1 if report.left else 0


def describe_program() -> list[str]:
    """The versions, the system and the terminal, for a report of a fault; nothing that names the reader."""
    variables = ("TERM", "COLORTERM", "TERM_PROGRAM")
    terminal = [f"{name}={clean_line(os.environ[name])}" for name in variables if os.environ.get(name)]
    around = [("TMUX", "in tmux"), ("STY", "in screen"), ("SSH_CONNECTION", "over SSH")]
    return [
        f"paperdeck {version('paperdeck')}",
        f"Python {platform.python_version()}",
        f"Textual {version('textual')}",
        f"{platform.system()} {platform.release()} {platform.machine()}",
        *terminal,
        *(words for name, words in around if os.environ.get(name)),
    ]


def _print(report: Report) -> None:
    counts = (
        count_of(report.papers, "paper"),
        count_of(report.marks, "marked paper"),
        count_of(report.days, "day"),
    )
    state = "problems remain" if report.left else report.state
    print(f"{state}: {count_of(report.files, 'file')} checked, {', '.join(counts)}")
    for sentence in report.repaired:
        print_row(f"repaired: {sentence}")
    for sentence in report.left:
        print_row(f"left: {sentence}")


def backup_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", type=file_to_write, metavar="FILE", help="the file to write; an older backup is replaced"
    )
    parser.add_argument(
        "--force", action="store_true", help="replace the file even if it isn't a backup; it is kept as FILE~"
    )


def backup(options: Namespace) -> int:
    """Write all marks to one file; 1 if some could not be read."""
    library = open_library()
    number = write_backup(library, output_path(options.file, library.places), force=options.force)
    code = tell_troubles(library)
    tell(f"The marks of {count_of(number, 'paper')} are in {options.file}.")
    return code


def restore_options(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a file that backup wrote")


def restore(options: Namespace) -> int:
    """Merge the marks of a file into the library; newer ones stay."""
    library = open_library("restore")
    deed = restore_backup(library, absolute(options.file))
    refresh_kept(library)
    tell_troubles(library)
    tell(f"Restored: {deed.changed} changed.")
    return 0


COMMANDS = {
    "doctor": Command(doctor, lambda parser: json_option(parser, "a JSON object"), ("paperdeck doctor",)),
    "backup": Command(backup, backup_options, ("paperdeck backup ~/marks.json",)),
    "restore": Command(restore, restore_options, ("paperdeck restore ~/marks.json",)),
}
