"""`doctor`, `backup`, `restore`: looking after the library's files."""

from __future__ import annotations

from argparse import Namespace

from paperdeck.storage.library import marks_archive as backups
from paperdeck.storage.library.doctor import check
from paperdeck.storage.settings.paths import expanded
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.look.cells import count_of

from .common import open_library, print_json, refresh_kept, tell, tell_troubles


def doctor(options: Namespace) -> int:
    """Check every file, repair what can be repaired; 1 if something is left."""
    report = check(Places.find())
    if options.json:
        print_json(report.as_json())
    else:
        counts = (
            count_of(report.papers, "paper"),
            count_of(report.marks, "marked paper"),
            count_of(report.days, "day"),
        )
        print(f"{report.state}: {count_of(report.files, 'file')}, {', '.join(counts)}")
        for sentence in report.repaired:
            print(f"repaired: {sentence}")
        for sentence in report.left:
            print(f"left: {sentence}")
    return 1 if report.left else 0


def backup(options: Namespace) -> int:
    """Write all marks to one file."""
    library = open_library()
    number = backups.write_backup(library, expanded(options.file).absolute(), force=options.force)
    tell_troubles(library)
    tell(f"The marks of {count_of(number, 'paper')} are in {options.file}.")
    return 0


def restore(options: Namespace) -> int:
    """Merge the marks of a file into the library; newer ones stay."""
    library = open_library()
    step = backups.restore_backup(library, expanded(options.file).absolute())
    refresh_kept(library)
    tell_troubles(library)
    tell(f"Restored: the marks of {count_of(len(step.ids), 'paper')} changed.")
    return 0
